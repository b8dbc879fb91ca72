//SOURCES Response.java

package lib.http;

import java.util.List;
import java.util.Locale;

/** URLs and header fields as they may be shown: without secrets and tokens. */
public final class Redacted {
    // What is in the name of a secret header field or parameter.
    private static final List<String> SECRET_PARTS =
            List.of("authorization assertion cookie token secret password api-key apikey x-auth session".split(" "));

    private static final List<String> SECRET_PARAMETERS =
            List.of("code", "code_verifier", "device_code", "key", "otp", "sig", "state", "totp", "user_code");

    private Redacted() {}

    /** {@code location} without user info, query and fragment, for a message; "nowhere" if it is null or empty. */
    public static String url(String location) {
        if (location == null || location.isEmpty()) {
            return "nowhere";
        }
        int end = 0;
        while (end < location.length() && "?#".indexOf(location.charAt(end)) < 0) {
            end++;
        }
        return withoutUserInfo(location.substring(0, end));
    }

    /** {@code text} without the user info of URLs, and without secret parameters in their query and fragment. */
    static String text(String text) {
        String rest = withoutUserInfo(text);
        StringBuilder safe = new StringBuilder(rest.length());
        int at = 0;
        while (at < rest.length()) {
            char c = rest.charAt(at);
            safe.append(c);
            at++;
            if (c != '?' && c != '#' && c != '&') {
                continue;
            }
            int equals = rest.indexOf('=', at);
            if (equals >= 0 && isSecret(rest.substring(at, equals))) {
                safe.append(rest, at, equals).append("=[redacted]");
                at = equals;
                // No question mark ends it: a value may hold one (RFC 3986, section 3.4).
                while (at < rest.length() && "&#".indexOf(rest.charAt(at)) < 0) {
                    at++;
                }
            }
        }
        return safe.toString();
    }

    /** The value of {@code field} if it is not secret, and without the secrets of URLs in it. */
    static String value(Response.Field field) {
        return isSecret(field.name()) ? "[redacted]" : text(field.value());
    }

    /** Whether the header field or parameter {@code name} holds a secret. */
    public static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String part : SECRET_PARTS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return SECRET_PARAMETERS.contains(lower);
    }

    private static String withoutUserInfo(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        int done = 0;
        for (int slashes = text.indexOf("//"); slashes >= 0; slashes = text.indexOf("//", done)) {
            int host = slashes + 2;
            safe.append(text, done, host);
            done = host;
            for (; host < text.length() && "/?# \"<>".indexOf(text.charAt(host)) < 0; host++) {
                if (text.charAt(host) == '@') {
                    done = host + 1;
                }
            }
        }
        return safe.append(text, done, text.length()).toString();
    }
}
