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
 */
public record Row(String name, String command, String against, List<String> others, Double atMost) {
    /** A comparison with a single command line. */
    public Row(String name, String command, String against, String other, Double atMost) {
        this(name, command, against, List.of(other), atMost);
    }

    /** A comparison that is only for information. */
    public Row(String name, String command, String against, String other) {
        this(name, command, against, other, null);
    }
}
