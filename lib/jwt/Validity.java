//SOURCES ../base/Problem.java Check.java ClaimTime.java Claims.java HumanTime.java Jwt.java TokenText.java

package lib.jwt;

import java.time.Instant;
import java.util.List;
import lib.base.Problem;

/**
 * That a token is in force: neither expired nor not yet valid (RFC 7519, sections 4.1.4 and 4.1.5). One without these
 * claims is.
 *
 * @param leeway by how many seconds the clocks may differ
 */
public record Validity(long leeway) implements Check {
    @Override
    public void test(Jwt token, Instant now, List<Problem> failures) {
        Claims claims = token.claims();
        Instant exp = time(claims, "exp", failures);
        if (exp != null && !claims.neverExpires() && !exp.isAfter(now.minusSeconds(leeway))) {
            failures.add(TokenText.bad(
                    "the token expired " + HumanTime.relative(exp, now) + tolerance(),
                    "request a new one with gettoken; if it is new, compare the clocks"));
        }
        Instant nbf = time(claims, "nbf", failures);
        if (nbf != null && nbf.isAfter(now.plusSeconds(leeway))) {
            failures.add(TokenText.bad(
                    "the token is not valid yet: it begins " + HumanTime.relative(nbf, now) + tolerance(),
                    "compare the clock of this machine with that of the provider"));
        }
    }

    private String tolerance() {
        return " (" + leeway + " s are tolerated)";
    }

    /** The claim as a time, or null if there is none; one that is no number is a failure. */
    private static Instant time(Claims claims, String name, List<Problem> failures) {
        ClaimTime time = claims.time(name);
        if (time == null) {
            return null;
        }
        if (time.at() == null || claims.text(name) != null) {
            failures.add(TokenText.bad(time.oddity(), "no program can tell when that is; request a new token"));
            return null;
        }
        return time.at();
    }
}
