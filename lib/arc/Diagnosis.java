//SOURCES ../base/Exit.java ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../http/Redacted.java
//SOURCES ../http/Response.java ../json/Json.java ../json/MalformedJson.java ../jwt/Judgement.java ../jwt/Jwt.java
//SOURCES Archive.java

package lib.arc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;
import lib.jwt.Judgement;
import lib.jwt.Jwt;

/**
 * Why the archive did not give what was asked for: the likeliest cause, from its answer and from the token that it was
 * sent. The archive itself says the same words to every token it refuses (facts B2).
 *
 * @param archive which archive
 * @param token the token that was sent, or null if there was none
 * @param now the time
 */
public record Diagnosis(Archive archive, Secret token, Instant now) {
    private static final int MOST = 300;

    /** Where error bodies say most: dcm4chee (facts B7), Orthanc (captures Q4). */
    private static final List<String> MESSAGES = List.of("errorMessage", "Details", "Message");

    /** The problem behind {@code response}, whose status is no success. */
    public Problem of(Response response) {
        String path = Printable.line(response.uri().getPath());
        String host = Http.authority(response.uri());
        int status = response.status();
        if (status == 401) {
            return unauthorized(host);
        }
        if (status == 403) {
            return forbidden(host, response);
        }
        if (status == 404) {
            return notFound(path, host, response);
        }
        if (status >= 300 && status < 400) {
            return redirected(host, response);
        }
        String said = said(response);
        if (status >= 500) {
            return new Problem(
                    Exit.SERVER_FAILED,
                    host + " failed with " + status + (said.isEmpty() ? "" : ": " + said),
                    status == 503 ? "it is starting or stopping; try again in a minute" : "look into its server.log");
        }
        String hint = status == 406
                ? "this resource has no such form; try another --accept"
                : status == 413 ? "narrow the query, for example by StudyDate" : "check the path and the query";
        return new Problem(
                Exit.REFUSED,
                host + " refused " + path + " with " + status + (said.isEmpty() ? "" : ": " + said),
                hint);
    }

    private Problem unauthorized(String host) {
        if (token == null) {
            return new Problem(
                    Exit.REFUSED, host + " wants a token (401)", "pipe one in: gettoken | arcget, without --no-auth");
        }
        Jwt jwt = decoded();
        if (jwt == null) {
            return new Problem(
                    Exit.REFUSED,
                    host + " refused the token (401): it is no JWT",
                    "pass an access token from gettoken");
        }
        List<Judgement.Flaw> flaws = Judgement.of(jwt, now, null);
        for (Judgement.Flaw flaw : flaws) {
            if (!flaw.isAboutRoles()) {
                return new Problem(Exit.REFUSED, host + " refused the token (401): " + flaw.what(), flaw.cure());
            }
        }
        return new Problem(
                Exit.REFUSED,
                host + " refused the token (401) though it looks valid; it was issued by "
                        + Printable.cut(String.valueOf(jwt.claims().text("iss")), MOST),
                "the archive must know Keycloak by exactly that URL: compare with AUTH_SERVER_URL there, and search its"
                        + " server.log for ELY23");
    }

    private Problem forbidden(String host, Response response) {
        Jwt jwt = token == null ? null : decoded();
        if (jwt != null) {
            for (Judgement.Flaw flaw : Judgement.of(jwt, now, null)) {
                if (flaw.isAboutRoles()) {
                    return new Problem(Exit.REFUSED, host + " refused access (403): " + flaw.what(), flaw.cure());
                }
            }
        }
        String said = said(response);
        if (archive.aet() != null && response.uri().getPath().contains("/aets/" + archive.aet() + "/")) {
            return new Problem(
                    Exit.REFUSED,
                    host + " refused access to AE " + archive.aet() + " (403)" + (said.isEmpty() ? "" : ": " + said),
                    "that AE accepts certain roles only: assign one of them, or ask another with --aet (arcget /aets)");
        }
        return new Problem(
                Exit.REFUSED,
                host + " refused access (403)" + (said.isEmpty() ? "" : ": " + said),
                token == null ? "pipe a token in: gettoken | arcget" : "is the archive unsecured? then try --no-auth");
    }

    private Problem notFound(String path, String host, Response response) {
        String said = said(response);
        if (response.mediaType().equals("text/html")) {
            return new Problem(
                    Exit.REFUSED,
                    host + " has no archive at " + path + " (404)",
                    "is --url right? it ends in /dcm4chee-arc; or the archive is just starting");
        }
        if (archive.aet() == null && path.endsWith("/count")) {
            return new Problem(
                    Exit.REFUSED,
                    host + " has nothing at " + path + " (404)" + (said.isEmpty() ? "" : ": " + said),
                    "only dcm4chee counts by itself; count what is found: arcget studies -f ndjson | wc -l");
        }
        boolean unknownAe = said.contains("Application Entity");
        return new Problem(
                Exit.REFUSED,
                host + " has nothing at " + path + " (404)" + (said.isEmpty() ? "" : ": " + said),
                unknownAe ? "AE titles are case-sensitive; arcget /aets lists them" : "check the path");
    }

    private static Problem redirected(String host, Response response) {
        if (response.header("Location") == null) {
            return new Problem(Exit.REFUSED, host + " answered " + response.status(), "ask for something else");
        }
        String where = Printable.cut(Redacted.url(response.header("Location")), MOST);
        return new Problem(
                Exit.REFUSED,
                host + " redirects to " + where,
                where.contains("/protocol/openid-connect/auth")
                        ? "that is a login page: --url must be the archive's REST services, not its user interface"
                        : "the token is not sent there; give that address as --url if it is the archive");
    }

    private Jwt decoded() {
        try {
            return Jwt.decode(token);
        } catch (Problem notAJwt) {
            return null;
        }
    }

    /** What the server says in its error body: JSON labelled as text, a line of text, or a stack trace (facts B7). */
    private static String said(Response response) {
        String text = response.beginning(16 << 10).strip();
        if (text.startsWith("{")) {
            try {
                Map<String, Object> members = Json.asObject(Json.parse(text));
                for (String member : MESSAGES) {
                    if (members.get(member) instanceof String message) {
                        return Printable.cut(message, MOST);
                    }
                }
            } catch (MalformedJson notEscapedByTheArchive) {
                // Then as it is.
            }
        }
        if (text.startsWith("<")) {
            return "";
        }
        int end = text.indexOf('\n');
        if (response.header("validation-exception") != null) {
            return Printable.cut(text.replace("\r", "").replace("\n", " "), MOST);
        }
        return Printable.cut(end < 0 ? text : text.substring(0, end).strip(), MOST);
    }
}
