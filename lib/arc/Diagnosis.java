//SOURCES ../base/Nearest.java ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../http/Redacted.java ../http/Response.java ../json/Json.java Archive.java Level.java Probe.java
//SOURCES QueryRules.java Refusal.java ServerText.java Session.java

package lib.arc;

import module java.base;
import lib.base.Nearest;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Response;
import lib.json.Json;

/**
 * The likeliest cause of an error status, from the answer and the token that was sent; where two causes look alike,
 * from the answer to another request (facts E).
 *
 * @param archive which archive
 * @param http sends the other requests, to the archive and to the Keycloak of the settings
 * @param keys where that Keycloak publishes its keys, or null
 * @param token the token that was sent, or null
 * @param now the time
 */
record Diagnosis(Archive archive, Http http, URI keys, Secret token, Instant now) {
    private static final int MAX = 300;
    private static final String CONTEXT = "/dcm4chee-arc";

    /** What is directly below an archive's own address (facts B3), for paths that lack the leading slash. */
    private static final List<String> ROOTED = List.of(("aes aets ctrl devicename devices export hl7apps ids"
                    + " institutions metrics modalities monitor queue reject stgcmt storage unique webapps")
            .split(" "));

    /** What Keycloak 26 says where it has nothing. */
    private static final List<String> KEYCLOAKS =
            List.of("Unable to find matching target resource method", "HTTP 404 Not Found", "Realm does not exist");

    private static final String BELOW =
            "a path without a leading slash is below /aets/AET/rs, one with it is below --url";

