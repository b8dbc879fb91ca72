//SOURCES ../base/Printable.java ../http/Response.java ../json/Json.java ../json/MalformedJson.java

package lib.arc;

import java.util.Map;
import lib.base.Printable;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * What a server says in the body of an error, on one line, escaped and cut: JSON labelled as text, a constraint that
 * was violated, a line of text, or the lines of a stack trace that tell something (facts B7, F7). Pages of HTML say
 * nothing.
 */
final class ServerText {
    private static final int MOST = 300;
    private static final int MOST_OF_TRACE = 600;
    private static final int READ = 64 << 10;
    private static final String CAUSE = "Caused by: ";

    private ServerText() {}

    /** What {@code response} says; empty if that is nothing. */
    static String of(Response response) {
        String text = response.beginning(READ).strip();
        if (text.startsWith("{")) {
            String message = errorMessage(text);
            if (message != null) {
                return Printable.cut(message, MOST);
            }
        }
        if (text.startsWith("<") || response.mediaType().startsWith("multipart/")) {
            return "";
        }
        String[] lines = text.replace('\r', '\n').split("\n");
        return response.header("validation-exception") != null ? violation(lines) : trace(lines);
    }

    // The archive's own come as plain text, not always escaped (facts B7); RFC 7807, OAuth and Orthanc (captures Q4)
    // have other names for the same.
    private static String errorMessage(String text) {
        try {
            Map<String, Object> members = Json.asObject(Json.parse(text));
            for (String name :
                    new String[] {"errorMessage", "error_description", "detail", "Details", "Message", "message"}) {
                if (members.get(name) instanceof String message && !message.isBlank()) {
                    return message;
                }
            }
        } catch (MalformedJson notEscapedByTheArchive) {
            // Then as it is.
        }
        return null;
    }

    /** RESTEasy writes the kind of constraint, where it is, what it says and the value, each in brackets. */
    private static String violation(String[] lines) {
        StringBuilder said = new StringBuilder();
        int part = 0;
        for (String line : lines) {
            String inner = line.startsWith("[") && line.endsWith("]") ? line.substring(1, line.length() - 1) : line;
            boolean isKind = part == 0 && inner.length() + 2 == line.length();
            if (!line.isEmpty()) {
                part++;
            }
            if (!inner.isEmpty() && !isKind) {
                said.append(said.isEmpty() ? "" : ": ").append(inner);
            }
        }
        return Printable.cut(said.toString(), MOST);
    }

    /** The first line, and all that name a cause. */
    private static String trace(String[] lines) {
        StringBuilder said = new StringBuilder();
        for (String line : lines) {
            String bare = line.strip();
            if (said.isEmpty() || bare.startsWith(CAUSE)) {
                said.append(said.isEmpty() ? "" : "; ").append(Printable.cut(bare, MOST));
            }
        }
        return said.length() <= MOST_OF_TRACE ? said.toString() : said.substring(0, MOST_OF_TRACE) + "...";
    }
}
