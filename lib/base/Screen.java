//SOURCES Io.java Prompt.java

package lib.base;

/**
 * The terminal that standard output is connected to, and text laid out to fit it.
 *
 * @param io its settings
 */
public record Screen(Io io) {
    private static final int USUAL_WIDTH = 80;

    // First and last of each range of wide characters, in ascending order.
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
        0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18d7f, 0x1aff0, 0x1b2ff, 0x1f200,
        0x1f64f, 0x1f680, 0x1f6ff, 0x1f900, 0x1f9ff, 0x1fa70, 0x1faff, 0x20000, 0x3fffd
    };

    /** The terminal, or null if standard output is not one. */
    public static Screen of(Io io) {
        return io.outIsTerminal() ? new Screen(io) : null;
    }

    /** The number of its columns: {@code COLUMNS}, else what the terminal reports, else 80. */
    public int width() {
        int width = number(io.env("COLUMNS"));
        if (width <= 0) {
            String size = Prompt.stty("size");
            width = size == null ? 0 : number(size.substring(size.indexOf(' ') + 1));
        }
        return width <= 0 ? USUAL_WIDTH : width;
    }

    /** Whether bold letters and colours are wanted. */
    public boolean isStyled() {
        return io.isStyled(1);
    }

    private static int number(String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    /**
     * The columns that {@code text} takes: two for each wide or fullwidth character of Unicode's East Asian Width (UAX
     * #11: ideographs, kana, Hangul, fullwidth forms, pictographs by whole blocks), none for combining marks and
     * invisible characters, else one. The parts of a joined pictograph are counted singly, and the few wide ones among
     * the older symbols (U+2300 to U+2BFF) as one.
     */
    public static int columns(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            width += columns(c);
            i += Character.charCount(c);
        }
        return width;
    }

    /** {@code text} cut to at most {@code most} columns, with an ellipsis in place of its end. */
    public static String cut(String text, int most) {
        if (columns(text) <= most) {
            return text;
        }
        int width = 0;
        int end = 0;
        while (true) {
            int c = text.codePointAt(end);
            if (width + columns(c) > most - 1) {
                return text.substring(0, end) + '\u2026';
            }
            width += columns(c);
            end += Character.charCount(c);
        }
    }

    /** {@code text} cut to at most {@code most} columns, with an ellipsis in place of its beginning. */
    public static String cutInFront(String text, int most) {
        int gone = columns(text) - most;
        if (gone <= 0) {
            return text;
        }
        int start = 0;
        for (int width = 0; width <= gone && start < text.length(); ) {
            int c = text.codePointAt(start);
            width += columns(c);
            start += Character.charCount(c);
        }
        return '\u2026' + text.substring(start);
    }

    private static int columns(int c) {
        if (c < 0x300) {
            return c == 0xad ? 0 : 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || c >= 0x1160 && c <= 0x11ff) {
            return 0;
        }
        return isWide(c) ? 2 : 1;
    }

    private static boolean isWide(int c) {
        for (int i = 0; i < WIDE.length && c >= WIDE[i]; i += 2) {
            if (c <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
