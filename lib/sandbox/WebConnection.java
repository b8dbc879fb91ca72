//SOURCES WebRequest.java WebResponse.java WebServer.java

package lib.sandbox;

import module java.base;

/** A connection with a client, which sends requests and gets responses (RFC 9112), whole or broken by a fault. */
public final class WebConnection {
    private static final int LONGEST_LINE = 1 << 20;

    private static final String STATUSES = """
            200 OK|201 Created|204 No Content|206 Partial Content|302 Found|400 Bad Request|401 Unauthorized|\
            403 Forbidden|404 Not Found|405 Method Not Allowed|406 Not Acceptable|409 Conflict|\
            413 Request Entity Too Large|415 Unsupported Media Type|429 Too Many Requests|500 Internal Server Error|\
            502 Bad Gateway|503 Service Unavailable|504 Gateway Timeout""";
    private static final Map<String, String> STATUS_LINES =
            Stream.of(STATUSES.split("\\|")).collect(Collectors.toMap(line -> line.substring(0, 3), line -> line));

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Socket raw;
    private final Socket socket;
    private final WebServer.Handler handler;
    private final InstantSource clock;
    private final InputStream in;
    private final OutputStream out;
    private WebRequest request;

    /**
     * @param raw the connection below TLS
     * @param socket the connection over TLS, or {@code raw} again
     * @param handler answers the requests
     * @param clock the time for the header Date; null for none
     */
    WebConnection(Socket raw, Socket socket, WebServer.Handler handler, InstantSource clock) throws IOException {
        this.raw = raw;
        this.socket = socket;
        this.handler = handler;
        this.clock = clock;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /** Reads the next request, with a Content-Length if it has a body; null if there is none, or it is not HTTP. */
    WebRequest read() throws IOException, InterruptedException {
        if (raw.isClosed()) {
            return null;
        }
        in.mark(1);
        int first = in.read();
        if (first < 0) {
            return null;
        }
        in.reset();
        // Anything else may be a TLS client on the http port, which sends no line.
        boolean isText = first >= 'A' && first <= 'Z';
        String[] words = isText ? line().split(" ", -1) : new String[0];
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return refused();
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                return refused();
            }
            headers.merge(line.substring(0, colon), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        byte[] body = new byte[Integer.parseInt(headers.getOrDefault("Content-Length", "0"))];
        if (in.readNBytes(body, 0, body.length) < body.length) {
            throw new EOFException();
        }
        String scheme = socket == raw ? "http" : "https";
        request = new WebRequest(scheme, words[0], words[1], Collections.unmodifiableMap(headers), body);
        return request;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException();
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    // Reads the rest: closing with unread bytes would reset the connection before the client has the answer.
    private WebRequest refused() throws IOException {
        out.write(head(WebResponse.empty(400).with("Connection", "close")));
        out.flush();
        raw.setSoTimeout(500);
        if (socket == raw) {
            raw.shutdownOutput();
        }
        ignoreRequests();
        return null;
    }

    /** The answer to the last request. */
    public WebResponse answer() throws IOException {
        try {
            return handler.handle(request);
        } catch (RuntimeException | StackOverflowError bug) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace));
            return WebResponse.text(500, "text/plain;charset=UTF-8", trace.toString());
        }
    }

    /** Sends {@code response} to the last request, without its body if the method was HEAD. */
    public void send(WebResponse response) throws IOException, InterruptedException {
        out.write(head(response));
        if (!request.method().equals("HEAD")) {
            if (response.length() < 0) {
                OutputStream chunks = new BufferedOutputStream(new Chunks(out), 1 << 14);
                response.body().writeTo(chunks);
                chunks.flush();
                out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            } else {
                response.body().writeTo(out);
            }
        }
        out.flush();
        if ("close".equalsIgnoreCase(request.header("Connection"))
                || "close".equals(response.headers().get("Connection"))) {
            socket.close();
        }
    }

    private byte[] head(WebResponse response) {
        String status = Integer.toString(response.status());
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + STATUS_LINES.getOrDefault(status, status + " Other") + "\r\n");
        response.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (clock != null) {
            head.append("Date: " + DATE.format(clock.instant()) + "\r\n");
        }
        if (response.length() < 0) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (response.status() != 204) {
            head.append("Content-Length: " + response.length() + "\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads until the client closes. */
    public void ignoreRequests() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Closes the connection below TLS: a close_notify would make the end look intended. */
    public void cut() throws IOException {
        raw.close();
    }

    /** Closes the connection with a reset. */
    public void reset() throws IOException {
        raw.setSoLinger(true, 0);
        raw.close();
    }

    /** The chunked coding: each write makes a chunk. */
    private static final class Chunks extends FilterOutputStream {
        Chunks(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(bytes, offset, length);
                out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
