//SOURCES ClaimTime.java Claims.java HumanTime.java Jwt.java

package lib.jwt;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What would make the archive refuse a token, as far as the token and the time tell: the checks of Elytron's OIDC
 * mechanism and of the archive's own role, each with its cure.
 */
public final class Judgement {
    private static final String ROLE = "auth";
    private static final int MOST_ROLES = 8;

    private Judgement() {}

    /**
     * One reason to refuse.
     *
     * @param what what is wrong, in a line
     * @param cure what to do about it, in a line
     * @param isAboutRoles whether the archive knows the token but grants nothing: its answer is 403 and not 401
     */
    public record Flaw(String what, String cure, boolean isAboutRoles) {
        Flaw(String what, String cure) {
            this(what, cure, false);
        }
    }

    /**
     * All reasons to refuse {@code token}, the likeliest first.
     *
     * @param now the time
     * @param issuer the issuer that the archive trusts, or null if that is not known
     */
    public static List<Flaw> of(Jwt token, Instant now, String issuer) {
        List<Flaw> flaws = new ArrayList<>();
        if (token.isEncrypted()) {
            flaws.add(new Flaw("it is encrypted", "switch off access token encryption for the client in Keycloak"));
            return flaws;
        }
        Claims claims = token.claims();
        String client = "client " + or(claims.text("azp"), "(unknown)");
        addTimes(flaws, claims, now);
        if (!"Bearer".equals(claims.text("typ"))) {
            flaws.add(otherKind(claims));
        }
        if (!"RS256".equals(token.algorithm())) {
            flaws.add(new Flaw(
                    "alg is " + or(token.algorithm(), "missing") + ", and the archive accepts RS256",
                    "set the access token signature algorithm of " + client + " to RS256 (Advanced)"));
        }
        boolean hasSubject = claims.text("sub") != null;
        boolean hasRole = claims.realmRoles().contains(ROLE);
        if (!hasSubject) {
            flaws.add(new Flaw("there is no sub", "give " + client + " the client scope basic"));
        }
        if (claims.isLightweight() && !(hasSubject && hasRole)) {
            flaws.add(new Flaw(
                    "it is a lightweight access token, without roles",
                    "use another client than admin-cli, or switch off lightweight access tokens for " + client,
                    hasSubject));
        } else if (!hasRole) {
            flaws.add(roleMissing(claims, client));
        }
        if (issuer != null && !issuer.equals(claims.text("iss"))) {
            flaws.add(new Flaw(
                    "it was issued by " + or(claims.text("iss"), "nobody") + ", and " + issuer + " is expected",
                    "request the token from the very URL that the archive knows Keycloak by"));
        }
        return flaws;
    }

    private static void addTimes(List<Flaw> flaws, Claims claims, Instant now) {
        ClaimTime exp = claims.time("exp");
        if (exp == null) {
            flaws.add(new Flaw("it has no expiry (exp)", "request the token from Keycloak, which sets one"));
        } else if (exp.at() == null || claims.text("exp") != null) {
            flaws.add(new Flaw(exp.oddity(), "request the token from Keycloak, which writes a number"));
        } else if (!exp.at().isAfter(now)) {
            String cure = "request a new one with gettoken; if it is new, the clocks differ";
            flaws.add(new Flaw("expired " + HumanTime.relative(exp.at(), now), cure));
        }
        ClaimTime nbf = claims.time("nbf");
        if (nbf != null && nbf.at() != null && nbf.at().isAfter(now)) {
            flaws.add(new Flaw(
                    "not valid yet: it begins " + HumanTime.relative(nbf.at(), now),
                    "set the clocks of Keycloak, the archive and this machine"));
        }
    }

    private static Flaw otherKind(Claims claims) {
        String kind = claims.kind();
        if ("DPoP".equals(claims.text("typ"))) {
            return new Flaw("its typ is DPoP, and the archive accepts only Bearer", "request it without a DPoP proof");
        }
        return new Flaw(
                "it is no access token but " + ("aeiouI".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind
                        + ", and the archive accepts only typ Bearer",
                "pass the access_token of a token response");
    }

    private static Flaw roleMissing(Claims claims, String client) {
        List<String> roles = claims.realmRoles();
        if (roles.isEmpty()) {
            return new Flaw(
                    "the realm role " + ROLE + " is missing: it has no realm roles",
                    "assign the role, and switch on full scope for " + client,
                    true);
        }
        StringBuilder has = new StringBuilder();
        for (int i = 0; i < roles.size() && i < MOST_ROLES; i++) {
            has.append(i == 0 ? "" : ", ").append(roles.get(i));
        }
        if (roles.size() > MOST_ROLES) {
            has.append(" and ").append(roles.size() - MOST_ROLES).append(" more");
        }
        String user = claims.text("preferred_username");
        return new Flaw(
                "the realm role " + ROLE + " is missing: it has " + has,
                "assign the role to " + or(user, "the service account of " + client) + " in Keycloak",
                true);
    }

    private static String or(String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
