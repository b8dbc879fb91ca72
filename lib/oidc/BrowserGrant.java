//SOURCES ../base/Io.java ../base/Problem.java ../base/Sha256.java ../http/Request.java ../http/Response.java
//SOURCES ClientAuth.java Grant.java OAuthError.java Provider.java RedirectListener.java TokenRequest.java
//SOURCES TokenResponse.java

package lib.oidc;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import lib.base.Io;
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
public record BrowserGrant(Io io, Browser browser, Duration limit) implements Grant {
    /** Opens URLs. */
    public interface Browser {
        /** Opens {@code uri}, if it can. */
        void open(URI uri);
    }

    /** The login that may take five minutes. */
    public static BrowserGrant with(Io io, Browser browser) {
        return new BrowserGrant(io, browser, Duration.ofMinutes(5));
    }

    @Override
    public String type() {
        return "authorization_code";
    }

    @Override
    public TokenResponse redeem(TokenRequest.Exchange exchange) {
        TokenRequest request = exchange.request();
        String verifier = random();
        String state = random();
        try (RedirectListener listener = RedirectListener.start(state, io)) {
            Form query = new Form()
                    .add("response_type", "code")
                    .add("client_id", request.client().clientId())
                    .add("redirect_uri", listener.redirectUri().toString())
                    .add("state", state)
                    .add("code_challenge", challenge(verifier))
                    .add("code_challenge_method", "S256");
            for (TokenRequest.Parameter parameter : exchange.withScope(request.parameters())) {
                query.add(parameter.name(), parameter.value());
            }
            URI login = tried(exchange, query, listener);
            URI local = listener.leadTo(
                    login, request.provider().issuer(login), request.provider().isNamedInAnswers());
            io.messages().instruction("to log in, open " + login + " in a browser on this machine");
            browser.open(local);
            Duration left = exchange.within(limit);
            Map<String, String> answer = listener.await(left);
            if (answer == null) {
                throw Problem.noAnswer(
                        "nobody logged in within "
                                + (left.equals(limit) ? limit.toMinutes() + " minutes" : "--max-time"),
                        "run it again; if the browser is on another machine, use --grant device_code");
            }
            if (answer.containsKey("error")) {
                throw refusal(answer, exchange);
            }
            return exchange.token(List.of(
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
    private static URI tried(TokenRequest.Exchange exchange, Form query, RedirectListener listener) {
        Provider.RequestMaker page = url -> {
            URI login = URI.create(url + (url.getRawQuery() == null ? "?" : "&") + query.encoded());
            return Request.get(login).with("Accept", "text/html").with("Accept-Language", "en");
        };
        try (Response response = exchange.send(Provider.Endpoint.AUTHORIZATION, page)) {
            String location = response.header("Location");
            String back = listener.redirectUri() + "?";
            if (location != null && location.startsWith(back)) {
                // Not parsed as a URI: some servers put characters into a description that are not allowed in one.
                int fragment = location.indexOf('#');
                Map<String, String> answer = RedirectListener.parameters(
                        location.substring(back.length(), fragment < 0 ? location.length() : fragment));
                if (answer != null && !answer.getOrDefault("error", "").isEmpty()) {
                    throw refusal(answer, exchange);
                }
            } else if (response.status() == 400 || response.status() == 404 || response.status() >= 500) {
                throw page(response, exchange, listener);
            }
            return response.uri();
        }
    }

    private static Problem page(Response response, TokenRequest.Exchange exchange, RedirectListener listener) {
        String client = exchange.request().client().clientId();
        String name = exchange.request().provider().name();
        String text = response.status() == 400 ? response.text() : "";
        if (text.contains("redirect_uri")) {
            return Problem.refused(
                    name + " refused the redirect URI " + listener.redirectUri(),
                    "register " + RedirectListener.REGISTERED + " in Clients > " + client
                            + " > Settings > Valid redirect URIs; the port may differ each time (RFC 8252)");
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
                : exchange.refusal(response);
    }

    private static Problem refusal(Map<String, String> answer, TokenRequest.Exchange exchange) {
        return new OAuthError(answer.get("error"), answer.get("error_description")).refusal(exchange.request());
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return ClientAuth.base64Url(bytes);
    }

    private static String challenge(String verifier) {
        return ClientAuth.base64Url(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII)));
    }
}
