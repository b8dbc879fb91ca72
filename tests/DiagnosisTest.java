//SOURCES ../lib/base/Exit.java ../lib/sandbox/Fault.java ../lib/sandbox/SampleStudies.java
//SOURCES ../lib/sandbox/WebRequest.java ../scripts/arcget.java ../scripts/sandbox.java Faults.java TestSandbox.java
//SOURCES ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ladder at the end of section E of facts.md: the message for each refusal, and the probes that tell them apart.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DiagnosisTest {
    private static final String CHALLENGE =
            "Bearer error=\"invalid_token\", error_description=\"ELY23051: Invalid bearer token\"";

    private static final String INSTANCE = "studies/" + SampleStudies.ROOT + "1/series/" + SampleStudies.ROOT
            + "1.1/instances/" + SampleStudies.ROOT + "1.1.1";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun.Setting with(String token) {
        return ToolRun.of(new arcget()).env("ARC_URL", sandbox.archive()).env("ARC_TOKEN", token);
    }

    private static ToolRun get(Object... arguments) {
        return with(sandbox.token()).run(arguments);
    }

    private static ToolRun getWith(Map<String, ?> claims, Map<String, ?> header) {
        return with(sandbox.provider().mint(claims, header)).run("studies/count");
    }

    private static void next(int status, String type, String body, String... headers) {
        sandbox.archiveServer().web().faults().next(1, Faults.status(status, type, body, headers));
    }

    private static void answers(String path, Fault fault) {
        sandbox.archiveServer().web().faults().rule(request -> request.path().endsWith(path) ? fault : Fault.none());
    }

    private static List<String> asked() {
        List<String> asked = new ArrayList<>();
        for (WebRequest request : sandbox.archiveServer().web().requests()) {
            asked.add(request.path().substring("/dcm4chee-arc".length()));
        }
        return asked;
    }

    @Test
    void no_token_was_sent_to_a_secured_archive() {
        ToolRun run = ToolRun.of(new arcget()).env("ARC_URL", sandbox.archive()).run("--no-auth", "studies/count");
        run.fails(Exit.REFUSED, "wants a token (401)", "gettoken | arcget");
        next(401, "text/html", "<html>", "WWW-Authenticate", "Bearer realm=\"hospital\"");
        ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .run("--no-auth", "studies/count")
                .fails(Exit.REFUSED, "wants a token (401) of the realm hospital", "gettoken | arcget");
        next(401, "text/html", "<html>", "WWW-Authenticate", "Basic realm=\"Orthanc\"");
        ToolRun.of(new arcget())
                .run("--no-auth", "--rs", sandbox.archive(), "studies")
                .fails(Exit.REFUSED, "wants a user and password (401)", "Authorization: Basic");
    }

    @Test
    void the_token_has_expired() {
        getWith(Map.of("exp", Instant.now().getEpochSecond() - 90_000), Map.of())
                .fails(Exit.REFUSED, "refused the token (401): expired 1 d 1 h ago", "request a new one");
        assertEquals(List.of("/aets/DCM4CHEE/rs/studies/count"), asked(), "nothing more is to be known");
    }

    @Test
    void the_token_is_of_another_kind_algorithm_or_without_a_subject() {
        getWith(Map.of("typ", "Refresh"), Map.of()).fails(Exit.REFUSED, "accepts only typ Bearer", "access_token");
        getWith(Map.of(), Map.of("alg", "ES256")).fails(Exit.REFUSED, "the archive accepts RS256", "RS256");
        Map<String, Object> nobody = new HashMap<>();
        nobody.put("sub", null);
        getWith(nobody, Map.of()).fails(Exit.REFUSED, "there is no sub", "client scope basic");
        with("opaque").run("studies/count").fails(Exit.REFUSED, "is not a JWT", "gettoken");
    }

    @Test
    void the_token_is_lightweight_or_of_the_client_of_administrators() {
        Map<String, Object> lightweight = new HashMap<>();
        for (String missing : List.of("sub", "aud", "realm_access")) {
            lightweight.put(missing, null);
        }
        lightweight.put("jti", "trltcc:5ac1");
        getWith(lightweight, Map.of())
                .fails(
                        Exit.REFUSED,
                        "refused the token (401): it is a lightweight access token, without roles",
                        "switch off lightweight access tokens for client curl");
        lightweight.put("azp", "admin-cli");
        lightweight.put("jti", "onltro:5ac1");
        lightweight.put("exp", 1);
        getWith(lightweight, Map.of())
                .fails(
                        Exit.REFUSED,
                        "refused the token (401): it is a lightweight access token",
                        "admin-cli is for Keycloak's administrators: use a client of your own (--client-id)");
    }

    @Test
    void the_token_was_cut() {
        String token = sandbox.token();
        with(token.substring(0, token.length() - 40))
                .run("studies/count")
                .fails(
                        Exit.REFUSED,
                        "refused the token (401): the signature has 226 bytes, which is impossible for RS256",
                        "copy the whole token");
        with(token.substring(0, token.lastIndexOf('.') + 1))
                .run("studies/count")
                .fails(Exit.REFUSED, "refused the token (401): the signature is missing", "copy the whole token");
        with(token.replaceFirst("\\.(.{200})[^.]*\\.", ".$1."))
                .run("studies/count")
                .fails(Exit.REFUSED, "refused the token (401): the payload is broken JSON", "copy the whole token");
    }

    @Test
    void the_token_is_of_another_realm_or_another_name_of_the_server() {
        String keycloak = sandbox.keycloak().toString();
        getWith(Map.of("iss", keycloak + "/realms/master"), Map.of())
                .fails(
                        Exit.REFUSED,
                        "it is of the realm master, but the archive's own users log in to the realm dcm4che",
                        "request the token from that realm: gettoken --realm dcm4che");
        getWith(Map.of("iss", keycloak.replace("127.0.0.1", "localhost") + "/realms/dcm4che"), Map.of())
                .fails(
                        Exit.REFUSED,
                        "but the archive's own users log in at " + keycloak + "/realms/dcm4che",
                        "localhost and 127.0.0.1 are different issuers; request the token from exactly that URL:"
                                + " gettoken --keycloak " + keycloak + " --realm dcm4che");
        answers("/keycloak.json", Faults.status(404, "text/html", "<html>"));
        String foreign = sandbox.provider().mint(Map.of("iss", keycloak + "/realms/x"), Map.of("kid", "nosuch"));
        with(foreign)
                .env("ARC_KEYCLOAK", keycloak)
                .run("studies/count")
                .fails(
                        Exit.REFUSED,
                        "it is of the realm x, but the settings of this run log in to the realm dcm4che",
                        "gettoken --realm dcm4che");
    }

    @Test
    void a_role_of_a_client_does_not_count() {
        getWith(
                        Map.of(
                                "realm_access",
                                Map.of("roles", List.of("user")),
                                "resource_access",
                                Map.of("curl", Map.of("roles", List.of("auth")))),
                        Map.of())
                .fails(
                        Exit.REFUSED,
                        "the realm role auth is missing: it has a role of that name of client curl",
                        "assign the realm role auth to service-account-curl");
    }

    @Test
    void the_token_is_of_another_issuer_than_the_login_page_of_the_archive_names() {
        String issuer = "https://localhost:8843/realms/dcm4che";
        answers(
                "/keycloak.json",
                Faults.status(
                        302,
                        "text/html",
                        "",
                        "Location",
                        "https://docker-host:8843/realms/dcm4che/protocol/openid-connect/auth?client_id=ui&state=x"));
        getWith(Map.of("iss", issuer), Map.of())
                .fails(
                        Exit.REFUSED,
                        "issued by " + issuer
                                + ", but the archive's own users log in at https://docker-host:8843/realms/dcm4che",
                        "gettoken --keycloak https://docker-host:8843 --realm dcm4che");
        answers(
                "/keycloak.json",
                Faults.garbage(
                        "application/json",
                        "{\"realm\":\"dcm4che\",\"auth-server-url\":\"https://other:8843/\",\"resource\":\"ui\"}"));
        getWith(Map.of("iss", issuer), Map.of())
                .fails(Exit.REFUSED, "log in at https://other:8843/realms/dcm4che", "--keycloak https://other");
    }

    @Test
    void the_token_was_signed_with_a_key_that_keycloak_no_longer_has() {
        String token = sandbox.token();
        sandbox.provider().rotateKey();
        ToolRun.Setting tool = with(token);
        tool.run("studies/count").fails(Exit.REFUSED, "though it looks valid; it was issued by", "AUTH_SERVER_URL");
        tool = with(token).env("ARC_KEYCLOAK", sandbox.keycloak());
        tool.run("studies/count")
                .fails(
                        Exit.REFUSED,
                        "which is not among those at " + sandbox.keycloak() + "/realms/dcm4che/protocol",
                        "request a new one with gettoken");
        // If Keycloak does not answer, the ladder goes on without it.
        tool = with(token).env("ARC_KEYCLOAK", "http://127.0.0.1:9");
        tool.run("studies/count").fails(Exit.REFUSED, "it was issued by", "AUTH_SERVER_URL");
    }

    @Test
    void the_probe_for_the_issuer_carries_no_token_and_may_fail() {
        for (Fault fault : List.of(
                Faults.reset(),
                Faults.status(404, "text/html", "<html>"),
                Faults.garbage("application/json", "{"),
                Faults.garbage("application/json", "[]"))) {
            answers("/keycloak.json", fault);
            sandbox.archiveServer().web().forgetRequests();
            getWith(Map.of("iss", "http://else"), Map.of())
                    .fails(Exit.REFUSED, "though it looks valid; it was issued by http://else", "search for ELY2305");
            WebRequest probe = sandbox.archiveServer().web().requests().getLast();
            assertTrue(probe.path().endsWith("/ui2/rs/keycloak.json"), probe::path);
            assertEquals(null, probe.header("Authorization"));
        }
    }

    @Test
    void an_archive_that_says_more_is_quoted() {
        next(
                401,
                "text/html",
                "<html>",
                "WWW-Authenticate",
                "Bearer error=\"invalid_token\", error_description=\"Stale token\"");
        get("studies/count").fails(Exit.REFUSED, "though it looks valid: Stale token", "ELY2305");
        next(401, "text/html", "<html>", "WWW-Authenticate", CHALLENGE);
        assertFalse(get("studies/count").err().contains("ELY23051"), "its usual words say nothing");
    }

    @Test
    void the_role_of_the_archive_is_missing() {
        getWith(Map.of("realm_access", Map.of("roles", List.of("user"))), Map.of())
                .fails(
                        Exit.REFUSED,
                        "refused access (403): the realm role auth is missing: it has user",
                        "assign the role to service-account-curl");
    }

    @Test
    void an_ae_restricts_roles_where_the_rest_of_the_archive_is_open() {
        get("--aet", "IOCM_QUALITY", "studies/count")
                .fails(
                        Exit.REFUSED,
                        "refused access to AE IOCM_QUALITY (403), though not to the archive; the token has auth, offline_access",
                        "dcmAcceptedUserRole");
        assertEquals(List.of("/aets/IOCM_QUALITY/rs/studies/count", "/ctrl/status", "/ctrl/status"), asked());
    }

    @Test
    void an_archive_that_refuses_everything_to_a_sound_token_wants_another_role() {
        sandbox.archiveServer()
                .web()
                .faults()
                .rule(request -> Faults.status(403, "text/html", "<html>Forbidden</html>"));
        get("studies/count").fails(Exit.REFUSED, "refused access (403); the token has auth", "AUTH_USER_ROLE");
    }

    @Test
    void an_archive_that_is_not_secured_wants_no_token() {
        sandbox.archiveServer()
                .web()
                .faults()
                .rule(request -> request.header("Authorization") != null
                        ? Faults.status(403, "text/plain", "")
                        : Faults.garbage("application/json", "{\"status\":\"STARTED\"}"));
        get("studies/count").fails(Exit.REFUSED, "but serves requests without a token", "--no-auth");
    }

    @Test
    void an_ae_title_is_misspelt() {
        get("--aet", "dcm4chee", "studies/count")
                .fails(Exit.REFUSED, "No such Application Entity: dcm4chee", "did you mean --aet DCM4CHEE?");
        get("--aet", "QUITE_ELSE", "studies/count")
                .fails(Exit.REFUSED, "No such Application Entity", "there are AS_RECEIVED, DCM4CHEE, IOCM_EXPIRED");
        answers("/aets", Faults.reset());
        get("--aet", "dcm4chee", "studies/count")
                .fails(Exit.REFUSED, "No such Application Entity", "AE titles are case-sensitive; arcget /aets");
    }

    @Test
    void an_ae_without_the_service_is_told_with_those_that_have_it() {
        ToolRun run = get("--aet", "WORKLIST", "studies");
        assertFalse(run.err().contains(", WORKLIST"), run::err);
        run.fails(
                Exit.REFUSED,
                "No Web Application with QIDO_RS",
                "ask one with --aet that does: AS_RECEIVED, DCM4CHEE, IOCM_EXPIRED, IOCM_PAT_SAFETY, IOCM_QUALITY,"
                        + " IOCM_REGULAR_USE, IOCM_WRONG_MWL");
        assertEquals("/webapps", asked().getLast());
        for (String path : List.of("mwlitems", "mwlitems/count", "workitems")) {
            get(path).fails(Exit.REFUSED, "No Web Application with ", "ask one with --aet that does: WORKLIST");
        }
        answers("/webapps", Faults.garbage("application/json", "[]"));
        get("mwlitems").fails(Exit.REFUSED, "No Web Application with MWL_RS", "arcget /webapps lists which does");
    }

    @Test
    void the_address_of_keycloak_is_not_that_of_the_archive() {
        for (String context : List.of("", "/dcm4chee-arc", "/realms/dcm4che", "/realms/nosuch")) {
            get("--url", sandbox.keycloak() + context, "studies")
                    .fails(Exit.REFUSED, "(404): ", "that is a Keycloak: its URL is for --keycloak; --url is");
        }
        get("--rs", sandbox.keycloak() + "/dicom-web", "studies")
                .fails(Exit.REFUSED, "(404): ", "that is a Keycloak: its URL is for --keycloak; --rs is");
    }

    @Test
    void json_that_the_archive_calls_bytes_is_shown_on_request() {
        with(sandbox.token())
                .terminal(1)
                .run("/metrics")
                .fails(
                        Exit.USAGE,
                        "binary data is not written to a terminal",
                        "if it is JSON, as /metrics is, -f json");
        assertTrue(get("-f", "csv", "/metrics").succeeds().startsWith("dcmMetricsName\n"));
    }

    @Test
    void the_archive_is_below_another_path() {
        String origin = "http://" + sandbox.archive().getAuthority();
        get("--url", origin, "studies/count")
                .fails(Exit.REFUSED, "has no archive at /aets/", "there is one at --url " + origin + "/dcm4chee-arc");
        answers("/ctrl/status", Faults.reset());
        get("--url", origin + "/arc", "studies/count").fails(Exit.REFUSED, "has no archive at", "/dcm4chee-arc");
        sandbox.archiveServer().web().faults().clear();
        get("--url", origin + "/dcm4chee-arc/ui2", "studies/count")
                .fails(Exit.REFUSED, "redirects to", "must be the archive's REST services, not its user interface");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "study/count|did you mean studies?",
                "instance|did you mean instances?",
                "devices|did you mean /devices? a path without a leading slash",
                "aets/DCM4CHEE/rs/studies/count|did you mean /aets/DCM4CHEE/rs/studies/count?",
                "ctrl/status|did you mean /ctrl/status?",
                "rs/studies|a path without a leading slash is below /aets/AET/rs",
                "/studies|did you mean studies? a path without a leading slash",
                "/dcm4chee-arc/aets|leave out /dcm4chee-arc",
                "studies/countt|check the path",
                "/ctrl/stauts|check the path",
                "studies/1.2.3/metadata|check the UIDs"
            })
    void a_path_that_leads_nowhere_is_told_from_the_one_that_was_meant(String path, String hint) {
        get(path).fails(Exit.REFUSED, "has nothing at /dcm4chee-arc", hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PatienName=DOE|PatientName",
                "StudyDate>=20240101|StudyDate",
                "includefield=StudyDescripton|StudyDescription",
                "ofset=3|offset"
            })
    void a_misspelt_name_that_the_archive_refuses_is_told_with_the_nearest(String query, String meant) {
        get("studies", "-q", query).fails(Exit.REFUSED, "with 400", "did you mean " + meant + "? check names");
    }

    @Test
    void addresses_that_a_server_names_are_safe_to_paste() {
        next(302, "text/html", "", "Location", "https://$(id):x@docker-host/dcm4chee-arc/aets");
        get("/aets").fails(Exit.REFUSED, "redirects to", "give it as --url https://docker-host/dcm4chee-arc");
        answers("/ui2/rs/keycloak.json", Faults.status(200, "application/json", """
                {"auth-server-url":"https://docker-host;id","realm":"dcm4che"}"""));
        ToolRun run = getWith(Map.of("iss", "https://docker-host:8843/realms/dcm4che"), Map.of());
        run.fails(Exit.REFUSED, "(401)", "AUTH_SERVER_URL");
        assertFalse(run.err().contains(";id"), run::err);
    }

    @Test
    void a_missing_study_is_told_from_a_wrong_path() {
        next(404, "text/plain", "{\"errorMessage\":\"No matches found.\"}");
        get("studies/1.2.3/metadata").fails(Exit.REFUSED, "(404): No matches found.", "check the UIDs");
        get("nosuch")
                .fails(Exit.REFUSED, "has nothing at /dcm4chee-arc/aets/DCM4CHEE/rs/nosuch", "without a leading slash");
    }

    @Test
    void the_user_interface_sends_to_its_login_page_and_it_is_not_followed() {
        String login = "/realms/dcm4che/protocol/openid-connect/auth?client_id=dcm4chee-arc-ui&state=se-cret";
        for (String origin : List.of(
                "https://docker-host:8843", "http://" + sandbox.archive().getAuthority())) {
            next(302, "text/html", "", "Location", origin + login);
            ToolRun run = get("/ui2/rs/devicename");
            run.fails(Exit.REFUSED, "redirects to " + origin + "/realms/dcm4che", "that is a login page");
            assertFalse(run.err().contains("se-cret"), run::err);
        }
        assertEquals(2, asked().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "studies/count|counts and sizes come only as application/json",
                "studies/1.2|--download",
                "studies|try another --accept"
            })
    void a_406_is_told_with_a_form_that_there_is(String path, String hint) {
        next(406, "text/plain", "");
        get(path, "--accept", "application/dicom").fails(Exit.REFUSED, "with 406", hint);
    }

    @Test
    void a_query_that_is_refused_is_told_in_the_words_of_the_archive() {
        String said = "[PROPERTY]\r[limit]\r[must match \"[1-9]\\d{0,4}\"]\r[0]\r\r";
        sandbox.archiveServer()
                .web()
                .faults()
                .next(1, Faults.status(400, "text/plain", said, "validation-exception", "true"));
        get("studies").fails(Exit.REFUSED, "with 400: limit: must match \"[1-9]", "case-sensitive");
        get("--aet", "IOCM_REGULAR_USE", "studies").fails(Exit.REFUSED, "with 413: Request entity", "StudyDate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"errorMessage\":\"broken \"quote\" here\"}", "first line\nsecond line"})
    void text_that_is_not_json_is_quoted(String body) {
        next(409, "text/plain", body);
        ToolRun run = get("studies").fails(Exit.REFUSED, "with 409: ", "");
        assertTrue(run.err().contains(body.split("\n")[0]), run::err);
        assertFalse(run.err().contains("second"), run::err);
    }

    @Test
    void of_a_stack_trace_only_the_causes_are_told() {
        String frames = "\tat org.hibernate@6.6.40.Final//org.hibernate.Some.method(Some.java:63)\n".repeat(250);
        next(
                500,
                "text/plain",
                "org.hibernate.exception.GenericJDBCException: Unable to acquire JDBC Connection\n" + frames
                        + "Caused by: java.sql.SQLException: IJ031084: Unable to create connection\n" + frames
                        + "Caused by: java.net.ConnectException: Connection refused\u001b[2J\n");
        ToolRun run = get("studies/count");
        run.fails(
                Exit.SERVER_FAILED,
                "failed with 500: org.hibernate.exception.GenericJDBCException: Unable to acquire JDBC Connection; "
                        + "Caused by: java.sql.SQLException: IJ031084: Unable to create connection; "
                        + "Caused by: java.net.ConnectException: Connection refused\\u001b[2J",
                "server.log");
        assertFalse(run.err().contains("Some.java"), run::err);
        assertEquals(2, run.err().lines().count(), run::err);
    }

    @Test
    void the_cause_behind_the_boundary_of_a_failed_multipart_is_told() {
        get(INSTANCE + "/bulkdata/7FE00011")
                .fails(
                        Exit.SERVER_FAILED,
                        "failed with 500: No bulkdata (7FE0,0011) in requested object",
                        "server.log");
        next(
                500,
                "multipart/related;type=\"application/dicom\"",
                "--b\r\nContent-Type: application/dicom\r\n\r\n\0\0DICM\0OW\0Unable to decodeUnable to decode");
        get("studies/1.2").fails(Exit.SERVER_FAILED, "failed with 500: Unable to decode", "server.log");
        next(500, "multipart/related;type=\"application/dicom\"", "--b\r\nContent-ID: <x>\r\n\r\nno connection\r\n");
        get("studies/1.2").fails(Exit.SERVER_FAILED, "failed with 500: no connection", "server.log");
        next(500, "application/zip", "PK\0\0 and no message");
        assertTrue(get("studies/1.2").err().contains("failed with 500\n"));
    }

    @Test
    void frames_that_are_not_there_are_told_from_a_wrong_uid() {
        String hint = "arcget instances -q SOPInstanceUID=" + SampleStudies.ROOT + "1.1.1 -f table shows the number";
        get(INSTANCE + "/frames/2").fails(Exit.REFUSED, "(404): No such frame.", hint);
        ToolRun run = get(INSTANCE + "/frames/1,2");
        assertEquals(Exit.INCOMPLETE.code(), run.exit(), run::err);
        assertTrue(run.err().contains("incomplete (206): some of these frames are not there\n"), run::err);
        assertTrue(run.err().contains("hint: " + hint), run::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"502|running?", "503|it is starting or stopping", "504|narrow the query", "507|server.log"})
    void a_server_that_fails_is_told_from_a_proxy_before_it(int status, String hint) {
        next(status, "text/html", "<html>Bad</html>");
        get("--retry", 0, "studies").fails(Exit.SERVER_FAILED, "failed with " + status, hint);
    }

    @Test
    void a_server_that_is_not_dcm4chee_is_sent_no_probes() {
        for (int status : new int[] {401, 403, 404}) {
            next(status, "text/plain", "No such Application Entity");
            get("--rs", sandbox.archive() + "/aets/X/rs", "studies").fails(Exit.REFUSED, "(" + status + ")", "");
        }
        assertEquals(3, asked().size());
    }
}
