//SOURCES House.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
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

    @Test
    void an_alias_runs_from_any_folder_with_its_streams_and_arguments() throws Exception {
        String token = "eyJhbGciOiJub25lIn0.eyJhIGIiOiLDvCJ9.";
        assertEquals("ü\n", run(token, KIT, "decodejwt", "-s", "--claim", "[\"a b\"]"));
    }

    @ParameterizedTest
    @CsvSource({"--no-auth,true", "--download=out,false", "--download out,false", "--accept application/zip,false"})
    void a_download_has_the_fast_compiler(String options, boolean isQuick) throws Exception {
        String flags = "JDK_JAVA_OPTIONS=-XX:+PrintCommandLineFlags -XX:+DisplayVMOutputToStderr";
        List<String> command = new ArrayList<>(List.of("env", flags, KIT, "arcget", "--version"));
        command.addAll(List.of(options.split(" ")));
        run("", command.toArray(new String[0]));
        // The first ones are those of JBang itself.
        String last = House.text(folder.resolve("err"))
                .lines()
                .filter(line -> line.startsWith("-XX:"))
                .toList()
                .getLast();
        assertTrue(last.contains("-XX:+UseSerialGC "), last);
        assertEquals(isQuick, last.contains("-XX:TieredStopAtLevel=1 "), last);
    }

    @Test
    void a_script_runs_by_itself() throws Exception {
        // HouseTest checks that the other scripts have the same first line.
        String script = House.file("scripts/decodejwt.java").toString();
        assertTrue(run("", script, "--version").startsWith("decodejwt "));
    }
}
