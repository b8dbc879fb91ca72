//SOURCES Response.java

package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Answers of type multipart/related as RESTEasy writes them (wire/captures.md F4, G, M): an unquoted boundary, parts
 * without length, nothing behind the closing boundary.
 */
final class Multipart {
    /**
     * A part.
     *
     * @param location its Content-Location, or null
     * @param type its Content-Type
     * @param body its content, or null where the archive finds that it has none, and stops
     */
    record Part(String location, String type, Response.Body body) {}

    private Multipart() {}

    /**
     * An answer with a part for each of {@code items}.
     *
     * @param type the type of the parts
     * @param parameter another parameter with its {@code ;}, or empty
     * @param items what {@code part} makes the parts of, each when it is its turn
     */
    static <T> Response of(String type, String parameter, List<T> items, Function<T, Part> part) {
        String boundary = UUID.randomUUID().toString();
        String first = id();
        String header = "multipart/related;start=\"" + first + "\"" + parameter + ";type=\"" + type + "\"; boundary="
                + boundary;
        return Response.streamed(200, header, out -> {
            String id = first;
            for (T item : items) {
                if (!write(out, boundary, id, part.apply(item))) {
                    return;
                }
                id = id();
            }
            write(out, "--" + boundary + "--");
        });
    }

    /** What the archive answers when it fails before the first part is sent (wire/captures.md G6, M3, M8). */
    static Response failed(String type, String parameter, String message) {
        String header = "multipart/related" + parameter + ";type=\"" + type + "\"";
        return Response.text(500, header, "--" + UUID.randomUUID() + "\r\n" + message + message);
    }

    private static boolean write(OutputStream out, String boundary, String id, Part part) throws IOException {
        write(out, "--" + boundary + "\r\n");
        if (part.body() == null) {
            return false;
        }
        if (part.location() != null) {
            write(out, "Content-Location: " + part.location() + "\r\n");
        }
        write(out, "Content-ID: " + id + "\r\nContent-Type: " + part.type() + "\r\n\r\n");
        part.body().writeTo(out);
        write(out, "\r\n");
        return true;
    }

    private static String id() {
        return "<" + UUID.randomUUID() + "@resteasy-multipart>";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
