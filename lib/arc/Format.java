//SOURCES ../base/Destination.java ../base/Dictionary.java ../base/Messages.java ../base/Problem.java
//SOURCES ../base/Screen.java ../json/SecretMembers.java Column.java Layout.java Level.java ResultWriter.java
//SOURCES RowWriter.java

package lib.arc;

import module java.base;
import lib.base.Destination;
import lib.base.Dictionary;
import lib.base.Messages;
import lib.base.Problem;
import lib.base.Screen;
import lib.json.SecretMembers;

/** How the answers of a run are written, one after another. */
public final class Format {
    /** The names of all formats, the default first; {@code raw} copies the bytes and has no {@link #writer}. */
    public static final List<String> NAMES = List.of("json", "ndjson", "table", "csv", "raw");

    private final String name;
    private final boolean isChosen;
    private final List<String> columns;
    private final Destination destination;
    private final Screen screen;
    private final Messages messages;
    private final Layout layout;
    private final SecretMembers secrets;

    /**
     * @param chosen one of {@link #NAMES}, or null for the default
     * @param columns the columns of a table or CSV, or the members of NDJSON: keywords, tags, titles of the usual
     *     columns or member names, separated by commas; null for the usual ones
     * @param destination where they go
     * @param screen the terminal that {@code destination} is, or null if it is not a terminal
     * @param messages for notes and warnings about the answers
     */
    public Format(String chosen, String columns, Destination destination, Screen screen, Messages messages) {
        this.name = chosen == null ? NAMES.getFirst() : chosen;
        this.isChosen = chosen != null;
        this.columns = columns == null ? List.of() : split(columns);
        this.destination = destination;
        this.screen = screen;
        this.messages = messages;
        boolean hasRows = List.of("table", "csv", "ndjson").contains(name);
        this.layout = hasRows ? Layout.of(name, destination, screen, columns != null, messages) : null;
        this.secrets = new SecretMembers(screen != null, messages);
        if (columns != null && layout == null) {
            throw Problem.usage(
                    "--columns is for tables, CSV and NDJSON, not for " + name, "add -f table, -f csv or -f ndjson");
        }
    }

    private static List<String> split(String list) {
        List<String> parts = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            // 0010,0010 is one tag, with or without parentheses.
            String whole = parts.isEmpty() ? "" : parts.getLast() + "," + part.strip();
            if (Dictionary.isTag(whole)) {
                parts.set(parts.size() - 1, whole);
            } else {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    /** Whether the bytes are written as they come. */
    public boolean isRaw() {
        return name.equals("raw");
    }

    /** Whether the person chose it, so that an answer must be what it can show. */
    boolean isChosen() {
        return isChosen;
    }

    /** Whether answers become tables, in which people look for the newest studies first. */
    boolean isTable() {
        return layout instanceof Layout.Table;
    }

    /** Whether the destination is a terminal. */
    public boolean isForPeople() {
        return screen != null;
    }

    /** Tells {@code note} if the destination is a terminal. */
    void tell(String note) {
        if (isForPeople()) {
            messages.note(note);
        }
    }

    /** Writes the answer for {@code resource}; one at a time. */
    public ResultWriter writer(URI resource) {
        // Data sets hold no secrets, and a text such as "password=1" in one must stay.
        SecretMembers watch = Level.of(resource) == null ? secrets : null;
        return layout != null
                ? new RowWriter(layout, columns, dicomColumns(resource), watch, messages)
                : new ResultWriter.JsonWriter(destination, name.equals("ndjson"), screen, watch);
    }

    /**
     * The values of {@code includefield} for the columns that {@code resource} does not return by itself;
     * {@link Problem} for a column that does not exist.
     */
    public List<String> includeFields(URI resource) {
        List<String> included = new ArrayList<>();
        Level level = Level.of(resource);
        if (layout != null && level != null) {
            for (Column.Dicom column : dicomColumns(resource)) {
                String field = column.includeField();
                if (!level.returns(column.name(), resource)
                        && !level.returns(column.path().getFirst().name(), resource)
                        && !included.contains(field)) {
                    included.add(field);
                }
            }
        }
        return included.contains("all") ? List.of("all") : included;
    }

    private List<Column.Dicom> dicomColumns(URI resource) {
        Level level = Level.of(resource);
        List<Column.Dicom> found = new ArrayList<>();
        if (level != null) {
            for (String column : columns.isEmpty() ? level.usual() : columns) {
                found.add(Column.Dicom.of(level.titled(column)));
            }
        }
        return found;
    }
}
