package lib.base;

import module java.base;

/** A password, client secret or token: text that no log, message or stack trace may show. */
public final class Secret {
    private final String text;

    /** Wraps {@code text}; only {@link #reveal} gives it back. */
    public Secret(String text) {
        this.text = text;
    }

    /** Whether {@code c} may be in a bearer token before its padding: {@code b64token} in RFC 6750, section 2.1. */
    public static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-_.~+/".indexOf(c) >= 0;
    }

    /** The text, for the place that sends or prints it on purpose. */
    public String reveal() {
        return text;
    }

    /** Whether the text is empty. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
