//SOURCES ../base/Printable.java ../base/Problem.java ../json/Json.java Check.java ClaimPath.java ClaimTime.java
//SOURCES Claims.java HumanTime.java Jwt.java TokenText.java

package lib.jwt;

import java.time.Instant;
import java.util.List;
import lib.base.Printable;
import lib.base.Problem;
import lib.json.Json;

/** What somebody requires of a token's claims. */
public sealed interface Requirement extends Check {
    /** How much of what was found is shown. */
    int MOST = 300;

    /**
     * A claim that has a value, or an array that contains it.
     *
     * @param path where
     * @param value text as it is, anything else as JSON
     */
    record Claim(ClaimPath path, String value) implements Requirement {
        /** Reads {@code NAME=VALUE}, where NAME is a {@link ClaimPath}. */
        public static Claim parse(String text) {
            int equals = 0;
            char quote = 0;
            while (equals < text.length() && (quote != 0 || text.charAt(equals) != '=')) {
                char c = text.charAt(equals);
                if (c == quote) {
                    quote = 0;
                } else if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                }
                equals++;
            }
            if (equals == text.length()) {
                throw Problem.usage("what shall " + text + " be?", "NAME=VALUE, for example --require azp=curl");
            }
            return new Claim(ClaimPath.parse(text.substring(0, equals)), text.substring(equals + 1));
        }

        @Override
        public void test(Jwt token, Instant now, List<Problem> failures) {
            Object found = path.in(token.payload());
            if (found == ClaimPath.ABSENT) {
                failures.add(wanted(
                        path.text() + " = " + value,
                        "the token has no " + path.text(),
                        "decodejwt alone shows what it has"));
            } else if (!has(found)) {
                failures.add(wanted(
                        path.text() + " = " + value,
                        "it is " + (found instanceof String text ? text : Json.compact(found)),
                        "is this the right token?"));
            }
        }

        private boolean has(Object found) {
            List<Object> array = Json.asArray(found);
            if (array == null) {
                return isValue(found);
            }
            for (Object element : array) {
                if (isValue(element)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isValue(Object found) {
            return value.equals(found instanceof String text ? text : Json.compact(found));
        }
    }

    /**
     * A role of the realm, or of a client.
     *
     * @param client the client, or null for the realm
     * @param role the role's name
     */
    record Role(String client, String role) implements Requirement {
        /** Reads {@code ROLE} or {@code CLIENT:ROLE}; a client may have a colon in its name, as URLs do. */
        public static Role parse(String text) {
            int colon = text.lastIndexOf(':');
            return colon < 0 ? new Role(null, text) : new Role(text.substring(0, colon), text.substring(colon + 1));
        }

        @Override
        public void test(Jwt token, Instant now, List<Problem> failures) {
            Claims claims = token.claims();
            List<String> roles = client == null ? claims.realmRoles() : claims.clientRoles(client);
            if (!roles.contains(role)) {
                String user = claims.text("preferred_username");
                failures.add(wanted(
                        client == null ? "realm role " + role : "role " + role + " of client " + client,
                        "the token has " + (roles.isEmpty() ? "none" : String.join(", ", roles)),
                        "assign it to " + (user == null ? "the user or service account" : user)
                                + " in Keycloak, then request a new token"));
            }
        }
    }

    /**
     * An audience.
     *
     * @param audience who must be among those that the token is for
     */
    record Audience(String audience) implements Requirement {
        @Override
        public void test(Jwt token, Instant now, List<Problem> failures) {
            List<String> found = token.claims().audience();
            if (!found.contains(audience)) {
                failures.add(wanted(
                        "aud " + audience,
                        found.isEmpty() ? "the token has none" : "the token is for " + String.join(", ", found),
                        "give the client an audience mapper for it in Keycloak, then request a new token"));
            }
        }
    }

    /**
     * A lifetime that is left.
     *
     * @param seconds how many at least
     */
    record Lifetime(long seconds) implements Requirement {
        @Override
        public void test(Jwt token, Instant now, List<Problem> failures) {
            Claims claims = token.claims();
            ClaimTime exp = claims.time("exp");
            boolean isTime = exp != null && exp.at() != null && claims.text("exp") == null;
            if (!isTime || !claims.neverExpires() && exp.at().isBefore(now.plusSeconds(seconds))) {
                failures.add(wanted(
                        "an exp at least " + HumanTime.span(seconds) + " away",
                        "the token has " + (exp == null ? "none" : "this: " + HumanTime.expiry(exp, now)),
                        "request a new token; its lifetime is set in Keycloak (access token lifespan)"));
            }
        }
    }

    private static Problem wanted(String wanted, String found, String hint) {
        return TokenText.bad("wanted " + wanted + ", but " + Printable.cut(found, MOST), hint);
    }
}
