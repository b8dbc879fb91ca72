//SOURCES ../base/Secret.java ../oidc/TokenSupply.java

package lib.arc;

import lib.base.Secret;
import lib.oidc.TokenSupply;

/** The token for the archive: none, one that was given, or one that we fetch, and renew when it is used up. */
public final class TokenSource {
    private final TokenSupply supply;
    private Secret token;

    private TokenSource(Secret token, TokenSupply supply) {
        this.token = token;
        this.supply = supply;
    }

    /** No token at all. */
    public static TokenSource none() {
        return new TokenSource(null, null);
    }

    /** A token that somebody gave us: never replaced, since another may be another identity's. */
    public static TokenSource given(Secret token) {
        return new TokenSource(token, null);
    }

    /** Tokens that we fetch ourselves. */
    public static TokenSource own(TokenSupply supply) {
        return new TokenSource(null, supply);
    }

    /** The token to send, or null for none; {@link lib.base.Problem} where it cannot be had. */
    public synchronized Secret current() {
        if (token == null && supply != null) {
            token = supply.get().accessToken();
        }
        return token;
    }
}
