//SOURCES ../../lib/base/Exit.java ../../scripts/decodejwt.java ../../scripts/gettoken.java ../Permissions.java
//SOURCES ../ToolRun.java Keycloak.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that a real Keycloak signed, with each algorithm that it has. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DecodejwtOnKeycloakTest {
    private static final String REALM = "decodejwt";
    private static final String SECRET = "decodejwt-secret-0123456789";
    private static final String HTTP_WARNING =
            "decodejwt: warning: the keys come over http: anyone on the network path can forge them\n";

    private static Keycloak keycloak;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        keycloak = Keycloak.shared();
        // A realm of its own, since the tests add keys to it.
        keycloak.admin().create("", Map.of("realm", REALM, "enabled", true));
    }

    @AfterAll
    static void stop() {
        if (keycloak != null) {
            keycloak.admin().delete("/" + REALM);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void a_token_of_each_public_algorithm_verifies(String algorithm) {
        String token = token("signs-" + algorithm, algorithm);
        for (List<String> source : List.of(
                List.of("--issuer", issuer()),
                List.of("--keycloak", keycloak.http(), "--realm", REALM),
                List.of("--jwks", issuer() + "/protocol/openid-connect/certs"))) {
            ToolRun run = verify(token, source);
            assertEquals(0, run.exit(), run::toString);
            assertEquals(HTTP_WARNING, run.err());
            verify(changed(token), source)
                    .after(HTTP_WARNING)
                    .says(Exit.BAD_TOKEN, "the signature is not valid", "changed");
        }
        String summary = ToolRun.of(new decodejwt()).stdin(token).run("--info").err();
        boolean accepted = algorithm.equals("RS256");
        assertTrue(summary.contains("algorithm " + algorithm), summary);
        assertEquals(!accepted, summary.contains("alg is " + algorithm + ", and the archive accepts RS256"), summary);
    }

    @Test
    void a_lightweight_token_verifies_and_says_why_it_has_no_roles() {
        String id = keycloak.admin()
                .create(
                        "/" + REALM + "/clients",
                        Map.of(
                                "clientId",
                                "light",
                                "secret",
                                SECRET,
                                "serviceAccountsEnabled",
                                true,
                                "attributes",
                                Map.of("client.use.lightweight.access.token.enabled", "true")));
        String token = ToolRun.of(new gettoken())
                .env("ARC_CLIENT_SECRET", SECRET)
                .run("--keycloak", keycloak.http(), "--realm", REALM, "--client-id", "light", "-f", "token")
                .succeeds();
        keycloak.admin().delete("/" + REALM + "/clients/" + id);
        assertEquals(HTTP_WARNING, verify(token, List.of("--issuer", issuer())).err());
        ToolRun.of(new decodejwt())
                .stdin(token)
                .run("-s", "--require-role", "auth", "--pass-through")
                .fails(Exit.BAD_TOKEN, "wanted realm role auth, but the token has none", "lightweight");
    }

    @Test
    void a_realm_that_signs_with_es256_verifies_and_is_not_for_the_archive() {
        keycloak.admin().change("/" + REALM, Map.of("defaultSignatureAlgorithm", "ES256"));
        try {
            keycloak.admin()
                    .create(
                            "/" + REALM + "/clients",
                            Map.of("clientId", "of-realm", "secret", SECRET, "serviceAccountsEnabled", true));
            String token = ToolRun.of(new gettoken())
                    .env("ARC_CLIENT_SECRET", SECRET)
                    .run("--keycloak", keycloak.http(), "--realm", REALM, "--client-id", "of-realm", "-f", "token")
                    .succeeds();
            assertEquals(
                    HTTP_WARNING, verify(token, List.of("--issuer", issuer())).err());
            String summary =
                    ToolRun.of(new decodejwt()).stdin(token).run("--info").err();
            assertTrue(summary.contains("alg is ES256, and the archive accepts RS256"), summary);
        } finally {
            keycloak.admin().change("/" + REALM, Map.of("defaultSignatureAlgorithm", "RS256"));
        }
    }

    @Test
    void a_realm_that_requires_https_says_so() {
        String token = token("strict", "RS256");
        keycloak.admin().change("/" + REALM, Map.of("sslRequired", "all"));
        try {
            verify(token, List.of("--issuer", issuer()))
                    .after(HTTP_WARNING)
                    .says(Exit.REFUSED, "answered 403: HTTPS required", "Require SSL");
        } finally {
            keycloak.admin().change("/" + REALM, Map.of("sslRequired", "external"));
        }
    }

    @Test
    void an_ed448_key_verifies_too() {
        String provider = keycloak.admin()
                .create(
                        "/" + REALM + "/components",
                        Map.of(
                                "name", "ed448",
                                "providerId", "eddsa-generated",
                                "providerType", "org.keycloak.keys.KeyProvider",
                                "config", config("priority", "900", "eddsaEllipticCurveKey", "Ed448")));
        try {
            String token = token("signs-ed448", "EdDSA");
            assertEquals(
                    152, token.length() - token.lastIndexOf('.') - 1, "an Ed448 signature has 114 bytes in base64url");
            ToolRun run = verify(token, List.of("--issuer", issuer()));
            assertEquals(0, run.exit(), run::toString);
        } finally {
            keycloak.admin().delete("/" + REALM + "/components/" + provider);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void a_shared_secret_verifies_where_it_is_known(String algorithm) throws Exception {
        byte[] secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".getBytes();
        String provider = keycloak.admin()
                .create(
                        "/" + REALM + "/components",
                        Map.of(
                                "name",
                                algorithm,
                                "providerId",
                                "hmac-generated",
                                "providerType",
                                "org.keycloak.keys.KeyProvider",
                                "config",
                                config(
                                        "priority",
                                        "900",
                                        "algorithm",
                                        algorithm,
                                        "secretSize",
                                        "64",
                                        "kid",
                                        "known-" + algorithm,
                                        "secret",
                                        Base64.getUrlEncoder().withoutPadding().encodeToString(secret))));
        try {
            String token = token("signs-" + algorithm, algorithm);
            Path file = Files.write(folder.resolve("secret"), secret);
            Permissions.set(file, "rw-------");
            ToolRun run = verify(token, List.of("--hmac-secret-file", file.toString()));
            assertEquals(0, run.exit(), run::toString);
            assertEquals("", run.err());
            verify(token, List.of("--issuer", issuer()))
                    .after(HTTP_WARNING)
                    .says(Exit.BAD_TOKEN, "alg is " + algorithm + ", and accepted are RS256, ", "--hmac-secret-file");
        } finally {
            keycloak.admin().delete("/" + REALM + "/components/" + provider);
        }
    }

    @Test
    void a_new_key_is_asked_for_though_old_ones_are_cached() {
        String first = token("rotates", "RS256");
        assertEquals(0, cached(first).exit());
        String provider = keycloak.admin()
                .create(
                        "/" + REALM + "/components",
                        Map.of(
                                "name", "newer",
                                "providerId", "rsa-generated",
                                "providerType", "org.keycloak.keys.KeyProvider",
                                "config", config("priority", "901", "algorithm", "RS256", "keySize", "2048")));
        try {
            String second = token("rotates-2", "RS256");
            assertEquals(0, cached(second).exit());
            assertEquals(0, cached(first).exit(), "keys that sign no longer still verify");
        } finally {
            keycloak.admin().delete("/" + REALM + "/components/" + provider);
        }
    }

    @Test
    void keys_over_https_need_no_warning() throws Exception {
        String client = "over-https";
        create(client, "RS256");
        Path certificate = Files.writeString(folder.resolve("keycloak.pem"), keycloak.certificatePem());
        String token = ToolRun.of(new gettoken())
                .env("ARC_CLIENT_SECRET", SECRET)
                .run(with(
                        "--cacert",
                        certificate,
                        "--keycloak",
                        keycloak.https(),
                        "--realm",
                        REALM,
                        "--client-id",
                        client,
                        "-f",
                        "token"))
                .succeeds();
        ToolRun run = verify(
                token.strip(),
                List.of("--keycloak", keycloak.https(), "--realm", REALM, "--cacert", certificate.toString()));
        assertEquals(0, run.exit(), run::toString);
        assertEquals("", run.err());
        // The same server by its other address is another issuer (facts A2).
        verify(token.strip(), List.of("--issuer", issuer()))
                .after(HTTP_WARNING)
                .says(Exit.BAD_TOKEN, "wanted iss " + issuer() + ", but the token has https://", "same URL");
    }

    private static Object[] with(Object... arguments) {
        return arguments;
    }

    private static String token(String client, String algorithm) {
        create(client, algorithm);
        String token = ToolRun.of(new gettoken())
                .env("ARC_CLIENT_SECRET", SECRET)
                .run("--keycloak", keycloak.http(), "--realm", REALM, "--client-id", client, "-f", "token")
                .succeeds()
                .strip();
        String header = new String(Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))));
        assertTrue(header.contains("\"" + algorithm + "\""), header);
        return token;
    }

    private static void create(String client, String algorithm) {
        keycloak.admin()
                .create(
                        "/" + REALM + "/clients",
                        Map.of(
                                "clientId",
                                client,
                                "secret",
                                SECRET,
                                "serviceAccountsEnabled",
                                true,
                                "attributes",
                                Map.of("access.token.signed.response.alg", algorithm)));
    }

    private static Map<String, Object> config(String... members) {
        Map<String, Object> config = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            config.put(members[i], List.of(members[i + 1]));
        }
        return config;
    }

    private static ToolRun verify(String token, List<String> source) {
        Object[] arguments = new Object[source.size() + 1];
        arguments[0] = "--verify";
        System.arraycopy(source.toArray(), 0, arguments, 1, source.size());
        return ToolRun.of(new decodejwt()).stdin(token).run(arguments);
    }

    private ToolRun cached(String token) {
        return ToolRun.of(new decodejwt())
                .stdin(token)
                .env("ARC_NO_CACHE", "false")
                .env("XDG_CACHE_HOME", folder)
                .run("--verify", "--issuer", issuer());
    }

    private static String changed(String token) {
        String[] parts = token.split("\\.");
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]));
        String other = payload.replace("\"azp\":\"", "\"azp\":\"x");
        return parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(other.getBytes()) + "."
                + parts[2];
    }

    private static String issuer() {
        return keycloak.http() + "/realms/" + REALM;
    }
}
