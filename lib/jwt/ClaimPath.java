//SOURCES ../base/Exit.java ../base/Problem.java ../json/Json.java

package lib.jwt;

import module java.base;
import lib.base.Exit;
import lib.base.Problem;
import lib.json.Json;

/**
 * The path to a value: {@code a.b.c} walks objects, {@code a["b.c"]} quotes a name with dots in it, {@code a[0]} is an
 * element of an array. As in jq, the path may begin with a dot.
 *
 * @param text the path as it was typed
 * @param steps names as String, positions as Integer
 */
public record ClaimPath(String text, List<Object> steps) {
    /** The result of {@link #in} if the value is absent; JSON's null is null. */
    public static final Object ABSENT = new Object();

    /** Parses a path; a {@link Problem} with {@link Exit#USAGE} if it is malformed. */
    public static ClaimPath parse(String text) {
        List<Object> steps = new ArrayList<>();
        int at = text.startsWith(".") ? 1 : 0;
        boolean nameDue = at >= text.length() || text.charAt(at) != '[';
        while (nameDue || at < text.length()) {
            if (!nameDue && text.charAt(at) == '[') {
                at = bracket(text, at, steps);
            } else {
                int end = nameEnd(text, at);
                if (end == at) {
                    throw malformed(text, at, "a name is missing");
                }
                steps.add(text.substring(at, end));
                at = end;
            }
            nameDue = at < text.length() && text.charAt(at) == '.';
            if (nameDue) {
                at++;
            } else if (at < text.length() && text.charAt(at) != '[') {
                throw malformed(text, at, "a dot or [ must follow");
            }
        }
        return new ClaimPath(text, List.copyOf(steps));
    }

    /** The value at this path in {@code claims}, or {@link #ABSENT}. */
    public Object in(Map<String, Object> claims) {
        Object value = claims;
        for (Object step : steps) {
            value = step instanceof Integer position ? element(value, position) : member(value, (String) step);
        }
        return value;
    }

    private static Object member(Object value, String name) {
        Map<String, Object> object = Json.asObject(value);
        return object != null && object.containsKey(name) ? object.get(name) : ABSENT;
    }

    private static Object element(Object value, int position) {
        List<Object> array = Json.asArray(value);
        return array != null && position < array.size() ? array.get(position) : ABSENT;
    }

    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && ".[]\"".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Adds the step in the brackets that open at {@code open}; returns the position after them. */
    private static int bracket(String text, int open, List<Object> steps) {
        int at = open + 1;
        char quote = at < text.length() ? text.charAt(at) : 0;
        if (quote == '"' || quote == '\'') {
            StringBuilder name = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != quote; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                name.append(text.charAt(at));
            }
            steps.add(name.toString());
            at++;
        } else {
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - open < 9) {
                at++;
            }
            if (at == open + 1) {
                throw malformed(text, at, "a number or a name in quotes must follow [");
            }
            steps.add(Integer.valueOf(text.substring(open + 1, at)));
        }
        if (at >= text.length() || text.charAt(at) != ']') {
            throw malformed(text, at, "] is missing");
        }
        return at + 1;
    }

    private static Problem malformed(String text, int at, String what) {
        return Problem.usage(
                "malformed path " + text + ": " + what + " at character " + (at + 1),
                "a.b.c walks objects, resource_access[\"my.client\"].roles takes odd names");
    }
}
