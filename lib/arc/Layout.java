//SOURCES ../base/Destination.java ../base/Messages.java ../base/Printable.java ../base/Screen.java ../json/Json.java
//SOURCES Column.java

package lib.arc;

import module java.base;
import lib.base.Destination;
import lib.base.Messages;
import lib.base.Printable;
import lib.base.Screen;
import lib.json.Json;

/** How rows are laid out. An answer is one {@link #begin}, its rows, and {@link #end}. */
abstract sealed class Layout permits Layout.Csv, Layout.Objects, Layout.Table {
    /** Where the rows go. */
    final Destination destination;

    /** The columns of this answer. */
    List<Column> columns;

    private Layout(Destination destination) {
        this.destination = destination;
    }

    /**
     * How {@code format} lays rows out, or null for NDJSON as it comes. Only a run with rows loads the layouts.
     *
     * @param screen the terminal that {@code destination} is, or null
     * @param isChosen whether the columns are those that somebody asked for
     * @param messages says which columns a table leaves out
     */
    static Layout of(String format, Destination destination, Screen screen, boolean isChosen, Messages messages) {
        return switch (format) {
            case "table" -> new Table(destination, screen, isChosen, messages);
            case "csv" -> new Csv(destination, screen != null);
            default -> isChosen ? new Objects(destination) : null;
        };
    }

    /** Begins the rows of an answer. */
    void begin(List<Column> newColumns) {
        columns = newColumns;
    }

    /** Adds a row, one text for each column, as the server sent them. */
    abstract void row(String[] cells);

    /** Writes the rest of this answer. */
    void end() {}

    /**
     * A table for people: padded columns with two blanks between them, a header over each answer and an empty line
     * between answers. The first rows set the widths; a longer value in a later row moves the rest of its row to the
     * right.
     *
     * <p>On a terminal, lines fit its width: texts of several words are cut after one of them, and columns for which
     * there is no space then are left out, the last ones first, but names and UIDs only after the others. Columns that
     * somebody chose stay while each has four characters: their values are cut. Elsewhere nothing is cut. A value never
     * breaks its line.
     */
    static final class Table extends Layout {
        private static final int ROWS_TO_MEASURE = 1000;
        private static final int CHARACTERS_TO_MEASURE = 1 << 22;
        private static final String GAP = "  ";
        private static final int NARROW = 4;
        private static final int READABLE = 6;
        private static final int LONG_NAME = 24;
        private static final int OUT = -1;
        private static final int LAST_RANK = 2;

        private final Screen screen;
        private final boolean isChosen;
        private final Messages messages;
        private final List<String[]> measured = new ArrayList<>();
        private int characters;
        private int[] widths;
        private boolean isFirst = true;

        private Table(Destination destination, Screen screen, boolean isChosen, Messages messages) {
            super(destination);
            this.screen = screen;
            this.isChosen = isChosen;
            this.messages = messages;
        }

        @Override
        void begin(List<Column> newColumns) {
            super.begin(newColumns);
            characters = 0;
            widths = null;
        }

        @Override
        void row(String[] cells) {
            String[] shown = new String[cells.length];
            for (int i = 0; i < cells.length; i++) {
                boolean isSopClass = columns.get(i).kind() == Column.Kind.SOP_CLASS;
                shown[i] = Printable.line(isSopClass ? Column.SopClass.names(cells[i]) : cells[i]);
                characters += shown[i].length();
            }
            if (widths != null) {
                destination.print(line(shown) + "\n");
                return;
            }
            measured.add(shown);
            if (measured.size() == ROWS_TO_MEASURE || characters > CHARACTERS_TO_MEASURE) {
                writeMeasured();
            }
        }

        @Override
        void end() {
            if (widths == null) {
                writeMeasured();
            }
        }

        private void writeMeasured() {
            String[] heads = columns.stream()
                    .map(column -> Printable.line(column.title()))
                    .toArray(String[]::new);
            measure(heads);
            if (!isFirst) {
                destination.print("\n");
            }
            isFirst = false;
            boolean isBold = screen != null && screen.isStyled();
            destination.print(isBold ? "\u001b[1m" + line(heads) + "\u001b[0m\n" : line(heads) + "\n");
            for (String[] row : measured) {
                destination.print(line(row) + "\n");
            }
            measured.clear();
        }

        private void measure(String[] heads) {
            // How narrow each column may get: as readable as by itself; as far as it makes sense; or at all.
            int[][] floors = new int[3][heads.length];
            widths = new int[heads.length];
            for (int i = 0; i < widths.length; i++) {
                int values = 0;
                int words = 0;
                for (String[] row : measured) {
                    values = Math.max(values, Screen.columns(row[i]));
                    words = screen == null ? 0 : Math.max(words, firstWord(row[i]));
                }
                int head = Screen.columns(heads[i]);
                widths[i] = Math.max(head, values);
                boolean isFixed = false;
                switch (columns.get(i).kind()) {
                    case UID -> words = values;
                    case NAME -> words = Math.max(words, Math.min(values, LONG_NAME));
                    case TIME, NUMBER -> {
                        words = values;
                        isFixed = true;
                    }
                    case TEXT, SOP_CLASS -> {}
                }
                floors[0][i] = Math.max(head, words);
                floors[1][i] = isFixed ? Math.max(values, NARROW) : READABLE;
                floors[2][i] = NARROW;
            }
            if (screen != null) {
                leaveOut(screen.width(), isChosen ? floors[2] : floors[0]);
                for (int[] floor : floors) {
                    narrow(screen.width(), floor);
                }
            }
        }

