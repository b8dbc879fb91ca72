//SOURCES ../base/Secret.java ../http/Http.java ClientAuth.java Exchange.java Grant.java Parameter.java PlainGrant.java
//SOURCES Provider.java TokenResponse.java

package lib.oidc;

import java.util.ArrayList;
import java.util.List;
import lib.base.Secret;
import lib.http.Http;

/**
 * A request for a token.
 *
 * @param provider who is asked
 * @param client who asks, and how it proves that
 * @param grant what is given in exchange
 * @param scope the scopes, separated by blanks, or null for the client's defaults
 * @param parameters what is sent along
 */
public record TokenRequest(
        Provider provider, ClientAuth client, Grant grant, String scope, List<Parameter> parameters) {

    /** Sends it; {@link lib.base.Problem} where no token comes back. */
    public TokenResponse send(Http http) {
        return grant.redeem(new Exchange(this, http));
    }

    /** What decides which token comes back, as text that is no secret; {@link #credentials} is the rest of it. */
    public List<String> identity() {
        List<String> identity = new ArrayList<>(provider.identity());
        identity.add(client.method());
        identity.add(client.clientId());
        identity.add(grant.type());
        identity.add(grant.user() == null ? "" : grant.user());
        identity.add(scope == null ? "" : scope);
        for (Parameter parameter : parameters) {
            identity.add(parameter.name());
        }
        return identity;
    }

    /** The secrets that decide which token comes back; the values of parameters may be some. */
    public List<Secret> credentials() {
        List<Secret> credentials = new ArrayList<>(grant.secrets());
        if (client.secret() != null) {
            credentials.add(client.secret());
        }
        for (Parameter parameter : parameters) {
            credentials.add(new Secret(parameter.value()));
        }
        return credentials;
    }

    /**
     * Whether a refresh token that an earlier answer brought comes first: better than to ask a person again, and than
     * to send one that was spent by its first use. What a login's parameters change may not last through a refresh.
     */
    public boolean isRefreshable() {
        return isRefresh() || grant.isPersonal() && parameters.isEmpty();
    }

    /** The request for the same token with a refresh token (RFC 6749, section 6). */
    public TokenRequest refreshing(Secret refreshToken) {
        // A login's scope is in its refresh token; what was asked of a refresh holds for that one answer alone.
        return new TokenRequest(
                provider,
                client,
                PlainGrant.refreshToken(refreshToken),
                isRefresh() ? scope : null,
                isRefresh() ? parameters : List.of());
    }

    private boolean isRefresh() {
        return grant.type().equals(PlainGrant.REFRESH_TOKEN);
    }
}
