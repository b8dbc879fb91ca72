//SOURCES ../base/Problem.java ../json/Json.java ../json/MalformedJson.java Result.java Row.java

package lib.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * Measures command lines in turns, so that whatever else the machine does meanwhile is the same for all.
 *
 * <p>hyperfine by itself runs all of one command and then all of the other. It is asked for one run of each, as often
 * as there are pairs; where there is no hyperfine, the time between start and end of the process is taken here.
 *
 * @param folder a folder for its files, which is left as it is
 * @param environment the environment of the commands
 */
public record Stopwatch(Path folder, Map<String, String> environment) {

    /** What the times are taken with. */
    public String name() {
        return hasHyperfine() ? "hyperfine" : "own";
    }

    /**
     * Measures {@code row} with so many pairs or as many as it wants, after a run of each that does not count; a
     * {@link Problem} if that fails.
     */
    public Result measure(Row row, int pairs) throws IOException {
        Path before = script("before", row.before() == null ? ":" : row.before());
        List<Path> scripts = new ArrayList<>(List.of(script("command0", row.command())));
        for (String other : row.others()) {
            scripts.add(script("command" + scripts.size(), other));
        }
        try {
            for (int i = 0; i < scripts.size(); i++) {
                require(before, "what comes before");
                require(scripts.get(i), i == 0 ? row.name() : row.against());
            }
            return measure(row, Math.min(pairs, row.mostPairs()), scripts, before);
        } finally {
            time(List.of("sh", before.toString()));
        }
    }

    private Result measure(Row row, int pairs, List<Path> scripts, Path before) throws IOException {
        List<Double> command = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            boolean isForward = i % 2 == 0;
            List<Double> times = times(isForward ? scripts : scripts.reversed(), before);
            times = isForward ? times : times.reversed();
            command.add(times.getFirst());
            others.add(Collections.max(times.subList(1, times.size())));
        }
        return new Result(row, command, others);
    }

    private Path script(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".sh"), text + "\n");
    }

    private void require(Path script, String name) throws IOException {
        Path said = folder.resolve("said");
        Process run = process(List.of("sh", script.toString()))
                .redirectError(said.toFile())
                .start();
        if (run.onExit().join().exitValue() != 0) {
            String first = Files.readString(said).lines().findFirst().orElse("no reason given");
            throw Problem.failed("cannot measure " + name + ": " + first, "run it in ./jbang sandbox");
        }
    }

    private List<Double> times(List<Path> scripts, Path before) throws IOException {
        if (!hasHyperfine()) {
            List<Double> times = new ArrayList<>();
            for (Path script : scripts) {
                time(List.of("sh", before.toString()));
                times.add(time(List.of("sh", script.toString())));
            }
            return times;
        }
        Path export = folder.resolve("times.json");
        List<String> hyperfine =
                new ArrayList<>(List.of("hyperfine", "-N", "--runs", "1", "--export-json", export.toString()));
        hyperfine.addAll(List.of("--prepare", "sh '" + before + "'"));
        for (Path script : scripts) {
            hyperfine.add("sh '" + script + "'");
        }
        time(hyperfine);
        try {
            List<Double> times = new ArrayList<>();
            Map<String, Object> exported = Json.asObject(Json.parse(Files.readString(export)));
            for (Object result : Json.asArray(exported.get("results"))) {
                times.add(Double.parseDouble(Json.asObject(result).get("mean").toString()));
            }
            return times;
        } catch (MalformedJson e) {
            throw Problem.failed("hyperfine wrote no JSON", "which hyperfine is it?");
        }
    }

    private double time(List<String> command) throws IOException {
        long start = System.nanoTime();
        int exit = process(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            throw Problem.failed(String.join(" ", command) + " ended with " + exit, "run it by hand");
        }
        return seconds;
    }

    private ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private boolean hasHyperfine() {
        for (String folder : environment.get("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, "hyperfine"))) {
                return true;
            }
        }
        return false;
    }
}
