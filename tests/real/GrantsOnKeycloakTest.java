//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../lib/sandbox/Clients.java ../../scripts/gettoken.java
//SOURCES ../../scripts/sandbox.java ../LoginRun.java ../ToolRun.java Keycloak.java Visitor.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Clients;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every grant, every way of client authentication and every refusal of facts A6, with a real Keycloak. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GrantsOnKeycloakTest {
    private static final String REALM = "dcm4che";
    private static final String CLIENTS = "/" + REALM + "/clients";
    private static final String USERS = "/" + REALM + "/users";
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    // Whatever a form, a header or a shell could take for something else; long enough for HS256, too.
    private static final String ODD = "a+b/c=d%e&f:g h\u00fc%2B+ and so on for 32 bytes";
    private static final String PASSWORD = "pass+w/o=r%d &:\u00fc";
    private static final String OTP_SECRET = "secret of a test only";

    private static Keycloak keycloak;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        keytool("-genkeypair -alias c -keyalg EC -groupname secp256r1 -dname CN=mtls,O=test -storetype PKCS12 "
                + "-validity 2 -storepass changeit -keystore " + folder.resolve("client.p12"));
        keytool("-exportcert -rfc -alias c -storepass changeit -keystore " + folder.resolve("client.p12") + " -file "
                + folder.resolve("client.pem"));
        keycloak = Keycloak.start("--https-client-auth=request", "--truststore-paths=" + folder.resolve("client.pem"));
        Files.writeString(folder.resolve("keycloak.pem"), keycloak.certificatePem());
        keycloak.admin()
                .changeClient(
                        REALM,
                        Clients.CURL.id(),
                        Map.of(
                                "directAccessGrantsEnabled",
                                true,
                                "standardFlowEnabled",
                                true,
                                "redirectUris",
                                List.of("http://127.0.0.1/callback"),
                                "attributes",
                                Map.of(
                                        "oauth2.device.authorization.grant.enabled", "true",
                                        "oauth2.device.polling.interval", "1")));
        client("bearer", Map.of("bearerOnly", true, "secret", "x"));
        client("exchanger", Map.of("secret", "x", "attributes", Map.of("standard.token.exchange.enabled", "true")));
        client(
                "impatient",
                Map.of(
                        "publicClient",
                        true,
                        "attributes",
                        Map.of(
                                "oauth2.device.authorization.grant.enabled", "true",
                                "oauth2.device.polling.interval", "1",
                                "oauth2.device.code.lifespan", "1")));
        user("joe", Map.of());
        user("gone", Map.of("enabled", false));
        user("fresh", Map.of("requiredActions", List.of("UPDATE_PASSWORD")));
        Map<String, Object> otp = Map.of(
                "type", "otp",
                "secretData", Json.compact(Map.of("value", OTP_SECRET)),
                "credentialData",
                        Json.compact(Map.of(
                                "subType", "totp", "period", 30, "digits", 6, "algorithm", "HmacSHA1", "counter", 0)));
        user("careful", Map.of("credentials", List.of(password(), otp)));
    }

    @AfterAll
    static void stop() {
        if (keycloak != null) {
            keycloak.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_post", "client_secret_basic", "client_secret_jwt"})
    void a_secret_with_odd_characters_works_with_every_method(String method) throws Exception {
        client(method, Map.of("secret", ODD, "serviceAccountsEnabled", true));
        if (method.equals("client_secret_jwt")) {
            keycloak.admin().changeClient(REALM, method, Map.of("clientAuthenticatorType", "client-secret-jwt"));
        }
        String out = gettoken("--client-id", method, "--auth-method", method, "--client-secret-file", file(ODD))
                .succeeds();

        assertEquals(method, claim(out, "access_token", "azp"));
    }

    @ParameterizedTest
    @CsvSource({"32, HS256", "48, HS384", "64, HS512"})
    void a_secret_signs_with_what_its_length_allows(int length, String algorithm) throws Exception {
        String secret = "x".repeat(length);
        client(
                algorithm,
                Map.of(
                        "secret",
                        secret,
                        "serviceAccountsEnabled",
                        true,
                        "clientAuthenticatorType",
                        "client-secret-jwt",
                        "attributes",
                        Map.of("token.endpoint.auth.signing.alg", algorithm)));

        gettoken("--client-id", algorithm, "--auth-method=client_secret_jwt", "--client-secret-file", file(secret))
                .succeeds();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA 2048, RS256, pem", "EC secp256r1, ES256, pem", "EC secp384r1, ES384, pem", "EC secp521r1, ES512, pem",
        "Ed25519, EdDSA, pem", "RSA 2048, RS384, jwk", "RSA 2048, RS512, jwk", "RSA 2048, PS256, jwk",
        "RSA 2048, PS384, jwk", "RSA 2048, PS512, jwk", "EC secp384r1, ES384, jwk", "Ed25519, EdDSA, jwk"
    })
    void a_private_key_signs_with_each_algorithm(String kind, String algorithm, String format) throws Exception {
        KeyPair pair = pair(kind);
        String id = "key-" + algorithm + "-" + format;
        JWK jwk = jwk(pair, algorithm);
        client(
                id,
                Map.of(
                        "serviceAccountsEnabled",
                        true,
                        "clientAuthenticatorType",
                        "client-jwt",
                        "attributes",
                        Map.of(
                                "token.endpoint.auth.signing.alg",
                                algorithm,
                                "use.jwks.string",
                                "true",
                                "jwks.string",
                                "{\"keys\":[" + jwk.toPublicJWK().toJSONString() + "]}")));
        Path key = file(format.equals("jwk") ? jwk.toJSONString() : pem(pair));

        for (String server : List.of(
                "--keycloak=" + keycloak.http(),
                "--keycloak=" + keycloak.http() + "/auth",
                "--issuer=" + keycloak.http() + "/realms/" + REALM,
                "--token-endpoint=" + keycloak.http() + "/realms/" + REALM + "/protocol/openid-connect/token")) {
            gettoken(server, "--client-id", id, "--auth-method=private_key_jwt", "--assertion-key", key)
                    .succeeds();
        }
    }

    @Test
    void another_key_is_refused_with_the_screen_that_has_the_right_one() throws Exception {
        JWK jwk = jwk(pair("EC secp256r1"), "ES256");
        client(
                "key-other",
                Map.of(
                        "serviceAccountsEnabled",
                        true,
                        "clientAuthenticatorType",
                        "client-jwt",
                        "attributes",
                        Map.of(
                                "use.jwks.string",
                                "true",
                                "jwks.string",
                                "{\"keys\":[" + jwk.toPublicJWK().toJSONString() + "]}")));
        String key = pem(pair("EC secp256r1"));

        gettoken("--client-id=key-other", "--auth-method=private_key_jwt", "--assertion-key", file(key))
                .fails(
                        Exit.REFUSED,
                        "invalid_client: Client authentication with signed JWT failed",
                        "Clients > key-other > Keys");
        gettoken("--client-id=key-other", "--client-secret-file", file("x"))
                .fails(Exit.REFUSED, "Parameter client_assertion_type is missing", "--auth-method private_key_jwt");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_client_certificate_is_proof_enough(boolean discovered) throws Exception {
        client(
                "mtls-" + discovered,
                Map.of(
                        "serviceAccountsEnabled",
                        true,
                        "clientAuthenticatorType",
                        "client-x509",
                        "attributes",
                        Map.of(
                                "x509.subjectdn", "CN=mtls,O=test",
                                "x509.allow.regex.pattern.comparison", "false")));
        String server =
                discovered ? "--issuer=" + keycloak.https() + "/realms/" + REALM : "--keycloak=" + keycloak.https();
        List<Object> arguments = List.of(
                server,
                "--client-id=mtls-" + discovered,
                "--auth-method=tls_client_auth",
                "--cacert=" + folder.resolve("keycloak.pem"));

        gettoken(arguments.toArray()).fails(Exit.USAGE, "no certificate for tls_client_auth", "--cert");
        List<Object> more = new ArrayList<>(arguments);
        more.add("--cert=" + folder.resolve("client.p12"));
        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .env("ARC_CERT_PASSWORD", "changeit")
                .run(more.toArray())
                .succeeds();
    }

    @Test
    void a_user_gets_a_token_and_another_for_its_refresh_token() throws Exception {
        String first = curl("--grant=password", "-u", "joe", "--password-file", file(PASSWORD), "--scope=openid")
                .succeeds();
        assertEquals("joe", claim(first, "access_token", "preferred_username"));
        String second = curl("--grant=refresh_token", "--refresh-token-file", file(first))
                .succeeds();
        assertNotEquals(member(first, "access_token"), member(second, "access_token"));
        String bare = member(second, "refresh_token");

        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .stdin(bare + "\n")
                .run(curlArguments("--grant=refresh_token", "--refresh-token-file", "-"))
                .succeeds();
    }

    @Test
    void a_public_client_needs_no_proof() throws Exception {
        keycloak.admin().changeClient(REALM, Clients.PUBLIC.id(), Map.of("directAccessGrantsEnabled", true));
        gettoken(
                        "--client-id=" + Clients.PUBLIC.id(),
                        "--auth-method=none",
                        "--grant=password",
                        "-u=joe",
                        "--password-file",
                        file(PASSWORD))
                .succeeds();
        keycloak.admin().changeClient(REALM, Clients.PUBLIC.id(), Map.of("directAccessGrantsEnabled", false));
    }

    @Test
    void a_second_factor_is_asked_for_and_taken() throws Exception {
        curl("--grant=password", "-u", "careful", "--password-file", file(PASSWORD))
                .fails(Exit.REFUSED, "invalid_grant: Invalid user credentials", "--totp");
        curl("--grant=password", "-u", "careful", "--password-file", file(PASSWORD), "--totp", totp())
                .succeeds();
    }

    @Test
    void a_login_in_the_browser_brings_a_token() throws Exception {
        LoginRun run = login("--grant=authorization_code", "--scope=openid");
        Visitor visitor = new Visitor().open(run.url()).submit("username", "joe", "password", PASSWORD);

        assertEquals(200, visitor.status());
        assertTrue(visitor.text().contains("You are logged in"), visitor::text);
        ToolRun end = run.end();
        assertEquals(0, end.exit(), end::toString);
        assertEquals("joe", claim(end.out(), "access_token", "preferred_username"));
        assertFalse(member(end.out(), "id_token").isEmpty());
    }

    @Test
    void a_login_in_the_browser_that_cannot_be_is_refused_before_anybody_waits() throws Exception {
        curl("--grant=authorization_code", "--scope=nope")
                .fails(Exit.REFUSED, "invalid_scope: Invalid scopes: nope", "leave out --scope");
        gettoken("--grant=authorization_code", "--client-id=nosuch", "--auth-method=none")
                .fails(Exit.REFUSED, "unknown or disabled", "Clients");
        gettoken("--grant=authorization_code", "--client-id=" + Clients.PUBLIC.id(), "--auth-method=none")
                .fails(
                        Exit.REFUSED,
                        "keycloak refused the redirect URI http://127.0.0.1:",
                        "register http://127.0.0.1/callback in Clients > curl-public > Settings > Valid redirect URIs");
        keycloak.admin()
                .changeClient(
                        REALM, Clients.NO_ROLE.id(), Map.of("redirectUris", List.of("http://127.0.0.1/callback")));
        as(Clients.NO_ROLE, "--grant=authorization_code")
                .fails(Exit.REFUSED, "Standard flow is disabled", "Settings > Standard flow");
    }

    @Test
    void a_login_on_another_device_brings_a_token() throws Exception {
        LoginRun run = login("--grant=device_code");
        Visitor visitor = device(run);
        visitor.submit("accept", "Yes");
        ToolRun end = run.end();

        assertEquals(0, end.exit(), () -> end + visitor.text());
        assertEquals("joe", claim(end.out(), "access_token", "preferred_username"));
    }

    @Test
    void a_login_on_another_device_may_be_denied() throws Exception {
        LoginRun run = login("--grant=device_code");
        device(run).submit("cancel", "No");

        run.end()
                .after("to log in, open ")
                .fails(Exit.REFUSED, "keycloak refused the request: access_denied", "run it again");
    }

    @Test
    void a_login_on_another_device_that_nobody_makes_ends() throws Exception {
        gettoken("--grant=device_code", "--client-id=impatient", "--auth-method=none")
                .after("to log in, open ")
                .fails(Exit.REFUSED, "expired_token", "nobody confirmed the login in time");
    }

    @Test
    void a_token_is_exchanged_for_another() throws Exception {
        String subject = "--param=subject_token=" + member(curl().succeeds(), "access_token");
        String type = "--param=subject_token_type=urn:ietf:params:oauth:token-type:access_token";

        curl("--grant=" + EXCHANGE, subject, type)
                .fails(Exit.REFUSED, "Standard token exchange is not enabled", "Settings > Standard Token Exchange");
        exchanger("--grant=" + EXCHANGE, subject, type)
                .fails(
                        Exit.REFUSED,
                        "access_denied: Client is not within the token audience",
                        "that its aud has exchanger");
        keycloak.admin()
                .create(
                        CLIENTS + "/" + keycloak.admin().idOfClient(REALM, Clients.CURL.id())
                                + "/protocol-mappers/models",
                        Map.of(
                                "name", "for the exchanger",
                                "protocol", "openid-connect",
                                "protocolMapper", "oidc-audience-mapper",
                                "config",
                                        Map.of(
                                                "included.client.audience", "exchanger",
                                                "access.token.claim", "true")));
        String better = "--param=subject_token=" + member(curl().succeeds(), "access_token");
        exchanger("--grant=" + EXCHANGE, better, type).succeeds();
        exchanger("--grant=" + EXCHANGE, better, type, "--param=audience=nosuch")
                .fails(Exit.REFUSED, "Audience not found", "--param audience");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            wrong secret        | curl          | x     |                                  | unauthorized_client: Invalid client or Invalid client credentials | Clients > curl > Credentials
            no secret           | curl          |       |                                  | unauthorized_client: Invalid client or Invalid client credentials | without --auth-method none
            unknown client      | nosuch        | x     |                                  | invalid_client: Invalid client or Invalid client credentials | spelt as in Keycloak
            disabled client     | curl-disabled | right |                                  | invalid_client: Invalid client or Invalid client credentials | enabled
            no service account  | curl-nosa     | right |                                  | unauthorized_client: Client not enabled to retrieve service account | Settings > Service accounts roles
            public client       | curl-public   |       |                                  | unauthorized_client: Public client not allowed to retrieve service account | Settings > Client authentication
            bearer-only client  | bearer        | x     |                                  | invalid_client: Bearer-only not allowed | --client-id
            unknown grant       | curl          | right | --grant=urn:x:y                  | unsupported_grant_type: Unsupported grant_type | the grant urn:x:y
            direct grants off   | curl-norole   | right | --grant=password -u=joe          | unauthorized_client: Client not allowed for direct access grants | Settings > Direct access grants
            unknown user        | curl          | right | --grant=password -u=nobody       | invalid_grant: Invalid user credentials | wrong name or password for nobody
            disabled user       | curl          | right | --grant=password -u=gone         | invalid_grant: Account disabled | Users > gone > Enabled
            required action     | curl          | right | --grant=password -u=fresh        | invalid_grant: Account is not fully set up | Required user actions
            unknown scope       | curl          | right | --scope=nope                     | invalid_scope: Invalid scopes: nope | leave out --scope
            unknown realm       | curl          | right | --realm=DCM4CHE                  | Realm does not exist | is realm DCM4CHE spelt as in Keycloak
            no device grant     | curl-norole   | right | --grant=device_code              | unauthorized_client: Client is not allowed to initiate OAuth 2.0 Device Authorization Grant | Settings > OAuth 2.0 Device Authorization Grant
            """)
    void refusals_name_the_cure(
            String name, String client, String secret, String arguments, String message, String hint) throws Exception {
        List<Object> all = new ArrayList<>(List.of("--client-id=" + client));
        if (secret == null) {
            all.add("--auth-method=none");
        } else {
            all.add("--client-secret-file=" + file(secret.equals("right") ? secretOf(client) : secret));
        }
        if (arguments != null) {
            all.addAll(Arrays.asList(arguments.split(" ")));
            all.add("--password-file=" + file(PASSWORD));
        }
        gettoken(all.toArray()).fails(Exit.REFUSED, message, hint);
    }

    @Test
    void refresh_tokens_that_are_no_good_say_why() throws Exception {
        String response = curl("--grant=password", "-u", "joe", "--password-file", file(PASSWORD))
                .succeeds();
        Path right = file(member(response, "refresh_token"));

        curl("--grant=refresh_token", "--refresh-token-file", file("garbage"))
                .fails(Exit.REFUSED, "invalid_grant: Invalid refresh token", "log in again");
        curl("--grant=refresh_token", "--refresh-token-file", file(member(response, "access_token")))
                .fails(Exit.REFUSED, "invalid_grant: Invalid refresh token", "log in again");
        as(Clients.NO_ROLE, "--grant=refresh_token", "--refresh-token-file", right)
                .fails(Exit.REFUSED, "Token client and authorized client don't match", "--client-id");
        Object joe = Json.asArray(keycloak.admin().get(USERS + "?exact=true&username=joe"))
                .getFirst();
        keycloak.admin().create(USERS + "/" + Json.asObject(joe).get("id") + "/logout", Map.of());
        curl("--grant=refresh_token", "--refresh-token-file", right)
                .fails(Exit.REFUSED, "invalid_grant: Session not active", "log in again");
    }

    @Test
    void a_locked_user_is_told_apart_by_the_hint_alone() {
        keycloak.admin().change("/" + REALM, Map.of("bruteForceProtected", true, "failureFactor", 1));
        user("locked", Map.of());
        try {
            Object[] wrong = {"--grant=password", "-u", "locked", "--password-file", file("wrong")};
            Object[] right = {"--grant=password", "-u", "locked", "--password-file", file(PASSWORD)};
            curl(wrong).fails(Exit.REFUSED, "Invalid user credentials", "Users > locked > Temporarily locked");
            curl(wrong).fails(Exit.REFUSED, "Invalid user credentials", "Users > locked > Temporarily locked");
            curl(right).fails(Exit.REFUSED, "Invalid user credentials", "Users > locked > Temporarily locked");
        } finally {
            keycloak.admin().change("/" + REALM, Map.of("bruteForceProtected", false));
        }
    }

    @Test
    void a_realm_that_is_off_or_wants_https_says_so() {
        keycloak.admin().change("/" + REALM, Map.of("enabled", false));
        try {
            curl().fails(Exit.REFUSED, "access_denied: Realm not enabled", "Realm settings > Enabled");
            keycloak.admin().change("/" + REALM, Map.of("enabled", true, "sslRequired", "all"));
            curl().fails(Exit.REFUSED, "invalid_request: HTTPS required", "Require SSL");
        } finally {
            keycloak.admin().change("/" + REALM, Map.of("enabled", true, "sslRequired", "external"));
        }
    }

    @Test
    void a_client_that_is_bound_to_dpop_says_so() throws Exception {
        client(
                "dpop",
                Map.of(
                        "secret",
                        "x",
                        "serviceAccountsEnabled",
                        true,
                        "attributes",
                        Map.of("dpop.bound.access.tokens", "true")));
        gettoken("--client-id", "dpop", "--client-secret-file", file("x"))
                .fails(Exit.REFUSED, "invalid_request: DPoP proof is missing", "Require DPoP bound tokens");
    }

    private static Visitor device(LoginRun run) throws Exception {
        // The URL has the code in it.
        return new Visitor().open(run.url()).submit("username", "joe", "password", PASSWORD);
    }

    private static LoginRun login(Object... arguments) {
        return LoginRun.start(
                new gettoken(),
                Map.of("HOME", "/nonexistent", "ARC_NO_CACHE", "true"),
                both("--keycloak=" + keycloak.http(), curlArguments(arguments)));
    }

    private static ToolRun curl(Object... arguments) {
        return as(Clients.CURL, arguments);
    }

    private static ToolRun exchanger(Object... arguments) {
        return gettoken(both("--client-id=exchanger", both("--client-secret-file=" + file("x"), arguments)));
    }

    private static ToolRun as(Clients.Client client, Object... arguments) {
        Path secret = file(client.secret().reveal());
        return gettoken(both("--client-id=" + client.id(), both("--client-secret-file=" + secret, arguments)));
    }

    private static Object[] curlArguments(Object... arguments) {
        return both(
                "--keycloak=" + keycloak.http(),
                both("--client-secret-file=" + file(Clients.CURL.secret().reveal()), arguments));
    }

    private static ToolRun gettoken(Object... arguments) {
        boolean isNamed = String.valueOf(arguments[0]).matches("--(keycloak|issuer|token-endpoint)=.*");
        return ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .run(isNamed ? arguments : both("--keycloak=" + keycloak.http(), arguments));
    }

    private static Object[] both(Object first, Object... rest) {
        List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(Arrays.asList(rest));
        return all.toArray();
    }

    private static String secretOf(String client) {
        for (Clients.Client known :
                List.of(Clients.CURL, Clients.NO_ROLE, Clients.NO_SERVICE_ACCOUNT, Clients.DISABLED)) {
            if (known.id().equals(client)) {
                return known.secret().reveal();
            }
        }
        throw new AssertionError(client);
    }

    private static void client(String id, Map<String, ?> members) {
        Map<String, Object> all = new HashMap<>(members);
        all.put("clientId", id);
        keycloak.admin().create(CLIENTS, all);
    }

    private static void user(String name, Map<String, ?> members) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "username",
                name,
                "enabled",
                true,
                "email",
                name + "@example.org",
                "emailVerified",
                true,
                "firstName",
                "First",
                "lastName",
                "Last",
                "credentials",
                List.of(password())));
        all.putAll(members);
        keycloak.admin().create(USERS, all);
    }

    private static Map<String, Object> password() {
        return Map.of("type", "password", "value", PASSWORD, "temporary", false);
    }

    /** RFC 6238 with SHA-1 and six digits. */
    private static String totp() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(OTP_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        byte[] hash = mac.doFinal(ByteBuffer.allocate(8)
                .putLong(Instant.now().getEpochSecond() / 30)
                .array());
        int number = ByteBuffer.wrap(hash).getInt(hash[19] & 15) & 0x7fffffff;
        return "%06d".formatted(number % 1_000_000);
    }

    private static KeyPair pair(String kind) throws Exception {
        String[] words = kind.split(" ");
        KeyPairGenerator generator = KeyPairGenerator.getInstance(words[0]);
        if (words[0].equals("RSA")) {
            generator.initialize(Integer.parseInt(words[1]));
        } else if (words[0].equals("EC")) {
            generator.initialize(new ECGenParameterSpec(words[1]));
        }
        return generator.generateKeyPair();
    }

    private static JWK jwk(KeyPair pair, String algorithm) throws Exception {
        JWSAlgorithm jwa = JWSAlgorithm.parse(algorithm);
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa)
                    .privateKey(pair.getPrivate())
                    .keyID("k1")
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(jwa)
                    .build();
        }
        if (pair.getPublic() instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            return new ECKey.Builder(curve, ec)
                    .privateKey(pair.getPrivate())
                    .keyID("k1")
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(jwa)
                    .build();
        }
        byte[] x = pair.getPublic().getEncoded();
        byte[] d = pair.getPrivate().getEncoded();
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(Arrays.copyOfRange(x, x.length - 32, x.length)))
                .d(Base64URL.encode(Arrays.copyOfRange(d, d.length - 32, d.length)))
                .keyID("k1")
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(jwa)
                .build();
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static Path file(String content) {
        try {
            Path file = Files.createTempFile(folder, "given", "");
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void keytool(String arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(Arrays.asList(arguments.split(" ")));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
    }

    private static String member(String response, String name) throws Json.Malformed {
        return (String) Json.asObject(Json.parse(response)).get(name);
    }

    private static String claim(String response, String member, String name) throws Json.Malformed {
        String payload = member(response, member).split("\\.")[1];
        String json = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        return (String) Json.asObject(Json.parse(json)).get(name);
    }
}
