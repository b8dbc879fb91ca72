//SOURCES ../base/Secret.java Request.java Response.java

package lib.http;

import module java.base;
import lib.base.Secret;
import lib.http.Request.Form;

/** URLs, header fields and what servers say as they may be shown: without secrets and tokens. */
public final class Redacted {
    // What is in the name of a secret header field or parameter.
    private static final List<String> SECRET_PARTS =
            List.of("authorization assertion cookie token secret password api-key apikey x-auth session".split(" "));

    private static final List<String> SECRET_PARAMETERS =
            List.of("code", "code_verifier", "device_code", "key", "otp", "sig", "state", "totp", "user_code");

    private static final List<String> CREDENTIALS = List.of("bearer ", "basic ", "dpop ");

    private static final String REDACTED = "[redacted]";
    private static final String BLANKS = " \t\r\n";

    // How a JSON object begins in base64url, with or without white space after the brace.
    private static final List<String> JWT_STARTS = List.of("eyJ", "eyAi", "ewog", "ew0K", "ewki", "ewkJ");
    private static final int MIN_JWT = 10;

    // Shorter secrets occur in too many words by chance: a text with one is withheld, and not cut to pieces.
    private static final int MIN_SECRET = 4;
    private static final int MIN_CREDENTIALS = 8;

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
        return text(location.substring(0, end));
    }

    /**
     * {@code text} that a server said as it may be shown: without the secrets that were {@code sent} to it, raw, as in
     * a form or in base64, and without those that {@link #text(String)} finds. Withheld as a whole where a secret of
     * fewer than four characters is in it.
     */
    static String text(String text, List<Secret> sent) {
        List<String> forms = new ArrayList<>();
        for (Secret secret : sent) {
            String raw = secret.reveal();
            if (raw.length() < MIN_SECRET && !raw.isEmpty() && text.contains(raw)) {
                return REDACTED;
            }
            if (raw.length() >= MIN_SECRET) {
                byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
                String encoded = Form.encode(raw);
                forms.add(raw);
                forms.add(encoded);
                forms.add(encoded.replace("+", "%20"));
                forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
                forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            }
        }
        // The longest first: one may be a part of another.
        forms.sort(Comparator.comparingInt(String::length).reversed());
        String clean = text;
        for (String form : forms) {
            clean = clean.replace(form, REDACTED);
        }
        return text(clean);
    }

    /**
     * {@code text} without the user info of URLs, what looks like a JWT, credentials behind their scheme, and the
     * values of secret parameters and JSON members.
     */
    public static String text(String text) {
        String rest = withoutUserInfo(text);
        StringBuilder safe = new StringBuilder(rest.length());
        int at = 0;
        while (at < rest.length()) {
            int start = at;
            while (at < rest.length() && isNameCharacter(rest.charAt(at))) {
                at++;
            }
            if (at == start) {
                safe.append(rest.charAt(at));
                at++;
                continue;
            }
            String word = rest.substring(start, at);
            int jwt = indexOfJwt(word);
            if (jwt >= 0) {
                safe.append(word, 0, jwt).append(REDACTED);
                continue;
            }
            safe.append(word);
            int value = isSecret(word) ? indexOfValue(rest, at) : indexOfCredentials(word, rest, at);
            if (value >= 0 && !rest.startsWith(REDACTED, value)) {
                safe.append(rest, at, value).append(REDACTED);
                at = endOfValue(rest, value);
            }
        }
        return safe.toString();
    }

    private static int indexOfJwt(String word) {
        for (String start : JWT_STARTS) {
            int at = word.indexOf(start);
            if (at >= 0 && word.length() - at >= MIN_JWT) {
                return at;
            }
        }
        return -1;
    }

    /** Where the value of the name before {@code at} begins; -1 if that is not the name of a parameter or member. */
    private static int indexOfValue(String text, int at) {
        int quote = skip(text, at, "\\");
        boolean isQuoted = text.startsWith("\"", quote) || text.startsWith("'", quote);
        int sign = skip(text, isQuoted ? quote + 1 : at, BLANKS);
        return text.startsWith("=", sign) || isQuoted && text.startsWith(":", sign) ? skip(text, sign + 1, BLANKS) : -1;
    }

    /** Where the credentials behind {@code word} begin if that is their scheme, and not a word of a sentence; or -1. */
    private static int indexOfCredentials(String word, String text, int at) {
        if (!List.of("bearer", "basic", "dpop").contains(word.toLowerCase(Locale.ROOT))) {
            return -1;
        }
        int start = skip(text, at, BLANKS);
        boolean isRandom = false;
        int end = start;
        while (end < text.length() && (text.charAt(end) == '=' || Secret.isTokenCharacter(text.charAt(end)))) {
            char c = text.charAt(end);
            isRandom |= end > start && (c >= 'A' && c <= 'Z' || c >= '0' && c <= '9');
            end++;
        }
        return isRandom && end - start >= MIN_CREDENTIALS ? start : -1;
    }

    private static int endOfValue(String text, int value) {
        int start = skip(text, value, "\\");
        char first = start < text.length() ? text.charAt(start) : ' ';
        if (first == '[' || first == '{') {
            return text.length();
        }
        boolean isQuoted = first == '"' || first == '\'';
        int end = isQuoted ? start + 1 : start;
        // No question mark ends it: a value may hold one (RFC 3986, section 3.4).
        while (end < text.length()
                && (isQuoted ? text.charAt(end) != first : "&#,; \t\r\n\"'<>".indexOf(text.charAt(end)) < 0)) {
            end += isQuoted && start == value && text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), isQuoted ? end + 1 : end);
    }

    private static int skip(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_-.".indexOf(c) >= 0;
    }

    /** The value of {@code field} if it is not secret, without the secrets in it and those that were {@code sent}. */
    static String value(Response.Field field, List<Secret> sent) {
        return isSecret(field) ? REDACTED : text(field.value(), sent);
    }

    /** Whether {@code field} holds a secret, by its name or because its value is one of credentials or a JWT. */
    public static boolean isSecret(Response.Field field) {
        return isSecret(field.name()) || isCredentials(field.value());
    }

    /** Whether {@code value} is a JWT, or has a scheme of credentials in front (RFC 9110, section 11.4). */
    private static boolean isCredentials(String value) {
        for (String start : CREDENTIALS) {
            if (value.regionMatches(true, 0, start, 0, start.length())) {
                return true;
            }
        }
        return indexOfJwt(value) == 0;
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
