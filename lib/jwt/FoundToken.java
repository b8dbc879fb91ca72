//SOURCES ../base/Problem.java ../base/Secret.java Jwt.java NotAToken.java

package lib.jwt;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;

/**
 * A token as it was found in a text, not yet decoded: a JWT of three segments, an encrypted one of five, or one that
 * only its server can read.
 *
 * @param compact the token as it is sent, without its wrapping; null where {@code problem} is not
 * @param findings how it was unwrapped, and what was unusual about that
 * @param problem why it is not a token, among several that are; null otherwise
 */
public record FoundToken(Secret compact, List<Jwt.Finding> findings, Problem problem) {
    /** How a JSON object begins in base64url, with or without white space after the brace. */
    static final List<String> BEGINNINGS = List.of("eyJ", "eyA", "ewo", "ew0", "ewk");

    static FoundToken none(Problem problem) {
        return new FoundToken(null, List.of(), problem);
    }

    /** The token that {@code word} is; a {@link Problem} if it is a placeholder or a part of a token. */
    static FoundToken of(String word, List<Jwt.Finding> findings) {
        int dots = dots(word);
        if (dots != 2) {
            NotAToken.refusePlaceholder(word);
            if (dots != 4 && startsLikeJwt(word)) {
                throw NotAToken.part(word);
            }
        }
        return new FoundToken(new Secret(word), findings, null);
    }

    /** Decodes the token; a {@link Problem} if it is not a JWT. */
    public Jwt jwt() {
        if (problem != null) {
            throw problem;
        }
        Problem other = NotAToken.otherKind(compact.reveal());
        if (other != null) {
            throw other;
        }
        return Jwt.decode(compact, findings);
    }

    /** Whether it is a JWT or JWE by its form, whatever is in it. */
    public boolean isJwt() {
        return compact != null && isWhole(compact.reveal());
    }

    /** Whether {@code text} is a JWT or JWE by its form, without anything around it. */
    static boolean isWhole(String text) {
        if (!startsLikeJwt(text) || !isWord(text)) {
            return false;
        }
        int dots = dots(text);
        return dots == 2 || dots == 4;
    }

    /** Whether a JSON object in base64url begins {@code text}. */
    static boolean startsLikeJwt(String text) {
        return text.length() >= 3 && BEGINNINGS.contains(text.substring(0, 3));
    }

    /**
     * Whether {@code text} has only the characters of a token, padding included, at least one, and is no NAME=VALUE.
     */
    static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            boolean isBehindName = i > 0 && text.charAt(i - 1) == '=' && "=.".indexOf(text.charAt(i)) < 0;
            if (!isWordCharacter(text.charAt(i)) || isBehindName && !startsLikeJwt(text)) {
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
