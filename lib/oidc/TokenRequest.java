//SOURCES ../http/Form.java ../http/Http.java ../http/Request.java ../http/Response.java
//SOURCES ClientAuth.java OAuthError.java Provider.java TokenResponse.java

package lib.oidc;

import java.net.URI;
import java.util.List;
import lib.http.Form;
import lib.http.Http;
import lib.http.Response;

/**
 * A request for a token with the client's own credentials (RFC 6749, section 4.4).
 *
 * @param provider who is asked
 * @param client who asks, and how it proves that
 * @param scope the scopes, separated by blanks, or null for the client's defaults
 */
public record TokenRequest(Provider provider, ClientAuth client, String scope) {

    /** Sends it; {@link lib.base.Problem} where no token comes back. */
    public TokenResponse send(Http http) {
        List<URI> endpoints = provider.tokenEndpoints(http);
        Response refused = null;
        for (URI endpoint : endpoints) {
            Response response = http.send(client.post(endpoint, form()).asRepeatable());
            if (response.status() == 200) {
                return TokenResponse.read(response);
            }
            boolean isElsewhere = OAuthError.meansNoSuchEndpoint(response);
            if (refused == null || !isElsewhere) {
                refused = response;
            }
            if (!isElsewhere) {
                break;
            }
        }
        throw OAuthError.problem(refused, provider, client.clientId(), scope);
    }

    private Form form() {
        Form form = new Form().add("grant_type", "client_credentials");
        return scope == null ? form : form.add("scope", scope);
    }
}
