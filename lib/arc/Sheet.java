//SOURCES Column.java Csv.java Table.java

package lib.arc;

import java.util.List;

/** Rows under a header, in one of two forms. An answer is one {@link #begin}, its rows, and {@link #end}. */
sealed interface Sheet permits Csv, Table {
    /** Begins the rows of another answer. */
    void begin(List<Column> columns);

    /** Adds a row, one text for each column, as the server sent them. */
    void row(String[] cells);

    /** Lets go what is ready. */
    void flush();

    /** Writes what is left of this answer. */
    void end();
}
