//SOURCES ../base/Problem.java ../base/Secret.java Jwt.java NotAToken.java

package lib.jwt;

import java.util.List;
import lib.base.Problem;
import lib.base.Secret;

/**
 * A token as it was found in a text, not yet decoded.
 *
 * @param kind what it looks like
 * @param compact the token as it is sent, without its wrapping; null for {@link Kind#NONE}
 * @param findings how it was unwrapped, and what was unusual about that
 * @param problem why it is not a token, for {@link Kind#NONE}; null otherwise
 */
public record FoundToken(Kind kind, Secret compact, List<Jwt.Finding> findings, Problem problem) {
    /** What a token looks like. */
    public enum Kind {
        /** Three segments. */
        JWT,
        /** Five segments: encrypted, with a readable header. */
        JWE,
        /** A token that only its server can read. */
        OPAQUE,
        /** Not a token, among several that are. */
        NONE
    }

    static FoundToken none(Problem problem) {
        return new FoundToken(Kind.NONE, null, List.of(), problem);
    }

    /** The token that {@code word} is; a {@link Problem} if it is a placeholder or a part of a token. */
    static FoundToken of(String word, List<Jwt.Finding> findings) {
        int dots = dots(word);
        Kind kind = dots == 2 ? Kind.JWT : dots == 4 ? Kind.JWE : Kind.OPAQUE;
        if (kind != Kind.JWT) {
            NotAToken.refusePlaceholder(word);
            if (kind == Kind.OPAQUE && startsLikeJwt(word, 0)) {
                throw NotAToken.part(word);
            }
        }
        return new FoundToken(kind, new Secret(word), findings, null);
    }

    /** Decodes the token; a {@link Problem} if it is not a JWT. */
    public Jwt jwt() {
        if (kind == Kind.NONE) {
            throw problem;
        }
        if (kind == Kind.OPAQUE) {
            throw dots(compact.reveal()) > 0
                    ? NotAToken.segments(compact.reveal())
                    : Problem.badToken(
                            "this is an opaque token, not a JWT: it has no dots",
                            "only its server can read it, by introspection or userinfo");
        }
        return Jwt.decode(compact, findings);
    }

    /** Whether {@code text} is a JWT or JWE by its form, without anything around it. */
    static boolean isWhole(String text) {
        if (!startsLikeJwt(text, 0) || !isWord(text)) {
            return false;
        }
        int dots = dots(text);
        return dots == 2 || dots == 4;
    }

    /** Whether a JSON object in base64url begins at {@code at}, with or without white space after the brace. */
    static boolean startsLikeJwt(String text, int at) {
        return text.startsWith("eyJ", at)
                || text.startsWith("eyA", at)
                || text.startsWith("ewo", at)
                || text.startsWith("ew0", at)
                || text.startsWith("ewk", at);
    }

    /** Whether {@code text} has only the characters of a token, padding included, and at least one. */
    static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isWordCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isWordCharacter(char c) {
        return c == '=' || Secret.isTokenCharacter(c);
    }

    static int dots(String text) {
        int dots = 0;
        for (int i = text.indexOf('.'); i >= 0; i = text.indexOf('.', i + 1)) {
            dots++;
        }
        return dots;
    }
}
