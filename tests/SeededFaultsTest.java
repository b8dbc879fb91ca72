//SOURCES ../lib/base/Exit.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/SampleStudies.java ../lib/sandbox/WebResponse.java ../scripts/arcget.java
//SOURCES ../scripts/sandbox.java Downloads.java Faults.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import lib.sandbox.WebResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Lists and downloads of 500 objects, with faults and kills at places that a seed chooses. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SeededFaultsTest {
    private static final int SERIES = 20;
    private static final int INSTANCES = 25;

    // Lists come in three pages, so that faults meet the later ones too.
    private static final int PAGE_ROWS = 200;

    private static final String STUDY = SampleStudies.ROOT + 1;
    private static final String MULTIPART = "multipart/related; type=\"application/dicom\"; boundary=B";
    private static final String JSON = "application/dicom+json";

    // How many kinds a run meets.
    private static final int TOGETHER = 3;

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    private final Random random = new Random(20261129);
    private Map<String, String> expected;

    /** What an archive or the way to it may do, and the exit code of a run that gets nothing else. */
    private enum Kind {
        RESET(Exit.NO_ANSWER, random -> Faults.reset()),
        CUT_AT_ONCE(Exit.NO_ANSWER, random -> Faults.cutOff(0)),
        CUT(Exit.NO_ANSWER, random -> Faults.cutOff(random.nextInt(25_000))),
        CUT_IN_A_CHUNK(Exit.NO_ANSWER, random -> Faults.cutOffChunked(random.nextInt(25_000))),
        CUT_EARLY(Exit.NO_ANSWER, random -> Faults.cutOffChunked(random.nextInt(100))),
        STALLED(Exit.NO_ANSWER, random -> Faults.stalledAfter(random.nextInt(5_000), NEVER)),
        SILENT(Exit.NO_ANSWER, random -> Faults.silence()),
        BAD_REQUEST(Exit.REFUSED, random -> status(400)),
        UNAUTHORIZED(Exit.REFUSED, random -> status(401)),
        FORBIDDEN(Exit.REFUSED, random -> status(403)),
        NOT_FOUND(Exit.REFUSED, random -> status(404)),
        NOT_ACCEPTABLE(Exit.REFUSED, random -> status(406)),
        GONE(Exit.REFUSED, random -> status(410)),
        TOO_LARGE(Exit.REFUSED, random -> status(413)),
        TOO_MANY(Exit.REFUSED, random -> status(429)),
        BUG(Exit.SERVER_FAILED, random -> status(500)),
        BAD_GATEWAY(Exit.SERVER_FAILED, random -> status(502)),
        UNAVAILABLE(Exit.SERVER_FAILED, random -> status(503)),
        GATEWAY_TIMEOUT(Exit.SERVER_FAILED, random -> status(504)),
        STARTING(Exit.REFUSED, random -> Faults.status(404, "text/html", "<html>404</html>", "Retry-After", "0")),
        ELSEWHERE(Exit.REFUSED, random -> Faults.status(302, "text/html", "", "Location", "http://127.0.0.1:9/x")),
        PAGE(Exit.SERVER_FAILED, random -> Faults.garbage("text/html", "<html>hello</html>")),
        OTHER_JSON(Exit.SERVER_FAILED, random -> Faults.garbage(JSON, "{\"error\":\"busy\"}")),
        JSON_THAT_STOPS(Exit.SERVER_FAILED, random -> Faults.garbage(JSON, "[{\"00080018\":{\"vr\":\"UI\",\"Val")),
        OF_ANOTHER_TYPE(Exit.SERVER_FAILED, random -> Faults.garbage("image/png", "PNG")),
        NO_PARTS(Exit.SERVER_FAILED, random -> Faults.garbage(MULTIPART, "--B--\r\n")),
        PARTS_THAT_STOP(Exit.SERVER_FAILED, random -> Faults.garbage(MULTIPART, "--B\r\n\r\nDICM")),
        NO_DICOM(
                Exit.SERVER_FAILED, random -> Faults.garbage(MULTIPART, "--B\r\n\r\n" + "x".repeat(500) + "\r\n--B--")),
        BROKEN_GZIP(Exit.SERVER_FAILED, random -> zipped(random.nextInt(20) + 20)),
        BLANKS(
                Exit.SERVER_FAILED,
                random -> Faults.streamed(JSON, out -> {
                    out.write('[');
                    while (true) {
                        out.write(" ".repeat(10_000).getBytes(StandardCharsets.UTF_8));
                    }
                }));

        private final Exit exit;
        private final Function<Random, Fault> fault;

        Kind(Exit exit, Function<Random, Fault> fault) {
            this.exit = exit;
            this.fault = fault;
        }

        private static Fault status(int status) {
            return Faults.status(status, "text/plain", "no", "Retry-After", "0");
        }

        private static Fault zipped(int length) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write("[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}}]".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            byte[] cut = Arrays.copyOf(bytes.toByteArray(), length);
            WebResponse response = WebResponse.streamed(200, JSON, out -> out.write(cut));
            return Faults.answer(response.with("Content-Encoding", "gzip"));
        }
    }

    @BeforeEach
    void start() {
        archive.unsecured();
        archive.pixelBytes(256);
        archive.holds(SampleStudies.one(SERIES, INSTANCES));
        archive.maxResults("DCM4CHEE", PAGE_ROWS);
        List<String> all = new ArrayList<>();
        for (int series = 1; series <= SERIES; series++) {
            for (int instance = 1; instance <= INSTANCES; instance++) {
                String uid = STUDY + "." + series;
                all.add(STUDY + "/" + uid + "/" + uid + "." + instance);
            }
        }
        expected = Downloads.expected(archive, all);
    }

    private static ToolRun arcget(Object... arguments) {
        return ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .with("--no-auth", "--no-stdin", "--retry", 1, "--stall-timeout", 1, "--first-byte-timeout", 1)
                .run(arguments);
    }

    private Path out() {
        return folder.resolve("out");
    }

    /** Lets each of {@code kinds} come over one of the next requests, and those that cost no second over some more. */
    private void meet(List<Kind> kinds) {
        int first = random.nextInt(3);
        AtomicInteger asked = new AtomicInteger();
        archive.web().faults().rule(request -> {
            int number = asked.getAndIncrement() - first;
            if (number >= 0 && number < kinds.size()) {
                return kinds.get(number).fault.apply(random);
            }
            Kind kind = kinds.get(random.nextInt(kinds.size()));
            boolean isSlow = kind == Kind.STALLED || kind == Kind.SILENT;
            return !isSlow && number < 12 && random.nextInt(4) == 0 ? kind.fault.apply(random) : Fault.none();
        });
    }

    private void deleteSeries(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Path series = out().resolve(STUDY).resolve(STUDY + "." + (1 + random.nextInt(SERIES)));
            for (int instance = 1; instance <= INSTANCES; instance++) {
                Files.deleteIfExists(series.resolve(series.getFileName() + "." + instance + ".dcm"));
            }
        }
    }

    private void assertWhole() throws IOException {
        archive.web().faults().clear();
        ToolRun run = arcget("--download", out(), "studies");
        assertEquals(0, run.exit(), run::toString);
        assertEquals(expected, Downloads.of(out()));
    }

    private static void assertExit(List<Kind> kinds, ToolRun run) {
        boolean isOfTable = run.exit() == 0
                || run.exit() == Exit.INCOMPLETE.code()
                || kinds.stream().anyMatch(kind -> kind.exit.code() == run.exit());
        assertTrue(isOfTable, () -> kinds + ": " + run);
    }

    @Test
    void whatever_happens_nothing_is_wrong_under_a_final_name_and_the_next_run_brings_the_rest() throws Exception {
        List<Kind> all = new ArrayList<>(List.of(Kind.values()));
        Collections.shuffle(all, random);
        Path list = folder.resolve("list");
        for (int i = 0; i < all.size(); i += TOGETHER) {
            List<Kind> kinds = all.subList(i, i + TOGETHER);
            meet(kinds);
            ToolRun listed = arcget("-o", list, "-f", "ndjson", "studies/" + STUDY + "/instances");
            assertExit(kinds, listed);
            boolean isThere = listed.exit() == 0 || listed.exit() == Exit.INCOMPLETE.code();
            assertEquals(isThere, Files.exists(list), kinds::toString);
            if (listed.exit() == 0) {
                assertEquals(SERIES * INSTANCES, Files.readAllLines(list).size(), kinds::toString);
            }
            Files.deleteIfExists(list);
            meet(kinds);
            ToolRun run = arcget("--download", out(), "studies");
            assertExit(kinds, run);
            int count = Downloads.assertNoneWrong(out(), expected);
            assertTrue(run.exit() != 0 || count == SERIES * INSTANCES, () -> kinds + ": " + run);
            assertWhole();
            deleteSeries(3);
        }
    }

    @Test
    void killed_anywhere_it_leaves_nothing_wrong_and_nothing_that_stays() throws Exception {
        List<String> common =
                ToolProcess.command("arcget", List.of(), "--no-auth", "--no-stdin", "--url", sandbox.archive());
        List<String> download = new ArrayList<>(common);
        download.addAll(List.of("--download", out().toString(), "studies"));
        List<String> list = new ArrayList<>(common);
        list.addAll(List.of("-o", out().resolve("list").toString(), "studies/" + STUDY + "/instances"));
        for (int kill = 0; kill < 5; kill++) {
            archive.web().forgetRequests();
            archive.web().faults().rule(request -> Faults.cutOffChunked(random.nextInt(15_000)));
            List<Process> processes = new ArrayList<>();
            for (List<String> command : List.of(download, list, download)) {
                processes.add(
                        ToolProcess.builder(command, Map.of("HOME", folder)).start());
            }
            archive.web().awaitRequests(1 + random.nextInt(10));
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
            Downloads.assertNoneWrong(out(), expected);
        }
        assertFalse(Files.exists(out().resolve("list")));
        archive.web().faults().clear();
        arcget("-o", out().resolve("list"), "studies/count").succeeds();
        Files.delete(out().resolve("list"));
        assertWhole();
    }
}
