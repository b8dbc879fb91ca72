//SOURCES Json.java JsonOutput.java MalformedJson.java

package lib.json;

import java.io.InputStream;
import java.util.ArrayList;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * The elements of a JSON array as they arrive, one at a time, so that an array of any length takes no more memory than
 * what is done with one element. A value that is no array is itself the only element.
 */
public final class JsonElements implements AutoCloseable {
    private final InputStream in;
    private JsonParser parser;
    private boolean isArray;
    private boolean isUnread;
    private boolean isHeld;
    private boolean ended;
    private Object held;

    private JsonElements(InputStream in) {
        this.in = in;
    }

    /** The elements of the one value in {@code in}, of which nothing is read before {@link #next}. */
    public static JsonElements of(InputStream in) {
        return new JsonElements(in);
    }

    /** Whether the value is an array; known once {@link #next} was called. */
    public boolean isArray() {
        return isArray;
    }

    /**
     * Moves to the next element, past whatever of the current one was not read.
     *
     * @return false at the end, once it is certain that nothing follows the value
     */
    public boolean next() throws MalformedJson {
        try {
            if (ended) {
                return false;
            }
            if (parser == null) {
                begin();
                if (!isArray) {
                    return true;
                }
            } else if (isUnread) {
                parser.skipChildren();
            }
            held = null;
            isHeld = false;
            isUnread = isArray && parser.nextToken() != JsonToken.END_ARRAY;
            if (!isUnread) {
                ended = true;
                if (parser.nextToken() != null) {
                    throw new MalformedJson("followed by something else");
                }
            }
            return isUnread;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private void begin() throws MalformedJson {
        parser = JsonOutput.FACTORY.createParser(ObjectReadContext.empty(), in);
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new MalformedJson("empty");
        }
        isArray = token == JsonToken.START_ARRAY;
        isUnread = !isArray;
    }

    /**
     * The current element, which can be read once more after that: for a look before it is decided what becomes of it.
     */
    public Object hold() throws MalformedJson {
        if (!isHeld) {
            held = value();
            isHeld = true;
        }
        return held;
    }

    /** Copies the current element as it comes, without holding it; numbers stay as they were written. Once each. */
    public void copyTo(JsonOutput out) throws MalformedJson {
        if (isHeld) {
            out.write(held);
            return;
        }
        try {
            isUnread = false;
            int depth = 0;
            JsonToken token = parser.currentToken();
            while (true) {
                out.copy(token, parser);
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    return;
                }
                token = parser.nextToken();
            }
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /** The current element as {@link Json} gives values; the last one wins of members with one name. Once each. */
    public Object value() throws MalformedJson {
        if (isHeld) {
            return held;
        }
        try {
            isUnread = false;
            return Json.value(parser, new ArrayList<>(0));
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    @Override
    public void close() {
        if (parser != null) {
            parser.close();
        }
    }

    private static MalformedJson malformed(JacksonException e) {
        return e instanceof StreamConstraintsException
                ? new MalformedJson("nested deeper than " + JsonOutput.MAX_DEPTH)
                : new MalformedJson("broken at byte " + e.getLocation().getByteOffset());
    }
}
