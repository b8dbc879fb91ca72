//SOURCES ../base/Problem.java ../base/Secret.java ../json/MalformedJson.java FoundToken.java InputText.java
//SOURCES NoToken.java Remark.java TokenResponse.java Wrapping.java

package lib.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.base.Problem;
import lib.base.Secret;
import lib.json.MalformedJson;

/**
 * Finds the tokens in whatever comes through a pipe: a bare token, {@code Bearer ...}, a token response, and, in
 * classes that are loaded only for them, all the wrappings that terminals, clipboards and shells put around a token.
 */
public final class TokenText {
    /** How much is read at most: no token comes near. */
    public static final int MAX_BYTES = 1 << 20;

    /** How much is read at most of whole tokens or responses, one a line: a thousand of Keycloak's are 1.3 MB. */
    public static final int MAX_LINES_BYTES = 16 << 20;

    private TokenText() {}

    /**
     * All bytes of {@code in}; a {@link Problem} as soon as there are more than {@link #MAX_BYTES}, or more than
     * {@link #MAX_LINES_BYTES} where each line so far is a token or response by itself.
     */
    public static byte[] read(InputStream in) {
        try {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length <= MAX_BYTES) {
                return bytes;
            }
            if (Wrapping.areLinesOfTokens(bytes)) {
                byte[] rest = in.readNBytes(MAX_LINES_BYTES - bytes.length + 1);
                if (bytes.length + rest.length <= MAX_LINES_BYTES) {
                    byte[] all = Arrays.copyOf(bytes, bytes.length + rest.length);
                    System.arraycopy(rest, 0, all, bytes.length, rest.length);
                    return all;
                }
                throw bad("the input is larger than 16 MiB", "pass fewer tokens at once");
            }
        } catch (IOException e) {
            throw Problem.failed("the token cannot be read: " + e.getMessage(), null);
        }
        throw bad("the input is larger than 1 MiB, which no token is", "pass the token alone");
    }

    /**
     * The tokens in {@code input}, in order.
     *
     * <p>A single opaque token is found too: {@link FoundToken#jwt} refuses it. Of several, one that is no token comes
     * as {@link FoundToken.Kind#NONE} with its problem.
     *
     * @param input what {@link #read} gave
     * @param where where it came from, such as {@code on stdin}
     * @param select the member of a token response; {@code access_token} stands for the archive's {@code token} too,
     *     null for those two and then {@code id_token} and {@code refresh_token}
     */
    public static List<FoundToken> find(byte[] input, String where, String select) {
        String text = InputText.of(input).trim();
        if (text.isEmpty()) {
            throw bad("no token " + where, "see what the command before said, or ask for a token with gettoken");
        }
        List<FoundToken> found = inText(text, select);
        if (found.size() == 1 && found.get(0).problem() != null) {
            throw found.get(0).problem();
        }
        return found;
    }

    /** The tokens in {@code text}, which is trimmed and not empty. */
    static List<FoundToken> inText(String text, String select) {
        char first = text.charAt(0);
        if (first == '{' || first == '[') {
            try {
                return TokenResponse.read(text, select);
            } catch (MalformedJson e) {
                return Wrapping.find(text, select, e.getMessage());
            }
        }
        String word = withoutScheme(text);
        return isWord(word) ? List.of(token(word, null, new ArrayList<>())) : Wrapping.find(text, select, null);
    }

    /** {@code text} without {@code Bearer} or {@code DPoP} and the blanks after it. */
    static String withoutScheme(String text) {
        int end = text.regionMatches(true, 0, "Bearer", 0, 6) ? 6 : text.regionMatches(true, 0, "DPoP", 0, 4) ? 4 : -1;
        return end > 0 && end < text.length() && text.charAt(end) <= ' '
                ? text.substring(end).trim()
                : text;
    }

    /**
     * What {@code word} is, all of whose characters may stand in a token.
     *
     * @param member the member of a token response that it was, or null
     * @param remarks how it was found
     */
    static FoundToken token(String word, String member, List<Remark> remarks) {
        int dots = dots(word);
        if (dots == 2) {
            return new FoundToken(FoundToken.Kind.JWT, new Secret(word), member, remarks, null);
        }
        NoToken.refuseWord(word);
        if (dots == 4) {
            return new FoundToken(FoundToken.Kind.JWE, new Secret(word), member, remarks, null);
        }
        if (dots > 0 && startsLikeJwt(word)) {
            throw NoToken.segments(word);
        }
        return new FoundToken(FoundToken.Kind.OPAQUE, new Secret(word), member, remarks, null);
    }

    /** Whether {@code text} has only the characters of RFC 6750's {@code b64token}. */
    static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isWordCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isWordCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.~+/=".indexOf(c) >= 0;
    }

    /** Whether {@code text} begins as an encoded JSON object does, with or without white space after the brace. */
    static boolean startsLikeJwt(String text) {
        return text.startsWith("eyJ")
                || text.startsWith("eyA")
                || text.startsWith("ewo")
                || text.startsWith("ew0")
                || text.startsWith("ewk");
    }

    /** Whether {@code text} is a whole token by itself and nothing else. */
    static boolean isWhole(String text) {
        if (!startsLikeJwt(text) || !isWord(text)) {
            return false;
        }
        int dots = dots(text);
        return dots == 2 || dots == 4;
    }

    static int dots(String text) {
        int dots = 0;
        for (int i = text.indexOf('.'); i >= 0; i = text.indexOf('.', i + 1)) {
            dots++;
        }
        return dots;
    }

    static Problem bad(String message, String hint) {
        return Problem.badToken(message, hint);
    }
}
