//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Response.java
//SOURCES ../jwt/ArchiveRules.java ../jwt/Jwt.java Probe.java ServerText.java

package lib.arc;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Response;
import lib.jwt.ArchiveRules;
import lib.jwt.Jwt;

/**
 * The likeliest cause of a 401 or 403. The archive answers every bad token alike, so the cause comes from the token
 * itself and from other requests (facts B2, E).
 *
 * @param response the refusal
 * @param probe sends the other requests
 * @param token the token that was sent, or null
 * @param now the time
 */
record Refusal(Response response, Probe probe, Secret token, Instant now) {
    private static final int MAX = 300;
    private static final String REALMS = "/realms/";

    /** The problem behind a 401. */
    Problem unauthorized() {
        if (token == null) {
            return withoutToken(response.header("WWW-Authenticate"));
        }
        Jwt jwt;
        try {
            jwt = Jwt.decode(token);
        } catch (Problem fault) {
            // Three segments of which one is damaged were a token once.
            boolean isDamaged = !fault.getMessage().startsWith("not a JWT");
            return refused(
                    "refused the token (401): " + (isDamaged ? fault.getMessage() : "it is not a JWT"),
                    isDamaged
                            ? fault.hint()
                            : "pass an access token from gettoken; if standard input holds other lines, as in a loop,"
                                    + " add --no-stdin");
        }
        for (ArchiveRules.Violation violation : ArchiveRules.violations(jwt, now, null)) {
            if (!violation.isAboutRoles()) {
                return refused("refused the token (401): " + violation.what(), violation.cure());
            }
        }
        if (jwt.signatureFault() != null) {
            return refused("refused the token (401): " + jwt.signatureFault(), Jwt.CUT);
        }
        String issuer = String.valueOf(jwt.claims().text("iss"));
        String said = parameter("error_description", response.header("WWW-Authenticate"));
        String although = "refused the token (401) though it looks valid"
                + (said == null || said.startsWith("ELY2305") ? "" : ": " + response.shown(said, MAX));
        String expected = probe.issuer();
        if (expected != null && !expected.equals(issuer)) {
            return otherIssuer(although, issuer, expected, "the archive's own users log in ");
        }
        String kid = jwt.header().get("kid") instanceof String text ? text : null;
        if (probe.lacksKey(kid)) {
            String ours = probe.keys().toString().replace("/protocol/openid-connect/certs", "");
            if (!ours.equals(issuer)) {
                return otherIssuer(although, issuer, ours, "the settings of this run log in ");
            }
            return refused(
                    although + "; it was signed with key " + Printable.cut(kid, MAX) + ", which is not among those at "
                            + probe.keys(),
                    "request a new one with gettoken: Keycloak's keys have changed");
        }
        return refused(
                although + "; it was issued by " + Printable.cut(issuer, MAX),
                "the archive must know Keycloak by exactly that URL (its AUTH_SERVER_URL) and reach its keys; its"
                        + " server.log has the reason: search for ELY2305");
    }

    /**
     * The problem of a token from the wrong issuer.
     *
     * @param issuer the token's issuer
     * @param expected the issuer that it should be
     * @param logIn the beginning of a clause that ends in {@code expected}
     */
    private Problem otherIssuer(String although, String issuer, String expected, String logIn) {
        int realm = expected.lastIndexOf(REALMS) + REALMS.length();
        if (expected.contains(REALMS) && issuer.startsWith(expected.substring(0, realm))) {
            String name = Printable.cut(expected.substring(realm), MAX);
            return refused(
                    although + "; it is of the realm " + Printable.cut(issuer.substring(realm), MAX) + ", but " + logIn
                            + "to the realm " + name,
                    "request the token from that realm: gettoken --realm " + name);
        }
        boolean isAlias = numeric(issuer).equals(numeric(expected));
        return refused(
                although + "; it was issued by " + Printable.cut(issuer, MAX) + ", but " + logIn + "at "
                        + Printable.cut(expected, MAX),
                (isAlias ? "localhost and 127.0.0.1 are different issuers; " : "")
                        + "request the token from exactly that URL: gettoken --keycloak " + keycloak(expected));
    }

    private static String numeric(String url) {
        return url.replace("//localhost", "//127.0.0.1");
    }

    private Problem withoutToken(String challenge) {
        if (challenge != null && challenge.regionMatches(true, 0, "Basic", 0, 5)) {
            return refused(
                    "wants a user and password (401)",
                    "with --no-auth: -H \"Authorization: Basic $(printf %s USER:PASSWORD | base64)\"");
        }
        String realm = parameter("realm", challenge);
        return refused(
                "wants a token (401)" + (realm == null ? "" : " of the realm " + Printable.cut(realm, MAX)),
                "pipe one in: gettoken | arcget, without --no-auth");
    }

    /** The problem behind a 403. */
    Problem forbidden() {
        String saying = ServerText.suffix(response);
        Jwt jwt = token == null ? null : decoded();
        if (jwt != null) {
            for (ArchiveRules.Violation violation : ArchiveRules.violations(jwt, now, null)) {
                if (violation.isAboutRoles()) {
                    return refused("refused access (403): " + violation.what(), violation.cure());
                }
            }
        }
        if (token == null || probe.archive().aet() == null) {
            return refused(
                    "refused access (403)" + saying,
                    token == null ? "pipe a token in: gettoken | arcget" : "if it takes no token, add --no-auth");
        }
        if (probe.status("/ctrl/status", null) == 200) {
            return refused("refused access (403) but serves requests without a token" + saying, "try --no-auth");
        }
        String roles = jwt == null
                ? ""
                : Printable.cut(
                        "; the token has " + String.join(", ", jwt.claims().realmRoles()), MAX);
        String path = response.uri().getPath();
        if (path.contains("/aets/") && probe.status("/ctrl/status", token) == 200) {
            return refused(
                    "refused access to " + ae(path) + " (403), though not to the archive" + saying + roles,
                    "that AE accepts only certain roles (dcmAcceptedUserRole): assign one of them or root, or ask"
                            + " another AE with --aet (arcget /aets lists them)");
        }
        return refused(
                "refused access (403)" + saying + roles,
                "does the archive require a role other than auth (its AUTH_USER_ROLE)? its server.log has the reason");
    }

    private static String ae(String path) {
        return "AE " + Printable.line(path.replaceFirst(".*?/aets/([^/]*).*", "$1"));
    }

    private static String keycloak(String issuer) {
        int realm = issuer.lastIndexOf(REALMS);
        return Printable.cut(
                realm < 0
                        ? issuer
                        : issuer.substring(0, realm) + " --realm " + issuer.substring(realm + REALMS.length()),
                MAX);
    }

    /** The parameter {@code name} of a challenge (RFC 9110, section 11.6.1), or null. */
    private static String parameter(String name, String challenge) {
        Matcher parameter = Pattern.compile(name + "=\"([^\"]*)\"").matcher(challenge == null ? "" : challenge);
        return parameter.find() ? parameter.group(1) : null;
    }

    private Jwt decoded() {
        try {
            return Jwt.decode(token);
        } catch (Problem notAJwt) {
            return null;
        }
    }

    private Problem refused(String what, String hint) {
        return Problem.refused(Http.authority(response.uri()) + " " + what, hint);
    }
}
