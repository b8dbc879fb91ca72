//SOURCES ../base/Dictionary.java ../base/Messages.java ../base/Nearest.java ../base/Printable.java ../json/Json.java
//SOURCES ../json/SecretMembers.java Column.java Layout.java Level.java ResultWriter.java

package lib.arc;

import module java.base;
import lib.base.Dictionary;
import lib.base.Messages;
import lib.base.Nearest;
import lib.base.Printable;
import lib.json.Json;
import lib.json.SecretMembers;

/**
 * Writes an answer as rows, one for each element: data sets by their attributes, plain objects by their members, any
 * other value in a single column.
 *
 * <p>The columns of plain objects are the members of the first thousand of them.
 */
final class RowWriter implements ResultWriter {
    private static final int ELEMENTS_TO_LEARN_FROM = 1000;
    private static final int MAX_NAMES = 300;
    private static final String ONLY_COLUMN = "value";

    private final Layout layout;
    private final List<String> wanted;
    private final SecretMembers secrets;
    private final Messages messages;
    private final List<Map<String, Object>> first = new ArrayList<>();
    private final Map<String, Boolean> members = new LinkedHashMap<>();
    private List<Column> columns;
    private boolean begun;

    /**
     * @param layout where the rows go
     * @param wanted the columns from the command line; empty for the usual ones
     * @param known the columns of the data sets that this resource returns; empty if it returns anything else
     * @param secrets masks secrets or warns of them; null where no element can hold one
     * @param messages for warnings about columns
     */
    RowWriter(Layout layout, List<String> wanted, List<Column.Dicom> known, SecretMembers secrets, Messages messages) {
        this.layout = layout;
        this.wanted = wanted;
        this.secrets = secrets;
        this.messages = messages;
        columns = known.isEmpty() ? null : List.copyOf(known);
    }

    @Override
    public void element(Object value, boolean isInArray) {
        Object shown = secrets == null ? value : secrets.shown(value);
        Map<String, Object> object = Json.asObject(shown);
        if (object == null) {
            object = new LinkedHashMap<>();
            object.put(ONLY_COLUMN, shown);
        }
        if (columns == null) {
            first.add(object);
            if (first.size() == ELEMENTS_TO_LEARN_FROM) {
                learn();
            }
        } else {
            write(object);
        }
    }

    private void write(Map<String, Object> object) {
        begin();
        String[] cells = new String[columns.size()];
        for (int i = 0; i < cells.length; i++) {
            String text = columns.get(i).text(object);
            cells[i] = text == null ? "" : text;
        }
        layout.row(cells);
        if (!members.isEmpty() && wanted.isEmpty()) {
            warnOfLate(object);
        }
    }

    // Only once: an answer may have any number of names.
    private void warnOfLate(Map<String, Object> object) {
        for (String name : object.keySet()) {
            if (!members.containsKey(name)) {
                messages.warning("member " + name + " came too late for a column: name it in --columns");
                members.clear();
                return;
            }
        }
    }

    private void learn() {
        List<Column> chosen = new ArrayList<>();
        if (isDataSet(first.getFirst())) {
            for (String name : wanted.isEmpty() ? Level.METADATA.usual() : wanted) {
                chosen.add(Column.Dicom.of(Level.METADATA.titled(name)));
            }
        } else {
            for (Map<String, Object> object : first) {
                for (Map.Entry<String, Object> member : object.entrySet()) {
                    boolean isNumber = member.getValue() == null || member.getValue() instanceof Json.Number;
                    members.put(member.getKey(), isNumber && members.getOrDefault(member.getKey(), true));
                }
            }
            for (String name : wanted.isEmpty() ? members.keySet() : wanted) {
                chosen.add(new Column.Member(
                        name, members.getOrDefault(name, false) ? Column.Kind.NUMBER : Column.Kind.TEXT));
            }
            warnOfUnknown(chosen);
        }
        columns = chosen;
        for (Map<String, Object> object : first) {
            write(object);
        }
        first.clear();
    }

    // Otherwise a typing error would give an empty column.
    private void warnOfUnknown(List<Column> chosen) {
        for (Column column : chosen) {
            if (first.stream().allMatch(object -> column.text(object) == null)) {
                String near = Nearest.to(column.name(), members.keySet());
                messages.warning("--columns: no element has a member " + column.name() + "; "
                        + (near != null
                                ? "did you mean " + near + "?"
                                : "there are " + Printable.cut(String.join(", ", members.keySet()), MAX_NAMES)));
            }
        }
    }

    private static boolean isDataSet(Map<String, Object> object) {
        for (Map.Entry<String, Object> member : object.entrySet()) {
            Map<String, Object> attribute = Json.asObject(member.getValue());
            boolean isElement = attribute != null && (attribute.isEmpty() || attribute.containsKey("vr"));
            if (!isElement || !Dictionary.isTag(member.getKey())) {
                return false;
            }
        }
        return !object.isEmpty();
    }

    @Override
    public void flush() {
        layout.destination.flush();
    }

    private void begin() {
        if (!begun) {
            begun = true;
            layout.begin(columns);
        }
    }

    @Override
    public void end() {
        if (columns == null && !first.isEmpty()) {
            learn();
        }
        if (columns != null) {
            begin();
            layout.end();
        }
    }

    @Override
    public void close() {
        if (begun || !first.isEmpty()) {
            end();
        }
    }
}
