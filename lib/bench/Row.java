package lib.bench;

/**
 * A comparison: how much longer one command line of the shell takes than another.
 *
 * @param name what the first is called in the table
 * @param command the first
 * @param against what the second is called
 * @param other the second
 * @param atMost the ratio that must not be exceeded, or null if there is none
 */
public record Row(String name, String command, String against, String other, Double atMost) {
    /** A comparison that is only for information. */
    public Row(String name, String command, String against, String other) {
        this(name, command, against, other, null);
    }
}
