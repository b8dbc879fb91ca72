//SOURCES ../base/Problem.java ../base/Secret.java Jwt.java NoToken.java Remark.java TokenText.java

package lib.jwt;

import java.util.List;
import lib.base.Problem;
import lib.base.Secret;

/**
 * One token as it was found in a text, not yet decoded.
 *
 * @param kind what it looks like
 * @param compact the token as it is sent, without what was wrapped around it; null where there is none
 * @param member the member of a token response that it was, or null
 * @param remarks what was done to get at it, and what was odd about that
 * @param problem why there is none, for one of several; null otherwise
 */
public record FoundToken(Kind kind, Secret compact, String member, List<Remark> remarks, Problem problem) {
    /** What a token looks like from outside. */
    public enum Kind {
        /** Three segments. */
        JWT,
        /** Five segments: encrypted, with a header that can be read. */
        JWE,
        /** Something that only its server can read. */
        OPAQUE,
        /** Nothing: one of several that is no token at all. */
        NONE
    }

    static FoundToken none(Problem problem) {
        return new FoundToken(Kind.NONE, null, null, List.of(), problem);
    }

    /** What the token says; a {@link Problem} if it is no JWT. */
    public Jwt jwt() {
        if (kind == Kind.NONE) {
            throw problem;
        }
        if (kind == Kind.OPAQUE) {
            throw opaque();
        }
        return Jwt.decode(compact, remarks);
    }

    private Problem opaque() {
        if (TokenText.dots(compact.reveal()) > 0) {
            return NoToken.segments(compact.reveal());
        }
        return Problem.badToken(
                "this is an opaque token, not a JWT: it has no dots",
                "only its server can tell what is in it, by introspection or userinfo");
    }
}
