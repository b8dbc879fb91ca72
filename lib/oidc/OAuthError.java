//SOURCES ../base/Exit.java ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java
//SOURCES ../json/Json.java ../json/MalformedJson.java Advice.java Provider.java TokenRequest.java

package lib.oidc;

import java.util.Map;
import lib.base.Exit;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * A token endpoint's refusal (RFC 6749, section 5.2), and what to do about it. Keycloak tells most causes apart only by
 * its {@code error_description}: {@link Advice} has the texts.
 */
final class OAuthError {
    private static final int MOST = 300;

    private OAuthError() {}

    /** Whether nobody answers at this path, so that it may be another one. */
    static boolean meansNoSuchEndpoint(Response response) {
        return response.status() == 404 && !response.text().contains("Realm does not exist");
    }

    /** The problem that {@code response} tells of. */
    static Problem problem(Response response, TokenRequest request) {
        Provider provider = request.provider();
        Map<String, Object> members = members(response);
        String error = members == null ? null : text(members, "error");
        if (error == null) {
            return withoutError(response, provider);
        }
        String description = text(members, "error_description");
        String said = said(error, description);
        if (response.status() >= 500) {
            return new Problem(
                    Exit.SERVER_FAILED,
                    provider.name() + " failed: " + response.status() + " " + said,
                    "look into its log for this minute");
        }
        // Keycloak has a 405 for a slip in the last segment (facts A1).
        if (meansNoSuchEndpoint(response) || response.status() == 405) {
            return noSuchEndpoint(response, said);
        }
        return refusal(error, description, request);
    }

    /** The problem that {@code error} and its description (null for none) tell of. */
    static Problem refusal(String error, String description, TokenRequest request) {
        return new Problem(
                Exit.REFUSED,
                request.provider().name() + " refused " + what(error) + ": " + said(error, description),
                Advice.on(error, description == null ? "" : description, request));
    }

    /** The {@code error} member of {@code response}, or null if it has none. */
    static String code(Response response) {
        Map<String, Object> members = members(response);
        return members == null ? null : text(members, "error");
    }

    private static String said(String error, String description) {
        return Printable.cut(description == null ? error : error + ": " + description, MOST);
    }

    private static Problem withoutError(Response response, Provider provider) {
        String host = Http.authority(response.uri());
        if (response.status() >= 500) {
            return new Problem(
                    Exit.SERVER_FAILED, host + " answered " + response.status(), "look into its log for this minute");
        }
        if (response.status() == 404) {
            return noSuchEndpoint(response, "not found");
        }
        if (response.status() >= 300 && response.status() < 400) {
            return new Problem(
                    Exit.REFUSED,
                    host + " redirects to " + Printable.cut(String.valueOf(response.header("Location")), MOST),
                    "a secret is not sent after a redirect; use the URL it leads to");
        }
        return new Problem(
                Exit.REFUSED,
                provider.name() + " refused the request: " + response.status() + " "
                        + Printable.cut(response.text().strip(), 200),
                "is this the token endpoint of an OpenID provider?");
    }

    private static Problem noSuchEndpoint(Response response, String said) {
        return new Problem(
                Exit.REFUSED,
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
