//SOURCES ../json/Json.java Result.java Row.java

package lib.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lib.json.Json;

/**
 * The results of a bench, for people and for programs.
 *
 * @param stopwatch what they were measured with
 * @param results the results in the order of the table
 */
public record Report(String stopwatch, List<Result> results) {
    private static final String LINE = "%-34s %-40s %8s %8s %6s %7s%n";

    /** One line for each result: medians in milliseconds, the median of the paired ratios, and its limit. */
    public String table() {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, LINE, "measured", "against", "ms", "ms", "ratio", "at most"));
        for (Result result : results) {
            Row row = result.row();
            String limit = row.atMost() == null ? "" : text(row.atMost(), 2) + (result.holds() ? "" : " !");
            table.append(String.format(
                    Locale.ROOT,
                    LINE,
                    row.name(),
                    row.against(),
                    text(Result.median(result.command()) * 1000, 1),
                    text(Result.median(result.other()) * 1000, 1),
                    text(result.ratio(), 2),
                    limit));
        }
        return table.toString();
    }

    /** The same as JSON, with every single time in seconds. */
    public String json() {
        List<Object> rows = new ArrayList<>();
        for (Result result : results) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("measured", result.row().name());
            row.put("against", result.row().against());
            row.put("ratio", result.ratio());
            row.put("atMost", result.row().atMost());
            row.put("holds", result.holds());
            row.put("seconds", result.command());
            row.put("secondsAgainst", result.other());
            rows.add(row);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("java", Runtime.version().toString());
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("stopwatch", stopwatch);
        report.put("rows", rows);
        return Json.pretty(report) + "\n";
    }

    private static String text(double number, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }
}
