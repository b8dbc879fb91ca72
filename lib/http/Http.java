//SOURCES ../base/Io.java ../base/Messages.java ../base/Problem.java ../base/Secret.java ConnectionPool.java
//SOURCES Deadlines.java Failure.java Proxies.java Redacted.java Request.java Response.java Tls.java

package lib.http;

import module java.base;
import java.security.cert.X509Certificate;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Proxies.Proxy;

/**
 * An HTTP client that follows no redirects, keeps secrets out of its messages, enforces time limits, and fails with a
 * {@link Problem} that says why. Several threads may send at once.
 */
public final class Http implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    // Longer pauses are explained to the person who waits.
    private static final Duration NOTICED_PAUSE = Duration.ofSeconds(2);

    private final Tls tls;
    private final Proxies proxies;
    private final Io io;
    private final int retries;
    private final Deadlines deadlines;
    private final ConnectionWarnings warnings;
    private volatile long answered;
    private volatile boolean isBusy;
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
        this.warnings = new ConnectionWarnings(io);
    }

    /** The host of {@code uri}, and its port if it names one. */
    public static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Sends {@code request}, again where that is safe and may help, and returns the answer of any status. */
    public Response send(Request request) {
        warnings.beforeRequest(request.uri(), proxies);
        int most = request.repeatable() ? retries : 0;
        for (int done = 0; ; done++) {
            Response response;
            try {
                response = once(request, deadlines);
            } catch (Failure e) {
                deadlines.left();
                Problem problem = e.problem(request.uri(), proxies.on(request.uri()));
                if (done == most || !e.isWorthRepeating() || !isPaused(done, problem.getMessage(), null)) {
                    throw problem;
                }
                continue;
            }
            if (response.status() == 407) {
                response.close();
                throw Failure.proxyRefuses(request.uri(), proxies.on(request.uri()));
            }
            // A server that restarts first answers 503, then 404 until its applications are loaded.
            boolean isRestarting = done > 0 && response.isPageOfRestart();
            boolean mayPass = isRestarting || isPassing(response.status());
            String reason = authority(request.uri()) + " answered " + response.status();
            if (done == most || !mayPass || !isPaused(done, reason, response.header("Retry-After"))) {
                if (isRestarting) {
                    response.close();
                    throw Problem.serverFailed(
                            authority(request.uri())
                                    + " is starting or stopping: it was unavailable just now,"
                                    + " and has no page yet (404)",
                            "try again in a minute, or let it: --retry 8");
                }
                return response;
            }
            response.close();
        }
    }

    /** Whether {@code status} reports trouble that may pass. */
    private static boolean isPassing(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /**
     * Waits before the next attempt: longer each time, or as long as the server asks.
     *
     * @param done how many were repeated already
     * @param reason why there must be one
     * @param retryAfter the header Retry-After, or null
     * @return false if the time does not last for it
     */
    private boolean isPaused(int done, String reason, String retryAfter) {
        long base = 250L << Math.min(done, 7);
        Duration asked = retryAfter == null ? null : asked(retryAfter.strip());
        Duration pause = asked == null
                ? Duration.ofMillis(base + ThreadLocalRandom.current().nextLong(base))
                : asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
        Duration left = deadlines.left();
        if (left != null && pause.compareTo(left) >= 0) {
            return false;
        }
        String text = reason + "; trying again in " + pause.toMillis() + " ms";
        if (pause.compareTo(NOTICED_PAUSE) < 0) {
            io.messages().detail(text);
        } else {
            io.messages().note(text);
        }
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How long {@code Retry-After} says to wait (RFC 9110, section 10.2.3), or null if it is malformed. */
    private Duration asked(String retryAfter) {
        Duration asked = null;
        try {
            asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        } catch (NumberFormatException dateOrNonsense) {
            Instant date = Response.time(retryAfter);
            asked = date == null ? null : Duration.between(io.clock().instant(), date);
        }
        return asked != null && asked.isNegative() ? Duration.ZERO : asked;
    }

    /**
     * The certificate that the server of {@code uri} shows and that is trusted; null without TLS. {@link Problem} if
     * there is no connection. The next request to it uses the same one.
     */
    public X509Certificate certificate(URI uri) {
        try {
            return connections().certificate(uri, proxies.on(uri), deadlines);
        } catch (Failure e) {
            throw e.problem(uri, proxies.on(uri));
        }
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
        show(request, proxy);
        Response response = connections().send(request, proxy, within);
        isBusy = response.status() == 429;
        if (!isPassing(response.status()) && !response.isPageOfRestart()) {
            answered = System.nanoTime();
        }
        show(response, request);
        warnings.afterAnswer(response);
        return response;
    }

    /** Shows {@code request} if {@code --verbose} wants it, without secrets and tokens. */
    private void show(Request request, Proxy proxy) {
        Messages messages = io.messages();
        if (!messages.verbose()) {
            return;
        }
        if (proxy != null) {
            messages.detail("* by the proxy " + proxy.authority()
                    + (proxy.credentials() == null ? "" : "; Proxy-Authorization: [redacted]"));
        }
        messages.detail(
                "> " + request.method() + " " + Redacted.text(request.uri().toString()));
        for (Response.Field field : request.headers()) {
            header('>', field, List.of());
        }
        if (request.body() != null) {
            messages.detail("> " + request.body());
        }
    }

    private void show(Response response, Request request) {
        Messages messages = io.messages();
        if (!messages.verbose()) {
            return;
        }
        messages.detail("< " + response.status());
        List<Secret> sent = request.secrets();
        for (Response.Field field : response.fields()) {
            header('<', field, sent);
        }
    }

    private void header(char direction, Response.Field field, List<Secret> sent) {
        io.messages().detail(direction + " " + field.name() + ": " + Redacted.value(field, sent));
    }

    /** When a server that was not restarting last answered, by {@code System.nanoTime}; 0 if none has yet. */
    public long answered() {
        return answered;
    }

    /** Whether the last answer was that there are too many requests. */
    public boolean isBusy() {
        return isBusy;
    }

    private synchronized ConnectionPool connections() {
        if (connections == null) {
            connections = new ConnectionPool(tls);
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

    /** Warns once of what is wrong with a connection: a public network without encryption, a clock that is off. */
    private static final class ConnectionWarnings {
        private static final long MAX_CLOCK_DIFFERENCE = 30;

        private final Io io;
        private final Set<String> warned = new HashSet<>();
        private boolean isClockWarned;

        ConnectionWarnings(Io io) {
            this.io = io;
        }

        /**
         * Warns where the request to {@code uri} would cross a public network in the clear, once for each host: where
         * its host is not near, or the one of {@code proxies} that it goes through is not.
         */
        void beforeRequest(URI uri, Proxies proxies) {
            synchronized (warned) {
                if (!"http".equalsIgnoreCase(uri.getScheme()) || !warned.add(uri.getHost())) {
                    return;
                }
            }
            Proxy proxy = proxies.on(uri);
            // Without a proxy, a request to an unknown host fails and reports it.
            boolean isNear = proxy == null
                    ? isNear(resolved(uri.getHost()), true)
                    : isNear(resolvedSoon(uri.getHost()), false) && isNear(resolved(proxy.host()), true);
            if (!isNear) {
                io.messages()
                        .warning("http to " + uri.getHost() + (proxy == null ? "" : " through " + proxy.authority())
                                + " is not encrypted: others on the way can read the token");
            }
        }

        private static InetAddress resolved(String host) {
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                return null;
            }
        }

        private static boolean isNear(InetAddress address, boolean isUnknownNear) {
            if (address == null) {
                return isUnknownNear;
            }
            return address.isLoopbackAddress()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || (address.getAddress()[0] & 0xfe) == 0xfc && address.getAddress().length == 16;
        }

        /**
         * The address of {@code host} that only the proxy needs to know, or null: a resolver that is silent must not
         * hold the request up.
         */
        private static InetAddress resolvedSoon(String host) {
            CompletableFuture<InetAddress> found = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> found.complete(resolved(host)));
            return found.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        }

        /**
         * Warns where the clocks of the server and of this machine are so far apart that tokens look expired, or not
         * valid yet. The answer must have just come; one with an Age comes from a cache.
         */
        synchronized void afterAnswer(Response response) {
            boolean isOfNow = !isClockWarned && response.header("Age") == null;
            Instant theirs = isOfNow ? Response.time(response.header("Date")) : null;
            if (theirs == null) {
                return;
            }
            long ahead = Duration.between(theirs, io.clock().instant()).toSeconds();
            if (Math.abs(ahead) > MAX_CLOCK_DIFFERENCE) {
                isClockWarned = true;
                io.messages()
                        .warning("this machine's clock is " + Math.abs(ahead) + " s "
                                + (ahead > 0 ? "ahead of" : "behind")
                                + " that of " + Http.authority(response.uri())
                                + ": tokens may look expired or not valid yet; set one of them right");
            }
        }
    }
}
