//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Response.java
//SOURCES ../jwt/ArchiveRules.java ../jwt/Jwt.java Probe.java ServerText.java

package lib.arc;

import java.time.Instant;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Response;
import lib.jwt.ArchiveRules;
import lib.jwt.Jwt;

/**
 * Why the archive did not grant access: 401 and 403. It says the same of every token, so the cause comes from the token
 * itself and from other requests (facts B2, E).
 *
 * @param response the refusal
 * @param probe sends the other requests
 * @param token the token that was sent, or null
 * @param now the time
 */
record Refusal(Response response, Probe probe, Secret token, Instant now) {
    private static final int MAX = 300;

    /** The problem behind a 401. */
    Problem unauthorized() {
        if (token == null) {
            return withoutToken(response.header("WWW-Authenticate"));
        }
        Jwt jwt = decoded();
        if (jwt == null) {
            return refused(
                    "refused the token (401): it is not a JWT",
                    "pass an access token from gettoken; if standard input holds other lines, as in a loop, add"
                            + " --no-stdin");
        }
        for (ArchiveRules.Violation violation : ArchiveRules.violations(jwt, now, null)) {
            if (!violation.isAboutRoles()) {
                return refused("refused the token (401): " + violation.what(), violation.cure());
            }
        }
        String issuer = String.valueOf(jwt.claims().text("iss"));
        String expected = probe.issuer();
        String said = parameter("error_description", response.header("WWW-Authenticate"));
        String although = "refused the token (401) though it looks valid"
                + (said == null || said.startsWith("ELY2305") ? "" : ": " + Printable.cut(said, MAX));
        String issued = although + "; it was issued by " + Printable.cut(issuer, MAX);
        if (expected != null && !expected.equals(issuer)) {
            return refused(
                    issued + ", but the archive's own users log in at " + Printable.cut(expected, MAX),
                    "request the token from exactly that URL: gettoken --keycloak " + keycloak(expected));
        }
        String kid = jwt.header().get("kid") instanceof String text ? text : null;
        if (probe.lacksKey(kid)) {
            return refused(
                    although + "; it was signed with key " + Printable.cut(kid, MAX) + ", which is not among those at "
                            + probe.keys(),
                    "request a new one with gettoken: Keycloak's keys have changed, or another server issued it");
        }
        return refused(
                issued,
                "the archive must know Keycloak by exactly that URL (its AUTH_SERVER_URL) and reach its keys; its"
                        + " server.log has the reason: search for ELY2305");
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
                    "that AE accepts only certain roles (dcmAcceptedUserRole): assign one of them or root, or ask another"
                            + " AE with --aet (arcget /aets lists them)");
        }
        return refused(
                "refused access (403)" + saying + roles,
                "does the archive require a role other than auth (its AUTH_USER_ROLE)? its server.log has the reason");
    }

    private static String ae(String path) {
        int from = path.indexOf("/aets/") + 6;
        int end = path.indexOf('/', from);
        return "AE " + Printable.line(end < 0 ? path.substring(from) : path.substring(from, end));
    }

    private static String keycloak(String issuer) {
        int realm = issuer.lastIndexOf("/realms/");
        return Printable.cut(
                realm < 0 ? issuer : issuer.substring(0, realm) + " --realm " + issuer.substring(realm + 8), MAX);
    }

    /** The parameter {@code name} of a challenge (RFC 9110, section 11.6.1), or null. */
    private static String parameter(String name, String challenge) {
        int at = challenge == null ? -1 : challenge.indexOf(name + "=\"");
        if (at < 0) {
            return null;
        }
        int from = at + name.length() + 2;
        int end = challenge.indexOf('"', from);
        return end < 0 ? null : challenge.substring(from, end);
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
