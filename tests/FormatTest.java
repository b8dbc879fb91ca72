//SOURCES ../lib/base/Exit.java ../lib/base/Screen.java ../scripts/arcget.java Faults.java TestSandbox.java
//SOURCES ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.base.Screen;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Output formats: NDJSON, tables and CSV of data sets and of plain JSON. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FormatTest {
    private static final String DEVICE = """
            {"dicomDeviceName":"keycloak","dcmKeycloakClient":[{"dcmKeycloakClientID":"curl",\
            "dcmKeycloakClientSecret":"s1","userPassword":["s2"],"dcmKeyStorePin":4711,"dcmPinned":true}],\
            "dcmProperty":["a.trustStore-password=s3","plain=1","password="],"dcmURI":"ldap://cn:s4@host/x",\
            "credentials":{"id":"s5","none":null,"empty":""}}""";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static ToolRun.Setting tool() {
        return ToolRun.of(new arcget()).env("ARC_URL", sandbox.archive()).stdin(sandbox.token());
    }

    private static ToolRun.Setting terminal(int width) {
        return tool().terminal(1).env("COLUMNS", width).env("TERM", "dumb");
    }

    private static String get(Object... arguments) {
        return tool().run(arguments).succeeds();
    }

    private static Object[] with(String format, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("-f", format));
        all.addAll(List.of(arguments));
        return all.toArray();
    }

    private static String asked() {
        return sandbox.archiveServer().web().requests().getLast().target();
    }

    private static void answers(String json) {
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/json", json));
    }

    /** The CSV line of a data set with one attribute, without the header. */
    private static String cell(String attribute, String columns) {
        answers("[" + attribute + "]");
        String csv = get("-f", "csv", "--columns", columns, "studies");
        return csv.substring(csv.indexOf("\n") + 1, csv.length() - 1);
    }

    @Test
    void a_table_has_the_usual_columns_aligned_and_is_not_cut_in_a_pipe() {
        assertEquals("""
                Date      Time        PatientID  PatientName   Accession  Modalities  Description           #Series  \
                #Instances  StudyInstanceUID
                20250301  235959      PAT-0003   Doe^Jane      ACC003     CT          CT Abdomen                  2  \
                        19  1.2.826.0.1.3680043.10.9999.3
                20240220  083000.123  PAT-0002   Yamada^Tarou  ACC002     MR          MR Brain & neck <T1>        2  \
                        20  1.2.826.0.1.3680043.10.9999.2
                """, get("-f", "table", "-q", "ModalitiesInStudy=MR,CT", "-q", "StudyDate=20240201-", "studies"));
        for (String format : List.of("table", "json")) {
            ToolRun narrow = tool().env("COLUMNS", 20).env("TERM", "xterm").run("-f", format, "studies");
            assertEquals(get("-f", format, "studies"), narrow.succeeds());
        }
    }

    @Test
    void a_table_has_the_newest_studies_first_and_pages_join() {
        String table = get("-f", "table", "studies", "--columns", "StudyDate", "--limit", 3);
        assertEquals("StudyDate\n20250301\n20240220\n20240115\n", table);
        assertTrue(asked().endsWith("studies?orderby=-StudyDate,-StudyTime,StudyInstanceUID&limit=3"), asked());
        String oldest = get("-f", "table", "studies", "--columns", "StudyDate", "-q", "orderby=StudyDate");
        assertTrue(oldest.startsWith("StudyDate\n20221108\n20240115\n"), oldest);
        get("-f", "csv", "studies", "--columns", "StudyDate");
        assertTrue(asked().endsWith("studies?orderby=StudyInstanceUID&limit=1000"), asked());
        get("-f", "table", "series");
        assertTrue(asked().endsWith("series?orderby=SeriesInstanceUID&limit=1000"), asked());
        String several =
                get("-f", "table", "studies", "--columns", "StudyDate,PatientID", "-q", "PatientID=PAT-0003,PAT-0001");
        assertEquals("StudyDate  PatientID\n20250301   PAT-0003\n20240115   PAT-0001\n20221108   PAT-0001\n", several);
    }

    @Test
    void csv_has_keywords_in_the_first_line_and_lines_end_in_lf() {
        assertEquals(
                "StudyDate,StudyTime,PatientID,PatientName,AccessionNumber,ModalitiesInStudy,StudyDescription,"
                        + "NumberOfStudyRelatedSeries,NumberOfStudyRelatedInstances,StudyInstanceUID\n"
                        + "20221108,140000,PAT-0001,M\u00fcller^J\u00fcrgen,ACC004,CT\\PT,PET/CT Whole body,2,6,"
                        + "1.2.826.0.1.3680043.10.9999.4\n",
                get("-f", "csv", "studies", "-q", "StudyDate=20220101-20221231"));
    }

    @ParameterizedTest
    @CsvSource({
        "patients, PatientID, 'IssuerOfPatientID,NumberOfPatientRelatedStudies'",
        "studies, StudyDate, StudyDescription",
        "series, SeriesNumber, ''",
        "instances, InstanceNumber, ''",
        "studies/1.2.826.0.1.3680043.10.9999.1/series, SeriesNumber, ''",
        "studies/1.2.826.0.1.3680043.10.9999.1/instances, InstanceNumber, ''"
    })
    void what_a_level_does_not_return_by_itself_is_asked_for(String path, String first, String included) {
        String csv = get("-f", "csv", path);
        assertTrue(csv.startsWith(first + ","), csv);
        assertEquals(included, includedFields());
    }

    private static String includedFields() {
        List<String> fields = new ArrayList<>();
        String target = asked();
        for (String parameter : target.substring(target.indexOf('?') + 1).split("[?&]")) {
            if (parameter.startsWith("includefield=")) {
                fields.add(parameter.substring(13));
            }
        }
        return String.join("+", fields);
    }

    @ParameterizedTest
    @CsvSource({
        "series, PatientName, ''",
        "series, StudyDescription, StudyDescription",
        "studies/1.2.826.0.1.3680043.10.9999.1/series, PatientName, PatientName",
        "studies/1.2.826.0.1.3680043.10.9999.1/series, StudyInstanceUID, ''",
        "studies/1.2.826.0.1.3680043.10.9999.1/instances, Modality, ''",
        "studies/1.2.826.0.1.3680043.10.9999.1/instances, StudyDate, StudyDate",
        "studies/1.2.826.0.1.3680043.10.9999.1/series/1.2.826.0.1.3680043.10.9999.1.1/instances, Modality, Modality",
        "studies, 00091001, all",
        "studies, 77771023, all",
        "series, RequestAttributesSequence.RequestedProcedureID, ''",
        "series, ProcedureCodeSequence.CodeMeaning, ProcedureCodeSequence.CodeMeaning"
    })
    void columns_of_another_level_are_asked_for_where_they_do_not_come_along(
            String path, String column, String included) {
        answers("[]");
        get("-f", "csv", "--columns", column, path);
        assertEquals(included, includedFields());
    }

    @Test
    void json_asks_for_nothing_more() {
        get("studies");
        get("-f", "ndjson", "studies");
        assertEquals("", includedFields());
    }

    @Test
    void worklists_and_metadata_have_usual_columns_too() {
        String item = """
                [{"00100020":{"vr":"LO","Value":["P1"]},"00400100":{"vr":"SQ","Value":[{"00080060":{"vr":"CS",\
                "Value":["CT"]},"00400002":{"vr":"DA","Value":["20240101"]}}]}}]""";
        answers(item);
        String[] lines = get("-f", "table", "mwlitems").split("\n");
        assertTrue(lines[0].startsWith("Date      Time  Modality  Station  PatientID  PatientName"), lines[0]);
        assertTrue(lines[1].startsWith("20240101        CT                 P1"), lines[1]);
        assertEquals("StudyInstanceUID", lines[0].substring(lines[0].lastIndexOf(' ') + 1));
        assertEquals("", includedFields());
        for (String path : List.of("mpps", "workitems", "workitems/1.2.3", "studies/1.2/metadata")) {
            answers(item);
            assertTrue(get("-f", "csv", path).contains(",SOPInstanceUID\n"), path);
        }
    }

    @Test
    void a_table_names_sop_classes_and_csv_has_their_uids() {
        String table = get("-f", "table", "instances?limit=1");
        assertTrue(
                table.startsWith("Number  SOPClass  Rows  Cols  Frames  SOPInstanceUID\n     1  CT Image   "), table);
        assertTrue(get("-f", "csv", "instances?limit=1").contains("\n1,1.2.840.10008.5.1.4.1.1.2,128,128,"));
        String classes = "\"Value\":[\"1.2.840.10008.5.1.4.1.1.4\",\"1.2.3\"]";
        answers("[{\"00080062\":{\"vr\":\"UI\"," + classes + "}}]");
        assertTrue(
                get("-f", "table", "--columns", "SOPClassesInStudy", "studies").endsWith("\nMR Image\\1.2.3\n"));
    }

    @Test
    void columns_are_keywords_or_tags_in_any_spelling() {
        String csv = get("-f", "csv", "--columns", "(0010,0010),0010,0020, StudyDate,0020000d", "studies?limit=1");
        assertTrue(csv.startsWith("PatientName,PatientID,StudyDate,StudyInstanceUID\nM\u00fcller"), csv);
    }

    @ParameterizedTest
    @ValueSource(strings = {"patients", "studies", "series", "instances"})
    void every_keyword_of_dicom_can_be_a_column(String level) {
        String csv = get("-f", "csv", "--columns", "PatientTelephoneNumbers,00189004", level, "--limit", 1);
        assertEquals("PatientTelephoneNumbers,ContentQualification\n,\n", csv);
        assertEquals("PatientTelephoneNumbers,ContentQualification", includedFields());
        String json = get(level, "-q", "includefield=PatientTelephoneNumbers,00189004", "--limit", 1);
        assertTrue(
                json.contains("\"00102154\":{\"vr\":\"SH\"},") && json.contains("\"00189004\":{\"vr\":\"CS\"}"), json);
    }

    @Test
    void columns_are_one_list() {
        tool().run("-f", "csv", "studies", "--columns", "PatientID", "--columns", "StudyDate")
                .fails(Exit.USAGE, "--columns is given twice", "one list");
    }

    @Test
    void on_a_terminal_an_empty_answer_of_any_resource_is_said_to_be() {
        ToolRun run = tool().terminal(1).run("-f", "table", "/monitor/export");
        assertEquals(new ToolRun(0, "", "arcget: nothing at /dcm4chee-arc/monitor/export\n"), run);
        tool().run("-f", "table", "/monitor/export").succeeds();
    }

    @Test
    void columns_are_also_the_titles_that_the_tables_of_a_level_show() {
        String titles = "Date,Description,#Instances,Accession";
        String table = get("-f", "table", "--columns", titles, "studies", "--limit", 1);
        assertTrue(table.startsWith("Date      Description  #Instances  Accession\n20250301  CT "), table);
        assertEquals("StudyDescription", includedFields());
        String csv = get("-f", "csv", "--columns", titles, "studies", "--limit", 1);
        assertTrue(csv.startsWith("StudyDate,StudyDescription,NumberOfStudyRelatedInstances,AccessionNumber\n"), csv);
        String series = get("-f", "csv", "--columns", "Number,Description", "series", "--limit", 1);
        assertTrue(series.startsWith("SeriesNumber,SeriesDescription\n"), series);
        answers("[{\"00400100\":{\"vr\":\"SQ\",\"Value\":[{\"00080060\":{\"vr\":\"CS\",\"Value\":[\"CT\"]}}]}}]");
        assertEquals("Modality\nCT\n", get("-f", "table", "--columns", "Modality", "mwlitems"));
        answers("[{\"00200011\":{\"vr\":\"IS\",\"Value\":[7]}}]");
        assertEquals("SeriesNumber\n7\n", get("-f", "csv", "--columns", "Series", "/x"));
    }

    @Test
    void ndjson_with_columns_is_flat_objects_by_keywords() {
        String flat = get("-f", "ndjson", "--columns", "StudyDate,PatientName,#Instances,StudyComments", "studies");
        assertEquals(4, flat.lines().count());
        String last = """
                {"StudyDate":"20221108","PatientName":"M\u00fcller^J\u00fcrgen","NumberOfStudyRelatedInstances":6,\
                "StudyComments":null}
                """;
        assertTrue(flat.endsWith(last), flat);
        assertEquals("StudyComments", includedFields());
        String values =
                "{\"00280030\":{\"vr\":\"DS\",\"Value\":[0.5,0.5]},\"00200013\":{\"vr\":\"IS\",\"Value\":[\"+7\"]}}";
        answers("[" + values + "]");
        assertEquals(
                "{\"PixelSpacing\":\"0.5\\\\0.5\",\"InstanceNumber\":\"+7\"}\n",
                get("-f", "ndjson", "--columns", "PixelSpacing,InstanceNumber", "instances"));
        answers("[{\"a\":{\"b\":1},\"c\":\"x\"},{\"c\":\"\\u009b\"}]");
        assertEquals(
                "{\"c\":\"x\",\"a.b\":\"1\"}\n{\"c\":\"\\u009b\",\"a.b\":null}\n",
                get("-f", "ndjson", "--columns", "c,a.b", "/x"));
        answers("[]");
        assertEquals("", get("-f", "ndjson", "--columns", "StudyDate", "studies"));
    }

    @Test
    void an_unknown_column_is_named_with_the_nearest_and_nothing_is_sent() {
        refused("studydate", "did you mean StudyDate?");
        refused("StudyDat", "did you mean StudyDate?");
        refused("AccessionNumbe", "did you mean AccessionNumber?");
        refused("StudyDate,", "a keyword such as StudyDate");
        refused("0010001", "a keyword such as");
        refused("RequestAttributesSequence.ModalityX", "did you mean Modality?");
        tool().run("--columns", "StudyDate", "studies").fails(Exit.USAGE, "--columns is for tables", "-f ndjson");
        tool().run("-f", "raw", "--columns", "StudyDate", "studies").fails(Exit.USAGE, "not for raw", "-f table");
        assertEquals(0, sandbox.archiveServer().web().requests().size());
    }

    private static void refused(String columns, String hint) {
        tool().run("-f", "csv", "--columns", columns, "studies").fails(Exit.USAGE, "no attribute is called", hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"Alphabetic\":\"Yamada^Tarou\",\"Ideographic\":\"A\"}] | Yamada^Tarou",
                "[{\"Ideographic\":\"\u5c71\u7530\",\"Phonetic\":\"B\"}] | \u5c71\u7530",
                "[{\"Alphabetic\":\"\",\"Phonetic\":\"B\"}] | B",
                "[{\"Alphabetic\":\"A\"},null,{\"Alphabetic\":\"B\"}] | A\\\\B",
                "[{}] | ``",
                "[\"ORIGINAL\",\"PRIMARY\"] | ORIGINAL\\PRIMARY",
                "[null,\"B\"] | \\B",
                "[null] | ``",
                "[] | ``",
                "null | ``",
                "[\"20\"] | 20",
                "[20] | 20",
                "[1.10,1e400,-0] | 1.10\\1e400\\-0",
                "[true] | true",
                "[{\"odd\":1}] | `\"{\"\"odd\"\":1}\"`",
                "\"DOE^JANE\" | DOE^JANE",
                "{\"Alphabetic\":\"DOE^JANE\"} | DOE^JANE",
                "12 | 12",
                "{} | ``"
            })
    void values_of_an_attribute_are_shown_as_dicom_writes_them(String value, String text) {
        assertEquals(
                text,
                cell("{\"00100010\":{\"vr\":\"PN\",\"Value\":" + value + "}}", "PatientName,StudyDate")
                        .replaceFirst(",$", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"vr\":\"PN\"} | ``",
                "{\"vr\":\"OW\",\"BulkDataURI\":\"http://x/y\"} | <bulk data>",
                "{\"vr\":\"OB\",\"InlineBinary\":\"AAAA\"} | <binary data>",
                "{\"vr\":\"OB\",\"DataFragment\":[null]} | <bulk data>",
                "{} | ``",
                "null | ``",
                "\"text\" | `\"\"\"text\"\"\"`"
            })
    void an_attribute_may_have_no_value_or_one_elsewhere(String attribute, String text) {
        assertEquals(
                text,
                cell("{\"00100010\":" + attribute + "}", "PatientName,0010,0020")
                        .replaceFirst(",$", ""));
    }

    @Test
    void sequences_are_json_and_a_path_leads_into_them() {
        String item = "{\"00400275\":{\"vr\":\"SQ\",\"Value\":[{\"00401001\":{\"vr\":\"SH\",\"Value\":[\"R1\"]}},{},"
                + "{\"00401001\":{\"vr\":\"SH\",\"Value\":[\"R2\"]}}]},\"77771023\":{\"vr\":\"DA\",\"Value\":[\"2\"]}}";
        assertEquals("R1\\\\R2,2", cell(item, "RequestAttributesSequence.RequestedProcedureID,(7777,1023)"));
        String bare = item.replace("[{\"00401001\":{\"vr\":\"SH\",\"Value\":[\"R1\"]}},{},", "")
                .replace("}]}", "}}");
        assertEquals("R2,2", cell(bare, "RequestAttributesSequence.RequestedProcedureID,(7777,1023)"));
        assertTrue(cell(item, "RequestAttributesSequence").startsWith("\"[{\"\"00401001\"\":{\"\"vr\"\":\"\"SH\"\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=1+1 | '=1+1",
                "+49 30 1 | '+49 30 1",
                "@x | '@x",
                "-x | '-x",
                "-12.5 | -12.5",
                "+3e-7 | +3e-7",
                "-1-1 | '-1-1",
                "- | '-",
                "-2+3e | '-2+3e",
                "\\t=1 | `'\t=1`",
                "\uff1d1 | '\uff1d1",
                "a=1 | a=1",
                "a,b | `\"a,b\"`",
                "=a,b | `\"'=a,b\"`",
                "a\\\"b | `\"a\"\"b\"`",
                "a\\nb | `\"a\nb\"`",
                "' a ' | `' a '`"
            })
    void csv_is_quoted_where_it_must_be_and_no_spreadsheet_runs_it(String value, String text) {
        assertEquals(
                text,
                cell("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"" + value + "\"]}}", "PatientID,StudyDate")
                        .replaceFirst(",$", ""));
    }

    @Test
    void a_table_never_lets_a_value_break_its_line_or_steer_the_terminal() {
        answers("[{\"a\":\"x\\n\\u001b[31m\\u202ey\",\"b\\u0007\":1}]");
        assertEquals(
                "a                         b\\u0007\nx\\u000a\\u001b[31m\\u202ey        1\n", get("-f", "table", "/x"));
        answers("[{\"a\":\"x\\u001b[31m\"}]");
        assertEquals("a\nx\\u001b[31m\n", terminal(80).run("-f", "csv", "/x").succeeds());
        answers("[{\"a\":\"x\\u001b[31m\"}]");
        assertEquals("a\nx\u001b[31m\n", get("-f", "csv", "/x"));
    }

    @Test
    void wide_characters_take_two_columns() {
        answers("[{\"a\":\"\u5c71\u7530^\u592a\u90ce\",\"b\":1},{\"a\":\"\uff8f\uff9e^e\u0301\",\"b\":2}]");
        assertEquals(
                "a          b\n\u5c71\u7530^\u592a\u90ce  1\n\uff8f\uff9e^e\u0301       2\n", get("-f", "table", "/x"));
        answers("[{\"a\":\"\u5c71\u7530\u592a\u90ce\"}]");
        assertEquals(
                "a\n\u5c71\u7530\u2026\n", terminal(6).run("-f", "table", "/x").succeeds());
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 60, 80, 81, 100, 120, 500})
    void on_a_terminal_a_table_fits(int width) {
        for (String path : List.of("patients", "/aets", "studies")) {
            ToolRun run = terminal(width).run("-s", "-f", "table", path);
            for (String line : run.succeeds().split("\n")) {
                assertTrue(Screen.columns(line) <= width, line);
            }
            List<String> words = List.of(get("-f", "table", path).split("[ ^\\\\\n]+"));
            for (String word : run.out().split("[ ^\\\\\n\u2026]+")) {
                assertTrue(words.contains(word), word);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20,  PatientName",
        "40,  Date StudyInstanceUID",
        "56,  Date PatientName StudyInstanceUID",
        "80,  Date Time PatientID PatientName StudyInstanceUID",
        "120, Date Time PatientID PatientName Accession Modalities Description StudyInstanceUID",
        "160, Date Time PatientID PatientName Accession Modalities Description #Series #Instances StudyInstanceUID"
    })
    void a_narrow_terminal_has_fewer_columns_and_uids_and_names_for_longest(int width, String titles) {
        String[] lines =
                terminal(width).run("-s", "-f", "table", "studies").succeeds().split("\n");
        assertEquals(titles, lines[0].replaceAll(" +", " "));
        assertEquals(width > 20, lines[2].endsWith("  1.2.826.0.1.3680043.10.9999.2"), lines[2]);
        assertTrue(width == 40 || lines[2].contains("Yamada^Tarou"), lines[2]);
        assertTrue(width != 120 || lines[2].contains("  MR Brain & neck\u2026  "), lines[2]);
    }

    @Test
    void columns_that_were_chosen_are_cut_instead() {
        String columns = "StudyDate,PatientName,StudyDescription,StudyInstanceUID,PatientID,AccessionNumber";
        String[] lines = terminal(60)
                .run("-f", "table", "--columns", columns, "studies")
                .succeeds()
                .split("\n");
        assertTrue(lines[0].startsWith("StudyDa\u2026  Patient\u2026  StudyDe\u2026  \u2026anceUID  "), lines[0]);
        assertTrue(lines[1].startsWith("20250301  Doe^Jane  CT\u2026       \u2026.9999.3  PAT-0003"), lines[1]);
    }

    @Test
    void columns_without_any_room_are_left_out_and_said() {
        answers("{\"a\":\"1111\",\"b\":\"2222\",\"c\":\"3333\",\"d\":\"4444\"}");
        ToolRun run = terminal(11).run("-f", "table", "/x");
        assertEquals("a     b\n1111  2222\n", run.out());
        assertEquals("arcget: no space for c, d: choose columns with --columns\n", run.err());
    }

    @Test
    void a_file_is_not_cut_though_standard_output_is_a_terminal(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("out");
        assertEquals("", terminal(20).run("-f", "table", "-o", file, "studies").succeeds());
        assertTrue(Files.readString(file).contains("1.2.826.0.1.3680043.10.9999.3\n"), Files.readString(file));
    }

    @Test
    void the_header_is_bold_where_that_is_wanted() {
        String bold = "\u001b[1mcount\u001b[0m\n    4\n";
        String plain = "count\n    4\n";
        Object[] arguments = {"-f", "table", "studies/count"};
        assertEquals(bold, tool().terminal(1).run(arguments).succeeds());
        assertEquals(
                bold, tool().terminal(1).env("TERM", "xterm").run(arguments).succeeds());
        assertEquals(
                plain, tool().terminal(1).env("NO_COLOR", "1").run(arguments).succeeds());
        assertEquals(
                plain, tool().terminal(1).env("TERM", "dumb").run(arguments).succeeds());
        assertEquals(plain, get(arguments));
    }

    @Test
    void a_terminal_is_asked_for_its_width(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1): apt-get install bsdutils");
        String command =
                "'" + String.join("' '", ToolProcess.command("arcget", List.of(), "-sf", "table", "studies")) + "'";
        ToolRun run = ToolProcess.run(
                List.of("script", "-qec", "stty cols 100 </dev/tty; " + command + " </dev/null", "/dev/null"),
                Map.of("HOME", folder, "TERM", "dumb", "ARC_URL", sandbox.archive(), "ARC_TOKEN", sandbox.token()));
        String[] lines = run.out().replace("\r", "").split("\n");
        assertEquals(5, lines.length, run::toString);
        assertTrue(lines[0].contains("Modalities  StudyInstanceUID"), run::toString);
    }

    @Test
    void ndjson_is_one_compact_element_a_line() {
        answers(" [ {\"a\" : 1.10, \"b\":[ ]}, null , \"x\\u0085\" ] ");
        assertEquals("{\"a\":1.10,\"b\":[]}\nnull\n\"x\\u0085\"\n", get("-f", "ndjson", "/x"));
        answers("[]");
        assertEquals("", get("-f", "ndjson", "/x"));
        assertEquals("", get("-f", "ndjson", "studies", "-q", "PatientID=none"));
        assertEquals(
                "{\"count\":4}\n",
                tool().terminal(1).run("-f", "ndjson", "studies/count").succeeds());
    }

    @Test
    void no_match_is_the_header_alone_where_it_is_known() {
        Object[] none = {"studies", "-q", "PatientID=none", "--columns", "StudyDate,PatientName"};
        assertEquals("StudyDate,PatientName\n", tool().run(with("csv", none)).succeeds());
        assertEquals("StudyDate  PatientName\n", tool().run(with("table", none)).succeeds());
        for (String format : List.of("csv", "table")) {
            answers("[]");
            assertEquals("", get("-f", format, "/x"));
        }
    }

    @Test
    void that_nothing_matches_is_said_on_a_terminal() {
        String advice =
                "; names and descriptions written in CAPITALS match whatever their case; IDs and accession numbers"
                        + " must be written as stored; fuzzymatching=true also finds names that sound alike\n";
        Object[] none = {"-f", "ndjson", "-q", "PatientID=none"};
        for (String path : List.of("studies", "series", "studies/count")) {
            String level = path.replace("/count", "");
            ToolRun run = terminal(80).with(none).run(path);
            assertEquals("arcget: no " + level + " match" + advice, run.err());
            assertEquals(run.out(), tool().with(none).run(path).succeeds());
        }
        terminal(80).with(none).run("--fail-empty", "studies").says(Exit.NO_MATCH, "nothing matches at", "widen");
        terminal(80).with(none).run("-s", "studies").succeeds();
    }

    @Test
    void plain_objects_have_their_members_as_columns_in_the_order_of_appearance() {
        answers("""
                [{"taskID":"1","status":"COMPLETED","n":1},{"taskID":"2","retries":[1,2],"n":22,"by":{"a":[true]}},
                 {"status":null}]""");
        assertEquals(
                "taskID,status,n,retries,by\n1,COMPLETED,1,,\n2,,22,1\\2,\"{\"\"a\"\":[true]}\"\n,,,,\n",
                get("-f", "csv", "/monitor/export"));
        assertEquals(
                "dicomAETitle      dicomDescription",
                get("-f", "table", "/aets").substring(0, 34));
    }

    @Test
    void an_object_is_a_row_and_other_values_are_a_column() {
        assertEquals("count\n4\n", get("-f", "csv", "studies/count"));
        answers("[\"A\",\"\",null,[1,2],[[3]]]");
        assertEquals("value\nA\n\"\"\n\"\"\n1\\2\n[[3]]\n", get("-f", "csv", "/unique/aets"));
        answers("{\"Modalities\":[\"CT\",\"MR\"]}");
        assertEquals("Modalities\nCT\\MR\n", get("-f", "table", "/modalities"));
        answers("[{}]");
        assertEquals("\n\n", get("-f", "csv", "/x"));
    }

    @Test
    void members_can_be_chosen_and_a_typing_error_is_told() {
        answers("[{\"a\":1,\"b\":{\"c\":2,\"d.e\":3},\"f.g\":4}]");
        assertEquals("f.g,b.c,b.d.e,a\n4,2,3,1\n", get("-f", "csv", "--columns", "f.g,b.c,b.d.e,a", "/x"));
        ToolRun run = tool().run("-f", "csv", "--columns", "dicomAETitel", "/aets");
        assertTrue(run.out().startsWith("dicomAETitel\n\"\"\n"), run::toString);
        assertEquals(
                "arcget: warning: --columns: no element has a member dicomAETitel; did you mean dicomAETitle?\n",
                run.err());
        run = tool().run("-f", "csv", "--columns", "x", "/storage");
        assertTrue(run.err().contains("no element has a member x; there are dcmStorageID, dcmURI, "), run::err);
    }

    @Test
    void data_sets_are_known_wherever_they_are() {
        answers("[{\"00080060\":{\"vr\":\"CS\",\"Value\":[\"CT\"]}}]");
        assertTrue(get("-f", "csv", "/x").startsWith("SeriesNumber,InstanceNumber,Modality,"));
        answers("[{\"00080060\":{\"vr\":\"CS\",\"Value\":[\"CT\"]}}]");
        assertEquals("Modality\nCT\n", get("-f", "csv", "--columns", "Modality", "/x"));
    }

    @Test
    void the_first_thousand_rows_decide_and_later_ones_lose_nothing_silently() {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < 1000; i++) {
            json.append("{\"a\":\"x\",\"b\":1},");
        }
        answers(json + "{\"a\":\"longer\",\"b\":1,\"late\":1},{\"late\":2}]");
        ToolRun run = tool().run("-f", "table", "/x");
        assertEquals("arcget: warning: member late came too late for a column: name it in --columns\n", run.err());
        assertTrue(run.out().startsWith("a  b\nx  1\nx  1\n"), run::out);
        assertTrue(run.out().endsWith("x  1\nlonger  1\n\n"), run::out);
        answers(json + "{\"late\":2}]");
        assertTrue(get("-f", "csv", "--columns", "b,late", "-s", "/x").endsWith("\n1,\n,2\n"));
    }

    @Test
    void several_answers_are_one_csv_if_their_columns_are_the_same_and_tables_each_by_itself() {
        Object[] paths = {"studies/count", "patients/count", "studies/size"};
        assertEquals(
                "count\n4\n3\n\nsize\n",
                tool().run(with("csv", paths)).succeeds().replaceFirst("\\d{5,}\n", ""));
        assertEquals(
                "count\n    4\n\ncount\n    3\n\n   size\n",
                tool().run(with("table", paths)).succeeds().replaceFirst("\\d{5,}\n$", ""));
    }

    @Test
    void secrets_of_devices_are_masked_on_a_terminal() {
        for (String format : List.of("json", "ndjson", "table", "csv")) {
            answers("[" + DEVICE + "]");
            ToolRun run = terminal(2000).run("-f", format, "/devices/keycloak");
            assertEquals("arcget: secrets are shown as *** on a terminal; a pipe or -o FILE gets them\n", run.err());
            for (String secret : List.of("s1", "s2", "s3", "s4", "s5", "4711")) {
                assertFalse(run.out().contains(secret), run::out);
            }
            for (String open : List.of("curl", "a.trustStore-password=***", "plain=1", "ldap://cn:***@host/x")) {
                assertTrue(run.out().contains(open), run::out);
            }
        }
    }

    @Test
    void in_a_pipe_secrets_are_passed_on_with_a_warning() {
        for (String format : List.of("json", "ndjson", "csv")) {
            answers(DEVICE);
            ToolRun run = tool().run("-f", format, "/devices/keycloak");
            assertEquals("arcget: warning: the answer holds secrets: keep it to yourself\n", run.err());
            assertTrue(run.out().contains("a.trustStore-password=s3"), run::out);
            assertEquals(!format.equals("csv"), run.out().equals(DEVICE + "\n"), run::out);
        }
    }

    @Test
    void what_looks_like_a_secret_in_a_data_set_is_none() {
        answers("[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"password=1\"]}}]");
        assertTrue(terminal(80).run("studies").succeeds().contains("password=1"));
    }

    @Test
    void rows_before_a_broken_place_are_delivered() {
        answers("[{\"count\":1},{\"count\":2},{\"cou");
        ToolRun run = tool().run("-f", "ndjson", "/x");
        assertTrue(run.out().startsWith("{\"count\":1}\n{\"count\":2}\n"), run::out);
        run.says(Exit.SERVER_FAILED, "with JSON that is broken at byte", "-f raw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1 2]", "[1]2", "\u0000\u0000\u00ff\u00fe", "nul", "[\"\n\"]"})
    void what_is_no_json_is_no_bug(String text) {
        for (String format : List.of("json", "csv")) {
            answers(text);
            tool().run("-f", format, "/x").says(Exit.SERVER_FAILED, "with JSON that is ", "-f raw");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"a\":NaN}] | broken at byte 9: NaN is not a number in JSON",
                "[{\"a\":-Infinity}] | -Infinity is not a number in JSON",
                "[{\"a\":\"b\tc\"}] | broken at byte 8: the control character 9 is not escaped (TAB)",
                "[{\"a\":\"M\u00fcller\"}] | broken at byte 9: the byte 0xfc is not UTF-8"
            })
    void what_a_server_gets_wrong_in_json_is_named_with_its_place(String text, String what) {
        byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
        for (String format : List.of("json", "csv")) {
            sandbox.archiveServer().web().faults().next(1, Faults.streamed("application/json", out -> out.write(body)));
            tool().run("-f", format, "studies").says(Exit.SERVER_FAILED, what, "-f raw");
        }
    }

    @Test
    void an_archives_own_csv_comes_as_it_is() {
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("text/csv", "\"PatientID\"\r\n"));
        assertEquals("\"PatientID\"\r\n", get("-f", "raw", "--accept", "text/csv", "studies?limit=1"));
    }

    @Test
    void a_reader_that_goes_away_ends_a_long_answer(@TempDir Path folder) throws Exception {
        String[] elements = new String[20_000];
        Arrays.fill(elements, "{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"PAT-0001\"]}}");
        for (String format : List.of("ndjson", "csv")) {
            answers("[" + String.join(",", elements) + "]");
            List<String> command = ToolProcess.command("arcget", List.of(), "-f", format, "studies");
            ToolRun run = ToolProcess.run(
                    List.of("sh", "-c", "{ '" + String.join("' '", command) + "'; echo $? >&2; } | head -1"),
                    Map.of("HOME", folder, "ARC_URL", sandbox.archive(), "ARC_TOKEN", sandbox.token()));
            assertEquals("141\n", run.err(), run::toString);
            assertEquals(1, run.out().lines().count(), run::toString);
        }
    }
}
