//SOURCES ../base/Exit.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Response.java
//SOURCES ClientAuth.java Grant.java OAuthError.java Provider.java TokenRequest.java TokenResponse.java

package lib.oidc;

import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Response;

/**
 * An administrator of a Keycloak, who logs in when a token is needed, and again when it has expired: the tokens of the
 * realm {@code master} live for a minute (facts A10).
 */
public final class AdminLogin {
    /** The client that every realm of a Keycloak has for Keycloak's own command line (facts A10). */
    private static final String ADMIN_CLI = "admin-cli";

    private final String name;
    private final URI keycloak;
    private final List<String> realms;
    private final ClientAuth client;
    private final Grant.Plain grant;
    private String realm;
    private Secret token;

    private AdminLogin(String name, URI keycloak, List<String> realms, ClientAuth client, Grant.Plain grant) {
        this.name = name;
        this.keycloak = keycloak;
        this.realms = realms;
        this.client = client;
        this.grant = grant;
    }

    /**
     * A user as administrator.
     *
     * @param keycloak the base URL
     * @param realms the realms to log in to, the most likely first
     */
    public static AdminLogin ofUser(
            String user, Secret password, URI keycloak, List<String> realms, InstantSource clock) {
        ClientAuth client = new ClientAuth(ClientAuth.NONE, ADMIN_CLI, null, clock);
        Grant.Plain grant = new Grant.Plain(Grant.Password.TYPE, user, Grant.Password.parameters(user, password));
        return new AdminLogin(user, keycloak, realms, client, grant);
    }

    /** The service account of a client as administrator; see {@link #ofUser}. */
    public static AdminLogin ofClient(
            String clientId, Secret secret, URI keycloak, List<String> realms, InstantSource clock) {
        ClientAuth client = new ClientAuth(ClientAuth.POST, clientId, secret, clock);
        return new AdminLogin("client " + clientId, keycloak, realms, client, Grant.clientCredentials());
    }

    /** What to call the administrator in a sentence: {@code root}, or {@code client boss}. */
    String name() {
        return name;
    }

    /** The realm that the administrator is logged in to. */
    String realm() {
        return realm;
    }

    /** The token of the last login; the first call logs in. */
    Secret token(Http http) {
        return token == null ? renew(http) : token;
    }

    /** A new token, by another login. */
    Secret renew(Http http) {
        List<String> candidates = realm == null ? realms : List.of(realm);
        List<Refusal> refusals = new ArrayList<>();
        for (String candidate : candidates) {
            TokenRequest request =
                    new TokenRequest(Provider.keycloak(keycloak, candidate), client, grant, null, List.of());
            TokenRequest.Exchange exchange = new TokenRequest.Exchange(request, http);
            Response response = exchange.post(Provider.Endpoint.TOKEN, grant.parameters());
            if (response.status() == 200) {
                token = TokenResponse.read(response).accessToken();
                realm = candidate;
                return token;
            }
            Problem problem = exchange.refusal(response);
            if (problem.exit() != Exit.REFUSED) {
                throw problem;
            }
            refusals.add(new Refusal(OAuthError.of(response), problem));
        }
        throw refused(candidates, refusals);
    }

    private record Refusal(OAuthError error, Problem problem) {}

    private Problem refused(List<String> tried, List<Refusal> refusals) {
        Refusal first = refusals.getFirst();
        String reason = first.problem.getMessage();
        String last = refusals.getLast().problem.getMessage();
        return Problem.refused(
                name + " cannot log in to realm " + String.join(" nor to ", tried) + ": " + reason
                        + (last.equals(reason) ? "" : "; " + last),
                hint(first) + "; --admin-realm names another realm");
    }

    /** What to do; advice for users would name options and clients that an administrator does not use. */
    private String hint(Refusal refusal) {
        if (refusal.error.isWrongPassword()) {
            return "check the name and the password; a user who needs a one-time code cannot log in here, but a client"
                    + " can (--admin-client-id)";
        }
        return client.method().equals(ClientAuth.NONE) && refusal.error.isAboutClient()
                ? "administrators log in through client " + client.clientId() + ", which every realm of a Keycloak has"
                        + " and must be enabled (Clients); the kit's sandbox has none, because it has no Admin API"
                : refusal.problem.hint();
    }
}
