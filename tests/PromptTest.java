//SOURCES ../lib/sandbox/Clients.java ../scripts/sandbox.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.sandbox.Clients;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A secret that is typed, at a terminal that script(1) makes for real processes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PromptTest {
    private static final String SECRET = Clients.CURL.secret().reveal();
    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final String QUESTION = "client secret of client curl at " + sandbox.keycloak() + ": ";

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1): apt-get install bsdutils");
    }

    /** A terminal in which a shell runs commands; what it shows is what a person would see. */
    private final class Terminal implements AutoCloseable {
        private final Process script;
        private final InputStream screen;
        private final OutputStream keys;
        private final StringBuilder seen = new StringBuilder();

        Terminal(String commands) throws IOException {
            Path file = Files.writeString(folder.resolve("commands.sh"), commands);
            Map<String, Object> environment = Map.of(
                    "HOME",
                    folder,
                    "TERM",
                    "dumb",
                    "ARC_KEYCLOAK",
                    sandbox.keycloak(),
                    "gettoken",
                    "'" + String.join("' '", ToolProcess.command("gettoken", List.of())) + "'",
                    "decodejwt",
                    "'" + String.join("' '", ToolProcess.command("decodejwt", List.of())) + "'");
            script = ToolProcess.builder(List.of("script", "-qec", "sh " + file, "/dev/null"), environment)
                    .directory(folder.toFile())
                    .start();
            screen = script.getInputStream();
            keys = script.getOutputStream();
        }

        /** Waits until {@code text} is on the screen, after what was waited for before. */
        Terminal shows(String text) throws IOException {
            int from = seen.length();
            while (seen.indexOf(text, from) < 0) {
                int b = screen.read();
                assertTrue(b >= 0, () -> "ended without '" + text + "': " + seen);
                seen.append((char) b);
            }
            return this;
        }

        Terminal type(String text) throws IOException {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return this;
        }

        Terminal press(int key) throws IOException {
            assumeFalse(key == CTRL_C && ToolProcess.ignoresInterrupts(script), "interrupts are ignored here");
            return type(Character.toString(key));
        }

        /** All that was on the screen, once the shell has ended. */
        String end() throws IOException, InterruptedException {
            seen.append(new String(screen.readAllBytes(), StandardCharsets.UTF_8));
            script.waitFor();
            return seen.toString().replace("\r", "");
        }

        @Override
        public void close() {
            script.destroyForcibly();
        }
    }

    private static void assertEchoIsOn(String screen) {
        assertTrue(screen.contains("echo is on"), screen);
    }

    private static final String TELL_ECHO =
            "case $(stty -a </dev/tty) in *' -echo '*) echo 'echo is off';; *) echo 'echo is on';; esac\n";

    private static final String TELL_MODE =
            "case $(stty -a </dev/tty) in *' -icanon '*) echo 'lines are off';; *) echo 'lines are on';; esac\n";

    @Test
    void it_is_asked_for_inside_a_command_substitution_and_not_shown() throws Exception {
        try (Terminal terminal =
                new Terminal("T=$(eval \"$gettoken -f token\"); echo \"code $? ${T%\"${T#eyJ}\"}\"\n" + TELL_ECHO)) {
            String screen = terminal.shows(QUESTION).type(SECRET + "\n").end();
            assertTrue(screen.contains("code 0 eyJ"), screen);
            assertFalse(screen.contains(SECRET));
            assertEchoIsOn(screen);
        }
    }

    @Test
    void it_is_asked_for_in_a_pipe() throws Exception {
        try (Terminal terminal =
                new Terminal("eval \"$gettoken </dev/null 2>err | $decodejwt --claim azp\"\n" + TELL_ECHO)) {
            String screen = terminal.shows(QUESTION).type(SECRET + "\n").end();
            assertTrue(screen.contains("\ncurl\n"), screen);
            assertFalse(screen.contains(SECRET));
            assertEchoIsOn(screen);
            assertEquals("", Files.readString(folder.resolve("err")));
        }
    }

    @Test
    void two_tools_of_a_pipe_ask_one_after_the_other_and_show_nothing() throws Exception {
        try (Terminal terminal = new Terminal(
                "tty >tty; eval \"$gettoken -f token >first | $gettoken -f token >second\"\n" + TELL_ECHO)) {
            terminal.shows(QUESTION);
            awaitQueueFor(Path.of(Files.readString(folder.resolve("tty")).strip()));
            String screen = terminal.type(SECRET + "\n")
                    .shows(QUESTION)
                    .type(SECRET + "\n")
                    .end();
            assertFalse(screen.contains(SECRET));
            assertEchoIsOn(screen);
            assertTrue(Files.readString(folder.resolve("first")).startsWith("eyJ"), screen);
            assertTrue(Files.readString(folder.resolve("second")).startsWith("eyJ"), screen);
        }
    }

    /** Waits until somebody waits for the lock on {@code device}, which the kernel tells. */
    private static void awaitQueueFor(Path device) throws IOException {
        String inode = ":" + Files.getAttribute(device, "unix:ino") + " ";
        while (Files.readString(Path.of("/proc/locks"))
                .lines()
                .noneMatch(line -> line.contains("->") && line.contains(inode))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void ctrl_c_leaves_a_terminal_that_shows_what_is_typed() throws Exception {
        try (Terminal terminal = new Terminal("trap : INT\neval \"$gettoken\"; echo \"code $?\"\n" + TELL_ECHO)) {
            String screen =
                    terminal.shows(QUESTION).type("half a sec").press(CTRL_C).end();
            assertTrue(screen.contains(QUESTION + "\ncode 130\n"), screen);
            assertEchoIsOn(screen);
        }
    }

    @Test
    void a_killed_run_by_sigterm_restores_it_too() throws Exception {
        try (Terminal terminal = new Terminal(
                "eval \"exec $gettoken\" & echo $! >pid\nfg_wait() { wait $!; echo \"code $?\"; }\nfg_wait\n"
                        + TELL_ECHO)) {
            terminal.shows(QUESTION);
            long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
            ProcessHandle.of(pid).orElseThrow().destroy();
            String screen = terminal.end();
            assertTrue(screen.contains("code 143"), screen);
            assertEchoIsOn(screen);
        }
    }

    @Test
    void an_empty_answer_or_the_end_of_input_is_no_secret() throws Exception {
        for (String keys : List.of("\n", Character.toString(CTRL_D))) {
            try (Terminal terminal = new Terminal("eval \"$gettoken\"; echo \"code $?\"\n" + TELL_ECHO)) {
                String screen = terminal.shows(QUESTION).type(keys).end();
                assertTrue(screen.contains("gettoken: no client secret"), screen);
                assertTrue(screen.contains("code 2"), screen);
                assertEchoIsOn(screen);
            }
        }
    }

    @Test
    void a_terminal_whose_echo_was_off_stays_so() throws Exception {
        try (Terminal terminal = new Terminal(
                "stty -echo </dev/tty\neval \"$gettoken -f token\" >/dev/null; " + "echo \"code $?\"\n" + TELL_ECHO)) {
            String screen = terminal.shows(QUESTION).type(SECRET + "\n").end();
            assertTrue(screen.contains("code 0"), screen);
            assertTrue(screen.contains("echo is off"), screen);
        }
    }

    @Test
    void a_token_longer_than_a_line_of_a_terminal_can_be_pasted() throws Exception {
        String token = sandbox.token(Map.of("note", "x".repeat(6000)));
        try (Terminal terminal = new Terminal("eval \"$decodejwt --claim azp\"; echo \"code $?\"\n" + TELL_MODE)) {
            terminal.shows("paste a token, then Ctrl-D");
            String screen = terminal.type(token).press(CTRL_D).end();
            assertTrue(screen.endsWith("\ncurl\ncode 0\nlines are on\n"), screen);
        }
    }

    @Test
    void ctrl_c_instead_of_a_token_ends_the_line_and_restores_the_terminal() throws Exception {
        try (Terminal terminal = new Terminal("trap : INT\neval \"$decodejwt\"; echo \"code $?\"\n" + TELL_MODE)) {
            String screen = terminal.shows("paste a token, then Ctrl-D")
                    .type("eyJ")
                    .press(CTRL_C)
                    .end();
            assertTrue(screen.endsWith("\ncode 130\nlines are on\n"), screen);
        }
    }

    @Test
    void where_the_terminal_is_not_ours_no_token_is_waited_for() throws Exception {
        try (Terminal terminal = new Terminal("eval \"setsid -w $decodejwt\"; echo \"code $?\"\n")) {
            String screen = terminal.end();
            assertTrue(screen.startsWith("decodejwt: nothing to read: standard input is the terminal\n"), screen);
            assertTrue(screen.endsWith("usage: gettoken | decodejwt\ncode 2\n"), screen);
        }
    }

    @Test
    void without_a_terminal_nobody_is_asked() throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("setsid", "-w"));
        command.addAll(ToolProcess.command("gettoken", List.of()));
        ToolRun run = ToolProcess.run(command, Map.of("HOME", folder, "ARC_KEYCLOAK", sandbox.keycloak()));
        assertEquals(2, run.exit(), run::toString);
        assertTrue(run.err().contains("no client secret"), run::toString);
    }
}
