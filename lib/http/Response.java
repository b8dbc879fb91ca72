//SOURCES ../base/Problem.java Field.java GzipStream.java Http.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.base.Problem;

/** What a server answered: the status and header at once, the body as it arrives. */
public final class Response implements AutoCloseable {
    /** How long a body that is read as text may be, in bytes. */
    public static final int MAX_TEXT = 1 << 20;

    private final URI uri;
    private final String version;
    private final int status;
    private final String reason;
    private final List<Field> fields;
    private final InputStream body;
    private String text;

    /**
     * An answer.
     *
     * @param uri what was asked
     * @param version the protocol, as {@code HTTP/1.1}
     * @param status the HTTP status
     * @param reason what the server says of the status; empty for nothing
     * @param fields the header fields
     * @param body the body, whose {@code read} throws {@link Problem} where it breaks off
     */
    Response(URI uri, String version, int status, String reason, List<Field> fields, InputStream body) {
        this.uri = uri;
        this.version = version;
        this.status = status;
        this.reason = reason;
        this.fields = fields;
        this.body = body;
    }

    /** What was asked. */
    public URI uri() {
        return uri;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** All header fields. */
    List<Field> fields() {
        return fields;
    }

    /** The first header field {@code name} in any case, or null. */
    public String header(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
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
        StringBuilder head = new StringBuilder(version).append(' ').append(status);
        head.append(reason.isEmpty() ? "" : " ").append(reason).append("\r\n");
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

    /**
     * Whether it is what a server has while it starts: no page for what it has not loaded yet (facts F15). An archive
     * that knows of no such resource says so in other words.
     */
    public boolean isPageOfRestart() {
        return status == 404 && mediaType().equals("text/html");
    }

    /** The same, its body decompressed if it was compressed with gzip (RFC 9110, section 8.4). */
    public Response unzipped() {
        String encoding = header("Content-Encoding");
        boolean isGzip = "gzip".equalsIgnoreCase(encoding) || "x-gzip".equalsIgnoreCase(encoding);
        return isGzip
                ? new Response(uri, version, status, reason, fields, new GzipStream(Http.authority(uri), body))
                : this;
    }

    /** The body, to be read once; its {@code read} throws {@link Problem} where the answer breaks off. */
    public InputStream body() {
        return body;
    }

    /** The whole body as UTF-8; {@link Problem} if it is larger than {@link #MAX_TEXT}. */
    public String text() {
        if (text == null) {
            try {
                byte[] bytes = body.readNBytes(MAX_TEXT + 1);
                if (bytes.length > MAX_TEXT) {
                    throw Problem.serverFailed(
                            uri.getHost() + " answered with more than 1 MiB where a short text was due",
                            "is the URL right?");
                }
                text = new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException("a body throws problems", e);
            } finally {
                close();
            }
        }
        return text;
    }

    /** At most {@code most} characters from the beginning of the body, for a message; whatever can still be read. */
    public String beginning(int most) {
        if (text == null) {
            byte[] bytes = new byte[4 * most];
            int count = 0;
            try {
                for (int n = 0; n >= 0 && count < bytes.length; n = body.read(bytes, count, bytes.length - count)) {
                    count += n;
                }
            } catch (IOException | Problem brokenOff) {
                // What came before may tell enough.
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
}
