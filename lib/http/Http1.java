//SOURCES Connection.java Connector.java Countdown.java Deadlines.java EntityStream.java Field.java Handshakes.java
//SOURCES Http.java Proxy.java Request.java Response.java Transport.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * HTTP/1.1 over sockets that block: next to nothing to load, and no thread between a socket and who reads from it. A
 * connection is used again once the answer before has been read to its end.
 */
final class Http1 implements Transport {
    private static final int PIECE = 1 << 13;
    private static final int BULK_PIECE = 1 << 17;

    private final Connector connector;
    private final Map<String, Deque<Connection>> idle = new HashMap<>();
    private final Set<Connection> open = new HashSet<>();
    private boolean isClosed;

    /** It by connections that {@code handshakes} secure, and read in large pieces if {@code isBulk}. */
    Http1(Handshakes handshakes, boolean isBulk) {
        this.connector = new Connector(handshakes, isBulk ? BULK_PIECE : PIECE);
    }

    @Override
    public Response send(Request request, Proxy proxy, Deadlines deadlines) throws IOException {
        Connection kept = request.repeatable() ? take(Connector.route(request.uri(), proxy)) : null;
        if (kept != null) {
            try {
                return exchange(kept, request, proxy, deadlines);
            } catch (HttpTimeoutException slow) {
                throw slow;
            } catch (IOException e) {
                if (!kept.isUnanswered()) {
                    throw e;
                }
                // The server had closed it meanwhile, as it may.
            }
        }
        return exchange(opened(request.uri(), proxy, deadlines), request, proxy, deadlines);
    }

    private Response exchange(Connection connection, Request request, Proxy proxy, Deadlines deadlines)
            throws IOException {
        boolean isAnswered = false;
        try {
            ClassicHttpResponse answer =
                    connection.exchange(message(request, proxy), Countdown.of(deadlines.firstByte()));
            connection.expectBody(deadlines);
            isAnswered = true;
            return response(answer, connection, request.uri(), deadlines);
        } catch (SocketTimeoutException e) {
            throw new HttpTimeoutException("no answer in time");
        } finally {
            if (!isAnswered) {
                drop(connection);
            }
        }
    }

    private Response response(ClassicHttpResponse answer, Connection connection, URI uri, Deadlines deadlines)
            throws IOException {
        List<Field> fields = new ArrayList<>();
        for (Header header : answer.getHeaders()) {
            fields.add(new Field(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        InputStream content =
                answer.getEntity() == null ? null : answer.getEntity().getContent();
        InputStream body = new EntityStream(content, Http.authority(uri), deadlines, connection, this);
        String reason = answer.getReasonPhrase() == null ? "" : answer.getReasonPhrase();
        return new Response(uri, answer.getVersion().toString(), answer.getCode(), reason, fields, body);
    }

    private static ClassicHttpRequest message(Request request, Proxy proxy) {
        URI uri = request.uri();
        boolean isProxied = proxy != null && "http".equalsIgnoreCase(uri.getScheme());
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = (isProxied ? "http://" + host(uri) : "")
                + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        BasicClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), null, null, target);
        message.setHeader("Host", host(uri));
        message.setHeader("User-Agent", USER_AGENT);
        if (isProxied && proxy.credentials() != null) {
            message.setHeader("Proxy-Authorization", proxy.credentials().reveal());
        }
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            message.setHeader(header.getKey(), header.getValue());
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

    // Without a port that goes without saying, as others write it: Keycloak's issuer may be made from this.
    private static String host(URI uri) {
        boolean isUsual = uri.getPort() == Connector.usualPort(uri);
        return isUsual ? uri.getHost() : Http.authority(uri);
    }

    private Connection opened(URI uri, Proxy proxy, Deadlines deadlines) throws IOException {
        Connection connection = connector.open(uri, proxy, deadlines);
        if (!isAdded(connection)) {
            connection.close();
            throw new IOException("given up");
        }
        return connection;
    }

    private synchronized boolean isAdded(Connection connection) {
        return !isClosed && open.add(connection);
    }

    /**
     * A connection that was kept, or null. One over which something has come that nobody asked for is of no use: a
     * server says so that it waits no longer (408), and whatever else it is, it answers nothing of ours.
     */
    private synchronized Connection take(String route) {
        Deque<Connection> kept = idle.get(route);
        Connection connection = kept == null ? null : kept.pollLast();
        while (connection != null && !connection.isQuiet()) {
            drop(connection);
            connection = kept.pollLast();
        }
        return connection;
    }

    /** Takes back {@code connection}; {@code isWhole} if all of the last answer has been read. */
    synchronized void back(Connection connection, boolean isWhole) {
        if (!isWhole || !connection.isPersistent()) {
            drop(connection);
            return;
        }
        Deque<Connection> kept = idle.get(connection.route());
        if (kept == null) {
            kept = new ArrayDeque<>();
            idle.put(connection.route(), kept);
        }
        kept.add(connection);
    }

    private synchronized void drop(Connection connection) {
        open.remove(connection);
        connection.close();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        for (Connection connection : open) {
            connection.close();
        }
        open.clear();
        idle.clear();
    }
}
