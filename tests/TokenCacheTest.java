//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/Clients.java ../scripts/gettoken.java
//SOURCES ../scripts/sandbox.java Faults.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Clients;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** When a token is handed out again, and when it must not be. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokenCacheTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int MANY = 10;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static String secret;

    @TempDir
    Path folder;

    private Instant now = NOON;

    @BeforeAll
    static void start() {
        secret = Clients.CURL.secret().reveal();
    }

    private ToolRun.Setting tool() {
        return ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", "")
                .env("XDG_CACHE_HOME", folder)
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", secret)
                .clock(() -> now);
    }

    private String token(Object... arguments) {
        return tool().run(arguments).succeeds();
    }

    private static int requests() {
        return sandbox.provider().web().requests().size();
    }

    private void after(Duration time) {
        now = now.plus(time);
    }

    private List<Path> kept() throws IOException {
        Path cache = folder.resolve("arc-scripts");
        if (!Files.exists(cache)) {
            return List.of();
        }
        try (var files = Files.list(cache)) {
            return files.filter(file -> !file.endsWith("locks")).toList();
        }
    }

    @Test
    void the_second_run_makes_no_request() {
        assertEquals(token("-f", "token"), token("-f", "token"));
        assertEquals(1, requests());
    }

    @Test
    void what_is_left_is_counted_from_when_it_arrived_here() throws Json.Malformed {
        Map<String, Object> first = Json.asObject(Json.parse(token()));
        after(Duration.ofSeconds(100));
        Map<String, Object> second = Json.asObject(Json.parse(token()));
        assertEquals("300", first.get("expires_in").toString());
        assertEquals("200", second.get("expires_in").toString());
        assertEquals("0", second.get("refresh_expires_in").toString());
        assertEquals(first.get("access_token"), second.get("access_token"));
        assertEquals(List.copyOf(first.keySet()), List.copyOf(second.keySet()));
    }

    @Test
    void a_token_that_lives_for_less_than_the_least_is_replaced() {
        token();
        after(Duration.ofSeconds(270));
        token();
        assertEquals(1, requests());
        token("--min-ttl", 31);
        assertEquals(2, requests());
        after(Duration.ofSeconds(271));
        token();
        assertEquals(3, requests());
        after(Duration.ofSeconds(299));
        token("--min-ttl", 0);
        assertEquals(3, requests());
        after(Duration.ofSeconds(1));
        token("--min-ttl", 0);
        assertEquals(4, requests());
    }

    @Test
    void a_clock_that_was_set_back_makes_nobody_believe_an_old_token() {
        token();
        after(Duration.ofDays(-1));
        token();
        assertEquals(2, requests());
    }

    @Test
    void a_run_with_another_secret_gets_nothing_of_it() {
        token();
        ToolRun wrong = tool().env("ARC_CLIENT_SECRET", "wrong").run("-f", "token");
        wrong.fails(Exit.REFUSED, "unauthorized_client", "wrong secret");
        token();
        assertEquals(2, requests());
    }

    @Test
    void another_scope_client_method_or_trust_is_another_token() {
        Set<String> tokens = new HashSet<>();
        tokens.add(token("-f", "token"));
        tokens.add(token("-f", "token", "--scope", "openid"));
        tokens.add(token("-f", "token", "--scope", "openid email"));
        tokens.add(token("-f", "token", "--auth-method", "client_secret_basic"));
        tokens.add(token("-f", "token", "--server-cert", "sha256:" + "0".repeat(64)));
        tokens.add(tool().env("ARC_CLIENT_SECRET", Clients.NO_ROLE.secret().reveal())
                .run("-f", "token", "--client-id", Clients.NO_ROLE.id())
                .succeeds());
        tool().run("--realm", "DCM4CHE").fails(Exit.REFUSED, "Realm does not exist", "upper and lower case");
        tool().env("ARC_KEYCLOAK", sandbox.keycloakHttps()).run().fails(Exit.NO_ANSWER, "not trusted", "sha256:");
        assertEquals(6, tokens.size());
        assertTrue(tokens.contains(token("-f", "token")));
    }

    @Test
    void the_secret_itself_is_not_kept() throws IOException {
        token();
        for (Path file : kept()) {
            assertFalse(Files.readString(file).contains(secret));
        }
        assertEquals(1, kept().size());
    }

    @Test
    void a_damaged_file_is_ignored_and_replaced() throws IOException {
        token();
        Path file = kept().getFirst();
        String sound = Files.readString(file);
        List<String> damages = List.of(
                "",
                "garbage",
                "{}",
                "[]",
                sound.substring(0, sound.length() / 2),
                sound.replace("\"arrived\"", "\"departed\""),
                sound.replaceFirst("\"access_token\":\"[^\"]*\"", "\"access_token\":\"a b\""),
                sound.replaceFirst("\"access_token\":\"[^\"]*\"", "\"access_token\":7"),
                sound.replaceFirst("\"expires_in\":\\d+", "\"expires_in\":\"soon\""),
                sound.replaceFirst("\"proof\":\"[0-9a-f]*", "\"proof\":\""),
                sound.replaceFirst("\"proof\":\"[^\"]*\"", "\"proof\":\"\""));
        int requests = requests();
        for (String damage : damages) {
            assertNotEquals(sound, damage);
            Files.writeString(file, damage);
            token();
            assertEquals(++requests, requests(), damage);
            token();
            assertEquals(requests, requests(), damage);
        }
    }

    @Test
    void it_can_be_done_without() throws IOException {
        token("--no-cache");
        assertEquals(List.of(), kept());
        token();
        token("--no-cache");
        assertEquals(3, requests());
        assertEquals(1, kept().size());
    }

    @Test
    void it_can_be_emptied() throws IOException {
        token();
        ToolRun.of(new gettoken())
                .env("XDG_CACHE_HOME", folder)
                .run("--clear-cache")
                .succeeds();
        assertEquals(List.of(), kept());
        token();
        token("--clear-cache");
        assertEquals(3, requests());
        assertEquals(1, kept().size());
    }

    @Test
    void nothing_is_kept_of_an_answer_that_makes_no_sense() throws IOException {
        String sound = "{\"access_token\":\"eyJ.e.s\",\"expires_in\":300";
        List<String> answers = List.of(
                "{\"access_token\":\"" + "x".repeat(2 << 20) + "\",\"expires_in\":300}",
                "\u0000\u0001garbage",
                "",
                "<html><body>Sign in</body></html>",
                "{\"access_token\":\"eyJ",
                "{\"access_token\":{\"a\":1},\"expires_in\":300}",
                "{\"access_token\":\"\",\"expires_in\":300}",
                "{\"access_token\":\"eyJ e.s\",\"expires_in\":300}",
                "{\"access_token\":\"eyJ'; rm -rf\",\"expires_in\":300}",
                "{\"access_token\":\"e\\u00e9\",\"expires_in\":300}",
                "{\"id_token\":\"eyJ.e.s\"}",
                "[" + sound + "}]");
        for (String answer : answers) {
            sandbox.provider().web().faults().next(1, Faults.garbage("application/json", answer));
            ToolRun run = tool().run();
            assertEquals(Exit.SERVER_FAILED.code(), run.exit(), answer.length() + run.toString());
            assertEquals("", run.out());
            assertEquals(List.of(), kept());
        }
        assertEquals(answers.size(), requests());
    }

    @Test
    void an_answer_with_odd_but_sound_members_is_passed_on_and_kept() {
        String answer = "{\"expires_in\":\"300\",\"token_type\":null,\"access_token\":\"opaque==\",\"n\":1e400}";
        sandbox.provider().web().faults().next(1, Faults.garbage("application/json", answer));
        assertEquals(answer + "\n", token());
        assertEquals(answer.replace("\"300\"", "300") + "\n", token());
        assertEquals(1, requests());
    }

    @Test
    void members_besides_the_token_may_be_of_any_type() {
        for (String odd : List.of(
                "\"expires_in\":{}",
                "\"expires_in\":\"soon\"",
                "\"expires_in\":300,\"refresh_expires_in\":true,"
                        + "\"refresh_token\":[\"a\"],\"id_token\":5,\"token_type\":{},\"scope\":[\"a\"]")) {
            String answer = "{\"access_token\":\"eyJ.e.s\"," + odd + "}";
            sandbox.provider().web().faults().next(1, Faults.garbage("application/json", answer));
            assertEquals(answer + "\n", token());
        }
    }

    @Test
    void a_token_with_a_senseless_lifetime_is_not_kept_for_ever() {
        String answer = "{\"access_token\":\"opaque\",\"expires_in\":%s}";
        for (String seconds : List.of("-9223372036854775807", "9223372036854775807")) {
            sandbox.provider().web().faults().next(1, Faults.garbage("application/json", answer.formatted(seconds)));
            assertEquals("opaque\n", token("-f", "token"));
            after(Duration.ofDays(3650));
            assertNotEquals("opaque\n", token("-f", "token"));
            after(Duration.ofDays(1));
        }
        assertEquals(4, requests());
    }

    @Test
    void where_there_can_be_no_cache_there_is_a_warning_and_the_token() {
        ToolRun run = tool().env("XDG_CACHE_HOME", "/proc/self/task").run("-f", "token");
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.out().startsWith("eyJ"));
        assertEquals(1, run.err().lines().count(), run::toString);
        assertTrue(run.err().startsWith("gettoken: warning: no cache: "), run::toString);
        tool().env("XDG_CACHE_HOME", "/proc/self/task").run("-f", "token", "-s").succeeds();
    }

    private Map<String, Object> environment() {
        return Map.of(
                "HOME",
                folder,
                "XDG_CACHE_HOME",
                folder,
                "ARC_KEYCLOAK",
                sandbox.keycloak(),
                "ARC_CLIENT_SECRET",
                secret);
    }

    @Test
    void a_full_disk_earns_a_warning_and_the_token_all_the_same() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"));
        command.addAll(ToolProcess.command("gettoken", List.of(), "-f", "token"));
        ToolRun run = ToolProcess.run(command, environment());
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.out().startsWith("eyJ"));
        assertTrue(run.err().startsWith("gettoken: warning: no cache: cannot write"), run::toString);
        assertEquals(List.of(), kept());
    }

    @Test
    void a_cached_token_opens_no_socket_and_loads_no_class_of_http_or_tls() throws Exception {
        String arguments =
                "-f token --cacert " + folder.resolve("none.pem") + " --server-cert sha256:" + "0".repeat(64);
        now = Instant.now();
        String token = token((Object[]) arguments.split(" "));
        Path loaded = folder.resolve("loaded.txt");
        List<String> flags = List.of("-Xlog:class+load:file=" + loaded);
        ToolRun run =
                ToolProcess.run(ToolProcess.command("gettoken", flags, (Object[]) arguments.split(" ")), environment());
        assertEquals(token, run.succeeds());
        assertEquals(1, requests());
        List<String> network = List.of(
                "java.net.http.",
                "jdk.internal.net.http.",
                "javax.net.",
                "sun.security.ssl.",
                "sun.net.www.protocol.http",
                "java.security.cert.X509",
                "java.security.KeyStore",
                "java.net.Socket",
                "java.net.Proxy",
                "sun.nio.ch.NioSocketImpl",
                "sun.nio.ch.Net ");
        for (String line : Files.readAllLines(loaded)) {
            String name = line.substring(line.indexOf("] ") + 2);
            assertFalse(network.stream().anyMatch(name::startsWith), line);
        }
    }

    @Test
    void a_run_that_is_killed_leaves_no_lock_behind() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        sandbox.provider().web().faults().next(1, Faults.heldUntil(never));
        Process killed = ToolProcess.builder(ToolProcess.command("gettoken", List.of()), environment())
                .start();
        sandbox.provider().web().awaitRequests(1);
        ToolRun meanwhile = tool().run("--no-cache");
        killed.destroyForcibly().waitFor();
        never.countDown();
        ToolRun next = tool().run("-v", "-f", "token");
        assertEquals(0, meanwhile.exit());
        assertEquals(0, next.exit(), next::toString);
        assertFalse(next.err().contains("another run"), next::toString);
        assertEquals(next.out(), token("-f", "token"));
    }

    @Test
    void many_runs_at_once_make_one_request() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        sandbox.provider().web().faults().rule(request -> Faults.heldUntil(answered));
        Path gate = folder.resolve("gate");
        assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
        Map<String, Object> environment = Map.of(
                "HOME",
                folder,
                "XDG_CACHE_HOME",
                folder,
                "ARC_KEYCLOAK",
                sandbox.keycloak(),
                "ARC_CLIENT_SECRET_CMD",
                "echo ready >&2; dd bs=1 count=1 if=gate of=/dev/null 2>/dev/null; cat secret");
        Files.writeString(folder.resolve("secret"), secret);
        List<Process> runs = new ArrayList<>();
        List<BufferedReader> messages = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                Process run = ToolProcess.builder(
                                ToolProcess.command("gettoken", List.of(), "-v", "-f", "token"), environment)
                        .directory(folder.toFile())
                        .start();
                runs.add(run);
                messages.add(run.errorReader(StandardCharsets.UTF_8));
            }
            for (BufferedReader message : messages) {
                assertEquals("ready", message.readLine());
            }
            // A byte for each, and open until all have come: who is late finds the gate open too.
            try (OutputStream opened = Files.newOutputStream(gate)) {
                opened.write(new byte[MANY]);
                int asking = 0;
                for (BufferedReader message : messages) {
                    String line = message.readLine();
                    assertTrue(line.contains("waiting for another run") || line.contains("> POST"), line);
                    asking += line.contains("> POST") ? 1 : 0;
                }
                assertEquals(1, asking);
            }
            answered.countDown();
            Set<String> tokens = new HashSet<>();
            for (Process run : runs) {
                tokens.add(new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                assertEquals(0, run.waitFor());
            }
            assertEquals(1, tokens.size());
            assertEquals(1, requests());
        } finally {
            answered.countDown();
            runs.forEach(Process::destroyForcibly);
        }
    }
}
