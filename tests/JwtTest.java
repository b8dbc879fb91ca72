//SOURCES ../lib/base/Exit.java ../lib/base/Problem.java ../lib/base/Secret.java ../lib/jwt/Claims.java
//SOURCES ../lib/jwt/Jwt.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.jwt.Claims;
import lib.jwt.Jwt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JwtTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String RS256 = "{\"alg\":\"RS256\"}";

    @Test
    void the_example_of_rfc_7519_decodes() {
        Jwt jwt = Jwt.decode(new Secret("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assertEquals("HS256", jwt.algorithm());
        assertEquals("joe", jwt.claims().text("iss"));
        assertEquals("2011-03-22T18:43:00Z", jwt.claims().time("exp").iso());
        assertEquals(true, jwt.payload().get("http://example.com/is_root"));
        assertEquals("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", jwt.signature());
        assertEquals(List.of(), jwt.findings(NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "RS256, 256, true", "RS512, 384, true", "PS256, 512, true", "RS256, 255, false", "PS384, 64, false",
        "HS256, 32, true", "HS256, 31, false", "HS384, 48, true", "HS512, 64, true", "HS512, 32, false",
        "ES256, 64, true", "ES256, 63, false", "ES384, 96, true", "ES512, 132, true", "ES512, 131, false",
        "EdDSA, 64, true", "EdDSA, 114, true", "EdDSA, 65, false", "X1, 7, true"
    })
    void a_signature_of_impossible_length_is_remarked_on(String algorithm, int size, boolean possible) {
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[size]);
        List<String> remarks = remarks("{\"alg\":\"" + algorithm + "\"}", "{}", signature);
        assertEquals(possible ? 0 : 1, remarks.size(), remarks::toString);
    }

    @Test
    void a_signature_that_spells_a_word_is_a_stand_in() {
        assertEquals(List.of(), remarks(RS256, "{}", segment("signature")));
    }

    @Test
    void a_signature_that_is_no_base64url_is_refused() {
        assertEquals("the signature segment is not base64url: ! at character 3", refused(RS256, "{}", "ab!d"));
    }

    @Test
    void duplicates_are_named_in_header_and_payload() {
        assertEquals(
                List.of(
                        "duplicate header member alg: the last one is shown, other programs may take the first",
                        "duplicate claim a: the last one is shown, other programs may take the first"),
                remarks("{\"alg\":\"x\",\"alg\":\"RS256\"}", "{\"a\":1,\"a\":2}", segment("sig")));
    }

    @Test
    void an_algorithm_that_is_no_text_is_none() {
        assertNull(jwt("{\"alg\":1}", "{}", "").algorithm());
        assertEquals(List.of("the header names no algorithm (alg)"), remarks("{\"alg\":1}", "{}", ""));
    }

    @Test
    void empty_segments_are_named() {
        assertEquals("the header segment is empty", refused("", "{}", ""));
        assertEquals("the payload segment is empty", refused(RS256, "", ""));
        Problem detached = assertThrows(Problem.class, () -> jwt("{\"alg\":\"RS256\",\"b64\":false}", "", ""));
        assertEquals("the payload was sent separately, as the b64 header says", detached.hint());
    }

    @Test
    void what_is_no_object_is_said() {
        assertEquals("the payload is not a JSON object but null", refused(RS256, "null", ""));
        assertEquals("the payload is not a JSON object but a number", refused(RS256, "1.5", ""));
        assertEquals("the payload is not a JSON object but a boolean", refused(RS256, "true", ""));
        assertEquals("the header is not a JSON object but an array", refused("[]", "{}", ""));
        assertEquals("the payload is broken JSON: cut off in the middle", refused(RS256, "{\"a\":", ""));
        assertEquals("the payload is broken JSON: broken at character 4", refused(RS256, "{\"a\"}", ""));
    }

    @Test
    void nesting_is_limited() {
        jwt(RS256, "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}", "");
        assertEquals(
                "the payload is broken JSON: nested deeper than 64",
                refused(RS256, "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}", ""));
    }

    @Test
    void an_encrypted_token_has_a_header_only() {
        Jwt jwt = Jwt.decode(new Secret(segment("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..a.b.c"));
        assertTrue(jwt.isEncrypted());
        assertEquals("dir", jwt.algorithm());
        assertThrows(Problem.class, jwt::payload);
        assertEquals(List.of(), jwt.findings(NOW));
    }

    @Test
    void the_number_of_segments_is_said() {
        Problem problem = assertThrows(Problem.class, () -> Jwt.decode(new Secret("a.b.c.d")));
        assertEquals("not a JWT: expected 3 segments, found 4", problem.getMessage());
        assertEquals(Exit.BAD_TOKEN, problem.exit());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "1700000000 | 2023-11-14T22:13:20Z | -",
                "1700000000.9 | 2023-11-14T22:13:20Z | -",
                "1.7e9 | 2023-11-14T22:13:20Z | -",
                "-1 | 1969-12-31T23:59:59Z | -",
                "-0.5 | 1969-12-31T23:59:59Z | -",
                "253402300799 | 9999-12-31T23:59:59Z | -",
                "253402300800 | - | exp is out of range",
                "1700000000000 | - | exp looks like milliseconds, but counts seconds",
                "1e400 | - | exp is out of range",
                "-1e400 | - | exp is out of range",
                "\"1700000000\" | 2023-11-14T22:13:20Z | exp is text, not a number",
                "\"soon\" | - | exp is not a number",
                "null | - | exp is not a number",
                "{} | - | exp is not a number"
            })
    void a_time_is_read_as_far_as_it_can_be(String written, String iso, String oddity) {
        Claims.Time time = jwt(RS256, "{\"exp\":" + written + "}", "").claims().time("exp");
        assertEquals(iso, time.iso());
        assertEquals(oddity, time.fault());
        Claims.expiry(time, NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59, 59 s",
        "60, 1 min",
        "252, 4 min 12 s",
        "-192, 3 min 12 s",
        "3600, 1 h",
        "7530, 2 h 5 min",
        "86400, 1 d",
        "100000, 1 d 3 h",
        "31536000, 1 y",
        "40000000, 1 y 97 d"
    })
    void a_span_has_its_two_largest_units(long seconds, String text) {
        assertEquals(text, Claims.span(seconds));
    }

    @Test
    void time_is_said_as_people_say_it() {
        assertEquals("in 4 min 12 s", expiry("1767225852"));
        assertEquals("expired 3 min 12 s ago", expiry("1767225408"));
        assertEquals("expired now", expiry("1767225600"));
        assertEquals("never (exp is 0)", expiry("0"));
        assertEquals("exp is out of range", expiry("1e30"));
        assertEquals("no expiry", Claims.expiry(null, NOW));
    }

    @Test
    void an_issue_in_the_future_doubts_the_clock_after_a_minute() {
        assertEquals(
                0,
                jwt(RS256, "{\"iat\":1767225660}", segment("sig")).findings(NOW).size());
        assertEquals(
                1,
                jwt(RS256, "{\"iat\":1767225661}", segment("sig")).findings(NOW).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"typ\":\"Bearer\",\"sub\":\"x\"} | access token",
                "{\"typ\":\"Bearer\"} | lightweight access token",
                "{\"typ\":\"Bearer\",\"sub\":\"x\",\"jti\":\"trltcc:1\"} | lightweight access token",
                "{\"typ\":\"Bearer\",\"jti\":\"trrtcc:1\"} | access token",
                "{\"typ\":\"ID\"} | ID token",
                "{\"typ\":\"RegistrationAccessToken\"} | registration access token",
                "{\"events\":{}} | logout token",
                "{\"typ\":\"Odd\"} | token of kind Odd",
                "{\"typ\":1} | token of unknown kind"
            })
    void the_kind_is_named(String claims, String kind) {
        assertEquals(kind, jwt(RS256, claims, "").claims().kind());
    }

    @Test
    void client_roles_are_kept_apart_from_realm_roles() {
        Jwt jwt = jwt(RS256, "{\"resource_access\":{\"my.client\":{\"roles\":[\"r\"]},\"x\":1}}", "");
        assertEquals(List.of("r"), jwt.claims().clientRoles("my.client"));
        assertEquals(List.of(), jwt.claims().clientRoles("x"));
        assertEquals(List.of(), jwt.claims().clientRoles("y"));
        assertEquals(List.of(), jwt.claims().realmRoles());
    }

    @Test
    void the_token_shows_in_no_text_form() {
        assertTrue(!jwt(RS256, "{\"sub\":\"ab\"}", segment("sig")).toString().contains("ab\""));
    }

    private static String expiry(String exp) {
        return Claims.expiry(jwt(RS256, "{\"exp\":" + exp + "}", "").claims().time("exp"), NOW);
    }

    private static List<String> remarks(String header, String payload, String signature) {
        List<String> texts = new ArrayList<>();
        for (Jwt.Finding finding : jwt(header, payload, signature).findings(NOW)) {
            texts.add(finding.text());
        }
        return texts;
    }

    private static String refused(String header, String payload, String signature) {
        Problem problem = assertThrows(Problem.class, () -> jwt(header, payload, signature));
        assertEquals(Exit.BAD_TOKEN, problem.exit());
        return problem.getMessage();
    }

    private static Jwt jwt(String header, String payload, String signature) {
        return Jwt.decode(new Secret(segment(header) + "." + segment(payload) + "." + signature));
    }

    private static String segment(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
