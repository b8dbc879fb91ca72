//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/WebRequest.java ../lib/sandbox/WebResponse.java ../scripts/arcget.java
//SOURCES ../scripts/decodejwt.java ../scripts/gettoken.java ../scripts/regclient.java ../scripts/sandbox.java
//SOURCES Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What token endpoints answer that are not Keycloak, or that break. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AnswersTest {
    private static final String JSON = "application/json";
    private static final String OPAQUE = "ya29.a0AfH6SMBxT1";
    private static final String SECRET = "s3cret+of/curl=&\"\\%";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 206, 299})
    void any_success_with_a_token_is_one(int status) {
        answer(status, JSON, Json.compact(Map.of("access_token", OPAQUE)));

        assertEquals(OPAQUE + "\n", gettoken("-f", "token").succeeds());
    }

    @Test
    void a_success_without_a_token_is_a_failure_that_shows_nothing_of_it() {
        answer(201, JSON, Json.compact(Map.of("accessToken", OPAQUE)));
        gettoken().fails(Exit.SERVER_FAILED, "answered 201 without an access_token", "token endpoint");
    }

    @Test
    void an_error_is_one_whatever_its_status() {
        answer(200, JSON, "{\"error\":\"invalid_grant\",\"error_description\":\"no such user\"}");
        gettoken().fails(Exit.REFUSED, "refused the grant: invalid_grant: no such user", "--grant");
    }

    @Test
    void compressed_answers_and_byte_order_marks_are_read() throws IOException {
        String token = Json.compact(Map.of("access_token", OPAQUE, "scope", List.of("a"), "expires_in", "60"));
        gzipped(token);
        assertEquals(OPAQUE + "\n", gettoken("-f", "token").succeeds());
        answer(200, JSON, "\ufeff" + token);
        assertEquals(OPAQUE + "\n", gettoken("-f", "token").succeeds());

        String discovery = "{\"issuer\":\"" + sandbox.provider().issuer() + "\",\"token_endpoint\":\""
                + sandbox.keycloak() + "/realms/dcm4che/protocol/openid-connect/token\"}";
        gzipped("\ufeff" + discovery);
        ToolRun.of(new gettoken())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("--issuer", sandbox.provider().issuer())
                .succeeds();
    }

    private static void gzipped(String body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        }
        WebResponse response = WebResponse.streamed(200, JSON, out -> out.write(packed.toByteArray()));
        sandbox.provider().web().faults().next(1, Faults.answer(response.with("Content-Encoding", "gzip")));
    }

    @Test
    void keys_in_the_encodings_of_windows_are_read(@TempDir Path folder) throws IOException {
        String keys = new String(sandbox.keycloak()
                .resolve("realms/dcm4che/protocol/openid-connect/certs")
                .toURL()
                .openStream()
                .readAllBytes());
        Path file = folder.resolve("keys.json");
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Files.write(file, ("\ufeff" + keys + "\r\n").getBytes(charset));
            verify("--jwks", file).succeeds();
        }
    }

    @Test
    void what_is_no_token_response_is_named() {
        answer(200, "application/x-www-form-urlencoded", "access_token=" + OPAQUE);
        gettoken().fails(Exit.SERVER_FAILED, "answered 200 with a form where JSON must be", "token endpoint");
        sandbox.provider()
                .web()
                .faults()
                .next(1, Faults.status(401, "text/plain", "", "WWW-Authenticate", "Basic realm=\"x y\""));
        gettoken().fails(Exit.REFUSED, "401 Basic realm=\"x y\"", "--auth-method client_secret_basic");
        String issuer = sandbox.provider().issuer();
        answer(200, JSON, "{\"issuer\": oops}");
        verify("--issuer", issuer)
                .fails(Exit.SERVER_FAILED, "with JSON that is broken at character 11", "check the URL");
        answer(200, JSON, "{\"keys\":[}");
        verify("--jwks", issuer + "/protocol/openid-connect/certs")
                .fails(Exit.SERVER_FAILED, "with JSON that is broken at character 9", "check the URL");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            invalid_client      | Client authentication failed          | --auth-method client_secret_basic
            unauthorized_client | Invalid client credentials            | --auth-method client_secret_basic
            invalid_scope       | Invalid scopes: x                     | ask for scopes that the provider has for client
            invalid_grant       | Account disabled                      | check --username and the password
            invalid_request     | HTTPS required                        | see --param
            access_denied       | Realm not enabled                     | the login was cancelled
            invalid_client      | Client authentication with signed JWT failed: x | check --client-id
            """)
    void only_keycloak_is_told_about_keycloaks_console(String error, String description, String hint) {
        String body = Json.compact(Map.of("error", error, "error_description", description));
        sandbox.provider().web().faults().next(1, Faults.status(400, JSON, body));
        ToolRun run = ToolRun.of(new gettoken())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .env("ARC_PASSWORD", "secret")
                .run("--token-endpoint", sandbox.keycloak() + "/oauth/token", "--grant=password", "-u=joe");
        run.fails(Exit.REFUSED, "the provider refused the", hint);
        assertFalse(run.err().contains(" > ") || run.err().contains("Keycloak"), run.err());
    }

    @Test
    void an_issuer_that_is_a_pattern_is_explained() {
        String issuer = "https://login.example/{tenantid}/v2.0";
        answer(200, JSON, Json.compact(Map.of("issuer", issuer)));
        verify("--issuer", sandbox.keycloak() + "/common/v2.0")
                .fails(Exit.SERVER_FAILED, "calls itself " + issuer, "--jwks URL --require iss=");
    }

    @Test
    void a_token_whose_issuer_has_no_discovery_is_checked_with_its_keys() {
        String token = sandbox.token(Map.of("iss", "http://adfs.example/adfs/services/trust"));
        ToolRun.Setting tool = ToolRun.of(new decodejwt()).stdin(token).with("--verify", "-s", "--claim", "azp");
        tool.run("--issuer", sandbox.provider().issuer())
                .says(Exit.BAD_TOKEN, "but the token has http://adfs.example/", "--jwks URL --require iss=");
        tool.stdin(token)
                .run(
                        "--jwks",
                        sandbox.provider().issuer() + "/protocol/openid-connect/certs",
                        "--require",
                        "iss=http://adfs.example/adfs/services/trust")
                .succeeds();
    }

    @Test
    void a_token_with_a_nonce_in_its_header_is_one_for_graph_alone() {
        String token = sandbox.provider().mint(Map.of(), Map.of("nonce", "x"));
        ToolRun.of(new decodejwt())
                .stdin(token.substring(0, token.length() - 60) + "A".repeat(60))
                .run(
                        "--verify",
                        "-s",
                        "--claim",
                        "azp",
                        "--jwks",
                        sandbox.provider().issuer() + "/protocol/openid-connect/certs")
                .says(Exit.BAD_TOKEN, "the signature is not valid", "Microsoft Graph");
    }

    @Test
    void a_discovery_document_may_move_from_http_to_https_on_its_host(@TempDir Path folder) throws IOException {
        Path ca = Files.writeString(folder.resolve("ca.pem"), sandbox.identity().caPem());
        String issuer = sandbox.provider().issuer();
        redirect(issuer.replace(
                        sandbox.keycloak().toString(), sandbox.keycloakHttps().toString())
                + "/.well-known/openid-configuration");
        verify("--issuer", issuer, "--cacert", ca).succeeds();
    }

    @Test
    void a_set_of_keys_in_a_file_that_is_broken_says_where(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[}");
        verify("--jwks", file).says(Exit.USAGE, "the key set is JSON that is broken at character 9", "whole");
    }

    @Test
    void a_token_that_is_no_bearer_token_is_not_called_one_in_silence() {
        String body = Json.compact(Map.of("access_token", OPAQUE, "token_type", "DPoP"));
        answer(200, JSON, body);
        gettoken("-f", "header")
                .after("warning: the token is of type DPoP, and a server may refuse it as Bearer")
                .succeeds();
        answer(200, JSON, body);
        gettoken("-f", "token").succeeds();
    }

    @Test
    void discovery_and_keys_are_followed_on_their_own_server_alone() {
        String issuer = sandbox.provider().issuer();
        String document = issuer + "/.well-known/openid-configuration";
        redirect(document + "?moved");
        verify("--issuer", issuer).succeeds();
        redirect("certs?moved");
        verify("--jwks", issuer + "/protocol/openid-connect/certs").succeeds();
        redirect("http://127.0.0.2:9/elsewhere?token=" + OPAQUE);
        verify("--issuer", issuer).fails(Exit.REFUSED, "redirects to http://127.0.0.2:9/elsewhere", "if you trust it");
        sandbox.provider().web().faults().rule(any -> Faults.status(302, JSON, "", "Location", document));
        verify("--issuer", issuer).fails(Exit.REFUSED, "redirects to " + document, "if you trust it");
    }

    private static void redirect(String target) {
        sandbox.provider().web().faults().next(1, Faults.status(302, JSON, "", "Location", target));
    }

    private static ToolRun verify(Object... arguments) {
        return ToolRun.of(new decodejwt())
                .stdin(sandbox.token())
                .with("--verify", "-s")
                .run(arguments);
    }

    @Test
    void nothing_that_a_server_says_gives_a_token_or_secret_away() {
        String jwt = sandbox.token();
        String basic = base64("curl:" + encoded(SECRET));
        List<String> tokens = List.of(jwt, jwt.substring(0, 30), jwt.split("\\.")[1], OPAQUE);
        // No server knows the secret that was not sent it.
        List<String> sent = List.of(SECRET, encoded(SECRET), base64(SECRET), basic);
        List<String> pieces = List.of(
                jwt,
                "Bearer " + jwt,
                "x=" + jwt.substring(0, 40),
                "{\"access_token\":\"" + OPAQUE + "\"}",
                "{\"refresh_token\" : \"" + OPAQUE,
                "{\\\"id_token\\\": \\\"" + OPAQUE + "\\\"}",
                "\"device_code\":[\"" + OPAQUE + "\"]",
                "'access_token': '" + OPAQUE + "'",
                "access_token=" + OPAQUE + "&code=" + OPAQUE,
                "https://u:" + OPAQUE + "@host/?token=" + OPAQUE + "#id_token=" + OPAQUE,
                "Authorization: Basic " + basic,
                "Bearer " + OPAQUE,
                SECRET,
                base64(SECRET),
                "client_secret=" + encoded(SECRET),
                "{\"error\":\"invalid_request\",\"error_description\":\"",
                "{\"error\":{\"message\":\"",
                "\"}",
                "}",
                "[",
                "<html>",
                "\ufeff");
        Random random = new Random(16);
        for (int run = 0; run < 300; run++) {
            StringBuilder body = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                body.append(pieces.get(random.nextInt(pieces.size()))).append(" \n,;<".charAt(random.nextInt(5)));
            }
            String text = random.nextInt(3) > 0
                    ? body.toString()
                    : Json.compact(
                            Map.of("error", random.nextBoolean() ? "x" : body, "error_description", body.toString()));
            int status = List.of(200, 201, 302, 400, 401, 403, 404, 405, 418, 429, 500, 503)
                    .get(random.nextInt(12));
            String header = List.of("Location", "WWW-Authenticate", "X-Token", "Retry-After")
                    .get(random.nextInt(4));
            String type = List.of(JSON, "text/html", "text/plain", "application/x-www-form-urlencoded")
                    .get(random.nextInt(4));
            sandbox.provider()
                    .web()
                    .faults()
                    .next(1, Faults.status(status, type, text, header, header(body.toString())));
            String verbosity = random.nextBoolean() ? "-v" : "-s";
            String method = random.nextBoolean() ? "client_secret_basic" : "client_secret_post";
            int which = random.nextInt(4);
            ToolRun result = switch (which) {
                case 0 -> verify("--retry=0", verbosity, "--jwks=" + sandbox.keycloak() + "/keys");
                case 1 ->
                    verify(
                            "--retry=0",
                            verbosity,
                            "--issuer=" + sandbox.provider().issuer());
                default ->
                    sandbox.gettoken()
                            .env("ARC_CLIENT_SECRET", SECRET)
                            .run("--retry=0", "-f=token", verbosity, "--auth-method=" + method);
            };
            String about = status + " " + type + " " + header + "\n" + text + "\n" + result;
            assertNotEquals(Exit.FAILED.code(), result.exit(), about);
            for (String hidden : tokens) {
                assertFalse(result.err().contains(hidden), about);
            }
            for (String hidden : which < 2 ? List.<String>of() : sent) {
                assertFalse(result.err().contains(hidden), about);
            }
            assertFalse(result.err().contains("\tat "), about);
            assertTrue(result.exit() == 0 || result.err().contains(": hint: "), about);
        }
    }

    /** What a server repeats of {@code request}, in every form that a framework might show it in. */
    private static String repeated(WebRequest request) {
        StringBuilder all = new StringBuilder(new String(request.body(), StandardCharsets.UTF_8));
        request.headers()
                .forEach((name, value) ->
                        all.append('\n').append(name).append(": ").append(value));
        for (List<String> values : request.form().values()) {
            for (String value : values) {
                all.append('\n')
                        .append(value)
                        .append(' ')
                        .append(base64(value))
                        .append(' ')
                        .append(encoded(value));
            }
        }
        String authorization = request.header("Authorization");
        if (authorization != null) {
            String credentials = authorization.substring(authorization.indexOf(' ') + 1);
            all.append('\n')
                    .append(credentials)
                    .append(' ')
                    .append(base64(credentials))
                    .append(' ')
                    .append(encoded(credentials));
            if (authorization.startsWith("Basic ")) {
                String pair = new String(Base64.getDecoder().decode(credentials));
                all.append('\n').append(pair).append(' ').append(pair.substring(pair.indexOf(':') + 1));
            }
        }
        return all.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "400, text/plain",
        "401, text/plain",
        "403, application/json",
        "404, text/html",
        "500, text/plain",
        "302, text/plain",
        "418, application/problem+json"
    })
    void a_server_that_repeats_all_it_gets_gives_nothing_away(int status, String type, @TempDir Path folder)
            throws IOException {
        String secret = "s+cr/t=%ü?-of-all";
        String token = sandbox.token();
        String given = "api-key-of-0123456789";
        Function<WebRequest, Fault> echo = request -> {
            String all = repeated(request);
            String body = type.endsWith("json") ? Json.compact(Map.of("error", "x", "error_description", all)) : all;
            String quoted = "Bearer error_description=\"" + header(all).replace('"', ' ') + '"';
            return Faults.status(
                    status,
                    type,
                    body,
                    "Location",
                    "/x?" + header(all),
                    "X-Echo",
                    header(all),
                    "WWW-Authenticate",
                    quoted,
                    "Warning",
                    "299 - \"" + header(all) + '"');
        };
        sandbox.provider().web().faults().rule(echo);
        sandbox.archiveServer().web().faults().rule(echo);
        List<ToolRun> runs = new ArrayList<>();
        for (String how : List.of("-v", "--retry=0")) {
            for (String method : List.of("client_secret_post", "client_secret_basic")) {
                ToolRun.Setting tool =
                        sandbox.gettoken().env("ARC_CLIENT_SECRET", secret).env("ARC_PASSWORD", secret);
                runs.add(tool.run(how, "--auth-method=" + method));
                runs.add(tool.run(how, "--auth-method=" + method, "--grant=password", "-u=joe", "--totp=123456"));
            }
            runs.add(sandbox.arcget()
                    .run(how, "-H", "X-Api-Key: " + given, "-H", "X-Plain: Bearer " + given, "studies"));
            runs.add(sandbox.arcget().run(how, "-q", "access_token=" + given, "/x"));
            sandbox.provider()
                    .web()
                    .faults()
                    .next(1, Faults.status(200, JSON, Json.compact(Map.of("access_token", token, "expires_in", 60))));
            runs.add(ToolRun.of(new regclient())
                    .env("ARC_KEYCLOAK", sandbox.keycloak())
                    .env("ARC_ADMIN_PASSWORD", secret)
                    .run(how, "--admin-user=root"));
        }
        List<String> hidden = List.of(
                secret,
                encoded(secret),
                base64(secret),
                token,
                token.substring(20, 60),
                base64(token),
                given,
                base64(given),
                "123456");
        for (ToolRun run : runs) {
            assertNotEquals(0, run.exit(), run::toString);
            assertNotEquals(Exit.FAILED.code(), run.exit(), run::toString);
            for (String one : hidden) {
                assertFalse(run.err().contains(one), () -> one + "\n" + run);
            }
        }
    }

    @Test
    void a_short_secret_withholds_the_text_and_the_client_is_named() {
        answer(400, JSON, "{\"error\":\"x\",\"error_description\":\"ab is wrong for client curl\"}");
        sandbox.gettoken().env("ARC_CLIENT_SECRET", "ab").run().fails(Exit.REFUSED, ": [redacted]", "log");
        answer(400, JSON, "{\"error\":\"x\",\"error_description\":\"abcd is wrong for client curl\"}");
        sandbox.gettoken()
                .env("ARC_CLIENT_SECRET", "abcd")
                .run()
                .fails(Exit.REFUSED, "x: [redacted] is wrong for client curl", "log");
    }

    @Test
    void the_client_stays_where_a_server_repeats_its_credentials() {
        answer(400, JSON, "{\"error\":\"x\",\"error_description\":\"bad pair curl:s3cr3t-word\"}");
        sandbox.gettoken()
                .env("ARC_CLIENT_SECRET", "s3cr3t-word")
                .run("--auth-method=client_secret_basic")
                .fails(Exit.REFUSED, "x: bad pair curl:[redacted]", "log");
    }

    @Test
    void a_token_under_any_name_of_a_header_is_hidden_and_earns_a_warning() {
        String token = sandbox.token();
        ToolRun run = sandbox.arcget().run("-v", "-H", "X-Forwarded-Auth: " + token, "studies/count");
        assertTrue(run.err().contains("warning: --header X-Forwarded-Auth: others can see its value in ps"), run.err());
        assertTrue(run.err().contains("> X-Forwarded-Auth: [redacted]"), run.err());
        assertTrue(sandbox.arcget()
                .run("-H", "X-A: Bearer x", "studies/count")
                .err()
                .contains("warning: --header X-A: others can see its value in ps"));
    }

    private static String header(String text) {
        return text.replaceAll("[^ -~]", " ");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(int status, String type, String body) {
        sandbox.provider().web().faults().next(1, Faults.status(status, type, body));
    }

    private static ToolRun gettoken(Object... arguments) {
        return sandbox.gettoken().run(arguments);
    }
}
