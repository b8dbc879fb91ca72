//SOURCES ../base/Secret.java ../http/Http.java TokenCache.java TokenRequest.java TokenResponse.java

package lib.oidc;

import java.util.List;
import lib.base.Secret;
import lib.http.Http;

/**
 * Where one and the same token comes from again and again: the cache, or the provider.
 *
 * @param request what is asked of the provider
 * @param cache where answers are kept, or null to ask each time
 * @param connection what else decides which token comes back: how the server is trusted, and as whom it sees us
 * @param http asks
 */
public record TokenSupply(TokenRequest request, TokenCache cache, List<String> connection, Http http) {

    /** The answer that is kept, or a new one; {@link lib.base.Problem} where there is none. */
    public TokenResponse get() {
        return otherThan(null);
    }

    /** The same, but not with the access token {@code refused}: a server did not accept it. */
    public TokenResponse otherThan(Secret refused) {
        return cache == null ? request.send(http) : cache.get(request, connection, http, refused);
    }
}
