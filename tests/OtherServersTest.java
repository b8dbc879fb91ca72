//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/WebRequest.java ../lib/sandbox/WebResponse.java ../scripts/arcget.java ../scripts/sandbox.java
//SOURCES DicomBytes.java Downloads.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * DICOMweb servers that are not dcm4chee, with the limits of Azure, AWS HealthImaging, Google, Orthanc, static ones.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OtherServersTest {
    private static final String JSON = "application/dicom+json";
    private static final String MULTIPART = "multipart/related;type=\"application/dicom\"";
    private static final String AS_STORED = ";transfer-syntax=*";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    /** The files by STUDY/SERIES/INSTANCE. */
    private final Map<String, byte[]> files = new TreeMap<>();

    @BeforeEach
    void hold_two_studies_of_two_series() {
        for (String series : List.of("1.1/1.1.1", "1.1/1.1.2", "1.2/1.2.1", "1.2/1.2.2")) {
            hold(series, series.substring(4) + ".1");
            hold(series, series.substring(4) + ".2");
        }
    }

    private void hold(String series, String uid) {
        byte[] file = new DicomBytes()
                .preamble()
                .meta(uid, DicomBytes.EXPLICIT)
                .identity(series.substring(series.indexOf('/') + 1), uid)
                .text(0x00204000, "LT", series)
                .bytes();
        files.put(series + "/" + uid, file);
    }

    /** The answer of a server to {@code request} that can do everything. */
    private Fault answer(WebRequest request) {
        String path = request.path().replace("/web/", "");
        String key = path.replaceAll("(studies|series|instances)/", "");
        return path.endsWith("series") || path.endsWith("studies") || path.endsWith("instances")
                ? list(path)
                : retrieved(key);
    }

    private Fault list(String path) {
        String level = path.substring(path.lastIndexOf('/') + 1);
        String key = path.substring(0, path.length() - level.length()).replaceAll("(studies|series)/", "");
        Map<String, Object> rows = new TreeMap<>();
        for (String file : files.keySet()) {
            if (file.startsWith(key)) {
                String[] uids = file.split("/");
                Map<String, Object> row = new TreeMap<>();
                row.put("0020000D", Map.of("Value", List.of(uids[0])));
                if (!level.equals("studies")) {
                    row.put("0020000E", Map.of("Value", List.of(uids[1])));
                }
                if (level.equals("instances")) {
                    row.put("00080018", Map.of("Value", List.of(uids[2])));
                }
                rows.put(row.toString(), row);
            }
        }
        return Faults.garbage(JSON, Json.compact(new ArrayList<>(rows.values())));
    }

    private Fault retrieved(String key) {
        return Faults.streamed("multipart/related; boundary=B", out -> out.write(multipart(key)));
    }

    private byte[] multipart(String key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        files.forEach((name, file) -> {
            if ((name + "/").startsWith(key + "/")) {
                out.writeBytes(("--B\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                out.writeBytes(file);
                out.writeBytes(("\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        });
        out.writeBytes("--B--".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** Has {@code server} answer; what it answers with null is answered by a server that can do everything. */
    private void serves(Function<WebRequest, Fault> server) {
        archive.web().faults().rule(request -> {
            Fault fault = server.apply(request);
            return fault == null ? answer(request) : fault;
        });
    }

    private ToolRun get(Object... arguments) {
        String root = sandbox.archive().resolve("/web").toString();
        return ToolRun.of(new arcget())
                .with("--rs", root, "--no-auth", "--no-stdin", "-j", 1)
                .run(arguments);
    }

    private ToolRun download(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--download", folder.resolve("out")));
        return get(all.toArray());
    }

    private void assertAllHere() throws IOException {
        assertEquals(files.size(), Downloads.of(folder.resolve("out")).size());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve("out").resolve(file.getKey() + ".dcm");
            assertArrayEquals(file.getValue(), Files.readAllBytes(path), file::getKey);
        }
    }

    private static boolean isRetrieve(WebRequest request) {
        return !request.path().endsWith("s");
    }

    /** What was asked, below the root. */
    private static List<String> asked() {
        return archive.web().requests().stream()
                .map(request -> request.target().replace("/web/", ""))
                .toList();
    }

    private static List<String> accepted() {
        return archive.web().requests().stream()
                .filter(OtherServersTest::isRetrieve)
                .map(request -> request.header("Accept"))
                .toList();
    }

    // Searches

    /** A server with so many studies, as many at a time, that refuses a limit. */
    private void servesPages(int studies, int atATime) {
        serves(request -> {
            String query = String.valueOf(request.query());
            if (query.contains("limit=")) {
                return Faults.status(400, "application/json", "{\"message\":\"limit must be at most 200\"}");
            }
            int from = query.contains("offset=") ? Integer.parseInt(query.replaceAll(".*offset=", "")) : 0;
            List<Object> rows = new ArrayList<>();
            for (int i = from; i < Math.min(studies, from + atATime); i++) {
                rows.add(Map.of("0020000D", Map.of("vr", "UI", "Value", List.of("1.2." + i))));
            }
            return Faults.garbage(JSON, Json.compact(rows));
        });
    }

    @Test
    void a_server_that_refuses_the_limit_is_paged_by_the_rows_that_come() {
        servesPages(7, 3);
        assertEquals(7, get("studies", "-f", "ndjson").succeeds().lines().count());
        assertEquals(
                List.of("studies?limit=1000", "studies", "studies?offset=3", "studies?offset=6", "studies?offset=7"),
                asked());
        archive.web().forgetRequests();
        assertEquals(
                4,
                get("studies", "-f", "ndjson", "--limit", 4).succeeds().lines().count());
        assertEquals(List.of("studies?limit=4", "studies", "studies?offset=3"), asked());
    }

    @Test
    void pages_may_be_longer_than_the_limit_that_was_refused() {
        servesPages(2500, 1200);
        assertEquals(2500, get("studies", "-f", "ndjson").succeeds().lines().count());
    }

    @Test
    void where_the_search_is_refused_without_a_limit_too_the_first_answer_counts() {
        serves(request -> Faults.status(
                400,
                "application/json",
                "{\"message\":\"" + (request.target().contains("limit") ? "unknown key" : "another") + "\"}"));
        get("studies", "-q", "X=1").fails(Exit.REFUSED, "with 400: unknown key", "");
        assertEquals(2, asked().size());
    }

    @Test
    void a_dcm4chee_archive_is_asked_once() {
        archive.web().faults().rule(request -> Faults.status(400, "application/json", "{\"errorMessage\":\"no\"}"));
        ToolRun.of(new arcget())
                .run("--url", sandbox.archive(), "--no-auth", "studies")
                .fails(Exit.REFUSED, "with 400: no", "");
        assertEquals(1, archive.web().requests().size());
    }

    @Test
    void what_one_search_taught_holds_for_the_others() throws Exception {
        serves(request -> request.target().contains("limit=")
                ? Faults.status(400, "application/json", "{}")
                : request.target().contains("offset=") ? Faults.garbage(JSON, "[]") : null);
        download("studies").succeeds();
        assertAllHere();
        assertEquals(
                1, asked().stream().filter(target -> target.contains("limit=")).count());
    }

    @Test
    void searches_ask_for_dicom_json_and_nothing_else_does() {
        serves(request -> null);
        get("studies").succeeds();
        get("studies/1.1/series/1.1.1/metadata").succeeds();
        get("studies", "-H", "Accept:").succeeds();
        get("studies", "-H", "Accept: application/json").succeeds();
        List<String> accepts = new ArrayList<>();
        archive.web().requests().forEach(request -> accepts.add(String.valueOf(request.header("Accept"))));
        assertEquals(List.of(JSON, JSON, "null", "null", "null", "application/json", "application/json"), accepts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?limit=1000", "?PatientID=2&limit=1000"})
    void a_redirect_that_drops_the_query_or_a_part_of_it_is_no_answer(String rest) {
        serves(request -> request.target().contains("?")
                ? Faults.status(302, "text/plain", "", "Location", "/web/studies" + rest)
                : null);
        get("studies", "-q", "PatientID=1").fails(Exit.REFUSED, "redirects to /web/studies", "lost the query");
        assertEquals(1, asked().size());
        serves(request -> request.path().equals("/web/studies")
                ? Faults.status(302, "text/plain", "", "Location", "/web/other/studies?" + request.query())
                : Faults.garbage(JSON, "[]"));
        assertEquals("[]\n", get("studies", "-q", "PatientID=1").succeeds());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|[{\"error\":{\"code\":400,\"message\":\"no such store\",\"status\":\"X\"}}]",
                "application/json|{\"error\":{\"code\":\"Bad\",\"message\":\"no such store\"}}",
                "application/json|{\"message\":\"no such store\"}",
                "application/problem+json|{\"type\":\"about:blank\",\"title\":\"Bad\",\"detail\":\"no such store\"}",
                "application/problem+json|{\"type\":\"about:blank\",\"title\":\"no such store\",\"status\":400}",
                "application/xml|<?xml version=\"1.0\"?><Error><Code>Bad</Code><Message>no such store</Message></Error>",
                "application/xml|<error>no such store</error>",
                "text/xml|<e:error xmlns:e=\"urn:e\"><e:message lang=\"en\"> no such store </e:message></e:error>",
            })
    void of_a_refusal_the_message_alone_is_told(String type, String body) {
        serves(request -> Faults.status(403, type, body));
        get("studies/1.1/metadata").fails(Exit.REFUSED, "refused access (403): no such store", "");
        assertTrue(
                get("studies/1.1/metadata").err().lines().findFirst().orElse("").endsWith(": no such store"));
    }

    @Test
    void a_message_is_escaped_and_cut_and_html_is_left_out() {
        serves(request -> Faults.status(
                400,
                "application/xml",
                "<Error><Message>a &lt;b&gt; &amp;#27;\u001b[2J" + "x".repeat(900) + "</Message>"));
        String err = get("studies/1.1/metadata").err();
        assertTrue(err.contains("with 400: a <b> &#27;") && !err.contains("\u001b"), err);
        assertTrue(err.lines().findFirst().orElse("").length() < 500, err);
        serves(request -> Faults.status(400, "text/html", "<html><message>no</message></html>"));
        assertTrue(get("studies/1.1/metadata").err().contains("with 400\n"));
    }

    // Objects

    @Test
    void a_study_that_lists_no_instances_is_asked_series_by_series() throws Exception {
        serves(request -> request.path().matches("/web/studies/[^/]+/instances")
                ? Faults.status(404, "application/json", "{}")
                : null);
        download("studies/1.1", "studies/1.2").succeeds();
        assertAllHere();
        assertEquals(
                1,
                asked().stream()
                        .filter(target -> target.matches("studies/[^/]+/instances.*"))
                        .count(),
                "what the first study taught holds for the second");
    }

    @ParameterizedTest
    @CsvSource({"404,has nothing at", "200,lists nothing at"})
    void a_study_that_is_not_there_is_not_there_series_by_series_either(int status, String why) {
        serves(request -> request.path().endsWith("/series")
                ? Faults.status(status, JSON, "[]")
                : Faults.status(404, "application/json", "{}"));
        download("studies/9.9").fails(Exit.REFUSED, why, "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void a_server_is_asked_in_the_form_that_it_does_not_refuse(int form) throws Exception {
        List<String> forms =
                List.of(MULTIPART + AS_STORED, MULTIPART, "application/dicom" + AS_STORED, "application/dicom", "none");
        files.keySet().removeIf(name -> !name.startsWith("1.1/1.1.1/"));
        serves(request -> {
            if (!isRetrieve(request)) {
                return null;
            }
            if (!request.header("Accept").equals(forms.get(form))) {
                return Faults.status(406, "application/json", "{}");
            }
            String key = request.path().replaceAll("/web/|(studies|series|instances)/", "");
            return form < 2 ? null : Faults.streamed("application/dicom", out -> out.write(files.get(key)));
        });
        ToolRun run = download("studies/1.1");
        if (form < 4) {
            run.succeeds();
            assertAllHere();
        } else {
            run.after("is missing", "is missing").says(Exit.REFUSED, "with 406", "");
        }
        // In one series: first by the series, in two forms, then by the instances, the second of which knows the form.
        int[] expected = {1, 2, 2 + 1 + 1, 2 + 2 + 1, 2 + 2 + 1};
        assertEquals(expected[form], accepted().size(), () -> accepted().toString());
    }

    @Test
    void another_transfer_syntax_than_asked_for_is_told() {
        serves(request -> isRetrieve(request) && request.header("Accept").contains("transfer-syntax")
                ? Faults.status(406, "application/json", "{}")
                : null);
        ToolRun run = download("--transfer-syntax", "1.2.840.10008.1.2.4.90", "studies/1.1");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(
                "arcget: warning: the archive takes no --transfer-syntax (406): objects come in the one that it chooses\n",
                run.err());
    }

    @Test
    void an_instance_may_come_without_a_multipart() throws Exception {
        serves(request -> isRetrieve(request) && request.path().contains("/instances/")
                ? Faults.streamed(
                        "application/dicom; transfer-syntax=1.2.840.10008.1.2.1",
                        out -> out.write(files.get(request.path().replaceAll("/web/|(studies|series|instances)/", ""))))
                : isRetrieve(request) ? Faults.status(404, "application/json", "{}") : null);
        download("studies").succeeds();
        assertAllHere();
    }

    @Test
    void an_instance_without_a_multipart_that_is_cut_is_not_kept() throws Exception {
        serves(request -> isRetrieve(request)
                ? Faults.streamed("application/dicom", out -> out.write(files.get("1.1/1.1.1/1.1.1.1"), 0, 300))
                : null);
        download("studies/1.1/series/1.1.1/instances/1.1.1.1")
                .after("is missing")
                .says(Exit.INCOMPLETE, "it stops inside", "");
        assertEquals(Map.of(), Downloads.of(folder.resolve("out")));
    }

    @Test
    void objects_that_come_compressed_though_nobody_asked_are_unpacked() throws Exception {
        serves(request -> {
            if (!isRetrieve(request)) {
                return null;
            }
            String key = request.path().replaceAll("/web/|(studies|series|instances)/", "");
            WebResponse response = WebResponse.streamed(200, "multipart/related; boundary=B", out -> {
                GZIPOutputStream zipped = new GZIPOutputStream(out);
                zipped.write(multipart(key));
                zipped.finish();
            });
            return Faults.answer(response.with("Content-Encoding", "gzip"));
        });
        download("studies").succeeds();
        assertAllHere();
    }

    @Test
    void one_uid_in_two_series_is_two_files() throws Exception {
        hold("1.1/1.1.1", "1.1.9");
        hold("1.1/1.1.2", "1.1.9");
        serves(request ->
                request.path().endsWith("/instances/1.1.9") ? Faults.status(404, "application/json", "{}") : null);
        download("studies").succeeds();
        assertAllHere();
        Files.delete(folder.resolve("out/1.1/1.1.1/1.1.9.dcm"));
        archive.web().forgetRequests();
        download("studies").succeeds();
        assertAllHere();
        assertEquals(2, accepted().size(), "the instance, and its series");
    }

    @Test
    void a_series_may_be_long_in_which_an_instance_is_looked_for() throws Exception {
        for (int i = 0; i < 150; i++) {
            hold("1.1/1.1.1", "1.1." + (1000 + i));
        }
        serves(request ->
                request.path().endsWith("/instances/1.1.1149") ? Faults.status(404, "application/json", "{}") : null);
        download("studies/1.1/series/1.1.1/instances/1.1.1149").succeeds();
        assertEquals(1, Downloads.of(folder.resolve("out")).size());
    }

    @Test
    void the_file_of_another_series_is_not_taken_for_its_twin() throws Exception {
        hold("1.1/1.1.1", "1.1.9");
        hold("1.1/1.1.2", "1.1.9");
        serves(request -> request.path().endsWith("/instances/1.1.9") ? retrieved("1.1/1.1.2/1.1.9") : null);
        String series = "studies/1.1/series/";
        download(series + "1.1.1/instances/1.1.9", series + "1.1.2/instances/1.1.9")
                .after("instance 1.1.9 is missing")
                .says(Exit.INCOMPLETE, "1 of 2 instances are missing", "");
        assertEquals(1, Downloads.of(folder.resolve("out/1.1/1.1.2")).size());
        assertFalse(Files.exists(folder.resolve("out/1.1/1.1.1")));
    }

    @ParameterizedTest
    @CsvSource({"404", "410"})
    void another_run_is_not_advised_for_what_it_would_not_bring(int status) {
        serves(request -> request.path().endsWith("/1.1.1.1") || request.path().endsWith("/series/1.1.1")
                ? Faults.status(status, "application/json", "{}")
                : null);
        download("studies/1.1")
                .after("instance 1.1.1.1 is missing")
                .says(Exit.INCOMPLETE, "1 of 4 instances are missing", "another run will not bring them");
    }

    @Test
    void an_accept_of_ones_own_does_not_go_with_a_download() {
        for (String accept : List.of("Accept: application/zip", "accept:image/jpeg")) {
            download("-H", accept, "studies").fails(Exit.USAGE, "--download and a header Accept exclude", "");
        }
        assertEquals(List.of(), asked());
    }

    // Dry runs

    @Test
    void a_dry_run_tells_what_would_be_fetched_and_fetches_nothing() throws Exception {
        serves(request -> null);
        String all = download("studies", "--dry-run").succeeds();
        assertEquals(2, all.lines().count());
        assertTrue(
                all.startsWith("{\"study\":\"1.1\",\"series\":2,\"instances\":4,\"downloaded\":4,\"skipped\":0,"), all);
        assertTrue(all.endsWith("\"missing\":[]}\n"), all);
        assertFalse(Files.exists(folder.resolve("out")));
        download("studies/1.1").succeeds();
        Path file = folder.resolve("out/1.1/1.1.1/1.1.1.1.dcm");
        Files.write(file, new byte[10]);
        archive.web().forgetRequests();
        Map<String, String> before = Downloads.of(folder.resolve("out"));
        String rest = download("-n", "studies").succeeds();
        assertTrue(rest.contains("\"downloaded\":1,\"skipped\":3,\"bytes\":0,"), rest);
        assertTrue(rest.contains("\"downloaded\":4,\"skipped\":0,\"bytes\":0,"), rest);
        assertEquals(before, Downloads.of(folder.resolve("out")));
        assertEquals(List.of(), accepted());
    }

    @Test
    void a_dry_run_of_an_incomplete_list_is_incomplete() {
        serves(request -> request.path().endsWith("1.1/instances")
                ? Faults.garbage(
                        JSON,
                        "[{\"0020000E\":{\"Value\":[\"1.1.1\"]},\"00080018\":{\"Value\":[\"1.1.1.1\"]}},"
                                + "{\"0020000E\":{\"Value\":[\"1.1.1\"]},\"00080018\":{\"Value\":[\"../x\"]}}]")
                : null);
        ToolRun run = download("-n", "studies/1.1");
        run.after("the archive lists ../x").says(Exit.INCOMPLETE, "1 of 2 instances are missing", "another run");
        assertTrue(run.out().contains("\"instances\":2,\"downloaded\":1,\"skipped\":0"), run::out);
        assertTrue(run.out().contains("\"missing\":[\"../x\"]"), run::out);
    }

    @Test
    void a_dry_run_needs_a_folder_to_compare_with() throws Exception {
        get("--dry-run", "studies").fails(Exit.USAGE, "--dry-run without --download", "");
        serves(request -> null);
        Files.createFile(folder.resolve("out"));
        download("-n", "studies").fails(Exit.FAILED, "is not a folder", "");
    }
}
