//SOURCES Json.java

package lib.json;

import module java.base;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the elements of a JSON array as they arrive, one at a time: an array of any length takes the memory of one
 * element, and an element that takes too much is malformed. A value that is not an array is itself the only element.
 */
public final class JsonElements implements AutoCloseable {
    // One level of a DICOM sequence takes three of JSON.
    private static final int MAX_DEPTH = 500;
    private static final JsonFactory FACTORY = Json.factory(MAX_DEPTH);

    // What an element may have. Values of a few characters take more memory than their text: some 80 bytes a token.
    private static final int MAX_TEXT = 16 << 20;
    private static final int MAX_TOKENS = 2_500_000;

    // How many blanks after the value are read.
    private static final int MAX_REST = 1 << 10;

    private final Bounded in;
    private final boolean mayBeEmpty;
    private JsonParser parser;
    private boolean isArray;
    private boolean isUnread;
    private boolean ended;
    private Object value;

    private JsonElements(InputStream in, boolean mayBeEmpty) {
        this.in = new Bounded(in);
        this.mayBeEmpty = mayBeEmpty;
    }

    /** The elements of the one value in {@code in}, of which nothing is read before {@link #next}. */
    public static JsonElements of(InputStream in) {
        return new JsonElements(in, false);
    }

    /** The same, but {@code in} may also be empty: that is an array without elements. */
    public static JsonElements ofList(InputStream in) {
        return new JsonElements(in, true);
    }

    /** Whether the value is an array; known once {@link #next} was called. */
    public boolean isArray() {
        return isArray;
    }

    /**
     * Moves to the next element and skips what was not read of the current one.
     *
     * @return false at the end, if nothing follows the value
     */
    public boolean next() throws Json.Malformed {
        try {
            if (ended) {
                return false;
            }
            in.expect(MAX_TEXT);
            if (parser == null) {
                begin();
                if (!isArray) {
                    return isUnread;
                }
            } else if (isUnread) {
                parser.skipChildren();
            }
            isUnread = isArray && parser.nextToken() != JsonToken.END_ARRAY;
            if (!isUnread) {
                ended = true;
                in.expect(MAX_REST);
                if (parser.nextToken() != null) {
                    throw new Json.Malformed("followed by something else");
                }
            }
            return isUnread;
        } catch (JacksonException e) {
            if (ended && in.isExceeded) {
                // The value was whole, and nothing but blanks follows.
                return false;
            }
            throw malformed(e);
        }
    }

    private void begin() throws Json.Malformed {
        parser = FACTORY.createParser(ObjectReadContext.empty(), in);
        JsonToken token = parser.nextToken();
        if (token == null && !mayBeEmpty) {
            throw new Json.Malformed("empty");
        }
        ended = token == null;
        isArray = token == JsonToken.START_ARRAY;
        isUnread = !isArray && !ended;
    }

    /** The current element as {@link Json} gives values; the last one wins of members with one name. */
    public Object value() throws Json.Malformed {
        if (isUnread) {
            try {
                isUnread = false;
                value = Json.value(parser, new ArrayList<>(0));
            } catch (JacksonException e) {
                throw malformed(e);
            }
        }
        return value;
    }

    @Override
    public void close() {
        if (parser != null) {
            parser.close();
        }
    }

    private Json.Malformed malformed(JacksonException e) {
        if (in.isExceeded) {
            return new Json.Malformed(
                    "longer than " + (MAX_TEXT >> 20) + " MiB in one element, or has too many values in it");
        }
        return e instanceof StreamConstraintsException
                ? new Json.Malformed("nested deeper than " + MAX_DEPTH)
                : new Json.Malformed(
                        "broken at byte " + e.getLocation().getByteOffset() + cause(e.getOriginalMessage()));
    }

    /** What servers get wrong, by the parser's {@code message}; empty for anything else. */
    private static String cause(String message) {
        if (message.startsWith("Non-standard token '")) {
            String token =
                    message.substring(message.indexOf('\'') + 1, message.indexOf('\'', message.indexOf('\'') + 1));
            return ": " + token + " is not a number in JSON";
        }
        int code = message.indexOf("CTRL-CHAR, code ");
        if (message.startsWith("Illegal unquoted character") && code >= 0) {
            String number = message.substring(code + "CTRL-CHAR, code ".length(), message.indexOf(')', code));
            return ": the control character " + number + " is not escaped" + (number.equals("9") ? " (TAB)" : "");
        }
        int invalid = message.indexOf("0x");
        return message.startsWith("Invalid UTF-8") && invalid >= 0
                ? ": the byte " + message.substring(invalid, invalid + 4) + " is not UTF-8"
                : "";
    }

    /** The input, of which no more is read than an element may have. */
    private final class Bounded extends FilterInputStream {
        private long left;
        private long lastToken;
        private boolean isExceeded;

        Bounded(InputStream in) {
            super(in);
        }

        /** Allows {@code most} bytes from now on, besides what was read ahead. */
        void expect(int most) {
            left = most;
            lastToken = (parser == null ? 0 : parser.currentTokenCount()) + MAX_TOKENS;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            isExceeded = left <= 0 || parser != null && parser.currentTokenCount() > lastToken;
            if (isExceeded) {
                throw new IOException("too long");
            }
            int count = super.read(bytes, offset, length);
            left -= count;
            return count;
        }
    }
}
