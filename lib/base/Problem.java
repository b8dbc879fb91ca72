// Every file lists its own SOURCES, so that a script also runs from a remote catalog.
//SOURCES Exit.java

package lib.base;

import module java.base;

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
     * @param hint what to do about it, in a line, or null where there is no advice
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

    /** Why a file could not be read or written, in a few words without its name. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of that name exists";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        // Without a reason, the message of a FileSystemException is only the name of the file.
        String reason = e instanceof FileSystemException failed ? failed.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /** The exit code of a run that ends with this. */
    public Exit exit() {
        return exit;
    }

    /** What to do about it; null where there is no advice. */
    public String hint() {
        return hint;
    }
}
