//SOURCES ../base/Exit.java ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java
//SOURCES ../json/Json.java ../json/MalformedJson.java Provider.java

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
 * its {@code error_description}; the texts are those of facts A6.
 */
final class OAuthError {
    private static final int MOST = 300;

    private OAuthError() {}

    /** Whether nobody answers at this path, so that it may be another one. */
    static boolean meansNoSuchEndpoint(Response response) {
        return response.status() == 404 && !response.text().contains("Realm does not exist");
    }

    /** The problem that {@code response} tells of. */
    static Problem problem(Response response, Provider provider, String clientId, String scope) {
        Map<String, Object> members = members(response);
        String error = members == null ? null : text(members, "error");
        if (error == null) {
            return withoutError(response, provider);
        }
        String description = text(members, "error_description");
        String said = Printable.cut(description == null ? error : error + ": " + description, MOST);
        if (response.status() >= 500) {
            return new Problem(
                    Exit.SERVER_FAILED,
                    provider.name() + " failed: " + response.status() + " " + said,
                    "look into its log for this minute");
        }
        if (meansNoSuchEndpoint(response)) {
            return noSuchEndpoint(response, said);
        }
        return new Problem(
                Exit.REFUSED,
                provider.name() + " refused " + what(error) + ": " + said,
                hint(error, description == null ? "" : description, provider, clientId, scope));
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

    private static String hint(String error, String description, Provider provider, String client, String scope) {
        if (error.equals("Realm does not exist")) {
            return "is realm " + provider.realm() + " spelt as in Keycloak, upper and lower case? see --realm";
        }
        if (description.equals("Client not enabled to retrieve service account")) {
            return "turn on Clients > " + client + " > Settings > Service accounts roles";
        }
        if (description.startsWith("Public client not allowed")) {
            return "turn on Clients > " + client + " > Settings > Client authentication, and Service accounts roles";
        }
        if (description.startsWith("Bearer-only")) {
            return client + " only accepts tokens; choose or make another client";
        }
        if (description.equals("HTTPS required")) {
            return "use https in --keycloak; the realm wants it (Realm settings > General > Require SSL)";
        }
        if (description.equals("Realm not enabled")) {
            return "turn on the realm: Realm settings > Enabled";
        }
        if (description.startsWith("Client not allowed for direct access grants")) {
            return "turn on Clients > " + client + " > Settings > Direct access grants";
        }
        return switch (error) {
            case "unauthorized_client" ->
                "wrong secret for client " + client + "; copy it again from Clients > " + client + " > Credentials";
            case "invalid_client" ->
                "is client " + client + " spelt as in Keycloak, upper and lower case, and enabled?" + " see Clients";
            case "invalid_scope" ->
                "leave out --scope, or add " + scope + " in Clients > " + client + " > Client scopes";
            case "unsupported_grant_type" -> "this provider does not know the client_credentials grant";
            default -> "look into the provider's log for this minute";
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
