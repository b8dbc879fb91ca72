//SOURCES ../base/Printable.java ../base/Problem.java BlockInput.java Http.java Redacted.java Request.java

package lib.http;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;

/** A server's answer: the status and the header at once, the body as it arrives. */
public final class Response implements AutoCloseable {
    /** How long a body that is read as text may be, in bytes. */
    public static final int MAX_TEXT = 1 << 20;

    /** How much after the end of what is read of a body is read too, so that its connection can be used again. */
    static final int MAX_REST = 1 << 10;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final Request request;
    private final ClassicHttpResponse answer;
    private final List<Field> fields = new ArrayList<>();
    private final InputStream body;
    private String text;

    /**
     * The answer to {@code request} with the status and header of {@code answer}; the {@code read} of {@code body}
     * throws {@link Problem} where it breaks off.
     */
    Response(Request request, ClassicHttpResponse answer, InputStream body) {
        this.request = request;
        this.answer = answer;
        this.body = body;
        for (Header header : answer.getHeaders()) {
            fields.add(new Field(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
    }

    /** What was asked. */
    public URI uri() {
        return request.uri();
    }

    /**
     * {@code text}, of which the server says what it likes, for a message: on one line of at most {@code most}
     * characters, without anything secret that was sent to it or looks so.
     */
    public String shown(String text, int most) {
        return Printable.cut(Redacted.text(text, request.secrets()), most);
    }

    /** The HTTP status. */
    public int status() {
        return answer.getCode();
    }

    List<Field> fields() {
        return fields;
    }

    /** The first header field {@code name} in any case, or null. */
    public String header(String name) {
        return Field.value(fields, name);
    }

    /** The URL that this redirects to, without a fragment; null if it does not, or the URL is not valid. */
    public URI location() {
        String location = REDIRECTS.contains(status()) ? header("Location") : null;
        if (location == null || location.isBlank()) {
            return null;
        }
        String bare = location.split("#", 2)[0];
        try {
            // java.net.URI resolves a lone query by RFC 2396, which drops the last segment of the path.
            URI target = uri().resolve(new URI(bare.startsWith("?") ? uri().getRawPath() + bare : bare));
            return target.getHost() == null ? null : target;
        } catch (URISyntaxException notAUrl) {
            return null;
        }
    }

    /** All header fields called {@code name} as one (RFC 9110, section 5.3), or null. */
    public String joined(String name) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /**
     * Status line and header fields as curl prints them, lines ending in CRLF and an empty one at the end; characters
     * stand for bytes (ISO 8859-1).
     */
    public String head() {
        String reason = answer.getReasonPhrase();
        StringBuilder head = new StringBuilder(answer.getVersion().toString());
        head.append(' ')
                .append(status())
                .append(reason == null || reason.isEmpty() ? "" : " " + reason)
                .append("\r\n");
        for (Field field : fields) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** The media type without its parameters, in lower case; empty if the server names none. */
    public String mediaType() {
        String type = header("Content-Type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** What separates the parts of a multipart, in quotes or not; null if this is none, or names no boundary. */
    public String boundary() {
        return mediaType().startsWith("multipart/")
                ? ContentType.parseLenient(header("Content-Type")).getParameter("boundary")
                : null;
    }

    /**
     * Whether a server answers so while it starts and has not loaded its applications yet (facts F15). An archive that
     * has no such resource answers in other words.
     */
    public boolean isPageOfRestart() {
        return status() == 404 && mediaType().equals("text/html");
    }

    /** The same, its body decompressed if it was compressed with gzip (RFC 9110, section 8.4). */
    public Response unzipped() {
        String encoding = header("Content-Encoding");
        boolean isGzip = "gzip".equalsIgnoreCase(encoding) || "x-gzip".equalsIgnoreCase(encoding);
        return isGzip && !(body instanceof GzipStream)
                ? new Response(request, answer, new GzipStream(Http.authority(uri()), body))
                : this;
    }

    /**
     * The time that {@code text} from a header field is, such as {@code Sun, 06 Nov 1994 08:49:37 GMT} (RFC 9110,
     * section 5.6.7), or null. The JDK's own formatter takes 30 ms to load.
     */
    static Instant time(String text) {
        if (text == null || text.length() != 29 || !text.endsWith(" GMT")) {
            return null;
        }
        int month = MONTHS.indexOf(text.substring(8, 11));
        try {
            return month % 3 != 0
                    ? null
                    : LocalDateTime.of(
                                    number(text, 12, 16),
                                    month / 3 + 1,
                                    number(text, 5, 7),
                                    number(text, 17, 19),
                                    number(text, 20, 22),
                                    // A leap second is written as 60.
                                    Math.min(59, number(text, 23, 25)))
                            .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException | NumberFormatException nonsense) {
            return null;
        }
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** The body, to be read once; its {@code read} throws {@link Problem} where the answer breaks off. */
    public InputStream body() {
        return body;
    }

    /**
     * The whole body as UTF-8, decompressed and without a byte order mark; {@link Problem} if it is larger than
     * {@link #MAX_TEXT}.
     */
    public String text() {
        if (text == null) {
            try {
                byte[] bytes = unzipped().body.readNBytes(MAX_TEXT + 1);
                if (bytes.length > MAX_TEXT) {
                    throw Problem.serverFailed(
                            uri().getHost() + " answered with more than 1 MiB where a short text was due",
                            "is the URL right?");
                }
                text = new String(bytes, StandardCharsets.UTF_8);
                text = text.startsWith("\ufeff") ? text.substring(1) : text;
            } catch (IOException e) {
                throw new IllegalStateException("a body throws problems", e);
            } finally {
                close();
            }
        }
        return text;
    }

    /** At most {@code most} characters from the beginning of the body, for a message; fewer where it breaks off. */
    public String beginning(int most) {
        if (text == null) {
            byte[] bytes = new byte[4 * most];
            int count = 0;
            try {
                for (int n = 0; n >= 0 && count < bytes.length; n = body.read(bytes, count, bytes.length - count)) {
                    count += n;
                }
            } catch (IOException | Problem brokenOff) {
                // What has arrived may say enough.
            } finally {
                close();
            }
            text = new String(bytes, 0, count, StandardCharsets.UTF_8);
        }
        return text.length() <= most ? text : text.substring(0, most);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException nothingToLose) {
            // The body was read, or is not wanted.
        }
    }

    /**
     * A header field (RFC 9110, section 5).
     *
     * @param name its name, which means the same in any case
     * @param value its value
     */
    public record Field(String name, String value) {
        /** The value of the first of {@code fields} called {@code name} in any case, or null. */
        static String value(List<Field> fields, String name) {
            for (Field field : fields) {
                if (field.name().equalsIgnoreCase(name)) {
                    return field.value();
                }
            }
            return null;
        }
    }

    /**
     * A compressed body (RFC 9110, section 8.4.1.3), decompressed as it arrives. The packed stream reports a lost
     * connection itself; here only data that is damaged or incomplete is reported.
     */
    private static final class GzipStream extends BlockInput {
        private final String host;
        private final InputStream packed;
        private InputStream unpacked;

        GzipStream(String host, InputStream packed) {
            this.host = host;
            this.packed = packed;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                if (unpacked == null) {
                    unpacked = open();
                }
                int count = unpacked.read(bytes, offset, length);
                if (count < 0) {
                    // The transfer ends after the data: only then can the connection be used again.
                    packed.readNBytes(MAX_REST);
                }
                return count;
            } catch (StackOverflowError e) {
                // The JDK's stream calls itself for each empty member (RFC 1952, section 2.2).
                throw broken("with compressed data in too many pieces");
            } catch (EOFException e) {
                throw broken("with compressed data that stops");
            } catch (ZipException e) {
                throw broken("with compressed data that is broken");
            } catch (IOException e) {
                throw new IllegalStateException("a body throws problems", e);
            }
        }

        // An empty body is valid: HEAD and 204 have none.
        private InputStream open() throws IOException {
            PushbackInputStream peeked = new PushbackInputStream(packed);
            int first = peeked.read();
            if (first < 0) {
                return peeked;
            }
            peeked.unread(first);
            return new GZIPInputStream(peeked, 1 << 14);
        }

        private Problem broken(String what) {
            return Problem.serverFailed(
                    host + " answered " + what,
                    "look into its log, and that of a proxy before it;"
                            + " -H 'Accept-Encoding: identity' asks for plain data");
        }

        @Override
        public void close() throws IOException {
            packed.close();
        }
    }
}
