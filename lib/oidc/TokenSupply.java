//SOURCES ../base/Exit.java ../base/Problem.java ../base/Secret.java ../http/Http.java TokenCache.java TokenRequest.java
//SOURCES TokenResponse.java

package lib.oidc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Problem;
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
    private static final String REFRESH_TOKEN = "refresh_token";
    private static final String REFRESH_EXPIRES_IN = "refresh_expires_in";

    /** The answer that is kept, or a new one; {@link Problem} where there is none. */
    public TokenResponse get() {
        return otherThan(null);
    }

    /**
     * The same, but not with the access token of {@code refused}, which a server did not accept or which runs out; its
     * refresh token spares a person another login.
     */
    public TokenResponse otherThan(TokenResponse refused) {
        return cache == null ? renewed(refused) : cache.get(this, refused);
    }

    /** A new answer of the provider; {@code last}, or null, is the one before. */
    TokenResponse renewed(TokenResponse last) {
        TokenResponse refreshed = last == null ? null : refreshed(last);
        return refreshed == null ? request.send(http) : refreshed;
    }

    /** The answer to the refresh token of {@code last}, or null where there is none or it is refused. */
    private TokenResponse refreshed(TokenResponse last) {
        if (!request.isRefreshable() || !(last.members().get(REFRESH_TOKEN) instanceof String token)) {
            return null;
        }
        TokenResponse fresh;
        try {
            fresh = request.refreshing(new Secret(token)).send(http);
        } catch (Problem problem) {
            if (problem.exit() == Exit.REFUSED) {
                return null;
            }
            throw problem;
        }
        if (fresh.members().containsKey(REFRESH_TOKEN)) {
            return fresh;
        }
        // A provider that does not rotate sends none, and means the old one (RFC 6749, section 6).
        Map<String, Object> members = new LinkedHashMap<>(fresh.members());
        members.put(REFRESH_TOKEN, token);
        if (last.members().containsKey(REFRESH_EXPIRES_IN)) {
            members.put(REFRESH_EXPIRES_IN, last.members().get(REFRESH_EXPIRES_IN));
        }
        return new TokenResponse(fresh.host(), members);
    }
}
