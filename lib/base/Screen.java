//SOURCES Io.java Prompt.java

package lib.base;

/** The terminal that standard output is, for what is laid out to fit it. */
public final class Screen {
    private static final int USUAL_WIDTH = 80;

    private final Io io;

    private Screen(Io io) {
        this.io = io;
    }

    /** The terminal, or null if standard output is none. */
    public static Screen of(Io io) {
        return io.outIsTerminal() ? new Screen(io) : null;
    }

    /** How many columns it has: what {@code COLUMNS} says, else what it says itself, else 80. */
    public int width() {
        int width = number(io.env("COLUMNS"));
        if (width <= 0) {
            String size = Prompt.stty("size");
            width = size == null ? 0 : number(size.substring(size.indexOf(' ') + 1));
        }
        return width <= 0 ? USUAL_WIDTH : width;
    }

    /** Whether it wants bold letters and colours. */
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
}
