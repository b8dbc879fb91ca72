//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Messages.java ../lib/base/Problem.java
//SOURCES ../lib/http/Http.java ../lib/http/Proxies.java ../lib/http/Tls.java ../lib/oidc/BrowserGrant.java
//SOURCES ../lib/oidc/ClientAuth.java ../lib/oidc/Provider.java ../lib/oidc/TokenRequest.java
//SOURCES ../lib/oidc/TokenResponse.java ../lib/sandbox/Clients.java ../scripts/gettoken.java ../scripts/sandbox.java
//SOURCES Faults.java LoginRun.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Proxies;
import lib.http.Tls;
import lib.oidc.BrowserGrant;
import lib.oidc.ClientAuth;
import lib.oidc.Provider;
import lib.oidc.TokenRequest;
import lib.oidc.TokenResponse;
import lib.sandbox.Clients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The login in a browser, and what else may knock at the port that waits for its end. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoginTest {
    @RegisterExtension
    final TestSandbox sandbox = new TestSandbox();

    private HttpClient browser;

    @BeforeEach
    void start() {
        browser = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    @AfterEach
    void stop() {
        browser.shutdownNow();
    }

    @Test
    void a_login_in_the_browser_brings_a_token() throws Exception {
        LoginRun run = login("--scope=openid", "--param=kc_idp_hint=ward", "-v");
        String url = run.url();
        HttpResponse<String> page = get(url);

        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("You are logged in"), page::body);
        ToolRun end = run.end();
        assertEquals(0, end.exit(), end::toString);
        assertTrue(end.out().contains("\"id_token\""));
        assertEquals("S256", parameter(url, "code_challenge_method"));
        assertEquals("ward", parameter(url, "kc_idp_hint"));
        assertTrue(URI.create(parameter(url, "redirect_uri")).getAuthority().startsWith("127.0.0.1:"));
        String code = parameter(page.uri().toString(), "code");
        assertFalse(end.err().contains(code), end::err);
        assertEquals(1, end.err().split(Pattern.quote(parameter(url, "state")), -1).length - 1, end::err);
        assertThrows(ConnectException.class, () -> get(parameter(url, "redirect_uri")));
    }

    @Test
    void what_does_not_belong_to_the_login_is_refused_and_the_wait_goes_on() throws Exception {
        LoginRun run = login();
        String url = run.url();
        URI back = URI.create(parameter(url, "redirect_uri"));
        String state = parameter(url, "state");
        String issuer = sandbox.keycloak() + "/realms/dcm4che";

        try (Socket silent = new Socket(back.getHost(), back.getPort())) {
            assertEquals(404, get(back.resolve("/favicon.ico").toString()).statusCode());
            assertEquals(
                    404,
                    get(back.resolve("/callback/x?code=x&state=" + state).toString())
                            .statusCode());
            assertEquals(403, get(back + "?code=x").statusCode());
            assertEquals(403, get(back + "?code=x&state=wrong").statusCode());
            assertEquals(
                    403,
                    get(back + "?code=x&state=" + state + "&state=" + state).statusCode());
            assertEquals(
                    403,
                    get(back + "?code=x&state=" + state + "&iss=https://evil.example")
                            .statusCode());
            assertEquals(400, get(back + "?state=" + state).statusCode());
            assertEquals(400, get(back + "?code=&state=" + state).statusCode());
            assertEquals(400, get(back + "?error=&state=" + state).statusCode());
            assertEquals(400, get(back + "?code=x&error=y&state=" + state).statusCode());
            assertEquals(404, get(back.resolve("/start/x").toString()).statusCode());
            assertTrue(raw(back, "GET", "rebound.example").startsWith("HTTP/1.1 421 "));
            assertTrue(raw(back, "POST", back.getAuthority()).startsWith("HTTP/1.1 405 "));
            HttpResponse<String> reflected = get(back + "?code=%3Cscript%3E&state=%3Cb%3E");
            assertFalse(reflected.body().contains("script") || reflected.body().contains("<b>"), reflected::body);
            assertTrue(silent.isConnected());

            assertEquals(200, get(url).statusCode());
        }
        ToolRun end = run.end();
        assertEquals(0, end.exit(), end::toString);
        assertTrue(end.err().contains("warning: a login came back from https://evil.example, and " + issuer), end::err);
    }

    @Test
    void a_provider_that_always_says_who_it_is_must_say_so() throws Exception {
        LoginRun run = LoginRun.start(
                new gettoken(),
                Map.of(
                        "ARC_NO_CACHE",
                        "true",
                        "ARC_CLIENT_SECRET",
                        Clients.CURL.secret().reveal()),
                "--issuer=" + sandbox.keycloak() + "/realms/dcm4che",
                "--grant=authorization_code");
        String url = run.url();

        assertEquals(
                403,
                get(parameter(url, "redirect_uri") + "?code=x&state=" + parameter(url, "state"))
                        .statusCode());
        assertEquals(200, get(url).statusCode());
        assertEquals(0, run.end().exit());
    }

    @Test
    void a_login_that_the_person_cancels_is_refused() throws Exception {
        LoginRun run = login();
        String url = run.url();
        HttpResponse<String> page = get(parameter(url, "redirect_uri")
                + "?error=access_denied&error_description=%1b%5b2J&state=" + parameter(url, "state"));

        assertTrue(page.body().contains("did not succeed"), page::body);
        ToolRun end =
                run.end().after("to log in, open ").says(Exit.REFUSED, "access_denied: \\u001b[2J", "run it again");
        assertEquals("", end.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | <p>Invalid parameter: redirect_uri</p> | refused the redirect URI http://127.0.0.1: | register http://127.0.0.1/callback in Clients > curl > Settings > Valid redirect URIs
            400 | <p>Client not found.</p>               | unknown or disabled                         | is client curl spelt
            400 | <p>Something else</p>                  | refused to start a login                    | --client-id
            """)
    void a_provider_that_would_tell_the_browser_alone_is_asked_first(
            int status, String page, String message, String hint) {
        sandbox.provider().web().faults().next(1, Faults.status(status, "text/html", page));

        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("--keycloak=" + sandbox.keycloak(), "--grant=authorization_code")
                .fails(Exit.REFUSED, message, hint);
    }

    @Test
    void a_refusal_in_a_redirect_that_is_no_uri_is_read_all_the_same() {
        sandbox.provider().web().faults().rule(request -> {
            Matcher back = Pattern.compile("redirect_uri=([^&]*)").matcher(request.query());
            assertTrue(back.find());
            String location = URLDecoder.decode(back.group(1), StandardCharsets.UTF_8)
                    + "?error=access_denied&error_description=a b|\"<c>#d";
            return Faults.status(302, "text/plain", "", "Location", location);
        });

        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("--keycloak=" + sandbox.keycloak(), "--grant=authorization_code")
                .fails(Exit.REFUSED, "access_denied: a b|\"<c>", "run it again");
    }

    @Test
    void a_server_of_the_old_layout_is_found_for_the_browser_too() throws Exception {
        sandbox.provider().servePrefix("/auth");
        String base = "http://" + sandbox.keycloak().getAuthority();
        LoginRun run = LoginRun.start(
                new gettoken(),
                Map.of(
                        "ARC_NO_CACHE",
                        "true",
                        "ARC_CLIENT_SECRET",
                        Clients.CURL.secret().reveal()),
                "--keycloak=" + base,
                "--grant=authorization_code");

        assertTrue(run.url().startsWith(base + "/auth/realms/dcm4che/"));
        assertEquals(200, get(run.url()).statusCode());
        assertEquals(0, run.end().exit());
    }

    @Test
    void nobody_is_waited_for_longer_than_the_patience_lasts() {
        Problem problem = assertThrows(Problem.class, () -> redeem(uri -> {}, Duration.ofMillis(1)));

        assertEquals(Exit.NO_ANSWER, problem.exit());
        assertTrue(problem.hint().contains("device_code"), problem::hint);
    }

    @Test
    void the_limit_for_everything_counts_for_the_person_too() throws Exception {
        login("--max-time=1")
                .end()
                .after("to log in, open ")
                .says(Exit.NO_ANSWER, "nobody logged in within --max-time", "device_code");
    }

    @Test
    void the_desktop_gets_a_link_that_tells_nothing_and_leads_on_once() throws Exception {
        CompletableFuture<URI> opened = new CompletableFuture<>();
        CompletableFuture<TokenResponse> token = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> token.complete(redeem(opened::complete, Duration.ofMinutes(1))));
        String link = opened.get().toString();

        assertTrue(link.matches("http://127\\.0\\.0\\.1:\\d+/start/[0-9a-f-]{36}"), link);
        assertEquals(200, get(link).statusCode());
        assertTrue(token.get().members().containsKey("access_token"));
    }

    private TokenResponse redeem(Consumer<URI> opener, Duration patience) {
        Io io = new Io(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new Messages("gettoken", OutputStream.nullOutputStream(), false, false),
                Map.of(),
                InstantSource.system(),
                descriptor -> false);
        Duration limit = Duration.ofSeconds(30);
        Tls tls = new Tls(false, List.of(), List.of(), null, io.clock());
        try (Http http =
                new Http(tls, Proxies.of(null, io), new Http.Limits(limit, limit, limit, Duration.ZERO, 0), io)) {
            return new TokenRequest(
                            Provider.discoveredAt(URI.create(sandbox.keycloak() + "/realms/dcm4che")),
                            new ClientAuth(ClientAuth.POST, "curl", Clients.CURL.secret(), io.clock()),
                            new BrowserGrant(io, opener, patience),
                            null,
                            List.of(),
                            http)
                    .send();
        }
    }

    private LoginRun login(Object... more) {
        Object[] arguments = new Object[more.length + 2];
        arguments[0] = "--keycloak=" + sandbox.keycloak();
        arguments[1] = "--grant=authorization_code";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return LoginRun.start(
                new gettoken(),
                Map.of(
                        "ARC_NO_CACHE",
                        "true",
                        "ARC_CLIENT_SECRET",
                        Clients.CURL.secret().reveal()),
                arguments);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(URI to, String method, String host) throws IOException {
        try (Socket socket = new Socket(to.getHost(), to.getPort())) {
            String request = method + " " + to.getPath() + " HTTP/1.1\r\nHost: " + host
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String parameter(String url, String name) {
        Matcher value = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
        assertTrue(value.find(), () -> name + " in " + url);
        return URLDecoder.decode(value.group(1), StandardCharsets.UTF_8);
    }
}
