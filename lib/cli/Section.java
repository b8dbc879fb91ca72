//SOURCES Option.java

package lib.cli;

import java.util.List;

/**
 * Options that belong together under one heading of the help.
 *
 * @param heading the heading, without its colon
 * @param options the options in the order of the help
 */
public record Section(String heading, List<Option> options) {
    /** A section of {@code options}. */
    public static Section of(String heading, Option... options) {
        return new Section(heading, List.of(options));
    }
}
