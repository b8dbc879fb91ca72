//SOURCES ../lib/json/Json.java ../lib/sandbox/Certificates.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/SampleStudies.java ../lib/sandbox/Sandbox.java ../lib/sandbox/StudyIndex.java
//SOURCES ../lib/sandbox/WebRequest.java ../scripts/sandbox.java Faults.java ManyStudies.java OtherProvider.java
//SOURCES TestSandbox.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateExpiredException;
import lib.json.Json;
import lib.sandbox.Certificates;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import lib.sandbox.Sandbox;
import lib.sandbox.StudyIndex;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sandbox answers as the real servers did (numbers refer to wire/captures.md). CapturesTest replays the archive's
 * exchanges one by one; these tests need more than one request, or look at the state of the sandbox.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SandboxTest {
    private static final String TOKEN = "/realms/dcm4che/protocol/openid-connect/token";
    private static final String RS = "/dcm4chee-arc/aets/DCM4CHEE/rs";
    private static final String COUNT = RS + "/studies/count";
    private static final String UID = "1.2.826.0.1.3680043.10.9999.1";
    private static final String GRANT = "grant_type=client_credentials";
    private static final String INVALID =
            "Bearer error=\"invalid_token\", error_description=\"ELY23051: Invalid bearer token\"";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        http = HttpClient.newBuilder().sslContext(trustingOnly(sandbox)).build();
    }

    @AfterAll
    static void stop() {
        http.shutdownNow();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            A4 wrong secret        | G                | curl          | WRONG | 401 | unauthorized_client    | Invalid client or Invalid client credentials
            A6 unknown client      | G                | nosuch        | x     | 401 | invalid_client         | Invalid client or Invalid client credentials
            A7 no client           | G                |               |       | 401 | invalid_client         | Invalid client or Invalid client credentials
            A8 no secret           | G                | curl          |       | 401 | unauthorized_client    | Invalid client or Invalid client credentials
            A9 unknown grant       | grant_type=foo   | curl          | right | 400 | unsupported_grant_type | Unsupported grant_type
            A10 no grant           | x=y              | curl          | right | 400 | invalid_request        | Missing form parameter: grant_type
            A11 no service account | G                | curl-nosa     | right | 401 | unauthorized_client    | Client not enabled to retrieve service account
            A12 disabled client    | G                | curl-disabled | right | 401 | invalid_client         | Invalid client or Invalid client credentials
            A13 public client      | G                | curl-public   |       | 401 | unauthorized_client    | Public client not allowed to retrieve service account
            A21 unknown scope      | G&scope=nosuch   | curl          | right | 400 | invalid_scope          | Invalid scopes: nosuch
            A26 duplicate          | G&G              | curl          | right | 400 | invalid_request        | duplicated parameter
            facts A6 broken escape | G&x=%ZZ          | curl          | right | 500 | unknown_error          | For more on this error consult the server log.
            """)
    void the_provider_refuses_as_keycloak_does(
            String name, String grant, String id, String secret, int status, String error, String description)
            throws Exception {
        String form = grant.replace("G", GRANT) + (id == null ? "" : "&client_id=" + id);
        String sent = "right".equals(secret) ? secretOf(id) : secret;

        HttpResponse<String> answer = post(TOKEN, form + (sent == null ? "" : "&client_secret=" + sent));

        assertEquals(status, answer.statusCode());
        assertEquals("application/json", header(answer, "Content-Type"));
        assertEquals("{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}", answer.body());
        assertEquals("", header(answer, "WWW-Authenticate"));
        assertEquals(status == 500 ? "" : "no-store", header(answer, "Cache-Control"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            A14 unknown realm   | POST | /realms/nosuch/protocol/openid-connect/token       | 404 | {"error":"Realm does not exist"}
            A15 realm in caps   | POST | /realms/DCM4CHE/protocol/openid-connect/token      | 404 | {"error":"Realm does not exist"}
            A16 /auth prefix    | POST | /auth/realms/dcm4che/protocol/openid-connect/token | 404 | {"error":"Unable to find matching target resource method"}
            A17 GET             | GET  | /realms/dcm4che/protocol/openid-connect/token      | 405 | {"error":"HTTP 405 Method Not Allowed"}
            facts A1 misspelt   | POST | /realms/dcm4che/protocol/openid-connect/tokens     | 405 | {"error":"HTTP 405 Method Not Allowed"}
            facts A1 two slashes | POST | //realms/dcm4che/protocol/openid-connect/token    | 400 | {"error":"missingNormalization","error_description":"Request path not normalized"}
            """)
    void the_provider_knows_its_paths(String name, String method, String path, int status, String body)
            throws Exception {
        HttpResponse<String> answer = send(request(sandbox.keycloak(), path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(GRANT)));

        assertEquals(status, answer.statusCode());
        assertEquals(body == null ? "" : body, answer.body());
    }

    @Test
    void a_token_response_is_keycloaks() throws Exception {
        HttpResponse<String> answer = post(TOKEN, credentials(Clients.CURL)); // A1

        assertEquals(200, answer.statusCode());
        assertEquals("application/json", header(answer, "Content-Type"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertTrue(answer.body()
                .matches("\\{\"access_token\":\"[^\"]+\",\"expires_in\":300,\"refresh_expires_in\":0,"
                        + "\"token_type\":\"Bearer\",\"not-before-policy\":0,\"scope\":\"email profile\"\\}"));
        String[] token = member(answer.body(), "access_token").split("\\.");
        assertTrue(decoded(token[0]).startsWith("{\"alg\":\"RS256\",\"typ\" : \"JWT\",\"kid\" : \""));
        Map<String, Object> claims = Json.asObject(Json.parse(decoded(token[1])));
        assertEquals(
                "[exp, iat, jti, iss, sub, typ, azp, acr, realm_access, scope, clientHost, email_verified, "
                        + "preferred_username, clientAddress, client_id]",
                claims.keySet().toString()); // facts G10
        assertEquals(sandbox.keycloak() + "/realms/dcm4che", claims.get("iss"));
        assertEquals(
                "{roles=[auth, offline_access, default-roles-dcm4che, uma_authorization]}",
                claims.get("realm_access").toString());
    }

    @Test
    void credentials_may_come_in_the_header_with_both_halves_encoded() throws Exception {
        String secret = "a+b/c=d%e&f:g h\u00fc";
        sandbox.provider().register(Clients.client("odd:id", secret, "auth"));
        String encoded = URLEncoder.encode("odd:id", StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(secret, StandardCharsets.UTF_8);

        assertEquals(200, basic(encoded, GRANT).statusCode()); // A2
        assertEquals(401, basic("odd%3Aid:WRONG", GRANT).statusCode()); // A5
        HttpResponse<String> broken = basic("curl:100%", GRANT); // facts A4
        assertEquals(400, broken.statusCode());
        assertTrue(broken.body().contains("Unexpected error when authenticating client"));
        String right = "curl:" + secretOf("curl");
        assertEquals(200, basic(right, credentials(Clients.CURL)).statusCode()); // A25
        assertEquals(401, basic(right, credentials(Clients.SHORT)).statusCode());
    }

    @Test
    void a_form_is_read_as_a_form_alone_and_a_trailing_slash_is_fine() throws Exception {
        HttpResponse<String> json = send(request(sandbox.keycloak(), TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"grant_type\":\"client_credentials\"}")));

        assertEquals(400, json.statusCode()); // A18
        assertTrue(json.body().contains("Missing form parameter: grant_type"));
        assertEquals(200, post(TOKEN + "/", credentials(Clients.CURL)).statusCode()); // A19
    }

    @Test
    void scope_openid_adds_an_id_token() throws Exception {
        String body = post(TOKEN, credentials(Clients.CURL) + "&scope=openid").body(); // A20

        assertTrue(decoded(member(body, "id_token").split("\\.")[1]).contains("\"typ\":\"ID\""));
        assertEquals("openid email profile", member(body, "scope"));
    }

    @Test
    void discovery_names_the_fixed_issuer_on_both_ports_and_the_keys() throws Exception {
        String issuer = sandbox.keycloak() + "/realms/dcm4che";
        for (URI port : List.of(sandbox.keycloak(), sandbox.keycloakHttps())) { // A27, P3
            String document = get(port, "/realms/dcm4che/.well-known/openid-configuration")
                    .body();
            assertEquals(issuer, member(document, "issuer"));
            assertEquals(issuer + "/protocol/openid-connect/certs", member(document, "jwks_uri"));
        }
        String certs = get(sandbox.keycloak(), "/realms/dcm4che/protocol/openid-connect/certs")
                .body();
        assertTrue(certs.contains("\"use\":\"enc\"") && certs.contains("\"use\":\"sig\""));
    }

    @Test
    void without_a_fixed_issuer_it_follows_the_host() throws Exception {
        sandbox.provider().issuerFollowsHost(true);
        String body = send(request(sandbox.keycloakHttps(), TOKEN)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(credentials(Clients.CURL))))
                .body();

        String token = member(body, "access_token");
        assertTrue(decoded(token.split("\\.")[1]).contains(sandbox.keycloakHttps() + "/realms/dcm4che"));
        assertEquals(401, archive(COUNT, token).statusCode()); // B14
    }

    @Test
    void an_old_server_answers_below_auth_alone() throws Exception {
        sandbox.provider().servePrefix("/auth");

        assertEquals(404, post(TOKEN, credentials(Clients.CURL)).statusCode());
        HttpResponse<String> answer = post("/auth" + TOKEN, credentials(Clients.CURL));
        assertEquals(200, answer.statusCode());
        assertEquals(200, archive(COUNT, member(answer.body(), "access_token")).statusCode());
    }

    @Test
    void a_good_token_is_let_in_over_http_and_https() throws Exception {
        String token = token(Clients.CURL);
        HttpResponse<String> answer = archive(COUNT, token); // B1

        assertEquals(200, answer.statusCode());
        assertEquals("application/json", header(answer, "Content-Type"));
        assertEquals("{\"count\":4}", answer.body());
        assertEquals("no-cache", header(answer, "Cache-Control"));
        assertEquals(200, archive(COUNT + "?access_token=" + token, null).statusCode()); // B16
        assertEquals(
                200,
                send(request(sandbox.archive(), COUNT).header("Authorization", "bearer " + token))
                        .statusCode()); // B13
        assertEquals(
                200,
                send(request(sandbox.archiveHttps(), COUNT).header("Authorization", "Bearer " + token))
                        .statusCode()); // B21
        assertEquals(200, archive(COUNT, token(Clients.SHORT)).statusCode()); // B6
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic YWRtaW46Y2hhbmdlaXQ=", "Bearer "}) // B2, B11, B12
    void without_a_token_the_challenge_is_bare(String authorization) throws Exception {
        HttpRequest.Builder request = request(sandbox.archive(), COUNT);
        HttpResponse<String> answer =
                send(authorization.isEmpty() ? request : request.header("Authorization", authorization));

        assertRefused(answer, 401, "Unauthorized", "Bearer");
    }

    @Test
    void every_bad_token_gets_the_same_challenge() throws Exception {
        String good = token(Clients.CURL);
        long past = Instant.now().getEpochSecond() - 1;
        String other = sandbox.keycloak().toString().replace("127.0.0.1", "localhost") + "/realms/dcm4che";
        for (String bad : List.of(
                "garbage", // B3
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", // B4
                good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(342), // B5
                sandbox.token(Map.of("iss", other)), // B15
                sandbox.token(Map.of("exp", past)), // B26
                sandbox.token(Map.of("typ", "ID")),
                sandbox.token(Collections.singletonMap("sub", null)),
                sandbox.provider().mint(Map.of(), Map.of("alg", "PS256")),
                sandbox.provider().mint(Map.of(), Map.of("kid", "nosuch")))) {
            assertRefused(archive(COUNT, bad), 401, "Unauthorized", INVALID);
        }
        assertRefused(archive("/dcm4chee-arc/nosuch", null), 401, "Unauthorized", "Bearer"); // B22
    }

    @Test
    void a_token_expires_by_the_clock_that_the_sandbox_was_given() throws Exception {
        Instant[] now = {Instant.parse("2026-11-22T17:45:55Z")};
        InstantSource clock = () -> now[0];
        try (Sandbox other = new TestSandbox(clock)) {
            String form = credentials(Clients.SHORT);
            String token = member(post(other.keycloak(), TOKEN, form).body(), "access_token");
            HttpRequest.Builder count = request(other.archive(), COUNT).header("Authorization", "Bearer " + token);

            assertEquals(200, send(count).statusCode());
            now[0] = now[0].plusSeconds(20);
            HttpResponse<String> answer = send(count);
            assertRefused(answer, 401, "Unauthorized", INVALID); // B26
            assertEquals("Sun, 22 Nov 2026 17:46:15 GMT", header(answer, "Date"));
        }
    }

    @Test
    void a_missing_role_is_refused_by_the_container_and_an_ae_role_by_the_archive() throws Exception {
        assertRefused(archive(COUNT, token(Clients.NO_ROLE)), 403, "Forbidden", ""); // B7
        assertRefused(archive(COUNT, token(Clients.USER_ONLY)), 403, "Forbidden", ""); // B8
        String quality = "/dcm4chee-arc/aets/IOCM_QUALITY/rs/studies/count";
        HttpResponse<String> answer = archive(quality, token(Clients.CURL)); // B10
        assertEquals(403, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals("", header(answer, "Content-Type"));
        Map<String, Object> admin = Map.of("realm_access", Map.of("roles", List.of("auth", "admin")));
        assertEquals(200, archive(quality, sandbox.token(admin)).statusCode());
    }

    @ParameterizedTest
    @CsvSource({"MR%2CPT, 0", "'MR,PT', 2"}) // facts B4
    void a_comma_separates_values_unless_it_is_encoded(String modalities, int count) throws Exception {
        HttpResponse<String> answer = archive(COUNT + "?ModalitiesInStudy=" + modalities, token(Clients.CURL));

        assertEquals("{\"count\":" + count + "}", answer.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            studies?incomplete=true                               | 0
            studies?incomplete=false                              | 4
            series?retrievefailed=true                            | 0
            patients?incomplete=true                              | 3
            studies?ExpirationState=FROZEN                        | 0
            patients?ExpirationState=FROZEN                       | 3
            studies?StudySizeInKB=1000-                           | 0
            studies?StudySizeInKB=-1000                           | 4
            studies?StudyReceiveDateTime=20300101-                | 0
            studies?PatientCreateDateTime=20300101-               | 4
            series?PatientCreateDateTime=20300101-                | 0
            studies?PatientID=%20PAT-0003%20                      | 1
            studies?PatientID=,PAT-0003                           | 4
            studies?StudyDate=20240115,20240220                   | 1
            studies?StudyDate=2024-01-15                          | 4
            studies?StudyDate=20240144                            | 0
            studies?StudyDate=20240190                            | 0
            studies?StudyTime=230000-090000                       | 2
            series?SeriesNumber=1-3                               | 8
            series?SeriesNumber=2                                 | 4
            patients?AccessionNumber=zzz                          | 3
            studies?ContentSequence.TextValue=zzz                 | 4
            instances?ContentSequence.TextValue=zzz               | 65
            studies?RequestAttributesSequence.RequestedProcedureID=zzz   | 4
            series?RequestAttributesSequence.RequestedProcedureID=zzz    | 0
            instances?00400275.00401001=zzz                              | 0
            studies?IssuerOfAccessionNumberSequence.LocalNamespaceEntityID=zz | 4
            studies?ModalitiesInStudy=CT,PT&allOfModalitiesInStudy=true                         | 1
            studies?StudyDescription=PET/CT*                                                    | 1
            """)
    void a_search_counts_what_the_archive_would(String search, int count) throws Exception { // facts G1-G4, G7
        String query = search.replace("?", "/count?");

        assertEquals(
                "{\"count\":" + count + "}",
                archive(RS + "/" + query, token(Clients.CURL)).body());
    }

    @ParameterizedTest
    @CsvSource({
        "patients, StudyDescription, 00081030",
        "studies, Modality, 00080060",
        "studies, PatientMotherBirthName, 00101060",
        "series, 00104000, 00104000",
        "instances, IssuerOfAccessionNumberSequence, 00080051"
    })
    void any_keyword_is_included_at_each_level(String level, String keyword, String tag) throws Exception {
        assertTrue(first(RS + "/" + level + "?includefield=" + keyword + "&limit=1")
                .containsKey(tag));
        assertFalse(first(RS + "/" + level + "?limit=1").containsKey(tag));
    }

    @Test
    void a_study_has_the_attributes_that_the_archive_returns() throws Exception {
        Map<String, Object> study = first(RS + "/studies?PatientID=PAT-0002"); // D38

        assertEquals(
                "[00080005, 00080020, 00080030, 00080050, 00080054, 00080056, 00080061, 00080090, 00080201, 00081190, "
                        + "00100010, 00100020, 00100030, 00100040, 0020000D, 00200010, 00201206, 00201208]",
                study.keySet().toString());
        assertEquals(
                "{vr=PN, Value=[{Alphabetic=Yamada^Tarou, Ideographic=\u5c71\u7530^\u592a\u90ce, "
                        + "Phonetic=\u3084\u307e\u3060^\u305f\u308d\u3046}]}",
                study.get("00100010").toString());
        assertEquals("{vr=SH}", study.get("00080201").toString());
        String url = sandbox.archive() + "/aets/DCM4CHEE/rs/studies/1.2.826.0.1.3680043.10.9999.2";
        assertEquals("{vr=UR, Value=[" + url + "]}", study.get("00081190").toString());
        assertEquals("{vr=IS, Value=[20]}", study.get("00201208").toString());
        Map<String, Object> two = first(RS + "/studies?ModalitiesInStudy=PT");
        assertEquals("{vr=CS, Value=[CT, PT]}", two.get("00080061").toString());
    }

    @Test
    void each_level_returns_what_lies_below_the_path() throws Exception {
        assertEquals( // D30
                "[00080005, 00080020, 00080054, 00080056, 00080201, 00081190, 0020000D]",
                first(RS + "/studies?StudyDate=20250101-&includedefaults=false")
                        .keySet()
                        .toString());
        assertEquals( // E1
                "[00080005, 00080054, 00080056, 00080060, 00080201, 0008103E, 00081190, 0020000D, 0020000E, 00200011, "
                        + "00201209, 00400244, 00400245, 00400275]",
                first(RS + "/studies/" + UID + "/series").keySet().toString());
        assertEquals( // E2
                "[00080005, 00080016, 00080018, 00080054, 00080056, 00080201, 00081190, 00083002, 0020000D, 0020000E, "
                        + "00200013, 00280008, 00280010, 00280011, 00280100]",
                first(RS + "/studies/" + UID + "/series/" + UID + ".1/instances")
                        .keySet()
                        .toString());
        assertEquals( // E9
                "[00080005, 00080054, 00080056, 00080201, 00100010, 00100020, 00100030, 00100040]",
                first(RS + "/patients").keySet().toString());
        assertEquals(34, first(RS + "/instances?limit=1").size()); // E5
    }

    @Test
    void results_come_in_the_order_asked_for() throws Exception {
        String path = RS + "/studies?includedefaults=false&includefield=StudyDate&orderby=";
        assertEquals("[20250301]", values(first(path + "-StudyDate,PatientName"), "00080020")); // D11
        assertEquals("[20240115]", values(first(path + "StudyDate&limit=1&offset=1"), "00080020")); // D10
        String instances = RS + "/studies/" + UID + "/series/" + UID + ".1/instances?orderby=-InstanceNumber&limit=2";
        assertEquals("[12]", values(first(instances), "00200013")); // E12
    }

    @Test
    void pages_of_a_large_index_join_in_the_order_asked_for_and_show_what_is_added() throws Exception {
        try (Sandbox other = Sandbox.start()) {
            other.archiveServer().unsecured();
            StudyIndex index = ManyStudies.of(2500);
            other.archiveServer().holds(index);
            String path = RS + "/studies?includedefaults=false&orderby=-StudyInstanceUID&offset=";
            List<String> uids = new ArrayList<>();
            for (int offset : new int[] {0, 1000, 2000}) {
                for (Object study : Json.asArray(
                        Json.parse(get(other.archive(), path + offset).body()))) {
                    uids.add(values(Json.asObject(study), "0020000D"));
                }
            }

            assertEquals(2500, uids.size());
            assertEquals("[" + SampleStudies.ROOT + "102499]", uids.getFirst());
            assertEquals(uids.stream().sorted(Collections.reverseOrder()).toList(), uids);
            index.patients().getFirst().add("StudyInstanceUID", "9.9");
            other.archiveServer().holds(index);
            assertTrue(get(other.archive(), path + 0).body().contains("\"9.9\""));
            assertEquals("{\"count\":2501}", get(other.archive(), COUNT).body());
        }
    }

    @Test
    void what_was_left_out_shows_in_a_warning_alone() throws Exception {
        String path = "/dcm4chee-arc/aets/AS_RECEIVED/rs/studies?includedefaults=false";
        String warning =
                "299 " + sandbox.archive().getAuthority() + " \"There are 2 additional results that can be requested\"";

        assertEquals(warning, header(archive(path, token(Clients.CURL)), "Warning")); // D39
        assertEquals("", header(archive(path + "&limit=2", token(Clients.CURL)), "Warning")); // D40
        assertEquals(warning, header(archive(path + "&limit=5", token(Clients.CURL)), "Warning")); // D41
        HttpResponse<String> rest = archive(path + "&offset=2", token(Clients.CURL)); // D42
        assertEquals("", header(rest, "Warning"));
        assertEquals(2, Json.asArray(Json.parse(rest.body())).size());
    }

    @Test
    void other_methods_get_what_the_archive_gives_them() throws Exception {
        HttpResponse<String> head = authorized(COUNT, "HEAD"); // B20
        assertEquals(200, head.statusCode());
        assertEquals("11", header(head, "Content-Length"));
        assertEquals("", head.body());
        assertEquals("application/dicom+json", header(authorized(RS + "/studies", "HEAD"), "Content-Type")); // D53
        assertEquals(415, authorized(COUNT, "POST").statusCode()); // C24
        HttpResponse<String> delete = authorized(RS + "/studies", "DELETE"); // D48
        assertEquals(405, delete.statusCode());
        assertEquals("HEAD, POST, GET, OPTIONS", header(delete, "Allow"));
    }

    @ParameterizedTest // facts G8, G9
    @CsvSource(delimiter = '|', textBlock = """
            /aets/DCM4CHEE/rs/mwlitems        | 404 | {"errorMessage":"No Web Application with MWL_RSservice class found for Application Entity: DCM4CHEE"}
            /aets/DCM4CHEE/rs/mwlitems/count  | 404 | {"errorMessage":"No Web Application with MWL_RSservice class found for Application Entity: DCM4CHEE"}
            /aets/DCM4CHEE/rs/workitems       | 404 | {"errorMessage":"No Web Application with UPS_RSservice class found for Application Entity: DCM4CHEE"}
            /aets/WORKLIST/rs/mwlitems        | 204 | ''
            /aets/WORKLIST/rs/mwlitems/count  | 200 | {"count":0}
            /aets/WORKLIST/rs/workitems       | 204 | ''
            /aets/DCM4CHEE/rs/mpps            | 204 | ''
            /monitor/export                   | 200 | []
            /monitor/stgver/count?status=X    | 200 | {"count":0}
            /monitor/diff/batch               | 200 | []
            /aets/DCM4CHEE/rs/studies?limit=1&limit=2&offset=9&offset=0 | 204 | ''
            """)
    void worklists_and_tasks_answer_as_the_archive_does(String path, int status, String body) throws Exception {
        HttpResponse<String> answer = archive("/dcm4chee-arc" + path, token(Clients.CURL));

        assertEquals(status, answer.statusCode());
        assertEquals(body, answer.body());
    }

    @Test
    void of_its_web_applications_those_of_one_class_can_be_listed() throws Exception {
        String path = "/dcm4chee-arc/webapps?dcmWebServiceClass=";
        String worklist = archive(path + "MWL_RS", token(Clients.CURL)).body();
        assertTrue(worklist.contains("\"dicomAETitle\":\"WORKLIST\""), worklist);
        assertFalse(worklist.contains("DCM4CHEE\""), worklist);
        assertTrue(archive(path + "QIDO_RS", token(Clients.CURL)).body().contains("\"dicomAETitle\":\"DCM4CHEE\""));
        HttpResponse<String> metrics = archive("/dcm4chee-arc/metrics", token(Clients.CURL));
        assertEquals("application/octet-stream", header(metrics, "Content-Type"));
        assertTrue(metrics.body().startsWith("[{"), metrics::body);
    }

    @Test
    void search_results_are_compressed_when_asked_and_counts_never() throws Exception {
        HttpRequest.Builder request = request(sandbox.archive(), RS + "/studies")
                .header("Authorization", "Bearer " + token(Clients.CURL))
                .header("Accept-Encoding", "gzip, deflate, br");
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()); // D51

        assertEquals("gzip", header(answer, "Content-Encoding"));
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
        assertEquals(
                4,
                Json.asArray(Json.parse(new String(plain, StandardCharsets.UTF_8)))
                        .size());
        HttpRequest.Builder count = request(sandbox.archive(), COUNT)
                .header("Authorization", "Bearer " + token(Clients.CURL))
                .header("Accept-Encoding", "gzip");
        assertEquals("{\"count\":4}", send(count).body()); // D50
    }

    @Test
    void a_query_may_have_thousands_of_uids() throws Exception {
        String uids = String.join(",", Collections.nCopies(2000, UID)); // J4
        HttpResponse<String> answer = archive(COUNT + "?StudyInstanceUID=" + uids, token(Clients.CURL));
        assertEquals("{\"count\":1}", answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Doe^Jane", "Doe|Jane", "M\u00fcller*", "%ZZ"}) // J6-J9
    void an_unencoded_target_gets_an_empty_400_and_the_connection_closed(String name) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", sandbox.archive().getPort())) {
            String request = "GET " + RS + "/studies?PatientName=" + name + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
            assertTrue(answer.contains("Connection: close\r\n") && answer.contains("Content-Length: 0\r\n"), answer);
        }
    }

    @Test
    void outside_the_context_root_no_token_is_needed() throws Exception {
        HttpResponse<String> answer = get(sandbox.archive(), "/aets/DCM4CHEE/rs/studies/count"); // B24
        assertEquals(404, answer.statusCode());
        assertEquals("text/html", header(answer, "Content-Type"));
        assertEquals("<html><head><title>Error</title></head><body>404 - Not Found</body></html>", answer.body());
    }

    @Test
    void the_wrong_protocol_on_a_port_is_no_http_answer_or_a_bare_400() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", sandbox.keycloakHttps().getPort())) { // A30
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(0, socket.getInputStream().readAllBytes().length);
        }
        try (Socket socket = new Socket("127.0.0.1", sandbox.keycloak().getPort())) {
            socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 1, 2, 3, 4, 5});
            socket.shutdownOutput();
            assertTrue(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .startsWith("HTTP/1.1 400"));
        }
    }

    @Test
    void an_archive_may_trust_a_provider_by_its_key_set_or_ask_for_no_token_or_hold_other_studies() throws Exception {
        try (Sandbox other = Sandbox.start()) {
            other.provider().rotateKey();
            HttpRequest.Builder request =
                    request(other.archive(), COUNT).header("Authorization", "Bearer " + token(Clients.CURL));
            assertEquals(401, send(request).statusCode());

            URI keys = URI.create(sandbox.keycloak() + "/realms/dcm4che/protocol/openid-connect/certs");
            OtherProvider.trusted(other.archiveServer(), sandbox.provider().issuer(), keys);
            assertEquals(200, send(request).statusCode());

            StudyIndex.Item patient = StudyIndex.Item.patient("PatientID", "X");
            patient.add("StudyInstanceUID", "1.2.3");
            other.archiveServer().holds(new StudyIndex(List.of(patient)));
            other.archiveServer().unsecured();
            assertEquals("{\"count\":1}", get(other.archive(), COUNT).body());
        }
    }

    @Test
    void faults_are_shown_in_their_order_and_requests_are_remembered() throws Exception {
        sandbox.archiveServer().web().faults().next(2, Faults.status(503, "text/html", "<html>", "Retry-After", "1"));
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/json", "{\"count\":"));
        sandbox.archiveServer().web().forgetRequests();

        assertEquals("1", header(archive(COUNT, null), "Retry-After"));
        assertEquals(503, archive(COUNT + "?PatientID=X", null).statusCode());
        assertEquals("{\"count\":", archive(COUNT, null).body());
        assertEquals(200, archive(COUNT, token(Clients.CURL)).statusCode());

        List<WebRequest> seen = sandbox.archiveServer().web().requests();
        assertEquals(4, seen.size());
        assertEquals(COUNT + "?PatientID=X", seen.get(1).target());
        assertTrue(seen.get(3).header("authorization").startsWith("Bearer "));
        assertEquals("GET " + COUNT, seen.get(3).toString());

        sandbox.provider().web().forgetRequests();
        token(Clients.CURL);
        assertEquals(
                List.of("curl"),
                sandbox.provider().web().requests().getFirst().form().get("client_id"));
    }

    @Test
    void a_connection_can_break_in_every_way() throws Exception {
        sandbox.archiveServer().web().faults().next(1, Faults.cutOff(5));
        sandbox.archiveServer().web().faults().next(1, Faults.cutOffChunked(5));
        for (int i = 0; i < 2; i++) {
            assertThrows(IOException.class, () -> archive(COUNT, token(Clients.CURL)));
        }
        sandbox.archiveServer().web().faults().next(1, Faults.reset());
        assertThrows(SocketException.class, () -> raw(sandbox.archive().getPort(), COUNT));
        sandbox.archiveServer().web().faults().next(1, Faults.cutOffChunked(5));
        byte[] cut = raw(sandbox.archive().getPort(), COUNT);
        assertTrue(new String(cut, StandardCharsets.US_ASCII).endsWith("\r\n\r\n5\r\n{\"cou\r\n"));
    }

    @Test
    void an_answer_can_be_held_back_or_stall_until_it_is_released() throws Exception {
        for (boolean isBegun : new boolean[] {false, true}) {
            CountDownLatch released = new CountDownLatch(1);
            Fault fault = isBegun ? Faults.stalledAfter(3, released) : Faults.heldUntil(released);
            sandbox.archiveServer().web().faults().next(1, fault);
            sandbox.archiveServer().web().forgetRequests();
            HttpRequest.Builder request =
                    request(sandbox.archive(), COUNT).header("Authorization", "Bearer " + token(Clients.CURL));
            CompletableFuture<HttpResponse<String>> answer =
                    http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
            sandbox.archiveServer().web().awaitRequests(1);
            assertFalse(answer.isDone());
            released.countDown();
            assertEquals("{\"count\":4}", answer.join().body());
        }
    }

    @Test
    void closing_ends_what_hangs_at_once() throws Exception {
        CompletableFuture<HttpResponse<String>> answer;
        try (Sandbox other = Sandbox.start()) {
            other.archiveServer().web().faults().next(1, Faults.silence());
            answer = http.sendAsync(request(other.archive(), COUNT).build(), HttpResponse.BodyHandlers.ofString());
            other.archiveServer().web().awaitRequests(1);
        }
        assertThrows(Exception.class, answer::join);
    }

    @Test
    void certificates_can_be_expired_or_name_another_host() throws Exception {
        Certificates.Identity expired = Certificates.make("old", null, -10, 5);
        assertThrows(
                CertificateExpiredException.class, () -> expired.certificate().checkValidity());
        assertEquals(null, expired.certificate().getSubjectAlternativeNames());
        Certificates.Identity elsewhere = Certificates.make("dcm4che", "dns:archive.example", 0, 5);
        elsewhere.certificate().checkValidity();
        assertEquals(
                "[[2, archive.example]]",
                elsewhere.certificate().getSubjectAlternativeNames().toString());
        assertNotEquals(sandbox.identity().certificate(), elsewhere.certificate());
        assertEquals(
                "[[7, 127.0.0.1], [2, localhost]]",
                sandbox.identity().certificate().getSubjectAlternativeNames().toString());
        String base64 = sandbox.identity().pem().replaceAll("-----[A-Z ]+-----|\n", "");
        assertArrayEquals(
                sandbox.identity().certificate().getEncoded(),
                Base64.getDecoder().decode(base64));
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String text, String challenge) {
        assertEquals(status, answer.statusCode());
        assertEquals(challenge, header(answer, "WWW-Authenticate"));
        assertEquals("text/html;charset=UTF-8", header(answer, "Content-Type"));
        assertEquals("<html><head><title>Error</title></head><body>" + text + "</body></html>", answer.body());
    }

    private static HttpRequest.Builder request(URI server, String path) {
        return HttpRequest.newBuilder(URI.create(server.resolve("/").toString().replaceFirst("/$", "") + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(URI server, String path) throws Exception {
        return send(request(server, path));
    }

    private static HttpResponse<String> post(String path, String form) throws Exception {
        return post(sandbox.keycloak(), path, form);
    }

    private static HttpResponse<String> post(URI server, String path, String form) throws Exception {
        return send(request(server, path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static HttpResponse<String> basic(String halves, String form) throws Exception {
        String credentials = Base64.getEncoder().encodeToString(halves.getBytes(StandardCharsets.UTF_8));
        return send(request(sandbox.keycloak(), TOKEN)
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static HttpResponse<String> archive(String path, String token) throws Exception {
        HttpRequest.Builder request = request(sandbox.archive(), path);
        return send(token == null ? request : request.header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> authorized(String path, String method) throws Exception {
        return send(request(sandbox.archive(), path)
                .header("Authorization", "Bearer " + token(Clients.CURL))
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private static byte[] raw(int port, String path) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET " + path + "?access_token=" + token(Clients.CURL) + " HTTP/1.1\r\nHost: x\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().readAllBytes();
        }
    }

    private static Map<String, Object> first(String path) throws Exception {
        return Json.asObject(Json.asArray(
                        Json.parse(archive(path, token(Clients.CURL)).body()))
                .getFirst());
    }

    private static String values(Map<String, Object> item, String tag) {
        return Json.asObject(item.get(tag)).get("Value").toString();
    }

    private static String token(Clients.Client client) throws Exception {
        return member(post(TOKEN, credentials(client)).body(), "access_token");
    }

    private static String credentials(Clients.Client client) {
        return GRANT + "&client_id=" + client.id() + "&client_secret="
                + client.secret().reveal();
    }

    private static String secretOf(String id) {
        return Arrays.asList(Clients.CURL, Clients.NO_SERVICE_ACCOUNT, Clients.DISABLED).stream()
                .filter(client -> client.id().equals(id))
                .findFirst()
                .orElseThrow()
                .secret()
                .reveal();
    }

    private static String member(String json, String name) throws Json.Malformed {
        return (String) Json.asObject(Json.parse(json)).get(name);
    }

    private static String decoded(String segment) {
        return new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static SSLContext trustingOnly(Sandbox server) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("sandbox", server.identity().certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
