//SOURCES ../lib/sandbox/Fault.java ../scripts/arcget.java ../scripts/demo.java ../scripts/sandbox.java Faults.java
//SOURCES TestSandbox.java ToolProcess.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.sandbox.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees in a terminal, as tmux draws it: no line is broken, and no word is cut. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScreenTest {
    private static final String STUDY = "1.2.826.0.1.3680043.10.9999.1";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @TempDir
    private Path folder;

    @BeforeEach
    void findTmux() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "there is no tmux: apt-get install tmux");
    }

    @AfterEach
    void endTmux() throws Exception {
        tmux("kill-server");
    }

    private List<String> tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/tmux", "-S", folder.resolve("tmux").toString(), "-f", "/dev/null", "-u"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader reader = process.inputReader()) {
            List<String> lines = reader.lines().toList();
            process.waitFor();
            return lines;
        }
    }

    /** Opens a terminal of this width in which Enter starts a tool. */
    private void open(int width, String tool, String arguments) throws Exception {
        String command = "'" + String.join("' '", ToolProcess.command(tool, List.of())) + "' " + arguments;
        Path script = Files.writeString(
                folder.resolve("run"),
                "export HOME=" + folder + " ARC_URL=" + sandbox.archive() + " ARC_TOKEN=" + sandbox.token() + "\n"
                        + "read ready\n" + command + " </dev/null\ntmux wait-for -S done\nread end\n");
        tmux("new-session", "-d", "-x", Integer.toString(width), "-y", "40", "sh " + script);
    }

    /** Runs a tool to its end in a new terminal of this width. */
    private void run(int width, String tool, String arguments) throws Exception {
        open(width, tool, arguments);
        tmux("send-keys", "Enter");
        tmux("wait-for", "done");
    }

    /** The lines on the terminal, without empty ones and the key that started it. */
    private List<String> screen() throws Exception {
        List<String> lines = new ArrayList<>(tmux("capture-pane", "-pS", "-"));
        lines.removeIf(String::isBlank);
        return lines;
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 160})
    void a_table(int width) throws Exception {
        run(width, "arcget", "-s -f table studies");
        String whole = sandbox.arcget().run("-f", "table", "studies").succeeds();
        List<String> words = List.of(whole.split("[ ^\\\\\n]+"));
        List<String> lines = screen();
        assertEquals(5, lines.size(), lines::toString);
        for (String line : lines) {
            assertTrue(line.endsWith("StudyInstanceUID") || line.contains("  1.2.826.0.1.3680043.10.9999."), line);
            for (String word : line.split("[ ^\\\\\u2026]+")) {
                assertTrue(words.contains(word), word);
            }
        }
        assertEquals(width == 160, lines.getFirst().contains("#Instances"), lines::toString);
    }

    @Test
    void the_demo() throws Exception {
        // Narrow enough to break the longest purpose, wide enough for the names of patients.
        run(100, "demo", "");
        List<String> lines = screen();
        String all = String.join("", lines);
        for (demo.Step step : demo.STEPS) {
            assertTrue(all.contains(step.expected().strip()), lines::toString);
            String[] command = demo.shown(step).split("\n");
            int at = Collections.indexOfSubList(lines, List.of(command));
            assertTrue(at > 0, lines::toString);
            assertTrue(Stream.of(command).allMatch(line -> line.length() <= 40), "it fits into a narrow terminal");
            String above = String.join(" ", lines.subList(0, at)).replaceAll(" +", " ");
            assertTrue(above.endsWith("# " + step.purpose()), above);
        }
        assertEquals(
                4, lines.stream().filter(line -> line.contains("  1.2.826.")).count(), lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.contains("instances,")), lines::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 160})
    void the_help(int width) throws Exception {
        run(width, "arcget", "--help");
        String help = sandbox.arcget().env("COLUMNS", width).run("--help").succeeds();
        List<String> lines = help.substring(0, help.indexOf("\nExamples:"))
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        assertEquals(lines, screen().subList(0, lines.size()));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 160})
    void the_progress_of_a_download(int width) throws Exception {
        CountDownLatch isSeen = new CountDownLatch(1);
        sandbox.archiveServer()
                .web()
                .faults()
                .rule(request -> Faults.isRetrieve(request) ? Faults.stalledAfter(150_000, isSeen) : Fault.none());
        open(width, "arcget", "--download " + folder.resolve("out") + " studies/" + STUDY);
        Path seen = folder.resolve("seen");
        assertEquals(0, new ProcessBuilder("mkfifo", seen.toString()).start().waitFor());
        tmux("pipe-pane", "cat >" + seen);
        tmux("send-keys", "Enter");
        StringBuilder text = new StringBuilder();
        List<String> lines;
        try (BufferedReader terminal = Files.newBufferedReader(seen)) {
            while (text.indexOf(" left ") < 0) {
                int c = terminal.read();
                assertTrue(c >= 0, text::toString);
                text.append((char) c);
            }
            lines = screen();
        } finally {
            isSeen.countDown();
        }
        assertEquals(1, lines.size(), lines::toString);
        String amounts = width == 40 ? "(\\d+ kB, )?" : "\\d+ kB, \\d+ k?B/s, ";
        assertTrue(lines.getFirst().matches("\\d+/20 instances, " + amounts + "\\d+:\\d\\d left"), lines::toString);
        tmux("wait-for", "done");
        String answer = String.join("", screen());
        assertTrue(answer.startsWith("{\"study\":\"" + STUDY + "\""), answer);
        assertTrue(answer.endsWith("}"), answer);
        assertFalse(answer.contains("left"), answer);
    }
}
