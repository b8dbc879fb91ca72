//SOURCES ../base/Io.java ../base/Problem.java ClockWatch.java Deadlines.java Failure.java Handshakes.java Http1.java
//SOURCES Http2.java PlainHttp.java Proxies.java Proxy.java Request.java Response.java Retry.java Tls.java
//SOURCES Transcript.java Transport.java

package lib.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import lib.base.Io;
import lib.base.Problem;

/**
 * An HTTP client that follows no redirect, keeps secrets out of what it says, gives up in time, and fails with a
 * {@link Problem} that tells why. Several threads may send at once.
 */
public final class Http implements AutoCloseable {
    private final Proxies proxies;
    private final Io io;
    private final int retries;
    private final Deadlines deadlines;
    private final Transcript transcript;
    private final ClockWatch clockWatch;
    private final Set<String> warned = new HashSet<>();
    private volatile long answered;
    private final Handshakes handshakes;
    private boolean isBulk;
    private Http1 http1;
    private Http2 http2;

    /**
     * How long things may take, each zero for no limit, and how often what is safe to repeat is repeated.
     *
     * @param connect until there is a connection
     * @param firstByte until the header of the answer has come
     * @param stall between two parts of a body
     * @param total for everything
     * @param retries how often, 0 for never
     */
    public record Limits(Duration connect, Duration firstByte, Duration stall, Duration total, int retries) {}

    /** A client; nothing is connected or read before the first request. */
    public Http(Tls tls, Proxies proxies, Limits limits, Io io) {
        this.proxies = proxies;
        this.io = io;
        this.retries = limits.retries();
        this.deadlines = Deadlines.of(limits, io);
        this.transcript = new Transcript(io.messages());
        this.clockWatch = new ClockWatch(io);
        this.handshakes = new Handshakes(tls);
    }

    /**
     * Makes ready for bodies of gigabytes, to be said before the first request: they are read in larger pieces, and all
     * requests are sent by HTTP/1.1. Several at once are faster over connections of their own, since the JDK decrypts
     * what comes over one by one thread.
     */
    public synchronized void expectBulk() {
        isBulk = true;
    }

    /** The host and port of {@code uri}, as one writes them behind {@code https://}. */
    public static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Sends {@code request}, again where that is safe and promises something, and returns the answer of any status. */
    public Response send(Request request) {
        return send(request, http1());
    }

    /** The same by HTTP/2 where the server offers it with TLS; over plain http it is not asked for. */
    public Response sendByHttp2(Request request) {
        return send(request, byHttp2(request));
    }

    private Transport byHttp2(Request request) {
        return isBulk || !"https".equalsIgnoreCase(request.uri().getScheme()) ? http1() : http2();
    }

    private Response send(Request request, Transport transport) {
        warnOfPlainHttp(request.uri());
        Retry retry = new Retry(request.repeatable() ? retries : 0, io);
        while (true) {
            Response response;
            try {
                response = once(request, transport, deadlines);
            } catch (IOException e) {
                deadlines.left();
                Problem problem = Failure.problem(request.uri(), proxies.on(request.uri()), e);
                if (!Failure.isWorthRepeating(e) || !retry.again(problem.getMessage(), null, deadlines.left())) {
                    throw problem;
                }
                continue;
            }
            if (response.status() == 407) {
                response.close();
                throw Failure.proxyRefuses(request.uri(), proxies.on(request.uri()));
            }
            // A server that restarts is unavailable first.
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

    private void warnOfPlainHttp(URI uri) {
        boolean isFirst;
        synchronized (warned) {
            isFirst = "http".equalsIgnoreCase(uri.getScheme()) && warned.add(uri.getHost());
        }
        if (isFirst) {
            PlainHttp.warn(uri, io);
        }
    }

    /** The answer to {@code request} if one comes within {@code patience} and without another attempt; null if not. */
    public Response probe(Request request, Duration patience) {
        try {
            return once(request, byHttp2(request), deadlines.within(patience));
        } catch (IOException | Problem noAnswer) {
            return null;
        }
    }

    private Response once(Request request, Transport transport, Deadlines within) throws IOException {
        Proxy proxy = proxies.on(request.uri());
        transcript.sent(request, proxy);
        Response response = transport.send(request, proxy, within);
        if (!Retry.isPassing(response.status()) && !response.isPageOfRestart()) {
            answered = System.nanoTime();
        }
        transcript.received(response);
        clockWatch.see(authority(request.uri()), response.header("Date"), response.header("Age"));
        return response;
    }

    /** When the last answer came of a server that was at work, by {@code System.nanoTime}; 0 if none has come yet. */
    public long answered() {
        return answered;
    }

    private synchronized Http1 http1() {
        if (http1 == null) {
            http1 = new Http1(handshakes, isBulk);
        }
        return http1;
    }

    private synchronized Http2 http2() {
        if (http2 == null) {
            http2 = new Http2(handshakes, proxies, deadlines);
        }
        return http2;
    }

    /**
     * {@code limit}, or what is left of the time for everything if that is less; {@link Problem} if nothing is left.
     */
    public Duration within(Duration limit) {
        return deadlines.atMost(limit);
    }

    /** Gives up what is under way, at once. */
    @Override
    public synchronized void close() {
        if (http1 != null) {
            http1.close();
        }
        if (http2 != null) {
            http2.close();
        }
    }
}
