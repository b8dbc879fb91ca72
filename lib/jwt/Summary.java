//SOURCES ../base/Printable.java ArchiveRules.java Claims.java Jwt.java

package lib.jwt;

import module java.base;
import lib.base.Printable;

/** A token at a glance, for people: its kind, client, roles and times, and whether the archive would accept it. */
public final class Summary {
    private static final int MAX_ROLES = 12;
    private static final int MAX = 120;

    private Summary() {}

    /**
     * The lines of the summary.
     *
     * @param now the time
     * @param issuer the issuer that the archive trusts, or null if that is not known
     */
    public static List<String> of(Jwt token, Instant now, String issuer) {
        List<String> lines = new ArrayList<>();
        if (token.isEncrypted()) {
            lines.add("encrypted token");
            add(lines, "algorithm", token.algorithm());
        } else {
            describe(lines, token, now);
        }
        List<ArchiveRules.Violation> violations = ArchiveRules.violations(token, now, issuer);
        lines.add(
                violations.isEmpty()
                        ? "nothing in it would make the archive refuse it"
                        : "the archive would refuse it:");
        for (ArchiveRules.Violation violation : violations) {
            lines.add("  " + violation.what() + " - " + violation.cure());
        }
        return lines;
    }

    private static void describe(List<String> lines, Jwt token, Instant now) {
        Claims claims = token.claims();
        lines.add(claims.kind());
        add(lines, "algorithm", token.algorithm());
        add(lines, "key", token.header().get("kid") instanceof String kid ? kid : null);
        add(lines, "issuer", claims.text("iss"));
        String user = claims.text("preferred_username");
        String subject = claims.text("sub");
        add(lines, "subject", user == null || subject == null ? subject : subject + " (" + user + ")");
        add(lines, "client", claims.text("azp") == null ? claims.text("client_id") : claims.text("azp"));
        List<String> roles = claims.realmRoles();
        add(lines, "roles", roles.isEmpty() ? null : Printable.list(roles, MAX_ROLES, MAX - 20));
        Claims.Time issued = claims.time("iat");
        if (issued != null) {
            add(
                    lines,
                    "issued",
                    issued.iso() == null ? issued.fault() : issued.iso() + ", " + Claims.relative(issued.at(), now));
        }
        Claims.Time exp = claims.time("exp");
        String expires = Claims.expiry(exp, now);
        if (exp != null && exp.isOrdinary() && exp.at().getEpochSecond() != 0) {
            expires = exp.iso() + ", " + expires;
        }
        add(lines, "expires", expires);
    }

    private static void add(List<String> lines, String name, String value) {
        String label = "  " + name + " ".repeat(10 - name.length());
        lines.add(label + (value == null ? "none" : Printable.cut(value, MAX)));
    }
}
