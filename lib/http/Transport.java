//SOURCES Deadlines.java Proxy.java Request.java Response.java

package lib.http;

import java.io.IOException;

/** A way to bring a request to its server and the answer back. Several threads may send at once. */
interface Transport extends AutoCloseable {
    /** What we call ourselves (RFC 9110, section 10.1.5). */
    String USER_AGENT = "arc-scripts";

    /**
     * The answer of any status to one attempt at {@code request}.
     *
     * @param proxy on the way, or null
     * @param deadlines how long it may take, its body too
     * @throws IOException if none came
     */
    Response send(Request request, Proxy proxy, Deadlines deadlines) throws IOException;

    /** Gives up what is under way, at once. */
    @Override
    void close();
}
