//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../lib/sandbox/Certificates.java
//SOURCES ../../scripts/arcget.java ../../scripts/sandbox.java ../ToolRun.java DicomFile.java DicomFiles.java
//SOURCES HttpsFront.java Orthanc.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** arcget on a DICOMweb server that is not dcm4chee, which differs from it where the standard lets it. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArcgetOnOrthancTest {
    private static final DicomFiles.Study MUELLER = DicomFiles.MUELLER;
    private static final DicomFiles.Study YAMADA = DicomFiles.YAMADA;
    private static final DicomFiles.Study DOE = DicomFiles.DOE;
    private static final String AS_STORED = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    private static Orthanc orthanc;
    private static HttpsFront front;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() {
        orthanc = Orthanc.shared();
        front = new HttpsFront(orthanc.url());
    }

    @AfterAll
    static void stop() {
        if (front != null) {
            front.close();
        }
    }

    private static ToolRun get(Object... arguments) {
        return get(orthanc.dicomWeb(), arguments);
    }

    private static ToolRun get(URI root, Object... arguments) {
        return ToolRun.of(new arcget()).with("--no-auth", "--rs=" + root).run(arguments);
    }

    private static List<Map<String, Object>> objects(String json) throws Json.Malformed {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object object : (List<?>) Json.parse(json)) {
            objects.add(Json.asObject(object));
        }
        return objects;
    }

    private static Object value(Map<String, Object> object, String tag) {
        return ((List<?>) Json.asObject(object.get(tag)).get("Value")).getFirst();
    }

    private static Set<Object> values(String json, String tag) throws Json.Malformed {
        Set<Object> values = new TreeSet<>();
        for (Map<String, Object> object : objects(json)) {
            values.add(value(object, tag));
        }
        return values;
    }

    private static Set<Object> studies(Object... arguments) throws Json.Malformed {
        return values(get(arguments).succeeds(), "0020000D");
    }

    @Test
    void all_studies_series_and_instances_are_listed() throws Exception {
        assertEquals(Set.of(MUELLER.uid(), YAMADA.uid(), DOE.uid()), studies("studies"));
        assertEquals(
                Set.of(MUELLER.series(1), MUELLER.series(2)),
                values(get("studies/" + MUELLER.uid() + "/series").succeeds(), "0020000E"));

        Set<String> stored = new TreeSet<>();
        orthanc.files().forEach(file -> stored.add(file.instance()));
        assertEquals(stored, values(get("instances").succeeds(), "00080018"));
    }

    @Test
    void names_in_UTF_8_come_as_they_were_stored() throws Exception {
        String found = get("studies", "-q", "StudyInstanceUID=" + YAMADA.uid()).succeeds();

        Map<String, Object> name = Json.asObject(value(objects(found).getFirst(), "00100010"));
        assertEquals(
                YAMADA.name(), name.get("Alphabetic") + "=" + name.get("Ideographic") + "=" + name.get("Phonetic"));
    }

    // None of these needs an escape in its value: this Orthanc does not decode queries.
    @ParameterizedTest
    @CsvSource({
        "PatientName=M*rg, 1",
        "PatientName=doe*, 3",
        "PatientID=ORT-1, 1",
        "PatientID=ORT-*, 1 3",
        "StudyDate=20240101-20240131, 1",
        "StudyDate=20240101-, 1 2",
        "StudyDate=-20231231, 3",
        "ModalitiesInStudy=MR, 1",
        "'StudyInstanceUID=1.2.826.0.1.3680043.10.9999.5.1,1.2.826.0.1.3680043.10.9999.5.3', 1 3"
    })
    void a_query_arrives_as_meant(String query, String numbers) throws Exception {
        Set<Object> expected = new TreeSet<>();
        for (String number : numbers.split(" ")) {
            expected.add(DicomFiles.ROOT + number);
        }
        assertEquals(expected, studies("studies", "-q", query));
    }

    @Test
    void no_match_is_an_empty_list() {
        assertEquals("[]\n", get("studies", "-q", "PatientID=NOBODY").succeeds());
    }

    @Test
    void metadata_have_all_values_of_an_attribute() throws Exception {
        DicomFile file = orthanc.files(MUELLER.instance(2, 3)).getFirst();
        Map<String, Object> metadata =
                objects(get(file.path() + "/metadata").succeeds()).getFirst();

        assertEquals(file.instance(), value(metadata, "00080018"));
        assertEquals(
                List.of("ORIGINAL", "PRIMARY", "AXIAL"),
                Json.asObject(metadata.get("00080008")).get("Value"));
        assertEquals(
                22,
                objects(get("studies/" + MUELLER.uid() + "/metadata").succeeds())
                        .size());
    }

    @Test
    void several_paths_are_answered_in_their_order() throws Exception {
        String out = get("studies/" + DOE.uid() + "/series", "studies/" + YAMADA.uid() + "/series")
                .succeeds();
        String[] lines = out.split("\n");

        assertEquals(Set.of(DOE.uid()), values(lines[0], "0020000D"));
        assertEquals(Set.of(YAMADA.uid()), values(lines[1], "0020000D"));
    }

    @Test
    void a_count_is_refused_and_there_is_another_way_to_it() {
        get("studies/count")
                .fails(Exit.REFUSED, "(404): Accessing an inexistent study with WADO-RS: count", "-f ndjson | wc -l");
    }

    @ParameterizedTest
    @CsvSource({
        "studies/1.2.3.4.5/metadata, (404): Accessing an inexistent study with WADO-RS: 1.2.3.4.5, check the UIDs",
        "nonsense, (404): Unknown resource, check the path"
    })
    void what_is_not_there_is_said_in_its_own_words(String path, String message, String hint) {
        get(path).fails(Exit.REFUSED, message, hint);
    }

    @Test
    void a_media_type_that_it_cannot_make_is_refused_in_its_own_words() {
        get("studies/" + MUELLER.uid(), "--accept=application/zip")
                .fails(Exit.REFUSED, "cannot generate the following content type: application/zip", "check the path");
    }

    @Test
    void a_study_comes_as_multipart_with_the_very_files_in_it() throws IOException {
        Path multipart = folder.resolve("study");
        get("studies/" + YAMADA.uid(), "--accept", AS_STORED, "-f=raw", "-o=" + multipart)
                .succeeds();

        String bytes = Files.readString(multipart, StandardCharsets.ISO_8859_1);
        for (DicomFile file : orthanc.files(YAMADA.uid())) {
            assertTrue(bytes.contains(new String(file.bytes(), StandardCharsets.ISO_8859_1)), file::instance);
        }
        String boundary = bytes.substring(0, bytes.indexOf("\r\n"));
        assertTrue(bytes.endsWith("\r\n" + boundary + "--\r\n"));
    }

    @Test
    void WADO_URI_gives_one_file_byte_for_byte() throws IOException {
        DicomFile file = orthanc.files(DOE.instance(1, 2)).getFirst();
        Path target = folder.resolve("one.dcm");
        get(
                        orthanc.url() + "/wado?requestType=WADO&studyUID=" + file.study() + "&seriesUID="
                                + file.series() + "&objectUID=" + file.instance() + "&contentType=application/dicom",
                        "-o=" + target)
                .succeeds();

        assertArrayEquals(file.bytes(), Files.readAllBytes(target));
    }

    @Test
    void behind_a_front_that_does_TLS_it_is_asked_under_the_name_of_the_front() throws Exception {
        URI root = front.http1().resolve("/dicom-web");
        ToolRun run = get(root, "--cacert=" + trusted(), "-v", "studies");

        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("X-Protocol: HTTP/1.1"), run::toString);
        assertEquals(Set.of(MUELLER.uid(), YAMADA.uid(), DOE.uid()), values(run.out(), "0020000D"));
        for (Map<String, Object> study : objects(run.out())) {
            assertTrue(value(study, "00081190").toString().contains(root.getAuthority()), run::toString);
        }
    }

    @Test
    void behind_a_front_that_offers_HTTP_2_it_is_asked_over_HTTP_1() throws Exception {
        ToolRun run = get(front.http2().resolve("/dicom-web"), "--cacert=" + trusted(), "-v", "studies");

        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("X-Protocol: HTTP/1.1"), run::toString);
        assertEquals(Set.of(MUELLER.uid(), YAMADA.uid(), DOE.uid()), values(run.out(), "0020000D"));
    }

    @Test
    void ndjson_is_an_object_a_line() throws Exception {
        Set<Object> found = new TreeSet<>();
        String[] lines = get("instances", "-f=ndjson").succeeds().split("\n");
        for (String line : lines) {
            found.add(value(Json.asObject(Json.parse(line)), "00080018"));
        }

        assertEquals(orthanc.files().size(), lines.length);
        assertEquals(lines.length, found.size());
    }

    @ParameterizedTest
    @CsvSource({"--limit=2, 2", "--limit=28, 28", "--limit=1000, 28", "--offset=25, 3", "--offset=28, 0"})
    void a_limit_and_an_offset_hold(String option, int count) throws Exception {
        assertEquals(count, objects(get("instances", option).succeeds()).size());
    }

    @Test
    void pieces_make_the_whole() throws Exception {
        Set<Object> pieces = values(get("instances", "--limit=10").succeeds(), "00080018");
        pieces.addAll(values(get("instances", "--limit=10", "--offset=10").succeeds(), "00080018"));
        pieces.addAll(values(get("instances", "--offset=20").succeeds(), "00080018"));

        assertEquals(orthanc.files().size(), pieces.size());
    }

    @Test
    void csv_has_the_chosen_columns_and_quotes_what_needs_it() {
        String columns = "PatientID,PatientName,StudyDate,ModalitiesInStudy,NumberOfStudyRelatedInstances";
        assertLines(
                get("studies", "-f=csv", "--columns=" + columns + ",StudyDescription"),
                "\n",
                columns + ",StudyDescription",
                "ORT-1,M\u00fcller^J\u00f6rg,20240115,CT\\MR,22,\"Kopf \"\"nativ\"\", =1+1\"",
                "A^B&C 50%/#\u00fc,Yamada^Tarou,20240201,OT\\XC,4,\"Kopf \"\"nativ\"\", =1+1\"",
                "ORT-3,Doe^Jane,20231231,DX,2,\"Kopf \"\"nativ\"\", =1+1\"");
    }

    @Test
    void a_column_that_is_not_returned_by_default_is_asked_for() {
        assertLines(
                get("studies/" + DOE.uid() + "/instances", "-f=csv", "--columns=SOPInstanceUID,ImageType,00080030"),
                "\n",
                "SOPInstanceUID,ImageType,StudyTime",
                DOE.instance(1, 1) + ",ORIGINAL\\PRIMARY\\AXIAL,101500",
                DOE.instance(1, 2) + ",ORIGINAL\\PRIMARY\\AXIAL,101500");
    }

    @Test
    void a_table_is_not_cut_in_a_pipe() {
        ToolRun run = get("studies", "-f=table", "--columns=StudyInstanceUID,PatientID,PatientName,StudyDate");

        assertLines(
                new ToolRun(run.exit(), run.out().replaceAll(" {2,}", "|"), run.err()),
                "\n",
                "StudyInstanceUID|PatientID|PatientName|StudyDate",
                MUELLER.uid() + "|ORT-1|M\u00fcller^J\u00f6rg|20240115",
                YAMADA.uid() + "|A^B&C 50%/#\u00fc|Yamada^Tarou|20240201",
                DOE.uid() + "|ORT-3|Doe^Jane|20231231");
        assertTrue(run.out().contains("StudyInstanceUID  "), run::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "csv"})
    void no_match_is_a_header_alone(String format) {
        String out = get("studies", "-q", "PatientID=NOBODY", "-f", format).succeeds();

        assertEquals(1, out.lines().count(), out);
        assertTrue(out.contains("StudyInstanceUID"), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"StudyDate=2024-01-15", "patientname=DOE*", "limit=0"})
    void a_query_that_it_would_ignore_is_not_sent(String query) {
        ToolRun run = get("studies", "-q", query, "-v");

        assertEquals(Exit.USAGE.code(), run.exit(), run::toString);
        assertFalse(run.err().contains("> GET"), run::toString);
    }

    /** The first line, and then the others in any order: Orthanc has its own, whatever it is asked for. */
    private static void assertLines(ToolRun run, String end, String first, String... others) {
        String out = run.succeeds();
        assertTrue(out.endsWith(end), out);
        List<String> lines = new ArrayList<>(List.of(out.split(end)));

        assertEquals(first, lines.removeFirst());
        assertEquals(Set.of(others), Set.copyOf(lines));
        assertEquals(others.length, lines.size());
    }

    private static Path trusted() throws IOException {
        return Files.writeString(
                folder.resolve("ca.pem"), Certificates.loopback().pem());
    }
}
