//SOURCES ../lib/base/Exit.java ../scripts/arcget.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in a query that arcget reports before it sends anything, since the archive would ignore them silently. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class QueryTest {
    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun get(Object... arguments) {
        return sandbox.arcget().run(arguments);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            StudyDate=2024-01-15            -> write StudyDate=20240115;
            StudyDate=2024-1-5              -> write StudyDate=20240105;
            StudyDate=2024/01/15            -> write StudyDate=20240115;
            StudyDate=2024.01.15-           -> write StudyDate=20240115-;
            StudyDate=-2024-01-15           -> write StudyDate=-20240115;
            StudyDate=2024-01-01-2024-01-31 -> write StudyDate=20240101-20240131;
            StudyDate=20240131-20240101     -> write StudyDate=20240101-20240131;
            StudyDate=202402                -> write StudyDate=20240201-20240229;
            StudyDate=2024*                 -> write StudyDate=20240101-20241231;
            StudyDate=notadate              -> a date is written 20240115, a range 20240101-20240131
            StudyDate=20240231              -> that month ends with 20240229; the archive would take it
            StudyDate=20230101-20230229     -> that month ends with 20230228; the archive would take it
            StudyDate=20240240              -> a date is written 20240115
            StudyDate=20240100              -> a date is written 20240115
            StudyDate=20241301              -> a date is written 20240115
            StudyDate=0d                    -> today, yesterday and 7d work too
            StudyDate=7d-                   -> today, yesterday and 7d work too
            StudyDate=tomorrow              -> today, yesterday and 7d work too
            PatientBirthDate=1961           -> write PatientBirthDate=19610101-19611231;
            StudyDate=15.01.2024            -> a date is written 20240115
            StudyDate=-                     -> a date is written 20240115
            StudyDate=20240101-20240115-20240131 -> a date is written 20240115
            StudyDate=20240115,2024-01-16   -> write StudyDate=20240116;
            00080020=2024-01-15             -> write 00080020=20240115;
            PatientBirthDate=1961-02-03     -> write PatientBirthDate=19610203;
            ExpirationDate=2030-01-01-      -> write ExpirationDate=20300101-;
            DateOfLastCalibrationDate=2024-01-15 -> =20240115;
            ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate=2024-01-15 -> StartDate=20240115;
            StudyTime=10:15                 -> a time is written 1015 or 101500, a range 0800-1200
            StudyTime=08:00-12:00           -> a time is written 1015 or 101500
            StudyTime=2500                  -> a time is written 1015 or 101500
            StudyTime=10am                  -> a time is written 1015 or 101500
            00080030=10:15                  -> a time is written 1015
            StudyReceiveDateTime=2024-01-15T10:15:00Z -> a moment is written 20240115101500 or 20240115
            StudyReceiveDateTime=2024-01-15 -> write StudyReceiveDateTime=20240115;
            AcquisitionDateTime=2024-01-01/2024-02-01 -> write AcquisitionDateTime=20240101-20240201;
            StudyReceiveDateTime=20240231   -> that month ends with 20240229; the archive would take it
            StudyReceiveDateTime=20240116-20240115 -> write StudyReceiveDateTime=20240115-20240116;
            StudyReceiveDateTime=202402-202401 -> a moment is written 20240115101500
            StudyReceiveDateTime=20240115101501-20240115101500 -> a moment is written 20240115101500
            StudyReceiveDateTime=20240120101500+0100-20240115101500-0500 -> a moment is written 20240115101500
            limit=0                         -> a whole number from 1 to 99999
            limit=-1                        -> a whole number from 1 to 99999
            limit=abc                       -> a whole number from 1 to 99999
            limit=100000                    -> a whole number from 1 to 99999
            limit=5,6                       -> give it once
            offset=-1                       -> a whole number from 0 to 99999
            offset=007                      -> a whole number from 0 to 99999
            offset=100000                   -> a whole number from 0 to 99999
            fuzzymatching=maybe             -> write fuzzymatching=true
            incomplete=no                   -> write incomplete=false
            merged=TRUE                     -> write merged=true
            patientname=DOE*                -> write PatientName: case matters
            STUDYDATE=20240115              -> write StudyDate: case matters
            studyReceiveDateTime=20240115   -> write StudyReceiveDateTime: case matters
            Limit=5                         -> write limit: case matters
            orderBy=StudyDate               -> write orderby: case matters
            orderby=-studydate              -> write orderby=StudyDate: case matters
            includefield=studyDescription   -> write includefield=StudyDescription: case matters
            PatientName=DOE, JANE           -> a comma inside a value is written \\,
            scheduledprocedurestepsequence.modality=CT -> write ScheduledProcedureStepSequence.Modality: case matters
            """)
    void what_would_be_misread_is_refused_with_the_right_spelling(String query, String hint) {
        get("studies", "-q", query).fails(Exit.USAGE, query.substring(0, Math.min(8, query.indexOf('='))), hint);
        get("studies/count?" + query).fails(Exit.USAGE, "", hint);
        assertEquals(List.of(), sandbox.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=5", "?limit=5", "PatientName=DOE^JANE", "studies -q limit=5", ""})
    void a_query_parameter_without_its_option_is_no_path(String path) {
        get("studies", path).fails(Exit.USAGE, "'" + path + "' is not a path", "with -q");
        assertEquals(List.of(), sandbox.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/aets", "/devices", "studies/1.2/metadata", "studies/1.2"})
    void a_limit_that_the_archive_would_ignore_is_refused(String path) {
        get(path, "--limit", 2).fails(Exit.USAGE, "the archive ignores limit at " + path, "-f ndjson | head");
        get(path + "?offset=2").fails(Exit.USAGE, "the archive ignores offset at " + path, "");
        assertEquals(List.of(), sandbox.asked());
    }

    @Test
    void a_name_with_blanks_around_it_is_refused() {
        get("studies", "-q", "PatientName = DOE")
                .fails(Exit.USAGE, "-q 'PatientName = DOE' has blanks", "write -q 'PatientName=DOE'");
        assertEquals(List.of(), sandbox.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StudyDate=20240115",
                "StudyDate=20240229",
                "StudyDate=20240101-20240131",
                "StudyDate=20240101-",
                "StudyDate=-20240131",
                "StudyDate=20240115,20240116",
                "StudyDate=*",
                "StudyTime=10",
                "StudyTime=1015-",
                "StudyTime=101500.123456-235960",
                "StudyTime=2200-0600",
                "PatientBirthDate=19610203",
                "StudyReceiveDateTime=20240115101500.5+0100",
                "StudyReceiveDateTime=20240115101500-0500-20240116101500-0500",
                "StudyReceiveDateTime=2024-202406",
                "StudyReceiveDateTime=202406-2024",
                "StudyReceiveDateTime=20240115101500-0500-20240115101500+0100",
                "00080020=20240115",
                "PatientName=2024-01-15",
                "SeriesDescription=10:15",
                "limit=99999",
                "offset=99999",
                "orderby=-StudyDate,PatientName",
                "includefield=all",
                "fuzzymatching=true",
                "ExternalRetrieveAET!=X",
                "0020000d=1.2.3"
            })
    void what_the_archive_understands_is_sent(String query) {
        get("studies/count", "-q", query).succeeds();
        assertTrue(
                sandbox.asked().getLast().startsWith("studies/count?" + query.replaceAll("[=!].*", "")),
                sandbox.asked()::toString);
    }

    @Test
    void what_is_not_known_here_is_left_to_the_archive() {
        get("studies", "-q", "NoSuchKeyword=1").fails(Exit.REFUSED, "Invalid Query Parameter", "");
        get("studies", "-q", "PatientNames=1").fails(Exit.REFUSED, "Invalid Query Parameter", "");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            /monitor/export?createdTime=2024-01-01                  -> write createdTime=20240101;
            /monitor/retrieve/count?updatedTime=2024-01-01T10:00:00 -> a moment is written 20240115101500
            /monitor/export?Status=FAILED                           -> write status: case matters
            /monitor/export?localAET=X                              -> write LocalAET: case matters
            /monitor/export?limit=0                                 -> a whole number, at least 1
            /queue/Export1?CreatedTime=20240101                     -> write createdTime: case matters
            /aets/DCM4CHEE/rs/studies?StudyDate=2024-01-15          -> write StudyDate=20240115;
            /aets/DCM4CHEE/dimse/OTHER/studies?StudyDate=2024-01-15 -> write StudyDate=20240115;
            studies/1.2.3/series/4.5/instances?ContentDate=2024-01-15 -> write ContentDate=20240115;
            studies/size?StudyDate=2024-01-15                       -> write StudyDate=20240115;
            mwlitems?orderBy=PatientName                            -> write orderby: case matters
            """)
    void wherever_the_archive_searches_the_query_is_checked(String path, String hint) {
        get(path).fails(Exit.USAGE, "", hint);
        assertEquals(List.of(), sandbox.asked());
    }

    @Test
    void a_full_url_is_checked_alike() {
        get(sandbox.archive() + "/aets/DCM4CHEE/rs/studies?StudyDate=2024-01-15")
                .fails(Exit.USAGE, "StudyDate cannot be '2024-01-15'", "write StudyDate=20240115;");
        get("studies?StudyDate=2024%2D01%2D15").fails(Exit.USAGE, "'2024-01-15'", "write StudyDate=20240115;");
        assertEquals(List.of(), sandbox.asked());
    }

    @Test
    void elsewhere_names_and_values_mean_what_the_resource_says() {
        get("/ctrl/status?Limit=0&StudyDate=x&createdTime=y").succeeds();
        get("/monitor/export/batch?localAET=X").succeeds();
    }

    @Test
    void one_wrong_path_of_several_stops_all() {
        get("studies/count", "studies?StudyDate=x").fails(Exit.USAGE, "StudyDate cannot be 'x'", "20240115");
        assertEquals(List.of(), sandbox.asked());
    }

    @Test
    void limits_of_dcm4chee_do_not_bind_another_server() {
        String root = sandbox.archive() + "/other";
        ToolRun.of(new arcget())
                .run("--no-auth", "--rs", root, "studies", "-q", "StudyDate=2024-01-15")
                .fails(Exit.USAGE, "", "write StudyDate=20240115;");
        ToolRun.of(new arcget())
                .run("--no-auth", "--rs", root, "studies", "--offset", "100000")
                .says(Exit.REFUSED, "401", "");
    }

    @Test
    void limit_and_offset_are_said_once() {
        get("studies?limit=2", "--limit", "3").fails(Exit.USAGE, "--limit 3 and limit=2 contradict", "one of them");
        get("studies", "-q", "offset=2", "--offset", "3").fails(Exit.USAGE, "contradict each other", "one of them");
        for (String limit : List.of("0", "-1", "x")) {
            get("studies", "--limit", limit).fails(Exit.USAGE, "limit cannot be '" + limit + "'", "from 1 to 99999");
        }
        assertEquals(List.of(), sandbox.asked());
        get("studies?limit=2", "--limit", "2").succeeds();
        assertEquals(List.of("studies?orderby=StudyInstanceUID&limit=2"), sandbox.asked());
    }
}
