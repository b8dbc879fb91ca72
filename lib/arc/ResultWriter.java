//SOURCES ../base/Destination.java ../base/Screen.java ../json/JsonElements.java ../json/MalformedJson.java
//SOURCES ../json/SecretMembers.java

package lib.arc;

import lib.base.Destination;
import lib.base.Screen;
import lib.json.JsonElements;
import lib.json.MalformedJson;
import lib.json.SecretMembers;

/**
 * Writes one answer, element by element, in one of the formats; {@link Format} makes it. The elements may come from
 * several pages. {@link #close} without {@link #end} keeps what was written before a failure.
 */
public abstract class ResultWriter implements AutoCloseable {
    /** Writes the current element of {@code elements}. */
    public abstract void element(JsonElements elements) throws MalformedJson;

    /** Hands over what is buffered, as before waiting for another page. */
    public void flush() {}

    /** Writes what follows the last element. Called once. */
    public void end() {}

    @Override
    public void close() {}

    /**
     * JSON. Either one value and a newline: an array of all elements, or the only value if the answer is not an array.
     * Or a compact value on a line of its own for each element (NDJSON).
     */
    static final class JsonWriter extends ResultWriter {
        private final JsonElements.Output out;
        private final boolean isByLine;
        private boolean isArray;
        private boolean isInLine;

        /**
         * @param isByLine whether this is NDJSON
         * @param screen the terminal, for which JSON is indented and coloured, but not NDJSON; or null
         * @param secrets masks secrets or warns of them; null where no element can hold one
         */
        JsonWriter(Destination destination, boolean isByLine, Screen screen, SecretMembers secrets) {
            this.isByLine = isByLine;
            out = new JsonElements.Output(
                    destination, screen != null && !isByLine, screen != null && screen.isStyled(), secrets);
        }

        @Override
        public void element(JsonElements elements) throws MalformedJson {
            Object value = elements.value();
            if (!isInLine) {
                begin(elements.isArray() && !isByLine);
            }
            out.write(value);
            if (isByLine) {
                endLine();
            }
        }

        private void begin(boolean array) {
            isInLine = true;
            isArray = array;
            if (isArray) {
                out.startArray();
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void end() {
            if (isByLine) {
                return;
            }
            if (!isInLine) {
                begin(true);
            }
            if (isArray) {
                out.endArray();
            }
            endLine();
        }

        private void endLine() {
            out.newLine();
            isInLine = false;
        }

        @Override
        public void close() {
            // After a failure in the middle, the next answer begins on a new line.
            if (isInLine) {
                out.newLine();
            }
            out.close();
        }
    }
}
