//SOURCES ../base/Exit.java ../base/Problem.java BodyStream.java GzipStream.java Http.java Reason.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lib.base.Exit;
import lib.base.Problem;

/** What a server answered: the status and header at once, the body as it arrives. */
public final class Response implements AutoCloseable {
    /** How long a body that is read as text may be, in bytes. */
    public static final int MAX_TEXT = 1 << 20;

    private final URI uri;
    private final HttpClient.Version version;
    private final int status;
    private final HttpHeaders headers;
    private final InputStream body;
    private String text;

    Response(URI uri, HttpClient.Version version, int status, HttpHeaders headers, InputStream body) {
        this.uri = uri;
        this.version = version;
        this.status = status;
        this.headers = headers;
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

    /** The first header field {@code name} in any case, or null. */
    public String header(String name) {
        List<String> values = headers.allValues(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** All header fields called {@code name} as one (RFC 9110, section 5.3), or null. */
    public String joined(String name) {
        List<String> values = headers.allValues(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /**
     * Status line and header fields as curl prints them, lines ending in CRLF and an empty one at the end; characters
     * stand for bytes (ISO 8859-1). The JDK keeps neither the order of the fields nor the case of their names, which is
     * the usual one here; in HTTP/2 all are in lower case.
     */
    public String head() {
        boolean isSecond = version == HttpClient.Version.HTTP_2;
        StringBuilder head = new StringBuilder(isSecond ? "HTTP/2 " : "HTTP/1.1 ").append(status);
        String reason = isSecond ? "" : Reason.of(status);
        head.append(reason.isEmpty() ? "" : " ").append(reason).append("\r\n");
        for (Map.Entry<String, List<String>> header : headers.map().entrySet()) {
            // HTTP/2 has the status among them.
            if (!header.getKey().startsWith(":")) {
                String name = isSecond ? header.getKey() : usual(header.getKey());
                for (String value : header.getValue()) {
                    head.append(name).append(": ").append(value).append("\r\n");
                }
            }
        }
        return head.append("\r\n").toString();
    }

    private static String usual(String name) {
        if (name.equals("etag")) {
            return "ETag";
        }
        StringBuilder usual = new StringBuilder(name.length());
        boolean begins = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            usual.append(begins ? Character.toUpperCase(c) : c);
            begins = c == '-';
        }
        return name.startsWith("www-") ? "WWW" + usual.substring(3) : usual.toString();
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

    /** The same, its body decompressed if it was compressed with gzip (RFC 9110, section 8.4). */
    public Response unzipped() {
        String encoding = header("Content-Encoding");
        boolean isGzip = "gzip".equalsIgnoreCase(encoding) || "x-gzip".equalsIgnoreCase(encoding);
        return isGzip ? new Response(uri, version, status, headers, new GzipStream(Http.authority(uri), body)) : this;
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
                    throw new Problem(
                            Exit.SERVER_FAILED,
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
