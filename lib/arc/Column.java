//SOURCES ../base/Problem.java ../json/Json.java ../json/JsonNumber.java Dictionary.java

package lib.arc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import lib.base.Problem;
import lib.json.Json;
import lib.json.JsonNumber;

/** A column of a table or of CSV: its header, and how to get its text from an element. */
sealed interface Column permits Column.Dicom, Column.Member {
    /** The header in CSV, for programs. */
    String name();

    /** The header in a table, where space is scarce. */
    default String title() {
        return name();
    }

    /** Whether the values are numbers, which are aligned right. */
    boolean isNumber();

    /** Whether a value is useless when it is cut: numbers, dates and times. */
    default boolean isFixed() {
        return isNumber();
    }

    /** Whether the end of a value tells more than its beginning, as with UIDs. */
    default boolean isToldByEnd() {
        return false;
    }

    /** What a table shows for {@code text}, for example the name of a SOP class instead of its UID. */
    default String shown(String text) {
        return text;
    }

    /** The text of this column for {@code element}; null if the element has no such member. */
    String text(Map<String, Object> element);

    /**
     * An attribute of a data set, or an attribute inside sequences (the DICOM JSON model: PS3.18, annex F; facts C1).
     *
     * @param path the sequences from the outermost inwards, then the attribute
     * @param title the header in a table
     */
    record Dicom(List<Dictionary.Attribute> path, String title) implements Column {
        private static final String[] NAME_FORMS = {"Alphabetic", "Ideographic", "Phonetic"};

        /**
         * The column {@code text}: keywords or tags joined by dots, with {@code =TITLE} for a header other than the
         * last of them.
         */
        static Dicom of(String text) {
            int equals = text.indexOf('=');
            List<Dictionary.Attribute> path = new ArrayList<>();
            for (String step : (equals < 0 ? text : text.substring(0, equals)).split("\\.", -1)) {
                path.add(attribute(step));
            }
            return new Dicom(path, equals < 0 ? path.getLast().name() : text.substring(equals + 1));
        }

        private static Dictionary.Attribute attribute(String name) {
            Dictionary.Attribute attribute = Dictionary.named(name);
            if (attribute == null) {
                attribute = Dictionary.tag(name);
            }
            if (attribute == null) {
                String near = name.isEmpty() ? null : Dictionary.nearestKeyword(name);
                throw Problem.usage(
                        "--columns: no attribute is called '" + name + "'",
                        near == null
                                ? "give a keyword such as StudyDate, or any tag such as 00080020"
                                : "did you mean " + near + "? a tag such as 00080020 works too");
            }
            return attribute;
        }

        @Override
        public String name() {
            StringJoiner name = new StringJoiner(".");
            for (Dictionary.Attribute step : path) {
                name.add(step.name());
            }
            return name.toString();
        }

        /** The value of {@code includefield} that requests it; private attributes come only with {@code all}. */
        String includeField() {
            for (Dictionary.Attribute step : path) {
                if (step.isPrivate()) {
                    return "all";
                }
            }
            return name();
        }

        @Override
        public boolean isNumber() {
            return hasVr("IS DS US SS UL SL UV SV FL FD");
        }

        @Override
        public boolean isFixed() {
            return isNumber() || hasVr("DA TM DT AS");
        }

        @Override
        public boolean isToldByEnd() {
            return hasVr("UI") && !isSopClass();
        }

        @Override
        public String shown(String text) {
            return isSopClass() ? Dictionary.SopClass.names(text) : text;
        }

        private boolean isSopClass() {
            return path.getLast().name().contains("SOPClass");
        }

        private boolean hasVr(String vrs) {
            return vrs.contains(path.getLast().vr());
        }

        @Override
        public String text(Map<String, Object> element) {
            return text(element, 0);
        }

        private String text(Map<String, Object> items, int step) {
            Object member = items.get(path.get(step).tag());
            Map<String, Object> attribute = Json.asObject(member);
            if (attribute == null) {
                return member == null ? "" : Json.compact(member);
            }
            List<Object> values = Json.asArray(attribute.get("Value"));
            if (values == null) {
                return attribute.containsKey("BulkDataURI")
                        ? "<bulk data>"
                        : attribute.containsKey("InlineBinary") ? "<binary data>" : "";
            }
            boolean isLast = step == path.size() - 1;
            if (isLast && "SQ".equals(attribute.get("vr"))) {
                return Json.compact(values);
            }
            StringJoiner joined = new StringJoiner("\\");
            for (Object value : values) {
                joined.add(text(value, step, isLast));
            }
            return joined.toString();
        }

        private String text(Object value, int step, boolean isLast) {
            Map<String, Object> members = Json.asObject(value);
            if (members == null) {
                return Member.text(value);
            }
            if (!isLast) {
                return text(members, step + 1);
            }
            for (String form : NAME_FORMS) {
                if (members.get(form) instanceof String text && !text.isEmpty()) {
                    return text;
                }
            }
            return members.isEmpty() ? "" : Json.compact(members);
        }
    }

    /**
     * A member of plain JSON objects.
     *
     * @param name its name; dots lead into nested objects unless a member has that very name
     * @param isNumber whether its values are numbers
     */
    record Member(String name, boolean isNumber) implements Column {

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

        /** The text of a value: those of an array joined by a backslash as in DICOM, deeper nesting as JSON. */
        static String text(Object value) {
            List<Object> array = Json.asArray(value);
            if (array == null || hasNested(array)) {
                return value == null
                        ? ""
                        : value instanceof String || value instanceof JsonNumber || value instanceof Boolean
                                ? value.toString()
                                : Json.compact(value);
            }
            StringJoiner joined = new StringJoiner("\\");
            for (Object each : array) {
                joined.add(text(each));
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
}
