// SOURCES are listed by every file for itself, so that a script runs from a remote catalog too.
//SOURCES Exit.java

package lib.base;

/**
 * The one way to fail: what happened, what to do about it, and the exit code.
 *
 * <p>It is thrown where the cause is understood and reported in one place, {@code lib.cli.Cli}. Both texts are lower
 * case and without a full stop; neither ever holds a secret.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Exit exit;
    private final String hint;

    /**
     * @param exit the exit code
     * @param message what happened, in a line
     * @param hint what to do about it, in a line, or null where nothing can be advised
     */
    public Problem(Exit exit, String message, String hint) {
        super(message, null, false, false);
        this.exit = exit;
        this.hint = hint;
    }

    /** The exit code of a run that ends with this. */
    public Exit exit() {
        return exit;
    }

    /** What to do about it; null where nothing can be advised. */
    public String hint() {
        return hint;
    }
}
