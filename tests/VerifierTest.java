//SOURCES ../lib/base/Exit.java ../lib/base/Problem.java ../lib/base/Secret.java ../lib/json/Json.java
//SOURCES ../lib/jwt/Jwt.java ../lib/jwt/Verifier.java House.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Signature;
import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.json.Json;
import lib.jwt.Jwt;
import lib.jwt.Verifier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures: the published examples, every algorithm with keys made here, and every way to fake one. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final String CLAIMS = "{\"iss\":\"https://kc/realms/x\",\"sub\":\"a\"}";

    private static final Map<String, KeyPair> PAIRS = new TreeMap<>();

    /** A key set that counts how often it is asked for, and has another content once it is asked for a fresh one. */
    private static final class Keys implements Verifier.KeySource {
        private final String first;
        private final String fresh;
        private final String issuer;
        private final List<Boolean> asked = new ArrayList<>();

        Keys(String issuer, String first, String fresh) {
            this.issuer = issuer;
            this.first = first;
            this.fresh = fresh;
        }

        @Override
        public Verifier.KeySet keys(boolean isFresh) {
            asked.add(isFresh);
            return new Verifier.KeySet(issuer, isFresh ? fresh : first);
        }
    }

    /** One of the published examples. */
    record Example(String source, Map<String, Object> members) {
        String text(String name) {
            return (String) members.get(name);
        }

        @Override
        public String toString() {
            return source + ", " + text("section");
        }
    }

    static Stream<Example> examples() throws Exception {
        List<Example> examples = new ArrayList<>();
        for (String file : List.of("rfc7515", "rfc7519", "rfc7520", "rfc8037")) {
            Map<String, Object> content =
                    Json.asObject(Json.parse(House.text(House.file("tests/data/" + file + ".json"))));
            for (Object example : Json.asArray(content.get("tokens"))) {
                examples.add(new Example(file, Json.asObject(example)));
            }
        }
        return examples.stream();
    }

    static Stream<Example> signedExamples() throws Exception {
        return examples().filter(example -> example.members().containsKey("key"));
    }

    static List<String> publicAlgorithms() {
        return Verifier.PUBLIC_KEY_ALGORITHMS;
    }

    @ParameterizedTest
    @MethodSource("signedExamples")
    void the_signatures_of_the_published_examples_hold(Example example) throws Exception {
        String token = example.text("token");
        Verifier verifier = verifier(Json.asObject(example.members().get("key")), example.text("alg"));
        assertEquals(List.of(), failures(verifier, token));
        String[] parts = token.split("\\.");
        String another = BASE64URL.encodeToString("{}".getBytes(StandardCharsets.US_ASCII));
        assertEquals("the signature is not valid", failure(verifier, parts[0] + "." + another + "." + parts[2]));
    }

    @ParameterizedTest
    @MethodSource("publicAlgorithms")
    void every_algorithm_holds_and_no_byte_may_change(String algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        String token = sign(algorithm, pair.getPrivate(), header(algorithm, "k1"), CLAIMS);
        Verifier bySet = Verifier.ofKeys(keys(jwk(pair.getPublic(), "k1")), Verifier.PUBLIC_KEY_ALGORITHMS);
        Verifier byKey = Verifier.ofKey(pair.getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS);
        for (Verifier verifier : List.of(bySet, byKey)) {
            assertEquals(List.of(), failures(verifier, token));
            String other = sign(algorithm, otherPair(algorithm).getPrivate(), header(algorithm, "k1"), CLAIMS);
            assertEquals("the signature is not valid", failure(verifier, other));
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
            for (int i = 0; i < signature.length; i += 7) {
                signature[i] ^= 1;
                String changed = token.substring(0, token.lastIndexOf('.') + 1) + BASE64URL.encodeToString(signature);
                assertEquals("the signature is not valid", failure(verifier, changed));
                signature[i] ^= 1;
            }
            for (int size : new int[] {0, 1, signature.length / 2, signature.length - 1}) {
                String cut = token.substring(0, token.lastIndexOf('.') + 1)
                        + BASE64URL.encodeToString(Arrays.copyOf(signature, size));
                assertEquals("the signature is not valid", failure(verifier, cut));
            }
        }
        Verifier narrow = Verifier.ofKey(pair.getPublic(), List.of(algorithm.equals("RS384") ? "RS256" : "RS384"));
        assertTrue(failure(narrow, token).startsWith("alg is " + algorithm + ", and accepted are RS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void a_shared_secret_makes_and_checks_signatures(String algorithm) throws Exception {
        byte[] secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".getBytes();
        String token = mac(algorithm, secret, header(algorithm, null), CLAIMS);
        assertEquals(List.of(), failures(Verifier.ofSecret(secret, Verifier.SECRET_ALGORITHMS), token));
        byte[] other = secret.clone();
        other[0]++;
        assertEquals(
                "the signature is not valid", failure(Verifier.ofSecret(other, Verifier.SECRET_ALGORITHMS), token));
        Problem tooShort = assertThrows(
                Problem.class, () -> failures(Verifier.ofSecret(new byte[31], Verifier.SECRET_ALGORITHMS), token));
        assertEquals(Exit.USAGE, tooShort.exit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
    void a_token_that_nobody_signed_is_refused_in_any_case(String none) throws Exception {
        String payload = BASE64URL.encodeToString(CLAIMS.getBytes(StandardCharsets.UTF_8));
        String header = BASE64URL.encodeToString(header(none, "k1").getBytes(StandardCharsets.UTF_8));
        PublicKey key = pair("RS256").getPublic();
        for (Verifier verifier : List.of(
                Verifier.ofKeys(keys(jwk(key, "k1")), Verifier.PUBLIC_KEY_ALGORITHMS),
                Verifier.ofKey(key, List.of(none)),
                Verifier.ofSecret(new byte[64], List.of(none)))) {
            String message = "alg is " + none + ": the token is not signed";
            assertEquals(message, failure(verifier, header + "." + payload + "."));
            assertEquals(message, failure(verifier, header + "." + payload + ".c2ln"));
        }
    }

    @Test
    void a_header_without_alg_is_refused() throws Exception {
        String token = sign("RS256", pair("RS256").getPrivate(), "{\"kid\":\"k1\"}", CLAIMS);
        Verifier verifier = Verifier.ofKey(pair("RS256").getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS);
        assertEquals("alg is missing: the token is not signed", failure(verifier, token));
        assertTrue(failure(verifier, sign("RS256", pair("RS256").getPrivate(), "{\"alg\":[\"RS256\"]}", CLAIMS))
                .startsWith("alg is [\"RS256\"]"));
    }

    @Test
    void a_public_key_is_never_taken_for_a_secret() throws Exception {
        PublicKey key = pair("RS256").getPublic();
        String pem = pem("PUBLIC KEY", key.getEncoded());
        for (byte[] secret :
                List.of(key.getEncoded(), pem.getBytes(), pem.strip().getBytes())) {
            String token = mac("HS256", secret, header("HS256", "k1"), CLAIMS);
            for (Verifier verifier : List.of(
                    Verifier.ofKeys(keys(jwk(key, "k1")), Verifier.PUBLIC_KEY_ALGORITHMS),
                    Verifier.ofKey(key, Verifier.PUBLIC_KEY_ALGORITHMS))) {
                assertTrue(failure(verifier, token).startsWith("alg is HS256, and accepted are RS256, "));
            }
            // Not even where somebody lets the algorithm in.
            assertEquals(
                    "the key is RSA, which cannot verify HS256", failure(Verifier.ofKey(key, List.of("HS256")), token));
        }
    }

    @Test
    void a_secret_in_a_key_set_signs_nothing() throws Exception {
        byte[] secret = new byte[32];
        String jwk = "{\"kty\":\"oct\",\"kid\":\"k1\",\"k\":\"" + BASE64URL.encodeToString(secret) + "\"}";
        String token = mac("HS256", secret, header("HS256", "k1"), CLAIMS);
        assertTrue(failure(Verifier.ofKeys(keys(jwk), List.of("HS256")), token)
                .endsWith("it is not a valid key of kind oct"));
    }

    @Test
    void keys_that_the_token_brings_along_are_never_looked_at() throws Exception {
        KeyPair evil = otherPair("RS256");
        String jwk = jwk(evil.getPublic(), "k1");
        for (String extra : List.of(
                "\"jwk\":" + jwk,
                "\"jku\":\"http://127.0.0.1:1/keys\"",
                "\"x5u\":\"http://127.0.0.1:1/cert\"",
                "\"x5c\":[\"MIIB\"]")) {
            String header = "{\"alg\":\"RS256\",\"kid\":\"k1\"," + extra + "}";
            KeyPair good = pair("RS256");
            for (Verifier verifier : List.of(
                    Verifier.ofKeys(keys(jwk(good.getPublic(), "k1")), Verifier.PUBLIC_KEY_ALGORITHMS),
                    Verifier.ofKey(good.getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS))) {
                assertEquals(
                        "the signature is not valid",
                        failure(verifier, sign("RS256", evil.getPrivate(), header, CLAIMS)));
                assertEquals(List.of(), failures(verifier, sign("RS256", good.getPrivate(), header, CLAIMS)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"b64\"]", "[\"exp\"]", "[]", "\"x\"", "null"})
    void critical_extensions_are_refused(String crit) throws Exception {
        String header = "{\"alg\":\"RS256\",\"b64\":false,\"crit\":" + crit + "}";
        String token = sign("RS256", pair("RS256").getPrivate(), header, CLAIMS);
        assertTrue(failure(Verifier.ofKey(pair("RS256").getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS), token)
                .startsWith("the header says that these extensions are critical: "));
    }

    @Test
    void the_key_is_found_by_its_name_among_those_for_signatures() throws Exception {
        KeyPair one = pair("RS256");
        KeyPair two = otherPair("RS256");
        String token = sign("RS256", two.getPrivate(), header("RS256", "k2"), CLAIMS);
        String wrongUse = jwk(two.getPublic(), "k2").replace("\"use\":\"sig\"", "\"use\":\"enc\"");
        String wrongAlgorithm = jwk(two.getPublic(), "k2").replace("{", "{\"alg\":\"PS256\",");
        Map<String, String> sets = new LinkedHashMap<>();
        sets.put(jwk(one.getPublic(), "k1") + "," + jwk(two.getPublic(), "k2"), null);
        sets.put(wrongUse + "," + jwk(two.getPublic(), "k2"), null);
        sets.put(
                "null,7,{\"kty\":\"XX\",\"kid\":\"k2\"},{\"kty\":\"RSA\",\"kid\":\"k2\",\"n\":3},"
                        + jwk(two.getPublic(), "k2"),
                null);
        sets.put(jwk(two.getPublic(), "k2").replace("{", "{\"x5c\":[\"broken\"],\"x5t\":5,\"alg\":\"RS256\","), null);
        sets.put(jwk(one.getPublic(), "k2"), "the signature is not valid");
        sets.put(jwk(two.getPublic(), "k1"), "there is no key with the kid k2 for RS256 among the issuer's");
        sets.put(wrongUse, "the key with the kid k2 cannot verify RS256: its use is enc");
        sets.put(wrongAlgorithm, "the key with the kid k2 cannot verify RS256: its alg is PS256");
        sets.put("", "there is no key with the kid k2 for RS256 among the issuer's");
        for (Map.Entry<String, String> set : sets.entrySet()) {
            List<String> failures =
                    failures(Verifier.ofKeys(keys(set.getKey()), Verifier.PUBLIC_KEY_ALGORITHMS), token);
            assertEquals(set.getValue() == null ? List.of() : List.of(set.getValue()), failures, set::getKey);
        }
    }

    @Test
    void a_key_of_the_right_name_that_cannot_be_used_says_why() throws Exception {
        KeyPair pair = pair("RS256");
        String token = sign("RS256", pair.getPrivate(), header("RS256", "k"), CLAIMS);
        String jwk = jwk(pair.getPublic(), "k");
        String bits = "it is EC with 384 bits";
        Map<String, String> sets = new LinkedHashMap<>();
        sets.put(jwk.replace("\"e\":\"AQAB\"", "\"e\":\"AQ\""), "its modulus (n) or exponent (e) is not valid");
        sets.put(
                "{\"kty\":\"RSA\",\"kid\":\"k\",\"x5c\":[\"MII\"]}",
                "it has only a certificate (x5c), and not the members of a key");
        sets.put(jwk(pair("ES384").getPublic(), "k"), bits);
        sets.put(
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"AA\",\"y\":\"AA\"}",
                "it is not a valid key of kind EC");
        for (Map.Entry<String, String> set : sets.entrySet()) {
            Verifier verifier = Verifier.ofKeys(keys(set.getKey()), Verifier.PUBLIC_KEY_ALGORITHMS);
            assertEquals("the key with the kid k cannot verify RS256: " + set.getValue(), failure(verifier, token));
        }
        String small = sign("ES256", pair("ES256").getPrivate(), header("ES256", "k"), CLAIMS);
        Verifier verifier = Verifier.ofKeys(keys(jwk(pair("ES384").getPublic(), "k")), Verifier.PUBLIC_KEY_ALGORITHMS);
        assertEquals("the key with the kid k cannot verify ES256: " + bits, failure(verifier, small));
    }

    @Test
    void keys_without_a_name_are_tried_for_every_name() throws Exception {
        KeyPair two = otherPair("RS256");
        String token = sign("RS256", two.getPrivate(), header("RS256", "k2"), CLAIMS);
        for (String none : List.of("", "\"kid\":null,", "\"kid\":\"\",")) {
            String set = (jwk(pair("RS256").getPublic(), "k") + "," + jwk(two.getPublic(), "k"))
                    .replace("\"kid\":\"k\",", none);
            assertEquals(List.of(), failures(Verifier.ofKeys(keys(set), Verifier.PUBLIC_KEY_ALGORITHMS), token));
        }
    }

    @Test
    void without_a_name_every_key_of_the_kind_is_tried() throws Exception {
        KeyPair two = otherPair("RS256");
        String token = sign("RS256", two.getPrivate(), header("RS256", null), CLAIMS);
        String set = jwk(pair("ES256").getPublic(), "e") + ","
                + jwk(pair("RS256").getPublic(), "k1") + "," + jwk(two.getPublic(), "k2");
        assertEquals(List.of(), failures(Verifier.ofKeys(keys(set), Verifier.PUBLIC_KEY_ALGORITHMS), token));
    }

    @Test
    void an_unknown_name_makes_it_ask_once_more() throws Exception {
        KeyPair two = otherPair("RS256");
        String token = sign("RS256", two.getPrivate(), header("RS256", "k2"), CLAIMS);
        String old = set(jwk(pair("RS256").getPublic(), "k1"));
        Keys rotated = new Keys(null, old, set(jwk(two.getPublic(), "k2")));
        assertEquals(List.of(), failures(Verifier.ofKeys(rotated, Verifier.PUBLIC_KEY_ALGORITHMS), token));
        assertEquals(1, rotated.asked.stream().filter(fresh -> fresh).count());
        Keys same = new Keys(null, old, old);
        assertEquals(
                1,
                failures(Verifier.ofKeys(same, Verifier.PUBLIC_KEY_ALGORITHMS), token)
                        .size());
        assertEquals(1, same.asked.stream().filter(fresh -> fresh).count());
        Keys known = new Keys(null, set(jwk(pair("RS256").getPublic(), "k2")), old);
        assertEquals(
                "the signature is not valid", failure(Verifier.ofKeys(known, Verifier.PUBLIC_KEY_ALGORITHMS), token));
        assertEquals(List.of(false), known.asked, "a signature that does not hold is no reason to ask again");
    }

    @Test
    void nothing_is_fetched_for_a_token_that_is_refused_anyway() throws Exception {
        Keys keys = new Keys(null, "", "");
        String token = sign("RS256", pair("RS256").getPrivate(), header("HS256", "k1"), CLAIMS);
        failure(Verifier.ofKeys(keys, Verifier.PUBLIC_KEY_ALGORITHMS), token);
        assertEquals(List.of(), keys.asked);
    }

    @Test
    void the_issuer_is_that_of_the_keys_to_the_letter() throws Exception {
        KeyPair pair = pair("RS256");
        String set = set(jwk(pair.getPublic(), "k1"));
        String token = sign("RS256", pair.getPrivate(), header("RS256", "k1"), CLAIMS);
        Verifier right = Verifier.ofKeys(new Keys("https://kc/realms/x", set, set), Verifier.PUBLIC_KEY_ALGORITHMS);
        assertEquals(List.of(), failures(right, token));
        Verifier wrong = Verifier.ofKeys(new Keys("https://kc/realms/x/", set, set), Verifier.PUBLIC_KEY_ALGORITHMS);
        assertEquals("wanted iss https://kc/realms/x/, but the token has https://kc/realms/x", failure(wrong, token));
        String without = sign("RS256", pair.getPrivate(), header("RS256", "k1"), "{\"iss\":7}");
        assertEquals("wanted iss https://kc/realms/x, but the token has 7", failure(right, without));
    }

    @Test
    void another_curve_than_the_algorithms_is_no_key_for_it() throws Exception {
        String token = sign("ES256", pair("ES256").getPrivate(), header("ES256", "k1"), CLAIMS);
        assertEquals(
                "the key is EC with 384 bits, which cannot verify ES256",
                failure(Verifier.ofKey(pair("ES384").getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS), token));
        String edwards = sign("Ed25519", pair("Ed25519").getPrivate(), header("Ed448", "k1"), CLAIMS);
        assertEquals(
                "the key is EdDSA, which cannot verify Ed448",
                failure(Verifier.ofKey(pair("Ed25519").getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS), edwards));
    }

    @Test
    void a_key_whose_use_and_alg_are_null_or_empty_is_for_any() throws Exception {
        KeyPair pair = pair("ES256");
        String token = sign("ES256", pair.getPrivate(), header("ES256", "k1"), CLAIMS);
        String jwk = jwk(pair.getPublic(), "k1");
        for (String use : List.of("null", "\"\"")) {
            String loose = jwk.replace("\"use\":\"sig\"", "\"alg\":" + use + ",\"use\":" + use);
            assertEquals(List.of(), failures(Verifier.ofKeys(keys(loose), Verifier.PUBLIC_KEY_ALGORITHMS), token));
        }
    }

    @Test
    void an_rsa_key_that_can_be_broken_verifies_nothing() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair pair = generator.generateKeyPair();
        String jwk = Json.compact(Map.of(
                "kty", "RSA",
                "kid", "k1",
                "n", number(((RSAPublicKey) pair.getPublic()).getModulus(), 128),
                "e", "AQAB"));
        for (String algorithm : List.of("RS256", "PS256")) {
            String token = sign(algorithm, pair.getPrivate(), header(algorithm, "k1"), CLAIMS);
            String message = "the RSA key is too short: 1024 bits, and the minimum is 2048";
            assertEquals(message, failure(Verifier.ofKey(pair.getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS), token));
            assertEquals(message, failure(Verifier.ofKeys(keys(jwk), Verifier.PUBLIC_KEY_ALGORITHMS), token));
            PublicKey read = Verifier.publicKey(jwk.getBytes(StandardCharsets.UTF_8), "key.jwk");
            assertEquals(message, failure(Verifier.ofKey(read, Verifier.PUBLIC_KEY_ALGORITHMS), token));
        }
    }

    @Test
    void an_ecdsa_signature_of_zeros_does_not_hold() throws Exception {
        String token = sign("ES256", pair("ES256").getPrivate(), header("ES256", "k1"), CLAIMS);
        String zeros = token.substring(0, token.lastIndexOf('.') + 1) + BASE64URL.encodeToString(new byte[64]);
        assertEquals(
                "the signature is not valid",
                failure(Verifier.ofKey(pair("ES256").getPublic(), Verifier.PUBLIC_KEY_ALGORITHMS), zeros));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "ES384", "ES512", "Ed25519", "Ed448"})
    void a_key_file_is_read_in_every_form(String algorithm) throws Exception {
        PublicKey key = pair(algorithm).getPublic();
        String pem = pem("PUBLIC KEY", key.getEncoded());
        for (String content : List.of(
                pem,
                pem.replace("\n", "\r\n"),
                "Bag Attributes: x\n" + pem,
                Base64.getEncoder().encodeToString(key.getEncoded()),
                jwk(key, "k1"),
                jwk(key, "k1").replace("{", "{\"d\":\"AQAB\",\"x5c\":[\"x\"],"))) {
            PublicKey read = Verifier.publicKey(content.getBytes(StandardCharsets.UTF_8), "key.pem");
            assertEquals(key, read, content);
        }
    }

    @ParameterizedTest
    @MethodSource("badKeyFiles")
    void a_file_without_a_public_key_says_what_it_is(String content, String message) {
        Problem problem = assertThrows(Problem.class, () -> Verifier.publicKey(content.getBytes(), "key.pem"));
        assertEquals(message, problem.getMessage());
        assertEquals(Exit.USAGE, problem.exit());
    }

    static Stream<Arguments> badKeyFiles() {
        return Stream.of(
                Arguments.of("", "there is no public key in key.pem"),
                Arguments.of("hello", "there is no public key in key.pem"),
                Arguments.of("{}", "there is no public key in key.pem"),
                Arguments.of("{", "there is no public key in key.pem"),
                Arguments.of("{\"kty\":\"RSA\",\"n\":1}", "there is no public key in key.pem"),
                Arguments.of("{\"keys\":[]}", "this is a set of keys, not one key"),
                Arguments.of("{\"kty\":\"oct\",\"k\":\"AQAB\"}", "this is a shared secret, not a public key"),
                Arguments.of(
                        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                        "there is no public key in key.pem"),
                Arguments.of(
                        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
                        "there is no public key in key.pem"),
                Arguments.of(
                        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
                        "key.pem holds a private key, which its owner must not share"));
    }

    private static Verifier verifier(Map<String, Object> jwk, String algorithm) throws Exception {
        if (jwk.get("kty").equals("oct")) {
            return Verifier.ofSecret(Base64.getUrlDecoder().decode((String) jwk.get("k")), List.of(algorithm));
        }
        return Verifier.ofKeys(keys(Json.compact(jwk)), List.of(algorithm));
    }

    private static Keys keys(String jwks) {
        return new Keys(null, set(jwks), set(jwks));
    }

    private static String set(String jwks) {
        return "{\"keys\":[" + jwks + "]}";
    }

    private static String failure(Verifier verifier, String token) {
        List<String> failures = failures(verifier, token);
        assertEquals(1, failures.size(), failures::toString);
        return failures.getFirst();
    }

    private static List<String> failures(Verifier verifier, String token) {
        List<Problem> failures = new ArrayList<>();
        try {
            verifier.test(Jwt.decode(new Secret(token)), NOW, failures);
        } catch (Problem noClaims) {
            Problem failure = verifier.failure(header(token), new Secret(token));
            if (failure != null) {
                failures.add(failure);
            }
        }
        List<String> texts = new ArrayList<>();
        for (Problem failure : failures) {
            assertEquals(Exit.BAD_TOKEN, failure.exit());
            assertTrue(failure.hint().length() > 10);
            texts.add(failure.getMessage());
        }
        return texts;
    }

    private static Map<String, Object> header(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
            return Json.asObject(Json.parse(new String(bytes, StandardCharsets.UTF_8)));
        } catch (Json.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static String header(String algorithm, String kid) {
        return "{\"alg\":\"" + algorithm + "\"" + (kid == null ? "" : ",\"kid\":\"" + kid + "\"") + "}";
    }

    /** A pair that all tests share. */
    private static KeyPair pair(String algorithm) throws Exception {
        return shared("", algorithm);
    }

    /** Another pair that all tests share. */
    private static KeyPair otherPair(String algorithm) throws Exception {
        return shared("other ", algorithm);
    }

    /** All algorithms of RSA have the same pair, since making one takes long. */
    private static synchronized KeyPair shared(String name, String algorithm) throws Exception {
        boolean isRsa = algorithm.startsWith("PS") || algorithm.startsWith("RS");
        String key = name + (isRsa ? "RSA" : algorithm);
        if (!PAIRS.containsKey(key)) {
            PAIRS.put(key, newPair(algorithm));
        }
        return PAIRS.get(key);
    }

    private static KeyPair newPair(String algorithm) throws Exception {
        if (algorithm.startsWith("Ed")) {
            return KeyPairGenerator.getInstance(algorithm.equals("EdDSA") ? "Ed448" : algorithm)
                    .generateKeyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.startsWith("ES") ? "EC" : "RSA");
        switch (algorithm) {
            case "ES256" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
            case "ES384" -> generator.initialize(new ECGenParameterSpec("secp384r1"));
            case "ES512" -> generator.initialize(new ECGenParameterSpec("secp521r1"));
            default -> generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static String sign(String algorithm, PrivateKey key, String header, String claims) throws Exception {
        String bits = algorithm.substring(2);
        Signature signature = switch (algorithm.substring(0, 2)) {
            case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
            case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
            case "PS" -> Signature.getInstance("RSASSA-PSS");
            default -> Signature.getInstance("EdDSA");
        };
        if (algorithm.startsWith("PS")) {
            signature.setParameter(new PSSParameterSpec(
                    "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1));
        }
        signature.initSign(key);
        String content = segment(header) + "." + segment(claims);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + BASE64URL.encodeToString(signature.sign());
    }

    private static String mac(String algorithm, byte[] secret, String header, String claims) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
        mac.init(new SecretKeySpec(secret, "x"));
        String content = segment(header) + "." + segment(claims);
        return content + "." + BASE64URL.encodeToString(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String segment(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String jwk(PublicKey key, String kid) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kid", kid);
        jwk.put("use", "sig");
        if (key instanceof RSAPublicKey rsa) {
            jwk.put("kty", "RSA");
            jwk.put("n", number(rsa.getModulus(), 256));
            jwk.put("e", number(rsa.getPublicExponent(), 3));
        } else if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            jwk.put("kty", "EC");
            jwk.put("crv", "P-" + bits);
            jwk.put("x", number(ec.getW().getAffineX(), (bits + 7) / 8));
            jwk.put("y", number(ec.getW().getAffineY(), (bits + 7) / 8));
        } else {
            String curve = ((EdECPublicKey) key).getParams().getName();
            byte[] encoded = key.getEncoded();
            int size = curve.equals("Ed25519") ? 32 : 57;
            jwk.put("kty", "OKP");
            jwk.put("crv", curve);
            jwk.put("x", BASE64URL.encodeToString(Arrays.copyOfRange(encoded, encoded.length - size, encoded.length)));
        }
        return Json.compact(jwk);
    }

    private static String number(BigInteger number, int size) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[size];
        int length = Math.min(size, bytes.length);
        System.arraycopy(bytes, bytes.length - length, padded, size - length, length);
        return BASE64URL.encodeToString(padded);
    }

    private static String pem(String kind, byte[] encoded) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }
}
