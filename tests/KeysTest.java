//SOURCES ../lib/arc/Archive.java ../lib/arc/Query.java ../lib/arc/Session.java ../lib/arc/TokenSource.java
//SOURCES ../lib/base/Dictionary.java ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Messages.java
//SOURCES ../lib/base/Problem.java ../lib/base/Secret.java ../lib/http/Http.java ../lib/http/Proxies.java
//SOURCES ../lib/http/Tls.java ../lib/sandbox/Fault.java ../lib/sandbox/SampleStudies.java ../scripts/arcget.java
//SOURCES ../scripts/sandbox.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.arc.Archive;
import lib.arc.Query;
import lib.arc.Session;
import lib.arc.TokenSource;
import lib.base.Dictionary;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Proxies;
import lib.http.Tls;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys that a level of the archive matches, and those that it ignores, for which arcget ends with 2 instead of passing
 * everything off as the answer (facts G1, G6).
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeysTest {
    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final List<String> LEVELS = List.of("patients", "studies", "series", "instances");

    /** The keys of facts G1 that each level matches, and those below it, with a value that nothing has. */
    private static final List<String> MATCHED = List.of("""
            PatientID=X IssuerOfPatientID=X PatientName=X PatientBirthDate=19000101 PatientSex=O ResponsiblePerson=X
            PatientCreateDateTime=19000101 patientVerificationStatus=NOT_FOUND""", """
            StudyInstanceUID=1.2.3 StudyID=X StudyDate=19000101 StudyTime=040302.5 AccessionNumber=X ModalitiesInStudy=XA
            SOPClassesInStudy=1.2.3 StudyDescription=X ReferringPhysicianName=X AdmissionID=X SeriesDescription=X
            BodyPartExamined=X Laterality=L StationName=X InstitutionName=X InstitutionalDepartmentName=X
            ProcedureCodeSequence.CodeValue=X StudyReceiveDateTime=19000101 StudyAccessDateTime=19000101
            StudySizeInKB=1 ExternalRetrieveAET=X ExpirationDate=19000101 ExpirationState=REJECTED storageID=X
            SeriesReceiveDateTime=19000101 SendingApplicationEntityTitleOfSeries=X
            ReceivingApplicationEntityTitleOfSeries=X SendingPresentationAddressOfSeries=X
            ReceivingPresentationAddressOfSeries=X SendingHL7ApplicationOfSeries=X ReceivingHL7ApplicationOfSeries=X
            SendingHL7FacilityOfSeries=X ReceivingHL7FacilityOfSeries=X incomplete=true retrievefailed=true
            storageVerificationFailed=true metadataUpdateFailed=true compressionfailed=true""", """
            SeriesInstanceUID=1.2.3 SeriesNumber=99 Modality=XA PerformingPhysicianName=X
            PerformedProcedureStepStartDate=19000101 PerformedProcedureStepStartTime=040302.5
            RequestAttributesSequence.ScheduledProcedureStepID=X RequestAttributesSequence.RequestedProcedureID=X
            RequestAttributesSequence.AccessionNumber=X RequestAttributesSequence.StudyInstanceUID=1.2.3
            RequestAttributesSequence.RequestingService=X RequestAttributesSequence.RequestingPhysician=X
            InstitutionCodeSequence.CodeValue=X InstitutionalDepartmentTypeCodeSequence.CodeValue=X""", """
            SOPInstanceUID=1.2.3 SOPClassUID=1.2.3 InstanceNumber=9999 ContentDate=19000101 ContentTime=040302.5
            CompletionFlag=PARTIAL VerificationFlag=VERIFIED ConceptNameCodeSequence.CodeValue=X
            VerifyingObserverSequence.InstitutionName=X ReferencedRequestSequence.AccessionNumber=X
            ContentSequence.ConceptNameCodeSequence.CodeValue=X""");

    private static ToolRun get(Object... arguments) {
        return sandbox.arcget().run(arguments);
    }

    private static Map<String, String> matchedAt(int level) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String query : String.join("\n", MATCHED.subList(0, level + 1)).split("\\s+")) {
            keys.put(query.substring(0, query.indexOf('=')), query.substring(query.indexOf('=') + 1));
        }
        if (level == 1) {
            keys.remove("PatientCreateDateTime");
        }
        return keys;
    }

    @Test
    void every_key_that_a_level_matches_is_sent_and_every_other_is_refused() {
        List<String> wrong = new ArrayList<>();
        Map<String, String> all = matchedAt(3);
        // One token for all runs: to sign one for each takes as long as half a run.
        ToolRun.Setting arcget = sandbox.arcget();
        for (int level = 0; level < LEVELS.size(); level++) {
            Map<String, String> matched = matchedAt(level);
            for (Map.Entry<String, String> key : all.entrySet()) {
                ToolRun run = arcget.run(LEVELS.get(level) + "/count", "-q", key.getKey() + "=" + key.getValue());
                boolean isRefused = run.exit() == 2 && run.err().contains(" at this level");
                if (matched.containsKey(key.getKey()) ? !run.out().equals("{\"count\":0}\n") : !isRefused) {
                    wrong.add(LEVELS.get(level) + " " + key + ": " + run);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void of_all_keywords_none_that_a_level_ignores_passes() {
        List<String> wrong = new ArrayList<>();
        Archive archive = Archive.dcm4chee(sandbox.archive(), "DCM4CHEE");
        Messages messages = new Messages("test", OutputStream.nullOutputStream(), false, false);
        Io io = new Io(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                messages,
                Map.of(),
                InstantSource.system(),
                descriptor -> false);
        Duration limit = Duration.ofSeconds(30);
        // One connection for all: the whole command takes ten times as long for each.
        try (Http http = new Http(
                new Tls(false, List.of(), List.of(), null, io.clock()),
                Proxies.of(null, io),
                new Http.Limits(limit, limit, limit, Duration.ZERO, 0),
                io)) {
            TokenSource token = TokenSource.given(new Secret(sandbox.token()));
            Session session = new Session(archive, http, token, null, List.of(), io.clock());
            List<Set<String>> matched = IntStream.range(0, LEVELS.size())
                    .mapToObj(level -> matchedAt(level).keySet())
                    .toList();
            List<String> keywords = Dictionary.keywords();
            for (int i = 0; i < keywords.size(); i++) {
                String query = keywords.get(i) + "="
                        + value(Dictionary.named(keywords.get(i)).vr());
                for (int level = 0; level < LEVELS.size(); level++) {
                    // What no level matches is asked for at one level in turn: 5,000 requests take five seconds.
                    if (i % LEVELS.size() != level && !matched.getLast().contains(keywords.get(i))) {
                        continue;
                    }
                    boolean passes = passes(archive.resolve(LEVELS.get(level), List.of(query)), session);
                    if (passes != matched.get(level).contains(keywords.get(i))) {
                        wrong.add(LEVELS.get(level) + " " + query);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean passes(URI resource, Session session) {
        try {
            Query.of(session.archive(), resource, null, null, session.clock()).requireMatched(session);
            return true;
        } catch (Problem problem) {
            assertEquals(Exit.USAGE, problem.exit(), problem::getMessage);
            return false;
        }
    }

    private static String value(String vr) {
        return switch (vr) {
            case "DA", "DT" -> "20240115";
            case "TM" -> "1015";
            case "UI" -> "1.2";
            default -> "1";
        };
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            studies        | Modality=MR         -> write ModalitiesInStudy=MR
            studies/count  | Modality=MR,CT      -> write ModalitiesInStudy=MR,CT
            studies/size   | Modality=MR         -> write ModalitiesInStudy=MR
            studies        | 00080060=MR         -> write ModalitiesInStudy=MR
            studies        | SOPClassUID=1.2     -> write SOPClassesInStudy=1.2
            patients       | Modality=MR         -> ask series: arcget series -q Modality=MR
            stud%69es/count | Modality=MR        -> write ModalitiesInStudy=MR
            patients       | StudyDate=20240115  -> ask studies: arcget studies -q StudyDate=20240115
            studies        | SeriesInstanceUID=1 -> ask series: arcget series -q SeriesInstanceUID=1
            series         | InstanceNumber=1    -> ask instances: arcget instances -q InstanceNumber=1
            studies/1.2/series | SOPClassUID=1.2 -> ask instances: arcget instances -q SOPClassUID=1.2
            studies        | RequestAttributesSequence.RequestedProcedureID=X -> ask series: arcget series -q Request
            studies        | 00400275.00401001=X -> ask series: arcget series -q RequestAttributesSequence.RequestedPro
            patients       | storageID=fs1       -> ask studies: arcget studies -q storageID=fs1
            patients       | incomplete=true     -> ask studies
            studies        | merged=true         -> only patients have it
            series         | onlyWithStudies=true -> only patients have it
            studies/count  | modified=StudyDate  -> only lists have it
            studies/size   | allmodified=true    -> only lists have it
            studies        | allOfModalitiesInStudy=true -> it counts only beside ModalitiesInStudy
            """)
    void a_key_of_another_level_is_refused_with_the_one_that_is_meant(String query, String hint) {
        String[] sides = query.split(" *\\| *");
        get(sides[0], "-q", sides[1])
                .fails(Exit.USAGE, "the archive does not match " + sides[1].replaceAll("=.*", ""), hint);
        get("/aets", sides[0] + "?" + sides[1]).fails(Exit.USAGE, ": it would return everything", hint);
        assertEquals(List.of(), sandbox.asked());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            studies  Manufacturer=X           -> studies/count?Manufacturer=zzz-nothing-has-this
            studies/size Manufacturer=X       -> studies/count?Manufacturer=zzz-nothing-has-this
            studies/1.2/series Manufacturer=X -> studies/1.2/series/count?Manufacturer=zzz-nothing-has-this
            studies/count NumberOfStudyRelatedSeries=2 -> studies/count?NumberOfStudyRelatedSeries=-2147483647
            instances Rows=128                -> instances/count?Rows=65535
            series   FrameOfReferenceUID=1.2  -> series/count?FrameOfReferenceUID=1.2.3.4.5.6.7.8.9
            series   SeriesDate=20240115      -> series/count?SeriesDate=10010101
            series   00080031=1015            -> series/count?00080031=040302.987654
            studies  PatientCreateDateTime=20240115 -> studies/count?PatientCreateDateTime=10010101000000
            studies  IssuerOfAccessionNumberSequence.LocalNamespaceEntityID=X -> zzz-nothing-has-this
            """)
    void a_key_that_is_not_in_the_table_of_qido_is_put_to_the_archive(String query, String asked) {
        String[] words = query.split(" +");
        String name = words[1].replaceAll("=.*", "");
        String path = words[0].replace("1.2/", SampleStudies.ROOT + "1/");
        get(path, "-q", words[1])
                .fails(
                        Exit.USAGE,
                        "the archive does not match " + name + " at this level: it would return everything",
                        "select from the rows, for example with -f csv --columns " + name);
        String expected = asked.replace("1.2/series", SampleStudies.ROOT + "1/series");
        assertEquals(1, sandbox.asked().size());
        assertTrue(sandbox.asked().getFirst().endsWith(expected), sandbox.asked()::toString);
    }

    @Test
    void a_key_that_another_level_matches_is_told_after_the_look() {
        get("patients", "-q", "StudyDescription=CT Chest")
                .fails(Exit.USAGE, "", "ask studies: arcget studies -q StudyDescription='CT Chest'");
        get("studies", "-q", "CompletionFlag=PARTIAL").fails(Exit.USAGE, "", "ask instances: arcget instances -q Comp");
        assertEquals(2, sandbox.asked().size());
    }

    @Test
    void the_look_keeps_the_other_keys_and_what_is_matched_goes_on() {
        assertEquals(
                "{\"count\":1}\n",
                get("studies/count", "-q", "PatientID=PAT-0001", "-q", "StudyDescription=CT*", "-q", "limit=5")
                        .succeeds());
        assertEquals(
                List.of(
                        "studies/count?StudyDescription=zzz-nothing-has-this&PatientID=PAT-0001",
                        "studies/count?PatientID=PAT-0001&StudyDescription=CT*&limit=5"),
                sandbox.asked());
        assertEquals(
                "[]\n",
                get("studies", "-q", "PatientID=none", "-q", "Manufacturer=X").succeeds());
    }

    @Test
    void keys_of_qido_itself_are_sent_without_a_look() {
        get("instances/count", "-q", "PatientID=X", "-q", "StudyDate=20240115", "-q", "Modality=CT", "-q", "0020000E=1")
                .succeeds();
        get("studies/count", "-q", "accept=application/json", "-q", "fuzzymatching=true", "-q", "includedefaults=true")
                .succeeds();
        assertEquals(2, sandbox.asked().size());
    }

    @Test
    void where_there_is_no_count_the_list_tells() {
        sandbox.archiveServer()
                .web()
                .faults()
                .rule(request -> request.path().endsWith("/count")
                        ? Faults.status(404, "text/plain", "{\"errorMessage\":\"No Web Application with QIDO_COUNT\"}")
                        : Fault.none());
        get("studies", "-q", "Manufacturer=X").fails(Exit.USAGE, "does not match Manufacturer", "leave it out");
        assertEquals("[]\n", get("studies", "-q", "StudyDescription=X").succeeds());
        assertTrue(
                sandbox.asked().contains("studies?Manufacturer=zzz-nothing-has-this&limit=1"),
                sandbox.asked()::toString);
        assertTrue(
                sandbox.asked().contains("studies?StudyDescription=zzz-nothing-has-this&limit=1"),
                sandbox.asked()::toString);
    }

    @Test
    void a_look_that_is_refused_is_told_as_it_is() {
        sandbox.archiveServer()
                .web()
                .faults()
                .next(1, Faults.status(413, "text/plain", "{\"errorMessage\":\"too large\"}"));
        get("studies", "-q", "StudyDescription=X").fails(Exit.REFUSED, "with 413", "");
        sandbox.archiveServer().web().faults().next(1, Faults.silence());
        get("-m", 1, "studies", "-q", "StudyDescription=X").says(Exit.NO_ANSWER, "", "");
        ToolRun run = get("-v", "studies/count", "-q", "StudyDescription=X");
        assertTrue(run.err().contains("/rs/studies/count?StudyDescription=zzz-nothing-has-this"), run::toString);
    }

    @Test
    void a_download_is_checked_alike(@TempDir Path folder) throws Exception {
        get("--download", folder.resolve("out"), "studies", "-q", "Modality=MR")
                .fails(Exit.USAGE, "does not match Modality", "write ModalitiesInStudy=MR");
        assertEquals(List.of(), sandbox.asked());
        get("--download", folder.resolve("out"), "studies?StudyID=1", "series?Manufacturer=X")
                .fails(Exit.USAGE, "does not match Manufacturer", "leave it out");
        assertEquals(List.of("series/count?Manufacturer=zzz-nothing-has-this"), sandbox.asked());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void one_ignored_key_of_several_paths_stops_all() {
        get("studies/count", "series?Manufacturer=X").fails(Exit.USAGE, "does not match Manufacturer", "leave it out");
        assertEquals(List.of("series/count?Manufacturer=zzz-nothing-has-this"), sandbox.asked());
    }

    @Test
    void other_servers_and_other_archives_behind_this_one_are_not_asked() {
        ToolRun.Setting other = ToolRun.of(new arcget()).with("--no-auth", "--rs", sandbox.archive() + "/other");
        other.run("studies", "-q", "Modality=MR", "-q", "SeriesNumber=1-3").says(Exit.REFUSED, "", "");
        get("/aets/DCM4CHEE/dimse/OTHER/studies?Modality=MR&Manufacturer=X").says(Exit.REFUSED, "", "");
        assertTrue(sandbox.archiveServer().web().requests().stream()
                .noneMatch(request -> request.target().contains("nothing")));
        String root = sandbox.archive() + "/aets/DCM4CHEE/rs";
        ToolRun.of(new arcget())
                .run("--no-auth", "--rs", root, "studies", "-q", "Modality=MR")
                .fails(Exit.USAGE, "does not match Modality", "write ModalitiesInStudy=MR");
    }

    @Test
    void worklists_have_the_look_alone() {
        get("mwlitems", "-q", "PatientName=X").says(Exit.REFUSED, "", "");
        assertEquals(
                "mwlitems/count?PatientName=zzz-nothing-has-this",
                sandbox.asked().getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PatientID=",
                "PatientID=A,",
                "PatientID=,A",
                "PatientID=A,,B",
                "PatientID=%20",
                "00100020=",
                "X="
            })
    void an_empty_value_is_refused_since_it_matches_everything(String query) {
        String name = query.replaceAll("=.*", "");
        get("studies?" + query)
                .fails(
                        Exit.USAGE,
                        name + " has an empty value",
                        "is a variable empty? " + name + "=* says so on purpose");
        get("/aets/DCM4CHEE/rs/series/count?" + query).fails(Exit.USAGE, "which matches everything", "");
        get("mwlitems?" + query).fails(Exit.USAGE, "which matches everything", "");
        assertEquals(List.of(), sandbox.asked());
        assertEquals("{\"count\":4}\n", get("studies/count?PatientID=*").succeeds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1-3", "1*", "2147483648", "*,1", "1.0", "1,x"})
    void numbers_that_the_archive_would_ignore_are_refused(String value) {
        get("series?SeriesNumber=" + value)
                .fails(Exit.USAGE, "SeriesNumber cannot be '", "a single whole number, or *");
        get("instances/count?00200013=" + value).fails(Exit.USAGE, "00200013 cannot be '", "or * alone");
        assertEquals(List.of(), sandbox.asked());
        for (String good : List.of("1", "-1", "*", "2147483647")) {
            get("series/count?SeriesNumber=" + good).succeeds();
        }
    }

    @Test
    void a_token_in_a_query_is_refused_and_not_shown() {
        for (String path : List.of("studies?access_token=se-cret", "/ctrl/status?Access_Token=se-cret")) {
            ToolRun run = get(path).fails(Exit.USAGE, "a token in a query is readable in the logs", "leave out access");
            assertFalse(run.err().contains("se-cret"), run::toString);
        }
        get("studies", "-q", "access_token=se-cret").fails(Exit.USAGE, "a token in a query", "set ARC_TOKEN");
        assertEquals(List.of(), sandbox.asked());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            patients?orderby=PatientID                  -> it sorts them by PatientName, PatientBirthDate, PatientSex
            studies?orderby=-NumberOfStudyRelatedInstances&limit=3 -> StudyDescription, ReferringPhysicianName
            studies?orderby=StudyDate,Modality          -> it sorts them by PatientName
            studies/count?orderby=ModalitiesInStudy     -> it sorts them by PatientName
            studies?orderby=StudyReceiveDateTime        -> it sorts them by
            studies?orderby=-StudyDat                   -> did you mean StudyDate? it sorts them by
            series?orderby=00080018                     -> it sorts them by
            instances?orderby=Rows                      -> ContentDate, ContentTime
            """)
    void an_order_that_the_archive_would_ignore_is_refused(String path, String hint) {
        get(path).fails(Exit.USAGE, "the archive does not sort " + path.replaceAll("[?/].*", "") + " by ", hint);
        assertEquals(List.of(), sandbox.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "studies?orderby=-00080020,PatientSex",
                "instances?orderby=-Modality,ContentTime",
                "series?orderby="
            })
    void an_order_that_the_archive_keeps_is_sent(String path) {
        get(path).succeeds();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            StudyDate=today               -> StudyDate=20240301
            StudyDate=yesterday           -> StudyDate=20240229
            StudyDate=1d                  -> StudyDate=20240301-20240301
            StudyDate=7d                  -> StudyDate=20240224-20240301
            StudyDate=yesterday-today     -> StudyDate=20240229-20240301
            StudyDate=-yesterday          -> StudyDate=-20240229
            StudyDate=20240101-today      -> StudyDate=20240101-20240301
            00080020=today                -> 00080020=20240301
            PatientName=today             -> PatientName=today
            """)
    void days_are_told_by_the_calendar_of_the_machine(String query, String sent, @TempDir Path folder) {
        InstantSource clock = InstantSource.fixed(LocalDateTime.of(2024, 3, 1, 0, 30)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        sandbox.arcget().clock(clock).run("-s", "studies/count", "-q", query).succeeds();
        sandbox.arcget()
                .clock(clock)
                .run("-s", "--download", folder, "studies", "-q", query)
                .succeeds();
        assertEquals("studies/count?" + sent, sandbox.asked().getFirst());
        assertTrue(sandbox.asked().get(1).startsWith("studies?" + sent + "&"), sandbox.asked()::toString);
    }

    @Test
    void days_work_for_moments_and_tasks_too() {
        InstantSource clock = InstantSource.fixed(LocalDateTime.of(2024, 3, 1, 23, 30)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        sandbox.arcget()
                .clock(clock)
                .run("-s", "studies/count", "-q", "StudyReceiveDateTime=7d")
                .succeeds();
        assertEquals(
                "studies/count?StudyReceiveDateTime=20240224-20240301",
                sandbox.asked().getLast());
        sandbox.arcget()
                .clock(clock)
                .run("-s", "/monitor/export?createdTime=today")
                .succeeds();
        assertTrue(sandbox.archiveServer().web().requests().stream()
                .anyMatch(request -> request.target().endsWith("/monitor/export?createdTime=20240301")));
    }
}
