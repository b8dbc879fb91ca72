//SOURCES ../lib/sandbox/SampleStudies.java ../lib/sandbox/StudyIndex.java ../scripts/sandbox.java ManyStudies.java
//SOURCES TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.sandbox.SampleStudies;
import lib.sandbox.StudyIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** arcget as a process of its own before an archive with 30,000 studies. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ManyStudiesTest {
    private static final int STUDIES = 30_000;
    private static final StudyIndex MANY = ManyStudies.of(STUDIES);
    private static final int MOST_MEMORY = 100 << 10;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @BeforeEach
    void start() {
        sandbox.archiveServer().holds(MANY);
    }

    private static Map<String, Object> settings() {
        return Map.of("ARC_URL", sandbox.archive(), "ARC_TOKEN", sandbox.token(), "HOME", "/none");
    }

    /** The command, with a heap that could grow. */
    private static List<String> arcget(Object... arguments) {
        return ToolProcess.command("arcget", List.of("-Xms32m", "-Xmx4g"), arguments);
    }

    @Test
    void all_of_them_come_in_little_memory() throws Exception {
        Process process = ToolProcess.builder(arcget("--no-stdin", "studies", "-f", "ndjson"), settings())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int count = 0;
        long memory = 0;
        String uid = "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + SampleStudies.ROOT;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertTrue(line.contains(uid + (100_000 + count) + "\""), line);
                count++;
                // The last rows are in the pipe when the process has ended, and its memory with it.
                if (count % 1000 == 500) {
                    memory = Math.max(memory, peak(process));
                }
            }
        }
        assertEquals(0, process.waitFor());
        assertEquals(STUDIES, count);
        long kibibytes = memory;
        assertTrue(memory > 0 && memory < MOST_MEMORY, () -> kibibytes + " KiB");
    }

    /** The most memory that {@code process} ever had, in KiB; 0 if it has ended. */
    private static long peak(Process process) throws Exception {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        for (String line : Files.exists(status) ? Files.readAllLines(status) : List.<String>of()) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    @Test
    void a_reader_of_one_line_ends_it_at_once() throws Exception {
        List<String> shell =
                new ArrayList<>(List.of("bash", "-c", "\"$@\" | head -n 1 | wc -l; echo ${PIPESTATUS[0]}", "arcget"));
        shell.addAll(arcget("--no-stdin", "studies", "-f", "ndjson"));
        assertEquals(new ToolRun(0, "1\n141\n", ""), ToolProcess.run(shell, settings()));
        int requests = sandbox.archiveServer().web().requests().size();
        assertTrue(requests < 10, () -> requests + " requests");
    }
}
