//SOURCES BlockInput.java Connection.java Connector.java Deadlines.java Failure.java Http.java Origin.java Proxies.java
//SOURCES Request.java Response.java Tls.java

package lib.http;

import module java.base;
import java.security.cert.X509Certificate;
import lib.http.Deadlines.Countdown;
import lib.http.Proxies.Proxy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * HTTP/1.1 over blocking sockets: few classes to load, and no thread between a socket and its reader. A connection is
 * used again once the previous answer has been read to its end. Several threads may send at once.
 */
final class ConnectionPool implements AutoCloseable {
    /** How we identify ourselves (RFC 9110, section 10.1.5). */
    private static final String USER_AGENT = "arc-scripts";

    private final Connector connector;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Set<Connection> open = new HashSet<>();
    private boolean isClosed;

    ConnectionPool(Tls tls) {
        this.connector = new Connector(tls);
    }

    /**
     * The answer of any status to one attempt at {@code request}.
     *
     * @param proxy on the way, or null
     * @param deadlines how long it may take, its body too
     * @throws Failure if none came
     */
    Response send(Request request, Proxy proxy, Deadlines deadlines) throws Failure {
        Connection kept = request.repeatable() ? take(Connector.route(request.uri(), proxy)) : null;
        if (kept != null) {
            try {
                return exchange(kept, request, proxy, deadlines);
            } catch (Failure e) {
                if (e.isLate() || !kept.isUnanswered()) {
                    throw e;
                }
                // A server may close an idle connection at any time.
            }
        }
        return exchange(opened(request.uri(), proxy, deadlines), request, proxy, deadlines);
    }

    private Response exchange(Connection connection, Request request, Proxy proxy, Deadlines deadlines) throws Failure {
        Failure.Step step = Failure.Step.EXCHANGE;
        boolean isBegun = false;
        try {
            ClassicHttpResponse answer =
                    connection.exchange(message(request, proxy), Countdown.of(deadlines.firstByte()));
            connection.expectBody(deadlines);
            step = Failure.Step.BODY;
            Response response = response(answer, connection, request, deadlines);
            isBegun = true;
            return response;
        } catch (IOException e) {
            throw new Failure(step, e);
        } finally {
            if (!isBegun) {
                drop(connection);
            }
        }
    }

    private Response response(ClassicHttpResponse answer, Connection connection, Request request, Deadlines deadlines)
            throws IOException {
        InputStream content =
                answer.getEntity() == null ? null : answer.getEntity().getContent();
        InputStream body = new ResponseBody(content, Http.authority(request.uri()), deadlines, connection);
        return new Response(request, answer, body);
    }

