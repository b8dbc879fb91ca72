//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/WebRequest.java ../scripts/gettoken.java
//SOURCES ../scripts/sandbox.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.Signature;
import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a client proves who it is, as the token endpoint sees it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClientAuthTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String TOKEN = "{\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\",\"expires_in\":300}";

    private static final Map<String, KeyPair> PAIRS = new HashMap<>();

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        // The proof is looked at here, not there.
        sandbox.provider().web().faults().rule(request -> Faults.garbage("application/json", TOKEN));
    }

    @Test
    void a_secret_goes_into_the_form_or_the_header_but_never_into_both() throws Exception {
        String odd = "a+b/c=d%e&f:g h\u00fc";
        gettoken("--auth-method=client_secret_post", "--client-secret-file=" + file(odd))
                .succeeds();
        assertEquals(List.of(odd), last().form().get("client_secret"));
        assertNull(last().header("Authorization"));

        gettoken("--auth-method=client_secret_basic", "--client-id=x y", "--client-secret-file=" + file(odd))
                .succeeds();
        String basic = last().header("Authorization").substring("Basic ".length());
        assertEquals(
                "x+y:a%2Bb%2Fc%3Dd%25e%26f%3Ag+h%C3%BC",
                new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8));
        assertEquals(Set.of("grant_type"), last().form().keySet());
    }

    @Test
    void a_client_without_a_secret_names_itself_alone() {
        gettoken("--auth-method=none").succeeds();

        assertEquals(Set.of("grant_type", "client_id"), last().form().keySet());
    }

    @ParameterizedTest
    @CsvSource({"32, 256", "47, 256", "48, 384", "64, 512", "86, 512"})
    void a_secret_signs_with_the_longest_hash_that_it_is_long_enough_for(int length, int bits) throws Exception {
        String secret = "s".repeat(length);
        gettoken("--auth-method=client_secret_jwt", "--client-secret-file=" + file(secret))
                .succeeds();

        String assertion = assertion();
        assertEquals("HS" + bits, part(assertion, 0).get("alg"));
        Mac mac = Mac.getInstance("HmacSHA" + bits);
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HMAC"));
        assertTrue(MessageDigest.isEqual(mac.doFinal(signed(assertion)), signature(assertion)));
    }

    @Test
    void a_secret_that_is_too_short_to_sign_is_refused_here() throws Exception {
        gettoken("--auth-method=client_secret_jwt", "--client-secret-file=" + file("short"))
                .fails(Exit.USAGE, "too short for client_secret_jwt: 5 bytes", "--auth-method");

        assertEquals(List.of(), sandbox.provider().web().requests());
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, 2048, RS256, SHA256withRSA",
        "EC, secp256r1, ES256, SHA256withECDSAinP1363Format",
        "EC, secp384r1, ES384, SHA384withECDSAinP1363Format",
        "EC, secp521r1, ES512, SHA512withECDSAinP1363Format",
        "Ed25519, , EdDSA, Ed25519",
        "Ed448, , EdDSA, Ed448",
        "RSASSA-PSS, 2048, PS256, RSASSA-PSS"
    })
    void a_key_in_pem_signs_with_the_algorithm_of_its_kind(String kind, String size, String alg, String jdk)
            throws Exception {
        KeyPair pair = pair(kind, size);
        String pem = "-----BEGIN PRIVATE KEY-----\r\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\r\n-----END PRIVATE KEY-----\r\n";
        withKey("Bag Attributes\r\n" + pem).succeeds();

        String assertion = assertion();
        assertEquals(Set.of("alg", "typ"), part(assertion, 0).keySet());
        assertEquals(alg, part(assertion, 0).get("alg"));
        assertTrue(verifies(jdk, pair, assertion));
    }

    @ParameterizedTest
    @CsvSource({"RS384, SHA384withRSA", "RS512, SHA512withRSA", "PS256, RSASSA-PSS"})
    void a_jwk_says_how_it_signs_and_what_it_is_called(String alg, String jdk) throws Exception {
        KeyPair pair = pair("RSA", "2048");
        withKey(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .algorithm(JWSAlgorithm.parse(alg))
                        .keyID("mine")
                        .build()
                        .toJSONString())
                .succeeds();

        String assertion = assertion();
        assertEquals(alg, part(assertion, 0).get("alg"));
        assertEquals("mine", part(assertion, 0).get("kid"));
        assertTrue(verifies(jdk, pair, assertion));
    }

    @Test
    void a_key_that_is_too_short_is_misuse() throws Exception {
        withKey(new RSAKey.Builder((RSAPublicKey) pair("RSA", "1024").getPublic())
                        .privateKey(pair("RSA", "1024").getPrivate())
                        .build()
                        .toJSONString())
                .fails(Exit.USAGE, "cannot sign with RS256", "RSA keys need 2048 bits");
    }

    @Test
    void a_jwk_does_not_sign_with_what_its_kind_cannot() throws Exception {
        KeyPair pair = pair("RSA", "2048");
        for (String alg : List.of("none", "HS256", "ES256", "RSA-OAEP")) {
            withKey(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                            .privateKey(pair.getPrivate())
                            .algorithm(JWSAlgorithm.parse(alg))
                            .build()
                            .toJSONString())
                    .fails(Exit.USAGE, "cannot sign with " + alg, "\"alg\" in the JWK can be RS256");
        }
        String half = "A".repeat(43);
        String edwards =
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + half + "\",\"d\":\"" + half + "\",\"alg\":\"";
        withKey(edwards + "RS256\"}").fails(Exit.USAGE, "cannot sign with RS256", "can be EdDSA, Ed25519");
        withKey(edwards + "Ed25519\"}").succeeds();
        assertEquals("Ed25519", part(assertion(), 0).get("alg"));
    }

    @Test
    void an_assertion_is_for_one_audience_for_a_minute_and_for_one_request() throws Exception {
        String key = "--client-secret-file=" + file("s".repeat(32));
        sandbox.provider()
                .web()
                .faults()
                .next(1, Faults.status(404, "application/json", "{\"error\":\"Unable to find\"}"));
        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .clock(() -> NOW)
                .run("--keycloak=" + sandbox.keycloak(), "--auth-method=client_secret_jwt", key, "-s")
                .succeeds();

        List<WebRequest> requests = sandbox.provider().web().requests();
        Map<String, Object> first =
                part(requests.get(0).form().get("client_assertion").getFirst(), 1);
        Map<String, Object> second =
                part(requests.get(1).form().get("client_assertion").getFirst(), 1);
        assertNotEquals(first.get("jti"), second.get("jti"));
        assertEquals(sandbox.keycloak() + "/realms/dcm4che", first.get("aud"));
        assertEquals(sandbox.keycloak() + "/auth/realms/dcm4che", second.get("aud"));
        assertEquals("curl", second.get("iss"));
        assertEquals("curl", second.get("sub"));
        assertEquals(Long.toString(NOW.getEpochSecond()), second.get("iat").toString());
        assertEquals(Long.toString(NOW.getEpochSecond() + 60), second.get("exp").toString());
    }

    @Test
    void the_audience_is_what_the_provider_is_known_by() throws Exception {
        sandbox.provider().web().faults().clear();
        String issuer = sandbox.keycloak() + "/realms/dcm4che";
        String key = "--client-secret-file=" + file("s".repeat(32));
        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .run("--issuer=" + issuer, "--auth-method=client_secret_jwt", key);
        assertEquals(issuer, part(assertion(), 1).get("aud"));

        String endpoint = issuer + "/protocol/openid-connect/token";
        ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .run("--token-endpoint=" + endpoint, "--auth-method=client_secret_jwt", key);
        assertEquals(endpoint, part(assertion(), 1).get("aud"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            garbage                                | no private key    | PEM, DER or a JWK
            {"kty":"RSA"}                          | no private key    | JWK
            -----BEGIN RSA PRIVATE KEY-----        | is damaged        | RSA and EC keys
            -----BEGIN ENCRYPTED PRIVATE KEY-----  | is damaged        | RSA and EC keys
            """)
    void a_key_that_cannot_be_used_is_said_to_be_so(String text, String message, String hint) throws Exception {
        withKey(text).fails(Exit.USAGE, message, hint);
        assertEquals(List.of(), sandbox.provider().web().requests());
    }

    @Test
    void what_proves_the_client_is_never_shown() throws Exception {
        String secret = "s".repeat(32);
        for (String method : List.of("client_secret_post", "client_secret_basic", "client_secret_jwt")) {
            ToolRun run = gettoken("-v", "--auth-method=" + method, "--client-secret-file=" + file(secret));
            assertEquals(0, run.exit(), run::toString);
            assertFalse(run.err().contains(secret), run.err());
            assertFalse(run.err().contains("eyJ"), run.err());
        }
    }

    private ToolRun withKey(String text) throws Exception {
        return gettoken("--auth-method=private_key_jwt", "--assertion-key=" + file(text));
    }

    private ToolRun gettoken(Object... arguments) {
        return ToolRun.of(new gettoken())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_NO_CACHE", true)
                .run(arguments);
    }

    private WebRequest last() {
        return sandbox.provider().web().requests().getLast();
    }

    private String assertion() {
        assertEquals(
                List.of("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                last().form().get("client_assertion_type"));
        return last().form().get("client_assertion").getFirst();
    }

    /** Keys of this kind and size, the same ones for all tests, since finding the primes of RSA takes long. */
    private static KeyPair pair(String kind, String size) throws Exception {
        String name = kind + size;
        if (!PAIRS.containsKey(name)) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec(size));
            } else if (size != null) {
                generator.initialize(Integer.parseInt(size));
            }
            PAIRS.put(name, generator.generateKeyPair());
        }
        return PAIRS.get(name);
    }

    private static boolean verifies(String algorithm, KeyPair pair, String assertion) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(pair.getPublic());
        if (algorithm.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.update(signed(assertion));
        return signature.verify(signature(assertion));
    }

    private static byte[] signed(String assertion) {
        return assertion.substring(0, assertion.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] signature(String assertion) {
        return Base64.getUrlDecoder().decode(assertion.substring(assertion.lastIndexOf('.') + 1));
    }

    private static Map<String, Object> part(String assertion, int index) throws Json.Malformed {
        byte[] json = Base64.getUrlDecoder().decode(assertion.split("\\.")[index]);
        return Json.asObject(Json.parse(new String(json, StandardCharsets.UTF_8)));
    }

    private Path file(String content) throws Exception {
        Path file = Files.createTempFile(folder, "given", "");
        return Files.writeString(file, content);
    }
}
