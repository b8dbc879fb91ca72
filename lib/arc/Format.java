//SOURCES ../base/Messages.java ../base/Screen.java JsonReport.java LineReport.java Report.java

package lib.arc;

import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import lib.base.Messages;
import lib.base.Screen;

/**
 * How answers are written.
 *
 * @param name one of {@link #NAMES} but {@code raw}, which is not taken apart
 * @param columns the columns of {@code table} and {@code csv}; empty for the usual ones
 * @param destination where they go
 * @param screen the terminal that {@code destination} is, or null if it is none
 * @param messages for what the person should know about the answers
 */
public record Format(String name, List<String> columns, OutputStream destination, Screen screen, Messages messages) {
    /** The names of all formats, the default first. */
    public static final List<String> NAMES = List.of("json", "ndjson", "table", "csv", "raw");

    /** Takes the elements of the answer for {@code resource}. */
    public Report report(URI resource) {
        return switch (name) {
            case "ndjson" -> new LineReport(destination);
            default -> new JsonReport(destination, screen != null);
        };
    }

    /** What must be asked for with {@code includefield} at {@code resource}, because it comes with no answer else. */
    public List<String> toBeIncluded(URI resource) {
        return List.of();
    }
}
