//SOURCES ../lib/base/Exit.java ../lib/base/Problem.java ../lib/jwt/Base64Url.java ../lib/jwt/Jwt.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lib.base.Exit;
import lib.base.Problem;
import lib.jwt.Base64Url;
import lib.jwt.Jwt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class Base64UrlTest {
    private final List<Jwt.Finding> findings = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"'',''", "Zg,f", "Zm8,fo", "Zm9v,foo", "Zm9vYg,foob", "Zm9vYmE,fooba", "Zm9vYmFy,foobar"})
    void the_vectors_of_rfc_4648_decode_without_padding(String encoded, String text) {
        assertEquals(text, decoded(encoded));
        assertEquals(List.of(), findings);
    }

    @ParameterizedTest
    @CsvSource({"Zg==,f", "Zm8=,fo", "Zm9vYg==,foob", "Zm9vYmE=,fooba"})
    void padding_is_read_and_reported(String encoded, String text) {
        assertEquals(text, decoded(encoded));
        assertEquals("the payload segment is padded with =, which a JWT never is", onlyFinding());
    }

    @Test
    void any_bytes_come_back_as_the_jdk_encodes_them() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int size = 0; size < 500; size++) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertArrayEquals(bytes, Base64Url.decode("payload", encoded, findings), () -> "seed " + seed);
        }
        assertEquals(List.of(), findings);
    }

    @Test
    void the_standard_alphabet_is_read_and_reported() {
        assertArrayEquals(new byte[] {-5, -1, -2}, Base64Url.decode("payload", "+//+", findings));
        assertEquals("the payload segment is standard base64, not base64url", onlyFinding());
    }

    @ParameterizedTest
    @CsvSource({"Zh,f", "Zm9,fo"})
    void spare_bits_are_reported(String encoded, String text) {
        assertEquals(text, decoded(encoded));
        assertEquals("the payload segment ends in spare bits that are not zero", onlyFinding());
    }

    @ParameterizedTest
    @CsvSource({
        "Z, the payload segment is truncated: length 1 is impossible for base64url",
        "Zm9vZ, the payload segment is truncated: length 5 is impossible for base64url",
        "Zg=, the payload segment is padded wrongly: = at character 3",
        "Zg===, the payload segment is padded wrongly: = at character 3",
        "Zm9v====, the payload segment is padded wrongly: = at character 5",
        "====, the payload segment is padded wrongly: = at character 1",
        "Z=9v, the payload segment is not base64url: = at character 2",
        "Zm!v, the payload segment is not base64url: ! at character 3",
        "Z\u00e49v, the payload segment is not base64url: U+00E4 LATIN SMALL LETTER A WITH DIAERESIS at character 2",
        "-Z+Z, the payload segment mixes base64url with standard base64"
    })
    void everything_else_is_refused_where_it_stands(String encoded, String message) {
        Problem problem = assertThrows(Problem.class, () -> decoded(encoded));
        assertEquals(message, problem.getMessage());
        assertEquals(Exit.BAD_TOKEN, problem.exit());
    }

    @Test
    void blanks_and_line_ends_are_no_base64url() {
        for (String blank : List.of(" ", "\n", "\t", "\0")) {
            assertThrows(Problem.class, () -> decoded("Zm" + blank + "v"));
        }
    }

    private String decoded(String encoded) {
        return new String(Base64Url.decode("payload", encoded, findings), StandardCharsets.UTF_8);
    }

    private String onlyFinding() {
        assertEquals(1, findings.size());
        assertEquals(Jwt.Severity.AMBIGUOUS, findings.get(0).severity());
        return findings.get(0).text();
    }
}
