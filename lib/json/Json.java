//DEPS tools.jackson.jr:jackson-jr-objects:3.2.1
//SOURCES ../base/Printable.java

package lib.json;

import module java.base;
import lib.base.Printable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;
import tools.jackson.jr.ob.JacksonJrExtension;
import tools.jackson.jr.ob.api.ExtensionContext;
import tools.jackson.jr.ob.api.ReaderWriterProvider;
import tools.jackson.jr.ob.api.ValueWriter;
import tools.jackson.jr.ob.impl.JSONWriter;

/**
 * JSON text as plain Java values and back (RFC 8259).
 *
 * <p>An object is a {@code Map<String, Object>} in the order of its members, an array a {@code List<Object>}, a number
 * a {@link Number}, {@code null} is null. What is written is safe for a terminal: control and bidi characters are
 * escaped.
 */
public final class Json {
    /** How deep values may be nested; deeper ones are malformed. */
    public static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = factory(MAX_DEPTH);
    private static final String NAME = "\033[34;1m";
    private static final String STRING = "\033[32m";

    private Json() {}

    /**
     * A number as it was written: {@code 1.10}, {@code 1e400} and {@code 12345678901234567890} stay what they are.
     *
     * @param text the number in JSON's syntax
     */
    public record Number(String text) {
        /** The number {@code value}. */
        public static Number of(long value) {
            return new Number(Long.toString(value));
        }

        /** Whether it is written as an integer that fits a long. */
        public boolean isLong() {
            try {
                Long.parseLong(text);
                return true;
            } catch (NumberFormatException tooLargeOrNoInteger) {
                return false;
            }
        }

