//SOURCES ../base/Destination.java ../base/Messages.java ../base/Problem.java ../base/Screen.java
//SOURCES ../json/SecretMembers.java Csv.java DicomColumn.java Dictionary.java JsonReport.java Level.java
//SOURCES LineReport.java Report.java RowReport.java Sheet.java Table.java

package lib.arc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import lib.base.Destination;
import lib.base.Messages;
import lib.base.Problem;
import lib.base.Screen;
import lib.json.SecretMembers;

/** How the answers of a run are written, one after the other. */
public final class Format {
    /** The names of all formats, the default first; {@code raw} takes nothing apart and makes no reports. */
    public static final List<String> NAMES = List.of("json", "ndjson", "table", "csv", "raw");

    private final String name;
    private final List<String> columns;
    private final Destination destination;
    private final Screen screen;
    private final Messages messages;
    private final Sheet sheet;
    private final SecretMembers secrets;

    /**
     * @param name one of {@link #NAMES}
     * @param columns the columns wanted of a table or CSV, as keywords, tags or member names with commas between them;
     *     null for the usual ones
     * @param destination where they go
     * @param screen the terminal that {@code destination} is, or null if it is none
     * @param messages for what the person should know about the answers
     */
    public Format(String name, String columns, Destination destination, Screen screen, Messages messages) {
        this.name = name;
        this.columns = columns == null ? List.of() : split(columns);
        this.destination = destination;
        this.screen = screen;
        this.messages = messages;
        this.sheet = switch (name) {
            case "table" -> new Table(destination, screen, messages);
            case "csv" -> new Csv(destination, screen != null);
            default -> null;
        };
        this.secrets = new SecretMembers(screen != null, messages);
        if (columns != null && sheet == null) {
            throw Problem.usage("--columns is for tables and CSV, not for " + name, "add -f table or -f csv");
        }
    }

    private static List<String> split(String list) {
        List<String> parts = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            // 0010,0010 is one tag, with or without its parentheses.
            String whole = parts.isEmpty() ? "" : parts.getLast() + "," + part.strip();
            if (Dictionary.tag(whole) != null) {
                parts.set(parts.size() - 1, whole);
            } else {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    /** Whether the bytes are wanted as they come. */
    public boolean isRaw() {
        return name.equals("raw");
    }

    /** Whether the destination is a terminal. */
    public boolean isForPeople() {
        return screen != null;
    }

    /** Takes the elements of the answer for {@code resource}, once those of the answer before it were all taken. */
    public Report report(URI resource) {
        SecretMembers watch = Level.of(resource) == null ? secrets : null;
        if (sheet != null) {
            return new RowReport(sheet, columns, dicomColumns(resource), watch, messages);
        }
        return name.equals("ndjson")
                ? new LineReport(destination, watch)
                : new JsonReport(destination, isForPeople(), watch);
    }

    /**
     * The values of {@code includefield} that {@code resource} needs for its columns, because a search does not return
     * them else. A {@link Problem} names a column that there is not.
     */
    public List<String> toBeIncluded(URI resource) {
        List<String> included = new ArrayList<>();
        Level level = Level.of(resource);
        if (sheet != null && level != null) {
            for (DicomColumn column : dicomColumns(resource)) {
                String field = column.toBeIncluded();
                if (!level.returns(column.name(), resource)
                        && !level.returns(column.path().getFirst().name(), resource)
                        && !included.contains(field)) {
                    included.add(field);
                }
            }
        }
        return included.contains("all") ? List.of("all") : included;
    }

    private List<DicomColumn> dicomColumns(URI resource) {
        Level level = Level.of(resource);
        List<DicomColumn> found = new ArrayList<>();
        if (level != null) {
            for (String column : columns.isEmpty() ? level.usual() : columns) {
                found.add(DicomColumn.of(column));
            }
        }
        return found;
    }
}
