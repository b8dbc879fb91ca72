package lib.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A body of {@code application/x-www-form-urlencoded}; its {@code toString} names the parameters alone. */
public final class Form {
    private final StringBuilder encoded = new StringBuilder();
    private final StringBuilder names = new StringBuilder();

    /** Adds a parameter. */
    public Form add(String name, String value) {
        encoded.append(encoded.isEmpty() ? "" : "&")
                .append(encode(name))
                .append('=')
                .append(encode(value));
        names.append(names.isEmpty() ? "" : ", ").append(name);
        return this;
    }

    /** {@code text} as a name or value of a form (RFC 6749, appendix B). */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The body as it is sent. */
    public String encoded() {
        return encoded.toString();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
