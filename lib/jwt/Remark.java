package lib.jwt;

/**
 * Something that the reader of a token should know though it could be read.
 *
 * @param weight how much it matters
 * @param text what it is, in a line, without any part of the token's signature
 */
public record Remark(Weight weight, String text) {
    /** How much a remark matters. */
    public enum Weight {
        /** Explains what was done. */
        NOTE,
        /** Something is wrong with the token. */
        WARNING,
        /** Two programs may read the token differently: refused where somebody relies on it. */
        AMBIGUOUS
    }

    static Remark note(String text) {
        return new Remark(Weight.NOTE, text);
    }

    static Remark warning(String text) {
        return new Remark(Weight.WARNING, text);
    }

    static Remark ambiguous(String text) {
        return new Remark(Weight.AMBIGUOUS, text);
    }
}
