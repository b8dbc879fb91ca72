//SOURCES ../lib/base/Dictionary.java ../lib/base/Exit.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/SampleStudies.java ../lib/sandbox/StudyIndex.java ../lib/sandbox/WebRequest.java
//SOURCES ../scripts/arcget.java ../scripts/sandbox.java Downloads.java Faults.java ManyStudies.java TestSandbox.java
//SOURCES ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Dictionary;
import lib.base.Exit;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import lib.sandbox.StudyIndex;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several values of a key mean either of them, though of most keys the archive takes only the first (facts G2). */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SeveralValuesTest {
    private static final String ROOT = SampleStudies.ROOT;

    /**
     * Keys with three values, which are those of three patients with a study, a series and an instance each; the level
     * that matches the key; and {@code +} if the archive itself takes several values.
     */
    private static final String KEYS = """
            patients  PatientID                       P1 P2 P3 -
            patients  IssuerOfPatientID               I1 I2 I3 -
            patients  PatientName                     Ames^A Berg^B Cole^C -
            patients  PatientBirthDate                19600101 19700101 19800101 -
            patients  ResponsiblePerson               Dahl^D Esch^E Funk^F -
            patients  PatientSex                      M F O +
            studies   StudyInstanceUID                1.1 1.2 1.3 +
            studies   StudyID                         S1 S2 S3 +
            studies   StudyDate                       20240101 20240201 20240301 -
            studies   StudyTime                       0800 0900 1000 -
            studies   AccessionNumber                 A1 A2 A3 -
            studies   AdmissionID                     D1 D2 D3 -
            studies   ReferringPhysicianName          Gray^G Hahn^H Iwan^I -
            studies   StudyDescription                HEAD CHEST HAND +
            studies   ModalitiesInStudy               CT MR US +
            studies   SOPClassesInStudy               1.4.1 1.4.2 1.4.3 +
            series    SeriesInstanceUID               1.1.1 1.2.1 1.3.1 +
            series    SeriesNumber                    1 2 3 -
            series    Modality                        CT MR US +
            series    SeriesDescription               AXIAL T1 B +
            series    BodyPartExamined                HEAD CHEST HAND +
            series    Laterality                      L R B +
            series    StationName                     N1 N2 N3 +
            series    InstitutionName                 H1 H2 H3 +
            series    InstitutionalDepartmentName     Q1 Q2 Q3 +
            series    PerformingPhysicianName         Jung^J Kern^K Lang^L -
            series    PerformedProcedureStepStartDate 20240102 20240202 20240302 -
            series    PerformedProcedureStepStartTime 0801 0901 1001 -
            instances SOPInstanceUID                  1.1.1.1 1.2.1.1 1.3.1.1 +
            instances SOPClassUID                     1.4.1 1.4.2 1.4.3 +
            instances InstanceNumber                  11 12 13 -
            instances CompletionFlag                  COMPLETE PARTIAL NONE +
            instances VerificationFlag                VERIFIED UNVERIFIED NONE +
            instances ContentDate                     20240103 20240203 20240303 -
            instances ContentTime                     0802 0902 1002 -
            """;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    /**
     * A line of {@link #KEYS}.
     *
     * @param values its three values
     * @param takesSeveral whether one request does for several values
     */
    record Key(String level, String name, List<String> values, boolean takesSeveral) {
        static Key of(String line) {
            String[] words = line.split(" +");
            return new Key(words[0], words[1], List.of(words[2], words[3], words[4]), words[5].equals("+"));
        }
    }

    static List<Key> keys() {
        return KEYS.lines().map(Key::of).toList();
    }

    private static StudyIndex index() {
        List<StudyIndex.Item> patients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            StudyIndex.Item patient = StudyIndex.Item.patient(values("patients", i));
            patient.add(values("studies", i)).add(values("series", i)).add(values("instances", i));
            patients.add(patient);
        }
        return new StudyIndex(patients);
    }

    private static String[] values(String level, int index) {
        List<String> values = new ArrayList<>();
        for (Key key : keys()) {
            // The modalities and classes of a study are those of its series.
            if (key.level().equals(level) && !key.name().endsWith("InStudy")) {
                values.add(key.name());
                values.add(key.values().get(index));
            }
        }
        return values.toArray(new String[0]);
    }

    private static ToolRun get(Object... arguments) {
        return sandbox.arcget().run(arguments);
    }

    private static List<String> rows(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("-f", "ndjson"));
        all.addAll(List.of(arguments));
        return get(all.toArray()).succeeds().lines().toList();
    }

    /** The requests for {@code level}, by their paths below the DICOMweb root. */
    private static List<String> asked() {
        List<String> asked = new ArrayList<>();
        for (WebRequest request : archive.web().requests()) {
            String target = request.target();
            asked.add(URLDecoder.decode(target.substring(target.indexOf("/rs/") + 4), StandardCharsets.UTF_8));
        }
        archive.web().forgetRequests();
        return asked;
    }

    /** Those that ask for rows, not whether a key is matched. */
    private static List<String> searches() {
        return asked().stream().filter(asked -> asked.contains("limit=")).toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void either_value_of_every_key_counts(Key key) {
        archive.holds(index());
        String first = key.name() + "=" + key.values().get(2);
        String second = key.name() + "=" + key.values().get(0);
        List<String> expected = new ArrayList<>(rows(key.level(), "-q", first));
        expected.addAll(rows(key.level(), "-q", second));
        assertEquals(2, new LinkedHashSet<>(expected).size(), expected::toString);
        asked();
        String both = first + "," + key.values().get(0);
        assertSame(key, expected, rows(key.level(), "-q", both));
        assertEquals(key.takesSeveral() ? 1 : 2, searches().size());
        assertSame(key, expected, rows(key.level(), "-q", first, "-q", second));
        assertSame(key, expected, rows(key.level() + "?" + both));
        asked();
        ToolRun count = get(key.level() + "/count", "-q", both);
        if (key.level().equals("patients") && !key.takesSeveral()) {
            count.fails(Exit.USAGE, "patients with one of several values of " + key.name(), "count the rows");
            assertEquals(List.of(), asked());
        } else {
            assertEquals("{\"count\":2}\n", count.succeeds());
        }
    }

    /** Keys of which the sandbox's items have no different values: what is asked tells. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "studies SendingApplicationEntityTitleOfSeries 1",
                "studies ReceivingApplicationEntityTitleOfSeries 1",
                "studies SendingPresentationAddressOfSeries 1",
                "studies ReceivingPresentationAddressOfSeries 1",
                "studies SendingHL7ApplicationOfSeries 1",
                "studies ReceivingHL7ApplicationOfSeries 1",
                "studies SendingHL7FacilityOfSeries 1",
                "studies ReceivingHL7FacilityOfSeries 1",
                "series RequestAttributesSequence.RequestingService 1",
                "series RequestAttributesSequence.RequestedProcedureID 1",
                "series RequestAttributesSequence.StudyInstanceUID 1",
                "series RequestAttributesSequence.ScheduledProcedureStepID 1",
                "series 00400275.00401001 1",
                "series RequestAttributesSequence.AccessionNumber 2",
                "series RequestAttributesSequence.RequestingPhysician 2",
                "series InstitutionCodeSequence.CodeValue 2",
                "studies ProcedureCodeSequence.CodeValue 2",
                "studies StudyReceiveDateTime 2"
            })
    void values_that_nothing_has_are_asked_for_alike(String line) {
        String[] words = line.split(" ");
        String values = words[1].endsWith("DateTime") ? "19000101,19000102" : "1.2,1.3";
        assertEquals(List.of(), rows(words[0], "-q", words[1] + "=" + values));
        List<String> searches = searches();
        assertEquals(Integer.parseInt(words[2]), searches.size(), searches::toString);
        assertEquals(words[2].equals("1"), searches.getFirst().contains(values), searches::toString);
    }

    private static void assertSame(Key key, List<String> expected, List<String> rows) {
        if (key.takesSeveral()) {
            Comparator<String> byText = Comparator.naturalOrder();
            assertEquals(
                    expected.stream().sorted(byText).toList(),
                    rows.stream().sorted(byText).toList());
        } else {
            assertEquals(expected, rows);
        }
    }

    @Test
    void each_value_is_asked_for_once_and_in_its_order() {
        rows("studies", "-q", "AccessionNumber=ACC003,ACC001,ACC003", "-q", "00080050=ACC001,ACC002");
        assertEquals(
                List.of(
                        "studies?AccessionNumber=ACC003&orderby=StudyInstanceUID&limit=1000",
                        "studies?AccessionNumber=ACC001&orderby=StudyInstanceUID&limit=1000",
                        "studies?AccessionNumber=ACC002&orderby=StudyInstanceUID&limit=1000"),
                asked());
        rows("studies", "-q", "AccessionNumber=ACC003,ACC003", "-q", "ModalitiesInStudy=CT,MR");
        assertEquals(
                List.of("studies?AccessionNumber=ACC003&ModalitiesInStudy=CT,MR&orderby=StudyInstanceUID&limit=1000"),
                asked());
    }

    @Test
    void the_last_step_of_a_path_may_be_a_tag_too() {
        String sequence = "RequestAttributesSequence.";
        rows("series", "-q", sequence + "AccessionNumber=ACC001", "-q", sequence + "00080050=ACC002");
        List<String> asked = asked();
        asked.removeIf(target -> target.startsWith("series/count"));
        assertEquals(
                List.of(
                        "series?RequestAttributesSequence.AccessionNumber=ACC001&orderby=SeriesInstanceUID&limit=1000",
                        "series?RequestAttributesSequence.AccessionNumber=ACC002&orderby=SeriesInstanceUID&limit=1000"),
                asked);
    }

    @Test
    void values_of_several_keys_are_combined() {
        List<String> found = rows(
                "studies", "-q", "PatientID=PAT-0003,PAT-0001", "-q", "StudyDate=20240101-20241231,20250301,20220101-");
        assertEquals(List.of(ROOT + 3, ROOT + 1, ROOT + 4), studies(found));
        List<String> asked = asked();
        assertEquals(6, asked.size(), asked::toString);
        assertTrue(asked.get(1).startsWith("studies?PatientID=PAT-0003&StudyDate=20250301&"), asked::toString);
    }

    private static List<String> studies(List<String> rows) {
        List<String> uids = new ArrayList<>();
        for (String row : rows) {
            int at = row.indexOf(ROOT);
            uids.add(row.substring(at, row.indexOf('"', at)).split("/")[0]);
        }
        return uids;
    }

    @Test
    void days_may_be_among_them() {
        InstantSource clock = InstantSource.fixed(Instant.parse("2024-03-01T12:00:00Z"));
        sandbox.arcget()
                .clock(clock)
                .run("-s", "studies/count", "-q", "StudyDate=today,20240115,yesterday,20240229")
                .succeeds();
        assertEquals(
                List.of(
                        "studies/count?StudyDate=20240301",
                        "studies/count?StudyDate=20240115",
                        "studies/count?StudyDate=20240229"),
                asked());
    }

    @Test
    void an_escaped_comma_is_part_of_a_value() {
        rows("studies", "-q", "PatientName=Doe\\, Jane*");
        assertEquals(1, asked().size());
    }

    @Test
    void what_two_values_find_comes_once_and_counts_once() {
        String names = "PatientName=Yamada*,\u5c71\u7530*,M\u00fcller*";
        assertEquals(List.of(ROOT + 2, ROOT + 1, ROOT + 4), studies(rows("studies", "-q", names)));
        assertEquals("{\"count\":3}\n", get("studies/count", "-q", names).succeeds());
        assertEquals(2, rows("patients", "-q", names).size());
        assertEquals(
                4,
                rows("series", "-q", "StudyDate=20240101-20240131,20240115-20240220")
                        .size());
        asked();
        assertEquals(
                "{\"count\":4}\n",
                get("series/count", "-q", "StudyDate=20240101-20240131,20240115-20240220")
                        .succeeds());
        List<String> asked = asked();
        assertTrue(asked.getFirst().startsWith("series?"), asked::toString);
        assertTrue(asked.getFirst().contains("includedefaults=false"), asked::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "AccessionNumber=ACC001,ACC002 true 2",
                "AccessionNumber=ACC00?,ACC002 false 4",
                "StudyDate=20240115,20240220,20200101-20221231 true 3",
                "StudyDate=-20240115,20240115- false 4",
                "StudyDate=-20240114,20240115- true 4",
                "PatientBirthDate=19610203,20010101 true 3",
                "StudyTime=08,10 false 2",
                "PatientID=PAT-0001,PAT-0002 false 3"
            })
    void counts_are_added_only_where_no_study_can_be_in_two_of_them(String query, boolean added, int count) {
        assertEquals(
                "{\"count\":" + count + "}\n", get("studies/count", "-q", query).succeeds());
        for (String asked : asked()) {
            assertEquals(added, asked.startsWith("studies/count?"), asked);
        }
    }

    @Test
    void dates_are_not_added_where_the_archive_combines_them_with_a_time() {
        get("studies/count", "-q", "StudyDate=20240115,20240220", "-q", "StudyTime=0800-1200")
                .succeeds();
        assertTrue(asked().getFirst().startsWith("studies?"));
    }

    @Test
    void numbers_that_mean_the_same_are_not_added() {
        assertEquals(
                "{\"count\":8}\n", get("series/count", "-q", "SeriesNumber=1,2").succeeds());
        assertEquals(2, asked().size());
        assertEquals(
                "{\"count\":4}\n",
                get("series/count", "-q", "SeriesNumber=1,01").succeeds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "table", "csv", "ndjson"})
    void the_answers_are_one(String format) {
        String all = get("-f", format, "studies", "-q", "StudyDate=20240115-20240220")
                .succeeds();
        // In the order of the values, of which a table has the newest first otherwise.
        String dates = format.equals("table") ? "20240220,20240115" : "20240115,20240220";
        assertEquals(
                all, get("-f", format, "studies", "-q", "StudyDate=" + dates).succeeds());
        String none = get("-f", format, "studies", "-q", "StudyDate=20000101").succeeds();
        assertEquals(
                none,
                get("-f", format, "studies", "-q", "StudyDate=20000101,20000102")
                        .succeeds());
        get("-f", format, "--fail-empty", "studies", "-q", "StudyDate=20000101,20000102")
                .says(Exit.NO_MATCH, "nothing matches", "");
        get("-f", format, "--fail-empty", "studies/count", "-q", "StudyDate=20000101,20000102")
                .says(Exit.NO_MATCH, "nothing matches", "");
    }

    @Test
    void a_limit_takes_the_first_of_what_comes() {
        assertEquals(
                List.of(ROOT + 2, ROOT + 1),
                studies(rows("studies", "--limit", "2", "-q", "PatientID=PAT-0002,PAT-0001,PAT-0003")));
        assertEquals(2, asked().size());
        assertEquals(
                List.of(ROOT + 1, ROOT + 4, ROOT + 3),
                studies(rows("studies?limit=3", "-q", "PatientID=PAT-0001,PAT-0001,PAT-0003")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            studies -q PatientID=A,B -q orderby=StudyDate    | orderby cannot be combined | sort what comes
            studies -q PatientID=A,B --offset 5              | offset cannot be combined  | or ask for one value
            studies/size -q PatientID=A,B                    | the size of several values of PatientID | of each value
            patients/count -q PatientID=A,B                  | of PatientID cannot be counted | and wc -l
            -f raw studies -q PatientID=A,B                  | cannot be passed on as one | ask for JSON
            --accept text/csv studies -q PatientID=A,B       | cannot be passed on as one | ask for JSON
            --download out studies -q PatientID=A,B -q orderby=StudyDate | orderby cannot be combined | sort what comes
            """)
    void what_several_requests_cannot_give_is_refused(String arguments, String message, String hint) {
        get((Object[]) arguments.split(" ")).fails(Exit.USAGE, message, hint);
        assertEquals(List.of(), asked());
    }

    @Test
    void a_thousand_requests_are_the_most() {
        get("studies", "-q", "AccessionNumber=" + numbers(1, 1001))
                .fails(
                        Exit.USAGE,
                        "the values of AccessionNumber take more than 1000 requests",
                        "fewer values in a run");
        get("studies", "-q", "AccessionNumber=" + numbers(1, 40), "-q", "PatientID=" + numbers(1, 26))
                .fails(Exit.USAGE, "the values of AccessionNumber and PatientID take more than 1000 requests", "");
        assertEquals(List.of(), asked());
        get("studies/count", "-q", "AccessionNumber=" + numbers(1, 1000)).succeeds();
        assertEquals(1000, asked().size());
    }

    private static String numbers(int from, int to) {
        StringJoiner numbers = new StringJoiner(",");
        IntStream.rangeClosed(from, to).forEach(number -> numbers.add(Integer.toString(number)));
        return numbers.toString();
    }

    @Test
    void many_values_of_a_key_that_takes_several_are_sent_in_groups() {
        archive.holds(ManyStudies.of(600));
        List<String> uids = IntStream.range(0, 500)
                .mapToObj(number -> ROOT + (100_500 - number))
                .toList();
        String query = "StudyInstanceUID=" + String.join(",", uids);
        assertEquals(500, new LinkedHashSet<>(studies(rows("studies", "-q", query))).size());
        List<String> asked = asked();
        assertTrue(asked.size() >= 3 && asked.size() <= 4, asked::toString);
        for (String target : asked) {
            assertTrue(target.length() <= 6144, () -> target.length() + " bytes");
        }
        assertEquals("{\"count\":500}\n", get("studies/count", "-q", query).succeeds());
        assertTrue(asked().getFirst().startsWith("studies/count?"));
        get("studies/size", "-q", query).fails(Exit.USAGE, "the size of several values of StudyInstanceUID", "");
        rows("studies", "-q", "StudyInstanceUID=" + String.join(",", uids.subList(0, 100)));
        assertEquals(1, asked().size());
        String included = String.join(",", Dictionary.keywords().subList(0, 120));
        rows("studies", "-q", query, "-q", "includefield=" + included);
        for (String target : asked()) {
            assertTrue(target.length() <= 6144, () -> target.length() + " bytes beside includefield");
        }
    }

    @Test
    void several_long_keys_share_the_room_and_every_modality_stays_together() {
        String uids = String.join(
                ",",
                IntStream.range(0, 150)
                        .mapToObj(number -> ROOT + (100_000 + number))
                        .toList());
        get("studies", "-q", "StudyInstanceUID=" + uids, "-q", "StudyDescription=" + uids, "-q", "PatientID=A,B")
                .succeeds();
        List<String> asked = searches();
        assertEquals(8, asked.size());
        for (String target : asked) {
            assertTrue(target.length() <= 6144, () -> target.length() + " bytes");
        }
        get("studies", "-q", "ModalitiesInStudy=CT,PT," + uids + uids, "-q", "allOfModalitiesInStudy=true")
                .succeeds();
        assertEquals(1, asked().size());
    }

    @Test
    void several_paths_are_answered_one_after_the_other() {
        String out = get("studies/count", "studies?AccessionNumber=ACC002,ACC001", "-q", "PatientID=PAT-0001,PAT-0002")
                .succeeds();
        assertTrue(out.startsWith("{\"count\":3}\n[{"), out);
        assertEquals(2, out.lines().count(), out);
    }

    @Test
    void a_download_has_what_either_value_finds() throws Exception {
        get("--download", folder, "studies?PatientID=PAT-0002,PAT-0003", "-q", "AccessionNumber=ACC003,ACC002,ACC001")
                .succeeds();
        assertEquals(39, Downloads.of(folder).size());
    }

    @Test
    void no_answer_on_the_way_says_from_where_to_go_on() {
        fault("AccessionNumber=ACC002", Faults.status(500, "text/plain", "java.lang.IllegalStateException\n\tat x"));
        ToolRun run = get("-f", "ndjson", "studies", "-q", "AccessionNumber=ACC001,ACC002,ACC003");
        run.says(Exit.SERVER_FAILED, "failed with 500", "go on from AccessionNumber=ACC002 on");
        assertEquals(List.of(ROOT + 1), studies(run.out().lines().toList()));
        get("studies/count", "-q", "AccessionNumber=ACC001,ACC002").fails(Exit.SERVER_FAILED, "failed with 500", "");
    }

    private static void fault(String inTarget, Fault fault) {
        archive.web().faults().rule(request -> request.target().contains(inTarget) ? fault : Fault.none());
    }

    @Test
    void what_one_value_lacks_is_said_and_the_others_come() {
        archive.holds(ofAccessions(30, 10));
        archive.maxResults("DCM4CHEE", 4);
        fault("&offset=8", Faults.garbage("application/dicom+json", "[]"));
        ToolRun run = get("-f", "ndjson", "studies", "-q", "AccessionNumber=ACC1,ACC2");
        run.says(Exit.INCOMPLETE, "only 8 of 10 results for AccessionNumber=ACC1 came", "run it again");
        assertEquals(16, run.out().lines().count());
        get("studies/count", "-q", "PatientID=ACC1,ACC2").fails(Exit.INCOMPLETE, "only 8 of 10", "");
        archive.maxResults("DCM4CHEE", 1000);
    }

    @Test
    void rows_that_nothing_identifies_all_come() {
        String row = "{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe\"}]}}";
        fault("patients?", Faults.garbage("application/dicom+json", "[" + row + "," + row + "]"));
        assertEquals(4, rows("patients", "-q", "PatientName=Doe*,DOE*").size());
    }

    @Test
    void patients_are_known_by_their_id_and_its_issuer() {
        StringJoiner rows = new StringJoiner(",", "[", "]");
        for (String issuer : List.of("A", "B", "A")) {
            rows.add("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"4711\"]},\"00100021\":{\"vr\":\"LO\",\"Value\":[\""
                    + issuer + "\"]}}");
        }
        String one = rows.toString().substring(0, rows.toString().indexOf("}},") + 2) + "]";
        archive.web()
                .faults()
                .rule(request -> Faults.garbage(
                        "application/dicom+json", request.target().contains("PatientID=1") ? one : rows.toString()));
        List<String> found = rows("patients", "-q", "PatientID=1,2");
        assertEquals(2, new LinkedHashSet<>(found).size(), found::toString);
        assertEquals(2, found.size(), found::toString);
    }

    @Test
    void other_servers_are_asked_once() {
        String root = sandbox.archive().resolve("/dicom-web").toString();
        archive.web().faults().rule(request -> Faults.garbage("application/dicom+json", "[]"));
        ToolRun.of(new arcget())
                .run("--no-auth", "--rs", root, "studies", "-q", "AccessionNumber=A,B")
                .succeeds();
        assertEquals(1, archive.web().requests().size());
        assertTrue(archive.web().requests().getFirst().target().contains("AccessionNumber=A,B"));
    }

    /** So many studies of one patient, of which always so many have the same accession number, from ACC0 on. */
    private static StudyIndex ofAccessions(int studies, int each) {
        List<StudyIndex.Item> patients = new ArrayList<>();
        for (int i = 0; i < studies; i++) {
            if (i % each == 0) {
                patients.add(StudyIndex.Item.patient("PatientID", "ACC" + i / each, "PatientName", "Doe^Jane"));
            }
            patients.getLast().add("StudyInstanceUID", ROOT + (100_000 + i), "AccessionNumber", "ACC" + i / each);
        }
        return new StudyIndex(patients);
    }

    @Test
    void ten_thousand_rows_of_two_hundred_values_come_once_each_in_bounded_memory() throws Exception {
        archive.holds(ofAccessions(12_000, 50));
        List<String> values = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i * 7 % 200;
            values.add("ACC" + number);
            IntStream.range(0, 50).forEach(study -> expected.add(ROOT + (100_000 + 50 * number + study)));
        }
        String query = "AccessionNumber=" + String.join(",", values);
        Map<String, Object> environment = new HashMap<>();
        environment.put("ARC_URL", sandbox.archive());
        environment.put("ARC_TOKEN", sandbox.token());
        List<String> small = List.of("-Xmx16m");
        ToolRun rows = ToolProcess.run(
                ToolProcess.command("arcget", small, "-f", "ndjson", "studies", "-q", query), environment);
        assertEquals(expected, studies(rows.succeeds().lines().toList()));
        assertEquals(200, asked().size());
        ToolRun count =
                ToolProcess.run(ToolProcess.command("arcget", small, "studies/count", "-q", query), environment);
        assertEquals("{\"count\":10000}\n", count.succeeds());
        String names = query.replace("AccessionNumber", "PatientID") + ",ACC*";
        ToolRun listed =
                ToolProcess.run(ToolProcess.command("arcget", small, "studies/count", "-q", names), environment);
        assertEquals("{\"count\":12000}\n", listed.succeeds());
    }

    @Test
    void nothing_is_loaded_for_it_where_there_is_no_comma() throws Exception {
        Path log = folder.resolve("classes.log");
        List<String> flags = List.of("-Xlog:class+load:file=" + log);
        Map<String, Object> environment = Map.of("ARC_URL", sandbox.archive(), "ARC_TOKEN", sandbox.token());
        for (String path :
                List.of("studies?StudyDate=20240115&StudyTime=10&includefield=StudyID,Rows", "studies/count")) {
            ToolProcess.run(ToolProcess.command("arcget", flags, path), environment)
                    .succeeds();
            String loaded = Files.readString(log);
            assertTrue(loaded.contains("lib.arc.Retrieval"), loaded);
            assertFalse(loaded.contains("lib.arc.Alternatives"), loaded);
        }
    }
}
