//SOURCES ../lib/base/Exit.java ../lib/cli/Interactive.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java
//SOURCES ../scripts/arcget.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.cli.Interactive;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** arcget against the sandbox: addresses, token sources, output, and why it was refused. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArcgetTest {
    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun.Setting tool() {
        return ToolRun.of(new arcget()).env("ARC_URL", sandbox.archive());
    }

    private static String token(Map<String, ?> claims) {
        return sandbox.token(claims);
    }

    private static ToolRun get(Object... arguments) {
        return tool().stdin(token(Map.of())).run(arguments);
    }

    private static String asked() {
        return sandbox.archiveServer().web().requests().getLast().target();
    }

    @Test
    void a_path_is_below_the_ae_and_with_a_slash_below_the_archive() {
        assertEquals("{\"count\":4}\n", get("studies/count").succeeds());
        assertEquals("/dcm4chee-arc/aets/DCM4CHEE/rs/studies/count", asked());
        get("--aet", "AS_RECEIVED", "studies/count").succeeds();
        assertEquals("/dcm4chee-arc/aets/AS_RECEIVED/rs/studies/count", asked());
        assertEquals("{\"status\":\"STARTED\"}\n", get("/ctrl/status").succeeds());
        assertEquals("/dcm4chee-arc/ctrl/status", asked());
    }

    @Test
    void a_full_url_must_have_the_archives_origin() {
        get(sandbox.archive() + "/ctrl/status").succeeds();
        get("http://127.0.0.1:1/dcm4chee-arc/ctrl/status").fails(Exit.USAGE, "not on the archive's server", "--url");
        get(sandbox.archiveHttps() + "/ctrl/status").fails(Exit.USAGE, "not on the archive's server", "--url");
        get("http://127.0.0.1:1@" + sandbox.archive().getAuthority() + "/x").fails(Exit.USAGE, "", "");
    }

    @Test
    void a_full_url_is_known_in_any_spelling() {
        get(sandbox.archive().toString().replace("http:", "HTTP:") + "/ctrl/status")
                .succeeds();
        get("http://").fails(Exit.USAGE, "not on the archive's server", "--url");
        get("--url", "http://[::1]:1/dcm4chee-arc", "http://[::1]:1/x", "--retry", "0")
                .fails(Exit.NO_ANSWER, "no connection to [::1]:1", "");
    }

    @Test
    void any_dicomweb_root_does_with_rs() {
        ToolRun.of(new arcget())
                .stdin(token(Map.of()))
                .run("--rs", sandbox.archive() + "/aets/DCM4CHEE/rs/", "studies/count")
                .succeeds();
        assertEquals("/dcm4chee-arc/aets/DCM4CHEE/rs/studies/count", asked());
    }

    @Test
    void queries_arrive_as_meant() {
        get("studies", "-q", "PatientName=Müller^J*", "-q", "limit=1").succeeds();
        assertTrue(
                asked().endsWith("/rs/studies?PatientName=M%C3%BCller%5EJ*&orderby=StudyInstanceUID&limit=1"), asked());
        get("studies/count?limit=1", "-q", "PatientID=a&b=c%d #/+e").succeeds();
        assertTrue(asked().endsWith("?limit=1&PatientID=a%26b%3Dc%25d%20%23/%2Be"), asked());
        get("studies/count", "-q", "ModalitiesInStudy=CT,MR", "-q", "StudyDescription=a\\,b")
                .succeeds();
        assertTrue(asked().endsWith("?ModalitiesInStudy=CT,MR&StudyDescription=a%2Cb"), asked());
        get("patients/P%5EX 1", "-q", "nothing").fails(Exit.USAGE, "-q nothing is not NAME=VALUE", "PatientID");
    }

    @Test
    void a_path_keeps_its_escapes_and_gets_the_missing_ones() {
        get("studies/count?PatientName=M%C3%BCller*&PatientID=a b%zz^é").succeeds();
        assertTrue(asked().endsWith("/studies/count?PatientName=M%C3%BCller*&PatientID=a%20b%25zz%5E%C3%A9"), asked());
    }

    @Test
    void no_match_is_an_empty_list() {
        assertEquals("[]\n", get("studies", "-q", "PatientID=none").succeeds());
        assertEquals("", get("studies", "-q", "PatientID=none", "-f", "raw").succeeds());
    }

    @Test
    void names_come_in_utf_8_whatever_the_platform_says() {
        assertTrue(get("studies", "-q", "PatientName=山田*").succeeds().contains("山田^太郎"));
    }

    @Test
    void json_is_laid_out_on_a_terminal_with_names_and_strings_in_colours() {
        ToolRun.Setting terminal = tool().stdin(token(Map.of())).terminal(1);
        String name = "\033[34;1m\"%s\"\033[m: ";
        assertEquals(
                "{\n  " + name.formatted("count") + "4\n}\n",
                terminal.run("studies/count").succeeds());
        String array = "[null,{\"a\":[],\"b\":{},\"c\":[true,\"\\u001B[m\\\"\\u009b\"]},{\"a\":1.10,\"b\":\"x\"}]";
        sandbox.archiveServer().web().faults().next(3, Faults.garbage("application/json", array));
        String coloured = terminal.env("ARC_TOKEN", sandbox.token())
                .run("--no-stdin", "/x")
                .succeeds();
        assertTrue(coloured.contains("\n    " + name.formatted("b") + "\033[32m\"x\"\033[m\n  }\n"), coloured);
        String plain = terminal.env("NO_COLOR", 1).run("--no-stdin", "/x").succeeds();
        assertEquals(plain, coloured.replaceAll("\033\\[[0-9;]*m", ""));
        assertEquals(array, plain.replaceAll("\\s+", ""));
        assertEquals(array + "\n", get("/x").succeeds());
    }

    @Test
    void raw_is_what_the_archive_sent() {
        assertEquals("{\"count\":4}", get("-f", "raw", "studies/count").succeeds());
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("text/csv", "\"PatientID\"\r\n"));
        assertEquals("\"PatientID\"\r\n", get("--accept", "text/csv", "studies").succeeds());
    }

    @Test
    void several_paths_are_answered_in_the_order_given() {
        assertEquals(
                "{\"count\":4}\n{\"count\":3}\n",
                get("studies/count", "patients/count").succeeds());
    }

    @Test
    void what_the_archive_left_out_makes_the_answer_incomplete() {
        ToolRun run = get("--aet", "AS_RECEIVED", "-f", "raw", "studies");
        run.says(Exit.INCOMPLETE, "the answer is incomplete: 299", "ask for less");
        assertTrue(run.out().startsWith("[{"), run::out);
    }

    @Test
    void an_incomplete_answer_is_written_all_the_same_and_the_other_paths_are_answered(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("out");
        ToolRun run = get("--aet", "AS_RECEIVED", "-f", "raw", "-o", file, "studies", "studies/count");
        run.fails(Exit.INCOMPLETE, "the answer is incomplete: 299", "ask for less");
        assertTrue(Files.readString(file).endsWith("]{\"count\":4}"), Files.readString(file));
    }

    @Test
    void numbers_are_passed_on_as_written_and_deep_json_is_no_bug() {
        answered("{\"a\":[-0,1.10,1e400,12345678901234567890]}");
        assertEquals(
                "{\"a\":[-0,1.10,1e400,12345678901234567890]}\n",
                get("/devices").succeeds());
        answered("[".repeat(80) + "]".repeat(80));
        get("/devices").succeeds();
        answered("[".repeat(600));
        get("/devices").says(Exit.SERVER_FAILED, "nested deeper than 500", "-f raw");
    }

    private static void answered(String json) {
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/dicom+json", json));
    }

    @Test
    void the_token_comes_in_any_form_on_standard_input(@TempDir Path folder) throws Exception {
        String token = token(Map.of());
        for (String text : List.of(
                "Bearer " + token + "\r\n",
                "{\n \"access_token\": \"" + token + "\"\n}",
                "{\"access_token\":\"" + token + "\", \"expires_in\":300}".replace(" ", "\n"))) {
            tool().stdin(text).run("studies/count").succeeds();
        }
        Path file = Files.writeString(folder.resolve("token"), token);
        tool().stdin("not read").run("--token-file", file, "studies/count").succeeds();
        tool().env("ARC_TOKEN", token).run("studies/count").succeeds();
        tool().env("ARC_TOKEN", token)
                .stdin("left alone")
                .run("--no-stdin", "studies/count")
                .succeeds();
        assertEquals("Bearer " + token, authorization());
    }

    private static String authorization() {
        return sandbox.archiveServer().web().requests().getLast().header("Authorization");
    }

    @Test
    void with_keycloaks_settings_it_gets_the_token_by_itself() {
        tool().env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("studies/count")
                .succeeds();
    }

    @Test
    void a_secret_on_standard_input_is_never_taken_for_a_token() {
        ToolRun run = tool().env("ARC_KEYCLOAK", sandbox.keycloak())
                .stdin(Clients.CURL.secret().reveal() + "\n")
                .run("--client-secret-file", "-", "studies/count");
        run.succeeds();
        assertFalse(authorization().contains(Clients.CURL.secret().reveal()));
    }

    @Test
    void without_a_token_nothing_is_sent() {
        tool().run("studies/count").fails(Exit.BAD_TOKEN, "no token on stdin", "gettoken | arcget");
        tool().stdin(" \n").run("studies/count").fails(Exit.BAD_TOKEN, "no token on stdin", "gettoken | arcget");
        tool().stdin("{\"error\":\"invalid_client\"}").run("studies/count").fails(Exit.BAD_TOKEN, "invalid_client", "");
        tool().stdin("<html><title>Login</title></html>").run("studies/count").fails(Exit.BAD_TOKEN, "HTML", "");
        String two = token(Map.of()) + "\n" + token(Map.of()) + "\n";
        tool().stdin(two).run("studies/count").fails(Exit.BAD_TOKEN, "2 tokens", "one");
        tool().run().fails(Exit.USAGE, "no resource given", "studies/count");
        ToolRun.of(new arcget()).run("studies/count").fails(Exit.USAGE, "no archive given", "--url");
        assertEquals(0, sandbox.archiveServer().web().requests().size());
    }

    @Test
    void no_auth_sends_no_token_and_explains_what_is_missing() {
        tool().stdin(token(Map.of()))
                .run("--no-auth", "studies/count")
                .fails(Exit.REFUSED, "wants a token (401)", "gettoken");
        assertEquals(null, authorization());
    }

    @Test
    void a_refused_token_is_explained_from_what_it_says() {
        tool().stdin(token(Map.of("exp", Instant.now().getEpochSecond() - 100)))
                .run("studies/count")
                .fails(Exit.REFUSED, "refused the token (401): expired 1 min", "gettoken");
        refused(Map.of("typ", "ID"), 401, "accepts only typ Bearer");
        refused(Map.of("iss", "http://localhost/realms/dcm4che"), 401, "issued by http://localhost/realms/dcm4che");
        refused(
                Map.of("realm_access", Map.of("roles", List.of("user"))),
                403,
                "the realm role auth is missing: it has user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAT-0001", "1.2.840.10008.5", "opaque-token-of-somebody", "4711\n4712\n", "DOE JANE"})
    void a_word_on_stdin_that_is_no_jwt_is_not_sent_to_an_archive(String word) {
        ToolRun run = tool().stdin(word).run("studies/count");
        run.fails(Exit.BAD_TOKEN, "", "as in a loop over lines: --no-stdin");
        assertFalse(run.err().contains(word), run::err);
        assertEquals(List.of(), sandbox.archiveServer().web().requests());
    }

    @Test
    void an_opaque_token_goes_to_other_servers_and_by_a_file_or_the_environment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "opaque-token");
        tool().run("--token-file", file, "studies/count").fails(Exit.REFUSED, "is not a JWT", "");
        tool().env("ARC_TOKEN", "opaque-token").run("studies/count").fails(Exit.REFUSED, "is not a JWT", "");
        String other = sandbox.archive() + "/other";
        ToolRun.of(new arcget())
                .stdin("opaque-token")
                .run("--rs", other, "studies")
                .says(Exit.REFUSED, "401", "");
    }

    @Test
    void of_an_empty_pipe_is_told_which_client_is_asked_for_instead() {
        ToolRun.Setting piped = tool().pipe(InputStream.nullInputStream());
        piped.run("studies/count").fails(Exit.BAD_TOKEN, "no token on stdin", "gettoken | arcget");
        ToolRun.Setting keycloak = piped.env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal());
        keycloak.run("studies/count")
                .after("arcget: warning: nothing came through the pipe: a token of client curl is sent instead")
                .succeeds();
        keycloak.run("-s", "studies/count").succeeds();
        keycloak.run("--no-stdin", "studies/count").succeeds();
        keycloak.env("ARC_TOKEN", token(Map.of()))
                .run("studies/count")
                .after("pipe: the token in ARC_TOKEN, of client curl, is sent instead (--no-stdin if that is meant)")
                .succeeds();
    }

    @Test
    void a_pipe_that_stays_open_without_data_is_told_once() {
        CountDownLatch told = new CountDownLatch(1);
        ByteArrayOutputStream err = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                super.write(bytes, offset, length);
                told.countDown();
            }
        };
        InputStream open = new InputStream() {
            @Override
            public int read() {
                try {
                    return told.await(30, TimeUnit.SECONDS) ? -1 : 'x';
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ToolRun run =
                tool().env("ARC_TOKEN", token(Map.of())).pipe(open).stderr(err).run("studies/count");
        run.after("arcget: waiting for a token on standard input; --no-stdin or </dev/null does without")
                .after("nothing came through the pipe")
                .succeeds();
    }

    private static void refused(Map<String, ?> claims, int status, String why) {
        tool().stdin(token(claims)).run("studies/count").fails(Exit.REFUSED, "(" + status + ")", "");
        ToolRun run = tool().stdin(token(claims)).run("studies/count");
        assertTrue(run.err().contains(why), run::toString);
    }

    @Test
    void an_ae_that_accepts_other_roles_is_told_from_a_missing_role() {
        get("--aet", "IOCM_QUALITY", "studies/count").fails(Exit.REFUSED, "access to AE IOCM_QUALITY (403)", "--aet");
    }

    @Test
    void what_is_not_there_is_told_from_what_the_archive_refuses() {
        get("--aet", "dcm4chee", "studies/count").fails(Exit.REFUSED, "No such Application Entity", "case-sensitive");
        get("nosuch").fails(Exit.REFUSED, "has nothing at /dcm4chee-arc/aets/DCM4CHEE/rs/nosuch (404)", "path");
        get("studies", "-q", "NoSuchKeyword=1").fails(Exit.REFUSED, "Invalid Query Parameter", "query");
        get("studies", "--accept", "text/html").fails(Exit.REFUSED, "with 406", "--accept");
        String wrong = sandbox.archive().toString().replace("/dcm4chee-arc", "");
        get("--url", wrong, "studies/count").fails(Exit.REFUSED, "has no archive at", "/dcm4chee-arc");
    }

    @Test
    void verbose_shows_the_exchange_but_no_token() {
        String token = token(Map.of());
        ToolRun run = tool().stdin(token).run("-v", "/ctrl/status?id_token=" + token);
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("arcget: > GET http://"), run::err);
        assertTrue(run.err().contains("arcget: > Authorization: [redacted]"), run::err);
        assertTrue(run.err().contains("id_token=[redacted]"), run::err);
        for (String part : token.split("\\.")) {
            assertFalse(run.err().contains(part), run::err);
        }
    }

    @Test
    void a_terminal_gets_no_text_that_it_would_act_on_unless_raw_was_typed() {
        String text = "a\tb\r\nred \u001b[31m \u009b1m \u202e\rover\n";
        String safe = "a\tb\nred \\u001b[31m \\u009b1m \\u202e\\u000dover\n";
        for (String type : List.of("text/plain", "text/csv", "application/xml", "application/dicom+xml", "text/html")) {
            Fault fault = Faults.garbage(type, text);
            sandbox.archiveServer().web().faults().next(4, fault);
            assertEquals(safe, accepting(type).terminal(1).run("/some/text").succeeds());
            assertEquals(
                    text,
                    accepting(type).terminal(1).run("-f", "raw", "/some/text").succeeds());
            assertEquals(text, accepting(type).run("/some/text").succeeds());
            assertTrue(accepting(type)
                    .terminal(1)
                    .run("-i", "/some/text")
                    .succeeds()
                    .endsWith("\n" + safe));
        }
        String long_ = "x".repeat((1 << 13) - 1) + "\r\n";
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("text/plain", long_));
        assertEquals(
                long_.replace("\r", ""),
                accepting("text/plain").terminal(1).run("/some/text").succeeds());
    }

    private static ToolRun.Setting accepting(String type) {
        return tool().stdin(token(Map.of())).with("-H", "Accept: " + type);
    }

    @Test
    void what_jshell_shows_is_escaped_at_every_depth() {
        String claims = "{\"a\":{\"b\":[\"\\u001b[31m\",{\"c\\u009b\":1}]}}";
        String token = base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".";
        Map<?, ?> shown = (Map<?, ?>) new Interactive(new ByteArrayOutputStream()).json(token, "decodejwt");
        Map<?, ?> a = (Map<?, ?>) shown.get("a");
        List<?> b = (List<?>) a.get("b");
        assertEquals("{a={b=[\\u001b[31m, {c\\u009b=1}]}}", shown.toString());
        assertEquals("{b=[\\u001b[31m, {c\\u009b=1}]}", a.toString());
        assertEquals("[\\u001b[31m, {c\\u009b=1}]", b.toString());
        assertEquals("{c\\u009b=1}", b.get(1).toString());
        assertEquals("\u001b[31m", b.get(0));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void binary_data_is_not_written_to_a_terminal() {
        Stream.of("application/zip", "image/png").forEach(type -> {
            sandbox.archiveServer().web().faults().next(1, Faults.garbage(type, "PK\u0003\u0004"));
            tool().stdin(token(Map.of())).terminal(1).run("studies/1.2.3").fails(Exit.USAGE, "binary data", "-o FILE");
        });
    }

    @Test
    void a_token_that_has_expired_by_our_clock_is_sent_all_the_same() {
        InstantSource ahead = InstantSource.offset(InstantSource.system(), java.time.Duration.ofHours(1));
        tool().stdin(token(Map.of())).clock(ahead).run("studies/count", "-s").succeeds();
        assertEquals(1, sandbox.archiveServer().web().requests().size());
    }

    @Test
    void a_user_as_curl_takes_one_is_not_ignored() {
        for (String more : List.of("-v", "--no-auth")) {
            sandbox.arcget()
                    .run("-u", "joe", more, "studies/count")
                    .fails(Exit.USAGE, "the grant client_credentials takes none", "Basic credentials are not sent");
        }
    }

    @Test
    void a_token_is_sent_without_the_name_that_a_shell_gave_it() {
        sandbox.arcget()
                .env("ARC_TOKEN", "")
                .stdin("ARC_TOKEN=" + sandbox.token() + "\n")
                .run("studies/count")
                .succeeds();
    }
}
