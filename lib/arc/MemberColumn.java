//SOURCES ../json/Json.java ../json/JsonNumber.java Column.java

package lib.arc;

import java.util.List;
import java.util.Map;
import lib.json.Json;
import lib.json.JsonNumber;

/**
 * A member of plain JSON objects as a column.
 *
 * @param name its name; dots lead into objects unless a member is called so
 * @param isNumber whether its values are numbers
 */
record MemberColumn(String name, boolean isNumber) implements Column {

    @Override
    public String title() {
        return name;
    }

    @Override
    public boolean isFixed() {
        return isNumber;
    }

    @Override
    public boolean isToldByEnd() {
        return false;
    }

    @Override
    public String shown(String text) {
        return text;
    }

    @Override
    public String text(Map<String, Object> element) {
        Map<String, Object> object = element;
        String rest = name;
        while (!object.containsKey(rest)) {
            int dot = rest.indexOf('.');
            object = dot < 0 ? null : Json.asObject(object.get(rest.substring(0, dot)));
            if (object == null) {
                return null;
            }
            rest = rest.substring(dot + 1);
        }
        return text(object.get(rest));
    }

    /** A value in a cell: values of an array joined by a backslash as in DICOM, what is nested deeper as JSON. */
    static String text(Object value) {
        List<Object> array = Json.asArray(value);
        if (array == null || hasNested(array)) {
            return value == null
                    ? ""
                    : value instanceof String || value instanceof JsonNumber || value instanceof Boolean
                            ? value.toString()
                            : Json.compact(value);
        }
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < array.size(); i++) {
            joined.append(i == 0 ? "" : "\\").append(text(array.get(i)));
        }
        return joined.toString();
    }

    private static boolean hasNested(List<Object> array) {
        for (Object value : array) {
            if (value instanceof Map || value instanceof List) {
                return true;
            }
        }
        return false;
    }
}
