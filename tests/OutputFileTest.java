//SOURCES ../lib/base/Destination.java ../lib/base/Exit.java ../lib/sandbox/Clients.java ../scripts/arcget.java
//SOURCES ../scripts/gettoken.java ../scripts/regclient.java ../scripts/sandbox.java Permissions.java TestSandbox.java
//SOURCES ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Destination;
import lib.base.Exit;
import lib.sandbox.Clients;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of {@code -o} is there whole or not at all, and nothing else stays beside it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutputFileTest {
    private static final String LEFT = ".arc-1killed.new";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static ToolRun limited(String tool, Map<String, ?> environment, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"));
        command.addAll(ToolProcess.command(tool, List.of(), arguments));
        return ToolProcess.run(command, environment);
    }

    @Test
    void a_neighbour_with_a_name_of_another_charset_is_no_obstacle() throws Exception {
        ToolProcess.script(folder, "printf x >\"$(printf 'M\\303\\274ller')\"");
        Map<String, Object> environment =
                Map.of("HOME", folder, "LC_ALL", "C", "ARC_URL", sandbox.archive(), "ARC_TOKEN", sandbox.token());
        Path file = folder.resolve("out");
        List<String> command = ToolProcess.command("arcget", List.of(), "--no-stdin", "-o", file, "studies/count");
        ToolProcess.run(command, environment).succeeds();
        assertEquals("{\"count\":4}\n", Files.readString(file));
    }

    @Test
    void a_full_disk_leaves_no_file() throws Exception {
        Map<String, Object> environment = Map.of(
                "HOME",
                folder,
                "ARC_NO_CACHE",
                "true",
                "ARC_KEYCLOAK",
                sandbox.keycloak(),
                "ARC_CLIENT_SECRET",
                Clients.CURL.secret().reveal(),
                "ARC_URL",
                sandbox.archive());
        Path file = folder.resolve("out");
        limited("gettoken", environment, "-o", file).fails(Exit.FAILED, "cannot write " + file + ": ", "");
        limited("arcget", environment, "-o", file, "studies").fails(Exit.FAILED, "cannot write " + file + ": ", "");
        assertEquals(List.of(), names());
    }

    @Test
    void a_limit_of_open_files_is_named_and_how_to_raise_it() throws Exception {
        Map<String, Object> environment = Map.of("HOME", folder, "ARC_CLIENT_SECRET", "x", "ARC_RETRY", 0);
        boolean isNamed = false;
        boolean isStarted = true;
        for (int limit = 28; limit > 14 && isStarted; limit--) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh"));
            command.addAll(ToolProcess.command("gettoken", List.of(), "--keycloak", "http://127.0.0.1:9"));
            ToolRun run = ToolProcess.run(command, environment);
            // With too few the JVM does not get as far as to the tool.
            isStarted = run.err().startsWith("gettoken: ");
            if (isStarted && !run.err().contains("refused")) {
                // With hardly any it cannot even be read how many there are.
                String few = " files may be open at a time (ulimit -n): raise it with ulimit -n 1024\n";
                assertTrue(
                        run.err().endsWith("hint: only " + limit + few)
                                || run.err().endsWith("hint: too few" + few),
                        run::toString);
                isNamed = true;
            }
        }
        assertTrue(isNamed);
    }

    @Test
    void what_a_killed_run_left_is_removed_by_the_next() throws Exception {
        Files.writeString(folder.resolve(LEFT), "half a token");
        sandbox.gettoken().run("-o", folder.resolve("token")).succeeds();
        assertEquals(List.of("token"), names());
        Files.writeString(folder.resolve(LEFT), "half an answer");
        sandbox.arcget().run("-o", folder.resolve("token"), "studies").succeeds();
        assertEquals(List.of("token"), names());
    }

    @Test
    void what_others_are_writing_stays() throws Exception {
        Files.createSymbolicLink(folder.resolve(LEFT), folder.resolve("elsewhere"));
        try (Destination other = Destination.of(folder.resolve("other"), null)) {
            other.print("whole");
            sandbox.gettoken().run("-o", folder.resolve("token")).succeeds();
            other.commit();
        }
        assertEquals(List.of(LEFT, "other", "token"), names());
        assertEquals("whole", Files.readString(folder.resolve("other")));
    }

    @Test
    void what_belongs_to_somebody_else_stays() throws Exception {
        Path left = Files.writeString(folder.resolve(LEFT), "theirs");
        assumeTrue(Files.getAttribute(left, "unix:uid").equals(0), "only root can give a file away");
        Files.setAttribute(left, "unix:uid", 65_534);
        sandbox.gettoken().run("-o", folder.resolve("token")).succeeds();
        assertEquals(List.of(LEFT, "token"), names());
    }

    private Path pipe(String name, String permissions) throws Exception {
        Path pipe = folder.resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        return Permissions.set(pipe, permissions);
    }

    @Test
    void a_pipe_that_others_may_read_gets_nothing() throws Exception {
        for (String permissions : List.of("rw-r--r--", "rw--w----", "rw-rw-rw-")) {
            Path pipe = pipe(permissions, permissions);
            sandbox.gettoken().run("-o", pipe).fails(Exit.FAILED, "somebody else can read or write", "mkfifo -m 600");
        }
        Path foreign = pipe("foreign", "rw-------");
        assumeTrue(Files.getAttribute(foreign, "unix:uid").equals(0), "only root can give a file away");
        Files.setAttribute(foreign, "unix:uid", 65_534);
        sandbox.gettoken().run("-o", foreign).fails(Exit.FAILED, "somebody else can read or write", "mkfifo -m 600");
        assertEquals(List.of(), sandbox.provider().web().requests());
    }

    @Test
    void a_pipe_of_our_own_is_written_to_directly() throws Exception {
        Path pipe = pipe("own", "rw-------");
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        sandbox.gettoken().run("-f", "token", "-o", pipe).succeeds();
        assertTrue(new String(reader.getInputStream().readAllBytes()).startsWith("eyJ"));
        assertEquals(List.of("own"), names());
    }

    @Test
    void a_file_that_is_replaced_keeps_its_permissions_unless_it_gets_a_token() throws Exception {
        Path file = Permissions.set(Files.createFile(folder.resolve("report")), "rw-r--r--");
        sandbox.arcget().run("studies/count", "-o", file).succeeds();
        assertEquals("rw-r--r--", Permissions.of(file));
        sandbox.gettoken().run("-f", "token", "-o", file).succeeds();
        assertEquals("rw-------", Permissions.of(file));
    }

    @Test
    void a_link_is_replaced_and_what_it_leads_to_gets_nothing() throws Exception {
        Path pipe = pipe("pipe", "rw-------");
        for (Path target : List.of(pipe, Path.of("/dev/null"), folder.resolve("nothing"))) {
            Path link = folder.resolve("link");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, target);
            sandbox.gettoken().run("-f", "token", "-o", link).succeeds();
            assertTrue(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS));
            assertEquals("rw-------", Permissions.of(link));
        }
        assertEquals(List.of("link", "pipe"), names());
    }

    @Test
    void a_terminal_or_null_device_and_an_open_stream_are_written_to_directly() throws Exception {
        sandbox.gettoken().run("-o", "/dev/null").succeeds();
        assertTrue(Files.exists(Path.of("/dev/null")) && !Files.isRegularFile(Path.of("/dev/null")));
        Map<String, Object> environment = Map.of(
                "HOME",
                folder,
                "ARC_KEYCLOAK",
                sandbox.keycloak(),
                "ARC_CLIENT_SECRET",
                Clients.CURL.secret().reveal());
        for (String stream : List.of("/dev/fd/3", "/proc/self/fd/3", "/dev/stdout")) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3>&1", "sh"));
            command.addAll(ToolProcess.command("gettoken", List.of(), "--no-cache", "-f", "token", "-o", stream));
            assertTrue(ToolProcess.run(command, environment).succeeds().startsWith("eyJ"), stream);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/stdout", "/dev/fd/1", "/dev/../dev/stdout", "/dev/null", "/dev/shm", "own"})
    void a_secret_is_written_to_a_file_and_to_nothing_else(String name) throws Exception {
        pipe("own", "rw-------");
        ToolRun.of(new regclient())
                .env("ARC_ADMIN_PASSWORD", "x")
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .run("--admin-user=root", "--secret-file", folder.resolve(name))
                .fails(Exit.FAILED, "is ", "name a file");
        assertEquals(List.of("own"), names());
        assertEquals(List.of(), sandbox.provider().web().requests());
    }

    @Test
    void why_a_file_cannot_be_written_is_said_whatever_it_is() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path wrong : List.of(file.resolve("below"), folder.resolve("n".repeat(300)), folder)) {
            ToolRun run = sandbox.gettoken().run("-o", wrong);
            assertEquals(1, run.exit(), run::toString);
            assertTrue(run.err().contains(" directory") || run.err().contains("too long"), run::toString);
        }
    }
}
