//SOURCES ../lib/base/Exit.java ../lib/base/Messages.java ../lib/cli/Tool.java ../lib/launch/Installation.java
//SOURCES ../lib/launch/Release.java ../lib/sandbox/Shell.java ../scripts/install.java ../scripts/sandbox.java
//SOURCES House.java InstalledKit.java Permissions.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.base.Messages;
import lib.cli.Tool;
import lib.launch.Installation;
import lib.launch.Release;
import lib.sandbox.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code jbang install} writes, and that the commands work whatever happens to it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InstallTest {
    private static final Path JAVA = InstalledKit.JAVA;

    private static Path prefix;

    @RegisterExtension
    static final TestSandbox servers = new TestSandbox();

    private static Shell shell;

    @TempDir
    Path folder;

    @BeforeAll
    static void install() throws Exception {
        prefix = InstalledKit.PREFIX;
        shell = new Shell(servers, List.of(), "", JAVA);
        ToolRun run = InstalledKit.INSTALLED;
        List<String> commands = new ArrayList<>();
        for (Tool tool : sandbox.TOOLS) {
            commands.add(prefix.resolve("bin").resolve(tool.name) + "\n");
        }
        commands.add(prefix.resolve("bin/arcshell") + "\n");
        assertEquals(String.join("", commands), run.out());
        assertTrue(run.err().contains("warning: " + prefix.resolve("bin") + " is not on the PATH"), run::err);
        String line = run.err().replaceFirst("(?s).*(export PATH=[^\n]*).*", "$1");
        ToolRun pasted = ToolProcess.run(List.of("sh", "-c", line + "; echo \"${PATH%%:*}\""), Map.of());
        assertEquals(prefix.resolve("bin") + "\n", pasted.succeeds());
        String next = "install: next: regclient --keycloak https://docker-host:8843 --admin-user root"
                + " --url https://docker-host:8443/dcm4chee-arc --save-profile default\n"
                + "install: next: gettoken | arcget studies/count\n";
        assertTrue(run.err().endsWith(next), run::err);
        assertEquals(Set.of(), listing(InstalledKit.HOME), "the home folder is left alone");
    }

    @AfterAll
    static void stop() {
        shell.close();
    }

    /** Runs the class {@code type} as a process of its own. */
    private static Process java(String classPath, String type, Object... arguments) throws IOException {
        Process process = ToolProcess.builder(
                        ToolProcess.command(classPath, type, List.of(), arguments), Map.of("HOME", InstalledKit.HOME))
                .start();
        process.getOutputStream().close();
        return process;
    }

    /** That of the installed kit. */
    private static String classPath() {
        Path release = release(prefix);
        StringBuilder classPath = new StringBuilder().append(release.resolve("kit.jar"));
        for (String file : listing(release)) {
            // The other one of two is made again from the original.
            if (file.endsWith(".jar") && !file.equals("kit.jar") && !file.startsWith("modern-")) {
                classPath.append(':').append(release.resolve(file));
            }
        }
        return classPath.toString();
    }

    /**
     * What {@code install} does, without the runs for the caches: they take longest, and the tests have one of them.
     */
    static final class Untrained {
        public static void main(String... arguments) throws IOException {
            install(Path.of(arguments[0]), arguments[1], System.err);
        }

        static void install(Path prefix, String classPath, OutputStream err) throws IOException {
            Messages messages = new Messages("install", err, false, false);
            try (Installation installation = Installation.in(prefix, List.of("gettoken"), messages)) {
                Release release = Release.create(installation.newRelease(), classPath, "arcshell.jsh");
                installation.replace(install.files(release));
            }
        }
    }

    /** Installs without caches in this process; only tests of the lock need another one. */
    private static void installUntrained(Path where) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Untrained.install(where, classPath(), said);
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    private static Process untrained(Path where) throws IOException {
        String tests = System.getProperty("java.class.path");
        return java(classPath() + ":" + tests, Untrained.class.getName(), where, classPath());
    }

    /** Runs a command line of the shell in which the commands of {@code where} are on the PATH. */
    private static ToolRun sh(Path where, String commandLine, String... environment) throws Exception {
        Process process =
                InstalledKit.shell(where, shell, commandLine, environment).start();
        process.getOutputStream().close();
        return ToolProcess.finish(process);
    }

    /** A copy of the prefix, whose libraries and caches are linked: a test replaces one of them and never edits it. */
    private Path copy() throws Exception {
        Path copy = folder.resolve("copy");
        String script = "cp -Rpl \"$0\" \"$1\" && rm -r \"$1/bin\" && cp -Rp \"$0/bin\" \"$1\"";
        ToolProcess.run(List.of("sh", "-c", script, prefix.toString(), copy.toString()), Map.of())
                .succeeds();
        return copy;
    }

    /** Checks that decodejwt works: it needs no server, and without a cache a handshake takes half a second. */
    private static ToolRun assertDecodes(Path where, String... environment) throws Exception {
        ToolRun run = sh(where, "echo eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln | decodejwt --claim a", environment);
        assertEquals("b\n", run.out(), run::toString);
        assertEquals(0, run.exit(), run::toString);
        return run;
    }

    private static Set<String> listing(Path folder) {
        try (var files = Files.walk(folder)) {
            Set<String> names = new TreeSet<>();
            files.filter(file -> !file.equals(folder))
                    .forEach(file -> names.add(folder.relativize(file).toString()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The release that the commands lead to. */
    private static Path release(Path where) {
        String[] lines = House.text(where.resolve("bin/decodejwt")).split("\n");
        for (String line : lines) {
            if (line.startsWith("release=")) {
                return where.resolve("share/arc-scripts").resolve(line.substring("release=".length()));
            }
        }
        throw new AssertionError("no release in " + where);
    }

    private static List<Path> releases(Path where) throws IOException {
        try (var files = Files.list(where.resolve("share/arc-scripts"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Permissions.set(file, "rwxr-xr-x");
    }

    @Test
    void the_commands_do_what_the_recipe_says() throws Exception {
        assertEquals(
                "{\"count\":4}\n",
                sh(prefix, "gettoken | arcget -s studies/count").succeeds());
        String token = "eyJhbGciOiJSUzI1NiJ9.eyLDvCI6Ik3DvGxsZXIgw7wifQ.c2ln";
        ToolRun inTheLocaleC = sh(prefix, "echo $T | decodejwt --claim '[\"ü\"]'", "LC_ALL", "C", "T", token);
        assertEquals("Müller ü\n", inTheLocaleC.succeeds());
        assertEquals(6, sh(prefix, "echo x | decodejwt").exit());
        String rare = "gettoken | arcget series --limit 1 -f csv --columns PatientTelephoneNumbers,Modality";
        assertEquals("PatientTelephoneNumbers,Modality\n,CT\n", sh(prefix, rare).succeeds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gettoken", "decodejwt <token", "arcget --token-file token studies/count"})
    void a_command_has_its_classes_from_its_cache(String commandLine) throws Exception {
        Files.writeString(folder.resolve("token"), servers.token());
        Path log = folder.resolve("log");
        ToolRun run =
                sh(prefix, "cd '" + folder + "'; " + commandLine, "_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
        assertEquals(0, run.exit(), run::toString);
        List<String> loaded = House.text(log).lines().toList();
        assertTrue(loaded.stream().anyMatch(entry -> entry.endsWith(" lib.cli.Cli source: shared objects file")));
        List<String> others = new ArrayList<>(loaded);
        // The JVM keeps those of events for JFR in no cache.
        others.removeIf(entry -> !entry.matches(".* source: (file|jrt):.*") || entry.contains(" jdk.internal.event."));
        assertEquals(List.of(), others);
    }

    @Test
    void a_download_has_the_fast_compiler_and_a_heap_that_has_an_end() throws Exception {
        ToolRun run = sh(
                prefix,
                "arcget --download out; arcget --version; arcget --accept application/zip --version",
                "_JAVA_OPTIONS",
                "-XX:+PrintFlagsFinal -XX:-DisplayVMOutputToStderr");
        List<String> flags = run.out()
                .lines()
                .filter(line -> line.contains(" MaxHeapSize ") || line.contains(" TieredStopAtLevel "))
                .map(line -> line.strip().split(" +")[3])
                .toList();
        assertEquals(List.of("268435456", "4"), flags.subList(0, 2), run::toString);
        assertEquals("1", flags.get(3), run::toString);
        assertEquals(List.of("268435456", "4"), flags.subList(4, 6), run::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rm \"$R\"/*.aot",
                "for f in \"$R\"/*.aot; do rm $f; echo x >$f; done",
                "for f in \"$R\"/*.aot; do head -c 1000000 $f >$f.cut; mv $f.cut $f; done",
                "for f in \"$R\"/*.jar; do cp $f $f.new; touch -t 200001010000 $f.new; mv $f.new $f; done"
            })
    void a_cache_that_is_no_good_is_not_noticed(String harm) throws Exception {
        Path copy = copy();
        assertEquals("", sh(copy, harm, "R", release(copy).toString()).succeeds());
        assertEquals("", assertDecodes(copy).err());
    }

    @Test
    void the_prefix_may_move_and_be_linked_to() throws Exception {
        Path copy = copy();
        Path moved = Files.move(copy, folder.resolve("moved"));
        assertTrue(sh(moved, "gettoken -V").succeeds().startsWith("gettoken "));
        Path link = Files.createSymbolicLink(folder.resolve("linked"), moved.resolve("bin/gettoken"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("bin"), moved.resolve("bin"));
        for (String command : List.of(
                link.toString(),
                elsewhere + "/bin/gettoken",
                "bin/gettoken",
                "./bin/gettoken",
                "cd bin; ./gettoken",
                "cd bin; sh gettoken",
                "cd share; ../bin/gettoken")) {
            assertTrue(
                    sh(prefix, "cd '" + moved + "'; " + command + " -V")
                            .succeeds()
                            .startsWith("gettoken "),
                    command);
        }
    }

    @Test
    void nothing_in_the_current_folder_is_run() throws Exception {
        Path planted = Files.createDirectories(folder.resolve("share/arc-scripts"));
        Path release = Files.createDirectory(planted.resolve(release(prefix).getFileName()));
        Files.writeString(release.resolve("kit.jar"), "hostile");
        Path here = Files.createDirectory(folder.resolve("here"));
        String version = sh(prefix, "cd '" + here + "'; bash gettoken -V").succeeds();
        assertTrue(version.startsWith("gettoken "), version);
    }

    @Test
    void what_is_missing_is_said() throws Exception {
        Path copy = copy();
        sh(copy, "rm -r \"$R\"", "R", release(copy).toString()).succeeds();
        sh(copy, "gettoken -V").fails(Exit.FAILED, "gettoken: its files are gone: " + copy, "install the kit again");
    }

    /** A copy whose launchers know no JDK but those in places that a person can change. */
    private Path withoutJava() throws Exception {
        Path copy = copy();
        for (Tool tool : sandbox.TOOLS) {
            Path launcher = copy.resolve("bin").resolve(tool.name);
            write(
                    launcher,
                    House.text(launcher).replace("'" + JAVA + "'", "/nowhere").replace("/usr/lib/jvm", "/nowhere"));
        }
        return copy;
    }

    private Path jdk(String name, int version) throws IOException {
        Path jdk = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
        // Compact headers are what no cache of ours was made with.
        write(
                jdk.resolve("bin/java"),
                "#!/bin/sh\necho used " + name + " >&2\nexec '" + JAVA
                        + "/bin/java' -XX:+UseCompactObjectHeaders \"$@\"\n");
        return jdk;
    }

    @Test
    void another_java_is_found_and_does_as_well() throws Exception {
        Path copy = withoutJava();
        String old = jdk("old", 17).toString();
        String right = jdk("right", 25).toString();
        String newer = jdk("newer", 26).toString();
        String[][] places = {
            {"JAVA_HOME", right, "PATH", "/bin"},
            {"JAVA_HOME", old, "PATH", newer + "/bin:/bin"},
            {"JAVA_HOME", "", "PATH", old + "/bin:/bin", "JBANG_DIR", folder.toString()}
        };
        Files.createDirectories(folder.resolve("cache/jdks"));
        Files.createSymbolicLink(folder.resolve("cache/jdks/25"), Path.of(right));
        for (String[] place : places) {
            ToolRun run = assertDecodes(copy, place);
            assertTrue(run.err().equals("used right\n") || run.err().equals("used newer\n"), run::toString);
        }
    }

    @Test
    void without_a_java_it_says_which_one_to_install() throws Exception {
        String old = jdk("old", 24).toString();
        sh(withoutJava(), "gettoken -V", "PATH", old + "/bin:/bin", "JAVA_HOME", old)
                .fails(
                        Exit.FAILED,
                        "gettoken: no Java 25 or later found",
                        "install JDK 25, or name its folder in JAVA_HOME");
    }

    /**
     * What an installed command must not load, as it needs nothing of it. Without an AOT cache, since everything that
     * is in there would count as loaded, at hardly any cost.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "run gettoken --help                                               | http jwt arc launch sandbox",
                "run decodejwt --help token.json '--claim azp token.json'          | http oidc arc launch sandbox",
                "run arcget --help                                                 | http launch sandbox",
                "ARC_KEYCLOAK=$HTTP; run gettoken '-f json'                        | jwt arc launch sandbox tls",
                // The second token comes from the cache that the first run has filled.
                "ARC_NO_CACHE=; run gettoken '-f json' '-f token'                  | jwt arc launch sandbox",
                "run arcget \"$T studies\" \"$T -f table -q StudyDate=20240115 studies\" | launch sandbox dictionary"
            })
    void a_command_loads_only_the_rooms_that_it_needs(String commandLine, String rooms) throws Exception {
        Files.writeString(folder.resolve("token.json"), servers.token());
        String run = """
                cd "$FOLDER"; export XDG_CACHE_HOME=$PWD; T='--token-file token.json'
                run() {
                    "$JAVA/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:class+load:file=log \\
                        -cp "$CLASSES" 'lib.cli.Interactive$Repeated' "$@"
                }
                """;
        String http = servers.keycloak().toString();
        String[] settings = {"FOLDER", folder + "", "JAVA", JAVA + "", "CLASSES", classPath(), "HTTP", http};
        sh(prefix, run + commandLine, settings).succeeds();
        Path log = folder.resolve("log");
        List<String> unneeded = new ArrayList<>(List.of("com.nimbusds."));
        for (String room : rooms.split(" ")) {
            switch (room) {
                case "http" -> unneeded.addAll(List.of("lib.http.", "java.net.http.", "sun.security.ssl."));
                case "tls" -> unneeded.add("sun.security.ssl.");
                case "dictionary" -> unneeded.add("lib.base.Dictionary$Others");
                default -> unneeded.add("lib." + room + ".");
            }
        }
        List<String> loaded = loaded(log);
        assertTrue(loaded.contains("lib.cli.Cli"), "the log of loaded classes is no such log");
        loaded.removeIf(type -> unneeded.stream().noneMatch(type::startsWith));
        assertEquals(List.of(), loaded);
    }

    private static List<String> loaded(Path log) {
        List<String> loaded = new ArrayList<>();
        for (String line : House.text(log).split("\n")) {
            int source = line.indexOf(" source: ");
            if (source > 0) {
                loaded.add(line.substring(line.lastIndexOf(' ', source - 1) + 1, source));
            }
        }
        return loaded;
    }

    @Test
    void shells_find_the_completions() throws Exception {
        Path script = prefix.resolve("share/bash-completion/completions/gettoken");
        String source = "bash -c '. \"$0\"; complete -p gettoken' '" + script + "'";
        assertEquals(
                "complete -F _complete_gettoken gettoken\n", sh(prefix, source).succeeds());
        assertTrue(
                House.text(prefix.resolve("share/zsh/site-functions/_gettoken")).startsWith("#compdef gettoken\n"));
    }

    @Test
    void a_limit_of_open_files_is_told_before_the_jvm_fails_by_it() throws Exception {
        sh(prefix, "ulimit -n 16; gettoken --version")
                .fails(Exit.FAILED, "gettoken: only 16 files may be open at a time (ulimit -n)", "ulimit -n 1024");
        assertTrue(sh(prefix, "ulimit -S -n 16; gettoken --version").succeeds().startsWith("gettoken "));
    }

    @Test
    void man_finds_the_pages_beside_the_commands() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "no man");
        String page = sh(prefix, "PATH=\"$PWD/bin:$PATH\" MANWIDTH=80 man arcget | cat")
                .succeeds();
        assertTrue(page.replaceAll(".\b", "").contains("monitor/export"), page);
    }

    @Test
    void arcshell_has_the_tools_at_hand() throws Exception {
        String lines = """
                token().startsWith("eyJ")
                jwt("Bearer " + token()).get("azp")
                get("studies/count")
                List<Map<String, Object>> studies = get("studies?limit=2")
                studies.size()
                table("studies?includefield=PatientID&limit=1")
                get("nothing/here")
                """;
        Files.writeString(folder.resolve("lines"), lines);
        Path conf = Permissions.set(Files.createDirectory(folder.resolve("conf")), "rwx------");
        Files.writeString(
                conf.resolve("here.conf"),
                "keycloak = " + servers.keycloakHttps() + "\nclient-secret-file = "
                        + shell.folder().resolve("curl.secret") + "\n");
        ToolRun run = sh(
                prefix,
                "unset ARC_KEYCLOAK; arcshell -p here <'" + folder.resolve("lines") + "'",
                "ARC_CONFIG_HOME",
                conf.toString());
        assertEquals(0, run.exit(), run::toString);
        for (String shown : List.of(
                "$1 ==> true",
                "$2 ==> \"curl\"",
                "==> {count=4}",
                "==> 2",
                "PatientID",
                "PAT-0003",
                "(404)\narcget: hint: ")) {
            assertTrue(run.out().contains(shown), run::toString);
        }
        assertEquals(2, sh(prefix, "arcshell -p").exit());
        sh(prefix, "arcshell -p nosuch", "ARC_CONFIG_HOME", conf.toString())
                .fails(Exit.USAGE, "no profile nosuch: there is no " + conf.resolve("nosuch.conf"), "ls " + conf);
        assertTrue(sh(prefix, "arcshell --help").succeeds().contains("table(path)"));
    }

    @Test
    void the_release_before_stays_without_its_caches() throws Exception {
        Path copy = copy();
        Path before = release(copy);
        installUntrained(copy);
        // For a command that was just about to use it.
        assertEquals(Set.of(before, release(copy)), Set.copyOf(releases(copy)));
        assertTrue(Files.exists(before.resolve("kit.jar")));
        assertFalse(Files.exists(before.resolve("gettoken.aot")));
    }

    @Test
    void two_can_install_at_once_while_the_commands_are_in_use() throws Exception {
        Path copy = copy();
        Process first = untrained(copy);
        Process second = untrained(copy);
        while (!first.waitFor(200, TimeUnit.MILLISECONDS) || second.isAlive()) {
            assertTrue(sh(copy, "gettoken -V").succeeds().startsWith("gettoken "));
        }
        for (Process run : List.of(first, second)) {
            ToolRun end = ToolProcess.finish(run);
            assertEquals(0, end.exit(), end::toString);
            assertTrue(end.err().isEmpty() || end.err().startsWith("install: waiting for another install"), end::err);
        }
        assertEquals(2, releases(copy).size());
        assertEquals("", assertDecodes(copy).err());
        uninstall(copy).succeeds();
        assertFalse(Files.exists(copy), () -> listing(copy).toString());
    }

    private static ToolRun uninstall(Path where) {
        return ToolRun.of(new install()).run("--uninstall", "--prefix", where);
    }

    @Test
    void what_is_removed_is_what_was_written() throws Exception {
        Path copy = copy();
        Files.writeString(copy.resolve("bin/mine"), "x");
        Files.writeString(copy.resolve("bin/arcget"), "x");
        Files.delete(copy.resolve("bin/gettoken"));
        assertEquals(new ToolRun(0, "", ""), uninstall(copy));
        assertEquals(Set.of("bin", "bin/mine", "bin/arcget"), listing(copy));
        assertEquals(new ToolRun(0, "", "install: nothing is installed below " + copy + "\n"), uninstall(copy));
    }

    @Test
    void the_rest_of_a_killed_install_is_removed_by_the_next() throws Exception {
        Path copy = copy();
        Path killed = Files.createDirectories(copy.resolve("share/arc-scripts/release-x/home"));
        Path before = release(copy);
        installUntrained(copy);
        assertEquals(Set.of(before, release(copy)), Set.copyOf(releases(copy)));
        assertFalse(Files.exists(killed));
    }

    @Test
    void where_nothing_is_installed_nothing_is_removed() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        ToolRun run = uninstall(folder);
        assertEquals(new ToolRun(0, "", "install: nothing is installed below " + folder + "\n"), run);
        assertEquals(Set.of("bin"), listing(bin.getParent()));
    }

    @Test
    void an_install_that_fails_leaves_nothing() throws Exception {
        Path prefix = folder.resolve("new");
        assertThrows(
                NoSuchFileException.class,
                () -> Untrained.install(prefix, "/nowhere.jar", OutputStream.nullOutputStream()));
        assertEquals(Set.of(), listing(folder));
    }

    @Test
    void a_full_disk_is_said_and_leaves_nothing() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/root")), "only root can make a small disk");
        String small = "mount -t tmpfs -o size=2m small \"$0\" && \"$@\"; code=$?; ls -A \"$0\"; exit $code";
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", small, folder.toString()));
        command.addAll(List.of(JAVA + "/bin/java", "-cp", classPath(), "install", "--prefix", folder.toString()));
        ToolProcess.run(command, Map.of("HOME", InstalledKit.HOME))
                .fails(Exit.FAILED, "cannot write below " + folder + ": ", "the disk is full: see df -h " + folder);
    }

    @Test
    void a_command_of_somebody_else_is_left_alone() throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("bin/arcget"), "x");
        ToolProcess.finish(java(classPath(), "install", "--prefix", folder))
                .fails(Exit.USAGE, folder + "/bin/arcget is there already", "move it away");
        assertEquals(Set.of("bin", "bin/arcget"), listing(folder));
    }

    @Test
    void the_lock_is_ours_alone_and_a_wait_for_it_is_said() throws Exception {
        Path copy = copy();
        Path file = copy.resolve("share/arc-scripts/lock");
        assertEquals("rw-------", Permissions.of(file));
        Process waiting;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.lock();
            waiting = untrained(copy);
            assertEquals(
                    "install: waiting for another install below " + copy + ", which has locked " + file,
                    waiting.errorReader().readLine());
        }
        assertEquals(0, waiting.waitFor());
    }

    /** Neither installs nor uninstalls below {@code home}, and says why. */
    private static void assertNeitherWay(Path home, String why) {
        for (List<Object> arguments : List.<List<Object>>of(List.of(), List.of("--uninstall"))) {
            ToolRun.of(new install())
                    .with("--prefix", home)
                    .run(arguments.toArray())
                    .fails(Exit.USAGE, why, "--prefix DIR");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"share", "share/zsh", "share/zsh/site-functions", "share/arc-scripts", "share/man", "bin"})
    void nothing_is_written_or_removed_through_a_link_or_in_a_folder_of_somebody_else(String place) throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path home = Files.createDirectory(folder.resolve("home"));
        Path way = home.resolve(place);
        Files.createDirectories(way.getParent());
        Files.createSymbolicLink(way, elsewhere);
        Files.createDirectories(home.resolve("share/arc-scripts"));
        assertNeitherWay(home, way + " is a link, which is not followed");
        Files.delete(way);
        Files.createDirectories(way);
        assumeTrue(Files.getAttribute(way, "unix:uid").equals(0), "only root can give a folder away");
        Files.setAttribute(way, "unix:uid", 12_345);
        Files.createDirectories(home.resolve("share/arc-scripts"));
        assertNeitherWay(home, way + " belongs to somebody else");
        Files.setAttribute(way, "unix:uid", 0);
        Files.setAttribute(home, "unix:uid", 12_345);
        ToolRun.of(new install()).run("--prefix", home).fails(Exit.USAGE, home + " belongs to somebody", "--prefix");
    }

    @Test
    void a_prefix_that_cannot_be_used_is_said() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        ToolRun.of(new install()).run("--prefix", file).fails(Exit.FAILED, "cannot write below " + file, "--prefix");
        ToolRun.of(new install()).run("--prefix", folder + "/a:b").fails(Exit.USAGE, "a:b", "--prefix");
    }
}
