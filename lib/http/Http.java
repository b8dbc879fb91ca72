//SOURCES ../base/Exit.java ../base/Io.java ../base/Problem.java BodyStream.java Failure.java Form.java
//SOURCES PlainHttp.java Request.java Response.java Retry.java Tls.java Transcript.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
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
 * {@link Problem} that tells why.
 */
public final class Http implements AutoCloseable {
    private final Tls tls;
    private final Limits limits;
    private final Io io;
    private final Transcript transcript;
    private final Instant deadline;
    private final Set<String> warned = new HashSet<>();
    private HttpClient client;

    /**
     * How long things may take, and how often what is safe to repeat is repeated.
     *
     * @param connect until there is a connection
     * @param firstByte until the header of the answer has come
     * @param stall between two parts of a body
     * @param total for everything; zero for no limit
     * @param retries how often, 0 for never
     */
    public record Limits(Duration connect, Duration firstByte, Duration stall, Duration total, int retries) {}

    /** A client; nothing is connected or read before the first request. */
    public Http(Tls tls, Limits limits, Io io) {
        this.tls = tls;
        this.limits = limits;
        this.io = io;
        this.transcript = new Transcript(io.messages());
        this.deadline = limits.total().isZero() ? null : io.clock().instant().plus(limits.total());
    }

    /** The host and port of {@code uri}, as one writes them behind {@code https://}. */
    public static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Sends {@code request}, again where that is safe and promises something, and returns the answer of any status. */
    public Response send(Request request) {
        if (warned.add(request.uri().getHost())) {
            PlainHttp.warn(request.uri(), io);
        }
        Retry retry = new Retry(request.repeatable() ? limits.retries() : 0, io);
        while (true) {
            Response response;
            try {
                response = once(request);
            } catch (IOException e) {
                Problem problem = Failure.problem(request.uri(), e);
                if (!Failure.isWorthRepeating(e) || !retry.again(problem.getMessage(), null, remaining())) {
                    throw problem;
                }
                continue;
            }
            if (!Retry.isPassing(response.status())
                    || !retry.again(
                            authority(request.uri()) + " answered " + response.status(),
                            response.header("Retry-After"),
                            remaining())) {
                return response;
            }
            response.close();
        }
    }

    private Response once(Request request) throws IOException {
        transcript.sent(request);
        String host = authority(request.uri());
        try {
            HttpResponse<InputStream> answer = client().send(toJdk(request), new Body(host));
            transcript.received(answer);
            return new Response(request.uri(), answer.statusCode(), answer.headers(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Exit.NO_ANSWER, "interrupted", null);
        }
    }

    private HttpRequest toJdk(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri()).timeout(within(limits.firstByte()));
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            builder.header(header.getKey(), header.getValue());
        }
        if (request.form() != null) {
            builder.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(request.form().encoded()));
        }
        return builder.build();
    }

    private HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(within(limits.connect()))
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(tls.context())
                    .build();
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
            throw new Problem(Exit.NO_ANSWER, "not done within --max-time", "raise it");
        }
        return left;
    }

    private Duration within(Duration limit) {
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

    private final class Body implements BodyHandler<InputStream>, BodyStream.Deadline {
        private final String host;

        Body(String host) {
            this.host = host;
        }

        @Override
        public BodySubscriber<InputStream> apply(ResponseInfo info) {
            return new BodyStream(host, this);
        }

        @Override
        public long nanos() {
            return within(limits.stall()).toNanos();
        }
    }
}
