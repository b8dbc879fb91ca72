//SOURCES ../base/Problem.java Check.java Jwt.java Remark.java TokenText.java

package lib.jwt;

import java.time.Instant;
import java.util.List;
import lib.base.Problem;

/** That every program reads the token alike: no duplicate members, no base64url that another decoder refuses. */
public final class Unambiguous implements Check {
    @Override
    public void test(Jwt token, Instant now, List<Problem> failures) {
        for (Remark remark : token.remarks(now)) {
            if (remark.weight() == Remark.Weight.AMBIGUOUS) {
                failures.add(TokenText.bad(
                        "the token is ambiguous: " + remark.text(),
                        "programs may read it differently; request a new one and pass it on unchanged"));
            }
        }
    }
}
