//SOURCES ../lib/base/Exit.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java ../lib/sandbox/SampleStudies.java
//SOURCES ../lib/sandbox/StudyIndex.java ../lib/sandbox/WebRequest.java ../scripts/arcget.java ../scripts/sandbox.java
//SOURCES Faults.java ManyStudies.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import lib.sandbox.StudyIndex;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All results of a search, page after page, however the server handles limit and offset. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PagingTest {
    private static final String JSON = "application/dicom+json";

    /** A row that nothing identifies. */
    private static final String TWIN = "{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe\"}]}}";

    private static final StudyIndex MANY = ManyStudies.of(50);
    private static final StudyIndex VERY_MANY = ManyStudies.of(2500);

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @BeforeEach
    void reset() {
        holds(MANY);
        sandbox.archiveServer().maxResults("DCM4CHEE", 20);
        forget();
    }

    private static void forget() {
        sandbox.archiveServer().web().forgetRequests();
    }

    private static void holds(StudyIndex index) {
        sandbox.archiveServer().holds(index);
    }

    private static ToolRun.Setting tool() {
        return sandbox.arcget();
    }

    private static ToolRun get(Object... arguments) {
        return tool().run(arguments);
    }

    /** The UIDs of the studies in {@code json}, in their order. */
    private static List<String> uids(String json) {
        List<String> uids = new ArrayList<>();
        String before = "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"";
        for (int at = json.indexOf(before); at >= 0; at = json.indexOf(before, at + 1)) {
            int from = at + before.length();
            uids.add(json.substring(from, json.indexOf('"', from)));
        }
        return uids;
    }

    private static List<String> numbers(int from, int to) {
        List<String> uids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            uids.add(SampleStudies.ROOT + (100_000 + i));
        }
        return uids;
    }

    @Test
    void a_small_query_is_one_request() {
        holds(SampleStudies.index());
        assertEquals(4, uids(get("studies").succeeds()).size());
        assertEquals(List.of("studies?orderby=StudyInstanceUID&limit=1000"), sandbox.asked());
    }

    @Test
    void all_results_come_in_their_order_as_one_array() {
        holds(VERY_MANY);
        sandbox.archiveServer().maxResults("DCM4CHEE", 1000);
        String out = get("studies").succeeds();
        assertEquals(numbers(0, 2500), uids(out));
        assertTrue(out.startsWith("[{") && out.endsWith("}]\n"), "one array");
        assertFalse(out.contains("]["), "one array");
        assertEquals(
                List.of(
                        "studies?orderby=StudyInstanceUID&limit=1000",
                        "studies/count",
                        "studies?orderby=StudyInstanceUID&limit=1000&offset=1000",
                        "studies?orderby=StudyInstanceUID&limit=1000&offset=2000"),
                sandbox.asked());
    }

    @Test
    void a_server_gives_the_same_rows_however_it_caps_them() {
        holds(VERY_MANY);
        String uncapped = rows(-1, "-f", "ndjson");
        assertEquals(numbers(0, 2500), uids(uncapped));
        assertEquals(uncapped, rows(1000, "-f", "ndjson"));
        assertEquals(uncapped, rows(300, "-f", "ndjson"));
        holds(ManyStudies.of(45));
        assertEquals(rows(-1), rows(2));
        assertEquals(rows(-1, "-f", "csv"), rows(2, "-f", "csv"));
        assertEquals(rows(-1, "--limit", "5"), rows(2, "--limit", "5"));
        assertEquals(rows(-1, "--limit", "5", "--offset", "3"), rows(2, "--limit", "5", "--offset", "3"));
        assertEquals(numbers(3, 8), uids(rows(2, "--limit", "5", "--offset", "3")));
    }

    private static String rows(int cap, Object... options) {
        sandbox.archiveServer().maxResults("DCM4CHEE", cap);
        List<Object> arguments = new ArrayList<>(List.of(options));
        arguments.add("studies");
        return get(arguments.toArray()).succeeds();
    }

    @Test
    void with_a_limit_no_more_is_asked_for_than_is_wanted() {
        holds(VERY_MANY);
        sandbox.archiveServer().maxResults("DCM4CHEE", 1000);
        assertEquals(numbers(0, 1500), uids(get("studies", "--limit", "1500").succeeds()));
        assertEquals(
                List.of(
                        "studies?orderby=StudyInstanceUID&limit=1000",
                        "studies?orderby=StudyInstanceUID&limit=500&offset=1000"),
                sandbox.asked());
        forget();
        assertEquals(
                numbers(2498, 2500),
                uids(get("studies?limit=3", "--offset", "2498").succeeds()));
        assertEquals(List.of("studies?orderby=StudyInstanceUID&limit=3&offset=2498"), sandbox.asked());
        assertEquals("[]\n", get("studies", "-q", "offset=2500").succeeds());
    }

    @Test
    void pages_that_are_just_full_need_no_empty_one_to_end() {
        holds(ManyStudies.of(1000));
        sandbox.archiveServer().maxResults("DCM4CHEE", 1000);
        assertEquals(numbers(0, 1000), uids(get("studies").succeeds()));
        assertEquals(List.of("studies?orderby=StudyInstanceUID&limit=1000", "studies/count"), sandbox.asked());
    }

    @ParameterizedTest
    @CsvSource({
        "studies,                     'studies?orderby=StudyInstanceUID&limit=1000'",
        "studies?orderby=-StudyDate,  'studies?orderby=-StudyDate,StudyInstanceUID&limit=1000'",
        "studies?orderby=-StudyInstanceUID, 'studies?orderby=-StudyInstanceUID&limit=1000'",
        "series?Modality=CT,          'series?Modality=CT&orderby=SeriesInstanceUID&limit=1000'",
        "instances?Modality=CT&StudyID=1, 'instances?Modality=CT&StudyID=1&orderby=SOPInstanceUID&limit=1000'",
        "studies/1.2/instances,       'studies/1.2/instances?orderby=SOPInstanceUID&limit=1000'",
        "patients,                    'patients?orderby=PatientName,PatientBirthDate,PatientSex&limit=1000'",
        "studies?includefield=Rows,   'studies?includefield=Rows&orderby=StudyInstanceUID&limit=1000'",
        "studies/1.2.3,               'studies/1.2.3'",
        "studies/count?limit=3,       'studies/count?limit=3'"
    })
    void what_was_asked_for_stays_and_the_order_is_settled(String path, String expected) {
        holds(SampleStudies.index());
        get(path);
        assertEquals(expected, sandbox.asked().getFirst());
    }

    @Test
    void patients_who_look_alike_all_come() {
        assertEquals(5, get("patients", "-f", "ndjson").succeeds().lines().count());
        sandbox.archiveServer().maxResults("DCM4CHEE", 2);
        assertEquals(
                5,
                new HashSet<>(get("patients", "-f", "ndjson").succeeds().lines().toList()).size());
    }

    @Test
    void the_count_of_a_search_has_its_filters_and_not_its_order() {
        get("studies?StudyDate=20150101-20301231&includefield=StudyID&orderby=StudyDate")
                .succeeds();
        assertEquals(
                "studies/count?StudyDate=20150101-20301231", sandbox.asked().get(1));
    }

    @Test
    void an_archive_that_cannot_count_is_believed() {
        faults(request -> request.path().endsWith("/count") ? Faults.status(404, "text/plain", "") : null);
        assertEquals(numbers(0, 50), uids(get("studies").succeeds()));
    }

    private static void faults(Function<WebRequest, Fault> rule) {
        sandbox.archiveServer().web().faults().rule(request -> {
            Fault fault = rule.apply(request);
            return fault == null ? Fault.none() : fault;
        });
    }

    private static void atOffset(int offset, Fault fault) {
        faults(request -> request.target().endsWith("&offset=" + offset) ? fault : null);
    }

    @Test
    void fewer_results_than_the_archive_counts_are_incomplete() {
        faults(request ->
                request.path().endsWith("/count") ? Faults.garbage("application/json", "{\"count\":60}") : null);
        ToolRun run = get("studies");
        run.says(Exit.INCOMPLETE, "only 50 of 60 results came", "narrow the query");
        assertEquals(numbers(0, 50), uids(run.out()));
        assertTrue(run.out().endsWith("}]\n"), "one whole array");
    }

    @Test
    void a_count_of_fewer_results_than_came_does_not_end_the_list() {
        holds(VERY_MANY);
        sandbox.archiveServer().maxResults("DCM4CHEE", 1000);
        faults(request ->
                request.path().endsWith("/count") ? Faults.garbage("application/json", "{\"count\":5}") : null);
        assertEquals(numbers(0, 2500), uids(get("studies").succeeds()));
        AtomicInteger counts = new AtomicInteger();
        faults(request -> request.target().endsWith("&offset=1000")
                ? Faults.garbage(JSON, "[" + row(1) + "]")
                : request.path().endsWith("/count") && counts.getAndIncrement() == 0
                        ? Faults.garbage("application/json", "{\"count\":5}")
                        : null);
        get("studies").says(Exit.INCOMPLETE, "only 1001 of 2500 results came", "run it again");
    }

    @Test
    void a_study_that_arrives_in_the_meantime_makes_no_row_come_twice() {
        StudyIndex one = ManyStudies.of(50);
        one.patients()
                .getFirst()
                .add("StudyInstanceUID", SampleStudies.ROOT + "0", "StudyDate", "20240101", "StudyTime", "10");
        changesBeforeOffset(20, one);
        assertEquals(numbers(0, 50), uids(get("studies").succeeds()));
    }

    @Test
    void studies_that_go_in_the_meantime_leave_a_gap() {
        changesBeforeOffset(20, new StudyIndex(MANY.patients().subList(1, 5)));
        ToolRun run = get("studies");
        run.says(Exit.INCOMPLETE, "only 40 of 50 results came: a page was cut short, or they changed", "run it again");
    }

    private static void changesBeforeOffset(int offset, StudyIndex index) {
        faults(request -> {
            if (request.target().endsWith("&offset=" + offset)) {
                holds(index);
            }
            return null;
        });
    }

    @Test
    void a_page_that_ends_early_shows_in_the_count() {
        atOffset(20, Faults.garbage(JSON, "[" + row(1) + "]"));
        ToolRun run = get("studies");
        run.says(Exit.INCOMPLETE, "only 21 of 50 results came", "");
        atOffset(20, Faults.garbage(JSON, "[]"));
        get("studies").says(Exit.INCOMPLETE, "only 20 of 50 results came", "");
    }

    @Test
    void a_page_that_ends_early_before_the_limit_shows_too() {
        holds(VERY_MANY);
        sandbox.archiveServer().maxResults("DCM4CHEE", 1000);
        atOffset(1000, Faults.garbage(JSON, "[" + row(1) + "]"));
        get("studies", "--limit", "1500").says(Exit.INCOMPLETE, "only 1001 of 1500 results came", "");
    }

    @Test
    void an_archive_that_promises_more_and_repeats_itself_is_not_asked_for_ever() {
        String more = "299 h:1 \"There are 5 additional results that can be requested\"";
        faults(request -> Faults.status(200, JSON, "[" + row(1) + "," + row(2) + "]", "Warning", more));
        ToolRun run = get("studies", "--limit", "9");
        run.says(Exit.INCOMPLETE, "there are more than these 2 results, but the server repeats itself at offset 4", "");
        assertEquals(List.of("1.1", "1.2"), uids(run.out()));
        assertEquals(2, sandbox.asked().size());
        atOffset(20, Faults.status(200, JSON, "[]", "Warning", more));
        get("studies").says(Exit.INCOMPLETE, "there are more than these 20 results", "narrow the query");
    }

    @Test
    void another_warning_is_passed_on() {
        String warning = "299 h:1 \"The fuzzymatching parameter is not supported\"";
        faults(request -> Faults.status(200, JSON, "[" + row(1) + "]", "Warning", warning));
        get("studies").says(Exit.INCOMPLETE, "may be incomplete: 299 h:1 \"The fuzzymatching parameter", "");
        faults(request -> Faults.status(200, JSON, "[" + row(1) + "]", "Warning", "199 - \"x\", " + warning));
        get("studies").says(Exit.INCOMPLETE, "may be incomplete: 199 - \"x\", 299 h:1", "");
        get("studies/1.2/metadata").says(Exit.INCOMPLETE, "is incomplete: 199 - \"x\", 299 h:1", "");
    }

    @Test
    void paging_ends_where_the_archives_offsets_end() {
        faults(request -> request.path().endsWith("/count")
                ? Faults.garbage("application/json", "{\"count\":123456}")
                : Faults.garbage(JSON, page(parameter(request, "offset", 0), parameter(request, "limit", 0))));
        ToolRun run = get("studies", "-f", "ndjson");
        run.says(
                Exit.INCOMPLETE,
                "only the first 100000 of 123456 results came: the archive's paging ends at offset 99999",
                "narrow the query, for example by StudyDate");
        assertEquals(100_000, run.out().lines().count());
        assertEquals(101, sandbox.asked().size());
    }

    private static String row(int number) {
        return "{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1." + number + "\"]}}";
    }

    private static String page(int from, int rows) {
        StringJoiner page = new StringJoiner(",", "[", "]");
        for (int i = from; i < from + rows; i++) {
            page.add(row(i));
        }
        return page.toString();
    }

    private static int parameter(WebRequest request, String name, int fallback) {
        int at = request.target().indexOf(name + "=");
        if (at < 0) {
            return fallback;
        }
        int end = request.target().indexOf('&', at);
        return Integer.parseInt(request.target()
                .substring(at + name.length() + 1, end < 0 ? request.target().length() : end));
    }

    /** A server other than dcm4chee: it caps pages without a warning and has neither counts nor an order. */
    private static void otherServer(int studies, int cap, boolean heedsLimit, boolean heedsOffset) {
        faults(request -> {
            if (request.target().contains("orderby") || request.path().endsWith("/count")) {
                return Faults.status(400, "text/plain", "unknown");
            }
            int from = heedsOffset ? Math.min(parameter(request, "offset", 0), studies) : 0;
            int most = heedsLimit ? Math.min(cap, parameter(request, "limit", cap)) : cap;
            return Faults.garbage(JSON, page(from, Math.min(most, studies - from)));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, true, true", "5, 100, true, true", "100, 100, true, true", "250, 100, true, true",
        "1500, 5000, true, true", "2000, 5000, true, true", "1500, 5000, false, true", "1500, 5000, false, false",
        "50, 100, true, false", "250, 100, false, true"
    })
    void any_other_server_is_asked_until_nothing_new_comes(int studies, int cap, boolean limits, boolean offsets) {
        otherServer(studies, cap, limits, offsets);
        String root = sandbox.archive().resolve("/dicom-web").toString();
        ToolRun run = ToolRun.of(new arcget()).run("--no-auth", "--rs", root, "studies");
        List<String> uids = uids(run.succeeds());
        assertEquals(studies, uids.size());
        assertEquals(studies, new HashSet<>(uids).size());
    }

    private static ToolRun other(Object... arguments) {
        String root = sandbox.archive().resolve("/dicom-web").toString();
        return ToolRun.of(new arcget())
                .with("--no-auth", "--rs", root, "-f", "ndjson")
                .run(arguments);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void exactly_a_page_is_no_alarm_whatever_a_server_ignores(boolean limits, boolean offsets) {
        otherServer(1000, 5000, limits, offsets);
        assertEquals(1000, other("studies").succeeds().lines().count());
        assertEquals(
                1000, other("studies", "--limit", "1500").succeeds().lines().count());
    }

    @Test
    void more_than_a_page_of_a_server_that_ignores_the_offset_is_an_alarm() {
        otherServer(1500, 5000, true, false);
        ToolRun run = other("studies");
        run.says(Exit.INCOMPLETE, "more than these 1000 results, but the server repeats itself at offset 2000", "");
        assertEquals(1000, run.out().lines().count());
    }

    @ParameterizedTest
    @CsvSource({"3, true", "1500, true", "1000, false", "3, false"})
    void rows_without_a_uid_that_look_alike_all_come(int rows, boolean heedsOffset) {
        faults(request -> {
            int from = heedsOffset ? Math.min(parameter(request, "offset", 0), rows) : 0;
            int to = Math.min(rows, from + parameter(request, "limit", 0));
            return Faults.garbage(JSON, "[" + String.join(",", Collections.nCopies(to - from, TWIN)) + "]");
        });
        assertEquals((TWIN + "\n").repeat(rows), other("studies").succeeds());
    }

    @Test
    void so_do_those_among_others_in_their_order() {
        List<String> rows = new ArrayList<>(Collections.nCopies(1002, TWIN));
        rows.set(500, row(1));
        rows.add(row(2));
        rows.add(TWIN);
        faults(request -> {
            int from = Math.min(parameter(request, "offset", 0), rows.size());
            int to = Math.min(rows.size(), from + parameter(request, "limit", 0));
            return Faults.garbage(JSON, "[" + String.join(",", rows.subList(from, to)) + "]");
        });
        assertEquals(String.join("\n", rows) + "\n", other("studies").succeeds());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void a_refusal_behind_the_last_page_is_the_end(int status) {
        faults(request -> parameter(request, "offset", 0) == 0
                ? Faults.garbage(JSON, page(0, 1000))
                : Faults.status(status, "text/plain", "no such page"));
        assertEquals(1000, other("studies").succeeds().lines().count());
        ToolRun known = get("studies", "-f", "ndjson");
        known.says(Exit.REFUSED, Integer.toString(status), "go on with --offset 1000");
        String more = "299 h:1 \"there are 5 ADDITIONAL RESULTS\"";
        faults(request -> parameter(request, "offset", 0) == 0
                ? Faults.status(200, JSON, page(0, 1000), "Warning", more)
                : Faults.status(status, "text/plain", "no such page"));
        other("studies").says(Exit.REFUSED, Integer.toString(status), "go on with --offset 1000");
    }

    @ParameterizedTest
    @CsvSource({"1500, 0, 1000", "2500, 1000, 2000"})
    void a_refusal_before_the_last_row_is_an_alarm(int rows, int highest, int come) {
        faults(request -> {
            int from = parameter(request, "offset", 0);
            int to = Math.min(rows, from + parameter(request, "limit", 0));
            return from > highest
                    ? Faults.status(400, "text/plain", "no such page")
                    : Faults.garbage(JSON, page(from, to - from));
        });
        ToolRun run = other("studies");
        String alarm = "more than these " + come + " results, but the server refuses to go on at offset " + come;
        run.says(Exit.INCOMPLETE, alarm, "narrow the query");
        assertEquals(come, run.out().lines().count());
    }

    @ParameterizedTest
    @CsvSource({"series, 0020000E, 0020000D", "instances, 00080018, 0020000E", "instances, 00080018, 0020000D"})
    void copies_of_an_object_are_different_rows_on_different_pages_too(String level, String uid, String above) {
        List<String> rows = new ArrayList<>();
        for (String place : List.of("2.1", "2.2")) {
            rows.add("{\"" + uid + "\":{\"vr\":\"UI\",\"Value\":[\"1.1\"]},\"" + above
                    + "\":{\"vr\":\"UI\",\"Value\":[\"" + place + "\"]}}");
        }
        faults(request -> {
            int offset = parameter(request, "offset", 0);
            return Faults.garbage(JSON, offset < rows.size() ? "[" + rows.get(offset) + "]" : "[]");
        });
        assertEquals(String.join("\n", rows) + "\n", other(level).succeeds());
    }

    @ParameterizedTest
    @ValueSource(strings = {JSON, ""})
    void an_empty_answer_is_an_empty_list(String type) {
        faults(request -> Faults.status(200, type, ""));
        assertEquals("[]\n", get("studies").succeeds());
        assertEquals("", other("studies").succeeds());
        get("studies", "--fail-empty").says(Exit.NO_MATCH, "nothing matches", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":\"down\"}", "[{\"error\":{}}]", "null", "[null]", "\"none\"", "[1]"})
    void an_answer_without_data_sets_is_no_list(String answer) {
        faults(request -> Faults.garbage(JSON, answer));
        other("studies")
                .fails(Exit.SERVER_FAILED, "answered 200 with JSON that is not a list of DICOM data sets", "raw");
        get("studies", "-f", "csv").says(Exit.SERVER_FAILED, "not a list", "raw");
    }

    @Test
    void a_206_says_that_there_are_more() {
        faults(request -> {
            int from = parameter(request, "offset", 0);
            return Faults.status(from < 2 ? 206 : 200, JSON, page(from, from < 3 ? 1 : 0));
        });
        assertEquals(3, other("studies").succeeds().lines().count());
        faults(request -> Faults.status(206, JSON, page(0, 1)));
        other("studies").says(Exit.INCOMPLETE, "there are more than these 1 results", "narrow");
        get("studies").says(Exit.INCOMPLETE, "there are more than these 1 results", "narrow");
    }

    @Test
    void a_warning_is_read_whatever_its_case() {
        String more = "299 h:1 \"There Are 5 Additional Results that can be requested\"";
        faults(request -> parameter(request, "offset", 0) == 0
                ? Faults.status(200, JSON, "[" + row(1) + "]", "Warning", more)
                : Faults.garbage(JSON, "[" + row(2) + "]"));
        assertEquals(List.of("1.1", "1.2"), uids(get("studies").succeeds()));
    }

    @Test
    void a_limit_holds_though_a_server_ignores_it() {
        otherServer(250, 250, false, false);
        String root = sandbox.archive().resolve("/dicom-web").toString();
        ToolRun run = ToolRun.of(new arcget()).run("--no-auth", "--rs", root, "studies", "--limit", "7");
        assertEquals(7, uids(run.succeeds()).size());
    }

    @Test
    void a_dcm4chee_archive_is_known_by_its_dicomweb_root() {
        String root = sandbox.archive() + "/aets/DCM4CHEE/rs";
        ToolRun run = tool().env("ARC_URL", "").run("--rs", root, "studies");
        assertEquals(numbers(0, 50), uids(run.succeeds()));
        assertEquals("studies/count", sandbox.asked().get(1));
    }

    @Test
    void a_given_token_that_runs_out_on_the_way_leaves_a_whole_array_and_says_how_to_go_on() {
        atOffset(40, Faults.status(401, "text/html", "<html>", "WWW-Authenticate", "Bearer error=\"invalid_token\""));
        ToolRun run = get("studies");
        run.says(
                Exit.INCOMPLETE,
                "the token ran out on the way",
                "go on with --offset 40 for /dcm4chee-arc/aets/DCM4CHEE/rs/studies");
        assertEquals(numbers(0, 40), uids(run.out()));
        assertTrue(run.out().endsWith("}]\n"), "one whole array");
        sandbox.archiveServer().web().faults().clear();
        assertEquals(numbers(40, 50), uids(get("studies", "--offset", "40").succeeds()));
    }

    @Test
    void arcgets_own_token_is_renewed_on_the_way() {
        int[] refused = {0};
        Fault expired = Faults.status(401, "text/html", "<html>", "WWW-Authenticate", "Bearer error=\"invalid_token\"");
        faults(request -> request.target().endsWith("&offset=20") && refused[0]++ == 0 ? expired : null);
        ToolRun run = ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("studies");
        assertEquals(numbers(0, 50), uids(run.succeeds()));
        assertEquals(2, refused[0]);
    }

    @Test
    void a_body_that_is_cut_leaves_what_came_and_says_how_to_go_on() {
        atOffset(20, Faults.cutOff(10_000));
        ToolRun run = get("studies", "-f", "ndjson", "-H", "Accept-Encoding: identity");
        int came = uids(run.out()).size();
        assertTrue(came > 20 && came < 40, () -> came + " rows");
        run.says(Exit.NO_ANSWER, "ended early", "go on with --offset " + came);
        assertEquals(numbers(0, came), uids(run.out()));
        atOffset(20, Faults.cutOff(100));
        get("studies").says(Exit.NO_ANSWER, "ended early", "go on with --offset 20");
    }

    @Test
    void what_breaks_between_pages_keeps_its_code() {
        atOffset(20, Faults.status(500, "text/plain", "java.lang.IllegalStateException\n\tat x"));
        get("studies").says(Exit.SERVER_FAILED, "failed with 500", "go on with --offset 20");
        atOffset(20, Faults.garbage(JSON, "[" + row(1) + ",{"));
        get("studies").says(Exit.SERVER_FAILED, "JSON that is broken", "go on with --offset 21");
        atOffset(20, Faults.garbage("text/html", "<html>Login</html>"));
        get("studies").says(Exit.SERVER_FAILED, "with an HTML page", "go on with --offset 20");
        atOffset(20, Faults.reset());
        get("studies", "--retry", "0").says(Exit.NO_ANSWER, "", "go on with --offset 20");
        atOffset(0, Fault.none());
        faults(request -> Faults.garbage("text/html", "<html>Login</html>"));
        get("studies").fails(Exit.SERVER_FAILED, "with an HTML page", "-f raw");
    }

    @Test
    void a_restart_between_pages_is_waited_for() {
        int[] asked = {0};
        faults(request -> request.target().endsWith("&offset=20") && asked[0]++ == 0
                ? Faults.status(503, "text/plain", "", "Retry-After", "0")
                : null);
        assertEquals(numbers(0, 50), uids(tool().run("studies", "-s").succeeds()));
    }

    @Test
    void a_file_holds_what_is_incomplete_but_nothing_that_broke(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("studies.json");
        atOffset(20, Faults.cutOff(100));
        get("studies", "-o", file).fails(Exit.NO_ANSWER, "ended early", "");
        assertFalse(Files.exists(file));
        atOffset(20, Faults.garbage(JSON, "[]"));
        get("studies", "-o", file).fails(Exit.INCOMPLETE, "only 20 of 50", "");
        assertEquals(numbers(0, 20), uids(Files.readString(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f raw studies", "--accept text/csv studies", "studies?accept=text%2Fcsv"})
    void what_is_passed_on_as_it_comes_is_one_request(String arguments) {
        String warning = "299 archive \"There are 30 additional results that can be requested\"";
        sandbox.archiveServer()
                .web()
                .faults()
                .next(1, Faults.status(200, "text/csv", "\"PatientID\"\r\n", "Warning", warning));
        ToolRun run = get((Object[]) arguments.split(" "));
        run.says(Exit.INCOMPLETE, "There are 30 additional results", "");
        assertEquals(1, sandbox.asked().size());
        assertFalse(sandbox.asked().getFirst().contains("limit"), sandbox.asked()::toString);
    }

    @Test
    void a_limit_goes_with_what_is_passed_on_as_it_comes() {
        get("-f", "raw", "studies", "--limit", "5", "--offset", "2").succeeds();
        assertEquals(List.of("studies?limit=5&offset=2"), sandbox.asked());
    }

    @Test
    void an_explicit_json_type_is_paged_too() {
        assertEquals(
                50,
                uids(get("studies", "--accept", "application/json").succeeds()).size());
        assertEquals(50, uids(get("studies?accept=application/json").succeeds()).size());
        assertEquals(50, uids(get("studies/", "--accept", "*/*").succeeds()).size());
        assertTrue(sandbox.asked().contains("studies/count"), sandbox.asked()::toString);
        assertFalse(sandbox.asked().contains("studies//count"), sandbox.asked()::toString);
    }

    @Test
    void several_paths_are_paged_one_after_the_other() {
        ToolRun run = get("studies", "studies/count", "studies?limit=2");
        List<String> all = new ArrayList<>(numbers(0, 50));
        all.addAll(numbers(0, 2));
        assertEquals(all, uids(run.succeeds()));
        assertTrue(run.out().contains("}]\n{\"count\":50}\n[{"), "in their order");
    }

    @ParameterizedTest
    @CsvSource({
        "json, studies, '[]\n'",
        "ndjson, studies, ''",
        "json, studies/count, '{\"count\":0}\n'",
        "raw, studies, ''"
    })
    void nothing_found_is_a_failure_only_where_that_is_wanted(String format, String path, String out) {
        Object[] arguments = {"-f", format, path, "-q", "PatientID=none"};
        assertEquals(out, get(arguments).succeeds());
        ToolRun run = get("--fail-empty", "-f", format, path, "-q", "PatientID=none");
        run.says(Exit.NO_MATCH, "nothing matches at /dcm4chee-arc/aets/DCM4CHEE/rs/studies", "widen the query");
        assertEquals(out, run.out());
        get("--fail-empty", "-f", format, "studies", "--limit", "1").succeeds();
    }

    @Test
    void tables_have_their_header_line_where_nothing_is_found() {
        for (String format : List.of("table", "csv")) {
            String none = get("-f", format, "studies", "-q", "PatientID=none").succeeds();
            assertEquals(1, none.lines().count(), none);
            assertTrue(none.contains("StudyInstanceUID"), none);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "text/json", "binary", ""})
    void a_list_is_json_whatever_its_media_type_says(String type) {
        holds(SampleStudies.index());
        String rows = get("studies").succeeds();
        String csv = get("-f", "csv", "--columns", "StudyDate", "studies").succeeds();
        calls(type, rows);
        assertEquals(rows, get("studies").succeeds());
        calls(type, rows);
        assertEquals(csv, get("-f", "csv", "--columns", "StudyDate", "studies").succeeds());
        calls(type, rows);
        assertEquals(uids(rows).subList(0, 1), uids(get("--limit", 1, "studies").succeeds()));
        calls(type, "[]");
        get("--fail-empty", "studies").says(Exit.NO_MATCH, "nothing matches", "");
        calls(type, "{\"count\":0}");
        get("--fail-empty", "studies/count").says(Exit.NO_MATCH, "nothing matches", "");
        calls(type, "{\"a\":1}");
        assertEquals("a\n1\n", get("-f", "csv", "/metrics").succeeds());
        calls(type, "{\"a\":1 }");
        assertEquals("{\"a\":1 }", get("/metrics").succeeds(), "nobody asked for JSON");
    }

    @Test
    void a_list_that_is_no_json_is_told_with_what_it_is_called() {
        for (String[] arguments : List.of(
                new String[] {"studies"}, new String[] {"studies/count"}, new String[] {"-f", "json", "/metrics"})) {
            calls("text/plain", "Nothing here");
            get((Object[]) arguments)
                    .fails(Exit.SERVER_FAILED, "with text/plain in place of JSON: broken at", "-f raw");
            calls("text/html", "<html>");
            get((Object[]) arguments).fails(Exit.SERVER_FAILED, "with an HTML page", "-f raw");
        }
        calls("text/csv", "PatientID\n");
        assertEquals("PatientID\n", get("--accept", "text/csv", "studies").succeeds());
    }

    private static void calls(String type, String body) {
        sandbox.archiveServer().web().faults().next(1, Faults.garbage(type, body));
    }

    @Test
    void an_empty_array_is_no_match_too() {
        faults(request -> Faults.garbage(JSON, "[]"));
        assertEquals("[]\n", get("studies").succeeds());
        get("studies", "--fail-empty").says(Exit.NO_MATCH, "nothing matches", "");
        get("/monitor/export", "--fail-empty").says(Exit.NO_MATCH, "nothing matches", "");
        assertEquals(3, sandbox.asked().size());
    }

    @Test
    void a_match_among_several_paths_does_not_hide_that_another_has_none() {
        ToolRun run = get("--fail-empty", "studies/count", "studies?PatientID=none");
        run.says(Exit.NO_MATCH, "nothing matches", "");
        assertEquals("{\"count\":50}\n[]\n", run.out());
    }

    @Test
    void what_the_columns_need_is_asked_for() {
        get("-f", "csv", "studies", "--columns", "StudyInstanceUID,StationName", "-q", "includefield=StudyID")
                .succeeds();
        assertTrue(sandbox.asked().getFirst().contains("includefield=StudyID,StationName&"), sandbox.asked()::toString);
        forget();
        get("-f", "csv", "studies", "--columns", "StationName", "-q", "includefield=all")
                .succeeds();
        assertTrue(sandbox.asked().getFirst().contains("includefield=all&"), sandbox.asked()::toString);
    }
}
