//SOURCES ../lib/base/Exit.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java ../lib/sandbox/WebRequest.java
//SOURCES ../scripts/arcget.java ../scripts/gettoken.java ../scripts/sandbox.java Faults.java TestSandbox.java
//SOURCES ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** When a token that arcget fetched is replaced during a run, and that a given one never is. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RenewalTest {
    private static final Fault UNAUTHORIZED =
            Faults.status(401, "text/html", "<html>", "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    private static final Fault FORBIDDEN = Faults.status(403, "text/html", "<html>Forbidden</html>");
    private static final Object[] THREE = {"-j", 1, "studies/count", "series/count", "patients/count"};

    private static volatile Instant now;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox(() -> now);

    @TempDir
    Path folder;

    @BeforeEach
    void forget() {
        now = Instant.parse("2026-11-22T12:00:00Z");
    }

    /** arcget with the settings of {@code client}, one request at a time. */
    private static ToolRun.Setting tool(Clients.Client client) {
        return ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_ID", client.id())
                .env("ARC_CLIENT_SECRET", client.secret().reveal())
                .clock(() -> now);
    }

    private ToolRun.Setting cached() {
        return tool(Clients.CURL).env("ARC_NO_CACHE", "").env("XDG_CACHE_HOME", folder);
    }

    /** Advances the clock by these seconds at each request to the archive, by the last number at all further ones. */
    private static void requestsTake(int... seconds) {
        AtomicInteger next = new AtomicInteger();
        sandbox.archiveServer().web().faults().rule(request -> {
            now = now.plusSeconds(seconds[Math.min(next.getAndIncrement(), seconds.length - 1)]);
            return Fault.none();
        });
    }

    /** How many tokens were requested, not counting requests for the provider's keys. */
    private static int tokens() {
        return (int) sandbox.provider().web().requests().stream()
                .filter(request -> request.path().endsWith("/token"))
                .count();
    }

    private static List<String> grants() {
        List<String> grants = new ArrayList<>();
        for (WebRequest request : sandbox.provider().web().requests()) {
            grants.add(request.form().get("grant_type").getFirst());
        }
        return grants;
    }

    private static List<String> sent() {
        List<String> sent = new ArrayList<>();
        for (WebRequest request : sandbox.archiveServer().web().requests()) {
            sent.add(request.header("Authorization"));
        }
        return sent;
    }

    @Test
    void a_token_is_used_as_long_as_it_has_more_than_30_seconds() {
        requestsTake(134);
        tool(Clients.CURL).run("-j", 1, "studies/count", "series/count").succeeds();
        assertEquals(1, tokens());
    }

    @Test
    void one_that_has_less_is_renewed_before_it_is_refused() {
        requestsTake(271);
        tool(Clients.CURL).run(THREE).succeeds();
        assertEquals(3, tokens());
        assertEquals(3, sent().size(), "none was refused");
    }

    @Test
    void one_that_lives_for_20_seconds_is_used_for_10() {
        requestsTake(5);
        tool(Clients.SHORT).run(THREE).succeeds();
        assertEquals(2, tokens());
        assertEquals(sent().get(0), sent().get(1));
    }

    @Test
    void one_from_the_cache_is_renewed_in_time_too() {
        cached().run("studies/count").succeeds();
        requestsTake(80);
        cached().run(THREE).succeeds();
        assertEquals(1, tokens());
        requestsTake(35);
        cached().run("-j", 1, "studies/count", "series/count").succeeds();
        assertEquals(2, tokens());
        assertEquals(6, sent().size(), "none was refused");
    }

    @Test
    void a_provider_that_is_gone_for_a_moment_does_not_end_a_run_whose_token_still_lives() {
        requestsTake(280, 0);
        sandbox.provider().web().faults().next(1, Fault.none());
        sandbox.provider().web().faults().next(1, Faults.status(500, "text/plain", "busy"));
        ToolRun run = tool(Clients.CURL).run("-j", 1, "studies/count", "series/count");
        assertEquals("{\"count\":4}\n{\"count\":8}\n", run.succeeds());
        assertEquals(sent().get(0), sent().get(1));
        assertEquals(2, tokens());
    }

    @Test
    void a_refused_token_is_replaced_once() {
        sandbox.archiveServer().web().faults().next(1, UNAUTHORIZED);
        tool(Clients.CURL).run("studies/count").succeeds();
        assertEquals(2, tokens());
        assertFalse(sent().get(0).equals(sent().get(1)));
    }

    @Test
    void where_its_replacement_is_refused_alike_there_is_no_third() {
        sandbox.archiveServer().web().faults().rule(request -> UNAUTHORIZED);
        ToolRun run = tool(Clients.CURL).run(THREE);
        run.fails(Exit.REFUSED, "(401)", "");
        assertEquals(2, tokens());
    }

    @Test
    void a_refused_token_is_replaced_in_the_cache_too() {
        cached().run("studies/count").succeeds();
        sandbox.provider().rotateKey();
        cached().run("studies/count").succeeds();
        cached().run("studies/count").succeeds();
        assertEquals(2, tokens());
        assertEquals(4, sent().size());
    }

    @Test
    void what_another_run_has_renewed_already_is_used() {
        cached().run("studies/count").succeeds();
        ToolRun.Setting other = ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", "")
                .env("XDG_CACHE_HOME", folder)
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .clock(() -> now);
        boolean[] refused = {false};
        sandbox.archiveServer().web().faults().rule(request -> {
            if (refused[0]) {
                return Fault.none();
            }
            refused[0] = true;
            other.run("--min-ttl", 301).succeeds();
            return UNAUTHORIZED;
        });
        cached().run("studies/count").succeeds();
        assertEquals(2, tokens());
    }

    @Test
    void a_cached_token_that_may_lack_a_new_role_is_replaced_once() {
        cached().run("studies/count").succeeds();
        sandbox.archiveServer().web().faults().next(1, FORBIDDEN);
        cached().run("studies/count").succeeds();
        assertEquals(2, tokens());
        assertEquals(3, sent().size());
    }

    @Test
    void where_the_provider_is_gone_the_archives_own_refusal_is_told() {
        cached().run("studies/count").succeeds();
        sandbox.archiveServer().web().faults().next(1, FORBIDDEN);
        sandbox.provider().web().faults().next(1, Faults.status(500, "text/plain", "busy"));
        cached().run("/ctrl/status").fails(Exit.REFUSED, "refused access (403)", "");
        sandbox.archiveServer().web().faults().next(1, UNAUTHORIZED);
        sandbox.provider().web().faults().next(1, Faults.status(500, "text/plain", "busy"));
        cached().run("/ctrl/status").fails(Exit.SERVER_FAILED, "500", "");
    }

    @Test
    void a_fresh_token_that_lacks_a_role_is_not_replaced() {
        tool(Clients.NO_ROLE).run("studies/count").fails(Exit.REFUSED, "auth is missing", "assign the role");
        assertEquals(1, tokens());
    }

    @Test
    void a_given_token_is_never_replaced() {
        String given = sandbox.token();
        sandbox.archiveServer().web().faults().next(1, UNAUTHORIZED);
        tool(Clients.CURL).stdin(given).run("studies/count").fails(Exit.REFUSED, "(401)", "");
        now = now.plusSeconds(299);
        tool(Clients.CURL).stdin(given).run("studies/count").succeeds();
        now = now.plusSeconds(1);
        tool(Clients.CURL).stdin(given).run("studies/count").fails(Exit.REFUSED, "expired", "gettoken");
        assertEquals(0, tokens());
    }

    @Test
    void one_that_runs_out_on_the_way_leaves_the_answer_incomplete() {
        requestsTake(100);
        ToolRun run = tool(Clients.CURL).stdin(sandbox.token()).run(THREE);
        run.says(Exit.INCOMPLETE, "the token ran out on the way", "go on with a fresh token from");
        assertTrue(run.out().startsWith("{\"count\":4}\n{\"count\":8}\n"), run::toString);
        assertEquals(0, tokens());
    }

    @Test
    void a_persons_login_is_renewed_by_its_refresh_token() {
        requestsTake(280);
        ToolRun.Setting joe = tool(Clients.CURL)
                .env("ARC_GRANT", "password")
                .env("ARC_USERNAME", "joe")
                .env("ARC_PASSWORD", "joe-secret");
        joe.run(THREE).succeeds();
        assertEquals(List.of("password", "refresh_token", "refresh_token"), grants());
        sandbox.archiveServer().web().faults().clear();
        sandbox.archiveServer().web().faults().next(1, UNAUTHORIZED);
        joe.run("studies/count").succeeds();
        assertEquals(List.of("password", "refresh_token"), grants().subList(3, 5));
    }
}
