//SOURCES ../base/Destination.java ../base/Messages.java ../base/Printable.java ../base/Screen.java Column.java

package lib.arc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.base.Destination;
import lib.base.Messages;
import lib.base.Printable;
import lib.base.Screen;

/** How rows are laid out. An answer is one {@link #begin}, its rows, and {@link #end}. */
sealed interface Layout permits Layout.Csv, Layout.Table {
    /** Begins the rows of an answer. */
    void begin(List<Column> columns);

    /** Adds a row, one text for each column, as the server sent them. */
    void row(String[] cells);

    /** Hands over the rows that are complete. */
    void flush();

    /** Writes the rest of this answer. */
    void end();

    /**
     * A table for people: padded columns with two blanks between them, a header over each answer and an empty line
     * between answers. The first rows set the widths; a longer value in a later row moves the rest of its row to the
     * right.
     *
     * <p>On a terminal, lines fit its width: headers are cut first, then long texts, then other values, and columns for
     * which there is no space are left out. Elsewhere nothing is cut. A value never breaks its line.
     */
    final class Table implements Layout {
        private static final int ROWS_TO_MEASURE = 1000;
        private static final int CHARACTERS_TO_MEASURE = 1 << 22;
        private static final String GAP = "  ";
        private static final int NARROW = 4;
        private static final int READABLE = 6;

        private final Destination destination;
        private final Screen screen;
        private final Messages messages;
        private final List<String[]> measured = new ArrayList<>();
        private final StringBuilder line = new StringBuilder();
        private List<Column> columns;
        private int characters;
        private int[] widths;
        private boolean isFirst = true;

        /** Writes to {@code destination}; {@code screen} is the terminal that lines must fit, or null. */
        Table(Destination destination, Screen screen, Messages messages) {
            this.destination = destination;
            this.screen = screen;
            this.messages = messages;
        }

        @Override
        public void begin(List<Column> newColumns) {
            columns = newColumns;
            characters = 0;
            widths = null;
        }

        @Override
        public void row(String[] cells) {
            String[] shown = new String[cells.length];
            for (int i = 0; i < cells.length; i++) {
                shown[i] = Printable.line(columns.get(i).shown(cells[i]));
                characters += shown[i].length();
            }
            if (widths != null) {
                write(shown);
                return;
            }
            measured.add(shown);
            if (measured.size() == ROWS_TO_MEASURE || characters > CHARACTERS_TO_MEASURE) {
                writeMeasured();
            }
        }

        @Override
        public void flush() {
            if (widths != null) {
                destination.flush();
            }
        }

        @Override
        public void end() {
            if (widths == null) {
                writeMeasured();
            }
        }

        private void writeMeasured() {
            String[] heads = new String[columns.size()];
            for (int i = 0; i < heads.length; i++) {
                heads[i] = Printable.line(columns.get(i).title());
            }
            measure(heads);
            if (!isFirst) {
                destination.print("\n");
            }
            isFirst = false;
            boolean isBold = screen != null && screen.isStyled();
            destination.print(isBold ? "\u001b[1m" : "");
            lay(heads);
            destination.print(line.append(isBold ? "\u001b[0m\n" : "\n").toString());
            for (String[] row : measured) {
                write(row);
            }
            measured.clear();
        }

        private void measure(String[] heads) {
            int[] values = new int[heads.length];
            for (String[] row : measured) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Math.max(values[i], Screen.columns(row[i]));
                }
            }
            widths = new int[heads.length];
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(values[i], Screen.columns(heads[i]));
            }
            if (screen != null) {
                fit(screen.width(), values);
            }
        }

        private void fit(int most, int[] values) {
            int fitting = Math.max(1, (most + GAP.length()) / (NARROW + GAP.length()));
            if (fitting < widths.length) {
                messages.note((widths.length - fitting) + " columns do not fit: choose some with --columns");
                widths = Arrays.copyOf(widths, fitting);
            }
            int room = most - GAP.length() * (widths.length - 1);
            int[] least = new int[widths.length];
            for (int i = 0; i < least.length; i++) {
                widths[i] = Math.min(widths[i], most);
                least[i] = Math.max(values[i], NARROW);
            }
            narrow(room, least);
            for (int i = 0; i < least.length; i++) {
                least[i] = columns.get(i).isFixed() ? widths[i] : READABLE;
            }
            narrow(room, least);
            Arrays.fill(least, NARROW);
            narrow(room, least);
        }

        /** Narrows the widest columns first, down to {@code least}, until all fit into {@code room}. */
        private void narrow(int room, int[] least) {
            int excess = -room;
            for (int width : widths) {
                excess += width;
            }
            for (; excess > 0; excess--) {
                int widest = -1;
                for (int i = 0; i < widths.length; i++) {
                    if (widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest])) {
                        widest = i;
                    }
                }
                if (widest < 0) {
                    return;
                }
                widths[widest]--;
            }
        }

        private void write(String[] cells) {
            lay(cells);
            destination.print(line.append('\n').toString());
        }

        private void lay(String[] cells) {
            line.setLength(0);
            int pending = 0;
            for (int i = 0; i < widths.length; i++) {
                Column column = columns.get(i);
                String cell = screen == null
                        ? cells[i]
                        : column.isToldByEnd()
                                ? Screen.cutInFront(cells[i], widths[i])
                                : Screen.cut(cells[i], widths[i]);
                int padding = Math.max(0, widths[i] - Screen.columns(cell));
                pending += i == 0 ? 0 : GAP.length();
                if (column.isNumber()) {
                    pending += padding;
                    padding = 0;
                }
                if (!cell.isEmpty()) {
                    line.repeat(' ', pending).append(cell);
                    pending = 0;
                }
                pending += padding;
            }
        }
    }

    /**
     * Comma-separated values (RFC 4180, but lines end in LF, for {@code while read} and {@code cut}): quotes where
     * needed, the names of the columns in the first line. Answers with the same columns share a header; after an answer
     * with other columns come an empty line and a new header.
     *
     * <p>An apostrophe is put before a value that a spreadsheet would run as a formula; signed numbers stay as they
     * are.
     */
    final class Csv implements Layout {
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
                line.insert(0, "\n");
            }
            destination.print(line.toString());
        }

        @Override
        public void row(String[] cells) {
            lay(cells);
            destination.print(line.toString());
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
            line.append("\n");
        }

        private void append(String text, boolean isAlone) {
            boolean isFormula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 && !isNumber(text);
            // A row with a single empty cell would be an empty line, which is not a row.
            boolean isQuoted = isAlone && text.isEmpty();
            for (int i = 0; i < text.length() && !isQuoted; i++) {
                isQuoted = ",\"\r\n".indexOf(text.charAt(i)) >= 0;
            }
            line.append(isQuoted ? "\"" : "")
                    .append(isFormula ? "'" : "")
                    .append(text.replace("\"", "\"\""))
                    .append(isQuoted ? "\"" : "");
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
    }
}
