//SOURCES ../base/Dictionary.java ../base/Problem.java ../json/Json.java Level.java

package lib.arc;

import module java.base;
import lib.base.Dictionary;
import lib.base.Problem;
import lib.json.Json;

/** A column of a table or of CSV: its header, and how to get its text from an element. */
sealed interface Column permits Column.Dicom, Column.Member {
    /** What values are like, as far as it matters for their place in a table. */
    enum Kind {
        /** Told by their end more than by their beginning, and the first to have a place: one goes on with them. */
        UID,
        /** Of people: the next to have a place. */
        NAME,
        /** Cut after a word where space is scarce, as names are. */
        TEXT,
        /** UIDs that are shown by the names of what they stand for, as text. */
        SOP_CLASS,
        /** Dates and times: useless when they are cut. */
        TIME,
        /** As useless when they are cut, and aligned right. */
        NUMBER
    }

    /** The header in CSV, for programs. */
    String name();

    /** The header in a table, where space is scarce. */
    default String title() {
        return name();
    }

    /** What its values are like. */
    Kind kind();

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
            Dictionary.Attribute attribute = Dictionary.tag(name);
            if (attribute == null) {
                attribute = Dictionary.named(name);
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
            return path.stream().map(Dictionary.Attribute::name).collect(Collectors.joining("."));
        }

        /** The value of {@code includefield} that requests it; private attributes come only with {@code all}. */
        String includeField() {
            return path.stream().anyMatch(Dictionary.Attribute::isPrivate) ? "all" : name();
        }

        @Override
        public Kind kind() {
            return switch (path.getLast().vr()) {
                case "UI" -> path.getLast().name().contains("SOPClass") ? Kind.SOP_CLASS : Kind.UID;
                case "PN" -> Kind.NAME;
                case "DA", "TM", "DT", "AS" -> Kind.TIME;
                case "IS", "DS", "US", "SS", "UL", "SL", "UV", "SV", "FL", "FD" -> Kind.NUMBER;
                default -> Kind.TEXT;
            };
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
            List<Object> values = Level.values(attribute);
            if (values == null) {
                return attribute.containsKey("BulkDataURI") || attribute.containsKey("DataFragment")
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
     * @param kind what its values are like
     */
    record Member(String name, Kind kind) implements Column {
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
            if (array != null && array.stream().noneMatch(each -> each instanceof Map || each instanceof List)) {
                return array.stream().map(Member::text).collect(Collectors.joining("\\"));
            }
            return value == null ? "" : value instanceof String text ? text : Json.compact(value);
        }
    }

    /**
     * The names of the SOP classes that archives hold most of (PS3.4, annex B.5), as people call them. A class of its
     * own: only tables need them.
     */
    final class SopClass {
        private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

        private static final String TABLE = """
                1 CR Image
                1.1 DX Image
                1.1.1 DX Image (for processing)
                1.2 Mammography Image
                1.2.1 Mammography Image (for processing)
                2 CT Image
                2.1 Enhanced CT Image
                3.1 US Multi-frame Image
                4 MR Image
                4.1 Enhanced MR Image
                6.1 US Image
                7 Secondary Capture
                7.2 Multi-frame Secondary Capture
                7.4 Multi-frame True Color Secondary Capture
                9.1.1 12-lead ECG
                11.1 Grayscale Presentation State
                11.2 Color Presentation State
                12.1 XA Image
                12.1.1 Enhanced XA Image
                12.2 XRF Image
                13.1.3 Breast Tomosynthesis Image
                20 NM Image
                66 Raw Data
                66.1 Spatial Registration
                66.4 Segmentation
                77.1.1 Endoscopic Image
                77.1.1.1 Endoscopic Video
                77.1.4 Photograph
                77.1.4.1 Video
                77.1.5.1 Ophthalmic Photograph
                77.1.5.4 Ophthalmic Tomography Image
                77.1.6 Whole Slide Image
                88.11 Basic Text SR
                88.22 Enhanced SR
                88.33 Comprehensive SR
                88.34 Comprehensive 3D SR
                88.59 Key Object Selection
                88.67 X-Ray Dose SR
                104.1 Encapsulated PDF
                104.2 Encapsulated CDA
                128 PET Image
                130 Enhanced PET Image
                481.1 RT Image
                481.2 RT Dose
                481.3 RT Structure Set
                481.5 RT Plan
                """;

        private static final Map<String, String> NAMES = new HashMap<>();

        static {
            for (String line : TABLE.split("\n")) {
                int blank = line.indexOf(' ');
                NAMES.put(STORAGE + line.substring(0, blank), line.substring(blank + 1));
            }
        }

        private SopClass() {}

        /** {@code uids}, one UID or several joined by backslashes, each replaced by its name if that is known. */
        static String names(String uids) {
            return Stream.of(uids.split("\\\\", -1))
                    .map(uid -> NAMES.getOrDefault(uid, uid))
                    .collect(Collectors.joining("\\"));
        }
    }
}
