//SOURCES ../lib/base/Exit.java ../lib/sandbox/Fault.java ../lib/sandbox/WebRequest.java ../lib/sandbox/WebResponse.java
//SOURCES ../scripts/arcget.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several paths in one run: requested at once, written in order, each with its own outcome. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SeveralTest {
    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun.Setting tool() {
        return sandbox.arcget();
    }

    private static void rule(String path, Fault fault) {
        sandbox.archiveServer().web().faults().rule(request -> request.path().endsWith(path) ? fault : Fault.none());
    }

    @Test
    void they_are_asked_at_once_and_answered_in_the_order_given() {
        CountDownLatch all = new CountDownLatch(4);
        sandbox.archiveServer().web().faults().rule(request -> {
            all.countDown();
            // No answer is sent until four requests are there.
            return Faults.heldUntil(all);
        });
        String out = tool().run("studies/count", "series/count", "patients/count", "/ctrl/status")
                .succeeds();
        assertEquals("{\"count\":4}\n{\"count\":8}\n{\"count\":3}\n{\"status\":\"STARTED\"}\n", out);
    }

    @Test
    void one_job_asks_one_after_the_other() {
        Object[] arguments = new Object[22];
        arguments[0] = "-j";
        arguments[1] = 1;
        for (int i = 2; i < arguments.length; i++) {
            arguments[i] = "studies/count?limit=" + (i - 1);
        }
        tool().run(arguments).succeeds();
        int limit = 0;
        for (WebRequest request : sandbox.archiveServer().web().requests()) {
            assertTrue(request.target().endsWith("limit=" + ++limit), request::target);
        }
        tool().run("-j", 0, "studies/count").fails(Exit.USAGE, "--jobs 0", "1");
        tool().run("-j", 65, "studies/count").fails(Exit.USAGE, "--jobs 65", "at most 64");
    }

    @Test
    void one_that_fails_is_named_and_the_others_are_answered() {
        rule("/series/count", Faults.status(500, "text/plain", "out of order"));
        ToolRun run = tool().run("nosuch", "series/count", "studies/count");
        assertEquals("{\"count\":4}\n", run.out());
        run.after("arcget: nosuch: 127.0.0.1:", ": hint: ")
                .says(Exit.SERVER_FAILED, "arcget: series/count: ", "server.log");
    }

    @Test
    void the_answer_behind_one_that_breaks_begins_a_line() {
        rule("/x", Faults.garbage("application/json", "[{\"a\":1},{\"b\":[2"));
        for (String format : List.of("json", "ndjson")) {
            ToolRun run = tool().run("-f", format, "/x", "studies/count");
            assertTrue(run.out().contains("{\"a\":1}"), run::out);
            assertTrue(run.out().endsWith("\n{\"count\":4}\n"), run::out);
            assertEquals(Exit.SERVER_FAILED.code(), run.exit());
        }
    }

    @Test
    void a_file_with_only_some_of_them_is_none(@TempDir Path folder) {
        Path file = folder.resolve("out");
        ToolRun run = tool().run("-o", file, "studies/count", "nosuch");
        run.fails(Exit.REFUSED, "arcget: nosuch: ", "");
        assertFalse(Files.exists(file));
    }

    @Test
    void a_refused_token_is_said_once() {
        sandbox.archiveServer().web().faults().rule(request -> Faults.status(401, "text/html", "<html>"));
        ToolRun run = tool().run("-j", 2, "studies/count", "series/count", "patients/count", "aets");
        run.fails(Exit.REFUSED, "(401)", "");
        assertEquals(2, run.err().lines().count(), run::err);
    }

    @Test
    void without_a_token_the_provider_is_asked_once() {
        ToolRun run = tool().env("ARC_TOKEN", "")
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", "wrong")
                .run("studies/count", "series/count", "patients/count");
        run.fails(Exit.REFUSED, "unauthorized_client", "secret");
        assertEquals(1, sandbox.provider().web().requests().size());
        assertEquals(0, sandbox.archiveServer().web().requests().size());
    }

    @Test
    void the_header_of_each_comes_before_it() {
        ToolRun run = tool().run("-i", "studies/count", "nosuch", "/ctrl/status");
        run.says(Exit.REFUSED, "nosuch: ", "");
        String[] answers = run.out().split("(?=HTTP/1.1 )");
        assertEquals(3, answers.length, run::out);
        assertTrue(answers[0].startsWith("HTTP/1.1 200 OK\r\n"), run::out);
        assertTrue(answers[0].endsWith("\r\n\r\n{\"count\":4}\n"), run::out);
        assertTrue(answers[1].startsWith("HTTP/1.1 404 Not Found\r\n"), run::out);
        assertTrue(answers[1].endsWith("\r\n\r\n"), run::out);
        assertTrue(answers[2].contains("\r\nContent-Type: application/json\r\n"), run::out);
    }

    @Test
    void those_that_wait_for_their_turn_stay_on_the_wire() throws Exception {
        int megabytes = 48;
        byte[] megabyte = new byte[1 << 20];
        CountDownLatch all = new CountDownLatch(4);
        WebResponse large = WebResponse.streamed(200, "application/octet-stream", out -> {
            all.countDown();
            try {
                // All answers have begun before any of them continues.
                all.await();
            } catch (InterruptedException stopped) {
                throw new InterruptedIOException();
            }
            for (int i = 0; i < megabytes; i++) {
                out.write(megabyte);
            }
        });
        sandbox.archiveServer().web().faults().rule(request -> Faults.answer(large));
        Map<String, Object> environment = Map.of(
                "HOME", "/nonexistent", "ARC_URL", sandbox.archive(), "ARC_TOKEN", "a.b.c", "ARC_NO_CACHE", "true");
        List<String> flags = List.of("-Xmx32m", "-XX:MaxDirectMemorySize=16m");
        Process process = ToolProcess.builder(
                        ToolProcess.command("arcget", flags, "-s", "-f", "raw", "a", "b", "c", "d"), environment)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        long count = process.getInputStream().transferTo(OutputStream.nullOutputStream());
        assertEquals(0, process.waitFor());
        assertEquals(4L * megabytes << 20, count);
    }
}
