//SOURCES ../base/Problem.java ../json/Json.java Column.java Dictionary.java MemberColumn.java SopClass.java

package lib.arc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.json.Json;

/**
 * An attribute, or one inside sequences, as a column (the DICOM JSON model: PS3.18, annex F; facts C1).
 *
 * @param path the sequences from the outermost inwards, then the attribute
 * @param title what stands over it in a table
 */
record DicomColumn(List<Dictionary.Attribute> path, String title) implements Column {
    private static final String[] NAME_FORMS = {"Alphabetic", "Ideographic", "Phonetic"};

    /**
     * The column {@code text}: keywords or tags joined by dots, and {@code =TITLE} where another one is wanted than the
     * last of them.
     */
    static DicomColumn of(String text) {
        int equals = text.indexOf('=');
        List<Dictionary.Attribute> path = new ArrayList<>();
        for (String step : (equals < 0 ? text : text.substring(0, equals)).split("\\.", -1)) {
            path.add(attribute(step));
        }
        return new DicomColumn(path, equals < 0 ? path.getLast().name() : text.substring(equals + 1));
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
                            ? "a keyword such as StudyDate, or any tag, as in 00080020"
                            : "did you mean " + near + "? any tag does as well, as in 00080020");
        }
        return attribute;
    }

    @Override
    public String name() {
        StringBuilder name = new StringBuilder();
        for (Dictionary.Attribute step : path) {
            name.append(name.isEmpty() ? "" : ".").append(step.name());
        }
        return name.toString();
    }

    /** What asks for it as a value of {@code includefield}; private attributes come with all others or not at all. */
    String toBeIncluded() {
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
        return isSopClass() ? SopClass.names(text) : text;
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
        if (values.size() == 1) {
            return isLast ? text(values.getFirst()) : inside(values.getFirst(), step);
        }
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            joined.append(i == 0 ? "" : "\\").append(isLast ? text(values.get(i)) : inside(values.get(i), step));
        }
        return joined.toString();
    }

    private String inside(Object item, int step) {
        Map<String, Object> attributes = Json.asObject(item);
        return attributes == null ? text(item) : text(attributes, step + 1);
    }

    private static String text(Object value) {
        Map<String, Object> name = Json.asObject(value);
        if (name == null) {
            return MemberColumn.text(value);
        }
        for (String form : NAME_FORMS) {
            if (name.get(form) instanceof String text && !text.isEmpty()) {
                return text;
            }
        }
        return name.isEmpty() ? "" : Json.compact(name);
    }
}