        /** The number rounded down to a long, or the nearest long if it is out of range. */
        public long toLong() {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException tooLargeOrNoInteger) {
                double rounded = Math.floor(Double.parseDouble(text));
                return (long) rounded;
            }
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Text that is not one JSON value; the caller knows whose text it was and says so. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String reason) {
            super(reason);
        }
    }

    /** Writes JSON. A class of its own, loaded only if needed: Jackson's writer looks up a time zone. */
    private static final class Writer {
        static final JSON COMPACT = JSON.builder(FACTORY)
                .register(new Numbers())
                .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
                .build();

        private Writer() {}
    }

    /** Writes a {@link Number} as it was read. */
    private static final class Numbers extends JacksonJrExtension implements ValueWriter {
        @Override
        protected void register(ExtensionContext context) {
            context.insertProvider(new ReaderWriterProvider() {
                @Override
                public ValueWriter findValueWriter(JSONWriter writer, Class<?> type) {
                    return type == Number.class ? Numbers.this : null;
                }
            });
        }

        @Override
        public void writeValue(JSONWriter writer, JsonGenerator generator, Object value) {
            generator.writeNumber(((Number) value).text());
        }

        @Override
        public Class<?> valueType() {
            return Number.class;
        }
    }

    /** Escapes characters that JSON allows but a terminal would act on: DEL, C1 and the bidi controls. */
    private static final class SafeCharacters extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[0x7f] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return Printable.isControl((char) c) ? new SerializedString(Printable.line(Character.toString(c))) : null;
        }
    }

    static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(1 << 20)
                        // Otherwise it does not count them.
                        .maxTokenCount(Long.MAX_VALUE)
                        .build())
                .characterEscapes(new SafeCharacters())
                .rootValueSeparator("")
                .disable(
                        StreamWriteFeature.AUTO_CLOSE_CONTENT,
                        StreamWriteFeature.AUTO_CLOSE_TARGET,
                        StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .build();
    }

    /**
     * A value together with its duplicate members.
     *
     * @param value the value
     * @param duplicates the names that an object has more than once; the last value wins
     */
    public record Document(Object value, List<String> duplicates) {}

    /** Parses {@code text}. */
    public static Object parse(String text) throws Malformed {
        return read(text).value();
    }

    /** The members of the object that {@code text} is; none if it is another value, or no JSON. */
    public static Map<String, Object> object(String text) {
        try {
            Map<String, Object> object = asObject(parse(text));
            return object == null ? Map.of() : object;
        } catch (Malformed none) {
            return Map.of();
        }
    }

    /** Parses {@code text} and lists its duplicate members. */
    public static Document read(String text) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new Malformed("empty");
            }
            List<String> duplicates = new ArrayList<>(0);
            Object value = value(parser, duplicates);
            if (hasMore(parser)) {
                throw new Malformed("followed by something else");
            }
            return new Document(value, duplicates);
        } catch (StreamConstraintsException e) {
            throw new Malformed("nested deeper than " + MAX_DEPTH);
        } catch (UnexpectedEndOfInputException e) {
            throw new Malformed("cut off in the middle");
        } catch (JacksonException e) {
            throw new Malformed("broken at character " + e.getLocation().getCharOffset());
        }
    }

    /**
     * The message in the JSON body of an error: the first text among the members that the archive, Keycloak, OAuth (RFC
     * 6749, section 5.2), problem details (RFC 9457), Orthanc and, in an object {@code error} that may be in an array,
     * Google have for it. Null if {@code body} is not such JSON.
     */
    public static String errorMessage(String body) {
        try {
            return message(parse(body));
        } catch (Malformed notJson) {
            return null;
        }
    }

    private static String message(Object error) {
        if (error instanceof List<?> errors) {
            return errors.isEmpty() ? null : message(errors.getFirst());
        }
        if (!(error instanceof Map<?, ?> members)) {
            return null;
        }
        String names = "errorMessage error_description detail Details Message message error title";
        for (String name : names.split(" ")) {
            if (members.get(name) instanceof String message && !message.isBlank()) {
                return message;
            }
        }
        return message(members.get("error"));
    }

    /** What {@code value} is called in JSON: {@code an array}. */
    public static String kind(Object value) {
        return value == null
                ? "null"
                : value instanceof String
                        ? "a string"
                        : value instanceof Number
                                ? "a number"
                                : value instanceof Boolean
                                        ? "a boolean"
                                        : value instanceof List ? "an array" : "an object";
    }

    /** {@code value} as an object, or null if it is not one. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> asObject(Object value) {
        return value instanceof Map ? (Map<String, Object>) value : null;
    }

    /** {@code value} as an array, or null if it is not one. */
    @SuppressWarnings("unchecked")
    public static List<Object> asArray(Object value) {
        return value instanceof List ? (List<Object>) value : null;
    }

    /** {@code value} in one line, without blanks. */
    public static String compact(Object value) {
        return Writer.COMPACT.asString(value);
    }

    /** Writes {@code value} to {@code out} in one line, without blanks; flushing is up to the caller. */
    public static void write(Object value, OutputStream out) {
        Writer.COMPACT.write(value, out);
    }

    /** {@code value} indented by two blanks, for people, and coloured as by jq if it {@code isColoured}. */
    public static String pretty(Object value, boolean isColoured) {
        return pretty(value, "\n", isColoured);
    }

    /** The same, where {@code line} begins each line but the first. */
    public static String pretty(Object value, String line, boolean isColoured) {
        StringBuilder text = new StringBuilder();
        pretty(value, line, isColoured, text);
        return text.toString();
    }

    private static void pretty(Object value, String line, boolean isColoured, StringBuilder text) {
        Collection<?> members = value instanceof Map<?, ?> object
                ? object.entrySet()
                : value instanceof List<?> array ? array : List.of();
        if (members.isEmpty()) {
            text.append(coloured(value, isColoured && value instanceof String ? STRING : ""));
            return;
        }
        char separator = value instanceof Map ? '{' : '[';
        for (Object member : members) {
            text.append(separator).append(line).append("  ");
            Object element = member;
            if (member instanceof Map.Entry<?, ?> entry) {
                text.append(coloured(entry.getKey(), isColoured ? NAME : "")).append(": ");
                element = entry.getValue();
            }
            pretty(element, line + "  ", isColoured, text);
            separator = ',';
        }
        text.append(line).append(value instanceof Map ? '}' : ']');
    }

    private static String coloured(Object value, String colour) {
        return colour.isEmpty() ? compact(value) : colour + compact(value) + "\033[m";
    }

    private static boolean hasMore(JsonParser parser) {
        try {
            return parser.nextToken() != null;
        } catch (JacksonException e) {
            return true;
        }
    }

    static Object value(JsonParser parser, List<String> duplicates) {
        switch (parser.currentToken()) {
            case START_OBJECT:
                // Small, as most in a data set are: one value with its VR.
                Map<String, Object> object = new LinkedHashMap<>(4);
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    boolean seen = object.containsKey(name);
                    object.put(name, value(parser, duplicates));
                    if (seen) {
                        duplicates.add(name);
                    }
                }
                return object;
            case START_ARRAY:
                List<Object> array = new ArrayList<>(1);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser, duplicates));
                }
                return array;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT:
                return new Number(parser.getString());
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            case VALUE_NULL:
                return null;
            default:
                return parser.getString();
        }
    }
}
