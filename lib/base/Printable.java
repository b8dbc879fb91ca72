package lib.base;

import module java.base;

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

    /** {@code text} on one line, each control character and lone surrogate written as {@code \}{@code u001b}. */
    public static String line(String text) {
        return escaped(text, true);
    }

    /** {@code text} with each lone surrogate, which UTF-8 cannot encode, written as {@code \}{@code ud800}. */
    public static String encodable(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean isLine) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isUnsafe = Character.isSurrogate(c) ? isLone(text, i) : isLine && isControl(c);
            if (isUnsafe && safe == null) {
                safe = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (isUnsafe) {
                safe.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else if (safe != null) {
                safe.append(c);
            }
        }
        return safe == null ? text : safe.toString();
    }

    private static boolean isLone(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** The same for {@code text} of several lines: line ends and tabs stay. */
    public static String lines(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n' || c == '\t') {
                int end = c == '\n' && at > from && text.charAt(at - 1) == '\r' ? at - 1 : at;
                safe.append(line(text.substring(from, end))).append(c);
                from = at + 1;
            }
        }
        return safe.append(line(text.substring(from))).toString();
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
