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

    private static final String REDACTED = "[redacted]";

    // Shorter secrets occur in too many words by chance: a text with one is withheld, and not cut to pieces.
    private static final int MIN_SECRET = 4;

    private Redacted() {}

    /** How secrets are recognised. A class of its own, since a run in which all goes well needs none of it. */
    private static final class Patterns {
        private static final String SCHEME = "(?i:bearer|basic|dpop)";

        static final Pattern USER_INFO = Pattern.compile("//[^/?# \"<>]*@");

        // How a JSON object begins in base64url, with or without white space after the brace.
        static final Pattern JWT = Pattern.compile("(?=[\\w.-]{10})(?:eyJ|eyAi|ewog|ew0K|ewki|ewkJ)[\\w.-]*+");

        /** Credentials with their scheme (RFC 9110, section 11.4), as a value. */
        static final Pattern CREDENTIALS = Pattern.compile(SCHEME + " .*", Pattern.DOTALL);

        // In a sentence, the word behind the scheme is one of credentials if a digit or a capital is inside.
        static final Pattern CREDENTIALS_IN_TEXT = Pattern.compile("(?<![\\w.-])(" + SCHEME + "(?![\\w.-])\\s*+)"
                + "(?=[\\w.~+/=-]{8})(?=[\\w.~+/=-]{1,512}?[A-Z0-9])[^&#,; \\t\\r\\n\"'<>]*+");

        /** The name of a parameter or JSON member, in JSON within JSON too, up to its value. */
        static final Pattern NAME =
                Pattern.compile("(?<![\\w.-])([\\w.-]++)(?:\\\\*+[\"']\\s*+[=:]|\\s*+=)\\s*+(?!\\[redacted])");

        private Patterns() {}
    }

    /** {@code location} without user info, query and fragment, for a message; "nowhere" if it is null or empty. */
    public static String url(String location) {
        if (location == null || location.isEmpty()) {
            return "nowhere";
        }
        return text(location.split("[?#]", 2)[0]);
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
        String safe = Patterns.USER_INFO.matcher(text).replaceAll("//");
        safe = Patterns.CREDENTIALS_IN_TEXT.matcher(safe).replaceAll("$1" + REDACTED);
        return Patterns.JWT.matcher(withoutValues(safe)).replaceAll(REDACTED);
    }

    private static String withoutValues(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        int done = 0;
        for (Matcher name = Patterns.NAME.matcher(text); name.find(); ) {
            if (name.start() >= done && isSecret(name.group(1))) {
                safe.append(text, done, name.end()).append(REDACTED);
                done = endOfValue(text, name.end());
            }
        }
        return safe.append(text, done, text.length()).toString();
    }

    private static int endOfValue(String text, int value) {
        int start = value;
        while (text.startsWith("\\", start)) {
            start++;
        }
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

    /** The value of {@code field} if it is not secret, without the secrets in it and those that were {@code sent}. */
    static String value(Response.Field field, List<Secret> sent) {
        return isSecret(field) ? REDACTED : text(field.value(), sent);
    }

    /** Whether {@code field} holds a secret, by its name or because its value is one of credentials or a JWT. */
    public static boolean isSecret(Response.Field field) {
        return isSecret(field.name())
                || Patterns.CREDENTIALS.matcher(field.value()).matches()
                || Patterns.JWT.matcher(field.value()).lookingAt();
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
}
