//SOURCES DicomColumn.java MemberColumn.java

package lib.arc;

import java.util.Map;

/** A column of a table: what stands over it, and how its text is found in an element. */
sealed interface Column permits DicomColumn, MemberColumn {
    /** What programs know it by: the head of a CSV column. */
    String name();

    /** What stands over it in a table, which has little room. */
    String title();

    /** Whether its values are numbers, which stand on the right. */
    boolean isNumber();

    /** Whether its values tell nothing when they are cut: numbers, dates and times. */
    boolean isFixed();

    /** Whether the end of a value tells more than its beginning, as with UIDs. */
    boolean isToldByEnd();

    /** What a table shows for {@code text}: a name for a number that nobody knows by heart. */
    String shown(String text);

    /** The text of this column for {@code element}; null if the element has no such member at all. */
    String text(Map<String, Object> element);
}
