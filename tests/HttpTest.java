//SOURCES ToolRun.java ../lib/base/Exit.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/Sandbox.java ../scripts/arcget.java ../scripts/gettoken.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import lib.base.Exit;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.Sandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What is repeated, how long is waited, and whose clock is wrong. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HttpTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String TOKEN = "{\"access_token\":\"eyJ.e.s\",\"expires_in\":300}";

    private static Sandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(() -> NOON);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void recover() {
        sandbox.provider().faults().clear();
        sandbox.provider().web().forgetRequests();
    }

    private static ToolRun.Setting tool() {
        return ToolRun.of(new gettoken())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .clock(() -> NOON);
    }

    private static int requests() {
        return sandbox.provider().web().requests().size();
    }

    private static Fault busy(int status, String... headers) {
        return Fault.status(status, "text/plain", "busy", headers);
    }

    private static String httpDate(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME
                .format(time.atOffset(ZoneOffset.UTC))
                .replace(", 1 ", ", 01 ");
    }

    private static void assertPauses(String milliseconds, Fault fault) {
        sandbox.provider().faults().next(1, fault);
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
        sandbox.provider().faults().next(2, busy(503, "Retry-After", "whenever"));
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
        sandbox.provider().faults().next(2, Fault.reset());
        tool().run("-f", "token").succeeds();
        assertEquals(3, requests());
        sandbox.provider().faults().next(2, Fault.reset());
        ToolRun run = tool().env("ARC_KEYCLOAK", sandbox.keycloakHttps()).run("-k", "-f", "token");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(6, requests());
    }

    @Test
    void enough_is_enough() {
        sandbox.provider().faults().next(9, busy(503, "Retry-After", "0"));
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
            sandbox.provider().faults().next(1, busy(status, "Retry-After", "0"));
            ToolRun run = tool().run();
            assertEquals(status < 500 ? 4 : 5, run.exit(), run::toString);
            assertEquals(1, requests());
        }
    }

    @Test
    void no_wait_is_longer_than_the_time_there_is() {
        sandbox.provider().faults().next(1, busy(503, "Retry-After", "3600"));
        tool().run("--max-time", 5).fails(Exit.SERVER_FAILED, "503", "");
        assertEquals(1, requests());
    }

    @Test
    void a_server_that_is_too_slow_is_given_up_and_not_asked_again() {
        sandbox.provider().faults().next(9, Fault.silence());
        tool().run("--first-byte-timeout", 1).fails(Exit.NO_ANSWER, "did not answer in time", "--first-byte-timeout");
        assertEquals(1, requests());
    }

    @Test
    void the_limit_for_everything_is_named_as_such() {
        sandbox.provider().faults().next(9, Fault.silence());
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
        sandbox.provider().faults().next(2, busy(503, "Retry-After", "0", "Date", date));
        sandbox.provider().faults().next(1, Fault.status(200, "application/json", TOKEN, "Date", date));
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
            "Sun, 22 Xxx 2026 12:00:00 GMT",
            "Sun, 22 Nov 2026 aa:00:00 GMT"
        }) {
            sandbox.provider().faults().next(1, Fault.status(200, "application/json", TOKEN, "Date", date));
            assertEquals("eyJ.e.s\n", tool().run("-f", "token").succeeds());
        }
        String old = httpDate(NOON.minus(Duration.ofDays(1)));
        sandbox.provider().faults().next(1, Fault.status(200, "application/json", TOKEN, "Date", old, "Age", "86400"));
        tool().run("-f", "token").succeeds();
    }

    @Test
    void the_archives_clock_is_looked_at_too() {
        ToolRun run = ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .env("ARC_TOKEN", sandbox.provider().mint(Map.of(), Map.of()))
                .clock(() -> NOON.plusSeconds(40))
                .run("studies/count");
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
}
