//SOURCES ../../lib/sandbox/Certificates.java ../../lib/sandbox/WebRequest.java ../../lib/sandbox/WebResponse.java
//SOURCES ../../lib/sandbox/WebServer.java ../../scripts/sandbox.java

import module java.base;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import lib.sandbox.Certificates;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;
import lib.sandbox.WebServer;

/** Stands in front of a Keycloak: passes requests on, remembers them, and gets in the way where a test wants it. */
final class Forwarder implements AutoCloseable {
    private static final List<String> HEADERS = List.of("Authorization", "Content-Type", "Accept");

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI target;
    private final WebServer web =
            new WebServer(this::pass, Certificates.loopback().context(), null);
    private Runnable before = () -> {};
    private Predicate<WebRequest> chosen = request -> false;
    private Loss loss = Loss.OF_THE_ANSWER;
    private int left = -1;

    /** What goes wrong with a request. */
    enum Loss {
        /** It does not come through. */
        OF_THE_REQUEST,
        /** It is done, but nobody hears of it; a GET does nothing, which makes this the same for it as the other. */
        OF_THE_ANSWER
    }

    Forwarder(String target) {
        this.target = URI.create(target);
    }

    /** The base URL in place of the Keycloak's. */
    String url() {
        return web.http();
    }

    /** What has come, as {@code GET /path}, without queries. */
    List<String> requests() {
        List<String> requests = new ArrayList<>();
        for (WebRequest request : web.requests()) {
            requests.add(request.toString());
        }
        return requests;
    }

    /** Loses one request, the one after {@code others} that can be lost so; forgets what has come. */
    synchronized void lose(Loss what, int others) {
        web.forgetRequests();
        loss = what;
        left = others;
    }

    /** Whether the request that was to be lost has come; none is lost from here on. */
    synchronized boolean hasLost() {
        boolean has = left < 0;
        left = -1;
        return has;
    }

    /** Does {@code action} before a request that is {@code wanted} is passed on; forgets what has come. */
    synchronized void before(Predicate<WebRequest> wanted, Runnable action) {
        web.forgetRequests();
        chosen = wanted;
        before = action;
    }

    private synchronized Runnable actionFor(WebRequest request) {
        return chosen.test(request) ? before : () -> {};
    }

    private synchronized boolean isToBeLost(WebRequest request) {
        boolean counts = loss == Loss.OF_THE_REQUEST || !request.method().equals("GET");
        return counts && left >= 0 && left-- == 0;
    }

    private WebResponse pass(WebRequest request) throws IOException {
        actionFor(request).run();
        boolean isLost = isToBeLost(request);
        if (isLost && loss == Loss.OF_THE_REQUEST) {
            return WebResponse.empty(500);
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(target.resolve(request.target()))
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
        for (String name : HEADERS) {
            if (request.header(name) != null) {
                builder.header(name, request.header(name));
            }
        }
        try {
            HttpResponse<byte[]> answer = client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (isLost) {
                return WebResponse.empty(500);
            }
            WebResponse response = WebResponse.empty(answer.statusCode());
            String type = answer.headers().firstValue("Content-Type").orElse(null);
            return type == null
                    ? response
                    : new WebResponse(
                            answer.statusCode(),
                            response.with("Content-Type", type).headers(),
                            out -> out.write(answer.body()),
                            answer.body().length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
