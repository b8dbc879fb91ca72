//SOURCES ../lib/base/Exit.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java ../scripts/arcget.java
//SOURCES ../scripts/gettoken.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is repeated, how long is waited, and whose clock is wrong. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HttpTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String TOKEN = "{\"access_token\":\"eyJ.e.s\",\"expires_in\":300}";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox(() -> NOON);

    private static ToolRun.Setting tool() {
        return sandbox.gettoken().clock(() -> NOON);
    }

    private static int requests() {
        return sandbox.provider().web().requests().size();
    }

    private static Fault busy(int status, String... headers) {
        return Faults.status(status, "text/plain", "busy", headers);
    }

    private static String httpDate(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME
                .format(time.atOffset(ZoneOffset.UTC))
                .replace(", 1 ", ", 01 ");
    }

    private static void assertPauses(String milliseconds, Fault fault) {
        sandbox.provider().web().faults().next(1, fault);
        sandbox.provider().web().forgetRequests();
        ToolRun run = tool().run("-v", "-f", "token");
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("; trying again in " + milliseconds + " ms"), run::toString);
        assertEquals(2, requests());
    }

    @Test
    void a_server_that_is_busy_is_asked_again_when_it_says_so() {
        assertPauses("0", busy(429, "Retry-After", "0"));
        assertPauses("0", busy(503, "Retry-After", "0"));
        assertPauses("1000", busy(503, "Retry-After", "1"));
        assertPauses("1000", busy(429, "Retry-After", httpDate(NOON.plusSeconds(1))));
        assertPauses("0", busy(503, "Retry-After", httpDate(NOON.minusSeconds(3600))));
    }

    @Test
    void without_such_a_word_the_pauses_grow() {
        sandbox.provider().web().faults().next(2, busy(503, "Retry-After", "whenever"));
        ToolRun run = tool().run("-v", "-f", "token");
        assertEquals(0, run.exit(), run::toString);
        String[] pauses = run.err().split("; trying again in ");
        assertEquals(3, pauses.length, run::toString);
        int first = Integer.parseInt(pauses[1].substring(0, pauses[1].indexOf(' ')));
        int second = Integer.parseInt(pauses[2].substring(0, pauses[2].indexOf(' ')));
        assertTrue(first >= 250 && first < 500 && second >= 500 && second < 1000, run::toString);
    }

    @Test
    void bad_gateways_are_asked_again_too() {
        assertPauses("0", busy(502, "Retry-After", "0"));
        assertPauses("0", busy(504, "Retry-After", "0"));
    }

    @Test
    void a_reset_connection_is_tried_again_over_http_and_https() {
        sandbox.provider().web().faults().next(2, Faults.reset());
        tool().run("-f", "token").succeeds();
        assertEquals(3, requests());
        sandbox.provider().web().faults().next(2, Faults.reset());
        ToolRun run = tool().env("ARC_KEYCLOAK", sandbox.keycloakHttps()).run("-k", "-f", "token");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(6, requests());
    }

    @Test
    void enough_is_enough() {
        sandbox.provider().web().faults().next(9, busy(503, "Retry-After", "0"));
        tool().run().fails(Exit.SERVER_FAILED, "503", "");
        assertEquals(3, requests());
        tool().run("--retry", 4).fails(Exit.SERVER_FAILED, "503", "");
        assertEquals(8, requests());
        tool().run("--retry", 0).fails(Exit.SERVER_FAILED, "503", "");
        assertEquals(9, requests());
    }

    @Test
    void what_the_server_refuses_is_never_sent_again() {
        for (int status : new int[] {400, 401, 403, 405, 408, 413, 500, 501}) {
            sandbox.provider().web().forgetRequests();
            sandbox.provider().web().faults().next(1, busy(status, "Retry-After", "0"));
            ToolRun run = tool().run();
            assertEquals(status < 500 ? 4 : 5, run.exit(), run::toString);
            assertEquals(1, requests());
        }
    }

    @Test
    void no_wait_is_longer_than_the_time_there_is() {
        sandbox.provider().web().faults().next(1, busy(503, "Retry-After", "3600"));
        tool().run("--max-time", 5).fails(Exit.SERVER_FAILED, "503", "");
        assertEquals(1, requests());
    }

    @Test
    void a_server_that_is_too_slow_is_given_up_and_not_asked_again() {
        sandbox.provider().web().faults().next(9, Faults.silence());
        tool().run("--first-byte-timeout", 1).fails(Exit.NO_ANSWER, "did not answer in time", "--first-byte-timeout");
        assertEquals(1, requests());
    }

    @Test
    void the_limit_for_everything_is_named_as_such() {
        sandbox.provider().web().faults().next(9, Faults.silence());
        tool().clock(Instant::now).run("--max-time", 1).fails(Exit.NO_ANSWER, "--max-time", "raise it");
        assertEquals(1, requests());
    }

    @Test
    void a_closed_port_is_tried_again() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        ToolRun run = tool().env("ARC_KEYCLOAK", "http://127.0.0.1:" + port).run("-v", "--retry", 1);
        assertEquals(3, run.exit(), run::toString);
        assertEquals(2, run.err().split("> POST", -1).length - 1, run::toString);
        assertTrue(run.err().contains("refused"), run::toString);
    }

    @Test
    void a_clock_that_is_more_than_30_seconds_off_earns_one_warning() {
        assertClock("this machine's clock is 31 s ahead of that of", 31);
        assertClock("this machine's clock is 3600 s behind that of", -3600);
    }

    private static void assertClock(String said, int ahead) {
        String date = httpDate(NOON.minusSeconds(ahead));
        sandbox.provider().web().faults().next(2, busy(503, "Retry-After", "0", "Date", date));
        sandbox.provider().web().faults().next(1, Faults.status(200, "application/json", TOKEN, "Date", date));
        ToolRun run = tool().run("-f", "token");
        assertEquals("eyJ.e.s\n", run.out(), run::toString);
        assertTrue(run.err().contains("warning: " + said), run::toString);
        assertEquals(1, run.err().lines().count(), run::toString);
    }

    @Test
    void a_clock_that_is_right_enough_or_unreadable_earns_none() {
        for (String date : new String[] {
            httpDate(NOON.minusSeconds(30)),
            httpDate(NOON.plusSeconds(30)),
            "",
            "yesterday",
            "Sun, 99 Nov 2026 12:00:00 GMT",
            "Sun, 22 Foo 2026 12:00:00 GMT",
            "Sun, 22 Nov 2026 aa:00:00 GMT"
        }) {
            sandbox.provider().web().faults().next(1, Faults.status(200, "application/json", TOKEN, "Date", date));
            assertEquals("eyJ.e.s\n", tool().run("-f", "token").succeeds());
        }
        String old = httpDate(NOON.minus(Duration.ofDays(1)));
        sandbox.provider()
                .web()
                .faults()
                .next(1, Faults.status(200, "application/json", TOKEN, "Date", old, "Age", "86400"));
        tool().run("-f", "token").succeeds();
    }

    @Test
    void the_archives_clock_is_looked_at_too() {
        ToolRun run = sandbox.arcget().clock(() -> NOON.plusSeconds(40)).run("studies/count");
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("this machine's clock is 40 s ahead of that of 127.0.0.1"), run::toString);
    }

    @Test
    void details_show_no_secret() {
        ToolRun run = tool().run("-v", "--auth-method", "client_secret_basic");
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("> Authorization: [redacted]"), run::toString);
        assertFalse(run.err().contains(Clients.CURL.secret().reveal()), run::toString);
        assertFalse(run.err().contains("eyJ"), run::toString);
    }

    @Test
    void details_show_no_user_info_and_no_secret_in_query_or_fragment() {
        String query = "?iss=me&session_code=se-cret&client_assertion=se-cret?x=se-cret&Assertion=se-cret&sig=se-cret";
        String fragment = "#access_token=se-cret&user_code=se-cret&key=se-cret&otp=se-cret&code_verifier=se-cret&a=b"
                + "&registration_access_token=se-cret&new_password=se-cret";
        sandbox.provider()
                .web()
                .faults()
                .next(
                        1,
                        Faults.status(302, "text/plain", "", "Location", "https://se-cret@host/in" + query + fragment));
        ToolRun run = tool().run("-v");
        assertFalse(run.err().contains("se-cret"), run::toString);
        assertTrue(run.err().contains("https://host/in?iss=me&session_code=[redacted]"), run::toString);
        assertTrue(run.err().contains("&code_verifier=[redacted]&a=b"), run::toString);
    }

    @Test
    void a_redirect_is_told_without_what_opens_a_door() {
        String location = "https://us:se-cret@host/in?code=se-cret#access_token=se-cret";
        String[][] cases = {{location, "redirects to https://host/in"}, {"", "redirects to nowhere"}};
        for (String[] told : cases) {
            sandbox.provider().web().faults().next(1, Faults.status(302, "text/plain", "", "Location", told[0]));
            ToolRun run = tool().run().fails(Exit.REFUSED, told[1], "use that URL yourself");
            assertFalse(run.err().contains("se-cret"), run::toString);
        }
    }

    @Test
    void zero_is_no_limit() {
        Object[] none = {"--connect-timeout", 0, "--first-byte-timeout", 0, "--stall-timeout", 0, "-f", "token"};
        tool().run(none).succeeds();
        sandbox.provider().web().faults().next(1, Faults.silence());
        tool().clock(Instant::now).env("ARC_MAX_TIME", 1).run(none).fails(Exit.NO_ANSWER, "--max-time", "raise it");
    }

    @Test
    void a_header_that_cannot_be_sent_is_wrong_usage_and_not_shown() {
        for (String accept : new String[] {"se-cret\nX: y", "se-cret\r", "se-cret\u007f", "se-cret\u20ac"}) {
            ToolRun run = ToolRun.of(new arcget())
                    .env("ARC_URL", sandbox.archive())
                    .run("--no-auth", "--accept", accept, "studies")
                    .fails(Exit.USAGE, "the header Accept", "line breaks");
            assertFalse(run.err().contains("se-cret"), run::toString);
        }
    }

    @Test
    void only_a_connection_that_is_refused_is_called_so() {
        // No connection to everybody at once: the system says so without a packet.
        ToolRun run = tool().env("ARC_KEYCLOAK", "https://255.255.255.255").run("--retry", 0);
        assertEquals(Exit.NO_ANSWER.code(), run.exit(), run::toString);
        assertFalse(run.err().contains("refused"), run::toString);
        assertTrue(run.err().contains("is there a route to it? VPN, firewall"), run::toString);
    }

    private static void skipHeader(InputStream in) throws IOException {
        String end = "";
        while (!end.equals("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return;
            }
            end = (end.length() < 4 ? end : end.substring(1)) + (char) c;
        }
    }

    /** A proxy for one connection, which ends at the sandbox's Keycloak whatever host was asked for. */
    private static void tunnel(ServerSocket proxy) {
        try (Socket client = proxy.accept();
                Socket server = new Socket(
                        InetAddress.getLoopbackAddress(),
                        sandbox.keycloakHttps().getPort())) {
            skipHeader(client.getInputStream());
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
            Thread.ofVirtual().start(() -> {
                try {
                    client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // The client has hung up.
                }
            });
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // The run shows what it made of it.
        }
    }

    @Test
    void https_to_a_host_does_not_silence_the_warning_about_http_to_it() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> tunnel(proxy));
            ToolRun run = ToolRun.of(new arcget())
                    .env("ARC_KEYCLOAK", "https://203.0.113.1")
                    .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                    .env("ARC_URL", "http://203.0.113.1/dcm4chee-arc")
                    .env("https_proxy", "http://127.0.0.1:" + proxy.getLocalPort())
                    .env("http_proxy", "http://127.0.0.1:1")
                    .clock(() -> NOON)
                    .run("-k", "-v", "--retry", 0, "studies");
            assertTrue(run.err().contains("> GET http://203.0.113.1/"), run::toString);
            assertTrue(
                    run.err().contains("warning: http to 203.0.113.1 through 127.0.0.1:1 is not encrypted"),
                    run::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,             127.0.0.1:1,   false",
        "203.0.113.1,          127.0.0.1:1,   true",
        "no-such-host.invalid, 127.0.0.1:1,   true",
        "10.0.0.1,             203.0.113.1:1, true",
        "10.0.0.1,             10.0.0.1:1,    false",
        "no-such-host.invalid, '',            false",
    })
    void http_is_safe_only_where_the_proxy_and_the_target_are_near(String target, String proxy, boolean isWarned) {
        ToolRun run = ToolRun.of(new arcget())
                .env("ARC_URL", "http://" + target + "/dcm4chee-arc")
                .env("http_proxy", proxy)
                .run("--no-auth", "--retry=0", "--connect-timeout=1", "studies/count");
        String through = proxy.isEmpty() ? "" : " through " + proxy;
        assertEquals(
                isWarned,
                run.err().startsWith("arcget: warning: http to " + target + through + " is not encrypted"),
                run::toString);
    }

    /** A run of arcget against a server that answers with {@code raw} and hangs up. */
    private static ToolRun answered(String raw) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    skipHeader(socket.getInputStream());
                    socket.getOutputStream().write(raw.getBytes(US_ASCII));
                } catch (IOException e) {
                    // The run shows what it made of it.
                }
            });
            return ToolRun.of(new arcget())
                    .env("ARC_URL", "http://127.0.0.1:" + server.getLocalPort() + "/dcm4chee-arc")
                    .run("--no-auth", "--retry", 0, "--first-byte-timeout", 5, "studies");
        }
    }

    @Test
    void an_answer_that_breaks_the_rules_of_http_is_not_blamed_on_tls() throws Exception {
        for (String raw : new String[] {
            "HTTP/1.1 200 OK\r\nX: " + "x".repeat(400_000) + "\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n"
        }) {
            answered(raw).fails(Exit.SERVER_FAILED, "answered with broken HTTP: ", "log");
        }
        answered("SSH-2.0-OpenSSH\r\n\r\n").fails(Exit.NO_ANSWER, "without an answer in http", "https://");
    }

    @Test
    void a_refusal_that_breaks_off_is_told_as_far_as_it_came() throws Exception {
        answered("HTTP/1.1 400 Bad Request\r\nContent-Length: 999\r\n\r\nno such attribute")
                .fails(Exit.REFUSED, "with 400: no such attribute", "");
    }
}
