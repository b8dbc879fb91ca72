//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Clients.java
//SOURCES ../lib/sandbox/Fault.java ../lib/sandbox/SampleStudies.java ../scripts/arcget.java ../scripts/sandbox.java
//SOURCES Downloads.java Faults.java Permissions.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Clients;
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

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DownloadTest {
    private static final String ROOT = SampleStudies.ROOT;

    /** What is said of each instance that is missing, before the error. */
    private static final String MISSING =
            "arcget: (study|instance) \\S+ is missing: .*|arcget: \\d+ (more )?are missing in study .*";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("out");
    }

    private ToolRun download(Object... arguments) {
        return downloadFrom(sandbox.archive().toString(), arguments);
    }

    private ToolRun downloadFrom(String url, Object... arguments) {
        return ToolRun.of(new arcget())
                .stdin(sandbox.token())
                .with("--url", url, "--download", out())
                .run(arguments);
    }

    /** The line of JSON that a run printed for its only study. */
    private static Map<String, Object> line(String out) throws Exception {
        assertEquals(1, out.lines().count(), out);
        return Json.asObject(Json.parse(out));
    }

    private static List<String> instances(int study, int series, int from, int to) {
        List<String> instances = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            String uid = ROOT + study + "." + series;
            instances.add(ROOT + study + "/" + uid + "/" + uid + "." + i);
        }
        return instances;
    }

    private static List<String> study(int series, int instances) {
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= series; i++) {
            all.addAll(instances(1, i, 1, instances));
        }
        return all;
    }

    private void assertHere(List<String> instances) throws Exception {
        assertEquals(Downloads.expected(archive, instances), Downloads.of(out()));
    }

    private long retrieves() {
        return archive.web().requests().stream().filter(Faults::isRetrieve).count();
    }

    @ParameterizedTest
    @CsvSource({"http,1", "http,8", "https,1", "https,8"})
    void files_are_what_was_stored_byte_for_byte(String scheme, int jobs) throws Exception {
        Path certificate =
                Files.writeString(folder.resolve("ca.pem"), sandbox.identity().pem());
        String url = (scheme.equals("http") ? sandbox.archive() : sandbox.archiveHttps()).toString();
        // More than the buffer for the parts of an answer.
        archive.pixelBytes(32_768 * 10);
        archive.holds(SampleStudies.one(3, 12));
        ToolRun run = downloadFrom(url, "--cacert", certificate, "-j", jobs, "studies/" + ROOT + 1);
        Map<String, Object> line = line(run.succeeds());
        assertEquals(ROOT + 1, line.get("study"));
        assertEquals("[3, 36, 36, 0]", numbers(line));
        assertEquals(List.of(), line.get("missing"));
        assertHere(study(3, 12));
    }

    private static String numbers(Map<String, Object> line) {
        return List.of(line.get("series"), line.get("instances"), line.get("downloaded"), line.get("skipped"))
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "studies/R1,20",
        "studies/R1/,20",
        "studies/R1/series/R1.2,8",
        "studies/R1/series/R1.2/instances/R1.2.3,1",
        "studies?PatientID=PAT-0001,26",
        "series?Modality=PT,3",
        "studies/R4/series?Modality=CT,3",
        "studies/R1/instances?InstanceNumber=3,2",
        "instances?InstanceNumber=12,1",
        "studies,65",
    })
    void a_path_names_or_finds_what_is_downloaded(String path, int count) throws Exception {
        download(path.replace("R", ROOT)).succeeds();
        assertEquals(count, Downloads.of(out()).size());
    }

    @Test
    void queries_narrow_a_search_and_paths_may_overlap() throws Exception {
        ToolRun run = download("studies", "studies", "-q", "PatientID=PAT-0001", "-q", "StudyDate=20240115");
        assertEquals("[2, 20, 20, 0]", numbers(line(run.succeeds())));
        ToolRun none = download("studies", "-q", "PatientID=none");
        none.after("arcget: nothing to download: nothing matches; names and descriptions written in CAPITALS")
                .succeeds();
        assertEquals("", none.out());
        assertEquals("", download("studies", "-q", "PatientID=none", "-s").succeeds());
        download("studies", "-q", "PatientID=none", "--fail-empty").fails(Exit.NO_MATCH, "nothing matches", "widen");
    }

    @Test
    void studies_come_once_each_in_the_order_in_which_they_were_named_and_found() throws Exception {
        ToolRun run = download(
                "-j", 1, "studies/" + ROOT + 3, "instances", "studies", "studies/" + ROOT + 2 + "/series", "instances");
        List<Object> studies = new ArrayList<>();
        for (String line : run.succeeds().lines().toList()) {
            studies.add(Json.asObject(Json.parse(line)).get("study"));
        }
        assertEquals(List.of(ROOT + 3, ROOT + 1, ROOT + 2, ROOT + 4), studies);
        assertEquals(65, Downloads.of(out()).size());
        assertEquals(8, retrieves());
    }

    @Test
    void an_instance_may_be_named_beside_its_series() throws Exception {
        archive.holds(SampleStudies.one(1, 1));
        String series = "studies/" + ROOT + "1/series/" + ROOT + "1.1";
        ToolRun run = download(series + "/instances/" + ROOT + "1.1.1", series);
        assertEquals("[1, 1, 1, 0]", numbers(line(run.succeeds())));
    }

    @Test
    void more_instances_than_the_archive_lists_at_a_time_all_come() throws Exception {
        archive.holds(SampleStudies.one(2, 25));
        archive.maxResults("DCM4CHEE", 10);
        try {
            download("studies").succeeds();
        } finally {
            archive.maxResults("DCM4CHEE", 1000);
        }
        assertHere(study(2, 25));
    }

    @Test
    void a_study_that_may_be_listed_in_part_does_not_keep_the_others_from_coming() throws Exception {
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/studies/" + ROOT + "1/instances")
                        ? Faults.status(
                                200,
                                "application/dicom+json",
                                listed(ROOT + 1, 1),
                                "Warning",
                                "299 archive \"one is offline\"")
                        : Fault.none());
        ToolRun run = download("-j", 1, "studies");
        run.after("the answer may be incomplete")
                .says(Exit.INCOMPLETE, "the answer may be incomplete", "run the same command again");
        assertEquals(1 + 20 + 19 + 6, Downloads.of(out()).size());
    }

    @Test
    void a_search_that_breaks_off_leaves_what_it_found() throws Exception {
        archive.maxResults("DCM4CHEE", 10);
        archive.web()
                .faults()
                .rule(request -> String.valueOf(request.query()).endsWith("offset=20")
                        ? Faults.status(500, "text/plain", "java.lang.NullPointerException")
                        : Fault.none());
        ToolRun run = download("instances");
        archive.maxResults("DCM4CHEE", 1000);
        run.after("500").says(Exit.INCOMPLETE, "500", "run the same command again");
        assertFalse(run.err().contains("--offset"), run::err);
        assertEquals(20, Downloads.of(out()).size());
    }

    /** A list of so many instances of the first series of a study. */
    private static String listed(String study, int instances) {
        List<Object> rows = new ArrayList<>();
        for (int i = 1; i <= instances; i++) {
            rows.add(Map.of(
                    "0020000D", Map.of("vr", "UI", "Value", List.of(study)),
                    "0020000E", Map.of("vr", "UI", "Value", List.of(study + ".1")),
                    "00080018", Map.of("vr", "UI", "Value", List.of(study + ".1." + i))));
        }
        return Json.compact(rows);
    }

    @Test
    void rows_that_are_listed_twice_stand_for_one_instance() throws Exception {
        String rows = listed(ROOT + 1, 2);
        String twice = rows.substring(0, rows.length() - 1) + "," + rows.substring(1);
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/instances")
                        ? Faults.garbage("application/dicom+json", twice)
                        : Fault.none());
        assertEquals(
                "[1, 2, 2, 0]", numbers(line(download("studies/" + ROOT + 1).succeeds())));
    }

    @Test
    void what_is_here_is_skipped_and_what_is_broken_replaced() throws Exception {
        String path = "studies/" + ROOT + 1;
        download(path).succeeds();
        Path series = out().resolve(ROOT + 1).resolve(ROOT + "1.2");
        Files.delete(series.resolve(ROOT + "1.2.1.dcm"));
        Files.write(series.resolve(ROOT + "1.2.2.dcm"), new byte[0]);
        Files.writeString(series.resolve(ROOT + "1.2.3.dcm"), "<html>");
        Files.copy(
                series.resolve(ROOT + "1.2.5.dcm"),
                series.resolve(ROOT + "1.2.4.dcm"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        archive.web().forgetRequests();
        assertEquals("[2, 20, 4, 16]", numbers(line(download(path).succeeds())));
        assertEquals(4, retrieves());
        archive.web().forgetRequests();
        assertEquals("[2, 20, 0, 20]", numbers(line(download(path).succeeds())));
        assertEquals(0, retrieves());
        List<String> all = new ArrayList<>(instances(1, 1, 1, 12));
        all.addAll(instances(1, 2, 1, 8));
        assertHere(all);
    }

    @ParameterizedTest
    @CsvSource({"30,1", "28,1", "16,1", "15,15", "1,1"})
    void a_series_of_which_most_is_missing_is_asked_for_whole(int missing, int requests) throws Exception {
        archive.holds(SampleStudies.one(1, 30));
        String path = "studies/" + ROOT + 1;
        download(path).succeeds();
        Path series = out().resolve(ROOT + 1).resolve(ROOT + "1.1");
        for (int i = 1; i <= missing; i++) {
            Files.delete(series.resolve(ROOT + "1.1." + i + ".dcm"));
        }
        archive.web().forgetRequests();
        assertEquals(
                "[1, 30, " + missing + ", " + (30 - missing) + "]",
                numbers(line(download(path).succeeds())));
        assertEquals(requests, retrieves());
        assertHere(study(1, 30));
    }

    @Test
    void what_the_archive_has_lost_is_named_and_asked_for_alone_the_next_time() throws Exception {
        archive.lose(ROOT + "1.1.7");
        ToolRun run = download("--retry", 1, "studies/" + ROOT + 1);
        run.afterAll(MISSING).says(Exit.INCOMPLETE, "1 of 20 instances are missing", "run the same command again");
        assertTrue(run.err().contains("instance " + ROOT + "1.1.7 is missing: "), run::err);
        assertTrue(run.err().contains(" failed with 500: /storage/fs1/"), "the file on its disk: " + run.err());
        assertEquals(List.of(ROOT + "1.1.7"), line(run.out()).get("missing"));
        assertEquals(19, Downloads.of(out()).size());
        archive.web().forgetRequests();
        download("--retry", 1, "studies/" + ROOT + 1).afterAll(MISSING).says(Exit.INCOMPLETE, "1 of 20", "");
        assertTrue(
                archive.web().requests().stream()
                        .filter(Faults::isRetrieve)
                        .allMatch(request -> request.path().endsWith("/" + ROOT + "1.1.7")),
                "only the missing one");
        archive.findLost();
        download("studies/" + ROOT + 1).succeeds();
        assertEquals(20, Downloads.of(out()).size());
    }

    @Test
    void what_is_missing_is_listed_in_the_archives_order() throws Exception {
        List<String> lost = List.of(ROOT + "1.1.10", ROOT + "1.1.11", ROOT + "1.1.2", ROOT + "1.2.3");
        for (String uid : lost) {
            archive.lose(uid);
        }
        assertEquals(
                lost, line(download("--retry", 0, "studies/" + ROOT + 1).out()).get("missing"));
    }

    @Test
    void without_retries_nothing_is_asked_for_twice() {
        archive.lose(ROOT + "1.1.7");
        download("--retry", 0, "studies/" + ROOT + "1/series/" + ROOT + "1.1/instances/" + ROOT + "1.1.7")
                .afterAll(MISSING)
                .says(Exit.SERVER_FAILED, "nothing was downloaded", "");
        assertEquals(1, retrieves());
        archive.web().forgetRequests();
        download("--retry", 0, "studies/" + ROOT + 1).afterAll(MISSING).says(Exit.INCOMPLETE, "1 of 20", "");
        // Two series, and what the first broke off before: the 7th to the 12th.
        assertEquals(2 + 6, retrieves());
    }

    @Test
    void where_nobody_is_let_in_the_archive_is_asked_once() {
        archive.web()
                .faults()
                .rule(request -> request.path().contains("/studies/")
                        ? Faults.status(401, "text/html", "Unauthorized", "WWW-Authenticate", "Bearer")
                        : Fault.none());
        ToolRun run = download("-j", 1, "studies/1.2.3", "studies/1.2.4", "studies/1.2.5");
        run.afterAll(MISSING).says(Exit.REFUSED, "refused the token (401)", "");
        assertEquals(
                1,
                archive.web().requests().stream()
                        .filter(request -> request.path().contains("/studies/"))
                        .count());
    }

    @Test
    void when_the_time_for_everything_is_over_nothing_else_is_asked_for() {
        CountDownLatch never = new CountDownLatch(1);
        archive.web().faults().rule(request -> Faults.isRetrieve(request) ? Faults.heldUntil(never) : Fault.none());
        ToolRun run = download("-m", 2, "studies/" + ROOT + 1);
        never.countDown();
        run.afterAll(MISSING).says(Exit.NO_ANSWER, "not done in time (--max-time)", "raise it");
        assertTrue(run.err().contains("arcget: 20 are missing in study " + ROOT + 1), run::err);
        assertTrue(retrieves() <= 2, run::err);
    }

    @Test
    void where_nothing_can_be_had_the_exit_code_is_that_of_the_reason() {
        ToolRun unknown = download("studies/1.2.3");
        unknown.fails(Exit.REFUSED, "nothing was downloaded: ", "is the UID right");
        assertEquals(2, unknown.err().lines().count(), unknown::err);
        archive.lose(ROOT + "1.1.7");
        ToolRun run =
                download("--retry", 1, "studies/" + ROOT + "1/series/" + ROOT + "1.1/instances/" + ROOT + "1.1.7");
        assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
    }

    @Test
    void requests_that_fail_by_chance_cost_nothing_but_time() throws Exception {
        archive.holds(SampleStudies.one(4, 500));
        archive.pixelBytes(2_000);
        archive.maxResults("DCM4CHEE", -1);
        archive.web()
                .faults()
                .rule(Faults.sometimes(
                        4711,
                        5,
                        Faults::isRetrieve,
                        Faults.reset(),
                        Faults.status(503, "text/html", "busy", "Retry-After", "0"),
                        Faults.cutOff(1_500),
                        Faults.cutOffChunked(1_500)));
        ToolRun run = download("-j", 8, "studies");
        assertEquals("[4, 2000, 2000, 0]", numbers(line(run.succeeds())));
        archive.maxResults("DCM4CHEE", 1000);
        assertHere(study(4, 500));
    }

    /** What an archive answers that is started again, as often as a whole round of retries takes and then once more. */
    private static Fault restart(AtomicInteger asked) {
        int number = asked.incrementAndGet();
        if (number > 11) {
            return Fault.none();
        }
        return number < 10 && number % 3 == 1
                ? Faults.reset()
                : number < 10
                        ? Faults.status(503, "text/html", "<html>busy</html>", "Retry-After", "0")
                        : Faults.status(404, "text/html", "<html>404 - Not Found</html>");
    }

    @Test
    void an_archive_that_is_started_again_is_waited_for() throws Exception {
        archive.holds(SampleStudies.one(1, 1));
        AtomicInteger asked = new AtomicInteger();
        archive.web().faults().rule(request -> Faults.isRetrieve(request) ? restart(asked) : Fault.none());
        ToolRun run = download("studies/" + ROOT + 1);
        assertEquals(0, run.exit(), run::toString);
        assertEquals("arcget: the archive is not responding; waiting for it, up to 2 min\n", run.err());
        assertHere(study(1, 1));
    }

    @Test
    void an_archive_that_is_busy_is_not_said_to_be_away() throws Exception {
        archive.holds(SampleStudies.one(1, 1));
        AtomicInteger asked = new AtomicInteger();
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) && asked.incrementAndGet() <= 3
                        ? Faults.status(429, "text/plain", "slower", "Retry-After", "0")
                        : Fault.none());
        ToolRun run = download("--retry", 1, "studies/" + ROOT + 1);
        assertEquals(0, run.exit(), run::toString);
        assertEquals("arcget: the archive takes no more requests (429); waiting for it, up to 2 min\n", run.err());
        assertHere(study(1, 1));
    }

    @Test
    void a_list_of_instances_is_waited_for_too() throws Exception {
        archive.holds(SampleStudies.one(1, 1));
        AtomicInteger asked = new AtomicInteger();
        archive.web().faults().rule(request -> request.path().endsWith("/instances") ? restart(asked) : Fault.none());
        ToolRun run = download("studies");
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("the archive is not responding"), run::toString);
        assertHere(study(1, 1));
    }

    @Test
    void what_an_archive_that_is_back_has_missed_is_asked_for_once_more() throws Exception {
        archive.holds(SampleStudies.one(1, 3));
        AtomicInteger asked = new AtomicInteger();
        // The series, and three rounds of the three in vain, each of them twice; in the fourth only the first is.
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) && asked.incrementAndGet() <= 2 + 3 * 6 + 2
                        ? Faults.status(503, "text/html", "busy", "Retry-After", "0")
                        : Fault.none());
        ToolRun run = download("-j", 1, "--retry", 1, "studies/" + ROOT + 1);
        assertEquals(0, run.exit(), run::toString);
        assertHere(study(1, 3));
    }

    @ParameterizedTest
    @CsvSource({"404,text/html", "429,text/plain", "503,text/html"})
    void one_instance_that_meets_a_restart_is_asked_for_again_though_the_others_came(int status, String type)
            throws Exception {
        AtomicInteger asked = new AtomicInteger();
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith(ROOT + "1.1.2") && asked.incrementAndGet() <= 3
                        ? Faults.status(status, type, "not now", "Retry-After", "0")
                        : Fault.none());
        String search = "studies/" + ROOT + "1/instances?InstanceNumber=";
        ToolRun run = download("-j", 1, search + 1, search + 2, search + 3);
        assertEquals(0, run.exit(), run::toString);
        assertEquals(6, Downloads.of(out()).size());
    }

    @Test
    void a_list_that_fails_while_others_come_is_asked_for_again() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        archive.web()
                .faults()
                .rule(request ->
                        request.path().endsWith("/studies/" + ROOT + "2/instances") && asked.incrementAndGet() <= 4
                                ? Faults.status(503, "text/html", "busy", "Retry-After", "0")
                                : Fault.none());
        ToolRun run = download("studies");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(65, Downloads.of(out()).size());
    }

    @Test
    void an_archive_that_was_never_there_or_has_a_bug_is_not_waited_for() {
        archive.web().faults().rule(request -> Faults.status(503, "text/html", "busy", "Retry-After", "0"));
        download("--retry", 1, "studies/" + ROOT + 1).fails(Exit.SERVER_FAILED, "503", "");
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) ? Faults.status(500, "text/plain", "bug") : Fault.none());
        ToolRun run = download("--retry", 1, "studies/" + ROOT + 1);
        run.afterAll(MISSING).says(Exit.SERVER_FAILED, "nothing was downloaded", "");
        assertFalse(run.err().contains("not responding"), run::err);
    }

    @Test
    void a_given_token_that_runs_out_ends_the_run_with_how_to_go_on() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) && asked.incrementAndGet() > 1
                        ? Faults.status(401, "text/html", "Unauthorized", "WWW-Authenticate", "Bearer")
                        : Fault.none());
        ToolRun run = download("-j", 1, "studies/" + ROOT + 1);
        run.afterAll(MISSING).says(Exit.INCOMPLETE, "the token ran out on the way", "run it again with a fresh token");
        assertTrue(Downloads.of(out()).size() >= 8, run::toString);
        archive.web().faults().clear();
        download("studies/" + ROOT + 1).succeeds();
    }

    @Test
    void a_disk_that_is_too_small_is_named_before_anything_is_asked_for() throws Exception {
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/studies/size")
                        ? Faults.garbage("application/json", "{\"size\":4000000000000000}")
                        : Fault.none());
        ToolRun run = download("studies/" + ROOT + 1);
        run.says(Exit.FAILED, "no space for 4000 TB", "free some space");
        assertEquals(2, run.err().lines().count(), run::err);
        assertEquals(0, retrieves());
        assertEquals(Map.of(), Downloads.of(out()));
    }

    @Test
    void what_is_downloaded_is_for_its_owner_alone() throws Exception {
        download("studies/" + ROOT + 1).succeeds();
        try (var files = Files.walk(out())) {
            for (Path file : files.toList()) {
                String expected = Files.isDirectory(file) ? "rwx------" : "rw-------";
                assertEquals(expected, Permissions.of(file), file::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void no_link_is_followed_out_of_the_folder(boolean isSeries) throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = out().resolve(ROOT + 1);
        if (isSeries) {
            link = Files.createDirectories(link).resolve(ROOT + "1.1");
        }
        Files.createDirectories(out());
        Files.createSymbolicLink(link, elsewhere);
        ToolRun run = download("studies/" + ROOT + "1/series/" + ROOT + "1.1");
        run.afterAll(MISSING).says(Exit.FAILED, "is a link or a file, not a folder", "remove it");
        assertEquals(Map.of(), Downloads.of(elsewhere));
    }

    private static void give(Path file, int owner) throws Exception {
        assumeTrue(Files.getAttribute(file, "unix:uid").equals(0), "only root can give a file away");
        Files.setAttribute(file, "unix:uid", owner);
    }

    @Test
    void a_file_that_somebody_else_put_there_does_not_count() throws Exception {
        String study = "studies/" + ROOT + 1 + "/series/" + ROOT + "1.1";
        int all = Integer.parseInt(numbers(line(download(study).succeeds())).split(", ")[1]);
        Path file;
        try (var files = Files.walk(out())) {
            file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] forged = Files.readAllBytes(file);
        forged[forged.length - 1] ^= 1;
        Files.write(file, forged);
        assertEquals(
                "[1, " + all + ", 0, " + all + "]", numbers(line(download(study).succeeds())));
        give(file, 12_345);
        assertEquals(
                "[1, " + all + ", 1, " + (all - 1) + "]",
                numbers(line(download(study).succeeds())));
        assertFalse(Arrays.equals(forged, Files.readAllBytes(file)));
        assertEquals(0, Files.getAttribute(file, "unix:uid"));
    }

    @Test
    void the_owner_of_the_folder_may_have_put_files_there_and_is_told_of_once() throws Exception {
        String study = "studies/" + ROOT + 1;
        download(study).succeeds();
        try (var files = Files.walk(out())) {
            for (Path file : files.toList()) {
                give(file, 12_345);
            }
        }
        ToolRun again = download(study).after("warning: " + out() + " belongs to somebody else");
        assertEquals("[2, 20, 0, 20]", numbers(line(again.succeeds())));
    }

    @Test
    void a_folder_that_others_can_write_to_earns_one_warning() throws Exception {
        String study = "studies/" + ROOT + 1;
        download(study).succeeds();
        Permissions.set(out(), "rwxrwxrwx");
        download(study).after("others can write to " + out() + " and replace").succeeds();
        Permissions.set(out(), "rwx------");
        Path inner = out().resolve(ROOT + 1).resolve(ROOT + "1.2");
        Permissions.set(inner, "rwxrwx---");
        download(study).after("others can write to " + inner + " and replace").succeeds();
        Permissions.set(inner, "rwx------");
        give(inner, 12_345);
        download(study).after("others can write to " + inner + " and replace").succeeds();
    }

    @Test
    void a_link_under_a_files_name_is_replaced_and_not_written_through() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path series = Files.createDirectories(out().resolve(ROOT + 1).resolve(ROOT + "1.1"));
        Files.createSymbolicLink(series.resolve(ROOT + "1.1.1.dcm"), victim);
        download("studies/" + ROOT + "1/series/" + ROOT + "1.1").succeeds();
        assertEquals("precious", Files.readString(victim));
        assertHere(instances(1, 1, 1, 12));
    }

    @Test
    void leftovers_of_a_killed_run_are_removed() throws Exception {
        Path left = Files.createDirectories(out().resolve(".arcget-dead"));
        Files.createFile(left.resolve("lock"));
        Files.write(left.resolve("1.part"), new byte[1000]);
        download("studies/" + ROOT + 1).succeeds();
        assertFalse(Files.exists(left));
    }

    @Test
    void leftovers_that_cannot_be_removed_are_in_nobodys_way() throws Exception {
        Path odd = Files.createDirectories(out().resolve(".arcget-odd/lock")).getParent();
        Path left = Files.createDirectories(out().resolve(".arcget-dead"));
        Files.createFile(left.resolve("lock"));
        Files.createFile(left.resolve("1.part"));
        Path other = Files.writeString(left.resolve("somebody's"), "precious");
        download("studies/" + ROOT + 1).succeeds();
        assertTrue(Files.exists(odd));
        assertEquals("precious", Files.readString(other));
        assertFalse(Files.exists(left.resolve("1.part")));
    }

    @Test
    void the_transfer_syntax_is_that_of_the_stored_object_unless_another_is_asked_for() throws Exception {
        download("studies/" + ROOT + "1/series/" + ROOT + "1.1").succeeds();
        String accept = archive.web().requests().getLast().header("Accept");
        assertEquals("multipart/related;type=\"application/dicom\";transfer-syntax=*", accept);
        Path other = folder.resolve("implicit");
        ToolRun.of(new arcget())
                .stdin(sandbox.token())
                .run(
                        "--url",
                        sandbox.archive(),
                        "--download",
                        other,
                        "--transfer-syntax",
                        "1.2.840.10008.1.2",
                        "studies/" + ROOT + "1/series/" + ROOT + "1.1")
                .succeeds();
        Path file = other.resolve(ROOT + 1).resolve(ROOT + "1.1").resolve(ROOT + "1.1.1.dcm");
        assertTrue(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("1.2.840.10008.1.2\0"));
    }

    @Test
    void what_the_archive_cannot_transcode_is_missing_and_the_others_come_as_asked_for() {
        String series = "studies/" + ROOT + "1/series/" + ROOT + "1.1";
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/" + ROOT + "1.1")
                                || request.path().endsWith("/" + ROOT + "1.1.7")
                        ? Faults.status(
                                406, "application/json", "{\"errorMessage\":\"Not accepted instances present.\"}")
                        : Fault.none());
        download("--transfer-syntax", "1.2.840.10008.1.2", series)
                .afterAll(MISSING)
                .says(Exit.INCOMPLETE, "1 of 12 instances are missing", "");
        assertTrue(
                archive.web().requests().stream()
                        .filter(Faults::isRetrieve)
                        .allMatch(request -> request.header("Accept").endsWith(";transfer-syntax=1.2.840.10008.1.2")),
                "in no other transfer syntax");
    }

    @Test
    void what_cannot_be_downloaded_is_refused_before_anything_is_sent() {
        download("studies/count").fails(Exit.USAGE, "--download cannot retrieve studies/count", "studies/UID");
        download("patients").fails(Exit.USAGE, "cannot retrieve patients", "");
        download("/ctrl/status").fails(Exit.USAGE, "cannot retrieve /ctrl/status", "");
        download("studies/").fails(Exit.USAGE, "cannot retrieve studies/", "");
        download("studies/1.2.3//").fails(Exit.USAGE, "cannot retrieve", "");
        download("studies/..").fails(Exit.USAGE, "cannot retrieve", "");
        download("studies/1.2.3", "-q", "PatientID=1")
                .fails(Exit.USAGE, "studies/1.2.3 names one object and takes no query", "search");
        download("studies", "-q", "StudyDate=2024-01-15").fails(Exit.USAGE, "StudyDate", "20240115");
        download("-j", 65, "studies").fails(Exit.USAGE, "--jobs 65", "64");
        download("--transfer-syntax", "JPEG", "studies").fails(Exit.USAGE, "--transfer-syntax", "1.2.840");
        download().fails(Exit.USAGE, "no objects given", "");
        ToolRun.of(new arcget())
                .run("--url", sandbox.archive(), "--no-auth", "--download", "", "studies/1.2.3")
                .fails(Exit.USAGE, "--download is empty", "variable");
        ToolRun.of(new arcget())
                .run("--url", sandbox.archive(), "--no-auth", "--transfer-syntax", "1.2", "studies/1.2.3")
                .fails(Exit.USAGE, "--transfer-syntax without --download", "--accept");
        assertEquals(0, archive.web().requests().size());
        assertFalse(Files.exists(out()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--output=file",
                "--format=table",
                "--columns=StudyDate",
                "--accept=application/zip",
                "--head",
                "--include"
            })
    void options_for_an_answer_are_refused(String option) {
        String name = option.indexOf('=') < 0 ? option : option.substring(0, option.indexOf('='));
        download(option, "studies").fails(Exit.USAGE, "--download and " + name + " exclude each other", "files");
        assertEquals(0, archive.web().requests().size());
    }

    @Test
    void a_folder_that_cannot_be_is_named() throws Exception {
        Files.writeString(out(), "a file");
        download("studies").fails(Exit.FAILED, "is not a folder", "name a folder");
    }

    @Test
    void progress_is_shown_on_a_terminal_alone_and_leaves_nothing_behind() throws Exception {
        CountDownLatch isShown = new CountDownLatch(1);
        AtomicInteger drawn = new AtomicInteger();
        archive.web().faults().rule(request -> Faults.isRetrieve(request) ? Faults.heldUntil(isShown) : Fault.none());
        // While the objects are waited for, only who draws asks for the time, before each drawing.
        ToolRun shown = ToolRun.of(new arcget())
                .stdin(sandbox.token())
                .terminal(2)
                .clock(() -> {
                    if (retrieves() > 0 && drawn.incrementAndGet() == 2) {
                        isShown.countDown();
                    }
                    return Instant.now();
                })
                .run("--url", sandbox.archive(), "--download", out(), "-j", 1, "studies/" + ROOT + 1);
        assertEquals(0, shown.exit(), shown::toString);
        assertTrue(shown.err().contains("/20 instances, "), shown::toString);
        assertTrue(shown.err().endsWith("\r\u001b[K"), shown::toString);
        ToolRun.of(new arcget())
                .stdin(sandbox.token())
                .terminal(2)
                .run("--url", sandbox.archive(), "-s", "--download", folder.resolve("silent"), "studies/" + ROOT + 2)
                .succeeds();
    }

    @Test
    void while_a_search_goes_on_a_terminal_shows_what_it_has_found() {
        CountDownLatch isShown = new CountDownLatch(1);
        AtomicBoolean waits = new AtomicBoolean();
        AtomicInteger drawn = new AtomicInteger();
        archive.maxResults("DCM4CHEE", 10);
        archive.web().faults().rule(request -> {
            boolean isThird = String.valueOf(request.query()).endsWith("offset=20");
            waits.compareAndSet(false, isThird);
            return isThird ? Faults.heldUntil(isShown) : Fault.none();
        });
        // While the third page is waited for, only who draws asks for the time, before each drawing.
        ToolRun run = ToolRun.of(new arcget())
                .stdin(sandbox.token())
                .terminal(2)
                .clock(() -> {
                    if (waits.get() && drawn.incrementAndGet() == 2) {
                        isShown.countDown();
                    }
                    return Instant.now();
                })
                .run("--url", sandbox.archive(), "--download", out(), "instances");
        archive.maxResults("DCM4CHEE", 1000);
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("\r\u001b[K\u001b[?7l20 instances found \u001b[?7h\r\u001b[K"), run::toString);
        assertTrue(run.err().endsWith("\r\u001b[K"), run::toString);
    }

    @ParameterizedTest
    @CsvSource({"NO_COLOR,1", "TERM,dumb"})
    void no_line_is_drawn_where_none_is_wanted(String name, String value) {
        ToolRun.of(new arcget())
                .stdin(sandbox.token())
                .env(name, value)
                .terminal(2)
                .run("--url", sandbox.archive(), "--download", out(), "instances")
                .succeeds();
    }

    @Test
    void in_a_pipe_a_search_tells_every_10_seconds_what_it_has_found_to_who_wants_details() {
        AtomicInteger seconds = new AtomicInteger();
        Instant now = Instant.now();
        String err = ToolRun.of(new arcget())
                .clock(() -> now.plusSeconds(seconds.incrementAndGet()))
                .stdin(sandbox.token(Map.of("exp", 4_000_000_000L)))
                .run("--url", sandbox.archive(), "-v", "--download", out(), "studies", "instances")
                .err();
        List<String> lines = err.lines().filter(line -> line.endsWith(" found")).toList();
        assertTrue(lines.size() > 2, err);
        assertTrue(lines.size() <= 7, err);
        assertTrue(lines.getLast().matches("arcget: 4 studies, [56]\\d instances found"), err);
    }

    @Test
    void in_a_pipe_progress_is_told_while_all_is_here_already() {
        download("studies/" + ROOT + 1).succeeds();
        AtomicInteger seconds = new AtomicInteger();
        Instant now = Instant.now();
        String err = ToolRun.of(new arcget())
                .clock(() -> now.plusSeconds(seconds.incrementAndGet()))
                .stdin(sandbox.token(Map.of("exp", 4_000_000_000L)))
                .run("--url", sandbox.archive(), "-v", "--download", out(), "studies/" + ROOT + 1)
                .err();
        assertTrue(err.lines().anyMatch(line -> line.matches("arcget: \\d+/20 instances, 0 B, .*")), err);
    }

    @Test
    void a_folder_that_may_not_be_written_is_named() throws Exception {
        Permissions.set(Files.createDirectory(out()), "r-x------");
        assumeFalse(Files.isWritable(out()), "root may write anywhere");
        download("studies").fails(Exit.FAILED, "cannot write " + out() + ": permission denied", "another place");
    }

    @Test
    void in_a_pipe_progress_is_a_line_every_10_seconds_for_who_wants_details() {
        AtomicInteger seconds = new AtomicInteger();
        Instant now = Instant.now();
        ToolRun.Setting run = ToolRun.of(new arcget()).clock(() -> now.plusSeconds(seconds.incrementAndGet()));
        archive.pixelBytes(32_768 * 40);
        String err = run.stdin(sandbox.token(Map.of("exp", 4_000_000_000L)))
                .run("--url", sandbox.archive(), "-v", "--download", out(), "studies/" + ROOT + 1)
                .err();
        List<String> lines = err.lines()
                .filter(line -> line.matches("arcget: \\d+/20 instances, .*/s(, \\d+:\\d\\d left)?"))
                .toList();
        assertTrue(lines.size() > 2, err);
        assertTrue(lines.size() <= seconds.get() / 10, err);
    }

    @Test
    void the_time_left_is_told_once_it_is_that_of_all_studies() {
        AtomicInteger seconds = new AtomicInteger();
        Instant now = Instant.now();
        String err = ToolRun.of(new arcget())
                .clock(() -> now.plusSeconds(seconds.addAndGet(3)))
                .stdin(sandbox.token(Map.of("exp", 4_000_000_000L)))
                .run(
                        "--url",
                        sandbox.archive(),
                        "-v",
                        "-j",
                        1,
                        "--download",
                        out(),
                        "studies/" + ROOT + 1,
                        "studies/" + ROOT + 2)
                .err();
        List<String> lines =
                err.lines().filter(line -> line.contains(" instances, ")).toList();
        assertTrue(lines.stream().anyMatch(line -> line.contains("/20+ instances, ")), err);
        assertTrue(lines.stream().noneMatch(line -> line.contains("+ instances, ") && line.endsWith(" left")), err);
        assertTrue(lines.stream().anyMatch(line -> line.contains("/40 instances, ") && line.endsWith(" left")), err);
    }

    @Test
    void own_tokens_are_renewed_on_the_way() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) && asked.incrementAndGet() == 2
                        ? Faults.status(401, "text/html", "Unauthorized", "WWW-Authenticate", "Bearer")
                        : Fault.none());
        ToolRun run = ToolRun.of(new arcget())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .run("--url", sandbox.archive(), "--download", out(), "studies/" + ROOT + 1);
        run.succeeds();
    }

    /** A download with a token of its own, one request at a time, on which so many seconds have passed. */
    private ToolRun downloadAs(Clients.Client client, AtomicInteger seconds, String path) {
        return ToolRun.of(new arcget())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_ID", client.id())
                .env("ARC_CLIENT_SECRET", client.secret().reveal())
                .clock(() -> Instant.now().plusSeconds(seconds.get()))
                .run("--url", sandbox.archive(), "-j", 1, "--download", out(), path);
    }

    private static long tokens() {
        return sandbox.provider().web().requests().stream()
                .filter(request -> request.path().endsWith("/token"))
                .count();
    }

    @ParameterizedTest
    @CsvSource({"400,200", "0,401"})
    void where_no_other_token_is_given_out_the_provider_is_asked_once_and_the_run_ends(int seconds, int status)
            throws Exception {
        AtomicInteger passed = new AtomicInteger();
        sandbox.provider().web().faults().clear();
        sandbox.provider().web().forgetRequests();
        archive.web().faults().rule(request -> {
            if (!Faults.isRetrieve(request) || retrieves() < 2) {
                return Fault.none();
            }
            // The account is locked meanwhile, and the token runs out, or is revoked.
            sandbox.provider()
                    .web()
                    .faults()
                    .rule(_ -> Faults.status(401, "application/json", "{\"error\":\"invalid_client\"}"));
            passed.set(seconds);
            return status == 401
                    ? Faults.status(401, "text/html", "Unauthorized", "WWW-Authenticate", "Bearer")
                    : Fault.none();
        });
        ToolRun run = downloadAs(Clients.CURL, passed, "instances");
        sandbox.provider().web().faults().clear();
        run.afterAll(MISSING + "|arcget: warning: this machine's clock is .*")
                .says(Exit.INCOMPLETE, "stopped: keycloak refused the client", "secret");
        assertEquals(2, tokens(), run::err);
        assertFalse(Downloads.of(out()).isEmpty());
    }
}
