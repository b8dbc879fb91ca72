//SOURCES ../lib/base/Exit.java ../lib/sandbox/Certificates.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/WebRequest.java ../lib/sandbox/WebResponse.java ../lib/sandbox/WebServer.java
//SOURCES ../scripts/arcget.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Certificates;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;
import lib.sandbox.WebServer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures between arcget and the archive: the exit code and the two lines of each. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FaultsTest {
    private static final Fault UNAVAILABLE =
            Faults.status(503, "text/html", "<html>503 - Service Unavailable</html>", "Retry-After", "0");
    private static final Fault NO_PAGE =
            Faults.status(404, "text/html", "<html>404 - Not Found</html>", "Retry-After", "0");

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun get(Object... arguments) {
        return sandbox.arcget().run(arguments);
    }

    private static void next(int times, Fault fault) {
        sandbox.archiveServer().web().faults().next(times, fault);
    }

    private static int requests() {
        return sandbox.archiveServer().web().requests().size();
    }

    @Test
    void a_closed_port() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        get("--url", "http://127.0.0.1:" + port + "/dcm4chee-arc", "--retry", 0, "studies")
                .fails(Exit.NO_ANSWER, "no connection to 127.0.0.1:" + port + ": refused", "does the server run");
    }

    @Test
    void a_connection_that_is_reset() {
        next(2, Faults.reset());
        get("studies/count").succeeds();
        assertEquals(3, requests());
        next(3, Faults.reset());
        get("studies/count").fails(Exit.NO_ANSWER, "was lost: reset", "try again");
        assertEquals(6, requests());
        next(1, Faults.reset());
        get("--retry", 0, "studies/count").fails(Exit.NO_ANSWER, "was lost: reset", "try again");
        assertEquals(7, requests());
    }

    @Test
    void an_answer_that_does_not_begin() {
        next(1, Faults.silence());
        get("--first-byte-timeout", 1, "studies").fails(Exit.NO_ANSWER, "did not answer in time", "--first-byte");
        assertEquals(1, requests());
        next(1, Faults.silence());
        get("-m", 1, "studies").fails(Exit.NO_ANSWER, "--max-time", "raise it");
    }

    @Test
    void an_answer_that_stands_still() {
        CountDownLatch never = new CountDownLatch(1);
        next(1, Faults.stalledAfter(100, never));
        get("--stall-timeout", 1, "-H", "Accept-Encoding:", "studies")
                .says(Exit.NO_ANSWER, "fell silent after 100 bytes", "--stall-timeout");
        next(1, Faults.stalledAfter(100, never));
        get("--stall-timeout", 1, "studies").says(Exit.NO_ANSWER, "fell silent after 100 bytes", "--stall-timeout");
        never.countDown();
    }

    @Test
    void an_answer_that_is_cut_off() {
        for (Fault fault : new Fault[] {Faults.cutOff(100), Faults.cutOffChunked(100)}) {
            next(1, fault);
            get("-H", "Accept-Encoding:", "studies").says(Exit.NO_ANSWER, "ended early, after 100 bytes", "try again");
            next(1, fault);
            get("studies").says(Exit.NO_ANSWER, "ended early, after 100 bytes", "try again");
        }
        assertEquals(4, requests());
    }

    @Test
    void a_restart() {
        next(1, UNAVAILABLE);
        next(1, NO_PAGE);
        assertEquals("{\"count\":4}\n", get("studies/count").succeeds());
        assertEquals(3, requests());
    }

    @Test
    void a_restart_that_takes_longer_than_the_retries() {
        next(1, UNAVAILABLE);
        next(2, NO_PAGE);
        get("studies/count").fails(Exit.SERVER_FAILED, "is starting or stopping", "--retry");
        assertEquals(3, requests());
    }

    @Test
    void a_page_that_is_not_there_is_no_restart_by_itself() {
        next(1, NO_PAGE);
        get("studies/count").fails(Exit.REFUSED, "has no archive at", "if the archive is starting");
        assertEquals(1, requests());
    }

    private static byte[] zipped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static Fault zipped(byte[] bytes) {
        WebResponse response = WebResponse.streamed(200, "application/dicom+json", out -> out.write(bytes));
        return Faults.answer(response.with("Content-Encoding", "gzip"));
    }

    @Test
    void compressed_data_that_is_broken_or_stops() {
        byte[] whole = zipped("[{\"00080020\":{\"vr\":\"DA\",\"Value\":[\"20240101\"]}}]");
        next(1, zipped(whole));
        assertTrue(get("studies").succeeds().contains("20240101"));
        for (int length : new int[] {5, whole.length / 2, whole.length - 1}) {
            next(1, zipped(Arrays.copyOf(whole, length)));
            get("studies").says(Exit.SERVER_FAILED, "with compressed data that stops", "identity");
        }
        byte[] broken = whole.clone();
        broken[whole.length - 6] ^= 1;
        for (byte[] bytes : new byte[][] {broken, "plain text".getBytes(StandardCharsets.UTF_8)}) {
            next(1, zipped(bytes));
            get("studies").says(Exit.SERVER_FAILED, "with compressed data that is broken", "identity");
        }
    }

    private static byte[] element(String value, int times) {
        String begin = "[{\"00080020\":{\"vr\":\"UN\",\"Value\":[";
        return zipped(begin + value.repeat(times) + "]}}]");
    }

    @Test
    void an_element_has_a_bound_for_its_text_and_for_its_values() {
        next(1, zipped(element('"' + "A".repeat(15 << 20) + '"', 1)));
        assertTrue(get("studies").succeeds().length() > 15 << 20);
        String bound = "longer than 16 MiB in one element, or has too many values in it";
        for (byte[] bomb : List.of(
                element('"' + "A".repeat(17 << 20) + '"', 1),
                element(" ", 17 << 20),
                element("{\"a\":0},", 1_000_000),
                element("0,", 4_000_000))) {
            next(1, zipped(bomb));
            get("studies").fails(Exit.SERVER_FAILED, bound, "-f raw");
        }
        next(1, Faults.garbage("application/json", "{\"a\":\"" + "A".repeat(17 << 20) + "\"}"));
        get("/metrics").fails(Exit.SERVER_FAILED, bound, "-f raw");
    }

    private static Fault endless(byte[] beginning, byte[] rest) {
        WebResponse response = WebResponse.streamed(200, "application/dicom+json", out -> {
            out.write(beginning);
            while (true) {
                out.write(rest);
            }
        });
        return Faults.answer(beginning[0] == '[' ? response : response.with("Content-Encoding", "gzip"));
    }

    @Test
    void what_follows_a_whole_answer_without_end_is_not_read() {
        next(1, endless("[]".getBytes(StandardCharsets.UTF_8), " ".repeat(1000).getBytes(StandardCharsets.UTF_8)));
        assertEquals("[]\n", get("-m", 20, "studies").succeeds());
        next(1, endless(zipped("[]"), new byte[1000]));
        assertEquals("[]\n", get("-m", 20, "studies").succeeds());
        next(1, endless(zipped("[]"), zipped("")));
        get("-m", 20, "studies").says(Exit.SERVER_FAILED, "with compressed data in too many pieces", "identity");
    }

    @Test
    void running_out_of_memory_is_no_bug() throws Exception {
        List<String> command = ToolProcess.command("arcget", List.of("-Xmx24m"), "--no-auth", "--no-stdin", "studies");
        next(1, zipped(element('"' + "A".repeat(15 << 20) + '"', 1)));
        ToolProcess.run(command, Map.of("ARC_URL", sandbox.archive()))
                .fails(Exit.FAILED, "arcget: out of memory", "narrow the query");
    }

    @Test
    void compression_is_asked_for_and_taken_off_even_of_an_error_and_of_nothing() {
        assertTrue(get("studies").succeeds().startsWith("[{"));
        assertEquals("gzip", sandbox.archiveServer().web().requests().getLast().header("Accept-Encoding"));
        next(1, zipped(new byte[0]));
        assertEquals("[]\n", get("studies").succeeds());
        WebResponse refusal = WebResponse.streamed(
                400, "text/plain", out -> out.write(zipped("{\"errorMessage\":\"no such attribute\"}")));
        next(1, Faults.answer(refusal.with("Content-Encoding", "gzip")));
        get("studies").fails(Exit.REFUSED, "with 400: no such attribute", "");
    }

    @Test
    void what_the_person_asks_for_is_left_as_it_comes() {
        WebResponse response =
                WebResponse.text(200, "application/octet-stream", "x").with("Content-Encoding", "gzip");
        next(1, Faults.answer(response));
        assertEquals(
                "x", get("-f", "raw", "-H", "Accept-Encoding: gzip", "studies").succeeds());
        get("--accept", "multipart/related;type=\"application/dicom\"", "-f", "raw", "studies/1.2");
        WebRequest last = sandbox.archiveServer().web().requests().getLast();
        assertEquals(null, last.header("Accept-Encoding"));
    }

    /** A server on another port that answers every request with an empty list. */
    private static WebServer elsewhere() {
        return new WebServer(
                request -> WebResponse.text(200, "application/dicom+json", "[]"),
                Certificates.loopback().context(),
                null);
    }

    @Test
    void a_redirect_to_another_server_is_named_and_not_followed() {
        try (WebServer other = elsewhere()) {
            for (String origin :
                    List.of(other.http(), other.https(), other.http().replace("127.0.0.1", "localhost"))) {
                next(1, Faults.status(307, "text/html", "", "Location", origin + "/dcm4chee-arc/x?token=se-cret"));
                ToolRun run = get("-v", "studies");
                run.afterAll("arcget: [<>] .*")
                        .fails(
                                Exit.REFUSED,
                                "redirects to " + origin + "/dcm4chee-arc/x",
                                "--url " + origin + "/dcm4chee-arc");
                assertFalse(run.err().contains("se-cret"), run::err);
            }
            assertEquals(0, other.requests().size());
        }
    }

    @Test
    void a_redirect_to_https_is_another_server_too() {
        String target = sandbox.archiveHttps() + "/aets/DCM4CHEE/rs/studies";
        next(1, Faults.status(302, "text/html", "", "Location", target));
        get("studies").fails(Exit.REFUSED, "redirects to " + target, "--url " + sandbox.archiveHttps());
        assertEquals(1, requests());
    }

    @ParameterizedTest
    @CsvSource({
        "301, /dcm4chee-arc/aets/DCM4CHEE/rs/studies/count#top",
        "302, status",
        "303, ?limit=1",
        "307, ../ctrl/status",
        "308, HTTP://127.0.0.1:PORT/dcm4chee-arc/ctrl/status"
    })
    void a_redirect_on_the_archives_own_server_is_followed(int status, String location) {
        String own = location.replace("PORT", "" + sandbox.archive().getPort());
        next(1, Faults.status(status, "text/html", "", "Location", own));
        ToolRun run = get("-i", "/ctrl/status");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(2, run.out().split("HTTP/1.1 ", -1).length, "only the last header: " + run.out());
        WebRequest last = sandbox.archiveServer().web().requests().getLast();
        assertTrue(last.header("Authorization").startsWith("Bearer "));
    }

    @Test
    void a_circle_of_redirects_ends() {
        next(9, Faults.status(302, "text/html", "", "Location", "/dcm4chee-arc/ctrl/status"));
        get("/ctrl/status").fails(Exit.REFUSED, "more than 5 redirects in a row", "circle");
        assertEquals(6, requests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://[broken", "mailto:somebody", "http://a b/", ""})
    void a_redirect_to_nowhere_is_told(String location) {
        next(1, Faults.status(302, "text/html", "", "Location", location));
        get("studies").fails(Exit.REFUSED, "redirects to ", "");
    }
}
