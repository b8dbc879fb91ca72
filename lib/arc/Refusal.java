//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Response.java
//SOURCES ../jwt/Judgement.java ../jwt/Jwt.java Archive.java Probe.java ServerText.java Signers.java

package lib.arc;

import java.time.Instant;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Response;
import lib.jwt.Judgement;
import lib.jwt.Jwt;

/**
 * Why the archive did not let us in: 401 and 403, from the token that it was sent and from what it says to other
 * questions, since its own words are the same for every token (facts B2, E).
 *
 * @param archive which archive
 * @param probe asks it, or null if it is no dcm4chee archive
 * @param signers the keys of the Keycloak that the settings name
 * @param token the token that was sent, or null if there was none
 * @param now the time
 */
record Refusal(Archive archive, Probe probe, Signers signers, Secret token, Instant now) {
    private static final int MOST = 300;

    /** The problem behind a 401. */
    Problem unauthorized(Response response) {
        String host = Http.authority(response.uri());
        if (token == null) {
            return withoutToken(host, response.header("WWW-Authenticate"));
        }
        Jwt jwt = decoded();
        if (jwt == null) {
            return refused(
                    host,
                    "refused the token (401): it is no JWT",
                    "pass an access token from gettoken; where standard input is none, as in a loop over lines: --no-stdin");
        }
        for (Judgement.Flaw flaw : Judgement.of(jwt, now, null)) {
            if (!flaw.isAboutRoles()) {
                return refused(host, "refused the token (401): " + flaw.what(), flaw.cure());
            }
        }
        String issuer = String.valueOf(jwt.claims().text("iss"));
        String expected = probe == null ? null : probe.issuer();
        String said = parameter("error_description", response.header("WWW-Authenticate"));
        String although = "refused the token (401) though it looks valid"
                + (said == null || said.startsWith("ELY2305") ? "" : ": " + Printable.cut(said, MOST));
        if (expected != null && !expected.equals(issuer)) {
            return refused(
                    host,
                    although + "; it was issued by " + Printable.cut(issuer, MOST) + ", and people log in there at "
                            + Printable.cut(expected, MOST),
                    "request the token from that very URL: gettoken --keycloak " + keycloak(expected));
        }
        String kid = jwt.header().get("kid") instanceof String text ? text : null;
        if (signers.lack(kid)) {
            return refused(
                    host,
                    although + "; it was signed with key " + Printable.cut(kid, MOST) + ", which is none of those at "
                            + signers.address(),
                    "request a new one with gettoken; Keycloak's keys were changed, or the token is another one's");
        }
        return refused(
                host,
                although + "; it was issued by " + Printable.cut(issuer, MOST),
                "the archive must know Keycloak by exactly that URL (AUTH_SERVER_URL there) and reach its keys; its"
                        + " server.log has the reason: search ELY2305");
    }

    private static Problem withoutToken(String host, String challenge) {
        if (challenge != null && challenge.regionMatches(true, 0, "Basic", 0, 5)) {
            return refused(
                    host,
                    "wants a user and password (401)",
                    "with --no-auth: -H \"Authorization: Basic $(printf %s USER:PASSWORD | base64)\"");
        }
        String realm = parameter("realm", challenge);
        return refused(
                host,
                "wants a token (401)" + (realm == null ? "" : " of the realm " + Printable.cut(realm, MOST)),
                "pipe one in: gettoken | arcget, without --no-auth");
    }

    /** The problem behind a 403. */
    Problem forbidden(Response response) {
        String host = Http.authority(response.uri());
        String said = ServerText.of(response);
        String saying = said.isEmpty() ? "" : ": " + said;
        Jwt jwt = token == null ? null : decoded();
        if (jwt != null) {
            for (Judgement.Flaw flaw : Judgement.of(jwt, now, null)) {
                if (flaw.isAboutRoles()) {
                    return refused(host, "refused access (403): " + flaw.what(), flaw.cure());
                }
            }
        }
        if (token != null && probe != null) {
            if (probe.status("/ctrl/status", null) == 200) {
                return refused(
                        host, "refused access (403) and asks nobody for a token" + saying, "try it with --no-auth");
            }
            String roles = jwt == null
                    ? ""
                    : "; the token has " + String.join(", ", jwt.claims().realmRoles());
            String path = response.uri().getPath();
            if (path.contains("/aets/") && probe.status("/ctrl/status", token) == 200) {
                return refused(
                        host,
                        "refused access to " + ae(path) + " (403), though not to the archive" + saying
                                + Printable.cut(roles, MOST),
                        "that AE accepts certain roles only (dcmAcceptedUserRole): assign one of them, or root, or ask"
                                + " another with --aet (arcget /aets)");
            }
            return refused(
                    host,
                    "refused access (403)" + saying + Printable.cut(roles, MOST),
                    "does the archive want another role than auth (AUTH_USER_ROLE there)? its server.log has the"
                            + " reason");
        }
        return refused(
                host,
                "refused access (403)" + saying,
                token == null ? "pipe a token in: gettoken | arcget" : "does it want no token? then --no-auth");
    }

    private static String ae(String path) {
        int from = path.indexOf("/aets/") + 6;
        int end = path.indexOf('/', from);
        return "AE " + Printable.line(end < 0 ? path.substring(from) : path.substring(from, end));
    }

    private static String keycloak(String issuer) {
        int realm = issuer.lastIndexOf("/realms/");
        return Printable.cut(
                realm < 0 ? issuer : issuer.substring(0, realm) + " --realm " + issuer.substring(realm + 8), MOST);
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

    private static Problem refused(String host, String what, String hint) {
        return Problem.refused(host + " " + what, hint);
    }
}
