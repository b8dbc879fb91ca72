package lib.bench;

import java.util.List;

/**
 * A comparison: how much longer one command line of the shell takes than another.
 *
 * @param name what the first is called in the table
 * @param command the first
 * @param against what the other is called
 * @param others the other; of several that are measured alike the slowest counts
 * @param atMost the ratio that must not be exceeded, or null if there is none
 * @param before the command line that comes before each run and after the last one, untimed; null if there is none
 * @param mostPairs how often it is measured at most, for those that take long
 */
public record Row(
        String name, String command, String against, List<String> others, Double atMost, String before, int mostPairs) {

    /** A comparison that needs nothing before its runs and is measured as often as asked for. */
    public Row(String name, String command, String against, List<String> others, Double atMost) {
        this(name, command, against, others, atMost, null, Integer.MAX_VALUE);
    }

    /** A comparison with a single command line. */
    public Row(String name, String command, String against, String other, Double atMost) {
        this(name, command, against, List.of(other), atMost);
    }

    /** A comparison that is only for information. */
    public Row(String name, String command, String against, String other) {
        this(name, command, against, other, null);
    }

    /** The same with a command line before each run and after the last one, which does not count. */
    public Row after(String commandLine) {
        return new Row(name, command, against, others, atMost, commandLine, mostPairs);
    }

    /** The same, measured {@code pairs} times at most. */
    public Row upTo(int pairs) {
        return new Row(name, command, against, others, atMost, before, pairs);
    }

    /** What is compared with what. */
    public String comparison() {
        return name + " against " + against;
    }

    /** Whether a command of it has a variable in it whose name begins with {@code name}. */
    boolean mentions(String name) {
        return (command + others + before).contains("$" + name);
    }
}
