//SOURCES ../lib/base/Exit.java ../lib/sandbox/Certificates.java ../lib/sandbox/WebRequest.java
//SOURCES ../lib/sandbox/WebResponse.java ../lib/sandbox/WebServer.java ../scripts/gettoken.java ../scripts/sandbox.java
//SOURCES Faults.java Permissions.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Certificates;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;
import lib.sandbox.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the cached refresh token of a person's login is good for. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefreshTest {
    private final WebServer server =
            new WebServer(this::answer, Certificates.loopback().context(), null);
    private final List<String> asked = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private boolean rotates = true;
    private int refreshLifetime = 1800;
    private String valid;

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private synchronized WebResponse answer(WebRequest request) {
        Map<String, List<String>> form = request.form();
        String grant = form.get("grant_type").getFirst();
        asked.add(grant);
        boolean refreshing = grant.equals("refresh_token");
        if (refreshing && !form.get("refresh_token").getFirst().equals(valid)) {
            return WebResponse.json(400, Map.of("error", "invalid_grant", "error_description", "Session not active"));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("access_token", "access." + asked.size() + ".x");
        members.put("expires_in", 300);
        if (!refreshing || rotates) {
            valid = "refresh-" + asked.size();
            members.put("refresh_token", valid);
            members.put("refresh_expires_in", refreshLifetime);
        }
        members.put("token_type", "Bearer");
        return WebResponse.json(200, members);
    }

    private ToolRun.Setting tool() {
        return ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", "")
                .env("XDG_CACHE_HOME", folder)
                .env("ARC_TOKEN_ENDPOINT", server.http() + "/token")
                .env("ARC_CLIENT_SECRET", "s")
                .env("ARC_GRANT", "password")
                .env("ARC_USERNAME", "ann")
                .env("ARC_PASSWORD", "pass")
                .clock(() -> now);
    }

    private String token() {
        return tool().run("-f", "token").succeeds().strip();
    }

    private void after(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }

    @Test
    void it_comes_before_the_password_and_is_rotated() {
        assertEquals("access.1.x", token());
        assertEquals("access.1.x", token());
        after(280);
        assertEquals("access.2.x", token());
        assertEquals("access.2.x", token());
        after(280);
        assertEquals("access.3.x", token());
        assertEquals(List.of("password", "refresh_token", "refresh_token"), asked);
    }

    @Test
    void one_that_is_not_rotated_is_used_again_until_it_has_run_out() {
        rotates = false;
        token();
        for (int i = 0; i < 3; i++) {
            after(500);
            token();
        }
        after(500);
        token();
        assertEquals(List.of("password", "refresh_token", "refresh_token", "refresh_token", "password"), asked);
    }

    @Test
    void one_that_never_runs_out_says_0() {
        refreshLifetime = 0;
        token();
        after(90_000);
        token();
        assertEquals(List.of("password", "refresh_token"), asked);
    }

    @Test
    void what_parameters_changed_is_not_refreshed_without_them() {
        for (int i = 0; i < 2; i++) {
            tool().run("-f", "token", "--param=audience=arc").succeeds();
            after(280);
        }
        assertEquals(List.of("password", "password"), asked);
    }

    @Test
    void one_that_is_spent_is_not_sent_again_where_it_was_given_from_a_file() throws Exception {
        valid = "given";
        Path given = Permissions.ownFile(folder.resolve("given"), valid);
        for (int i = 1; i <= 3; i++) {
            String token = tool().env("ARC_GRANT", "refresh_token")
                    .run("-f", "token", "--refresh-token-file=" + given, "--scope=openid", "--param=audience=arc")
                    .succeeds();
            assertEquals("access." + i + ".x", token.strip());
            Map<String, List<String>> form = server.requests().getLast().form();
            assertEquals(List.of("openid"), form.get("scope"));
            assertEquals(List.of("arc"), form.get("audience"));
            after(280);
        }
        assertEquals(List.of("refresh_token", "refresh_token", "refresh_token"), asked);
    }

    @Test
    void where_it_is_refused_the_password_is_sent() {
        token();
        after(280);
        valid = "ended by the administrator";
        assertEquals("access.3.x", token());
        assertEquals(List.of("password", "refresh_token", "password"), asked);
    }

    @Test
    void another_users_and_another_passwords_are_left_alone() {
        token();
        after(280);
        tool().env("ARC_USERNAME", "bob").run("-f", "token").succeeds();
        tool().env("ARC_PASSWORD", "other").run("-f", "token").succeeds();
        tool().env("ARC_CLIENT_SECRET", "other").run("-f", "token").succeeds();
        assertEquals(List.of("password", "password", "password", "password"), asked);
    }

    @Test
    void it_is_not_sent_twice_where_the_answer_is_lost() {
        token();
        after(280);
        server.faults().next(1, Faults.reset());
        ToolRun run = tool().run();
        assertEquals(Exit.NO_ANSWER.code(), run.exit(), run::toString);
        assertEquals(2, server.requests().size());
        assertFalse(run.err().contains("refresh-1"), run::toString);
    }

    @Test
    void what_is_left_of_it_is_said() {
        token();
        after(100);
        String json = tool().run().succeeds();
        assertTrue(json.contains("\"refresh_expires_in\":1700"), json);
        assertTrue(json.contains("\"expires_in\":200"), json);
    }
}
