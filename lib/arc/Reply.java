//SOURCES ../base/Destination.java ../base/Printable.java ../base/Problem.java ../http/Response.java

package lib.arc;

import java.nio.charset.StandardCharsets;
import lib.base.Destination;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Response;

/**
 * What the archive answered in the end, after redirects and with a token that is not outdated.
 *
 * @param response the answer
 * @param problem why it is not what was asked for, or null if it is
 */
public record Reply(Response response, Problem problem) implements AutoCloseable {

    /** The answer, a success; {@link Problem} with the likeliest cause where it is none. */
    public Response success() {
        if (problem != null) {
            throw problem;
        }
        return response;
    }

    /** Writes status line and header fields, as curl prints them. */
    public void writeHead(Destination destination, boolean forPeople) {
        String head = response.head();
        // What a terminal may act on is escaped; a line break is one where it is our own.
        byte[] bytes = (forPeople ? escaped(head) : head).getBytes(StandardCharsets.ISO_8859_1);
        destination.write(bytes, 0, bytes.length);
    }

    private static String escaped(String head) {
        StringBuilder safe = new StringBuilder(head.length());
        int from = 0;
        for (int end = head.indexOf("\r\n"); end >= 0; end = head.indexOf("\r\n", from)) {
            safe.append(Printable.line(head.substring(from, end))).append("\r\n");
            from = end + 2;
        }
        return safe.toString();
    }

    /** Leaves the rest of the answer alone. */
    @Override
    public void close() {
        response.close();
    }
}
