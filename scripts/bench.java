///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Destination.java ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java
//SOURCES ../lib/bench/Report.java ../lib/bench/Result.java ../lib/bench/Row.java ../lib/bench/Rows.java
//SOURCES ../lib/bench/Scratch.java ../lib/bench/Stage.java ../lib/bench/Stopwatch.java ../lib/cli/Cli.java
//SOURCES ../lib/cli/Option.java ../lib/cli/Options.java ../lib/cli/Tool.java install.java

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.bench.Report;
import lib.bench.Result;
import lib.bench.Row;
import lib.bench.Rows;
import lib.bench.Scratch;
import lib.bench.Stage;
import lib.bench.Stopwatch;
import lib.cli.Cli;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.Tool;

/** Measures the installed commands against what they replace, and against the least that a JVM takes. */
public class bench extends Tool {
    static final Option OUTPUT = Option.file("-o, --output", "FILE", "where the single times go, as JSON")
            .defaultsTo("bench.json");

    bench() {
        super(
                "bench",
                "Measure how fast the installed commands are, each side by side with what it is compared with.",
                "[PAIRS] [TEXT]",
                List.of(Option.section("Output", OUTPUT)),
                """
                bench
                bench 31 -o today.json
                bench 5 'download 4 GB'     (only what has this in its name)
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new bench(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        int pairs = pairs(given);
        List<Row> rows = rows(given);
        try (Destination json = Destination.of(given.file(OUTPUT), io);
                Scratch scratch = new Scratch();
                Stage stage = new Stage(Path.of(System.getProperty("java.home")), io, scratch)) {
            io.messages().note("install the kit in " + stage.prefix());
            install.put(stage.prefix(), io);
            stage.set(rows);
            Stopwatch stopwatch = new Stopwatch(stage.folder(), stage.environment());
            List<Result> results = new ArrayList<>();
            boolean holds = true;
            for (Row row : rows) {
                holds &= measure(row, pairs, stage, stopwatch, results, io);
            }
            Report report = new Report(stopwatch.name(), results);
            io.print(report.table());
            byte[] text = report.json().getBytes(StandardCharsets.UTF_8);
            json.write(text, 0, text.length);
            json.commit();
            return holds ? Exit.DONE.code() : Exit.FAILED.code();
        } catch (IOException e) {
            throw Problem.failed("cannot measure: " + e.getMessage(), "is the disk full? see df -h");
        }
    }

    /** Adds the result of {@code row}, and returns false if it is not as it must be. */
    private static boolean measure(Row row, int pairs, Stage stage, Stopwatch stopwatch, List<Result> results, Io io)
            throws IOException {
        if (stage.missing(row) != null) {
            io.messages().warning(row.comparison() + " is left out: it needs " + stage.missing(row));
            return true;
        }
        io.messages().note(row.comparison());
        try {
            results.add(stopwatch.measure(row, pairs));
            return results.getLast().holds();
        } catch (Problem failed) {
            stage.holdIfInterrupted();
            // The others are worth knowing all the same.
            io.messages().problem(failed.getMessage(), failed.hint());
            return false;
        }
    }

    private static int pairs(Options given) {
        String text = given.arguments().isEmpty() ? "15" : given.arguments().getFirst();
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw Problem.usage("PAIRS cannot be '" + text + "'", "how often to measure each: 15");
        }
        return Integer.parseInt(text);
    }

    private static List<Row> rows(Options given) {
        String text = given.arguments().size() < 2 ? "" : given.arguments().get(1);
        List<Row> rows = Rows.with(text);
        if (rows.isEmpty()) {
            throw Problem.usage("nothing that is measured has '" + text + "' in its name", "such as arcget");
        }
        return rows;
    }
}
