//SOURCES ../json/Json.java ../json/MalformedJson.java TokenResponse.java TokenText.java

package lib.jwt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * The members of a token response in text that is no JSON: lines of it on a wiki page, curl's progress around it, a
 * form or the fragment of a URL.
 */
final class LooseMembers {
    private LooseMembers() {}

    /** Adds each {@code "name": "string"} to {@code members}, and its name to {@code duplicates} if it was there. */
    static void quoted(String text, String select, Map<String, Object> members, List<String> duplicates) {
        for (String name : names(select)) {
            String quoted = '"' + name + '"';
            for (int at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
                int start = skipBlanks(text, at + quoted.length());
                if (start < text.length() && text.charAt(start) == ':') {
                    start = skipBlanks(text, start + 1);
                    if (start < text.length() && text.charAt(start) == '"') {
                        add(members, duplicates, name, string(text, start, name));
                    }
                }
            }
        }
    }

    /** Adds each {@code name=value} of a form, query or fragment, percent-decoded. */
    static void form(String text, String select, Map<String, Object> members, List<String> duplicates) {
        for (String name : names(select)) {
            String assigned = name + "=";
            for (int at = text.indexOf(assigned); at >= 0; at = text.indexOf(assigned, at + 1)) {
                int start = at + assigned.length();
                if (at > 0 && " \t\r\n?#&\"'<".indexOf(text.charAt(at - 1)) < 0) {
                    continue;
                }
                int end = start;
                while (end < text.length() && text.charAt(end) > ' ' && "&#\"'<>;,".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                if (end > start) {
                    add(members, duplicates, name, percentDecoded(text.substring(start, end)));
                    at = end - 1;
                }
            }
        }
    }

    /** {@code text} with each {@code %2E} as the byte it stands for; what is no such code stays. */
    static String percentDecoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                decoded.write(high << 4 | low);
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static List<String> names(String select) {
        List<String> names = new ArrayList<>(TokenResponse.TOKENS);
        if (select != null && !names.contains(select)) {
            names.add(select);
        }
        names.add("error");
        names.add("error_description");
        return names;
    }

    private static void add(Map<String, Object> members, List<String> duplicates, String name, String value) {
        if (members.put(name, value) != null && !duplicates.contains(name)) {
            duplicates.add(name);
        }
    }

    /** The JSON string that begins with the quote at {@code start}; a terminal may have put line breaks into it. */
    private static String string(String text, int start, String name) {
        int end = start + 1;
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        try {
            if (end < text.length()) {
                return (String) Json.parse(
                        text.substring(start, end + 1).replace('\r', ' ').replace('\n', ' '));
            }
        } catch (MalformedJson broken) {
            // Said below.
        }
        throw TokenText.bad(
                "the " + name + " has no end: the text was cut off in the middle of it", "copy the whole response");
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }
}
