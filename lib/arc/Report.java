//SOURCES ../json/JsonElements.java ../json/MalformedJson.java

package lib.arc;

import lib.json.JsonElements;
import lib.json.MalformedJson;

/**
 * One answer on its way out, element by element, in one of the formats; {@link Format} makes it. The elements may come
 * from several pages. {@link #close} without {@link #end} delivers what came before something broke.
 */
public abstract class Report implements AutoCloseable {
    /** Writes the element at which {@code elements} stands. */
    public abstract void element(JsonElements elements) throws MalformedJson;

    /** Lets go what was written so far, as before waiting for another page. */
    public abstract void flush();

    /** Writes what belongs behind the last element; once. */
    public abstract void end();

    @Override
    public abstract void close();
}
