//SOURCES ../base/Printable.java ../base/Problem.java ../json/Json.java ClaimPath.java Claims.java Jwt.java

package lib.jwt;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.json.Json;

/**
 * What is printed of a token.
 *
 * @param part which part, unless {@code claim} is given
 * @param claim the one value of the payload to show, or null
 * @param dates whether times are shown as ISO 8601
 * @param forPeople whether it is indented for a terminal, and escaped so that it cannot control it
 * @param isColoured whether JSON is in colours then
 */
public record View(Part part, ClaimPath claim, boolean dates, boolean forPeople, boolean isColoured) {
    private static final String[] TIMES = {"exp", "iat", "nbf", "auth_time"};

    /** A part of a token. */
    public enum Part {
        /** The claims. */
        PAYLOAD,
        /** How the token is signed or encrypted. */
        HEADER,
        /** Header, payload and signature in one object. */
        ALL
    }

    /** The text to print, without a line end; {@link Problem} if the token has no such claim. */
    public String of(Jwt token) {
        if (claim != null) {
            return value(claim.in(payload(token)));
        }
        if (part != Part.ALL) {
            return json(part == Part.HEADER ? token.header() : payload(token));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("header", token.header());
        all.put("payload", payload(token));
        all.put("signature", token.signature());
        return json(all);
    }

    private Map<String, Object> payload(Jwt token) {
        if (!dates) {
            return token.payload();
        }
        Map<String, Object> dated = new LinkedHashMap<>(token.payload());
        Claims claims = token.claims();
        for (String name : TIMES) {
            Claims.Time time = claims.time(name);
            if (time != null && time.iso() != null && dated.get(name) instanceof Json.Number) {
                dated.put(name, time.iso());
            }
        }
        return dated;
    }

    private String value(Object value) {
        if (value == ClaimPath.ABSENT) {
            throw Problem.badToken(
                    "there is no " + claim.text() + " in the token", "run it without --claim to see all claims");
        }
        List<Object> array = Json.asArray(value);
        if (array == null) {
            return value instanceof String text && !forPeople ? text : element(value);
        }
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < array.size(); i++) {
            lines.append(i == 0 ? "" : "\n").append(element(array.get(i)));
        }
        return lines.toString();
    }

    // Escaped in a pipe too: a line break in a role must not look like two roles.
    private static String element(Object value) {
        return value instanceof String text ? Printable.line(text) : Json.compact(value);
    }

    private String json(Object value) {
        return forPeople ? Json.pretty(value, isColoured) : Json.compact(value);
    }
}
