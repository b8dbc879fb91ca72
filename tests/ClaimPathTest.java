//SOURCES ../lib/base/Exit.java ../lib/base/Problem.java ../lib/json/Json.java ../lib/jwt/ClaimPath.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lib.base.Exit;
import lib.base.Problem;
import lib.json.Json;
import lib.jwt.ClaimPath;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClaimPathTest {
    private static final String CLAIMS = """
            {"sub": "ab", "none": null, "aud": ["x", "y"], "": 1, "allowed-origins": ["*"],
             "realm_access": {"roles": ["auth"]},
             "resource_access": {"my.client": {"roles": ["r"]}, "it's \\"odd\\"]": 2},
             "https://x/claims": {"a": 3}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "sub | \"ab\"",
                ".sub | \"ab\"",
                "realm_access.roles | [\"auth\"]",
                "realm_access | {\"roles\":[\"auth\"]}",
                "allowed-origins | [\"*\"]",
                "resource_access[\"my.client\"].roles | [\"r\"]",
                "resource_access['my.client'][\"roles\"][0] | \"r\"",
                "resource_access[\"it's \\\"odd\\\"]\"] | 2",
                "[\"https://x/claims\"].a | 3",
                ".[\"https://x/claims\"].a | 3",
                "[\"\"] | 1",
                "aud[1] | \"y\""
            })
    void a_path_leads_to_its_value(String path, String value) throws Json.Malformed {
        assertEquals(value, Json.compact(at(path)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "sub.x", "aud.x", "aud[2]", "sub[0]", "realm_access[0]", "none.x", "Sub"})
    void what_is_not_there_is_absent(String path) throws Json.Malformed {
        assertSame(ClaimPath.ABSENT, at(path));
    }

    @Test
    void null_is_a_value() throws Json.Malformed {
        assertNull(at("none"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "^^ | a name is missing at character 1",
                ". | a name is missing at character 2",
                "a. | a name is missing at character 3",
                "a..b | a name is missing at character 3",
                "a.[0] | a name is missing at character 3",
                "a[ | a number or a name in quotes must follow [ at character 3",
                "a[] | a number or a name in quotes must follow [ at character 3",
                "a[x] | a number or a name in quotes must follow [ at character 3",
                "a[-1] | a number or a name in quotes must follow [ at character 3",
                "a[0 | ] is missing at character 4",
                "a[9999999999] | ] is missing at character 11",
                "a[\"x | ] is missing at character 6",
                "a[\"x\" | ] is missing at character 6",
                "a[\"x\"]b | a dot or [ must follow at character 7",
                "a]b | a dot or [ must follow at character 2",
                "a\"b | a dot or [ must follow at character 2"
            })
    void a_malformed_path_is_wrong_usage(String path, String fault) {
        Problem problem = assertThrows(Problem.class, () -> ClaimPath.parse(path));
        assertEquals("malformed path " + path + ": " + fault, problem.getMessage());
        assertEquals(Exit.USAGE, problem.exit());
    }

    private static Object at(String path) throws Json.Malformed {
        Map<String, Object> claims = Json.asObject(Json.parse(CLAIMS));
        return ClaimPath.parse(path).in(claims);
    }
}
