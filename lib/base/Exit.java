package lib.base;

/** How a run ended, as every tool of the kit tells its caller. */
public enum Exit {
    /** Done. */
    DONE(0),
    /** Failed in a way that has no code of its own: disk full, output not writable, internal error. */
    FAILED(1),
    /** Wrong usage or configuration; nothing was sent. */
    USAGE(2),
    /** No answer, or not all of it: unknown host, refused, lost, not trusted, timed out, cut off. */
    NO_ANSWER(3),
    /** The server refused: HTTP 4xx, an OAuth error, a redirect that is not followed. */
    REFUSED(4),
    /** The server failed: HTTP 5xx, or a complete answer that makes no sense. */
    SERVER_FAILED(5),
    /** The token is unusable, or there is none. */
    BAD_TOKEN(6),
    /** Something was delivered, but not all of it. */
    INCOMPLETE(7),
    /** No match, and {@code --fail-empty} was given. */
    NO_MATCH(8),
    /** The reader of our standard output has gone; no message. */
    READER_GONE(141);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** The code for the operating system. */
    public int code() {
        return code;
    }

    /** The worse of this and {@code other}, the one with the higher code, for a run that did several things. */
    public Exit or(Exit other) {
        return other.code > code ? other : this;
    }
}
