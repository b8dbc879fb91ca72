//SOURCES ../base/Io.java ../base/Problem.java ../base/Sha256.java ../http/Form.java ../http/Request.java
//SOURCES ../http/Response.java Assertion.java Endpoint.java Exchange.java Grant.java OAuthError.java Parameter.java
//SOURCES Place.java RedirectListener.java TokenResponse.java

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
import lib.http.Form;
import lib.http.Request;
import lib.http.Response;

/**
 * A login in a browser on this machine, whose end comes back to a port of ours (RFC 6749, section 4.1; RFC 8252), with
 * PKCE (RFC 7636).
 *
 * @param io to show the URL
 * @param browser opens the URL, where there is a desktop
 * @param patience how long the person may take
 */
public record BrowserGrant(Io io, Browser browser, Duration patience) implements Grant {
    static final String TYPE = "authorization_code";

    /** Opens URLs. */
    public interface Browser {
        /** Opens {@code uri}, if it can. */
        void open(URI uri);
    }

    /** The login for which there are five minutes. */
    public static BrowserGrant with(Io io, Browser browser) {
        return new BrowserGrant(io, browser, Duration.ofMinutes(5));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean isPersonal() {
        return true;
    }

    @Override
    public TokenResponse redeem(Exchange exchange) {
        String verifier = random();
        String state = random();
        try (RedirectListener listener = RedirectListener.start(state, io)) {
            Form query = new Form()
                    .add("response_type", "code")
                    .add("client_id", exchange.request().client().clientId())
                    .add("redirect_uri", listener.redirectUri().toString())
                    .add("state", state)
                    .add("code_challenge", challenge(verifier))
                    .add("code_challenge_method", "S256");
            for (Parameter parameter : exchange.withScope(exchange.request().parameters())) {
                query.add(parameter.name(), parameter.value());
            }
            Place place = tried(exchange, query, listener);
            URI login = uri(place, query);
            io.messages().instruction("to log in, open " + login + " in a browser on this machine");
            browser.open(listener.leadTo(login));
            Duration limit = exchange.within(patience);
            Map<String, String> answer =
                    listener.await(place.issuer(), exchange.request().provider().isNamedInAnswers(), limit);
            if (answer == null) {
                throw Problem.noAnswer(
                        "nobody logged in within "
                                + (limit.equals(patience) ? patience.toMinutes() + " minutes" : "--max-time"),
                        "run it again; where the browser is on another machine, use --grant device_code");
            }
            if (answer.containsKey("error")) {
                throw refusal(answer, exchange);
            }
            return exchange.token(List.of(
                    new Parameter("code", answer.get("code")),
                    new Parameter("redirect_uri", listener.redirectUri().toString()),
                    new Parameter("code_verifier", verifier)));
        }
    }

    /**
     * Where the login begins. It is tried here first, since a provider that refuses the redirect URI tells nobody but
     * the person in the browser (RFC 6749, section 4.1.2.1), and we would wait in vain.
     */
    private static Place tried(Exchange exchange, Form query, RedirectListener listener) {
        Place[] place = new Place[1];
        try (Response response = exchange.send(Endpoint.AUTHORIZATION, candidate -> {
            place[0] = candidate;
            return Request.get(uri(candidate, query))
                    .with("Accept", "text/html")
                    .with("Accept-Language", "en");
        })) {
            String location = response.header("Location");
            String back = listener.redirectUri() + "?";
            if (location != null && location.startsWith(back)) {
                // Not read as a URI: some servers leave characters in a description that no URI may have.
                int fragment = location.indexOf('#');
                Map<String, String> answer = RedirectListener.parameters(
                        location.substring(back.length(), fragment < 0 ? location.length() : fragment));
                if (answer != null && !answer.getOrDefault("error", "").isEmpty()) {
                    throw refusal(answer, exchange);
                }
            } else if (response.status() == 400 || response.status() == 404 || response.status() >= 500) {
                throw page(response, exchange, listener);
            }
        }
        return place[0];
    }

    private static Problem page(Response response, Exchange exchange, RedirectListener listener) {
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
                        name + " refused to begin a login",
                        "open the URL that -v shows in a browser to see why; check --client-id and --scope")
                : exchange.refusal(response);
    }

    private static Problem refusal(Map<String, String> answer, Exchange exchange) {
        return OAuthError.refusal(answer.get("error"), answer.get("error_description"), exchange.request());
    }

    private static URI uri(Place place, Form query) {
        String separator = place.uri().getRawQuery() == null ? "?" : "&";
        return URI.create(place.uri() + separator + query.encoded());
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Assertion.encoded(bytes);
    }

    private static String challenge(String verifier) {
        return Assertion.encoded(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII)));
    }
}
