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
        void writeTo(OutputStream out) throws IOException;
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

    /** Writes responses to a connection (RFC 9112), whole or broken by a fault. */
    static final class Writer {
        private static final Map<Integer, String> REASONS = Map.ofEntries(
                Map.entry(200, "OK"),
                Map.entry(201, "Created"),
                Map.entry(204, "No Content"),
                Map.entry(206, "Partial Content"),
                Map.entry(302, "Found"),
                Map.entry(400, "Bad Request"),
                Map.entry(401, "Unauthorized"),
                Map.entry(403, "Forbidden"),
                Map.entry(404, "Not Found"),
                Map.entry(405, "Method Not Allowed"),
                Map.entry(406, "Not Acceptable"),
                Map.entry(409, "Conflict"),
                Map.entry(413, "Request Entity Too Large"),
                Map.entry(415, "Unsupported Media Type"),
                Map.entry(429, "Too Many Requests"),
                Map.entry(500, "Internal Server Error"),
                Map.entry(502, "Bad Gateway"),
                Map.entry(503, "Service Unavailable"),
                Map.entry(504, "Gateway Timeout"));

        private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                        "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);

        private final OutputStream out;
        private final InstantSource clock;

        Writer(OutputStream out, InstantSource clock) {
            this.out = out;
            this.clock = clock;
        }

        /** Writes {@code response}, without its body if {@code method} is HEAD. */
        void write(WebResponse response, String method) throws IOException {
            head(response, response.length());
            if (!method.equals("HEAD")) {
                if (response.length() < 0) {
                    Chunks chunks = new Chunks(out);
                    OutputStream buffered = new BufferedOutputStream(chunks, 1 << 14);
                    response.body().writeTo(buffered);
                    buffered.flush();
                    chunks.end();
                } else {
                    response.body().writeTo(out);
                }
            }
            out.flush();
        }

        /**
         * Writes {@code response} up to this many bytes of its body. An unknown length that must be announced needs the
         * whole body in memory.
         */
        void writePart(WebResponse response, long bytes, boolean chunked) throws IOException {
            WebResponse.Body body = response.body();
            long length = chunked ? -1 : response.length();
            if (!chunked && length < 0) {
                byte[] whole = bytes(response);
                body = to -> to.write(whole);
                length = whole.length;
            }
            head(response, length);
            try {
                body.writeTo(new Limited(chunked ? new Chunks(out) : out, bytes));
            } catch (Limited.Reached end) {
                // The rest of the body is not sent.
            }
            out.flush();
        }

        /** Writes {@code response}, but waits for {@code released} after this many bytes of its body. */
        void writeStalled(WebResponse response, int bytes, CountDownLatch released)
                throws IOException, InterruptedException {
            byte[] body = bytes(response);
            int before = Math.min(bytes, body.length);
            head(response, body.length);
            out.write(body, 0, before);
            out.flush();
            released.await();
            out.write(body, before, body.length - before);
            out.flush();
        }

        private static byte[] bytes(WebResponse response) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            response.body().writeTo(body);
            return body.toByteArray();
        }

        private void head(WebResponse response, long length) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(response.status());
            field(head.append(' ').append(REASONS.getOrDefault(response.status(), "Other")));
            response.headers()
                    .forEach((name, value) ->
                            field(head.append(name).append(": ").append(value)));
            if (clock != null) {
                field(head.append("Date: ").append(DATE.format(clock.instant())));
            }
            if (length < 0) {
                field(head.append("Transfer-Encoding: chunked"));
            } else if (response.status() != 204) {
                field(head.append("Content-Length: ").append(length));
            }
            out.write(field(head).toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        private static StringBuilder field(StringBuilder head) {
            return head.append("\r\n");
        }

        /** Passes this many bytes on, then ends the writing. */
        private static final class Limited extends OutputStream {
            /** Ends the writing. */
            static final class Reached extends IOException {
                private static final long serialVersionUID = 1;
            }

            private final OutputStream out;
            private long left;

            Limited(OutputStream out, long left) {
                this.out = out;
                this.left = left;
            }

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int allowed = (int) Math.min(left, length);
                out.write(bytes, offset, allowed);
                left -= allowed;
                if (left == 0) {
                    throw new Reached();
                }
            }
        }

        /** The chunked coding: each write makes a chunk. */
        private static final class Chunks extends OutputStream {
            private final OutputStream out;

            Chunks(OutputStream out) {
                this.out = out;
            }

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length > 0) {
                    out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    out.write(bytes, offset, length);
                    out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                }
            }

            void end() throws IOException {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
