//DEPS tools.jackson.jr:jackson-jr-objects:3.2.1
//SOURCES JsonNumber.java JsonNumbers.java MalformedJson.java Pretty.java SafeCharacters.java

package lib.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/**
 * JSON text as plain Java values and back (RFC 8259).
 *
 * <p>An object is a {@code Map<String, Object>} in the order of its members, an array a {@code List<Object>}, a number
 * a {@link JsonNumber}, {@code null} is null. What is written is safe for a terminal: control and bidi characters are
 * escaped.
 */
public final class Json {
    /** How deep values may be nested; deeper ones are malformed. */
    public static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = factory(MAX_DEPTH);

    private Json() {}

    /** What writes, a class of its own since who only reads should not pay for it: it looks up a time zone. */
    static final class Writer {
        static final JSON JACKSON = JSON.builder(FACTORY)
                .register(new JsonNumbers())
                .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
                .build();

        private Writer() {}
    }

    static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(1 << 20)
                        .build())
                .characterEscapes(new SafeCharacters())
                .rootValueSeparator("")
                .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT, StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
    }

    /**
     * A value together with what its text said twice.
     *
     * @param value the value
     * @param duplicates the names that an object has more than once, where the last one wins
     */
    public record Document(Object value, List<String> duplicates) {}

    /** The value that {@code text} is. */
    public static Object parse(String text) throws MalformedJson {
        return read(text).value();
    }

    /** The value that {@code text} is, with the names of duplicate members. */
    public static Document read(String text) throws MalformedJson {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new MalformedJson("empty");
            }
            List<String> duplicates = new ArrayList<>(0);
            Object value = value(parser, duplicates);
            if (hasMore(parser)) {
                throw new MalformedJson("text after the end of the value");
            }
            return new Document(value, duplicates);
        } catch (StreamConstraintsException e) {
            throw new MalformedJson("nested deeper than " + MAX_DEPTH);
        } catch (UnexpectedEndOfInputException e) {
            throw new MalformedJson("it stops in the middle");
        } catch (JacksonException e) {
            throw new MalformedJson("broken at character " + e.getLocation().getCharOffset());
        }
    }

    /**
     * The message in the JSON body of an error: the first text among the members that the archive, Keycloak, OAuth (RFC
     * 6749, section 5.2), problem details (RFC 9457) and Orthanc have for it. Null if {@code body} is not such JSON.
     */
    public static String errorMessage(String body) {
        Map<String, Object> members;
        try {
            members = asObject(parse(body));
        } catch (MalformedJson notJson) {
            return null;
        }
        String names = "errorMessage error_description detail Details Message message error";
        for (String name : names.split(" ")) {
            if (members != null && members.get(name) instanceof String message && !message.isBlank()) {
                return message;
            }
        }
        return null;
    }

    /** What {@code value} is called in JSON: {@code an array}. */
    public static String kind(Object value) {
        return value == null
                ? "null"
                : value instanceof String
                        ? "a string"
                        : value instanceof JsonNumber
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
        return Writer.JACKSON.asString(value);
    }

    /** {@code value} indented by two blanks, for people. */
    public static String pretty(Object value) {
        return Pretty.of(Writer.JACKSON).asString(value);
    }

    private static boolean hasMore(JsonParser parser) {
        try {
            return parser.nextToken() != null;
        } catch (JacksonException noJsonEither) {
            return true;
        }
    }

    static Object value(JsonParser parser, List<String> duplicates) {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> object = new LinkedHashMap<>();
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
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser, duplicates));
                }
                return array;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT:
                return new JsonNumber(parser.getString());
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
