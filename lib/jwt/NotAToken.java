//SOURCES ../base/Printable.java ../base/Problem.java ../http/Redacted.java ../json/Json.java Base64Url.java
//SOURCES FoundToken.java TokenText.java

package lib.jwt;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Redacted;
import lib.json.Json;

/** Names what was found in place of a token. The messages never show what could be a secret. */
final class NotAToken {
    private static final String PASS_WHOLE = "pass the whole token, as gettoken prints it";

    private NotAToken() {}

    /** Refuses placeholders: what documentation, shells and people leave in place of a token. */
    static void refusePlaceholder(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "null", "undefined", "none", "nil", "true", "false":
                throw Problem.badToken(
                        "this is the word " + text + ", not a token", "the command before it printed no token");
            case "bearer", "dpop", "authorization:":
                throw Problem.badToken("there is no token after " + text, "the shell variable with the token is empty");
            default:
        }
        boolean isSingle = text.indexOf(' ') < 0;
        boolean isCut = text.contains("...") || text.indexOf('\u2026') >= 0;
        if (isCut && (isSingle || FoundToken.startsLikeJwt(text))) {
            throw Problem.badToken(
                    "this is a shortened token, with dots in place of its middle", "copy the whole token");
        }
        boolean isVariable =
                text.startsWith("$") || text.startsWith("{{") || text.startsWith("%") && text.endsWith("%");
        boolean isBracketed = text.startsWith("<")
                && text.endsWith(">")
                && text.indexOf('<', 1) < 0
                && !text.matches("(?is)<(!doctype|html|\\?xml).*");
        if (isBracketed || isSingle && (isVariable || text.matches("[*xX]+"))) {
            throw Problem.badToken("this is a placeholder, not a token", "replace it with the token");
        }
    }

    /** The HTML page or XML document {@code text}. */
    static Problem markup(String text) {
        if (text.matches("(?is).*<\\?xml.*") && !text.matches("(?is).*<html.*")) {
            return Problem.badToken("this is XML, not a token", PASS_WHOLE);
        }
        String title = element("title", text);
        String heading = title.isEmpty() ? element("h1", text) : title;
        return Problem.badToken(
                "this is an HTML page, not a token" + (heading.isEmpty() ? "" : ": " + Printable.cut(heading, 80)),
                "the URL was wrong, or a proxy or login page answered");
    }

    /** The text of the first element {@code name}; empty if there is none. */
    private static String element(String name, String text) {
        Matcher begin = Pattern.compile("(?i)<" + name + "[^<>]*+>").matcher(text);
        Matcher end = Pattern.compile("(?i)</" + name).matcher(text);
        return begin.find() && end.find(begin.end())
                ? text.substring(begin.end(), end.start()).trim()
                : "";
    }

    /** User and password as {@code Basic ...}. */
    static Problem basic() {
        return Problem.badToken(
                "these are Basic credentials, not a token", "request a token with gettoken and send it as Bearer");
    }

    /** A token of another kind than JWT; null if {@code token} may be one. */
    static Problem otherKind(String token) {
        int dots = FoundToken.dots(token);
        boolean isPaseto = token.length() > 3
                && token.charAt(0) == 'v'
                && token.charAt(2) == '.'
                && (token.startsWith("local.", 3) || token.startsWith("public.", 3));
        if (isPaseto) {
            return Problem.badToken("this is a PASETO, not a JWT", "it takes the tools of its issuer");
        }
        if (FoundToken.startsLikeJwt(token) && token.indexOf('~') > 0) {
            return Problem.badToken(
                    "this is an SD-JWT: a JWT and its disclosures", "pass what is before the first ~ to see the JWT");
        }
        if (dots == 0 && isEncoded(token)) {
            return encoded();
        }
        if (dots == 0 || token.startsWith("ya29.")) {
            return Problem.badToken(
                    "this is an opaque token, not a JWT" + (dots == 0 ? ": it has no dots" : ""),
                    "only its server can read it, by introspection or userinfo; --select id_token shows who logged in");
        }
        return null;
    }

    /** Whether {@code text} is base64 with a JWT in it, in any lines. */
    private static boolean isEncoded(String text) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text.replace('-', '+').replace('_', '/'));
            String decoded = new String(bytes, StandardCharsets.ISO_8859_1);
            int start = decoded.indexOf("eyJ");
            return start >= 0 && FoundToken.dots(decoded.substring(start)) >= 2;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static Problem encoded() {
        return Problem.badToken("this is a token in base64 once more", "decode it first: base64 -d");
    }

    /** A text without a token in it. */
    static Problem text(String text) {
        if (isEncoded(text)) {
            return encoded();
        }
        if (!FoundToken.startsLikeJwt(text)) {
            return Problem.badToken("there is no token in this text", PASS_WHOLE);
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > ' ' && !FoundToken.isWordCharacter(text.charAt(i))) {
                return Problem.badToken(
                        "the token has " + Base64Url.named(text.charAt(i)) + " at character " + (i + 1),
                        "copy it from plain text: something replaced a character");
            }
        }
        return segments(text);
    }

    /** A JSON object without the member {@code wanted}: an error response, a decoded payload, or other members. */
    static Problem object(Map<String, Object> members, String wanted) {
        String error = members.get("error") instanceof String text ? text : null;
        error = error == null && members.get("errorMessage") instanceof String text ? text : error;
        if (error != null) {
            return error(error, members.get("error_description"));
        }
        if (members.containsKey("iss") || members.containsKey("exp") && members.containsKey("iat")) {
            return Problem.badToken("this is a payload that was decoded already", PASS_WHOLE);
        }
        return Problem.badToken(
                "there is no " + wanted + " in this JSON object; it has "
                        + (members.isEmpty() ? "no members" : Printable.cut(String.join(", ", members.keySet()), 200)),
                "name the member with --select, or extract a nested token with jq -r first");
    }

    private static Problem error(String error, Object description) {
        String text = description instanceof String more ? error + ": " + more : error;
        return Problem.badToken(
                "this is an error response, not a token: " + Printable.cut(Redacted.text(text), 300),
                remedy(error, text));
    }

    private static String remedy(String error, String text) {
        if (text.contains("service account")) {
            return "switch on service account roles for the client in Keycloak";
        }
        return switch (error) {
            case "unauthorized_client", "invalid_client" ->
                "check the client ID, and copy the secret again (Keycloak: Clients > CLIENT > Credentials)";
            case "invalid_grant" ->
                "check user name and password, or log in again: the code or refresh token may be used up";
            case "invalid_scope" -> "request only scopes that the client has";
            case "Realm does not exist" -> "check the name of the realm";
            default -> "the token request failed: run gettoken alone to see why";
        };
    }

    /** A word that begins like a JWT and has not all segments. */
    static Problem part(String word) {
        if (FoundToken.dots(word) == 0) {
            try {
                byte[] bytes = Base64Url.decode("only", word, new ArrayList<>());
                Map<String, Object> object = Json.object(TokenText.utf8("it", bytes));
                if (object.get("access_token") instanceof String) {
                    return encoded();
                }
                if (!object.isEmpty()) {
                    String which = object.containsKey("alg") ? "header" : "payload";
                    return Problem.badToken("this is only the " + which + " of a token", PASS_WHOLE);
                }
            } catch (Problem cut) {
                // Not a whole segment, but the beginning of a token.
            }
        }
        return segments(word);
    }

    /** A token with another number of segments than three. */
    static Problem segments(String text) {
        int segments = FoundToken.dots(text) + 1;
        if (segments > 3 && text.endsWith(".")) {
            return Problem.badToken("there is a dot behind the token", "copy it without the dot");
        }
        return Problem.badToken(
                "not a JWT: expected 3 segments, found " + segments,
                segments < 3
                        ? "it was cut off on its way, perhaps in a shell variable: copy the whole token"
                        : "what is behind the third does not belong to it: copy the token alone");
    }
}
