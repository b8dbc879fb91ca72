//SOURCES ../lib/base/Exit.java ../lib/base/Problem.java ../lib/json/Json.java ../lib/jwt/ArchiveRules.java
//SOURCES ../lib/jwt/Claims.java ../lib/jwt/FoundToken.java ../lib/jwt/Jwt.java ../lib/jwt/TokenText.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import lib.base.Exit;
import lib.base.Problem;
import lib.json.Json;
import lib.jwt.ArchiveRules;
import lib.jwt.Claims;
import lib.jwt.FoundToken;
import lib.jwt.Jwt;
import lib.jwt.TokenText;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All rows of the decodejwt test vectors (section D3 of the fact sheet), and generated ones. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokenTextTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    // The sheet's building blocks: headers {"alg":"none"}, Keycloak's, HS256; any signature; payload {"sub":"ab"}.
    private static final String H0 = "eyJhbGciOiJub25lIn0";
    private static final String HK = "eyJhbGciOiJSUzI1NiIsInR5cCIgOiAiSldUIiwia2lkIiA6ICJrMSJ9";
    private static final String HH = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    private static final String SG = "c2ln";
    private static final String P = "eyJzdWIiOiJhYiJ9";
    private static final String T = HK + "." + P + "." + SG;
    private static final String T2 = HK + ".eyJzdWIiOiJhYmMifQ." + SG;
    private static final String JWE = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d";
    private static final String RESPONSE = "{\"access_token\":\"" + T + "\",\"expires_in\":300}";

    // What T and T2 decode to.
    private static final String AB = "{\"sub\":\"ab\"}";
    private static final String ABC = "{\"sub\":\"abc\"}";

    /**
     * One case.
     *
     * @param number the row of the sheet
     * @param what what is special about it
     * @param input what comes through the pipe
     * @param select the member asked for, or null
     * @param view what is looked at in each token
     * @param expected what is seen, a line for each token
     */
    record Row(int number, String what, byte[] input, String select, Function<Jwt, String> view, String expected) {
        Row selecting(String member) {
            return new Row(number, what, input, member, view, expected);
        }

        @Override
        public String toString() {
            return number + ": " + what;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                ok(1, "payload length mod 4 = 0", T, AB),
                ok(2, "mod 4 = 2", payload("eyJzdWIiOiJhYmMifQ"), ABC),
                ok(3, "mod 4 = 3", payload("eyJzdWIiOiJhIn0"), "{\"sub\":\"a\"}"),
                bad(
                        4,
                        "mod 4 = 1",
                        payload("eyJzdWIiOiJhY"),
                        "the payload segment is truncated: length 13 is impossible for base64url"),
                ok(5, "minus inside", payload("eyJhIjoifn5-In0"), "{\"a\":\"~~~\"}"),
                ok(6, "underscore inside", payload("eyJhIjoiPz4_PiJ9"), "{\"a\":\"?>?>\"}"),
                ok(7, "both, not ASCII", payload("eyJhIjoiw7_Dv8O_In0"), "{\"a\":\"ÿÿÿ\"}"),
                ok(7, "umlaut", payload("eyJuIjoiTcO8bGxlcj4-PyJ9"), "{\"n\":\"Müller>>?\"}"),
                ok(8, "CJK", payload("eyJuIjoi5p2OIn0"), "{\"n\":\"李\"}"),
                ok(9, "LF after it", T + "\n", AB),
                ok(9, "CRLF after it", T + "\r\n", AB),
                ok(9, "blanks and tabs before it", " \t  " + T, AB),
                ok(10, "wrapped at 64 with LF", folded(T, 64, "\n"), AB + " note: joined 2 lines to one token"),
                ok(10, "wrapped at 76 with CRLF", folded(T, 76, "\r\n"), AB + " note: joined 2 lines to one token"),
                ok(
                        10,
                        "wrapped so that the first line is whole by itself",
                        folded(T, T.length() - 1, "\n"),
                        AB + " note: joined 2 lines to one token"),
                ok(10, "one segment a line", HK + ".\n" + P + ".\n" + SG, AB + " note: joined 3 lines to one token"),
                ok(11, "blanks in place of line breaks", folded(T, 30, " "), AB + " note: joined 3 lines to one token"),
                bad(11, "blanks, and joined it is none", HK + " " + P, "not a JWT: expected 3 segments, found 1"),
                ok(12, "UTF-8 with BOM", "\ufeff" + T, AB),
                bytes(12, "UTF-16LE with BOM", ("\ufeff" + T + "\r\n").getBytes(StandardCharsets.UTF_16LE), AB),
                bytes(12, "UTF-16BE with BOM", ("\ufeff" + RESPONSE).getBytes(StandardCharsets.UTF_16BE), AB),
                ok(13, "Bearer", "Bearer " + T, AB),
                ok(13, "two blanks", "bearer  " + T, AB),
                ok(13, "tab", "BEARER\t" + T, AB),
                ok(14, "header line", "Authorization: Bearer " + T + "\r\n", AB),
                ok(
                        14,
                        "header block",
                        "GET /x HTTP/1.1\r\nHost: h\r\nCookie: token=c\r\nauthorization: bearer " + T
                                + "\r\nAccept: */*\r\n\r\n",
                        AB),
                ok(14, "curl's -H", "-H \"Authorization: Bearer " + T + "\"", AB),
                ok(14, "a whole curl command", "curl -H 'Authorization: Bearer " + T + "' https://h/x", AB),
                ok(
                        14,
                        "a proxy's header before it",
                        "Proxy-Authorization: Basic eDp5\r\nAuthorization: Bearer " + T,
                        AB),
                bad(14, "header without a token", "Authorization: Bearer ", "there is no token after Bearer"),
                ok(15, "double quotes", "\"" + T + "\"", AB),
                ok(15, "single quotes", "'" + T + "'", AB),
                ok(15, "backticks", "`" + T + "`", AB),
                ok(15, "typographic quotes", "\u201c" + T + "\u201d", AB),
                ok(15, "comma", T + ",", AB),
                ok(15, "semicolon", "\"" + T + "\";", AB),
                ok(15, "as gettoken -f env prints it", "export ARC_TOKEN='" + T + "'", AB),
                bad(16, "Basic", "Basic dXNlcjpwYXNz", "these are Basic credentials, not a token"),
                bad(
                        16,
                        "Basic in a header",
                        "Authorization: Basic dXNlcjpwYXNz",
                        "these are Basic credentials, not a token"),
                ok(17, "token response", RESPONSE, AB),
                ok(
                        18,
                        "pretty-printed, CRLF, another order, dot in an earlier member",
                        "{\r\n  \"scope\" : \"a.b\",\r\n  \"access_token\" : \"" + T + "\"\r\n}\r\n",
                        AB),
                ok(19, "JSON escapes", "{\"x\":\"a\\/b\",\"access_token\":\"" + T.replace(".", "\\u002e") + "\"}", AB),
                ok(20, "all three tokens", three(), AB),
                ok(20, "the ID token", three(), "{\"typ\":\"ID\"}").selecting("id_token"),
                ok(
                                20,
                                "the refresh token",
                                three(),
                                "{\"typ\":\"Refresh\"} note: a refresh token (HS512) is meant"
                                        + " for Keycloak, which alone can check it")
                        .selecting("refresh_token"),
                bad(
                                20,
                                "a member that is not there",
                                RESPONSE,
                                "there is no id_token in this JSON object; it has access_token, expires_in")
                        .selecting("id_token"),
                ok(21, "the archive's form", "{\"token\":\"" + T + "\",\"expiration\":300}", AB),
                ok(21, "the archive's form, as arcget asks", "{\"token\":\"" + T + "\",\"expiration\":300}", AB)
                        .selecting("access_token"),
                bad(
                        22,
                        "JSON error",
                        "{\"error\":\"invalid_client\",\"error_description\":\"Invalid client\"}",
                        "this is an error response, not a token: invalid_client: Invalid client"),
                bad(
                        22,
                        "JSON error without description",
                        "{\"error\":\"Realm does not exist\"}",
                        "this is an error response, not a token: Realm does not exist"),
                bad(
                        23,
                        "HTML",
                        "<html>\n<head><title>502 Bad\u001b Gateway</title></head><body>...</body></html>",
                        "this is an HTML page, not a token: 502 Bad\\u001b Gateway"),
                bad(
                        23,
                        "HTML with an empty title",
                        "<html><title> </title><h1>Forbidden</h1>",
                        "this is an HTML page, not a token: Forbidden"),
                bad(
                        23,
                        "HTML without a title",
                        "<!DOCTYPE html>\u0130\u0130\u0130\u0130\u0130\u0130\u0130\u0130<h1>Forbidden</h1>",
                        "this is an HTML page, not a token: Forbidden"),
                ok(24, "bare tokens, one a line", T + "\n" + T2 + "\n" + T + "\n", AB + "\n" + ABC + "\n" + AB),
                ok(24, "responses, one a line", RESPONSE + "\n" + RESPONSE.replace(T, T2) + "\r\n", AB + "\n" + ABC),
                ok(
                        24,
                        "mixed, one of them an error",
                        T + "\n{\"error\":\"x\"}\nBearer " + T2,
                        AB + "\nproblem: this is an error response, not a token: x\n" + ABC),
                ok(24, "two tokens in an unquoted variable", T + " " + T2, AB + "\n" + ABC),
                ok(
                        25,
                        "array of strings and objects",
                        "[\"" + T + "\"," + RESPONSE.replace(T, T2) + "]",
                        AB + "\n" + ABC),
                ok(
                        25,
                        "array with something else",
                        "[\"" + T + "\",1]",
                        AB + "\nproblem: the element is a number, not a token"),
                bad(25, "empty array", "[]", "this JSON array is empty"),
                bad(
                        25,
                        "nested",
                        "{\"data\":" + RESPONSE + ",\"ok\":true}",
                        "there is no access_token in this JSON object; it has data, ok"),
                bad(26, "null", "{\"access_token\": null}", "the access_token is null, not a token"),
                bad(26, "empty", "{\"access_token\": \"\"}", "the access_token is empty"),
                bad(
                        26,
                        "empty and cut off",
                        "{\"access_token\":\"\",\"refresh_token\":\"" + AB + "\"",
                        "the access_token is empty"),
                bad(26, "empty in single quotes", "{'access_token': '', 'x': 'y'}", "the access_token is empty"),
                bad(26, "number", "{\"access_token\": 1}", "the access_token is a number, not a token"),
                bad(26, "object", "{\"access_token\": {}}", "the access_token is an object, not a token"),
                ok(
                        27,
                        "access_token twice",
                        "{\"access_token\":\"x\"," + RESPONSE.substring(1),
                        AB + " ambiguous: duplicate member access_token: the last one is taken"),
                bad(28, "opaque", "2YotnFZFEjr1zCsicMWpAA", "this is an opaque token, not a JWT: it has no dots"),
                bad(
                        28,
                        "UUID",
                        "0f8fad5b-d9cb-469f-a165-70867728950e",
                        "this is an opaque token, not a JWT: it has no dots"),
                bad(29, "2 segments", HK + "." + P, "not a JWT: expected 3 segments, found 2"),
                bad(29, "4 segments", T + "." + SG, "not a JWT: expected 3 segments, found 4"),
                seen(
                        30,
                        "encrypted",
                        JWE,
                        jwt -> Json.compact(jwt.header()),
                        "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}"),
                bad(
                        30,
                        "encrypted, and the payload asked for",
                        JWE,
                        "the token is encrypted: only the holder of the key can read its payload"),
                ok(
                        31,
                        "unsecured",
                        H0 + "." + P + ".",
                        AB + " warning: alg is none: the token is not signed, anybody could have written it"),
                ok(
                        32,
                        "none with a signature",
                        H0 + "." + P + "." + SG,
                        AB + " warning: alg is none, but there is a signature: one of the two is wrong"),
                ok(
                        32,
                        "none in another case",
                        segment("{\"alg\":\"nOnE\"}") + "." + P + "." + SG,
                        AB + " warning: alg is nOnE, but there is a signature: one of the two is wrong"),
                ok(
                        33,
                        "signature empty",
                        HK + "." + P + ".",
                        AB + " warning: the signature is missing, though alg is RS256"),
                bad(34, "payload is text", payload("aGVsbG8"), "the payload is not a JSON object but other text"),
                bad(34, "payload is a JSON string", payload("Ingi"), "the payload is not a JSON object but a string"),
                bad(34, "payload is an array", payload("WzEsMl0"), "the payload is not a JSON object but an array"),
                bad(35, "payload empty", HK + ".." + SG, "the payload segment is empty"),
                bad(36, "header is text", "aGVsbG8." + P + "." + SG, "the header is not a JSON object but other text"),
                ok(
                        36,
                        "header without alg",
                        segment("{}") + "." + P + "." + SG,
                        AB + " warning: the header names no algorithm (alg)"),
                bad(
                        37,
                        "nested",
                        "eyJhbGciOiJSUzI1NiIsImN0eSI6IkpXVCJ9." + segment(T) + "." + SG,
                        "the payload is itself a JWT, not JSON"),
                ok(
                        38,
                        "zip",
                        segment("{\"alg\":\"RS256\",\"zip\":\"DEF\"}") + "." + P + "." + SG,
                        AB + " warning: the header has zip, but the payload is not compressed"),
                ok(
                        38,
                        "crit",
                        segment("{\"alg\":\"RS256\",\"crit\":[\"x\"]}") + "." + P + "." + SG,
                        AB + " warning: the header has crit (critical extensions), which decodejwt does not support"),
                ok(39, "exp with a fraction", payload("eyJleHAiOjE3MDAwMDAwMDAuNX0"), "{\"exp\":1700000000.5}"),
                seen(
                        39,
                        "exp with a fraction, rounded",
                        payload("eyJleHAiOjE3MDAwMDAwMDAuNX0"),
                        jwt -> jwt.claims().time("exp").iso(),
                        "2023-11-14T22:13:20Z"),
                ok(
                        40,
                        "exp as text",
                        payload("eyJleHAiOiIxNzAwMDAwMDAwIn0"),
                        "{\"exp\":\"1700000000\"} warning: exp is text, not a number"),
                ok(
                        41,
                        "exp beyond long",
                        payload("eyJleHAiOjk5OTk5OTk5OTk5OTk5OTk5OTk5fQ"),
                        "{\"exp\":99999999999999999999} warning: exp is out of range"),
                ok(
                        41,
                        "exp in milliseconds",
                        payload("eyJleHAiOjQxMDI0NDQ4MDAwMDB9"),
                        "{\"exp\":4102444800000} warning: exp looks like milliseconds, but counts seconds"),
                seen(42, "exp 0", claims("{\"exp\":0}"), TokenTextTest::expiry, "never (exp is 0)"),
                seen(42, "exp -1", payload("eyJleHAiOi0xfQ"), TokenTextTest::expiry, "expired 56 y 14 d ago"),
                seen(
                        42,
                        "nbf in the future",
                        claims("{\"exp\":1767226000,\"nbf\":1767225900}"),
                        TokenTextTest::firstFlaw,
                        "not valid yet: it begins in 5 min"),
                ok(
                        42,
                        "iat in the future",
                        claims("{\"iat\":1767225900}"),
                        "{\"iat\":1767225900} warning: issued in"
                                + " 5 min: the clock of this machine is slow, or Keycloak's is fast"),
                seen(43, "no exp", T, TokenTextTest::expiry, "no expiry"),
                seen(44, "aud as text", claims("{\"aud\":\"a\"}"), TokenTextTest::audience, "[a]"),
                seen(44, "aud as array", payload("eyJhdWQiOlsiYSIsImIiXX0"), TokenTextTest::audience, "[a, b]"),
                seen(44, "no aud", T, TokenTextTest::audience, "[]"),
                seen(44, "empty aud", claims("{\"aud\":[]}"), TokenTextTest::audience, "[]"),
                ok(44, "aud as number", claims("{\"aud\":1}"), "{\"aud\":1} warning: aud is neither text nor an array"),
                seen(45, "no realm_access", T, TokenTextTest::roles, "[]"),
                seen(45, "realm_access no object", claims("{\"realm_access\":1}"), TokenTextTest::roles, "[]"),
                seen(
                        45,
                        "roles not text",
                        claims("{\"realm_access\":{\"roles\":[1,\"a\",null]}}"),
                        TokenTextTest::roles,
                        "[a]"),
                bad(46, "invalid UTF-8", payload("eyJuIjoi__4ifQ"), "the payload is not valid UTF-8 at byte 6"),
                ok(
                        47,
                        "BOM in the payload",
                        payload("77u_eyJzdWIiOiJhIn0"),
                        "{\"sub\":\"a\"} warning: the payload begins with a byte order mark"),
                ok(
                        48,
                        "duplicate claim",
                        payload("eyJzdWIiOiJhIiwic3ViIjoiYiJ9"),
                        "{\"sub\":\"b\"} ambiguous:"
                                + " duplicate claim sub: the last one is shown, other programs may take the first"),
                bad(
                        49,
                        "text after the payload",
                        payload("eyJhIjoxfSB0cmFpbGluZw"),
                        "the payload is broken JSON: followed by something else"),
                ok(
                        50,
                        "standard base64",
                        payload("eyJhIjoiPj4+Pz8/In0="),
                        "{\"a\":\">>>???\"}"
                                + " ambiguous: the payload segment is padded with =, which a JWT never is"
                                + " ambiguous: the payload segment is standard base64, not base64url"),
                ok(
                        51,
                        "padded",
                        payload("eyJzdWIiOiJhYmMifQ=="),
                        ABC + " ambiguous: the payload segment is padded with =, which a JWT never is"),
                bad(
                        51,
                        "padded wrongly",
                        payload("eyJzdWIiOiJhYmMifQ="),
                        "the payload segment is padded wrongly: = at character 19"),
                bad(
                        51,
                        "= in the middle",
                        payload("eyJz=WIiOiJhYiJ9"),
                        "the payload segment is not base64url: = at character 5"),
                ok(52, "percent-encoded", T.replace(".", "%2E"), AB),
                ok(
                        52,
                        "percent-encoded padding",
                        payload("eyJzdWIiOiJhYmMifQ%3D%3D"),
                        ABC + " ambiguous: the payload segment is padded with =, which a JWT never is"),
                ok(52, "form", "access_token=" + T + "&token_type=Bearer&expires_in=300", AB),
                ok(52, "URL", "https://x/?a=b#state=1&access_token=" + T.replace(".", "%2e"), AB),
                ok(
                        53,
                        "cut in the signature",
                        signed(300),
                        "{\"sub\":\"ab\"} warning: the signature has 225 bytes,"
                                + " which is impossible for RS256: the token was cut off or changed"),
                ok(
                        53,
                        "cut to an impossible length",
                        signed(301),
                        "{\"sub\":\"ab\"} ambiguous: the signature segment"
                                + " is truncated: length 301 is impossible for base64url warning: the signature has 225 bytes,"
                                + " which is impossible for RS256: the token was cut off or changed"),
                ok(53, "not cut", signed(342), AB),
                bad(53, "cut in the payload", HK + ".eyJzdWIiOi", "not a JWT: expected 3 segments, found 2"),
                bad(53, "payload cut", payload("eyJzdWIiOiJh"), "the payload is broken JSON: cut off in the middle"),
                bad(54, "ellipsis", "eyJ\u2026", "this is a shortened token, with dots in place of its middle"),
                bad(54, "three dots", "eyJ...abc", "this is a shortened token, with dots in place of its middle"),
                bad(
                        54,
                        "three dots in a response",
                        "{\"access_token\":\"eyJ...\"}",
                        "this is a shortened token, with dots in place of its middle"),
                bad(54, "placeholder", "<token>", "this is a placeholder, not a token"),
                bad(54, "placeholder of words", "Bearer <your token>", "this is a placeholder, not a token"),
                bad(54, "variable", "$TOKEN", "this is a placeholder, not a token"),
                bad(54, "null", "null", "this is the word null, not a token"),
                bad(54, "undefined", "Bearer undefined", "this is the word undefined, not a token"),
                ok(55, "zero-width space and soft hyphen", T.replace(".", ".\u200b\u00ad"), AB),
                ok(55, "no-break space", "Bearer\u00a0" + T + "\u00a0", AB),
                bad(55, "en dash", payload("eyJhIjoifn5\u2013In0"), "the token has U+2013 EN DASH at character 69"),
                bad(56, "nothing", "", "no token on stdin"),
                bad(56, "blanks and line ends", " \n\t\r\n", "no token on stdin"),
                bytes(
                        57,
                        "PNG",
                        new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0},
                        "problem: the input is not valid text at byte 0"),
                bytes(57, "gzip", gzip(RESPONSE), "problem: this is gzip data, not a token"),
                bytes(57, "NULs", new byte[100], "problem: this is binary data, not a token"),
                bad(
                        57,
                        "10 000 nested arrays",
                        "[".repeat(10_000) + "]".repeat(10_000),
                        "this is broken JSON, not a token: nested deeper than 64"),
                bad(
                        57,
                        "10 000 nested arrays as a claim",
                        claims("{\"a\":" + "[".repeat(10_000)),
                        "the payload is broken JSON: nested deeper than 64"),
                seen(
                        58,
                        "2000 roles",
                        claims(manyRoles()),
                        jwt -> jwt.claims().realmRoles().size() + " roles",
                        "2000 roles"),
                ok(
                        59,
                        "terminal attack",
                        claims("{\"a\":\"\\u001b[2J\\r\u202e\u009b\"}"),
                        "{\"a\":\"\\u001B[2J\\r\\u202e\\u009b\"}"),
                ok(
                        60,
                        "numbers as written",
                        claims("{\"id\":12345678901234567890,\"x\":1.10,\"y\":1e400}"),
                        "{\"id\":12345678901234567890,\"x\":1.10,\"y\":1e400}"),
                // Row 61, arguments, is the command's alone.
                ok(
                        62,
                        "spare bits",
                        payload("eyJzdWIiOiJhYmMifR"),
                        ABC + " ambiguous: the payload segment ends in spare bits that are not zero"),
                ok(63, "curl -i", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: a.b\r\n\r\n" + RESPONSE, AB),
                ok(
                        63,
                        "curl's progress",
                        "  % Total    % Received % Xferd\r\n100  1234  0 --:--:--     0" + RESPONSE,
                        AB),
                bad(
                        63,
                        "curl -i of an error page",
                        "HTTP/1.1 502 Bad Gateway\n\n<html><title>Oops</title></html>",
                        "this is an HTML page, not a token: Oops"),
                seen(
                        64,
                        "ID token",
                        claims("{\"typ\":\"ID\"}"),
                        TokenTextTest::kindFlaw,
                        "it is not an access token but an ID token, and the archive accepts only typ Bearer"),
                seen(
                        64,
                        "refresh token",
                        claims("{\"typ\":\"Refresh\"}"),
                        TokenTextTest::kindFlaw,
                        "it is not an access token but a refresh token, and the archive accepts only typ Bearer"),
                seen(
                        64,
                        "offline token",
                        claims("{\"typ\":\"Offline\"}"),
                        TokenTextTest::kindFlaw,
                        "it is not an access token but an offline token, and the archive accepts only typ Bearer"),
                seen(
                        64,
                        "logout token",
                        claims("{\"typ\":\"Logout\"}"),
                        TokenTextTest::kindFlaw,
                        "it is not an access token but a logout token, and the archive accepts only typ Bearer"),
                seen(
                        64,
                        "initial access token",
                        claims("{\"typ\":\"InitialAccessToken\"}"),
                        TokenTextTest::kindFlaw,
                        "it is not an access token but an initial access token, and the archive accepts only typ Bearer"),
                seen(
                        65,
                        "lightweight",
                        claims("{\"typ\":\"Bearer\",\"exp\":1767226000,\"azp\":\"admin-cli\"}"),
                        TokenTextTest::firstFlaw,
                        "it is a lightweight access token, without roles"),
                ok(
                        66,
                        "lines of a response without its braces",
                        "  \"access_token\" : \"" + T + "\",\n  \"expires_in\" : 300,\n  \"token_type\" : \"Bearer\"",
                        AB),
                bad(
                        66,
                        "cut off in the token",
                        "{\"access_token\":\"" + HK,
                        "the access_token has no end: the text was cut off in the middle of it"),
                bad(67, "payload alone", P, "this is only the payload of a token"),
                bad(
                        67,
                        "payload alone, standard base64",
                        "eyJhIjoiPj4+Pz8/In0=",
                        "this is only the payload of a token"),
                bad(67, "header alone", HK, "this is only the header of a token"),
                bad(
                        67,
                        "payload decoded already",
                        "{\"iss\":\"x\",\"sub\":\"ab\"}",
                        "this is a payload that was decoded already"));
    }

    @ParameterizedTest(name = "row {0}")
    @MethodSource("rows")
    void row(Row row) {
        assertEquals(row.expected, decoded(row.input, row.select, row.view));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%22TOKEN%22",
                "TOKEN%0D%0A",
                "Bearer%20TOKEN",
                "access_token=Bearer%20TOKEN&x=1",
                "{'access_token': 'TOKEN', 'expires_in': 300}",
                "[kc]\naccess_token = TOKEN\nrealm = x",
                "{'Authorization': 'Bearer TOKEN', 'Accept': '*/*'}",
                "ARC_TOKEN=TOKEN",
                "my.token-2 = 'Bearer TOKEN'",
                "export JWT=\"TOKEN\"",
                "declare -x A=\"TOKEN\"",
                "$env:ARC_TOKEN = \"TOKEN\"",
                "X%3DTOKEN%0A",
                "access_token=TOKEN",
                "\u001b[32mTOKEN\u001b[0m",
                "\u001b[1;39m{\n  \u001b[34;1m\"access_token\"\u001b[0m\u001b[1;39m: \u001b[0;32m\"TOKEN\"\u001b[0m}",
                "\u001b[01;31m\u001b[KARC_TOKEN=\u001b[m\u001b[K'Bearer%20TOKEN'"
            })
    void a_token_in_other_wrappings_is_found_without_doubt(String wrapping) {
        byte[] input = wrapping.replace("TOKEN", T).getBytes(StandardCharsets.UTF_8);
        assertEquals(AB, decoded(input, null, TokenTextTest::payloadAndFindings));
    }

    @Test
    void tokens_of_another_kind_are_named() {
        String once = Base64.getEncoder().encodeToString(T.getBytes());
        String lines = Base64.getMimeEncoder(20, "\n".getBytes()).encodeToString(("Bearer " + T).getBytes());
        String response = Base64.getMimeEncoder().encodeToString(("{\"access_token\":\"" + T + "\"}").getBytes());
        String compressed = segment("{\"alg\":\"ES256\",\"zip\":\"DEF\"}") + ".q1bKTFGyUqpQqgUA." + SG;
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("ya29.a0AfH6SMBx.y", "this is an opaque token, not a JWT");
        kinds.put("v4.public.eyJkYXRhIjoidGhpcyJ9", "this is a PASETO, not a JWT");
        kinds.put(T + "~WyJzYWx0Il0~", "this is an SD-JWT: a JWT and its disclosures");
        for (String encoded : List.of(once, lines, response)) {
            kinds.put(encoded, "this is a token in base64 once more");
        }
        kinds.put(compressed, "the payload is compressed (zip \"DEF\")");
        kinds.put(T + ".", "there is a dot behind the token");
        kinds.put("'Bearer " + T + "..'", "there is a dot behind the token");
        kinds.put(T + "." + SG, "not a JWT: expected 3 segments, found 4");
        kinds.put(T + "." + SG + "." + SG, "not a JWT: expected 3 segments, found 5");
        kinds.forEach((token, name) ->
                assertEquals("problem: " + name, decoded(token.getBytes(), null, TokenTextTest::payloadAndFindings)));
    }

    @Test
    void the_description_of_an_error_is_shown_and_no_token_behind_it() {
        String input = "https://x/#error=access_denied&error_description=User%20said%20no%21 " + T;
        assertEquals(
                "problem: this is an error response, not a token: access_denied: User said no!",
                decoded(input.getBytes(), null, TokenTextTest::payloadAndFindings));
    }

    @Test
    void no_row_of_the_sheet_is_left_out() {
        TreeSet<Integer> missing =
                new TreeSet<>(IntStream.rangeClosed(1, 67).boxed().toList());
        rows().forEach(row -> missing.remove(row.number));
        assertEquals(List.of(61), List.copyOf(missing), "row 61 is about the command's arguments");
    }

    @Test
    void an_opaque_token_is_for_the_caller_to_judge() {
        FoundToken found = TokenText.find("Bearer 2YotnFZFEjr1zCsicMWpAA".getBytes(), "on stdin", null)
                .get(0);
        assertEquals("2YotnFZFEjr1zCsicMWpAA", found.compact().reveal());
    }

    @Test
    void what_is_sent_on_is_the_token_without_its_wrapping() {
        FoundToken found = TokenText.find(folded("Bearer " + T, 40, "\n").getBytes(), "on stdin", null)
                .get(0);
        assertEquals(T, found.compact().reveal());
    }

    @Test
    void too_much_junk_is_one_problem() {
        for (String junk : List.of(
                "{}\n".repeat(200_000),
                "[" + "\"a\",".repeat(100_000) + "1]",
                "{\"token\":1}\n".repeat(50_000),
                "Bearer ".repeat(150_000),
                "\" ".repeat(500_000),
                "?token=".repeat(150_000),
                "\u001b[1m".repeat(250_000),
                "A=".repeat(500_000),
                "export ".repeat(150_000),
                "A=" + HK + "=".repeat(1_000_000),
                "%22".repeat(350_000),
                "HTTP/1.1 100 C\n\n".repeat(60_000))) {
            assertThrows(Problem.class, () -> TokenText.find(junk.getBytes(), "on stdin", null), junk.substring(0, 12));
        }
        String lines = "{\"access_token\":1}\n".repeat(20) + T;
        assertEquals(21, TokenText.find(lines.getBytes(), "on stdin", null).size());
        byte[] many = ("{\"access_token\":1}\n".repeat(21) + T).getBytes();
        assertEquals(
                "more than 20 of these are not tokens",
                assertThrows(Problem.class, () -> TokenText.find(many, "on stdin", null))
                        .getMessage());
    }

    @Test
    void the_place_is_named_when_nothing_is_there() {
        Problem problem = assertThrows(Problem.class, () -> TokenText.find(new byte[0], "in token.txt", null));
        assertEquals("no token in token.txt", problem.getMessage());
    }

    @Test
    void fifty_megabytes_are_refused_after_sixteen() {
        long[] handedOut = new long[1];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return handedOut[0]++ < 50_000_000 ? 'a' : -1;
            }
        };
        Problem problem = assertThrows(Problem.class, () -> TokenText.read(endless));
        assertEquals(Exit.BAD_TOKEN, problem.exit());
        assertTrue(handedOut[0] <= TokenText.MAX_BYTES + 1, () -> "read " + handedOut[0]);
    }

    @Test
    void no_message_shows_the_secret_in_what_is_refused() {
        for (String input : List.of(
                "Basic dXNlcjpwYXNz",
                "Authorization: Basic dXNlcjpwYXNz",
                "my pass dXNlcjpwYXNz",
                "{\"client_secret\": \"dXNlcjpwYXNz\"}",
                "dXNlcjpwYXNz",
                "eyJkWE5sY2pwWVhOeg dXNlcjpwYXNz")) {
            Problem problem = assertThrows(
                    Problem.class,
                    () -> TokenText.find(input.getBytes(), "on stdin", null)
                            .get(0)
                            .jwt());
            String said = problem.getMessage() + problem.hint();
            assertFalse(said.contains("dXNlcjpwYXNz") || said.contains("user:pass"), said);
        }
    }

    @Test
    void any_claims_in_any_wrapping_come_back() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            String claims = Json.compact(randomObject(random, 3));
            String token = HK + "." + segment(claims) + "." + SG;
            int wrapping = random.nextInt(WRAPPINGS.size());
            String input = WRAPPINGS.get(wrapping).apply(token);
            String seen = decoded(input.getBytes(StandardCharsets.UTF_8), null, jwt -> Json.compact(jwt.payload()));
            assertEquals(claims, seen, () -> "seed " + seed + ", wrapping " + wrapping);
        }
    }

    @Test
    void wrappings_in_one_another_give_the_token_back_or_a_named_refusal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            String input = T;
            for (int depth = random.nextInt(3); depth >= 0; depth--) {
                input = WRAPPINGS.get(random.nextInt(WRAPPINGS.size())).apply(input);
            }
            String seen = decoded(input.getBytes(StandardCharsets.UTF_8), null, jwt -> Json.compact(jwt.payload()));
            String shown = input;
            assertTrue(
                    seen.equals(AB) || seen.startsWith("problem: "), () -> "seed " + seed + ": " + seen + "\n" + shown);
        }
    }

    @Test
    void any_bytes_give_tokens_or_a_problem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] input = random.nextBoolean() ? randomBytes(random) : mutated(random);
            try {
                for (FoundToken found : TokenText.find(input, "on stdin", random.nextBoolean() ? null : "id_token")) {
                    useAll(found);
                }
            } catch (Problem problem) {
                assertEquals(Exit.BAD_TOKEN, problem.exit());
            } catch (RuntimeException | StackOverflowError e) {
                String shown = Base64.getEncoder().encodeToString(input);
                fail("seed " + seed + ", input in base64: " + shown, e);
            }
        }
    }

    private static void useAll(FoundToken found) {
        try {
            Jwt jwt = found.jwt();
            jwt.findings(NOW);
            Json.pretty(jwt.header(), false);
            Json.pretty(jwt.payload(), false);
            Claims.expiry(jwt.claims().time("exp"), NOW);
            ArchiveRules.violations(jwt, NOW, "https://x");
        } catch (Problem problem) {
            assertEquals(Exit.BAD_TOKEN, problem.exit());
        }
    }

    private static final List<Function<String, String>> WRAPPINGS = List.of(
            t -> t,
            t -> " \t" + t + "\r\n",
            t -> folded(t, 64, "\n"),
            t -> folded(t, 76, "\r\n"),
            t -> folded(t, 80, " "),
            t -> "\ufeff" + t,
            t -> "bearer  " + t,
            t -> "Authorization: Bearer " + t + "\r\n",
            t -> "GET / HTTP/1.1\r\nAuthorization: Bearer " + t + "\r\nAccept: */*\r\n\r\n",
            t -> "-H \"Authorization: Bearer " + t + "\"",
            t -> "'" + t + "',",
            t -> "\u201c" + t + "\u201d",
            t -> "{\"access_token\":\"" + t + "\"}",
            t -> "{\n  \"scope\": \"a.b\",\n  \"access_token\": \"" + t.replace(".", "\\u002e") + "\"\n}\n",
            t -> "{\"token\":\"" + t + "\",\"expiration\":300}",
            t -> "[\"" + t + "\"]",
            t -> "\"access_token\" : \"" + t + "\",\n\"expires_in\" : 300",
            t -> "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n{\"access_token\":\"" + t + "\"}",
            t -> "  % Total\r100 12{\"access_token\":\"" + t + "\"}",
            t -> "access_token=" + t + "&token_type=Bearer",
            t -> "https://x/#access_token=" + t.replace(".", "%2E"),
            t -> t.replace(".", ".\u200b"),
            t -> "ARC_TOKEN=" + t,
            t -> "export x='" + t + "'\n",
            t -> "{'access_token': '" + t + "'}",
            t -> "\u001b[1;32m" + t + "\u001b[0m",
            t -> "%22" + t + "%22%0D%0A",
            t -> "Bearer%20" + t,
            t -> "[default]\nname = x\naccess_token = " + t + "\n");

    private static final String SPECIAL = "{}[]\"':.=%$<>\\ \r\n,;&#eA";

    private static Object randomObject(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            object.put(randomText(random), randomValue(random, depth));
        }
        return object;
    }

    private static Object randomValue(Random random, int depth) {
        switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0:
                return randomText(random);
            case 1:
                return new Json.Number(random.nextLong() + "." + random.nextInt(1000) + "e" + random.nextInt(500));
            case 2:
                return Json.Number.of(random.nextLong());
            case 3:
                return random.nextBoolean();
            case 4:
                return null;
            case 5:
                List<Object> array = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(randomValue(random, depth - 1));
                }
                return array;
            default:
                return randomObject(random, depth - 1);
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x11000) : random.nextInt(0x80);
            text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
        }
        return text.toString();
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A good input, or two, with some bytes changed, dropped or repeated. */
    private static byte[] mutated(Random random) {
        String input = WRAPPINGS.get(random.nextInt(WRAPPINGS.size())).apply(random.nextBoolean() ? T : JWE);
        if (random.nextInt(4) == 0) {
            input += WRAPPINGS.get(random.nextInt(WRAPPINGS.size())).apply(T2);
        }
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(5); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = Arrays.copyOf(bytes, at + 1);
                default -> bytes[at] = (byte) SPECIAL.charAt(random.nextInt(SPECIAL.length()));
            }
        }
        return bytes;
    }

    private static Row ok(int number, String what, String input, String expected) {
        return bytes(number, what, input.getBytes(StandardCharsets.UTF_8), expected);
    }

    private static Row bad(int number, String what, String input, String message) {
        return ok(number, what, input, "problem: " + message);
    }

    private static Row bytes(int number, String what, byte[] input, String expected) {
        return new Row(number, what, input, null, TokenTextTest::payloadAndFindings, expected);
    }

    private static Row seen(int number, String what, String input, Function<Jwt, String> view, String expected) {
        return new Row(number, what, input.getBytes(StandardCharsets.UTF_8), null, view, expected);
    }

    /** What a caller sees of each token, a line each. */
    private static String decoded(byte[] input, String select, Function<Jwt, String> view) {
        List<String> lines = new ArrayList<>();
        try {
            for (FoundToken found :
                    TokenText.find(TokenText.read(new ByteArrayInputStream(input)), "on stdin", select)) {
                try {
                    lines.add(view.apply(found.jwt()));
                } catch (Problem problem) {
                    lines.add(problem(problem));
                }
            }
        } catch (Problem problem) {
            lines.add(problem(problem));
        }
        return String.join("\n", lines);
    }

    private static String problem(Problem problem) {
        assertEquals(Exit.BAD_TOKEN, problem.exit());
        assertFalse(problem.hint().isEmpty());
        return "problem: " + problem.getMessage();
    }

    private static String payloadAndFindings(Jwt jwt) {
        StringBuilder seen = new StringBuilder(Json.compact(jwt.payload()));
        for (Jwt.Finding finding : jwt.findings(NOW)) {
            seen.append(' ')
                    .append(finding.severity().name().toLowerCase())
                    .append(": ")
                    .append(finding.text());
        }
        return seen.toString();
    }

    private static String expiry(Jwt jwt) {
        return Claims.expiry(jwt.claims().time("exp"), NOW);
    }

    private static String audience(Jwt jwt) {
        return jwt.claims().audience().toString();
    }

    private static String roles(Jwt jwt) {
        return jwt.claims().realmRoles().toString();
    }

    private static String firstFlaw(Jwt jwt) {
        return ArchiveRules.violations(jwt, NOW, null).get(0).what();
    }

    private static String kindFlaw(Jwt jwt) {
        return ArchiveRules.violations(jwt, NOW, null).get(1).what();
    }

    private static String payload(String segment) {
        return HK + "." + segment + "." + SG;
    }

    private static String claims(String json) {
        return payload(segment(json));
    }

    private static String signed(int characters) {
        return HK + "." + P + "." + "-Az0".repeat(100).substring(0, characters - 1) + "A";
    }

    private static String three() {
        return "{\"access_token\":\"" + T + "\",\"id_token\":\"" + claims("{\"typ\":\"ID\"}")
                + "\",\"refresh_token\":\"" + segment("{\"alg\":\"HS512\"}") + "." + segment("{\"typ\":\"Refresh\"}")
                + "." + SG + "\"}";
    }

    private static String manyRoles() {
        List<Object> roles = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            roles.add("role-with-a-long-name-" + i);
        }
        return Json.compact(Map.of("realm_access", Map.of("roles", roles)));
    }

    private static String segment(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String folded(String text, int width, String lineEnd) {
        StringBuilder folded = new StringBuilder();
        for (int i = 0; i < text.length(); i += width) {
            folded.append(text, i, Math.min(text.length(), i + width)).append(lineEnd);
        }
        return folded.toString();
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
