//SOURCES ../lib/base/Exit.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/SampleStudies.java ../scripts/sandbox.java Downloads.java Faults.java TestSandbox.java
//SOURCES ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Downloads as processes of their own: killed, interrupted, two at once, and held to their memory. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DownloadProcessTest {
    private static final int SERIES = 6;
    private static final int INSTANCES = 50;

    @RegisterExtension
    final TestSandbox sandbox = new TestSandbox();

    private final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        archive.unsecured();
        archive.holds(SampleStudies.one(SERIES, INSTANCES));
    }

    private Process download(List<String> flags) throws IOException {
        List<String> command = ToolProcess.command(
                "arcget", flags, "--url", sandbox.archive(), "--no-auth", "--download", folder, "studies");
        Process process = ToolProcess.builder(command, Map.of("HOME", folder.resolve("home")))
                .start();
        process.getOutputStream().close();
        return process;
    }

    private static List<String> all() {
        List<String> all = new ArrayList<>();
        for (int series = 1; series <= SERIES; series++) {
            for (int instance = 1; instance <= INSTANCES; instance++) {
                String study = SampleStudies.ROOT + 1;
                all.add(study + "/" + study + "." + series + "/" + study + "." + series + "." + instance);
            }
        }
        return all;
    }

    @Test
    void killed_at_any_moment_and_started_again_it_ends_with_the_same_files() throws Exception {
        Map<String, String> expected = Downloads.expected(archive, all());
        Random random = new Random(20261122);
        int before = 0;
        for (int kill = 0; kill < 5; kill++) {
            // Series break off somewhere, and some instances stand still in the middle of their files.
            CountDownLatch never = new CountDownLatch(1);
            AtomicInteger asked = new AtomicInteger();
            archive.web()
                    .faults()
                    .rule(request -> !Faults.isRetrieve(request)
                            ? Fault.none()
                            : !request.path().contains("/instances/")
                                    ? Faults.cutOffChunked(random.nextInt(500_000))
                                    : asked.incrementAndGet() % 7 == 3
                                            ? Faults.stalledAfter(random.nextInt(33_000), never)
                                            : Fault.none());
            archive.web().forgetRequests();
            Process process = download(List.of());
            archive.web().awaitRequests(3 + random.nextInt(17));
            process.destroyForcibly().waitFor();
            never.countDown();
            int count = Downloads.assertNoneWrong(folder, expected);
            assertTrue(count >= before, "what was whole stays");
            before = count;
        }
        archive.web().faults().clear();
        ToolRun run = ToolProcess.finish(download(List.of()));
        assertEquals(0, run.exit(), run::toString);
        assertEquals(expected, Downloads.of(folder));
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void interrupted_it_ends_at_once_removes_what_is_not_whole_and_says_how_to_go_on(String signal, int exit)
            throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) ? Faults.stalledAfter(1_000_000, never) : Fault.none());
        Process process = download(List.of());
        archive.web().awaitRequests(7);
        assumeTakes(signal, process);
        send(signal, process);
        ToolRun run = ToolProcess.finish(process);
        assertEquals(exit, run.exit(), run::toString);
        assertEquals(
                "arcget: interrupted; complete files are kept\n"
                        + "arcget: hint: run the same command again: it asks only for what is missing\n",
                run.err());
        try (var files = Files.walk(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().contains(".arcget-")), "nothing is left behind");
        }
        Downloads.assertNoneWrong(folder, Downloads.expected(archive, all()));
        never.countDown();
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void interrupted_while_it_searches_it_ends_at_once_without_a_word_and_leaves_nothing(String signal, int exit)
            throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        archive.web().faults().rule(request -> Faults.heldUntil(never));
        Process process = download(List.of());
        archive.web().awaitRequests(1);
        assumeTakes(signal, process);
        send(signal, process);
        assertEquals(new ToolRun(exit, "", ""), ToolProcess.finish(process));
        never.countDown();
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void interrupted_while_nobody_reads_its_output_it_ends_all_the_same() throws Exception {
        // The names of what is missing are more than a pipe holds.
        archive.holds(SampleStudies.one(1, 3000));
        archive.maxResults("DCM4CHEE", -1);
        archive.web()
                .faults()
                .rule(request ->
                        Faults.isRetrieve(request) ? Faults.status(404, "application/json", "{}") : Fault.none());
        Process process = download(List.of());
        assertEquals('{', process.getInputStream().read());
        send("TERM", process);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
        assertEquals(143, process.exitValue());
    }

    private static void send(String signal, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private static void assumeTakes(String signal, Process process) throws Exception {
        boolean isTaken = signal.equals("TERM") || !ToolProcess.ignoresInterrupts(process);
        if (!isTaken) {
            process.destroyForcibly().waitFor();
        }
        assumeTrue(isTaken, "interrupts are ignored here");
    }

    @Test
    void a_reader_that_goes_away_ends_it_without_a_word() throws Exception {
        Process process = download(List.of());
        process.getInputStream().close();
        assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(141, process.waitFor());
    }

    @Test
    void two_at_once_do_not_get_into_each_others_way() throws Exception {
        Process one = download(List.of());
        Process other = download(List.of());
        ToolRun first = ToolProcess.finish(one);
        ToolRun second = ToolProcess.finish(other);
        assertEquals(0, first.exit(), first::toString);
        assertEquals(0, second.exit(), second::toString);
        assertEquals(Downloads.expected(archive, all()), Downloads.of(folder));
    }

    @Test
    void a_disk_that_fills_up_is_named_and_leaves_whole_files_alone() throws Exception {
        // A limit for the size of files stands in for the disk: it fails the same write.
        archive.holds(SampleStudies.one(1, 3));
        archive.pixelBytes(32_768 * 100);
        List<String> command = ToolProcess.command(
                "arcget", List.of(), "--url", sandbox.archive(), "--no-auth", "--download", folder, "studies");
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -f 2048; exec \"$@\"", "sh"));
        limited.addAll(command);
        ToolRun run = ToolProcess.run(limited, Map.of());
        assertEquals(Exit.FAILED.code(), run.exit(), run::toString);
        assertTrue(run.err().contains("arcget: cannot write "), run::err);
        assertEquals(Map.of(), Downloads.of(folder));
    }

    @Test
    void memory_stays_under_128_mb_for_more_bytes_than_an_int_counts() throws Exception {
        long file = 260L << 20;
        Path shared = Path.of("/dev/shm");
        boolean hasRoom = Files.isDirectory(shared)
                && Files.getFileStore(shared).getUsableSpace() > 10 * file
                && availableMemory() > 20 * file;
        Path target = hasRoom ? Files.createTempDirectory(shared, "arcget") : folder;
        assumeTrue(Files.getFileStore(target).getUsableSpace() > 10 * file, "no room for 2.2 GB");
        archive.holds(SampleStudies.one(4, 2));
        // Each file is larger than all that may be resident.
        archive.pixelBytes(file);
        try {
            // The heap of the launchers, and both compilers.
            List<String> command = ToolProcess.command(
                    "arcget",
                    List.of("-XX:TieredStopAtLevel=4", "-Xms32m", "-Xmn16m", "-Xmx256m"),
                    "--url",
                    sandbox.archive(),
                    "--no-auth",
                    "--download",
                    target,
                    "studies");
            Process process = ToolProcess.builder(command, Map.of()).start();
            process.getOutputStream().close();
            long resident = 0;
            while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
                resident = Math.max(resident, number(Path.of("/proc/" + process.pid() + "/status"), "VmHWM:"));
            }
            ToolRun run = ToolProcess.finish(process);
            assertEquals(0, run.exit(), run::toString);
            assertTrue(run.out().contains("\"downloaded\":8"), run::toString);
            long most = resident;
            assertTrue(most > 0 && most < 128L << 20, () -> most + " bytes resident");
        } finally {
            delete(target);
        }
    }

    private static long availableMemory() throws IOException {
        return number(Path.of("/proc/meminfo"), "MemAvailable:");
    }

    /** The number of bytes that a line of {@code file} has behind {@code name}; 0 if there is none any more. */
    private static long number(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException gone) {
            // The process has ended meanwhile.
        }
        return 0;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
