//SOURCES ../base/Problem.java ../json/Json.java ../json/JsonNumber.java ../json/MalformedJson.java FoundToken.java
//SOURCES NoToken.java Remark.java TokenText.java Wrapping.java

package lib.jwt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.json.Json;
import lib.json.JsonNumber;
import lib.json.MalformedJson;

/** Finds tokens in JSON: a token response (RFC 6749, section 5.1), the archive's {@code token}, or an array of them. */
final class TokenResponse {
    /** The members that may hold a token, in the order of preference. */
    static final List<String> TOKENS = List.of("access_token", "token", "id_token", "refresh_token");

    private TokenResponse() {}

    /** The tokens in the JSON {@code text}; see {@link TokenText#find} for {@code select}. */
    static List<FoundToken> read(String text, String select) throws MalformedJson {
        Json.Document document = Json.read(text);
        List<Object> array = Json.asArray(document.value());
        if (array == null) {
            return List.of(pick(Json.asObject(document.value()), document.duplicates(), select));
        }
        List<FoundToken> found = new ArrayList<>();
        int junk = 0;
        for (Object element : array) {
            try {
                Map<String, Object> object = Json.asObject(element);
                found.add(
                        object == null
                                ? value("element", element, null, new ArrayList<>())
                                : pick(object, document.duplicates(), select));
            } catch (Problem problem) {
                found.add(FoundToken.none(problem));
            }
            junk = NoToken.counted(found.get(found.size() - 1), junk);
        }
        if (found.isEmpty()) {
            throw TokenText.bad("this JSON array is empty", "the program before found no token to print");
        }
        return found;
    }

    /** The token among {@code members}, of which {@code duplicates} were there more than once. */
    static FoundToken pick(Map<String, Object> members, List<String> duplicates, String select) {
        String name = chosen(members, select);
        if (name != null) {
            List<Remark> remarks = new ArrayList<>();
            for (String duplicate : duplicates) {
                remarks.add(Remark.ambiguous("duplicate member " + duplicate + ": the last one is taken"));
            }
            if (TOKENS.indexOf(name) < 2 && differs(members.get("access_token"), members.get("token"))) {
                remarks.add(Remark.ambiguous("access_token and token differ: the " + name + " is taken"));
            }
            if (select == null && TOKENS.indexOf(name) > 1) {
                remarks.add(Remark.note("there is no access_token; this is the " + name));
            }
            return value(name, members.get(name), name, remarks);
        }
        String error = text(members, "error");
        String message = text(members, "errorMessage");
        if (error != null || message != null) {
            throw NoToken.error(error != null ? error : message, text(members, "error_description"));
        }
        throw NoToken.object(members, select == null ? "access_token" : select);
    }

    private static boolean differs(Object one, Object other) {
        return one != null && other != null && !one.equals(other);
    }

    private static String chosen(Map<String, Object> members, String select) {
        if (select != null && !select.equals("access_token")) {
            return members.containsKey(select) ? select : null;
        }
        for (String name : select == null ? TOKENS : TOKENS.subList(0, 2)) {
            if (members.containsKey(name)) {
                return name;
            }
        }
        return null;
    }

    private static FoundToken value(String what, Object value, String member, List<Remark> remarks) {
        if (!(value instanceof String text)) {
            throw TokenText.bad("the " + what + " is " + kind(value) + ", not a token", "the server gave no token");
        }
        String word = text.trim();
        if (word.isEmpty()) {
            throw TokenText.bad("the " + what + " is empty", "the server gave no token");
        }
        return TokenText.isWord(word) ? TokenText.token(word, member, remarks) : Wrapping.single(word, member, remarks);
    }

    /** What {@code value} is in the words of JSON. */
    static String kind(Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof String
                ? "a string"
                : value instanceof JsonNumber
                        ? "a number"
                        : value instanceof Boolean ? "a boolean" : value instanceof List ? "an array" : "an object";
    }

    private static String text(Map<String, Object> members, String name) {
        return members.get(name) instanceof String text ? text : null;
    }
}
