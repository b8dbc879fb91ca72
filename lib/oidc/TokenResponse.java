//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Response.java
//SOURCES ../json/Json.java

package lib.oidc;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;

/**
 * A successful response of a token endpoint (RFC 6749, section 5.1), one of whose members is a valid access token.
 *
 * @param host the host and port that answered
 * @param members all members, as the server sent them
 * @param age for how many seconds it was kept in the cache; its times are what is left now. -1 if it was just received
 */
public record TokenResponse(String host, Map<String, Object> members, long age) {
    // Ten years, in seconds: no token is valid for longer, and sums of such times do not overflow.
    private static final long LONGEST = 10L * 365 * 24 * 60 * 60;

    /** The response of {@code host}, just received. */
    TokenResponse(String host, Map<String, Object> members) {
        this(host, members, -1);
    }

    /**
     * Reads the response; {@link Problem} if a success has no token. Null for a refusal, which some providers send with
     * status 200.
     */
    static TokenResponse read(Response response) {
        if (response.status() / 100 != 2) {
            return null;
        }
        String host = Http.authority(response.uri());
        Map<String, Object> members;
        try {
            members = Json.asObject(Json.parse(response.text()));
        } catch (Json.Malformed e) {
            throw senseless(
                    host,
                    response.status()
                            + (response.mediaType().equals("text/html")
                                    ? " with an HTML page"
                                    : response.mediaType().equals("application/x-www-form-urlencoded")
                                            ? " with a form where JSON must be"
                                            : " with JSON that is " + e.getMessage()));
        }
        if (members == null || !(members.get("access_token") instanceof String text) || text.isEmpty()) {
            if (members != null && members.get("error") instanceof String) {
                return null;
            }
            throw senseless(host, response.status() + " without an access_token");
        }
        TokenResponse read = new TokenResponse(host, members);
        read.accessToken();
        return read;
    }

    /** Whether it comes from the cache. */
    public boolean isKept() {
        return age >= 0;
    }

    /** For how many seconds the access token is still valid; 0 if the server does not say. */
    public long left() {
        return seconds(members, "expires_in", 0);
    }

    /** For how many seconds the access token was valid when it was received; 0 if the server does not say. */
    public long life() {
        return left() + Math.max(0, age);
    }

    /** The seconds in {@code member}, which some providers write as a text; {@code none} if that is no number. */
    static long seconds(Map<String, Object> members, String member, long none) {
        try {
            return Math.clamp(new Json.Number(String.valueOf(members.get(member))).toLong(), 0, LONGEST);
        } catch (NumberFormatException missingOrNone) {
            return none;
        }
    }

    /** The access token, ready to be sent. */
    public Secret accessToken() {
        return token("access_token");
    }

    /**
     * The token in {@code member}; {@link Problem} if there is none, or if it has characters that no header may carry
     * (RFC 6750, section 2.1, {@code b64token}).
     */
    public Secret token(String member) {
        Object value = members.get(member);
        if (value == null) {
            throw Problem.badToken(
                    "there is no " + member + " in the response of " + host,
                    member.equals("id_token")
                            ? "request it with --scope openid"
                            : "see all members with --format json");
        }
        if (!(value instanceof String text) || !isB64Token(text)) {
            String article = member.equals("refresh_token") ? "with a " : "with an ";
            throw senseless(host, article + member + " that has characters no token has");
        }
        return new Secret(text);
    }

    /** Whether {@code text} is a {@code b64token} (RFC 6750, section 2.1). */
    static boolean isB64Token(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            if (!Secret.isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return end > 0;
    }

    /** Shows nothing of the tokens. */
    @Override
    public String toString() {
        return host;
    }

    private static Problem senseless(String host, String what) {
        return Problem.serverFailed(
                Printable.line(host) + " answered " + what,
                "check that this is the token endpoint, and not a proxy or login page in front of it");
    }
}
