//SOURCES ../base/Nearest.java ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../http/Redacted.java ../http/Response.java Archive.java PathAdvice.java Probe.java QueryRules.java
//SOURCES Redirects.java Refusal.java ServerText.java Signers.java

package lib.arc;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import lib.base.Nearest;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Response;

/**
 * Why the archive did not give what was asked for: the likeliest cause, from its answer and from the token that it was
 * sent; where two causes look alike, from what the archive says to another question (facts E).
 *
 * @param archive which archive
 * @param http asks the other questions, of the archive itself, and of the Keycloak that the settings name
 * @param keys where that publishes its keys, or null
 * @param token the token that was sent, or null if there was none
 * @param now the time
 */
public record Diagnosis(Archive archive, Http http, URI keys, Secret token, Instant now) {
    private static final int MOST = 300;
    private static final String CONTEXT = "/dcm4chee-arc";

    /** The problem behind {@code response}, whose status is no success. */
    public Problem of(Response response) {
        int status = response.status();
        if (status == 401 || status == 403) {
            Refusal refusal = new Refusal(archive, probe(), new Signers(keys, http), token, now);
            return status == 401 ? refusal.unauthorized(response) : refusal.forbidden(response);
        }
        if (status == 404) {
            return notFound(response);
        }
        return status < 400 ? redirected(response) : status < 500 ? refused(response) : failed(response);
    }

    // Only dcm4chee has the resources that are asked for there.
    private Probe probe() {
        return archive.aet() == null ? null : new Probe(archive, http);
    }

    private Problem notFound(Response response) {
        String host = Http.authority(response.uri());
        String path = path(response);
        if (response.mediaType().equals("text/html")) {
            String place = usualPlace();
            return Problem.refused(
                    host + " has no archive at " + path + " (404)",
                    place != null
                            ? place
                            : "is --url right? it ends in /dcm4chee-arc; or the archive is just starting: try again in"
                                    + " a minute");
        }
        String said = ServerText.of(response);
        return Problem.refused(
                host + " has nothing at " + path + " (404)" + (said.isEmpty() ? "" : ": " + said),
                meant(response.uri().getPath(), said));
    }

    private String meant(String path, String said) {
        if (archive.aet() == null && path.endsWith("/count")) {
            return "only dcm4chee counts by itself; count what is found: arcget studies -f ndjson | wc -l";
        }
        if (said.contains("Application Entity") && archive.aet() != null) {
            return otherAes(said.startsWith("No such"));
        }
        String place = said.isEmpty() ? usualPlace() : null;
        return place != null ? place : PathAdvice.on(path, archive);
    }

    /** A hint that there is an archive where it usually is, which is not where it was asked; null if there is none. */
    private String usualPlace() {
        URI url = archive.url();
        if (archive.aet() != null && !url.getPath().equals(CONTEXT)) {
            Archive usual = Archive.dcm4chee(url.resolve(CONTEXT), archive.aet());
            // Without the token: 401 tells as much.
            int status = new Probe(usual, http).status("/ctrl/status", null);
            if (status == 200 || status == 401 || status == 403) {
                return "there is one at --url " + usual.url();
            }
        }
        return null;
    }

    private String otherAes(boolean isUnknown) {
        List<String> titles = probe().aeTitles(token);
        String near = isUnknown ? Nearest.to(archive.aet(), titles) : null;
        String which = titles.isEmpty()
                ? "arcget /aets lists them"
                : "there are " + Printable.cut(String.join(", ", titles), MOST);
        return (near == null ? "" : "did you mean --aet " + Printable.line(near) + "? ")
                + (titles.contains(archive.aet())
                        ? "that AE does not offer this; ask another with --aet: "
                        : "AE titles are case-sensitive; ")
                + which;
    }

    private static Problem refused(Response response) {
        String said = ServerText.of(response);
        return Problem.refused(
                Http.authority(response.uri()) + " refused " + path(response) + " with " + response.status()
                        + (said.isEmpty() ? "" : ": " + said),
                switch (response.status()) {
                    case 406 -> acceptable(response.uri().getPath());
                    case 410 -> "it was there once; look into the archive's server.log";
                    case 413 -> "narrow the query, for example by StudyDate";
                    case 414, 431 -> "ask for less at a time: the address is too long";
                    case 429 -> "it is busy; try again later, with fewer --jobs";
                    default ->
                        response.header("validation-exception") == null
                                ? "check the path and the query"
                                : doubt(response.uri())
                                        + "check names and values of the query: keywords are case-sensitive";
                });
    }

    private static String doubt(URI address) {
        String meant = QueryRules.meant(address);
        return meant == null ? "" : "did you mean " + meant + "? ";
    }

    private static String acceptable(String path) {
        if (path.endsWith("/count") || path.endsWith("/size")) {
            return "counts and sizes come as application/json alone: leave out --accept";
        }
        int studies = path.indexOf("/studies/");
        boolean isSearch = path.endsWith("/series") || path.endsWith("/instances") || path.endsWith("/metadata");
        return studies >= 0 && !isSearch
                ? "objects come as multipart/related;type=\"application/dicom\" or application/zip; --download DIR"
                        + " makes files of them"
                : "this resource has no such form; try another --accept, or none";
    }

    private static Problem failed(Response response) {
        String said = ServerText.of(response);
        return Problem.serverFailed(
                Http.authority(response.uri()) + " failed with " + response.status()
                        + (said.isEmpty() ? "" : ": " + said),
                switch (response.status()) {
                    case 502 ->
                        "is the archive, or the AE that it was to ask, running? see its server.log, and that of"
                                + " a proxy";
                    case 503 -> "it is starting or stopping; try again in a minute";
                    case 504 -> "a proxy would not wait any longer: narrow the query, or raise the proxy's time-out";
                    default -> "look into its server.log";
                });
    }

    private Problem redirected(Response response) {
        String host = Http.authority(response.uri());
        if (response.header("Location") == null) {
            return Problem.refused(host + " answered " + response.status(), "ask for something else");
        }
        return Problem.refused(
                host + " redirects to " + Printable.cut(Redacted.url(response.header("Location")), MOST),
                advice(Redirects.location(response)));
    }

    private String advice(URI target) {
        if (target == null) {
            return "nobody could go there; look into the settings of the server or of a proxy before it";
        }
        if (Redirects.isLogin(target)) {
            return "that is a login page: --url must be the archive's REST services, not its user interface";
        }
        // http to https, or another name: the same archive elsewhere, most likely.
        String context = archive.url().getRawPath();
        String path = String.valueOf(target.getRawPath());
        return path.startsWith(context)
                ? "the token is not sent there; if that is the archive, give it as "
                        + (archive.aet() == null ? "--rs " : "--url ")
                        + Printable.cut(target.getScheme() + "://" + Http.authority(target) + context, MOST)
                : "the token is not sent there; give that address as --url if it is the archive";
    }

    private static String path(Response response) {
        return Printable.line(response.uri().getPath());
    }
}
