//SOURCES ../lib/json/Json.java House.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import lib.json.Json;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which JBang runs the tools: from a catalog far away, from any folder, and as scripts by themselves. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CatalogTest {
    private static final String KIT = House.file("jbang").toString();

    /** JBang's folder; one for all tests, so that each tool is built once. */
    @TempDir
    static Path jbang;

    @TempDir
    Path folder;

    /**
     * Runs a command with a JBang of these tests, and returns its standard output; standard error is shown if it fails.
     */
    private String run(String input, String... command) throws IOException, InterruptedException {
        File in = Files.writeString(folder.resolve("in"), input).toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in)
                .redirectError(err);
        builder.environment().put("JBANG_DIR", jbang.toString());
        builder.environment().put("PATH", House.file("") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> Arrays.toString(command) + House.text(err.toPath()));
        return out;
    }

    /** A remote catalog has no other files than those that the directives name; InstallTest runs from one. */
    @ParameterizedTest
    @ValueSource(strings = {"gettoken", "decodejwt", "arcget", "regclient", "install"})
    void a_tool_compiles_from_the_sources_that_it_names(String tool) {
        Set<Path> sources = new LinkedHashSet<>();
        addSources(House.file("scripts/" + tool + ".java"), sources);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        String libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .skip(1) // the kit itself
                .collect(Collectors.joining(File.pathSeparator));
        // No class files are wanted, so it stops before it would write them.
        List<String> options =
                List.of("-proc:none", "-XDshould-stop.ifNoError=FLOW", "-sourcepath", "", "-cp", libraries);
        StringWriter said = new StringWriter();
        boolean compiles = compiler.getTask(
                        said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                .call();
        assertTrue(compiles, said::toString);
    }

    private static void addSources(Path source, Set<Path> sources) {
        if (!sources.add(source)) {
            return;
        }
        for (String line : House.text(source).split("\n")) {
            if (line.startsWith("//SOURCES ")) {
                for (String name : line.substring("//SOURCES ".length()).split(" ")) {
                    addSources(source.resolveSibling(name).normalize(), sources);
                }
            }
        }
    }

    /** Runs decodejwt with JBang, and returns the flags of its JVM: the first ones are those of JBang itself. */
    private String flags(String... arguments) throws Exception {
        String printed = "JDK_JAVA_OPTIONS=-XX:+PrintCommandLineFlags -XX:+DisplayVMOutputToStderr";
        List<String> command = new ArrayList<>(List.of("env", printed, KIT));
        command.addAll(List.of(arguments));
        command.addAll(List.of("decodejwt", "-s", "--claim", "[\"a b\"]"));
        String token = "eyJhbGciOiJub25lIn0.eyJhIGIiOiLDvCJ9.";
        assertEquals("ü\n", run(token, command.toArray(new String[0])));
        String last = House.text(folder.resolve("err"))
                .lines()
                .filter(line -> line.startsWith("-XX:"))
                .toList()
                .getLast();
        assertTrue(last.contains("-XX:+UseSerialGC "), last);
        return last;
    }

    @Test
    void an_alias_runs_from_any_folder_with_its_streams_arguments_and_flags() throws Exception {
        String flags = flags();
        assertTrue(flags.contains("-XX:TieredStopAtLevel=1 "), flags);
    }

    /** Runs the wrapper with a JDK whose {@code java} tells it to print what JBang was asked for. */
    private String asked(String... arguments) throws Exception {
        String script = """
                mkdir -p jdk/bin && cd jdk && echo 'JAVA_VERSION="25"' >release
                cat >bin/java <<'END'
                #!/bin/sh
                case $* in *plexus*) exec "$REAL/bin/java" "$@" ;; esac # Maven, which fetches JBang
                echo echo "$@"
                exit 255
                END
                chmod +x bin/java && cp bin/java bin/javac
                JAVA_HOME=$PWD exec "$0" "$@"
                """;
        String real = "REAL=" + System.getProperty("java.home");
        List<String> command = new ArrayList<>(List.of("env", real, "sh", "-c", script, KIT));
        command.addAll(List.of(arguments));
        return run("", command.toArray(new String[0]));
    }

    @ParameterizedTest
    @CsvSource({"--no-auth,true", "--download=out,false", "--download out,false", "--accept application/zip,false"})
    void a_download_has_the_fast_compiler(String options, boolean isQuick) throws Exception {
        String asked = asked(("arcget " + options).split(" "));
        String compiler = isQuick ? "" : "-R-XX:TieredStopAtLevel=4 ";
        assertTrue(asked.contains(".jar run " + compiler + "--catalog "), asked);
        assertTrue(asked.endsWith(" arcget " + options + "\n"), asked);
    }

    @Test
    void a_compiler_that_jbang_is_asked_for_replaces_that_of_the_tool() throws Exception {
        String catalog = House.file("jbang-catalog.json").toString();
        String flags = flags("run", "-R-XX:TieredStopAtLevel=4", "--catalog", catalog);
        assertTrue(flags.contains("-XX:TieredStopAtLevel=4 "), flags);
        assertFalse(flags.contains("-XX:TieredStopAtLevel=1 "), flags);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "help"})
    void jbang_lists_the_commands_of_the_catalog(String typed) throws Exception {
        String list = run("", "sh", "-c", "\"$0\" " + typed, KIT);
        Map<String, Object> catalog = Json.object(House.text(House.file("jbang-catalog.json")));
        for (Map.Entry<String, Object> alias :
                Json.asObject(catalog.get("aliases")).entrySet()) {
            String description = (String) Json.asObject(alias.getValue()).get("description");
            assertTrue(list.matches("(?s).*\n" + alias.getKey() + " +\\Q" + description + "\\E\n.*"), list);
        }
        assertTrue(list.startsWith("usage: ./jbang COMMAND "), list);
    }

    /** What the wrapper says when it refuses, run with {@code command} behind it. */
    private ToolRun refusal(String... command) throws Exception {
        ToolRun run = ToolProcess.finish(new ProcessBuilder(command).start());
        assertEquals("", run.out());
        assertEquals(1, run.exit(), run::err);
        return run;
    }

    @ParameterizedTest
    @CsvSource({"gettokn,gettoken", "decodewjt,decodejwt", "tset,test", "demos,demo", "instal,install", "arget,arcget"})
    void a_misspelt_command_gets_the_nearest(String typed, String meant) throws Exception {
        ToolRun run = refusal(KIT, typed, "--help");
        assertEquals(
                "jbang: there is no command " + typed + "\njbang: hint: did you mean ./jbang " + meant + "?\n",
                run.err());
    }

    @Test
    void an_empty_environment_is_told_what_it_lacks() throws Exception {
        ToolRun run = refusal("env", "-i", KIT, "gettoken");
        assertTrue(run.err().startsWith("jbang: HOME is not set\njbang: hint: "), run.err());
    }

    @Test
    void a_limit_of_open_files_is_told_before_a_jvm_fails_by_it() throws Exception {
        ToolRun run = refusal("sh", "-c", "ulimit -n 16; exec \"$0\" gettoken --version", KIT);
        assertEquals(
                "jbang: only 16 files may be open at a time (ulimit -n)\njbang: hint: raise it: ulimit -n 1024\n",
                run.err());
    }

    @Test
    void without_any_jdk_25_two_lines_tell_the_cure() throws Exception {
        Path old = Path.of("/usr/lib/jvm/java-17-openjdk-amd64");
        assumeTrue(Files.isDirectory(old) && Files.isWritable(Path.of("/root")), "needs root and a JDK 17");
        asked("version"); // puts JBang into its cache
        // With the other JDKs out of sight, and without a network.
        String hidden = """
                mkdir "$JBANG_DIR" "$JBANG_DIR/cache" && cp "$BUILT"/cache/jbang-*.jar "$JBANG_DIR/cache"
                for home in /usr/lib/jvm/*; do
                    [ "$home" -ef "$OLD" ] || [ -L "$home" ] || ! [ -d "$home" ] || mount --bind "$JBANG_DIR" "$home"
                done
                unset JAVA_HOME
                PATH="$OLD/bin:/usr/bin:/bin" exec "$0" decodejwt
                """;
        ProcessBuilder builder = new ProcessBuilder("unshare", "-m", "-n", "sh", "-c", hidden, KIT);
        builder.environment().put("OLD", old.toString());
        builder.environment().put("BUILT", jbang.toString());
        builder.environment().put("JBANG_DIR", folder.resolve("jbang").toString());
        builder.environment().put("HOME", folder.toString());
        ToolRun run = ToolProcess.finish(builder.start());
        assertEquals("""
                jbang: fetching JDK 25
                jbang: no JDK 25 found or fetched
                jbang: hint: install one, or name its folder in JAVA_HOME
                """, run.err());
        assertEquals(1, run.exit());
    }

    @Test
    void a_script_runs_by_itself() throws Exception {
        // HouseTest checks that the other scripts have the same first line.
        String script = House.file("scripts/decodejwt.java").toString();
        assertTrue(run("", script, "--version").startsWith("decodejwt "));
    }
}
