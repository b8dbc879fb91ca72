//SOURCES ../lib/base/Secret.java ../lib/json/Json.java ../lib/jwt/ArchiveRules.java ../lib/jwt/Jwt.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Secret;
import lib.json.Json;
import lib.jwt.ArchiveRules;
import lib.jwt.Jwt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArchiveRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ISSUER = "https://kc:8843/realms/dcm4che";

    private final Map<String, Object> claims = new LinkedHashMap<>();
    private String algorithm = "RS256";

    @BeforeEach
    void a_token_that_the_archive_accepts() {
        claims.put("exp", Json.Number.of(NOW.getEpochSecond() + 300));
        claims.put("iss", ISSUER);
        claims.put("typ", "Bearer");
        claims.put("azp", "curl");
        claims.put("sub", "0f8fad5b");
        claims.put("jti", "trrtcc:1");
        claims.put("preferred_username", "service-account-curl");
        roles("offline_access", "auth");
    }

    @Test
    void a_good_token_has_no_flaw() {
        assertEquals(List.of(), flaws());
    }

    @Test
    void an_expired_token_says_since_when() {
        claims.put("exp", Json.Number.of(NOW.getEpochSecond() - 192));
        assertEquals(List.of("expired 3 min 12 s ago"), flaws());
        claims.put("exp", Json.Number.of(NOW.getEpochSecond()));
        assertEquals(List.of("expired now"), flaws());
    }

    @Test
    void an_expiry_that_no_server_reads_is_a_flaw() {
        claims.put("exp", "1767226000");
        assertEquals(List.of("exp is text, not a number"), flaws());
        claims.put("exp", "soon");
        assertEquals(List.of("exp is not a number"), flaws());
        claims.put("exp", null);
        assertEquals(List.of("exp is not a number"), flaws());
        claims.remove("exp");
        assertEquals(List.of("it has no expiry (exp)"), flaws());
    }

    @Test
    void an_expiry_in_milliseconds_is_just_far_away() {
        claims.put("exp", new Json.Number("1767226000000"));
        assertEquals(List.of(), flaws());
    }

    @Test
    void a_token_that_is_not_yet_valid_says_when() {
        claims.put("nbf", Json.Number.of(NOW.getEpochSecond() + 1));
        assertEquals(List.of("not valid yet: it begins in 1 s"), flaws());
    }

    @Test
    void another_kind_of_token_is_named() {
        claims.put("typ", "ID");
        assertEquals(
                List.of("it is not an access token but an ID token, and the archive accepts only typ Bearer"), flaws());
    }

    @Test
    void a_dpop_token_is_no_bearer_token() {
        claims.put("typ", "DPoP");
        assertEquals(List.of("its typ is DPoP, and the archive accepts only Bearer"), flaws());
    }

    @Test
    void another_algorithm_is_named() {
        algorithm = "ES256";
        assertEquals(List.of("alg is ES256, and the archive accepts RS256"), flaws());
    }

    @Test
    void a_missing_subject_is_a_flaw() {
        claims.remove("sub");
        assertEquals(List.of("there is no sub"), flaws());
    }

    @Test
    void a_lightweight_token_misses_its_roles_for_that_reason() {
        claims.put("jti", "trltcc:1");
        claims.remove("realm_access");
        assertEquals(List.of("it is a lightweight access token, without roles"), flaws());
        claims.remove("jti");
        claims.remove("sub");
        assertEquals(List.of("it is a lightweight access token, without roles"), flaws());
    }

    @Test
    void no_cure_changes_the_client_of_keycloaks_administrators() {
        claims.put("azp", "admin-cli");
        claims.remove("sub");
        claims.remove("realm_access");
        algorithm = "ES256";
        for (String id : List.of("onltro:1", "onrtro:1")) {
            claims.put("jti", id);
            for (ArchiveRules.Violation violation : judge(null)) {
                assertTrue(violation.cure().contains("use a client of your own"), violation::cure);
            }
        }
    }

    @Test
    void a_lightweight_token_with_all_that_is_needed_is_good() {
        claims.put("jti", "trltcc:1");
        assertEquals(List.of(), flaws());
    }

    @Test
    void a_missing_role_names_those_that_are_there() {
        roles("user", "admin");
        ArchiveRules.Violation violation = judge(null).get(0);
        assertEquals("the realm role auth is missing: it has user, admin", violation.what());
        assertEquals("assign the role to service-account-curl in Keycloak", violation.cure());
    }

    @Test
    void many_roles_are_counted() {
        roles("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertEquals(List.of("the realm role auth is missing: it has 1, 2, 3, 4, 5, 6, 7, 8 and 2 more"), flaws());
    }

    @Test
    void no_roles_at_all_point_to_the_scope_of_the_client() {
        claims.remove("realm_access");
        ArchiveRules.Violation violation = judge(null).get(0);
        assertEquals("the realm role auth is missing: it has no realm roles", violation.what());
        assertEquals("assign the role, and switch on full scope for client curl", violation.cure());
    }

    @Test
    void a_role_of_a_client_does_not_count() {
        claims.put("resource_access", Map.of("curl", Map.of("roles", List.of("auth"))));
        roles("user");
        ArchiveRules.Violation violation = judge(null).get(0);
        assertEquals(
                "the realm role auth is missing: it has a role of that name of client curl, which does not count",
                violation.what());
        assertEquals(
                "assign the realm role auth to service-account-curl in Keycloak (Filter by realm roles)",
                violation.cure());
    }

    @Test
    void the_issuer_is_compared_to_the_letter() {
        assertEquals(List.of(), judge(ISSUER));
        assertEquals(
                "it was issued by " + ISSUER + ", and " + ISSUER + "/ is expected",
                judge(ISSUER + "/").get(0).what());
    }

    @Test
    void all_flaws_come_in_the_order_of_the_checks() {
        claims.clear();
        claims.put("exp", Json.Number.of(1));
        claims.put("nbf", Json.Number.of(NOW.getEpochSecond() + 60));
        algorithm = "none";
        assertEquals(
                List.of(
                        "expired 56 y 13 d ago",
                        "not valid yet: it begins in 1 min",
                        "it is not an access token but a token of unknown kind, and the archive accepts only typ Bearer",
                        "alg is none, and the archive accepts RS256",
                        "there is no sub",
                        "the realm role auth is missing: it has no realm roles",
                        "it was issued by an unnamed issuer, and https://kc:8843/realms/dcm4che is expected"),
                texts(judge(ISSUER)));
    }

    @Test
    void an_encrypted_token_has_one_flaw() {
        Jwt jwt = Jwt.decode(new Secret(segment("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + ".a.b.c.d"));
        assertEquals(List.of("it is encrypted"), texts(ArchiveRules.violations(jwt, NOW, ISSUER)));
    }

    @Test
    void every_flaw_has_a_cure() {
        claims.clear();
        for (ArchiveRules.Violation violation : judge(ISSUER)) {
            assertFalse(violation.cure().isEmpty());
        }
    }

    private void roles(String... roles) {
        claims.put("realm_access", Map.of("roles", List.of(roles)));
    }

    private List<String> flaws() {
        return texts(judge(null));
    }

    private List<ArchiveRules.Violation> judge(String issuer) {
        String header = segment("{\"alg\":\"" + algorithm + "\"}");
        Jwt jwt = Jwt.decode(new Secret(header + "." + segment(Json.compact(claims)) + ".c2ln"));
        return ArchiveRules.violations(jwt, NOW, issuer);
    }

    private static List<String> texts(List<ArchiveRules.Violation> flaws) {
        List<String> texts = new ArrayList<>();
        for (ArchiveRules.Violation violation : flaws) {
            texts.add(violation.what());
        }
        return texts;
    }

    private static String segment(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
