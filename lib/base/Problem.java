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

    /** A problem that ends the run with {@link Exit#FAILED}; {@code hint} may be null. */
    public static Problem failed(String message, String hint) {
        return new Problem(Exit.FAILED, message, hint);
    }

    /** A problem that ends the run with {@link Exit#USAGE}; {@code hint} may be null. */
    public static Problem usage(String message, String hint) {
        return new Problem(Exit.USAGE, message, hint);
    }

    /** A problem that ends the run with {@link Exit#NO_ANSWER}; {@code hint} may be null. */
    public static Problem noAnswer(String message, String hint) {
        return new Problem(Exit.NO_ANSWER, message, hint);
    }

    /** A problem that ends the run with {@link Exit#REFUSED}; {@code hint} may be null. */
    public static Problem refused(String message, String hint) {
        return new Problem(Exit.REFUSED, message, hint);
    }

    /** A problem that ends the run with {@link Exit#SERVER_FAILED}; {@code hint} may be null. */
    public static Problem serverFailed(String message, String hint) {
        return new Problem(Exit.SERVER_FAILED, message, hint);
    }

    /** A problem that ends the run with {@link Exit#BAD_TOKEN}; {@code hint} may be null. */
    public static Problem badToken(String message, String hint) {
        return new Problem(Exit.BAD_TOKEN, message, hint);
    }

    /** A problem that ends the run with {@link Exit#INCOMPLETE}; {@code hint} may be null. */
    public static Problem incomplete(String message, String hint) {
        return new Problem(Exit.INCOMPLETE, message, hint);
    }

    /** A problem that ends the run with {@link Exit#NO_MATCH}; {@code hint} may be null. */
    public static Problem noMatch(String message, String hint) {
        return new Problem(Exit.NO_MATCH, message, hint);
    }

    /** A problem that ends the run with {@link Exit#READER_GONE}; {@code hint} may be null. */
    public static Problem readerGone(String message, String hint) {
        return new Problem(Exit.READER_GONE, message, hint);
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