        /** The columns that {@code text} takes if it is cut after its first word. */
        private static int firstWord(String text) {
            int end = Math.min(1, text.length());
            while (end < text.length() && !isBetweenWords(text.charAt(end))) {
                end++;
            }
            return Screen.columns(text.substring(0, end)) + (end < text.length() ? 1 : 0);
        }

        private static boolean isBetweenWords(char c) {
            return c == ' ' || c == '^' || c == '\\';
        }

        /** Leaves out the columns for which there is no space if each takes {@code least}, and says so. */
        private void leaveOut(int most, int[] least) {
            boolean[] fits = new boolean[least.length];
            int width = -GAP.length();
            for (int rank = 0; rank <= LAST_RANK; rank++) {
                boolean isSpace = true;
                for (int i = 0; i < fits.length && isSpace; i++) {
                    if (rank(columns.get(i)) == rank) {
                        int more = GAP.length() + Math.min(least[i], widths[i]);
                        // One there must be.
                        fits[i] = width + more <= most || width < 0 && rank == LAST_RANK;
                        width += fits[i] ? more : 0;
                        isSpace = fits[i];
                    }
                }
            }
            StringJoiner out = new StringJoiner(", ");
            for (int i = 0; i < fits.length; i++) {
                if (!fits[i]) {
                    widths[i] = OUT;
                    out.add(Printable.line(columns.get(i).title()));
                }
            }
            if (out.length() > 0) {
                messages.note("no space for " + out + ": choose columns with --columns");
            }
        }

        /** How soon {@code column} has a place where space is scarce. */
        private int rank(Column column) {
            return isChosen ? LAST_RANK : Math.min(column.kind().ordinal(), LAST_RANK);
        }

        /** Narrows the widest columns first, down to {@code least}, until all fit into {@code most}. */
        private void narrow(int most, int[] least) {
            int excess = -most - GAP.length();
            for (int width : widths) {
                excess += width == OUT ? 0 : width + GAP.length();
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

        private String line(String[] cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                if (widths[i] == OUT) {
                    continue;
                }
                Column.Kind kind = columns.get(i).kind();
                String cell = screen == null
                        ? cells[i]
                        : kind == Column.Kind.UID ? Screen.cutInFront(cells[i], widths[i]) : cut(cells[i], widths[i]);
                int padding = Math.max(0, widths[i] - Screen.columns(cell));
                boolean isRight = kind == Column.Kind.NUMBER;
                line.repeat(' ', isRight ? padding : 0)
                        .append(cell)
                        .repeat(' ', isRight ? 0 : padding)
                        .append(GAP);
            }
            return line.toString().stripTrailing();
        }

        /** {@code text} cut to {@code most} columns, at the end of a word if the first one fits. */
        private static String cut(String text, int most) {
            String cut = Screen.cut(text, most);
            int end = cut.length() - 1;
            if (cut.equals(text) || isBetweenWords(text.charAt(end))) {
                return cut;
            }
            while (end > 0 && !isBetweenWords(text.charAt(end))) {
                end--;
            }
            return end == 0 ? cut : text.substring(0, end) + '\u2026';
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
    static final class Csv extends Layout {
        private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";
        private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d++\\.?\\d*+|\\.\\d++)([eE][+-]?\\d++)?");

        private final boolean isForPeople;
        private final StringBuilder line = new StringBuilder();
        private String header;

        /** Control characters are escaped if {@code destination} {@code isForPeople}, a terminal. */
        private Csv(Destination destination, boolean isForPeople) {
            super(destination);
            this.isForPeople = isForPeople;
        }

        @Override
        void begin(List<Column> newColumns) {
            super.begin(newColumns);
            lay(newColumns.stream().map(Column::name).toArray(String[]::new));
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
        void row(String[] cells) {
            lay(cells);
            destination.print(line.toString());
        }

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
            boolean isFormula = !text.isEmpty()
                    && FORMULA.indexOf(text.charAt(0)) >= 0
                    && !NUMBER.matcher(text).matches();
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
    }

    /** A flat JSON object for each row, in a line of its own: a number where it is one, null for what is not there. */
    static final class Objects extends Layout {
        private Objects(Destination destination) {
            super(destination);
        }

        @Override
        void row(String[] cells) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < cells.length; i++) {
                Column column = columns.get(i);
                object.put(
                        column.name(),
                        cells[i].isEmpty() ? null : column.kind() == Column.Kind.NUMBER ? number(cells[i]) : cells[i]);
            }
            destination.print(Json.compact(object) + "\n");
        }

        /** {@code text} as a number; unchanged if it is several, or not written as in JSON. */
        private static Object number(String text) {
            try {
                return Json.parse(text) instanceof Json.Number number ? number : text;
            } catch (Json.Malformed noNumber) {
                return text;
            }
        }
    }
}
