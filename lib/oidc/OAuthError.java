//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Form.java ../http/Http.java
//SOURCES ../http/Redacted.java ../http/Response.java ../json/Json.java ../json/MalformedJson.java Advice.java
//SOURCES Provider.java TokenRequest.java

package lib.oidc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Form;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * A token endpoint's refusal (RFC 6749, section 5.2), and what to do about it. Keycloak tells most causes apart only by
 * its {@code error_description}: {@link Advice} has the texts.
 */
final class OAuthError {
    private static final int MOST = 300;

    /** Shorter texts stand in too many sentences by chance. */
    private static final int LEAST_SECRET = 8;

    private OAuthError() {}

    /** Whether nobody answers at this path, so that it may be another one. */
    static boolean meansNoSuchEndpoint(Response response) {
        return response.status() == 404 && !response.text().contains("Realm does not exist");
    }

    /**
     * The problem that {@code response} tells of.
     *
     * @param sent what was sent beside the request's own credentials and is as secret
     */
    static Problem problem(Response response, TokenRequest request, List<Secret> sent) {
        Provider provider = request.provider();
        Map<String, Object> members = members(response);
        String error = members == null ? null : text(members, "error");
        if (error == null) {
            return withoutError(response, request, sent);
        }
        String description = text(members, "error_description");
        String said = said(error, description, request, sent);
        if (response.status() >= 500) {
            return Problem.serverFailed(
                    provider.name() + " failed: " + response.status() + " " + said,
                    "look into its log for this minute");
        }
        // Keycloak has a 405 for a slip in the last segment (facts A1).
        if (meansNoSuchEndpoint(response) || response.status() == 405) {
            return noSuchEndpoint(response, said);
        }
        return refusal(error, description, request, said);
    }

    /** The problem that {@code error} and its description (null for none) tell of. */
    static Problem refusal(String error, String description, TokenRequest request) {
        return refusal(error, description, request, said(error, description, request, List.of()));
    }

    private static Problem refusal(String error, String description, TokenRequest request, String said) {
        return Problem.refused(
                request.provider().name() + " refused " + what(error) + ": " + said,
                Advice.on(error, description == null ? "" : description, request));
    }

    /** The {@code error} member of {@code response}, or null if it has none. */
    static String code(Response response) {
        Map<String, Object> members = members(response);
        return members == null ? null : text(members, "error");
    }

    private static String said(String error, String description, TokenRequest request, List<Secret> sent) {
        return Printable.cut(redacted(description == null ? error : error + ": " + description, request, sent), MOST);
    }

    /** {@code text} without the secrets that were sent: some servers repeat a request that they do not understand. */
    private static String redacted(String text, TokenRequest request, List<Secret> sent) {
        List<String> secrets = new ArrayList<>();
        add(request.credentials(), secrets);
        add(sent, secrets);
        // The longest first: one may be a part of another.
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "[redacted]");
        }
        return clean;
    }

    private static void add(List<Secret> found, List<String> secrets) {
        for (Secret secret : found) {
            String text = secret.reveal();
            if (text.length() >= LEAST_SECRET) {
                secrets.add(text);
                secrets.add(Form.encode(text));
            }
        }
    }

    private static Problem withoutError(Response response, TokenRequest request, List<Secret> sent) {
        String host = Http.authority(response.uri());
        if (response.status() >= 500) {
            return Problem.serverFailed(host + " answered " + response.status(), "look into its log for this minute");
        }
        if (response.status() == 404) {
            return noSuchEndpoint(response, "not found");
        }
        if (response.status() >= 300 && response.status() < 400) {
            String target = redacted(Redacted.url(response.header("Location")), request, sent);
            return Problem.refused(
                    host + " redirects to " + Printable.cut(target, MOST),
                    "a secret is not sent after a redirect; use the URL it leads to");
        }
        return Problem.refused(
                request.provider().name() + " refused the request: " + response.status() + " "
                        + Printable.cut(redacted(response.text().strip(), request, sent), 200),
                "is this the token endpoint of an OpenID provider?");
    }

    private static Problem noSuchEndpoint(Response response, String said) {
        return Problem.refused(
                Http.authority(response.uri()) + " has no token endpoint at "
                        + response.uri().getPath() + ": " + Printable.cut(said, MOST),
                "check the URL: --keycloak is what comes before /realms; --token-endpoint takes the whole");
    }

    private static String what(String error) {
        return switch (error) {
            case "invalid_client", "unauthorized_client" -> "the client";
            case "invalid_scope" -> "the scope";
            case "invalid_grant" -> "the grant";
            default -> "the request";
        };
    }

    private static Map<String, Object> members(Response response) {
        try {
            return Json.asObject(Json.parse(response.text()));
        } catch (MalformedJson noJson) {
            return null;
        }
    }

    private static String text(Map<String, Object> members, String name) {
        return members.get(name) instanceof String text ? text : null;
    }
}
