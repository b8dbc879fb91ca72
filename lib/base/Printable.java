package lib.base;

import java.util.HexFormat;
import java.util.List;

/**
 * Makes text from outside safe to show: a claim, a server's message or a file name must not move the cursor, change
 * colours or reorder the text beside it.
 */
public final class Printable {
    private Printable() {}

    /** Whether a terminal may act on {@code c}: C0, DEL, C1, the bidi controls and the line separators. */
    public static boolean isControl(char c) {
        return c < 0x20
                || c >= 0x7f && c <= 0x9f
                || c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || c >= 0x2028 && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }

    /** {@code text} on one line, each control character written as {@code \}{@code u001b}. */
    public static String line(String text) {
        int at = 0;
        while (at < text.length() && !isControl(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (isControl(c)) {
                safe.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    /**
     * The first {@code most} of {@code texts} with commas, {@link #cut} at {@code width}, and how many more there are.
     */
    public static String list(List<String> texts, int most, int width) {
        String first = cut(String.join(", ", texts.subList(0, Math.min(texts.size(), most))), width);
        return texts.size() <= most ? first : first + " and " + (texts.size() - most) + " more";
    }

    /** {@link #line} of at most {@code most} characters of {@code text}, with an ellipsis where it was cut. */
    public static String cut(String text, int most) {
        return text.length() <= most ? line(text) : line(text.substring(0, most)) + "...";
    }
}
