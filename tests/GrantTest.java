//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Messages.java ../lib/base/Problem.java
//SOURCES ../lib/http/Http.java ../lib/http/Proxies.java ../lib/http/Tls.java ../lib/json/Json.java
//SOURCES ../lib/oidc/ClientAuth.java ../lib/oidc/DeviceGrant.java ../lib/oidc/Grant.java ../lib/oidc/Provider.java
//SOURCES ../lib/oidc/TokenRequest.java ../lib/oidc/TokenResponse.java ../lib/sandbox/Clients.java
//SOURCES ../lib/sandbox/Fault.java ../lib/sandbox/Sandbox.java ../lib/sandbox/WebRequest.java ../scripts/decodejwt.java
//SOURCES ../scripts/gettoken.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Proxies;
import lib.http.Tls;
import lib.json.Json;
import lib.oidc.ClientAuth;
import lib.oidc.DeviceGrant;
import lib.oidc.Grant;
import lib.oidc.Provider;
import lib.oidc.TokenRequest;
import lib.oidc.TokenResponse;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.Sandbox;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is given in exchange for a token, and what is said where that is refused. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GrantTest {
    private static final String USER_SECRET = "joe-secret";

    @RegisterExtension
    final TestSandbox sandbox = new TestSandbox();

    @TempDir
    Path folder;

    @Test
    void a_password_brings_a_token_and_a_refresh_token_another() throws Exception {
        String first = gettoken("--grant=password", "-u=joe", "--password-file=" + file(USER_SECRET))
                .succeeds();
        gettoken("--grant=refresh_token", "--refresh-token-file=" + file(first)).succeeds();

        String bare = (String) Json.asObject(Json.parse(first)).get("refresh_token");
        ToolRun run = sandbox.gettoken()
                .env("ARC_NO_CACHE", true)
                .stdin(bare + "\n")
                .run("--grant=refresh_token", "--refresh-token-file=-", "-v");
        assertEquals(0, run.exit(), run::toString);
        assertFalse(run.err().contains(bare));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RT=TOKEN",
                "export RT='TOKEN'",
                "refresh_token=TOKEN",
                "{'access_token': 'x', 'refresh_token': 'TOKEN'}",
                "\u001b[32m\"TOKEN\"\u001b[0m",
                "%22TOKEN%22%0A"
            })
    void a_refresh_token_is_found_in_its_wrapping(String wrapping) throws Exception {
        String first = gettoken("--grant=password", "-u=joe", "--password-file=" + file(USER_SECRET))
                .succeeds();
        String token = (String) Json.asObject(Json.parse(first)).get("refresh_token");
        gettoken("--grant=refresh_token", "--refresh-token-file=" + file(wrapping.replace("TOKEN", token)))
                .succeeds();
        assertEquals(List.of(token), requests().getLast().form().get("refresh_token"));
    }

    @Test
    void what_is_no_refresh_token_is_not_sent_as_one() throws Exception {
        for (String text : List.of("{\"access_token\":\"abc\"}", "<html>", "{\"error\":\"x\"}", "a b")) {
            ToolRun run = gettoken("--grant=refresh_token", "--refresh-token-file=" + file(text));
            assertEquals(Exit.BAD_TOKEN.code(), run.exit(), run::toString);
        }
        assertEquals(List.of(), requests());
    }

    @Test
    void a_one_time_code_and_parameters_are_sent_along() throws Exception {
        gettoken(
                        "--grant=password",
                        "-u=joe",
                        "--password-file=" + file(USER_SECRET),
                        "--totp=123456",
                        "--param=a=b=c",
                        "--param=d=",
                        "--scope=openid")
                .succeeds();

        Map<String, List<String>> form = requests().getLast().form();
        assertEquals(List.of("123456"), form.get("totp"));
        assertEquals(List.of("b=c"), form.get("a"));
        assertEquals(List.of(""), form.get("d"));
        assertEquals(List.of("openid"), form.get("scope"));
    }

    @Test
    void any_other_grant_is_sent_as_it_is() {
        gettoken("--grant=urn:x:y", "--param=resource=1", "--param=resource=2", "--param=username=joe")
                .fails(Exit.REFUSED, "unsupported_grant_type", "does not know the grant urn:x:y");

        assertEquals(List.of("urn:x:y"), requests().getLast().form().get("grant_type"));
        assertEquals(List.of("1", "2"), requests().getLast().form().get("resource"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --grant=pasword                     | --grant cannot be 'pasword'   | did you mean password?
            --grant=password                    | no user given for the password grant | --username
            --grant=refresh_token               | no refresh token              | --refresh-token-file
            -u=joe                              | the grant client_credentials takes none | --grant password
            -u=joe --grant=device_code          | the grant device_code takes none | --grant password
            -u=joe --grant=urn:x:y              | the grant urn:x:y takes none  | --grant password
            --param=novalue                     | a --param without a name      | NAME=VALUE
            --param=client_secret=x             | --param cannot set client_secret | --client-secret
            --param=grant_type=x                | --param cannot set grant_type | --grant
            --param=password=x                  | --param cannot set password   | --password-file
            --param=code_verifier=x             | --param cannot set code_verifier | leave it out
            --grant=urn:x:y --param=client_assertion=x | --param cannot set client_assertion | --auth-method
            --auth-method=tls_client_auth       | no certificate for tls_client_auth | --cert
            --auth-method=private_key_jwt       | no key for private_key_jwt    | --assertion-key
            """)
    void what_is_missing_or_wrong_is_said_before_anything_is_sent(String arguments, String message, String hint) {
        gettoken((Object[]) arguments.split(" ")).fails(Exit.USAGE, message, hint);

        assertEquals(List.of(), requests());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            invalid_grant       | Invalid user credentials                                | --grant=password       | wrong name or password for joe, a one-time code is due (--totp)
            invalid_grant       | Account disabled                                        | --grant=password       | Users > joe > Enabled
            invalid_grant       | Account is not fully set up                             | --grant=password       | Required user actions
            invalid_request     | Missing parameter: username                             | --grant=password       | --username
            unauthorized_client | Client not allowed for direct access grants             | --grant=password       | Clients > curl > Settings > Direct access grants
            invalid_grant       | Invalid refresh token                                   | --grant=refresh_token  | --grant password, device_code or authorization_code
            invalid_grant       | Invalid refresh token. Token client and authorized client don't match | --grant=refresh_token | --client-id
            invalid_grant       | Session not active                                      | --grant=refresh_token  | the session has ended
            invalid_request     | No refresh token                                        | --grant=refresh_token  | --refresh-token-file
            invalid_client      | Bearer-only not allowed                                 | --scope=x              | --client-id
            access_denied       | Realm not enabled                                       | --scope=x              | Realm settings > Enabled
            invalid_request     | HTTPS required                                          | --scope=x              | Require SSL
            invalid_scope       | Invalid scopes: x                                       | --scope=x              | leave out --scope, or add x
            invalid_client      | Multiple audiences not allowed                          | --scope=x              | see Clients
            invalid_client      | Client authentication with signed JWT failed: Invalid token audience | --scope=x | --issuer
            invalid_request     | Standard token exchange is not enabled for the requested client | --grant=urn:x:y | Settings > Standard Token Exchange
            invalid_request     | Invalid token                                           | --grant=urn:x:y        | aud
            invalid_request     | Requested audience not available: X                     | --grant=urn:x:y        | --param audience
            unsupported_grant_type | Unsupported grant_type                               | --grant=refresh_token  | does not know the grant refresh_token
            """)
    void a_refusal_names_what_cures_it(String error, String description, String arguments, String hint)
            throws Exception {
        sandbox.provider()
                .web()
                .faults()
                .next(
                        1,
                        Faults.status(
                                400,
                                "application/json",
                                Json.compact(Map.of("error", error, "error_description", description))));

        gettokenFor("joe", arguments, "--password-file=" + file(USER_SECRET), "--refresh-token-file=" + file("abc"))
                .fails(Exit.REFUSED, error + ": " + description, hint);
        assertEquals(1, requests().size());
    }

    @ParameterizedTest
    @CsvSource({"400, application/json", "400, text/html", "500, application/json"})
    void a_server_that_repeats_the_request_gives_no_secret_away(int status, String type) throws Exception {
        String clientSecret = "a+b/c=d&e-client";
        String body = "client_secret=a%2Bb%2Fc%3Dd%26e-client " + clientSecret + " password=" + USER_SECRET;
        sandbox.provider()
                .web()
                .faults()
                .next(
                        1,
                        Faults.status(
                                status,
                                type,
                                type.equals("text/html")
                                        ? body
                                        : Json.compact(Map.of("error", "invalid_request", "error_description", body))));

        ToolRun run = gettoken(
                "--grant=password",
                "-u=joe",
                "--password-file=" + file(USER_SECRET),
                "--client-secret-file=" + file(clientSecret));
        assertTrue(run.err().contains("client_secret=[redacted] [redacted] password=[redacted]"), run::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https:foo", "https:///x", "http://127.0.0.1:99999/x", "http://u:p@127.0.0.1/x", "http:"})
    void a_discovered_address_that_cannot_be_one_is_a_failure_of_the_server(String address) {
        String issuer = "http://" + sandbox.keycloak().getAuthority() + "/realms/dcm4che";
        sandbox.provider()
                .web()
                .faults()
                .next(
                        1,
                        Faults.garbage(
                                "application/json", Json.compact(Map.of("issuer", issuer, "token_endpoint", address))));

        ToolRun.of(new gettoken())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .env("ARC_NO_CACHE", true)
                .run("--issuer=" + issuer)
                .fails(Exit.SERVER_FAILED, "has no usable token_endpoint", "host name");
    }

    @ParameterizedTest
    @CsvSource({
        "client_credentials, client_secret_post, 2",
        "client_credentials, client_secret_basic, 2",
        "client_credentials, client_secret_jwt, 1",
        "password, client_secret_post, 1",
        "refresh_token, client_secret_post, 1",
        "urn:x:y, client_secret_post, 1"
    })
    void only_what_is_not_spent_by_it_is_sent_again(String grant, String method, int requests) throws Exception {
        sandbox.provider().web().faults().next(9, Faults.status(503, "text/plain", "later", "Retry-After", "0"));

        ToolRun run = gettokenFor(
                "joe",
                "--grant=" + grant,
                "--auth-method=" + method,
                "--client-secret-file=" + file("x".repeat(40)),
                "--password-file=" + file(USER_SECRET),
                "--refresh-token-file=" + file("abc"),
                "--retry=1");

        assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
        assertEquals(requests, requests().size());
    }

    @Test
    void another_device_is_waited_for_as_the_provider_wants() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        List<Long> pauses = new ArrayList<>();
        Consumer<Duration> pause = time -> {
            pauses.add(time.toSeconds());
            now.updateAndGet(instant -> pauses.size() > 2 ? instant.plus(time) : instant);
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (TestSandbox other = new TestSandbox(now::get)) {
            other.provider().web().faults().next(3, Fault.none());
            other.provider().web().faults().next(1, Faults.reset());

            assertNotNull(device(other, io(err, now::get), pause).members().get("refresh_token"));
            assertEquals(List.of(5L, 5L, 10L, 15L), pauses, "pending, too soon, no answer, done");
            assertEquals(
                    "gettoken: to log in, open " + other.keycloak()
                            + "/realms/dcm4che/device?user_code=WDJB-MJHT on any device and check the code WDJB-MJHT"
                            + " within 10 min\n",
                    err.toString(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({"access_denied, run it again", "expired_token, nobody confirmed the login in time"})
    void another_device_may_end_the_login(String error, String hint) {
        sandbox.provider().web().faults().next(1, Fault.none());
        sandbox.provider().web().faults().next(1, refusal(error));

        Problem problem = assertThrows(Problem.class, () -> device(io(OutputStream.nullOutputStream()), time -> {}));
        assertEquals(Exit.REFUSED, problem.exit());
        assertTrue(problem.getMessage().contains(error), problem::getMessage);
        assertTrue(problem.hint().contains(hint), problem::hint);
    }

    @Test
    void a_login_on_another_device_ends_with_its_time_whatever_the_provider_says() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Io io = io(OutputStream.nullOutputStream(), now::get);
        sandbox.provider().web().faults().next(1, Fault.none());
        sandbox.provider().web().faults().next(9, refusal("authorization_pending"));

        Problem problem =
                assertThrows(Problem.class, () -> device(io, pause -> now.updateAndGet(time -> time.plusSeconds(300))));
        assertTrue(problem.getMessage().contains("expired_token"), problem::getMessage);
        assertEquals(3, requests().size());
    }

    @Test
    void what_may_pass_is_waited_out_while_the_code_lives() {
        sandbox.provider().web().faults().next(1, Fault.none());
        sandbox.provider().web().faults().next(1, Faults.reset());
        for (int status : List.of(429, 500, 502, 503, 504)) {
            sandbox.provider().web().faults().next(1, Faults.status(status, "text/html", "<html>"));
        }
        String pending = "{\"error\":\"authorization_pending\"}";
        sandbox.provider().web().faults().next(1, Faults.garbage("application/json", pending));
        sandbox.provider().web().faults().next(2, refusal("authorization_pending"));
        sandbox.provider().web().faults().next(1, Faults.garbage("application/json", "{\"access_token\":\"abc\"}"));

        assertNotNull(device(io(OutputStream.nullOutputStream()), time -> {})
                .members()
                .get("access_token"));
    }

    @Test
    void the_address_of_a_login_may_have_another_name_and_the_code_in_it() {
        String begun = "{\"device_code\":\"d-c-1234567\",\"user_code\":\"ABCD\",\"expires_in\":\"120\",";
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        for (String more : List.of(
                "\"verification_url\":\"https://h/device\"}",
                "\"verification_uri\":\"x\",\"verification_uri_complete\":\"https://h/device?c=ABCD\"}")) {
            sandbox.provider().web().faults().next(1, Faults.garbage("application/json", begun + more));
            sandbox.provider().web().faults().next(1, refusal("access_denied"));
            assertThrows(Problem.class, () -> device(io(err), time -> {}));
        }
        assertEquals(
                "gettoken: to log in, open https://h/device on any device and enter the code ABCD within 2 min\n"
                        + "gettoken: to log in, open https://h/device?c=ABCD on any device and check the code ABCD"
                        + " within 2 min\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_page_where_a_device_code_must_be_is_a_failure_of_the_server() {
        sandbox.provider().web().faults().next(1, Faults.garbage("text/html", "<html>"));

        gettoken("--grant=device_code").fails(Exit.SERVER_FAILED, "did not answer with a code", "proxy");
    }

    @Test
    void an_archive_is_not_a_keycloak() {
        sandbox.gettoken()
                .env("ARC_KEYCLOAK", sandbox.archive())
                .env("ARC_NO_CACHE", true)
                .run()
                .fails(Exit.REFUSED, "wants a token itself (401)", "the archive's is --url");
        sandbox.gettoken()
                .env("ARC_KEYCLOAK", sandbox.archive().resolve("/"))
                .env("ARC_NO_CACHE", true)
                .run()
                .fails(Exit.REFUSED, "has no token endpoint at /realms/dcm4che", "and not the archive (--url)");
        ToolRun.of(new decodejwt())
                .stdin(sandbox.token())
                .run("--verify", "--keycloak", sandbox.archive())
                .after("the keys come over http")
                .says(Exit.REFUSED, "answered 401", "the archive's is --url");
    }

    @Test
    void what_decides_which_token_comes_is_known_without_its_secrets() throws Json.Malformed {
        ClientAuth client = new ClientAuth(ClientAuth.POST, "curl", Clients.CURL.secret(), InstantSource.system());
        TokenRequest request = new TokenRequest(
                Provider.keycloak(sandbox.keycloak(), "dcm4che"),
                client,
                DeviceGrant.with(io(OutputStream.nullOutputStream())),
                "openid",
                List.of(),
                null);

        assertFalse(request.identity().toString().contains(Clients.CURL.secret().reveal()));
        assertEquals(List.of(Clients.CURL.secret()), request.credentials());
        assertTrue(request.isRefreshable());
        assertNull(request.refreshing(Clients.CURL.secret()).scope());
        List<TokenRequest.Parameter> parameters = List.of(new TokenRequest.Parameter("audience", "arc"));
        assertFalse(
                new TokenRequest(request.provider(), client, request.grant(), null, parameters, null).isRefreshable());
    }

    @Test
    void a_realm_is_not_taken_for_an_issuer_or_an_endpoint_of_its_name() {
        ClientAuth client = new ClientAuth(ClientAuth.NONE, "curl", null, InstantSource.system());
        Set<List<String>> identities = new HashSet<>();
        for (Provider provider : List.of(
                Provider.keycloak(sandbox.keycloak(), "issuer"),
                Provider.keycloak(sandbox.keycloak(), "endpoint"),
                Provider.discoveredAt(sandbox.keycloak()),
                Provider.ofTokenEndpoint(sandbox.keycloak()))) {
            TokenRequest request = new TokenRequest(provider, client, Grant.clientCredentials(), null, List.of(), null);
            identities.add(request.identity());
        }
        assertEquals(4, identities.size());
    }

    private TokenResponse device(Io io, Consumer<Duration> pause) {
        return device(sandbox, io, pause);
    }

    private static TokenResponse device(Sandbox sandbox, Io io, Consumer<Duration> pause) {
        ClientAuth client = new ClientAuth(ClientAuth.POST, "curl", Clients.CURL.secret(), io.clock());
        Provider provider = Provider.keycloak(sandbox.keycloak(), "dcm4che");
        Duration limit = Duration.ofSeconds(30);
        try (Http http = http(limit, io)) {
            return new TokenRequest(provider, client, new DeviceGrant(io, pause), null, List.of(), http).send();
        }
    }

    private static Http http(Duration limit, Io io) {
        Tls tls = new Tls(false, List.of(), List.of(), null, io.clock());
        return new Http(tls, Proxies.of(null, io), new Http.Limits(limit, limit, limit, Duration.ZERO, 0), io);
    }

    private static Fault refusal(String error) {
        return Faults.status(400, "application/json", "{\"error\":\"" + error + "\"}");
    }

    private static Io io(OutputStream err) {
        return io(err, InstantSource.system());
    }

    private static Io io(OutputStream err, InstantSource clock) {
        return new Io(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new Messages("gettoken", err, false, false),
                Map.of(),
                clock,
                descriptor -> false);
    }

    private ToolRun gettokenFor(String user, Object... arguments) {
        return sandbox.gettoken().env("ARC_USERNAME", user).run(arguments);
    }

    private ToolRun gettoken(Object... arguments) {
        return sandbox.gettoken().env("ARC_NO_CACHE", true).run(arguments);
    }

    private List<WebRequest> requests() {
        return sandbox.provider().web().requests();
    }

    private Path file(String content) throws Exception {
        Path file = Files.createTempFile(folder, "given", "");
        return Files.writeString(file, content);
    }
}
