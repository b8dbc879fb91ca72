//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../lib/sandbox/Clients.java ../../scripts/arcget.java
//SOURCES ../../scripts/decodejwt.java ../../scripts/gettoken.java ../../scripts/sandbox.java ../OtherProvider.java
//SOURCES ../TestSandbox.java ../ToolRun.java Keycloak.java KeycloakRealm.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Clients;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipe with tokens of a real Keycloak, on the sandbox's archive, which trusts that Keycloak's keys. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RecipeOnKeycloakTest {
    private static final String REALM = "/realms/" + KeycloakRealm.NAME;
    private static final String TOKEN = REALM + "/protocol/openid-connect/token";
    private static final String ODD = "curl-odd";

    private static Keycloak keycloak;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox(RecipeOnKeycloakTest::now);

    private static volatile Duration ahead;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        keycloak = Keycloak.shared();
        Files.writeString(folder.resolve("keycloak.pem"), keycloak.certificatePem());
        Files.writeString(folder.resolve("archive.pem"), sandbox.identity().pem());
        keycloak.admin().createClient(KeycloakRealm.NAME, ODD, "to be changed");
    }

    @AfterAll
    static void stop() {
        if (keycloak != null) {
            keycloak.admin().delete("/dcm4che/clients/" + keycloak.admin().idOfClient(KeycloakRealm.NAME, ODD));
        }
    }

    @BeforeEach
    void the_archive_trusts_what_keycloak_issues_over_http() {
        ahead = Duration.ZERO;
        archiveTrusts(keycloak.http());
    }

    static List<String> waysToNameTheServer() {
        return List.of(
                "--keycloak=" + keycloak.http(),
                "--keycloak=" + keycloak.http() + "/",
                "--keycloak=" + keycloak.http() + "/auth",
                "--keycloak=" + keycloak.http() + "/auth/",
                "--issuer=" + keycloak.http() + REALM,
                "--issuer=" + keycloak.http() + REALM + "/",
                "--token-endpoint=" + keycloak.http() + TOKEN);
    }

    @ParameterizedTest
    @MethodSource("waysToNameTheServer")
    void a_token_comes_whichever_way_the_server_is_named(String way) {
        assertEquals(
                keycloak.http() + REALM,
                claim("iss", gettoken(Clients.CURL, way).succeeds()));
    }

    static List<String> waysToTrustTheServer() throws Exception {
        return List.of(
                "--cacert=" + folder.resolve("keycloak.pem"),
                "--server-cert=" + folder.resolve("keycloak.pem"),
                "--server-cert=sha256:" + fingerprint(),
                "--server-cert=sha256:"
                        + HexFormat.ofDelimiter(":")
                                .withUpperCase()
                                .formatHex(HexFormat.of().parseHex(fingerprint())));
    }

    @ParameterizedTest
    @MethodSource("waysToTrustTheServer")
    void a_token_comes_over_https_whichever_way_the_certificate_is_trusted(String way) {
        for (String server : List.of("--keycloak=" + keycloak.https(), "--issuer=" + keycloak.https() + REALM)) {
            assertEquals(
                    keycloak.https() + REALM,
                    claim("iss", gettoken(Clients.CURL, server, way).succeeds()));
        }
    }

    @Test
    void insecure_trusts_any_certificate_and_says_so_in_one_line() {
        ToolRun run = gettoken(Clients.CURL, "--keycloak", keycloak.https(), "-k");

        assertEquals(0, run.exit(), run::toString);
        assertEquals(keycloak.https() + REALM, claim("iss", run.out()));
        assertEquals(1, run.err().lines().count(), run::toString);
        assertTrue(run.err().startsWith("gettoken: "), run::toString);
        assertTrue(run.err().contains("--insecure"), run::toString);
    }

    @Test
    void a_certificate_that_is_not_trusted_comes_with_the_option_that_trusts_it() throws Exception {
        ToolRun refused = gettoken(Clients.CURL, "--keycloak", keycloak.https())
                .fails(Exit.NO_ANSWER, "CN=keycloak of a test", "--server-cert sha256:" + fingerprint());

        Matcher option = Pattern.compile("--server-cert \\S+").matcher(refused.err());
        assertTrue(option.find());
        Object[] pasted = option.group().split(" ");
        gettoken(Clients.CURL, "--keycloak=" + keycloak.https(), pasted[0], pasted[1])
                .succeeds();
    }

    @Test
    void the_certificate_of_another_server_is_not_enough() {
        Path other = folder.resolve("archive.pem");

        gettoken(Clients.CURL, "--keycloak", keycloak.https(), "--cacert", other)
                .fails(Exit.NO_ANSWER, "not trusted", "--server-cert sha256:");
        gettoken(Clients.CURL, "--keycloak", keycloak.https(), "--server-cert", other)
                .fails(Exit.NO_ANSWER, "not trusted", "--server-cert sha256:");
    }

    @Test
    void plain_http_to_the_tls_port_gets_no_answer() {
        String address = keycloak.https().substring("https://".length());

        gettoken(Clients.CURL, "--keycloak", "http://" + address)
                .fails(Exit.NO_ANSWER, address, "write https://" + address);
    }

    @Test
    void tls_to_the_http_port_gets_no_answer() {
        String address = keycloak.http().substring("http://".length());

        gettoken(Clients.CURL, "--keycloak", "https://" + address)
                .fails(Exit.NO_ANSWER, "does not speak TLS", "write http://" + address);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            wrong secret       | curl          | wrong          | unauthorized_client: Invalid client or Invalid client credentials          | wrong secret for client curl
            secret with a tail | curl          | RIGHT-         | unauthorized_client: Invalid client or Invalid client credentials          | wrong secret for client curl
            unknown client     | nosuch        | x              | invalid_client: Invalid client or Invalid client credentials               | is client nosuch spelt as in Keycloak
            other upper case   | Curl          | RIGHT          | invalid_client: Invalid client or Invalid client credentials               | is client Curl spelt as in Keycloak
            disabled client    | curl-disabled | disabled-secret | invalid_client: Invalid client or Invalid client credentials              | enabled
            no service account | curl-nosa     | nosa-secret    | unauthorized_client: Client not enabled to retrieve service account        | turn on Clients > curl-nosa > Settings > Service accounts roles
            public client      | curl-public   | x              | unauthorized_client: Public client not allowed to retrieve service account | turn on Clients > curl-public > Settings > Client authentication
            """)
    void a_client_that_is_refused_is_told_why(String name, String client, String secret, String message, String hint) {
        String sent = secret.replace("RIGHT", Clients.CURL.secret().reveal());

        for (String method : List.of("client_secret_post", "client_secret_basic")) {
            ToolRun run = gettoken(client, sent, "--keycloak", keycloak.http(), "--auth-method", method)
                    .fails(Exit.REFUSED, "keycloak refused the client: " + message, hint);
            assertEquals(2, run.err().lines().count(), run::toString);
        }
    }

    @Test
    void a_public_client_without_a_secret_is_told_why() {
        gettoken(Clients.PUBLIC.id(), "", "--keycloak", keycloak.http(), "--auth-method", "none")
                .fails(
                        Exit.REFUSED,
                        "unauthorized_client: Public client not allowed to retrieve service account",
                        "Client authentication");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "DCM4CHEE", "dcm 4/chee"})
    void a_realm_that_is_not_there_is_named(String realm) {
        for (String base : List.of(keycloak.http(), keycloak.http() + "/auth")) {
            gettoken(Clients.CURL, "--keycloak", base, "--realm", realm)
                    .fails(Exit.REFUSED, "Realm does not exist", "is realm " + realm + " spelt as in Keycloak");
        }
    }

    @Test
    void an_issuer_of_a_realm_that_is_not_there_is_refused() {
        gettoken(Clients.CURL, "--issuer", keycloak.http() + "/realms/nosuch")
                .fails(Exit.REFUSED, "404", "ends in /realms/NAME");
    }

    @Test
    void a_token_endpoint_with_a_slip_is_refused() {
        gettoken(Clients.CURL, "--token-endpoint", keycloak.http() + TOKEN + "s")
                .fails(
                        Exit.REFUSED,
                        "has no token endpoint at " + TOKEN + "s: HTTP 405 Method Not Allowed",
                        "--token-endpoint takes the whole");
    }

    @Test
    void a_scope_that_is_not_there_is_named() {
        gettoken(Clients.CURL, "--keycloak", keycloak.http(), "--scope", "nosuch")
                .fails(Exit.REFUSED, "refused the scope: invalid_scope: Invalid scopes: nosuch", "leave out --scope");
    }

    @Test
    void scope_openid_brings_an_id_token() {
        String token = gettoken(
                        Clients.CURL,
                        "--keycloak",
                        keycloak.http(),
                        "--scope",
                        "openid",
                        "--select",
                        "id_token",
                        "-f",
                        "token")
                .succeeds();

        assertEquals("ID", claim("typ", token));
    }

    @Test
    void the_token_says_who_and_what_may_be_done() throws Exception {
        String response = gettoken(Clients.CURL, "--keycloak", keycloak.http()).succeeds();

        Map<String, Object> claims = object(decodejwt(response));
        assertEquals("curl", claims.get("azp"));
        assertEquals("service-account-curl", claims.get("preferred_username"));
        assertEquals("Bearer", claims.get("typ"));
        assertEquals(keycloak.http() + REALM, claims.get("iss"));
        List<String> roles =
                decodejwt(response, "--claim", "realm_access.roles").lines().toList();
        assertTrue(roles.containsAll(List.of("auth", "default-roles-dcm4che")), roles::toString);
        assertEquals("RS256", object(decodejwt(response, "--header")).get("alg"));
        // Of a token from the cache, expires_in is what is left.
        long issued = Long.parseLong(String.valueOf(claims.get("iat")));
        assertEquals(issued + 300, Long.parseLong(String.valueOf(claims.get("exp"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "token", "header"})
    void every_format_can_be_decoded(String format) {
        String printed = gettoken(Clients.CURL, "--keycloak", keycloak.http(), "-f", format)
                .succeeds();

        assertEquals("curl", claim("azp", printed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "token", "header"})
    void the_token_opens_the_archive(String format) {
        String token = gettoken(Clients.CURL, "--keycloak", keycloak.http(), "-f", format)
                .succeeds();

        assertEquals(
                "{\"count\":4}\n",
                arcget(token, "--url", sandbox.archive(), "studies/count").succeeds());
    }

    @Test
    void the_token_opens_the_archive_through_the_environment() {
        String export = gettoken(Clients.CURL, "--keycloak", keycloak.http(), "-f", "env")
                .succeeds();
        String token = export.substring(export.indexOf('\'') + 1, export.lastIndexOf('\''));

        ToolRun count =
                ToolRun.of(new arcget()).env("ARC_TOKEN", token).run("--url", sandbox.archive(), "studies/count");

        assertEquals("{\"count\":4}\n", count.succeeds());
    }

    @Test
    void the_token_opens_the_archive_over_https_too() {
        archiveTrusts(keycloak.https());
        String token = gettoken(
                        Clients.CURL, "--keycloak", keycloak.https(), "--cacert", folder.resolve("keycloak.pem"))
                .succeeds();

        ToolRun count = arcget(
                token,
                "--url",
                sandbox.archiveHttps(),
                "--server-cert",
                folder.resolve("archive.pem"),
                "studies/count");

        assertEquals("{\"count\":4}\n", count.succeeds());
    }

    @Test
    void arcget_gets_the_token_by_itself() {
        ToolRun count = ToolRun.of(new arcget())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("--keycloak", keycloak.http(), "--url", sandbox.archive(), "studies/count");

        assertEquals("{\"count\":4}\n", count.succeeds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl-norole norole-secret", "curl-useronly useronly-secret"})
    void the_role_that_is_missing_is_named_with_those_that_are_there(String client) {
        String id = client.split(" ")[0];
        String token = gettoken(id, client.split(" ")[1], "--keycloak", keycloak.http())
                .succeeds();

        arcget(token, "--url", sandbox.archive(), "studies/count")
                .fails(
                        Exit.REFUSED,
                        "refused access (403): the realm role auth is missing: it has ",
                        "assign the role to service-account-" + id);
    }

    @Test
    void a_role_that_is_assigned_counts_from_the_next_token_on() {
        Map<String, Object> account = Json.asObject(keycloak.admin()
                .get("/dcm4che/clients/" + keycloak.admin().idOfClient(KeycloakRealm.NAME, ODD)
                        + "/service-account-user"));
        secretOfOddClient("before");
        String before = gettoken(ODD, "before", "--keycloak", keycloak.http()).succeeds();
        keycloak.admin().assign(KeycloakRealm.NAME, (String) account.get("id"), "auth");
        String after = gettoken(ODD, "before", "--keycloak", keycloak.http()).succeeds();

        arcget(before, "--url", sandbox.archive(), "studies/count").fails(Exit.REFUSED, "(403)", "assign the role");
        arcget(after, "--url", sandbox.archive(), "studies/count").succeeds();
    }

    @Test
    void a_token_that_has_run_out_is_told_from_others() {
        String token = gettoken(Clients.SHORT, "--keycloak", keycloak.http()).succeeds();
        arcget(token, "--url", sandbox.archive(), "studies/count").succeeds();

        ahead = Duration.ofSeconds(60);

        arcget(token, "--url", sandbox.archive(), "studies/count")
                .fails(Exit.REFUSED, "refused the token (401): expired ", "request a new one");
    }

    @Test
    void a_token_by_another_host_name_has_another_issuer() {
        String localhost = keycloak.http().replace("127.0.0.1", "localhost");
        String token = gettoken(Clients.CURL, "--keycloak", localhost).succeeds();

        arcget(token, "--url", sandbox.archive(), "studies/count")
                .fails(
                        Exit.REFUSED,
                        "refused the token (401) though it looks valid; it was issued by " + localhost + REALM,
                        "localhost and 127.0.0.1 are different issuers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a+b", "a/b", "a=b", "a%b", "a%41b", "a&b=c", "a:b", "a b", " a ", "ü", "+/=%&: ü\"'\\$#?;"})
    void secrets_may_have_any_character(String secret) {
        secretOfOddClient(secret);

        for (String method : List.of("client_secret_post", "client_secret_basic")) {
            ToolRun run = gettoken(ODD, secret, "--keycloak", keycloak.http(), "--auth-method", method);
            assertEquals(ODD, claim("azp", run.succeeds()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_post", "client_secret_basic"})
    void verbose_shows_neither_secret_nor_token(String method) {
        String secret = "s+/=%&: ü-secret";
        secretOfOddClient(secret);
        ToolRun run = gettoken(ODD, secret, "--keycloak", keycloak.http() + "/auth", "--auth-method", method, "-v");
        assertEquals(0, run.exit(), run::toString);
        String token = accessToken(run.out());
        ToolRun use = arcget(token, "--url", sandbox.archive(), "studies/count", "-v");

        assertTrue(run.err().contains("POST " + keycloak.http() + TOKEN), run::toString);
        assertTrue(use.err().contains("GET " + sandbox.archive()), use::toString);
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String basic = Base64.getEncoder().encodeToString((ODD + ":" + encoded).getBytes(StandardCharsets.UTF_8));
        for (String hidden : List.of(secret, encoded, basic)) {
            assertFalse(run.out().contains(hidden), "the secret is on the standard output of gettoken -v");
        }
        for (String hidden : List.of(secret, encoded, basic, token.substring(token.lastIndexOf('.') + 1))) {
            assertFalse(run.err().contains(hidden), "a secret is shown by gettoken -v");
            assertFalse(use.err().contains(hidden), "a secret is shown by arcget -v");
        }
    }

    private static ToolRun gettoken(Clients.Client client, Object... arguments) {
        return gettoken(client.id(), client.secret().reveal(), arguments);
    }

    private static ToolRun gettoken(String id, String secret, Object... arguments) {
        return ToolRun.of(new gettoken())
                .env("ARC_CLIENT_ID", id)
                .env("ARC_CLIENT_SECRET", secret)
                .run(arguments);
    }

    private static String decodejwt(String input, Object... arguments) {
        return ToolRun.of(new decodejwt()).stdin(input).run(arguments).succeeds();
    }

    private static ToolRun arcget(String token, Object... arguments) {
        return ToolRun.of(new arcget())
                .stdin(token)
                .clock(RecipeOnKeycloakTest::now)
                .run(arguments);
    }

    private static String claim(String name, String input) {
        return decodejwt(input, "--claim", name).strip();
    }

    private static String accessToken(String response) {
        return (String) object(response).get("access_token");
    }

    private static Map<String, Object> object(String json) {
        try {
            return Json.asObject(Json.parse(json));
        } catch (Json.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static Instant now() {
        return Instant.now().plus(ahead);
    }

    private static void archiveTrusts(String base) {
        // The keys are the same over http and https.
        OtherProvider.trusted(
                sandbox.archiveServer(),
                base + REALM,
                URI.create(keycloak.http() + REALM + "/protocol/openid-connect/certs"));
    }

    private static void secretOfOddClient(String secret) {
        keycloak.admin().changeClient(KeycloakRealm.NAME, ODD, Map.of("clientId", ODD, "secret", secret));
    }

    private static String fingerprint() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(keycloak.certificate().getEncoded());
        return HexFormat.of().formatHex(hash);
    }
}
