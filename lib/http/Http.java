//SOURCES ../base/Io.java ../base/Problem.java ConnectionPool.java ConnectionWarnings.java Deadlines.java Failure.java
//SOURCES Proxies.java Request.java Response.java Retry.java Tls.java Transcript.java

package lib.http;

import java.net.URI;
import java.time.Duration;
import lib.base.Io;
import lib.base.Problem;
import lib.http.Proxies.Proxy;

/**
 * An HTTP client that follows no redirects, keeps secrets out of its messages, enforces time limits, and fails with a
 * {@link Problem} that says why. Several threads may send at once.
 */
public final class Http implements AutoCloseable {
    private final Tls tls;
    private final Proxies proxies;
    private final Io io;
    private final int retries;
    private final Deadlines deadlines;
    private final Transcript transcript;
    private final ConnectionWarnings warnings;
    private volatile long answered;
    private boolean isBulk;
    private ConnectionPool connections;

    /**
     * Time limits, each zero for none, and the number of retries of what is safe to repeat.
     *
     * @param connect until there is a connection, its TLS handshake included
     * @param firstByte until the header of the answer has arrived
     * @param stall between two parts of a body
     * @param total for everything
     * @param retries how often, 0 for never
     */
    public record Limits(Duration connect, Duration firstByte, Duration stall, Duration total, int retries) {}

    /** A client; nothing is connected or read before the first request. */
    public Http(Tls tls, Proxies proxies, Limits limits, Io io) {
        this.tls = tls;
        this.proxies = proxies;
        this.io = io;
        this.retries = limits.retries();
        this.deadlines = Deadlines.of(limits, io);
        this.transcript = new Transcript(io.messages());
        this.warnings = new ConnectionWarnings(io);
    }

    /** Prepares for bodies of gigabytes, which are read in larger pieces. Call it before the first request. */
    public synchronized void expectBulk() {
        isBulk = true;
    }

    /** The host of {@code uri}, and its port if it names one. */
    public static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Sends {@code request}, again where that is safe and may help, and returns the answer of any status. */
    public Response send(Request request) {
        warnings.beforeRequest(request.uri());
        Retry retry = new Retry(request.repeatable() ? retries : 0, io);
        while (true) {
            Response response;
            try {
                response = once(request, deadlines);
            } catch (Failure e) {
                deadlines.left();
                Problem problem = e.problem(request.uri(), proxies.on(request.uri()));
                if (!e.isWorthRepeating() || !retry.again(problem.getMessage(), null, deadlines.left())) {
                    throw problem;
                }
                continue;
            }
            if (response.status() == 407) {
                response.close();
                throw Failure.proxyRefuses(request.uri(), proxies.on(request.uri()));
            }
            // A server that restarts first answers 503, then 404 until its applications are loaded.
            boolean isRestarting = retry.hasBegun() && response.isPageOfRestart();
            boolean mayPass = isRestarting || Retry.isPassing(response.status());
            String reason = authority(request.uri()) + " answered " + response.status();
            if (!mayPass || !retry.again(reason, response.header("Retry-After"), deadlines.left())) {
                if (isRestarting) {
                    response.close();
                    throw restarting(request.uri());
                }
                return response;
            }
            response.close();
        }
    }

    private static Problem restarting(URI uri) {
        return Problem.serverFailed(
                authority(uri) + " is starting or stopping: it was unavailable just now, and has no page yet (404)",
                "try again in a minute, or let it: --retry 8");
    }

    /** The answer to a single attempt at {@code request}, or null if none comes within {@code limit}. */
    public Response probe(Request request, Duration limit) {
        try {
            return once(request, deadlines.within(limit));
        } catch (Failure | Problem noAnswer) {
            return null;
        }
    }

    private Response once(Request request, Deadlines within) throws Failure {
        Proxy proxy = proxies.on(request.uri());
        transcript.sent(request, proxy);
        Response response = connections().send(request, proxy, within);
        if (!Retry.isPassing(response.status()) && !response.isPageOfRestart()) {
            answered = System.nanoTime();
        }
        transcript.received(response);
        warnings.afterAnswer(response);
        return response;
    }

    /** When a server that was not restarting last answered, by {@code System.nanoTime}; 0 if none has yet. */
    public long answered() {
        return answered;
    }

    private synchronized ConnectionPool connections() {
        if (connections == null) {
            connections = new ConnectionPool(tls, isBulk);
        }
        return connections;
    }

    /** {@code limit}, or what is left of the total time if that is less; {@link Problem} if nothing is left. */
    public Duration within(Duration limit) {
        return deadlines.atMost(limit);
    }

    /** Closes all connections at once; requests under way fail. */
    @Override
    public synchronized void close() {
        if (connections != null) {
            connections.close();
        }
    }
}
