//SOURCES ../http/Response.java ../json/Json.java

package lib.arc;

import module java.base;
import lib.http.Response;
import lib.json.Json;

/** What a server says about its answer, apart from the data: on one line, escaped and cut. */
final class ServerText {
    private static final int MAX = 300;
    private static final int MIN = 8;
    private static final int MAX_TRACE = 600;
    private static final int MAX_READ = 64 << 10;
    private static final String CAUSE = "Caused by: ";

    private ServerText() {}

    /**
     * The message in the body of an error: a member of JSON, which may be labelled as text, a violated constraint, a
     * line of text, or the causes in a stack trace (facts B7, F7). Empty for HTML and where there is no message.
     */
    static String of(Response response) {
        String text = response.beginning(MAX_READ).strip();
        // Null also where the archive did not escape its own JSON (facts B7): then the text is shown as it is.
        String message = text.startsWith("{") || text.startsWith("[")
                ? Json.errorMessage(text)
                : text.startsWith("<") && !response.mediaType().equals("text/html") ? xmlMessage(text) : null;
        if (message != null) {
            return response.shown(message, MAX);
        }
        if (text.startsWith("<")) {
            return "";
        }
        String type = response.mediaType();
        if (!type.isEmpty() && !type.startsWith("text/") && !type.endsWith("json")) {
            return response.shown(behindObjects(text), MAX);
        }
        String lines = text.replace('\r', '\n');
        return response.header("validation-exception") != null
                ? response.shown(violation(lines), MAX)
                : trace(response, lines.split("\n"));
    }

    /**
     * The message in an error whose type promises objects: behind a boundary, and behind what was sent before the
     * failure. The archive writes it twice in a row (facts F2, G11; wire/captures.md G6, L2, M3).
     */
    private static String behindObjects(String text) {
        int end = text.length();
        for (int length = Math.min(end / 2, MAX_TRACE); length >= MIN; length--) {
            if (text.regionMatches(end - 2 * length, text, end - length, length)) {
                return text.substring(end - length);
            }
        }
        String part = text.startsWith("--") ? text.substring(text.indexOf('\n') + 1) : text;
        if (part.startsWith("Content-")) {
            String[] head = part.split("\r?\n\r?\n", 2);
            part = head[head.length - 1];
        }
        return part.indexOf('\0') >= 0 ? "" : part.strip();
    }

    /** The text of the first element called message, detail or error, in any case and namespace; null for none. */
    private static String xmlMessage(String text) {
        String element = "(?i)<(?:[^<>\\s:]+:)?(?:message|detail|error)(?:\\s[^<>]*+)?>(\\s*[^<\\s][^<]*)</";
        Matcher message = Pattern.compile(element).matcher(text);
        return message.find()
                ? message.group(1)
                        .strip()
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&quot;", "\"")
                        .replace("&apos;", "'")
                        .replace("&amp;", "&")
                : null;
    }

    /** The colon and {@link #of} to end a sentence with; empty where there is no message. */
    static String suffix(Response response) {
        String said = of(response);
        return said.isEmpty() ? "" : ": " + said;
    }

    /**
     * The warning 299 of a successful answer, which says what is missing or odd (facts B6, F6); null if there is none.
     */
    static String warning(Response response) {
        String warning = response.joined("Warning");
        boolean isAboutContent = warning != null && (warning.startsWith("299") || warning.contains(", 299"));
        return isAboutContent ? response.shown(warning, MAX) : null;
    }

    /** RESTEasy writes the kind of constraint, where it is, its message and the value, each in brackets. */
    private static String violation(String lines) {
        String withoutKind = lines.replaceFirst("^\n*\\[.*](\n|$)", "");
        return withoutKind.replaceAll("(?m)^\\[(.*)]$", "$1").strip().replaceAll("\n+", ": ");
    }

    /** The first line and all lines that name a cause. */
    private static String trace(Response response, String[] lines) {
        StringBuilder said = new StringBuilder();
        for (String line : lines) {
            String bare = line.strip();
            if (said.isEmpty() || bare.startsWith(CAUSE)) {
                said.append(said.isEmpty() ? "" : "; ").append(response.shown(bare, MAX));
            }
        }
        return said.length() <= MAX_TRACE ? said.toString() : said.substring(0, MAX_TRACE) + "...";
    }
}
