//SOURCES ../base/Printable.java ../base/Problem.java ../json/Json.java ClaimPath.java Claims.java Jwt.java

package lib.jwt;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.json.Json;

/** A condition that a token must meet before it is relied on. {@link Verifier} checks the signature. */
public interface Check {
    /** How many characters of a found value a message shows. */
    int MAX_SHOWN = 300;

    /**
     * Tests the token.
     *
     * @param token the token, not encrypted
     * @param now the time
     * @param failures where a {@link Problem} is added for each failure: what was wanted, what was found, what to do
     */
    void test(Jwt token, Instant now, List<Problem> failures);

    /** Every program reads the token alike: no duplicate members, no base64url that other decoders refuse. */
    static Check unambiguous() {
        return (token, now, failures) -> {
            for (Jwt.Finding finding : token.findings(now)) {
                if (finding.severity() == Jwt.Severity.AMBIGUOUS) {
                    failures.add(Problem.badToken(
                            "the token is ambiguous: " + finding.text(),
                            "programs may read it differently; request a new one and pass it on unchanged"));
                }
            }
        };
    }

    /**
     * The token is neither expired nor not yet valid (RFC 7519, sections 4.1.4 and 4.1.5). A token without these claims
     * passes.
     *
     * @param leeway by how many seconds the clocks may differ
     */
    static Check valid(long leeway) {
        String tolerance = " (" + leeway + " s are tolerated)";
        return (token, now, failures) -> {
            Claims claims = token.claims();
            Instant exp = time(claims, "exp", failures);
            if (exp != null && !claims.neverExpires() && !exp.isAfter(now.minusSeconds(leeway))) {
                failures.add(Problem.badToken(
                        "the token expired " + Claims.relative(exp, now) + tolerance,
                        "request a new one with gettoken; if it is new, compare the clocks"));
            }
            Instant nbf = time(claims, "nbf", failures);
            if (nbf != null && nbf.isAfter(now.plusSeconds(leeway))) {
                failures.add(Problem.badToken(
                        "the token is not valid yet: it begins " + Claims.relative(nbf, now) + tolerance,
                        "compare the clock of this machine with that of the provider"));
            }
        };
    }

    /** The claim as a time; null if it is absent, or not a number, which is a failure. */
    private static Instant time(Claims claims, String name, List<Problem> failures) {
        Claims.Time time = claims.time(name);
        if (time == null) {
            return null;
        }
        if (time.at() == null || claims.text(name) != null) {
            failures.add(Problem.badToken(time.fault(), "programs read such a time differently; request a new token"));
            return null;
        }
        return time.at();
    }

    /**
     * A claim has a value, or is an array that contains it.
     *
     * @param text {@code NAME=VALUE}: a {@link ClaimPath}, and text as it is or any other value as compact JSON
     */
    static Check claim(String text) {
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
            throw Problem.usage("--require " + text + " needs a value", "NAME=VALUE, for example --require azp=curl");
        }
        ClaimPath path = ClaimPath.parse(text.substring(0, equals));
        String value = text.substring(equals + 1);
        return (token, now, failures) -> {
            Object found = path.in(token.payload());
            String wanted = path.text() + " = " + value;
            List<Object> values = found instanceof List ? Json.asArray(found) : Collections.singletonList(found);
            if (found == ClaimPath.ABSENT) {
                failures.add(missed(
                        wanted,
                        "the token has no " + path.text(),
                        "decodejwt without options shows all claims of the token"));
            } else if (!value.equals(written(found)) && values.stream().noneMatch(one -> value.equals(written(one)))) {
                failures.add(missed(wanted, "it is " + written(found), "check that this is the right token"));
            }
        };
    }

    /** {@code value} as it is shown. */
    private static String written(Object value) {
        return Printable.encodable(value instanceof String text ? text : Json.compact(value));
    }

    /**
     * The token has a role of the realm, or of a client.
     *
     * @param text {@code ROLE} or {@code CLIENT:ROLE}; a client ID may contain colons, as URLs do
     */
    static Check role(String text) {
        int colon = text.lastIndexOf(':');
        String client = colon < 0 ? null : text.substring(0, colon);
        String role = text.substring(colon + 1);
        return (token, now, failures) -> {
            Claims claims = token.claims();
            List<String> roles = client == null ? claims.realmRoles() : claims.clientRoles(client);
            if (!roles.contains(role)) {
                String user = claims.text("preferred_username");
                failures.add(missed(
                        client == null ? "realm role " + role : "role " + role + " of client " + client,
                        "the token has " + (roles.isEmpty() ? "none" : String.join(", ", roles)),
                        claims.isLightweight()
                                ? "a lightweight access token has no roles: switch them off for its client (Advanced)"
                                : "assign it to " + (user == null ? "the user or service account" : user)
                                        + ", then request a new token"));
            }
        };
    }

    /** The token is for {@code audience}: {@code aud} has that value. */
    static Check audience(String audience) {
        return (token, now, failures) -> {
            List<String> found = token.claims().audience();
            if (!found.contains(audience)) {
                failures.add(missed(
                        "aud " + audience,
                        found.isEmpty() ? "the token has none" : "the token is for " + String.join(", ", found),
                        "have the issuer add it (in Keycloak by an audience mapper), then request a new token"));
            }
        };
    }

    /** The token stays valid for {@code seconds} at least. */
    static Check lifetime(long seconds) {
        return (token, now, failures) -> {
            Claims claims = token.claims();
            Claims.Time exp = claims.time("exp");
            boolean isTime = exp != null && exp.at() != null && claims.text("exp") == null;
            if (!isTime || !claims.neverExpires() && exp.at().isBefore(now.plusSeconds(seconds))) {
                failures.add(missed(
                        "an exp at least " + Claims.span(seconds) + " away",
                        "the token has " + (exp == null ? "none" : "this: " + Claims.expiry(exp, now)),
                        "request a new token; the issuer sets how long it lives (access token lifespan)"));
            }
        };
    }

    private static Problem missed(String wanted, String found, String hint) {
        return Problem.badToken("wanted " + wanted + ", but " + Printable.cut(found, MAX_SHOWN), hint);
    }
}
