//SOURCES ../base/Problem.java ../base/Secret.java ../oidc/TokenResponse.java ../oidc/TokenSupply.java

package lib.arc;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;
import lib.oidc.TokenResponse;
import lib.oidc.TokenSupply;

/**
 * The token for the archive: none, one that was given, or one that we fetch and renew before it expires. Thread-safe:
 * one thread renews for all.
 */
public final class TokenSource {
    /** Seconds before its expiry that a token is renewed, so that a request sent just before is still accepted. */
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
    private boolean isMissing;

    private TokenSource(Secret given, TokenSupply supply, InstantSource clock) {
        this.given = given;
        this.supply = supply;
        this.clock = clock;
    }

    /** No token. */
    public static TokenSource none() {
        return new TokenSource(null, null, null);
    }

    /** A given token: never replaced, since another one could be of another identity. */
    public static TokenSource given(Secret token) {
        return new TokenSource(token, null, null);
    }

    /** Tokens that we fetch. */
    public static TokenSource own(TokenSupply supply, InstantSource clock) {
        return new TokenSource(null, supply, clock);
    }

    /** The token to send, or null for none; {@link Problem} if it could not be fetched. */
    public synchronized Secret current() {
        if (supply == null) {
            return given;
        }
        isMissing = true;
        if (last == null) {
            take(supply.get());
        } else if (renewal != null && !clock.instant().isBefore(renewal)) {
            renew();
        }
        isMissing = false;
        return last.accessToken();
    }

    /** Whether we fetch the tokens. */
    public boolean isOwn() {
        return supply != null;
    }

    /** When the current token arrived; null if it was given. */
    public synchronized Instant arrival() {
        return last == null ? null : clock.instant().minusSeconds(Math.max(0, last.age()));
    }

    /** Whether the last token that was wanted could not be fetched. */
    public synchronized boolean isMissing() {
        return isMissing;
    }

    /**
     * Another token to send instead of {@code refused}, or null if another would be refused too.
     *
     * @param onlyKept whether only a token from the cache is worth replacing: a fresh one has the current roles
     */
    synchronized Secret insteadOf(Secret refused, boolean onlyKept) {
        if (supply == null) {
            return null;
        }
        if (!last.accessToken().equals(refused)) {
            // Another thread has replaced it.
            return last.accessToken();
        }
        boolean isHopeless = isReplacement && !refused.equals(accepted);
        if (isHopeless || onlyKept && !last.isKept()) {
            return null;
        }
        isMissing = !onlyKept;
        try {
            take(supply.otherThan(last));
        } catch (Problem problem) {
            if (onlyKept) {
                // The archive's refusal tells more than why there is no other token.
                return null;
            }
            throw problem;
        }
        isMissing = false;
        isReplacement = true;
        return last.accessToken();
    }

    /** Records that the archive accepted {@code token}. */
    synchronized void accepted(Secret token) {
        accepted = token;
        isRefused = false;
    }

    /** Records that the archive refused the current token. */
    synchronized void refused() {
        isRefused = true;
    }

    /** Whether the archive refused the current token, so that further requests are useless. */
    public synchronized boolean isRefused() {
        return isRefused;
    }

    /** Whether {@code token}, which was just refused, was given and had been accepted before. */
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
            // The old token is valid for some more seconds, which may be enough.
            renewal = end;
        }
    }

    private void take(TokenResponse response) {
        last = response;
        isReplacement = false;
        end = response.left() == 0 ? null : clock.instant().plusSeconds(response.left());
        // At most half of a short life.
        renewal = end == null ? null : end.minusSeconds(Math.min(MARGIN, response.life() / 2));
    }
}
