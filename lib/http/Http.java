//SOURCES ../base/Exit.java ../base/Io.java ../base/Problem.java Body.java BodyStream.java Failure.java
//SOURCES ClockWatch.java PlainHttp.java Proxies.java Proxy.java ProxyChoice.java Request.java Response.java
//SOURCES Retry.java Tls.java TlsContext.java Transcript.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;

/**
 * An HTTP client that follows no redirect, keeps secrets out of what it says, gives up in time, and fails with a
 * {@link Problem} that tells why. Several threads may send at once.
 */
public final class Http implements AutoCloseable {
    private static final String PIECE = "jdk.httpclient.bufsize";

    private final Tls tls;
    private final Proxies proxies;
    private final Limits limits;
    private final Io io;
    private final Transcript transcript;
    private final ClockWatch clockWatch;
    private final Instant deadline;
    private final Set<String> warned = new HashSet<>();
    private HttpClient client;

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
        this.tls = tls;
        this.proxies = proxies;
        this.limits = limits;
        this.io = io;
        this.transcript = new Transcript(io.messages());
        this.clockWatch = new ClockWatch(io);
        this.deadline = limits.total().isZero() ? null : io.clock().instant().plus(limits.total());
    }

    /**
     * Makes ready for bodies of gigabytes: sockets are read in larger pieces, which takes a third off the work. To be
     * said before the first request.
     */
    public static void expectBulk() {
        if (System.getProperty(PIECE) == null) {
            System.setProperty(PIECE, Integer.toString(1 << 17));
        }
    }

    /** The host and port of {@code uri}, as one writes them behind {@code https://}. */
    public static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Sends {@code request}, again where that is safe and promises something, and returns the answer of any status. */
    public Response send(Request request) {
        return send(request, HttpClient.Version.HTTP_1_1);
    }

    /** The same by HTTP/2 where the server offers it with TLS; over plain http it is not asked for. */
    public Response sendByHttp2(Request request) {
        return send(request, HttpClient.Version.HTTP_2);
    }

    private Response send(Request request, HttpClient.Version version) {
        warnOfPlainHttp(request.uri());
        Retry retry = new Retry(request.repeatable() ? limits.retries() : 0, io);
        while (true) {
            Response response;
            try {
                response = once(request, version, limits);
            } catch (IOException e) {
                remaining();
                Problem problem = Failure.problem(request.uri(), proxies.on(request.uri()), e);
                if (!Failure.isWorthRepeating(e) || !retry.again(problem.getMessage(), null, remaining())) {
                    throw problem;
                }
                continue;
            }
            if (response.status() == 407) {
                response.close();
                throw Failure.proxyRefuses(request.uri(), proxies.on(request.uri()));
            }
            boolean isRestarting = isRestarting(response, retry);
            boolean mayPass = isRestarting || Retry.isPassing(response.status());
            String reason = authority(request.uri()) + " answered " + response.status();
            if (!mayPass || !retry.again(reason, response.header("Retry-After"), remaining())) {
                if (isRestarting) {
                    response.close();
                    throw restarting(request.uri());
                }
                return response;
            }
            response.close();
        }
    }

    // A server that restarts is unavailable first, and then has no page for what it has not loaded yet (facts F15).
    private static boolean isRestarting(Response response, Retry retry) {
        return retry.hasBegun()
                && response.status() == 404
                && response.mediaType().equals("text/html");
    }

    private static Problem restarting(URI uri) {
        return new Problem(
                Exit.SERVER_FAILED,
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
            return once(request, HttpClient.Version.HTTP_2, new Limits(patience, patience, patience, patience, 0));
        } catch (IOException | Problem noAnswer) {
            return null;
        }
    }

    private Response once(Request request, HttpClient.Version version, Limits within) throws IOException {
        Proxy proxy = proxies.on(request.uri());
        transcript.sent(request, proxy);
        String host = authority(request.uri());
        try {
            HttpResponse<InputStream> answer =
                    client().send(toJdk(request, version, proxy, within), BodyStream.handler(host, new Stall(within)));
            transcript.received(answer);
            clockWatch.see(host, first("Date", answer), first("Age", answer));
            // There is none where a proxy refuses to tunnel.
            InputStream body = answer.body() == null ? InputStream.nullInputStream() : answer.body();
            return new Response(request.uri(), answer.version(), answer.statusCode(), answer.headers(), body);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof NumberFormatException) {
                throw new ProtocolException("the content length is no number");
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Exit.NO_ANSWER, "interrupted", null);
        }
    }

    private static String first(String header, HttpResponse<?> answer) {
        return answer.headers().firstValue(header).orElse(null);
    }

    private HttpRequest toJdk(Request request, HttpClient.Version version, Proxy proxy, Limits within) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
        if ("https".equalsIgnoreCase(request.uri().getScheme())) {
            builder.version(version);
        }
        Duration firstByte = limit(within.firstByte());
        if (firstByte != null) {
            builder.timeout(firstByte);
        }
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            builder.header(header.getKey(), header.getValue());
        }
        if (proxy != null && proxy.credentials() != null) {
            // Ahead of the question: the JDK's Authenticator would also step in between us and a server's 401. To a
            // server that is reached through a tunnel the JDK does not pass it on.
            builder.header("Proxy-Authorization", proxy.credentials().reveal());
        }
        Body body = request.body();
        if (body != null) {
            builder.header("Content-Type", body.type())
                    .method(request.method(), HttpRequest.BodyPublishers.ofString(body.text()));
        } else if (request.method().equals("HEAD")) {
            builder.HEAD();
        } else if (!request.method().equals("GET")) {
            builder.method(request.method(), HttpRequest.BodyPublishers.noBody());
        }
        return builder.build();
    }

    private synchronized HttpClient client() {
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(TlsContext.of(tls))
                    .proxy(proxies.exist() ? ProxyChoice.of(proxies) : HttpClient.Builder.NO_PROXY);
            Duration connect = limit(limits.connect());
            if (connect != null) {
                builder.connectTimeout(connect);
            }
            client = builder.build();
        }
        return client;
    }

    /** What is left of the time for everything; null for no limit. */
    private Duration remaining() {
        if (deadline == null) {
            return null;
        }
        Duration left = Duration.between(io.clock().instant(), deadline);
        if (left.isNegative() || left.isZero()) {
            throw new Problem(Exit.NO_ANSWER, "not done in time (--max-time)", "raise it");
        }
        return left;
    }

    /** {@link #within} for one of the {@link Limits}: null for no limit. */
    private Duration limit(Duration limit) {
        return limit.isZero() ? remaining() : within(limit);
    }

    /**
     * {@code limit}, or what is left of the time for everything if that is less; {@link Problem} if nothing is left.
     */
    public Duration within(Duration limit) {
        Duration left = remaining();
        return left == null || limit.compareTo(left) < 0 ? limit : left;
    }

    /** Ends the client's threads at once; left alone they delay the end of the process by 300 ms. */
    @Override
    public void close() {
        if (client != null) {
            client.shutdownNow();
            client.close();
        }
    }

    private final class Stall implements BodyStream.Deadline {
        private final Limits within;

        Stall(Limits within) {
            this.within = within;
        }

        @Override
        public long nanos() {
            Duration stall = limit(within.stall());
            return stall == null ? Long.MAX_VALUE : stall.toNanos();
        }
    }
}
