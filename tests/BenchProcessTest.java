//SOURCES ../lib/bench/Scratch.java ../lib/json/Json.java ../scripts/bench.java ToolProcess.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import lib.bench.Scratch;
import lib.json.Json;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bench that is broken off leaves behind: nothing. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BenchProcessTest {
    @TempDir
    Path folder;

    private Process start(String type, Object... arguments) throws Exception {
        List<String> command = ToolProcess.command(type, List.of("-Djava.io.tmpdir=" + folder), arguments);
        return ToolProcess.builder(command, Map.of("HOME", folder.resolve("home")))
                .start();
    }

    private void assertNothingIsLeft() throws Exception {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void interrupted_it_leaves_nothing_in_the_temporary_folder() throws Exception {
        Process process = start("bench", "1", "decodejwt --help", "-o", folder.resolve("bench.json"));
        String line = process.errorReader().readLine();
        assertTrue(line.startsWith("bench: install the kit in " + folder), line);
        process.destroy();
        assertEquals(143, process.waitFor());
        assertNothingIsLeft();
    }

    /** Has a process fill its folder for ever. */
    static final class Filling {
        public static void main(String... arguments) throws Exception {
            Scratch scratch = new Scratch();
            Path filled = scratch.folder();
            String loop = "i=0; while :; do i=$((i + 1)); mkdir -p \"$1\"; echo token >\"$1/$i\"; done";
            Process filling = new ProcessBuilder("sh", "-c", loop, "sh", filled.toString()).start();
            IO.println(filling.pid());
            new CountDownLatch(1).await();
        }
    }

    @Test
    void what_would_write_more_is_ended_first() throws Exception {
        Process process = start(Filling.class.getName());
        long filling = Long.parseLong(process.inputReader().readLine());
        process.destroy();
        assertEquals(143, process.waitFor());
        ProcessHandle.of(filling).ifPresent(handle -> handle.onExit().join());
        assertNothingIsLeft();
    }

    @Test
    void the_archive_for_downloads_ends_with_its_standard_input() throws Exception {
        Process process = start("lib.bench.ArchiveProcess", 1, 3, 32768);
        BufferedReader out = process.inputReader();
        Map<String, Object> said = Json.asObject(Json.parse(out.readLine()));
        assertTrue(said.get("https").toString().startsWith("https://127.0.0.1:"), said::toString);
        assertFalse(said.get("token").toString().isEmpty());
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
    }
}
