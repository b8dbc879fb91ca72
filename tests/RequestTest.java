//SOURCES ../lib/base/Exit.java ../lib/sandbox/WebRequest.java ../scripts/arcget.java ../scripts/sandbox.java
//SOURCES Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arcget sends: paths and queries that arrive as typed, and added header fields. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RequestTest {
    private static final String RS = "/dcm4chee-arc/aets/DCM4CHEE/rs/";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun.Setting tool() {
        return ToolRun.of(new arcget()).env("ARC_URL", sandbox.archive());
    }

    private static ToolRun get(Object... arguments) {
        return tool().env("ARC_TOKEN", sandbox.token()).run(arguments);
    }

    private static WebRequest asked() {
        return sandbox.archiveServer().web().requests().getLast();
    }

    /** A segment of a path as a server decodes it. */
    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.840.113619.2.55.3",
                "PID^^^HOSP&1.2.840.99&ISO",
                "100%",
                "100% of ü",
                "a#b",
                "a+b=c;d",
                "山田",
                "a|b\"c<d>{e}",
                "it's [here]\\there"
            })
    void one_segment_of_a_path_arrives_as_meant(String segment) {
        sandbox.archiveServer().web().faults().rule(request -> Faults.garbage("application/json", "[]"));
        get("patients/" + segment + "/studies").succeeds();
        String path = asked().path();
        assertTrue(path.startsWith(RS + "patients/") && path.endsWith("/studies"), path);
        assertEquals(segment, decoded(path.substring((RS + "patients/").length(), path.length() - 8)));
        assertTrue(path.matches("[!-~&&[^\"#<>?\\\\^`{|};\\[\\]]]+"), path);
    }

    @Test
    void a_slash_and_a_question_mark_in_a_segment_that_are_escaped_stay_escaped() {
        sandbox.archiveServer().web().faults().rule(request -> Faults.garbage("application/json", "[]"));
        get("patients/P%2F1%3F%25/studies").succeeds();
        assertEquals(RS + "patients/P%2F1%3F%25/studies", asked().target());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DOE^J*",
                "A&B=C",
                "100%",
                "%41",
                "a/b?c#d",
                "a+b c",
                "Müller",
                "山田^太郎=やまだ",
                "a;b|c\"d",
                "PID^^^HOSP&1.2&ISO"
            })
    void a_value_of_a_query_arrives_as_meant(String value) {
        get("patients", "-q", "PatientID=" + value).succeeds();
        String query = asked().query();
        assertTrue(query.startsWith("PatientID="), query);
        assertEquals(value, URLDecoder.decode(query.substring(10, query.indexOf('&')), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"A B, A%20B", "A/B, A%2FB", "A%41, A%2541", "A;B, A%3BB", "A?B, A%3FB", "A&B, A&B", "ü, %C3%BC"})
    void an_ae_title_arrives_as_meant(String title, String sent) {
        get("--aet", title, "studies/count").fails(Exit.REFUSED, "No such Application Entity", "");
        String target = sandbox.archiveServer().web().requests().getFirst().target();
        assertEquals("/dcm4chee-arc/aets/" + sent + "/rs/studies/count", target);
    }

    @Test
    void with_a_dicomweb_root_everything_is_below_it() {
        for (String path : new String[] {"studies/count", "/studies/count"}) {
            tool().env("ARC_URL", "")
                    .env("ARC_TOKEN", sandbox.token())
                    .run("--rs", sandbox.archive() + "/aets/DCM4CHEE/rs", path)
                    .succeeds();
            assertEquals(RS + "studies/count", asked().target());
        }
    }

    @Test
    void header_fields_of_ones_own_are_sent() {
        get("-H", "X-Trace: abc", "-H", "Accept-Language: de", "-H", "accept-language:en", "studies/count")
                .succeeds();
        assertEquals("abc", asked().header("X-Trace"));
        assertEquals("de, en", asked().header("Accept-Language"));
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("text/csv", "\"PatientID\"\r\n"));
        get("-H", "Accept: text/csv", "studies").succeeds();
        assertEquals("text/csv", asked().header("Accept"));
        get("-H", "Accept: text/csv", "--accept", "application/json", "studies").succeeds();
        assertEquals("application/json", asked().header("Accept"));
        get("-H", "Accept-Encoding:", "studies").succeeds();
        assertEquals(null, asked().header("Accept-Encoding"));
        get("-H", "accept-encoding: identity", "studies").succeeds();
        assertEquals("identity", asked().header("Accept-Encoding"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing|is not 'Name: value'|for example",
                ": x|is not 'Name: value'|for example",
                "A B: x|is not 'Name: value'|for example",
                "Host: other|Host cannot be set|connection",
                "connection: close|connection cannot be set|connection",
                "Content-Length: 3|cannot be set|connection",
                "Authorization: Bearer se-cret|does not belong in --header|--no-auth"
            })
    void header_fields_that_cannot_be_sent_are_refused_before_anything_is(String header, String message, String hint) {
        ToolRun run = get("-H", header, "studies").fails(Exit.USAGE, message, hint);
        assertFalse(run.err().contains("se-cret"), run::err);
        assertEquals(0, sandbox.archiveServer().web().requests().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-H", "--accept"})
    void a_value_that_cannot_be_sent_is_refused_before_a_token_is_fetched(String option) {
        sandbox.provider().web().forgetRequests();
        tool().env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", "any")
                .run(option, "X-Odd: a\u0007b", "studies")
                .fails(Exit.USAGE, "has a character that cannot be sent", "line breaks");
        assertEquals(0, sandbox.provider().web().requests().size());
    }

    @Test
    void without_a_token_of_ours_authorization_is_free_and_never_shown() {
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/dicom+json", "[]"));
        ToolRun run = tool().run(
                        "-v",
                        "--no-auth",
                        "-H",
                        "Authorization: Basic se-cret",
                        "-H",
                        "X-Api-Key: se-cret",
                        "-H",
                        "X-Amz-Security-Token: se-cret",
                        "studies");
        assertEquals(0, run.exit(), run::toString);
        assertEquals("Basic se-cret", asked().header("Authorization"));
        assertFalse(run.err().contains("se-cret"), run::err);
        assertTrue(run.err().contains("warning: --header Authorization: others can see its value in ps"), run::err);
    }

    @Test
    void the_header_of_an_answer_is_shown_as_curl_does() {
        String head = get("-I", "studies/count").succeeds();
        assertEquals("HEAD", asked().method());
        assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
        assertTrue(head.contains("\r\nContent-Type: application/json\r\n"), head);
        assertTrue(head.endsWith("\r\n\r\n"), head);
        String both = get("-i", "studies/count").succeeds();
        assertEquals("GET", asked().method());
        assertTrue(both.endsWith("\r\n\r\n{\"count\":4}\n"), both);
    }

    @Test
    void the_header_of_a_refusal_is_shown_too_and_explained() {
        ToolRun run = get("--aet", "IOCM_QUALITY", "-I", "studies/count");
        run.says(Exit.REFUSED, "AE IOCM_QUALITY (403)", "dcmAcceptedUserRole");
        assertTrue(run.out().startsWith("HTTP/1.1 403 Forbidden\r\n"), run::out);
        ToolRun login = tool().run("--no-auth", "-i", "studies/count");
        login.says(Exit.REFUSED, "wants a token (401)", "");
        assertTrue(login.out().contains("\r\nWWW-Authenticate: Bearer\r\n"), login::out);
    }

    @Test
    void a_terminal_is_safe_from_what_a_header_holds() {
        sandbox.archiveServer()
                .web()
                .faults()
                .next(1, Faults.status(200, "application/json", "[]", "X-Odd", "a\u001b[2Jb"));
        ToolRun run = tool().env("ARC_TOKEN", sandbox.token()).terminal(1).run("-i", "studies");
        assertFalse(run.out().contains("\u001b"), run::out);
    }
}
