//SOURCES ../base/Printable.java Claims.java Jwt.java

package lib.jwt;

import module java.base;
import lib.base.Printable;

/**
 * The rules by which the archive accepts a token, as far as the token and the time tell: those of Elytron's OIDC
 * mechanism, and the role that the archive requires.
 */
public final class ArchiveRules {
    private static final String ROLE = "auth";
    private static final int MAX_ROLES = 8;
    private static final String ADMIN_CLI = "admin-cli";

    private ArchiveRules() {}

    /**
     * A rule that the token breaks.
     *
     * @param what what is wrong, in a line
     * @param cure what to do about it, in a line
     * @param isAboutRoles whether the archive accepts the token but grants nothing: it answers 403 instead of 401
     */
    public record Violation(String what, String cure, boolean isAboutRoles) {
        Violation(String what, String cure) {
            this(what, cure, false);
        }
    }

    /**
     * The rules that {@code token} breaks, the most common one first.
     *
     * @param now the time
     * @param issuer the issuer that the archive trusts, or null if it is not known
     */
    public static List<Violation> violations(Jwt token, Instant now, String issuer) {
        List<Violation> violations = new ArrayList<>();
        if (token.isEncrypted()) {
            violations.add(
                    new Violation("it is encrypted", "switch off access token encryption for the client in Keycloak"));
            return violations;
        }
        Claims claims = token.claims();
        boolean hasSubject = claims.text("sub") != null;
        boolean hasRole = claims.realmRoles().contains(ROLE);
        boolean isBearer = "Bearer".equals(claims.text("typ"));
        boolean isLightweight = isBearer && claims.isLightweight() && !(hasSubject && hasRole);
        if (isLightweight) {
            // Named before what follows from it: a new token would be the same.
            violations.add(new Violation(
                    "it is a lightweight access token, without roles",
                    changing(claims, "switch off lightweight access tokens for CLIENT (Advanced)"),
                    hasSubject));
        }
        addTimes(violations, claims, now);
        if (!isBearer) {
            violations.add(otherKind(claims));
        }
        if (!"RS256".equals(token.algorithm())) {
            violations.add(new Violation(
                    "alg is " + or(token.algorithm(), "missing") + ", and the archive accepts RS256",
                    changing(claims, "set the access token signature algorithm of CLIENT to RS256 (Advanced)")));
        }
        if (!isLightweight && !hasSubject) {
            violations.add(new Violation("there is no sub", changing(claims, "give CLIENT the client scope basic")));
        }
        if (!isLightweight && !hasRole) {
            violations.add(roleMissing(claims));
        }
        if (issuer != null && !issuer.equals(claims.text("iss"))) {
            violations.add(new Violation(
                    "it was issued by " + or(claims.text("iss"), "an unnamed issuer") + ", and " + issuer
                            + " is expected",
                    "request the token from exactly the URL by which the archive knows Keycloak"));
        }
        return violations;
    }

    private static void addTimes(List<Violation> violations, Claims claims, Instant now) {
        Claims.Time exp = claims.time("exp");
        if (exp == null) {
            violations.add(new Violation("it has no expiry (exp)", "request the token from Keycloak, which sets one"));
        } else if (exp.at() == null || claims.text("exp") != null) {
            violations.add(new Violation(exp.fault(), "request the token from Keycloak, which writes a number"));
        } else if (!exp.at().isAfter(now)) {
            String cure = "request a new one with gettoken; if it is new, the clocks differ";
            violations.add(new Violation("expired " + Claims.relative(exp.at(), now), cure));
        }
        Claims.Time nbf = claims.time("nbf");
        if (nbf != null && nbf.at() != null && nbf.at().isAfter(now)) {
            violations.add(new Violation(
                    "not valid yet: it begins " + Claims.relative(nbf.at(), now),
                    "set the clocks of Keycloak, the archive and this machine"));
        }
    }

    private static Violation otherKind(Claims claims) {
        String kind = claims.kind();
        if ("DPoP".equals(claims.text("typ"))) {
            return new Violation(
                    "its typ is DPoP, and the archive accepts only Bearer", "request it without a DPoP proof");
        }
        return new Violation(
                "it is not an access token but " + ("aeiouI".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind
                        + ", and the archive accepts only typ Bearer",
                "pass the access_token of a token response");
    }

    /** {@code cure} with the client for CLIENT; Keycloak's own client for administrators is never to be changed. */
    private static String changing(Claims claims, String cure) {
        String client = claims.text("azp");
        return ADMIN_CLI.equals(client)
                ? ADMIN_CLI
                        + " is for Keycloak's administrators: use a client of your own (--client-id), which regclient"
                        + " registers"
                : cure.replace("CLIENT", "client " + or(client, "(unknown)"));
    }

    private static Violation roleMissing(Claims claims) {
        List<String> roles = claims.realmRoles();
        String user = or(claims.text("preferred_username"), "the user or service account");
        String client = claims.clientWithRole(ROLE);
        if (client != null) {
            return new Violation(
                    "the realm role " + ROLE + " is missing: it has a role of that name of client " + client
                            + ", which does not count",
                    "assign the realm role " + ROLE + " to " + user + " in Keycloak (Filter by realm roles)",
                    true);
        }
        if (roles.isEmpty()) {
            return new Violation(
                    "the realm role " + ROLE + " is missing: it has no realm roles",
                    changing(claims, "assign the role, and switch on full scope for CLIENT"),
                    true);
        }
        return new Violation(
                "the realm role " + ROLE + " is missing: it has " + Printable.list(roles, MAX_ROLES, 300),
                "assign the role to " + user + " in Keycloak",
                true);
    }

    private static String or(String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
