//SOURCES ../lib/sandbox/Clients.java ../lib/sandbox/Shell.java ../scripts/sandbox.java Faults.java InstalledKit.java
//SOURCES TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.sandbox.Clients;
import lib.sandbox.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only real processes show: pipes, a reader that goes away, a full disk, the list of processes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProcessTest {
    @RegisterExtension
    static final TestSandbox servers = new TestSandbox();

    private static Shell shell;

    /** What a shell command did. */
    record Done(int code, String out, String err) {}

    @BeforeAll
    static void start() {
        shell = new Shell(servers, List.of(), "", InstalledKit.JAVA);
    }

    @AfterAll
    static void stop() {
        shell.close();
    }

    private static ProcessBuilder command(String commandLine) {
        return InstalledKit.shell(InstalledKit.PREFIX, shell, commandLine);
    }

    private static Done sh(String command) throws IOException, InterruptedException {
        Path err = Files.createTempFile("err", null);
        Process process = command(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        String said = Files.readString(err);
        Files.delete(err);
        return new Done(code, out, said);
    }

    @Test
    void the_wikis_lines_work_quoted_and_unquoted() throws Exception {
        Done quoted = sh(
                "RESULT=$(gettoken); echo \"$RESULT\" | decodejwt --claim azp; echo \"$RESULT\" | arcget studies/count");
        assertEquals(new Done(0, "curl\n{\"count\":4}\n", ""), quoted);
        Done unquoted =
                sh("RESULT=`gettoken`; echo $RESULT | decodejwt --claim azp; echo $RESULT | arcget studies/count");
        assertEquals(quoted, unquoted);
    }

    @Test
    void where_gettoken_fails_it_says_why_and_arcget_does_not_guess() throws Exception {
        Done done = sh("K=$ARC_KEYCLOAK; unset ARC_KEYCLOAK;"
                + " gettoken --keycloak $K --client-id nosuch | arcget -s studies/count");
        assertEquals(6, done.code());
        assertEquals("", done.out());
        assertTrue(done.err().contains("gettoken: keycloak refused the client: invalid_client"), done::err);
        assertTrue(done.err().contains("arcget: no token on stdin\n"), done::err);
        assertEquals(4, done.err().lines().count(), done::err);
    }

    @Test
    void a_reader_that_goes_away_ends_the_tool_silently_with_141() throws Exception {
        String token = servers.token();
        Path err = Files.createTempFile("err", null);
        Process process = command("exec decodejwt")
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectError(err.toFile())
                .start();
        process.getInputStream().close();
        try (var in = process.getOutputStream()) {
            in.write(token.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(141, process.waitFor());
        assertEquals("", Files.readString(err));
        Files.delete(err);
    }

    @Test
    void a_full_disk_is_named() throws Exception {
        for (String tool : new String[] {"gettoken", "gettoken | decodejwt -s", "gettoken | arcget -s studies/count"}) {
            Done done = sh(tool + " > /dev/full");
            assertEquals(1, done.code(), tool);
            assertTrue(done.err().contains(": cannot write to standard output: "), done::err);
            assertTrue(done.err().contains(": hint: is the disk full?"), done::err);
            assertEquals(2, done.err().lines().count(), done::err);
        }
    }

    @Test
    void a_closed_standard_input_is_an_empty_one() throws Exception {
        assertEquals(new Done(0, "{\"count\":4}\n", ""), sh("ARC_TOKEN=$(gettoken -f token) arcget studies/count <&-"));
        assertEquals(6, sh("unset ARC_KEYCLOAK; arcget studies/count <&-").code());
    }

    @Test
    void a_token_in_shared_memory_is_written_like_any_other() throws Exception {
        Done done = sh("umask 022; gettoken -o /dev/shm/arc-$$ && stat -c %a /dev/shm/arc-$$; rm /dev/shm/arc-$$");
        assertEquals(new Done(0, "600\n", ""), done);
    }

    @Test
    void output_is_utf_8_in_any_locale() throws Exception {
        Done plain = sh("export LC_ALL=C; gettoken | arcget -s studies -q PatientID=PAT-0002");
        assertTrue(plain.out().contains("山田^太郎"), plain::out);
        assertEquals(plain, sh("export LC_ALL=C.UTF-8; gettoken | arcget -s studies -q PatientID=PAT-0002"));
        assertEquals(plain, sh("export LC_ALL=C; gettoken | arcget -s studies -q PatientName='*太郎*'"));
    }

    @Test
    void the_list_of_processes_shows_no_secret_and_no_token() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        servers.provider().web().forgetRequests();
        servers.provider().web().faults().next(1, Faults.heldUntil(released));
        Process process = command("exec gettoken -f token")
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        servers.provider().web().awaitRequests(1);
        String arguments = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        released.countDown();
        String token = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor());
        assertTrue(arguments.contains("gettoken"), arguments);
        assertFalse(arguments.contains(Clients.CURL.secret().reveal()), arguments);
        assertFalse(arguments.contains(token), arguments);
    }

    @Test
    void the_sandbox_runs_a_command_that_may_register_a_client_and_passes_its_exit_code_on() throws Exception {
        String registration = "regclient --admin-user root --client-id mine --save-profile mine";
        String command = "gettoken | arcget -s patients/count; " + registration
                + " -s && gettoken -p mine | arcget -sp mine studies/count; exit 9";
        ToolRun run = ToolProcess.run(ToolProcess.command("sandbox", List.of(), "--", command), Map.of());
        assertEquals(9, run.exit(), run::toString);
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("{\"count\":3}\n"), run::toString);
        assertTrue(run.out().endsWith("}\n{\"count\":4}\n"), run::toString);
    }
}
