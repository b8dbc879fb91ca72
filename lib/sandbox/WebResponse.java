//SOURCES ../json/Json.java

package lib.sandbox;

import module java.base;
import lib.json.Json;

/**
 * An answer to a {@link WebRequest}.
 *
 * @param status the status code
 * @param headers the header fields except Content-Length and Transfer-Encoding
 * @param body writes the body
 * @param length the length of the body, or -1 to send it in chunks
 */
public record WebResponse(int status, Map<String, String> headers, Body body, long length) {

    /** Writes a body, which is never all in memory. */
    @FunctionalInterface
    public interface Body {
        /** Writes all of it, leaving {@code out} open. */
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /** A status without a body. */
    public static WebResponse empty(int status) {
        return new WebResponse(status, Map.of(), out -> {}, 0);
    }

    /** {@code text} as {@code type}, with a Content-Length. */
    public static WebResponse text(int status, String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new WebResponse(status, Map.of("Content-Type", type), out -> out.write(bytes), bytes.length);
    }

    /** {@code value} as JSON, with a Content-Length. */
    public static WebResponse json(int status, Object value) {
        return text(status, "application/json", Json.compact(value));
    }

    /** What {@code body} writes as {@code type}, in chunks. */
    public static WebResponse streamed(int status, String type, Body body) {
        return new WebResponse(status, Map.of("Content-Type", type), body, -1);
    }

    /** DICOM JSON of {@code items}, each an object that {@code json} makes, in chunks. */
    static <T> WebResponse list(List<T> items, Function<T, Object> json) {
        return streamed(200, "application/dicom+json", out -> {
            char before = '[';
            for (T item : items) {
                out.write(before);
                Json.write(json.apply(item), out);
                before = ',';
            }
            out.write(']');
        });
    }

    /** This response with a header field. */
    public WebResponse with(String name, String value) {
        return with(Map.of(name, value));
    }

    /** This response with header fields. */
    public WebResponse with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new WebResponse(status, all, body, length);
    }

    /** This response, compressed. */
    WebResponse gzipped() {
        Body compressed = out -> {
            GZIPOutputStream gzip = new GZIPOutputStream(out);
            body.writeTo(gzip);
            gzip.finish();
        };
        return new WebResponse(status, headers, compressed, -1).with("Content-Encoding", "gzip");
    }
}
