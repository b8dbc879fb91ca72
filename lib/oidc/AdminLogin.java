//SOURCES ../base/Exit.java ../base/Problem.java ../base/Secret.java ../http/Http.java ClientAuth.java Grant.java
//SOURCES Provider.java TokenRequest.java

package lib.oidc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;

/**
 * An administrator of a Keycloak, who logs in when a token is needed, and again when it has expired: those of the realm
 * {@code master} live for a minute (facts A10).
 */
public final class AdminLogin {
    private final String name;
    private final URI keycloak;
    private final List<String> realms;
    private final ClientAuth client;
    private final Grant grant;
    private String realm;
    private Secret token;

    /**
     * @param name what the administrator is called in a sentence: {@code root}, or {@code client boss}
     * @param keycloak the base URL
     * @param realms where the administrator may be known, the likeliest first
     * @param client the client that asks for the token
     * @param grant what is given for it
     */
    public AdminLogin(String name, URI keycloak, List<String> realms, ClientAuth client, Grant grant) {
        this.name = name;
        this.keycloak = keycloak;
        this.realms = realms;
        this.client = client;
        this.grant = grant;
    }

    /** What the administrator is called in a sentence. */
    String name() {
        return name;
    }

    /** The realm that let the administrator in. */
    String realm() {
        return realm;
    }

    /** The token of the last login; the first call logs in. */
    Secret token(Http http) {
        return token == null ? renew(http) : token;
    }

    /** A new token, by another login. */
    Secret renew(Http http) {
        if (realm != null) {
            token = login(realm, http);
            return token;
        }
        List<Problem> refusals = new ArrayList<>();
        for (String candidate : realms) {
            try {
                token = login(candidate, http);
                realm = candidate;
                return token;
            } catch (Problem problem) {
                if (problem.exit() != Exit.REFUSED) {
                    throw problem;
                }
                refusals.add(problem);
            }
        }
        throw refused(refusals);
    }

    private Problem refused(List<Problem> refusals) {
        Problem first = refusals.getFirst();
        String reason = first.getMessage();
        if (!refusals.getLast().getMessage().equals(reason)) {
            reason += "; " + refusals.getLast().getMessage();
        }
        String hint = first.hint();
        // The advice for users would name options and clients that are not for administrators.
        if (first.getMessage().endsWith("Invalid user credentials")) {
            hint = "check the name and the password; who needs a one-time code cannot log in here, but a client can "
                    + "(--admin-client-id)";
        } else if (client.method().equals(ClientAuth.NONE) && first.getMessage().contains("refused the client")) {
            hint = "administrators log in through client " + client.clientId() + ", which every realm of a Keycloak has"
                    + " and must be enabled (Clients); the kit's sandbox has none, since nobody administers it";
        }
        return Problem.refused(
                name + " cannot log in to realm " + String.join(" nor to ", realms) + ": " + reason,
                hint + "; --admin-realm names another realm");
    }

    private Secret login(String candidate, Http http) {
        Provider provider = Provider.keycloak(keycloak, candidate);
        return new TokenRequest(provider, client, grant, null, List.of())
                .send(http)
                .accessToken();
    }
}