    /** The problem behind {@code response}, whose status is not a success. */
    Problem of(Response response) {
        int status = response.status();
        if (status == 401 || status == 403) {
            Refusal refusal = new Refusal(response, new Probe(archive, http, keys), token, now);
            return status == 401 ? refusal.unauthorized() : refusal.forbidden();
        }
        if (status == 404) {
            return notFound(response);
        }
        return status < 400 ? redirected(response) : status < 500 ? refused(response) : failed(response);
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
                            : "is --url right? it usually ends in /dcm4chee-arc; if the archive is starting, try again"
                                    + " in a minute");
        }
        String said = ServerText.of(response);
        return Problem.refused(
                host + " has nothing at " + path + " (404)" + (said.isEmpty() ? "" : ": " + said),
                meant(response.uri().getPath(), said));
    }

    private String meant(String path, String said) {
        if (archive.aet() == null && path.endsWith("/count")) {
            return "only dcm4chee has counts; count the results instead: arcget studies -f ndjson | wc -l";
        }
        if (KEYCLOAKS.contains(said)) {
            return "that is a Keycloak: its URL is for --keycloak; "
                    + (archive.aet() == null
                            ? "--rs is the root of a DICOMweb server"
                            : "--url is the archive's, such as https://docker-host:8443/dcm4chee-arc");
        }
        if (said.equals("No such frame.")) {
            return frames(path);
        }
        if (said.contains("Application Entity") && archive.aet() != null) {
            return said.startsWith("No such") ? otherTitle() : otherService(said);
        }
        String place = said.isEmpty() ? usualPlace() : null;
        return place != null ? place : pathAdvice(path);
    }

    /**
     * A hint that the archive is where it usually is and not where it was requested; null if it is not there either.
     */
    private String usualPlace() {
        URI url = archive.url();
        if (archive.aet() != null && !url.getPath().equals(CONTEXT)) {
            Archive usual = Archive.dcm4chee(url.resolve(CONTEXT), archive.aet());
            // Sent without the token: a 401 proves as much as a 200.
            int status = new Probe(usual, http, null).status("/ctrl/status", null);
            if (status == 200 || status == 401 || status == 403) {
                return "there is one at --url " + usual.url();
            }
        }
        return null;
    }

    private String otherTitle() {
        List<String> titles = new Probe(archive, http, null).aeTitles("/aets", token);
        String near = Nearest.to(archive.aet(), titles);
        return (near == null ? "" : "did you mean --aet " + Printable.line(near) + "? ")
                + "AE titles are case-sensitive; "
                + (titles.isEmpty() ? "arcget /aets lists them" : "there are " + list(titles));
    }

    /** A hint with the AEs that have the service that the archive says this one lacks (facts B7). */
    private String otherService(String said) {
        int from = said.indexOf(" with ") + 6;
        String service = said.substring(from, Math.max(from, said.indexOf("service class")));
        String path = "/webapps?dcmWebServiceClass=" + service;
        List<String> titles =
                service.matches("\\w+") ? new Probe(archive, http, null).aeTitles(path, token) : List.of();
        return titles.isEmpty()
                ? "that AE does not offer this; arcget /webapps lists which does"
                : "that AE does not offer this; ask one with --aet that does: " + list(titles);
    }

    private static String list(List<String> titles) {
        return Printable.cut(String.join(", ", titles), MAX);
    }

    /** A hint for {@code path}, the whole path of an address, which leads nowhere. */
    private String pathAdvice(String path) {
        String root = URI.create(archive.root()).getPath() + "/";
        String base = archive.url().getPath();
        boolean isBelowRoot = path.startsWith(root);
        String[] steps = path.substring(isBelowRoot ? root.length() : Math.min(base.length() + 1, path.length()))
                .split("/");
        boolean isCollection = Level.collections().contains(steps[0]);
        if (isBelowRoot && isCollection) {
            return steps.length > 1 && steps[0].equals("studies") && steps[1].matches("\\d.*")
                    ? "check the UIDs: arcget studies -q StudyInstanceUID=... tells whether the study is there"
                    : "check the path";
        }
        if (archive.aet() == null) {
            return "check the path: it is below --rs";
        }
        if (!isBelowRoot) {
            return isCollection
                    ? "did you mean " + steps[0] + "? " + BELOW
                    : path.startsWith(base + base + "/")
                            ? "leave out " + base + ": --url has it already"
                            : "check the path";
        }
        if (ROOTED.contains(steps[0])) {
            return "did you mean /" + Printable.cut(String.join("/", steps), MAX) + "? " + BELOW;
        }
        String near = nearestCollection(steps[0]);
        return near == null ? "check the path: " + BELOW : "did you mean " + near + "?";
    }

    private static String nearestCollection(String name) {
        // The singular "study" has more edits to "studies" than to "series".
        return Level.collections().stream()
                .filter(collection -> name.length() > 3 && collection.startsWith(name.substring(0, name.length() - 1)))
                .findFirst()
                .orElseGet(() -> Nearest.to(name, Level.collections()));
    }

    /** A hint that tells how many frames the instance in {@code path} has. */
    static String frames(String path) {
        String uid = path.replaceFirst(".*/instances/([^/]*)/.*", "$1");
        return "arcget instances -q SOPInstanceUID=" + Printable.line(uid)
                + " -f table shows the number of frames; where there is none, it is one";
    }

    private static Problem refused(Response response) {
        boolean isMisread = response.header("validation-exception") != null;
        String meant = isMisread ? QueryRules.meant(response.uri()) : null;
        return Problem.refused(
                Http.authority(response.uri()) + " refused " + path(response) + " with " + response.status()
                        + ServerText.suffix(response),
                switch (response.status()) {
                    case 406 -> acceptable(response.uri().getPath());
                    case 410 -> "it existed once; see the archive's server.log";
                    case 413 -> "narrow the query, for example by StudyDate";
                    case 414, 431 -> "the address is too long: ask for less at a time";
                    case 429 -> "it is busy; try again later, with fewer --jobs";
                    default ->
                        !isMisread
                                ? "check the path and the query"
                                : (meant == null ? "" : "did you mean " + meant + "? ")
                                        + "check names and values of the query: keywords are case-sensitive";
                });
    }

    private static String acceptable(String path) {
        if (path.endsWith("/count") || path.endsWith("/size")) {
            return "counts and sizes come only as application/json: leave out --accept";
        }
        int studies = path.indexOf("/studies/");
        boolean isSearch = path.endsWith("/series") || path.endsWith("/instances") || path.endsWith("/metadata");
        return studies >= 0 && !isSearch
                ? "objects come as multipart/related;type=\"application/dicom\" or application/zip; --download DIR"
                        + " saves them as files"
                : "this resource does not come in that form; try another --accept, or none";
    }

    private static Problem failed(Response response) {
        return Problem.serverFailed(
                Http.authority(response.uri()) + " failed with " + response.status() + ServerText.suffix(response),
                switch (response.status()) {
                    case 502 ->
                        "is the archive, or the AE that it queries, running? see its server.log and the log of any"
                                + " proxy";
                    case 503 -> "it is starting or stopping; try again in a minute";
                    case 504 -> "a proxy gave up waiting: narrow the query, or raise the proxy's time-out";
                    default -> "see its server.log";
                });
    }

    private Problem redirected(Response response) {
        String host = Http.authority(response.uri());
        if (response.header("Location") == null) {
            return Problem.refused(host + " answered " + response.status(), "this answer has no data: check the path");
        }
        return Problem.refused(
                host + " redirects to " + response.shown(Redacted.url(response.header("Location")), MAX),
                redirectAdvice(response, response.location()));
    }

    private String redirectAdvice(Response response, URI target) {
        if (target != null && archive.isOwn(target) && Session.Redirects.dropsQuery(response, target)) {
            return "that address has lost the query or a part of it: the answer would be to another question; check the"
                    + " path, or the settings of a proxy";
        }
        if (target == null) {
            return "that is not a valid address: check the settings of the server, or of a proxy in front of it";
        }
        if (Session.Redirects.isLogin(target)) {
            return "that is a login page: --url must be the archive's REST services, not its user interface";
        }
        // From http to https or to another host name: most likely the same archive.
        String context = archive.url().getRawPath();
        String path = String.valueOf(target.getRawPath());
        return path.startsWith(context)
                ? "the token is not sent there; if that is the archive, give it as "
                        + (archive.aet() == null ? "--rs " : "--url ")
                        + Printable.cut(target.getScheme() + "://" + Http.authority(target) + context, MAX)
                : "the token is not sent there; give that address as --url if it is the archive";
    }

    private static String path(Response response) {
        return Printable.line(response.uri().getPath());
    }

    /** The problem that {@code response} is an HTML page: a login page, or of a proxy or another server. */
    static Problem htmlPage(Response response) {
        return unusable(response, "an HTML page", "is --url the archive's address? -f raw shows the page");
    }

    /** The problem that {@code response} came completely, but is not the JSON that it must be. */
    static Problem brokenJson(Response response, Json.Malformed e) {
        String type = response.mediaType();
        String what = type.isEmpty() || type.endsWith("json")
                ? "JSON that is "
                : Printable.cut(type, MAX) + " in place of JSON: ";
        return unusable(response, what + e.getMessage(), "-f raw shows what was sent");
    }

    /** A list of something else than attributes. */
    static Problem noDataSets(Response response) {
        return unusable(response, "JSON that is not a list of DICOM data sets", "-f raw shows what was sent");
    }

    private static Problem unusable(Response response, String what, String hint) {
        return Problem.serverFailed(
                Http.authority(response.uri()) + " answered " + response.status() + " with " + what, hint);
    }
}
