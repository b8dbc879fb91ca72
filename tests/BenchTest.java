//SOURCES ../lib/base/Exit.java ../lib/base/Problem.java ../lib/bench/Report.java ../lib/bench/Result.java
//SOURCES ../lib/bench/Row.java ../lib/bench/Stopwatch.java ../lib/json/Json.java ../scripts/bench.java ToolRun.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Problem;
import lib.bench.Report;
import lib.bench.Result;
import lib.bench.Row;
import lib.bench.Stopwatch;
import lib.json.Json;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How times are taken and told; what they are is for {@code ./jbang bench} to say. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BenchTest {
    @TempDir
    Path folder;

    private Stopwatch stopwatch(boolean hyperfine) {
        return new Stopwatch(folder, Map.of("PATH", hyperfine ? "/usr/bin:/bin" : "/nonexistent"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void each_command_is_run_as_often_as_the_other_and_in_turns(boolean hyperfine) throws Exception {
        String log = "'" + folder.resolve("log") + "'";
        Row row = new Row("one", "echo a >>" + log, "other", "echo b >>" + log);
        Result result = stopwatch(hyperfine).measure(row, 3);
        assertEquals(3, result.command().size());
        assertEquals(3, result.other().size());
        assertEquals(
                "ab" + "ab" + "ba" + "ab",
                Files.readString(folder.resolve("log")).replace("\n", ""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_comes_before_comes_before_each_run_and_after_the_last(boolean hyperfine) throws Exception {
        String log = "'" + folder.resolve("log") + "'";
        Row row = new Row("one", "echo a >>" + log, "other", "echo b >>" + log)
                .after("echo - >>" + log)
                .upTo(1);
        Result result = stopwatch(hyperfine).measure(row, 3);
        assertEquals(1, result.command().size());
        assertEquals(
                "-a-b" + "-a-b" + "-", Files.readString(folder.resolve("log")).replace("\n", ""));
    }

    @Test
    void of_several_others_the_slowest_counts() throws Exception {
        Row row = new Row("one", ":", "the slower", List.of(":", "/bin/sleep 0.2", ":"), 1.0);
        Result result = stopwatch(false).measure(row, 2);
        assertTrue(result.other().stream().allMatch(seconds -> seconds >= 0.2), result::toString);
    }

    @Test
    void a_command_that_fails_is_not_measured() throws Exception {
        Row row = new Row("one", "echo no such server >&2; exit 3", "other", ":");
        Problem problem = assertThrows(Problem.class, () -> stopwatch(false).measure(row, 3));
        assertEquals("cannot measure one: no such server", problem.getMessage());
    }

    @Test
    void the_ratio_is_the_median_of_the_pairs() throws Exception {
        // The machine was slow for a while: 0.9 / 0.3 is as good as 0.3 / 0.1.
        Row row = new Row("one", "", "other", "", 2.5);
        Result result = new Result(row, List.of(0.3, 0.9, 0.2), List.of(0.1, 0.3, 0.1));
        assertEquals(3.0, result.ratio(), 1e-9);
        assertFalse(result.holds());
        assertTrue(new Result(row, List.of(0.2), List.of(0.1)).holds());
        Report report = new Report("own", List.of(result));
        assertTrue(report.table().matches("(?s).*one +other +300.0 +100.0 +3.00 +2.50 !\n"), report::table);
        Map<String, Object> json = Json.asObject(Json.parse(report.json()));
        assertEquals("own", json.get("stopwatch"));
        Map<String, Object> first = Json.asObject(Json.asArray(json.get("rows")).getFirst());
        assertEquals("[0.3, 0.9, 0.2]", first.get("seconds").toString());
        assertEquals(false, first.get("holds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "many", "-1"})
    void the_number_of_pairs_is_checked(String pairs) {
        ToolRun.of(new bench()).run("--", pairs).fails(Exit.USAGE, "PAIRS cannot be '" + pairs + "'", "15");
    }

    @Test
    void a_text_that_no_row_has_is_said() throws Exception {
        ToolRun.of(new bench()).run("1", "nothing like it").fails(Exit.USAGE, "has 'nothing like it' in its", "arcget");
    }
}
