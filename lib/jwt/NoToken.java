//SOURCES ../base/Printable.java ../base/Problem.java ../json/Json.java ../json/MalformedJson.java Base64Url.java
//SOURCES FoundToken.java InputText.java TokenText.java

package lib.jwt;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import lib.base.Printable;
import lib.base.Problem;
import lib.json.Json;
import lib.json.MalformedJson;

/** Says what stands where a token should be. None of the texts shows what could be a secret. */
final class NoToken {
    private static final int MOST_JUNK = 20;
    private static final String ASK_AGAIN = "pass the whole token, as gettoken prints it";

    private NoToken() {}

    /** Refuses a word that is a placeholder, a shortened token or one segment of a token. */
    static void refuseWord(String word) {
        refusePlaceholder(word);
        if (TokenText.dots(word) == 0 && TokenText.startsLikeJwt(word)) {
            throw loneSegment(word);
        }
    }

    /**
     * How many of several were no token up to {@code found}; a {@link Problem} for all where they are too many to name
     * each.
     *
     * @param before how many were none before it
     */
    static int counted(FoundToken found, int before) {
        if (found.problem() == null && TokenText.isWhole(found.compact().reveal())) {
            return before;
        }
        if (before == MOST_JUNK) {
            throw TokenText.bad("more than " + MOST_JUNK + " of these are no tokens", "pass tokens only, one a line");
        }
        return before + 1;
    }

    /** Refuses what documentation, shells and copying people leave where a token should be. */
    static void refusePlaceholder(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "null", "undefined", "none", "nil", "true", "false":
                throw TokenText.bad(
                        "this is the word " + text + ", not a token", "the program before found no token to print");
            case "bearer", "dpop", "authorization:":
                throw TokenText.bad("there is no token after " + text, "the shell variable with the token is empty");
            default:
        }
        boolean single = text.indexOf(' ') < 0;
        if ((single || TokenText.startsLikeJwt(text)) && (text.contains("...") || text.indexOf('\u2026') >= 0)) {
            throw TokenText.bad("this is a shortened token, with dots in place of its middle", "copy the whole token");
        }
        char first = text.charAt(0);
        char last = text.charAt(text.length() - 1);
        if (first == '<' && last == '>' && text.indexOf('<', 1) < 0 && !isMarkup(text)
                || single && (first == '$' || first == '%' && last == '%' || text.startsWith("{{"))
                || single && isMasked(text)) {
            throw TokenText.bad("this is a placeholder, not a token", "put the token itself there");
        }
    }

    /** What the page or XML document {@code text} is. */
    static Problem markup(String text) {
        if (indexOf(text, "<?xml", 0) >= 0 && indexOf(text, "<html", 0) < 0) {
            return TokenText.bad("this is XML, not a token", ASK_AGAIN);
        }
        String title = element(text, "title");
        String heading = title == null ? element(text, "h1") : title;
        return TokenText.bad(
                "this is an HTML page, not a token" + (heading == null ? "" : ": " + Printable.cut(heading, 80)),
                "the URL was wrong, or a proxy or login page answered");
    }

    /** What {@code Basic ...} is; what it holds is a password and shown to nobody. */
    static Problem basic() {
        return TokenText.bad(
                "these are Basic credentials, not a token", "ask for a token with gettoken and send that as Bearer");
    }

    /** What a text is in which no token was found. */
    static Problem text(String text) {
        if (TokenText.startsLikeJwt(text)) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) > ' ' && !TokenText.isWordCharacter(text.charAt(i))) {
                    return TokenText.bad(
                            "the token has " + Base64Url.named(text.charAt(i)) + " at character " + (i + 1),
                            "copy it from where it is plain text: something replaced a character");
                }
            }
            return segments(text);
        }
        return TokenText.bad("there is no token in this text", ASK_AGAIN);
    }

    /** What a JSON object without a token is. */
    static Problem object(Map<String, Object> members, String wanted) {
        if (members.containsKey("iss") || members.containsKey("exp") && members.containsKey("iat")) {
            return TokenText.bad("this is a payload that was decoded already", ASK_AGAIN);
        }
        StringBuilder names = new StringBuilder();
        for (String name : members.keySet()) {
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        return TokenText.bad(
                "there is no " + wanted + " in this JSON object; it has "
                        + (names.isEmpty() ? "no members" : Printable.cut(names.toString(), 200)),
                "where the token is further down, take it out with jq -r first, or name the member with --select");
    }

    /** What an error response of OAuth or of Keycloak's admin interface is. */
    static Problem error(String error, String description) {
        String text = description == null ? error : error + ": " + description;
        return TokenText.bad("this is an error response, not a token: " + Printable.cut(text, 300), cure(error, text));
    }

    private static String cure(String error, String text) {
        if (text.contains("service account")) {
            return "switch on service account roles for the client in Keycloak";
        }
        switch (error) {
            case "unauthorized_client", "invalid_client":
                return "check the client id, and copy the secret again from Clients > (client) > Credentials";
            case "invalid_grant":
                return "check user name and password, or log in again: the code or refresh token may be used up";
            case "invalid_scope":
                return "ask for scopes that the client has in Keycloak";
            case "Realm does not exist":
                return "check the name of the realm";
            default:
                return "the token request failed: run gettoken alone to see why";
        }
    }

    private static Problem loneSegment(String word) {
        try {
            byte[] bytes = Base64Url.decode("only", word, new ArrayList<>());
            Map<String, Object> object = Json.asObject(Json.parse(InputText.utf8("it", bytes)));
            if (object != null) {
                String which = object.containsKey("alg") ? "header" : "payload";
                return TokenText.bad("this is only the " + which + " of a token", ASK_AGAIN);
            }
        } catch (Problem | MalformedJson broken) {
            // Then it is the beginning of a token, cut anywhere.
        }
        return segments(word);
    }

    /** What a token is that has not three segments. */
    static Problem segments(String text) {
        return TokenText.bad(
                "not a JWT: expected 3 segments, found " + (TokenText.dots(text) + 1),
                "it was cut off on its way, perhaps in a shell variable: copy the whole token");
    }

    private static boolean isMarkup(String text) {
        return indexOf(text, "<!doctype", 0) == 0 || indexOf(text, "<html", 0) == 0 || indexOf(text, "<?xml", 0) == 0;
    }

    private static boolean isMasked(String text) {
        int at = 0;
        while (at < text.length() && (text.charAt(at) == '*' || text.charAt(at) == 'x' || text.charAt(at) == 'X')) {
            at++;
        }
        return at == text.length();
    }

    private static String element(String text, String name) {
        int open = indexOf(text, "<" + name, 0);
        int start = open < 0 ? 0 : text.indexOf('>', open) + 1;
        int end = start == 0 ? -1 : indexOf(text, "</" + name, start);
        return end < 0 ? null : text.substring(start, end).trim();
    }

    /** Where {@code what} is next in {@code text}, in whatever case, or -1. */
    static int indexOf(String text, String what, int from) {
        for (int at = from; at + what.length() <= text.length(); at++) {
            if (text.regionMatches(true, at, what, 0, what.length())) {
                return at;
            }
        }
        return -1;
    }
}