    private static ClassicHttpRequest message(Request request, Proxy proxy) {
        URI uri = request.uri();
        Origin origin = Origin.of(uri);
        boolean isProxied = proxy != null && !origin.isSecure();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = (isProxied ? "http://" + origin.authority() : "")
                + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        BasicClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), null, null, target);
        // Without the usual port, as other clients write it: Keycloak makes its issuer from this.
        message.setHeader("Host", origin.authority());
        if (request.header("User-Agent") == null) {
            message.setHeader("User-Agent", USER_AGENT);
        }
        if (isProxied && proxy.credentials() != null) {
            message.setHeader("Proxy-Authorization", proxy.credentials().reveal());
        }
        for (Response.Field field : request.headers()) {
            message.addHeader(field.name(), field.value());
        }
        if (request.body() != null) {
            byte[] body = request.body().text().getBytes(StandardCharsets.UTF_8);
            message.setHeader("Content-Type", request.body().type());
            message.setHeader("Content-Length", Integer.toString(body.length));
            message.setEntity(new ByteArrayEntity(body, null));
        } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            message.setHeader("Content-Length", "0");
        }
        return message;
    }

    /** The certificate of the server of {@code uri}, to which the connection is kept; null without TLS. */
    X509Certificate certificate(URI uri, Proxy proxy, Deadlines deadlines) throws Failure {
        Connection connection = opened(uri, proxy, deadlines);
        X509Certificate certificate = connection.certificate();
        keep(connection);
        return certificate;
    }

    private synchronized void keep(Connection connection) {
        idle.add(connection);
    }

    private Connection opened(URI uri, Proxy proxy, Deadlines deadlines) throws Failure {
        Connection connection = connector.open(uri, proxy, deadlines);
        if (!isAdded(connection)) {
            connection.close();
            throw new Failure(Failure.Step.EXCHANGE, new IOException("given up"));
        }
        return connection;
    }

    private synchronized boolean isAdded(Connection connection) {
        return !isClosed && open.add(connection);
    }

    /**
     * A kept connection to {@code route}, or null. One that has received unexpected bytes is dropped: they may be a 408
     * by which the server ends its wait, and would be taken for the next answer.
     */
    private synchronized Connection take(String route) {
        for (Iterator<Connection> latest = idle.descendingIterator(); latest.hasNext(); ) {
            Connection connection = latest.next();
            if (connection.route().equals(route)) {
                latest.remove();
                if (connection.isQuiet()) {
                    return connection;
                }
                drop(connection);
            }
        }
        return null;
    }

    /**
     * Keeps {@code connection} for another request, or closes it; {@code isWhole} if the last answer was read whole.
     */
    private synchronized void giveBack(Connection connection, boolean isWhole) {
        if (isWhole && connection.isPersistent()) {
            keep(connection);
        } else {
            drop(connection);
        }
    }

    private synchronized void drop(Connection connection) {
        open.remove(connection);
        connection.close();
    }

    /** Closes all connections at once; exchanges under way fail. */
    @Override
    public synchronized void close() {
        isClosed = true;
        for (Connection connection : open) {
            connection.close();
        }
        open.clear();
        idle.clear();
    }

    /** The body of an answer, read from a connection that is given back at its end. */
    private final class ResponseBody extends BlockInput {
        private final InputStream content;
        private final String host;
        private final Deadlines deadlines;
        private final Connection connection;
        private final byte[] first = new byte[1];
        private int unread;
        private long count;
        private boolean isEnded;

        /**
         * The body {@code content} of an answer of {@code host} over {@code connection}; null for none. Waits for its
         * first byte: an answer that breaks off before that can be requested again.
         */
        ResponseBody(InputStream content, String host, Deadlines deadlines, Connection connection) throws IOException {
            this.content = content;
            this.host = host;
            this.deadlines = deadlines;
            this.connection = connection;
            // Not by the read() of a single byte, which takes a chunk that is cut short for the end.
            unread = content == null ? -1 : content.read(first, 0, 1);
            if (unread < 0) {
                end(true);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (isEnded) {
                return -1;
            }
            if (unread > 0 && length > 0) {
                unread = 0;
                count = 1;
                bytes[offset] = first[0];
                return 1;
            }
            try {
                int some = content.read(bytes, offset, length);
                if (some < 0) {
                    end(true);
                }
                count += Math.max(0, some);
                return some;
            } catch (SocketTimeoutException e) {
                end(false);
                // If the total time is over, report that instead.
                deadlines.left();
                throw Failure.silence(host, count);
            } catch (IOException e) {
                end(false);
                throw Failure.earlyEnd(host, count);
            }
        }

        private void end(boolean isWhole) {
            if (!isEnded) {
                isEnded = true;
                giveBack(connection, isWhole);
            }
        }

        /** Discards the rest. If only the end is missing, which has often arrived already, the connection is kept. */
        @Override
        public void close() {
            if (!isEnded) {
                end(isAtItsEnd());
            }
        }

        private boolean isAtItsEnd() {
            connection.expectEnd();
            try {
                // Enough for the line end after a multipart's last boundary, and for a short epilogue.
                return content.readNBytes(Response.MAX_REST).length < Response.MAX_REST;
            } catch (IOException moreOrNothing) {
                return false;
            }
        }
    }
}
