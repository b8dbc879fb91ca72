//SOURCES ../base/Problem.java Jwt.java

package lib.jwt;

import java.time.Instant;
import java.util.List;
import lib.base.Problem;

/** Something that must hold of a token before somebody relies on it. */
public interface Check {
    /**
     * Adds what does not hold.
     *
     * @param token the token, not encrypted
     * @param now the time
     * @param failures where a {@link Problem} is added for each thing that does not hold: what was wanted, what was
     *     found, and what to do about it
     */
    void test(Jwt token, Instant now, List<Problem> failures);
}
