//SOURCES ../json/Json.java

package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import lib.json.Json;

/**
 * An answer to a {@link Request}.
 *
 * @param status the status code
 * @param headers the header fields but those of the framing
 * @param body what writes the body
 * @param length the length of the body, or -1 to send it in chunks
 */
public record Response(int status, Map<String, String> headers, Body body, long length) {

    /** Something that can write itself, so that no body is ever held whole. */
    @FunctionalInterface
    public interface Body {
        /** Writes all of it, leaving {@code out} open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Nothing but a status. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), out -> {}, 0);
    }

    /** {@code text} as {@code type}, its length announced. */
    public static Response text(int status, String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Response(status, Map.of("Content-Type", type), out -> out.write(bytes), bytes.length);
    }

    /** {@code value} as JSON, its length announced. */
    public static Response json(int status, Object value) {
        return text(status, "application/json", Json.compact(value));
    }

    /** What {@code body} writes as {@code type}, in chunks. */
    public static Response streamed(int status, String type, Body body) {
        return new Response(status, Map.of("Content-Type", type), body, -1);
    }

    /** The same with a header field set. */
    public Response with(String name, String value) {
        return with(Map.of(name, value));
    }

    /** The same with header fields set. */
    public Response with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Response(status, all, body, length);
    }

    /** The same, compressed. */
    Response gzipped() {
        Body compressed = out -> {
            GZIPOutputStream gzip = new GZIPOutputStream(out);
            body.writeTo(gzip);
            gzip.finish();
        };
        return new Response(status, headers, compressed, -1).with("Content-Encoding", "gzip");
    }
}
