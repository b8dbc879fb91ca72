//SOURCES ../base/Destination.java ../base/Screen.java ../json/Json.java ../json/SecretMembers.java

package lib.arc;

import lib.base.Destination;
import lib.base.Screen;
import lib.json.Json;
import lib.json.SecretMembers;

/**
 * Writes one answer, element by element, in one of the formats; {@link Format} makes it. The elements may come from
 * several pages. {@link #close} without {@link #end} keeps what was written before a failure.
 */
public interface ResultWriter extends AutoCloseable {
    /**
     * Writes an element.
     *
     * @param isInArray whether the answer is an array of such elements, and not this one alone
     */
    void element(Object value, boolean isInArray);

    /** Hands over what is buffered, as before waiting for another page. */
    default void flush() {}

    /** Writes what follows the last element. Called once. */
    default void end() {}

    @Override
    default void close() {}

    /**
     * JSON. Either one value and a newline: an array of all elements, or the only value if the answer is not an array.
     * Or a compact value on a line of its own for each element (NDJSON).
     */
    final class JsonWriter implements ResultWriter {
        private final Destination destination;
        private final boolean isByLine;
        private final boolean isForPeople;
        private final boolean isColoured;
        private final SecretMembers secrets;
        private boolean isArray;
        private boolean isInLine;

        /**
         * @param isByLine whether this is NDJSON
         * @param screen the terminal, for which JSON is indented and coloured, but not NDJSON; or null
         * @param secrets masks secrets or warns of them; null where no element can hold one
         */
        JsonWriter(Destination destination, boolean isByLine, Screen screen, SecretMembers secrets) {
            this.destination = destination;
            this.isByLine = isByLine;
            this.secrets = secrets;
            isForPeople = screen != null && !isByLine;
            isColoured = isForPeople && screen.isStyled();
        }

        @Override
        public void element(Object value, boolean isInArray) {
            isArray = isInArray && !isByLine;
            if (isArray) {
                destination.print((isInLine ? "," : "[") + (isForPeople ? "\n  " : ""));
            }
            isInLine = true;
            Object shown = secrets == null ? value : secrets.shown(value);
            if (isForPeople) {
                destination.print(Json.pretty(shown, isArray ? "\n  " : "\n", isColoured));
            } else {
                Json.write(shown, destination);
            }
            if (isByLine) {
                endLine();
            }
        }

        @Override
        public void flush() {
            destination.flush();
        }

        @Override
        public void end() {
            if (isByLine) {
                return;
            }
            if (!isInLine) {
                destination.print("[]");
            } else if (isArray) {
                destination.print(isForPeople ? "\n]" : "]");
            }
            endLine();
        }

        private void endLine() {
            destination.write('\n');
            isInLine = false;
        }

        @Override
        public void close() {
            // After a failure in the middle, the next answer begins on a new line.
            if (isInLine) {
                endLine();
            }
        }
    }
}
