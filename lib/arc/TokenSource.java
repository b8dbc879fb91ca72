//SOURCES ../base/Problem.java ../base/Secret.java ../oidc/TokenResponse.java ../oidc/TokenSupply.java

package lib.arc;

import java.time.Instant;
import java.time.InstantSource;
import lib.base.Problem;
import lib.base.Secret;
import lib.oidc.TokenResponse;
import lib.oidc.TokenSupply;

/**
 * The token for the archive: none, one that was given, or one that we fetch, and renew before it runs out. Several
 * threads may ask at once, and one of them renews for all.
 */
public final class TokenSource {
    /** How many seconds before its end a token is renewed; a request that is under way then is still let in. */
    private static final long MARGIN = 30;

    private final Secret given;
    private final TokenSupply supply;
    private final InstantSource clock;
    private TokenResponse last;
    private Instant renewal;
    private Instant end;
    private Secret accepted;
    private boolean isReplacement;
    private boolean isRefused;

    private TokenSource(Secret given, TokenSupply supply, InstantSource clock) {
        this.given = given;
        this.supply = supply;
        this.clock = clock;
    }

    /** No token at all. */
    public static TokenSource none() {
        return new TokenSource(null, null, null);
    }

    /** A token that somebody gave us: never replaced, since another may be another identity's. */
    public static TokenSource given(Secret token) {
        return new TokenSource(token, null, null);
    }

    /** Tokens that we fetch ourselves. */
    public static TokenSource own(TokenSupply supply, InstantSource clock) {
        return new TokenSource(null, supply, clock);
    }

    /** The token to send, or null for none; {@link Problem} where it cannot be had. */
    public synchronized Secret current() {
        if (supply == null) {
            return given;
        }
        if (last == null) {
            take(supply.get());
        } else if (renewal != null && !clock.instant().isBefore(renewal)) {
            renew();
        }
        return last.accessToken();
    }

    /**
     * Another token to send instead of {@code refused}, or null where another would fare no better.
     *
     * @param onlyKept whether only one from the cache may be outdated: roles change, and a fresh token has the new ones
     */
    synchronized Secret insteadOf(Secret refused, boolean onlyKept) {
        if (supply == null) {
            return null;
        }
        if (!last.accessToken().equals(refused)) {
            // Another thread was faster.
            return last.accessToken();
        }
        boolean isHopeless = isReplacement && !refused.equals(accepted);
        if (isHopeless || onlyKept && !last.isKept()) {
            return null;
        }
        try {
            take(supply.otherThan(last));
        } catch (Problem problem) {
            if (onlyKept) {
                // Why the archive refused tells more than why there is no other token.
                return null;
            }
            throw problem;
        }
        isReplacement = true;
        return last.accessToken();
    }

    /** Notes that the archive has given something for {@code token}. */
    synchronized void accepted(Secret token) {
        accepted = token;
        isRefused = false;
    }

    /** Notes that the archive has let nobody in with the token that there is. */
    synchronized void refused() {
        isRefused = true;
    }

    /** Whether that was the last that the archive had to say, so that it need not be asked for anything else. */
    public synchronized boolean isRefused() {
        return isRefused;
    }

    /** Whether {@code token}, refused just now, was given to us and good until then. */
    synchronized boolean hasRunOut(Secret token) {
        return given != null && token.equals(accepted);
    }

    private void renew() {
        try {
            take(supply.otherThan(last));
        } catch (Problem problem) {
            if (!clock.instant().isBefore(end)) {
                throw problem;
            }
            // The old one lives for some seconds yet, which may be all that is needed.
            renewal = end;
        }
    }

    private void take(TokenResponse response) {
        last = response;
        isReplacement = false;
        end = response.left() == 0 ? null : clock.instant().plusSeconds(response.left());
        // A life of a minute or less would be all margin.
        renewal = end == null ? null : end.minusSeconds(Math.min(MARGIN, response.life() / 2));
    }
}
