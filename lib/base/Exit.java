package lib.base;

/** How a run ended, as every tool of the kit tells its caller. */
public enum Exit {
    /** Done. */
    DONE(0, "done"),
    /** Failed in a way that has no code of its own: disk full, output not writable, internal error. */
    FAILED(1, "failed in a way that has no code of its own: disk full, output not writable"),
    /** Wrong usage or configuration; nothing was sent. */
    USAGE(2, "wrong usage or configuration"),
    /** No answer, or not all of it: unknown host, refused, lost, not trusted, timed out, cut off. */
    NO_ANSWER(3, "no answer: host unknown, refused, lost, TLS not trusted, time-out, ended early"),
    /** The server refused: HTTP 4xx, an OAuth error, a redirect that is not followed. */
    REFUSED(4, "refused by the server: HTTP 4xx, OAuth error, redirect"),
    /** The server failed: HTTP 5xx, or a complete answer that makes no sense. */
    SERVER_FAILED(5, "the server failed: HTTP 5xx, or an answer that makes no sense"),
    /** The token is unusable, or there is none. */
    BAD_TOKEN(6, "the token is no good, or there is none"),
    /** Something was delivered, but not all of it. */
    INCOMPLETE(7, "incomplete: something was delivered, but not all"),
    /** No match, and {@code --fail-empty} was given. */
    NO_MATCH(8, "no match, and --fail-empty was given"),
    /** The reader of our standard output has gone; no message. */
    READER_GONE(141, "the reader of the output went away");

    private final int code;
    private final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The code for the operating system. */
    public int code() {
        return code;
    }

    /** What it means, as the README and the manual pages say it. */
    public String meaning() {
        return meaning;
    }

    /** The worse of this and {@code other}, the one with the higher code, for a run that did several things. */
    public Exit or(Exit other) {
        return other.code > code ? other : this;
    }
}
