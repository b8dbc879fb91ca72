//SOURCES ../base/Problem.java ../base/Secret.java Jwt.java

package lib.jwt;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;

/**
 * Decodes base64url (RFC 4648, section 5; RFC 7515, section 2). Variants that some decoders accept are decoded and
 * reported as ambiguous: padding, the standard alphabet, spare bits that are not zero. Anything else is refused, with
 * its position.
 */
public final class Base64Url {
    private Base64Url() {}

    /**
     * Decodes {@code text}.
     *
     * @param segment the name of the text in findings and problems, such as {@code payload}
     * @param text the encoded bytes
     * @param findings where variants are reported
     */
    public static byte[] decode(String segment, String text, List<Jwt.Finding> findings) {
        int length = withoutPadding(segment, text, findings);
        if (isTruncated(length)) {
            throw bad("the " + segment + " segment is truncated: length " + length + " is impossible for base64url");
        }
        boolean isStandard = false;
        boolean isUrl = false;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.' || c == '~' || !Secret.isTokenCharacter(c)) {
                throw bad("the " + segment + " segment is not base64url: " + named(c) + " at character " + (i + 1));
            }
            isStandard |= c == '+' || c == '/';
            isUrl |= c == '-' || c == '_';
        }
        if (isStandard && isUrl) {
            throw bad("the " + segment + " segment mixes base64url with standard base64");
        }
        if (isStandard) {
            findings.add(Jwt.Finding.ambiguous("the " + segment + " segment is standard base64, not base64url"));
        }
        String canonical = text.substring(0, length).replace('+', '-').replace('/', '_');
        byte[] bytes = Base64.getUrlDecoder().decode(canonical);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(canonical)) {
            findings.add(Jwt.Finding.ambiguous("the " + segment + " segment ends in spare bits that are not zero"));
        }
        return bytes;
    }

    /** Whether no bytes can be encoded in {@code length} characters. */
    static boolean isTruncated(int length) {
        return length % 4 == 1;
    }

    private static int withoutPadding(String segment, String text, List<Jwt.Finding> findings) {
        int length = text.length();
        while (length > 0 && text.charAt(length - 1) == '=') {
            length--;
        }
        int padding = text.length() - length;
        if (padding > 0) {
            if (padding > 2 || text.length() % 4 != 0) {
                throw bad("the " + segment + " segment is padded wrongly: = at character " + (length + 1));
            }
            findings.add(Jwt.Finding.ambiguous("the " + segment + " segment is padded with =, which a JWT never is"));
        }
        return length;
    }

    /** {@code c} by its name: {@code !} or {@code U+2013 EN DASH}. */
    static String named(char c) {
        if (c > ' ' && c < 0x7f) {
            return Character.toString(c);
        }
        String name = Character.getName(c);
        return "U+" + HexFormat.of().withUpperCase().toHexDigits(c) + (name == null ? "" : " " + name);
    }

    private static Problem bad(String message) {
        return Problem.badToken(message, "copy the token again, whole and unchanged");
    }
}
