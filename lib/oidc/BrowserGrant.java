//SOURCES ../base/Awaited.java ../base/Io.java ../base/Printable.java ../base/Problem.java ../base/Sha256.java
//SOURCES ../http/Request.java ../http/Response.java ClientAuth.java Grant.java OAuthError.java Provider.java
//SOURCES TokenRequest.java TokenResponse.java

package lib.oidc;

import module java.base;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import lib.base.Awaited;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Sha256;
import lib.http.Request;
import lib.http.Request.Form;
import lib.http.Response;

/**
 * A login in a browser on this machine, which ends with a request to a local port of ours (RFC 6749, section 4.1; RFC
 * 8252), with PKCE (RFC 7636).
 *
 * @param io to show the URL
 * @param browser opens the URL if there is a desktop
 * @param limit how long the person may take
 */
public record BrowserGrant(Io io, Consumer<URI> browser, Duration limit) implements Grant {
    /** The login that may take five minutes. */
    public static BrowserGrant with(Io io, Consumer<URI> browser) {
        return new BrowserGrant(io, browser, Duration.ofMinutes(5));
    }

    @Override
    public String type() {
        return "authorization_code";
    }

    @Override
    public TokenResponse redeem(TokenRequest request) {
        String verifier = random();
        String state = random();
        try (RedirectListener listener = RedirectListener.start(state, io)) {
            Form query = new Form()
                    .add("response_type", "code")
                    .add("client_id", request.client().clientId())
                    .add("redirect_uri", listener.redirectUri().toString())
                    .add("state", state)
                    .add(
                            "code_challenge",
                            ClientAuth.base64Url(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII))))
                    .add("code_challenge_method", "S256");
            for (TokenRequest.Parameter parameter : request.withScope(request.parameters())) {
                query.add(parameter.name(), parameter.value());
            }
            URI login = tried(request, query, listener);
            URI local = listener.leadTo(
                    login, request.provider().issuer(login), request.provider().isNamedInAnswers());
            io.messages().instruction("to log in, open " + login + " in a browser on this machine");
            browser.accept(local);
            Duration left = request.http().within(limit);
            Map<String, String> answer = listener.await(left);
            if (answer == null) {
                throw Problem.noAnswer(
                        "nobody logged in within "
                                + (left.equals(limit) ? limit.toMinutes() + " minutes" : "--max-time"),
                        "run it again; if the browser is on another machine, use --grant device_code");
            }
            if (answer == RedirectListener.OPENED_TWICE) {
                throw Problem.noAnswer(
                        "the link that starts this login was opened twice: another program may have been the first",
                        "run it again, and see with ps who else is on this machine if that happens again");
            }
            if (answer.containsKey("error")) {
                throw refusal(answer, request);
            }
            return request.token(List.of(
                    new TokenRequest.Parameter("code", answer.get("code")),
                    new TokenRequest.Parameter(
                            "redirect_uri", listener.redirectUri().toString()),
                    new TokenRequest.Parameter("code_verifier", verifier)));
        }
    }

    /**
     * The URL at which the login begins. It is requested here first: a provider that refuses the redirect URI tells
     * only the person in the browser (RFC 6749, section 4.1.2.1), and we would wait for nothing.
     */
    private static URI tried(TokenRequest request, Form query, RedirectListener listener) {
        Function<URI, Request> page = url -> {
            URI login = URI.create(url + (url.getRawQuery() == null ? "?" : "&") + query.encoded());
            return Request.get(login).with("Accept", "text/html").with("Accept-Language", "en");
        };
        try (Response response = request.send(Provider.Endpoint.AUTHORIZATION, page)) {
            String location = response.header("Location");
            String back = listener.redirectUri() + "?";
            if (location != null && location.startsWith(back)) {
                // Not parsed as a URI: some servers put characters into a description that are not allowed in one.
                int fragment = location.indexOf('#');
                Map<String, String> answer = RedirectListener.parameters(
                        location.substring(back.length(), fragment < 0 ? location.length() : fragment));
                if (answer != null && !answer.getOrDefault("error", "").isEmpty()) {
                    throw refusal(answer, request);
                }
            } else if (response.status() == 400 || response.status() == 404 || response.status() >= 500) {
                throw page(response, request, listener);
            }
            return response.uri();
        }
    }

    private static Problem page(Response response, TokenRequest request, RedirectListener listener) {
        String client = request.client().clientId();
        String name = request.provider().name();
        String text = response.status() == 400 ? response.text() : "";
        if (text.contains("redirect_uri")) {
            return Problem.refused(
                    name + " refused the redirect URI " + listener.redirectUri(),
                    "register " + RedirectListener.REGISTERED
                            + (request.provider().isKeycloak()
                                    ? " in Clients > " + client + " > Settings > Valid redirect URIs"
                                    : " for client " + client)
                            + "; the port may differ each time (RFC 8252)");
        }
        if (text.contains("Client not found") || text.contains("Client disabled")) {
            return Problem.refused(
                    name + " refused the client: it is unknown or disabled",
                    "is client " + client + " spelt as in Keycloak, upper and lower case, and enabled? see Clients");
        }
        return response.status() == 400
                ? Problem.refused(
                        name + " refused to start a login",
                        "open the URL that -v shows in a browser to see why; check --client-id and --scope")
                : OAuthError.problem(response, request);
    }

    private static Problem refusal(Map<String, String> answer, TokenRequest request) {
        return new OAuthError(answer.get("error"), answer.get("error_description")).refusal(request);
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return ClientAuth.base64Url(bytes);
    }

    /**
     * Waits on a random port of 127.0.0.1 for the one request that ends a login (RFC 8252, section 7.3). Requests of
     * other pages or programs are refused and change nothing.
     */
    static final class RedirectListener implements AutoCloseable {
        private static final String PATH = "/callback";
        private static final String START = "/start/";

        /** The end of a login whose local link somebody else has seen, and so perhaps its state. */
        static final Map<String, String> OPENED_TWICE = Map.of();

        /** The redirect URI to register at the provider; the port may differ (RFC 8252, section 7.3). */
        static final String REGISTERED = "http://127.0.0.1" + PATH;

        private final HttpServer server;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final String authority;
        private final String state;
        private final Io io;
        private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
        private String start;
        private URI login;
        private String issuer;
        private boolean isNamed;
        private boolean isStarted;

        private RedirectListener(HttpServer server, String state, Io io) {
            this.server = server;
            this.state = state;
            this.io = io;
            this.authority = "127.0.0.1:" + server.getAddress().getPort();
        }

        /** Starts to listen for the login with this {@code state}. */
        static RedirectListener start(String state, Io io) {
            try {
                // The name localhost could mean another machine; the address cannot (RFC 8252, section 8.3).
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
                RedirectListener listener = new RedirectListener(server, state, io);
                // One thread per request: a client that connects and stays silent must not block the browser.
                server.setExecutor(listener.threads);
                server.createContext("/", listener::handle);
                server.start();
                return listener;
            } catch (IOException e) {
                throw Problem.failed("cannot listen on 127.0.0.1: " + e.getMessage(), null);
            }
        }

        /** Where the provider sends the browser. */
        URI redirectUri() {
            return URI.create("http://" + authority + PATH);
        }

        /**
         * A local URL that redirects to {@code page} once: command lines are public, and the URL of the login has
         * secrets. From now on the end of the login is waited for.
         *
         * @param expected the issuer at which the login begins
         * @param isNamedAlways whether that issuer names itself in every response (RFC 9207, section 2.4)
         */
        synchronized URI leadTo(URI page, String expected, boolean isNamedAlways) {
            start = START + UUID.randomUUID();
            login = page;
            issuer = expected;
            isNamed = isNamedAlways;
            return URI.create("http://" + authority + start);
        }

        /** The parameters at the end of the login, {@code code} or {@code error}; null if it did not end in time. */
        Map<String, String> await(Duration limit) {
            return Awaited.of(answer.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS));
        }

        /** The parameters in {@code query}; null if one is repeated or malformed. */
        static Map<String, String> parameters(String query) {
            Map<String, String> parameters = new HashMap<>();
            try {
                for (String pair : query == null ? new String[0] : query.split("&")) {
                    int equals = pair.indexOf('=');
                    String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                    if (parameters.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
                        return null;
                    }
                }
                return parameters;
            } catch (IllegalArgumentException broken) {
                return null;
            }
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        private synchronized void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                // Another Host means DNS rebinding: a page of another site whose name leads to this machine.
                if (!authority.equals(exchange.getRequestHeaders().getFirst("Host"))) {
                    answer(exchange, 421, "This is not the address of a login.");
                } else if (!exchange.getRequestMethod().equals("GET")) {
                    answer(exchange, 405, "A login ends with a GET.");
                } else if (exchange.getRequestURI().getPath().startsWith(START)) {
                    lead(exchange);
                } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
                    answer(exchange, 404, "There is nothing here.");
                } else {
                    receive(exchange);
                }
            }
        }

        private void lead(HttpExchange exchange) throws IOException {
            if (!exchange.getRequestURI().getPath().equals(start)) {
                answer(exchange, 404, "There is nothing here.");
            } else if (!isStarted) {
                isStarted = true;
                exchange.getResponseHeaders().set("Location", login.toString());
                answer(exchange, 302, "The login goes on at the provider.");
            } else if (answer.isDone()) {
                answer(exchange, 410, "This login has ended already.");
            } else {
                String sentence = "This link was used before, perhaps by another program: this login ends.";
                end(exchange, 410, sentence, OPENED_TWICE);
            }
        }

        private void receive(HttpExchange exchange) throws IOException {
            Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
            if (parameters == null || issuer == null || !isOurs(parameters.get("state"))) {
                answer(exchange, 403, "This login did not start here.");
            } else if (!issuer.equals(parameters.getOrDefault("iss", isNamed ? "" : issuer))) {
                String other = Printable.cut(parameters.getOrDefault("iss", "an unnamed provider"), 200);
                io.messages()
                        .warning("a login came back from " + other + ", and " + issuer
                                + " was asked; if they are the same provider, give its own name as --issuer");
                answer(exchange, 403, "This login comes from another provider than the one it started at.");
            } else if (parameters.containsKey("code") == parameters.containsKey("error")
                    || parameters.getOrDefault("code", parameters.get("error")).isEmpty()) {
                answer(exchange, 400, "The provider sent neither a code nor an error, or both.");
            } else if (answer.isDone()) {
                answer(exchange, 410, "This login has ended already.");
            } else {
                String sentence = parameters.containsKey("code")
                        ? "You are logged in. You can close this window and go back to the terminal."
                        : "The login did not succeed. The terminal says why.";
                end(exchange, 200, sentence, parameters);
            }
        }

        /** Ends the wait with {@code parameters}, even where the browser no longer reads the answer. */
        private void end(HttpExchange exchange, int status, String sentence, Map<String, String> parameters)
                throws IOException {
            try {
                answer(exchange, status, sentence);
            } finally {
                answer.complete(parameters);
            }
        }

        private boolean isOurs(String given) {
            return given != null
                    && MessageDigest.isEqual(
                            state.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        }

        /** Answers with a page that repeats nothing of the request. */
        private static void answer(HttpExchange exchange, int status, String sentence) throws IOException {
            byte[] page = ("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Login</title><p>" + sentence
                            + "</p></html>\n")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(status, page.length);
            exchange.getResponseBody().write(page);
            exchange.getResponseBody().close();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
