//SOURCES Printable.java

package lib.base;

import module java.base;

/**
 * The messages of a tool on standard error: each line begins with the tool's name, and control characters are escaped.
 *
 * @param tool the name that every line begins with
 * @param err where the lines go, in UTF-8
 * @param silent whether warnings and notes are dropped; problems never are
 * @param verbose whether {@link #detail} is shown
 */
public record Messages(String tool, OutputStream err, boolean silent, boolean verbose) {

    /** Says what went wrong and what to do about it. */
    public void problem(String message, String hint) {
        say(message);
        if (hint != null) {
            say("hint: " + hint);
        }
    }

    /** Warns of something while the run goes on. */
    public void warning(String text) {
        if (!silent) {
            say("warning: " + text);
        }
    }

    /** Says what the user must do now for the run to go on; {@code --silent} does not hide it. */
    public void instruction(String text) {
        say(text);
    }

    /** Says something that explains the answer or the next step. */
    public void note(String text) {
        if (!silent) {
            say(text);
        }
    }

    /** Says something that only {@code --verbose} shows; {@code text} holds no secret. */
    public void detail(String text) {
        if (verbose) {
            say(text);
        }
    }

    private void say(String text) {
        try {
            err.write((tool + ": " + Printable.line(text) + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException nobodyListens) {
            // The exit code still tells how the run ended.
        }
    }
}
