//SOURCES ../base/Destination.java ../base/Printable.java Column.java RowWriter.java

package lib.arc;

import java.util.List;
import lib.base.Destination;
import lib.base.Printable;

/**
 * Comma-separated values (RFC 4180): CRLF, quotes where needed, the names of the columns in the first line. Answers
 * with the same columns share a header; after an answer with other columns come an empty line and a new header.
 *
 * <p>An apostrophe is put before a value that a spreadsheet would run as a formula; signed numbers stay as they are.
 */
final class Csv implements RowWriter.Layout {
    private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    private final Destination destination;
    private final boolean isForPeople;
    private final StringBuilder line = new StringBuilder();
    private String header;

    /** Writes to {@code destination}; control characters are escaped if it {@code isForPeople}, a terminal. */
    Csv(Destination destination, boolean isForPeople) {
        this.destination = destination;
        this.isForPeople = isForPeople;
    }

    @Override
    public void begin(List<Column> columns) {
        String[] names = new String[columns.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = columns.get(i).name();
        }
        lay(names);
        String before = header;
        header = line.toString();
        if (header.equals(before)) {
            return;
        }
        if (before != null) {
            line.insert(0, "\r\n");
        }
        write();
    }

    @Override
    public void row(String[] cells) {
        lay(cells);
        write();
    }

    @Override
    public void flush() {
        destination.flush();
    }

    @Override
    public void end() {}

    private void lay(String[] cells) {
        line.setLength(0);
        for (int i = 0; i < cells.length; i++) {
            if (i > 0) {
                line.append(',');
            }
            append(isForPeople ? Printable.line(cells[i]) : cells[i], cells.length == 1);
        }
        line.append("\r\n");
    }

    private void append(String text, boolean isAlone) {
        boolean isFormula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 && !isNumber(text);
        // A row with a single empty cell would be an empty line, which is not a row.
        boolean isQuoted = isAlone && text.isEmpty();
        for (int i = 0; i < text.length() && !isQuoted; i++) {
            char c = text.charAt(i);
            isQuoted = c == ',' || c == '"' || c == '\r' || c == '\n';
        }
        if (isQuoted) {
            line.append('"');
        }
        if (isFormula) {
            line.append('\'');
        }
        line.append(text.replace("\"", "\"\""));
        if (isQuoted) {
            line.append('"');
        }
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.eE+-".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException formula) {
            return false;
        }
    }

    private void write() {
        destination.print(line.toString());
    }
}
