//SOURCES ../base/Printable.java ../base/Problem.java ../json/Json.java ../json/JsonNumber.java ClaimPath.java
//SOURCES ClaimTime.java Claims.java Jwt.java

package lib.jwt;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Printable;
import lib.base.Problem;
import lib.json.Json;
import lib.json.JsonNumber;

/**
 * What somebody wants to see of a token.
 *
 * @param part which part, unless {@code claim} is given
 * @param claim the one value of the payload to show, or null
 * @param dates whether times are shown as ISO 8601
 * @param forPeople whether it is laid out for a terminal, and nothing in it can act on that
 */
public record View(Part part, ClaimPath claim, boolean dates, boolean forPeople) {
    private static final String[] TIMES = {"exp", "iat", "nbf", "auth_time"};

    /** A part of a token. */
    public enum Part {
        /** The claims. */
        PAYLOAD,
        /** What says how the token is signed or encrypted. */
        HEADER,
        /** Header, payload and signature in one object. */
        ALL
    }

    /** The text to print, without a line end behind it; {@link Problem} where the token has no such thing. */
    public String of(Jwt token) {
        if (claim != null) {
            return value(claim.in(payload(token)));
        }
        switch (part) {
            case HEADER:
                return json(token.header());
            case ALL:
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("header", token.header());
                all.put("payload", payload(token));
                all.put("signature", token.signature());
                return json(all);
            default:
                return json(payload(token));
        }
    }

    private Map<String, Object> payload(Jwt token) {
        if (!dates) {
            return token.payload();
        }
        Map<String, Object> dated = new LinkedHashMap<>(token.payload());
        Claims claims = token.claims();
        for (String name : TIMES) {
            ClaimTime time = claims.time(name);
            if (time != null && time.iso() != null && dated.get(name) instanceof JsonNumber) {
                dated.put(name, time.iso());
            }
        }
        return dated;
    }

    private String value(Object value) {
        if (value == ClaimPath.ABSENT) {
            throw Problem.badToken("there is no " + claim.text() + " in the token", "see all of it without --claim");
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

    // Escaped in a pipe too: a line break in a role must not make two roles of it.
    private static String element(Object value) {
        return value instanceof String text ? Printable.line(text) : Json.compact(value);
    }

    private String json(Object value) {
        return forPeople ? Json.pretty(value) : Json.compact(value);
    }
}
