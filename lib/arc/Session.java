//SOURCES ../base/Destination.java ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../http/Request.java ../http/Response.java Archive.java Diagnosis.java Level.java Query.java TokenSource.java

package lib.arc;

import module java.base;
import lib.base.Destination;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;

/**
 * Requests to one archive with one identity. Thread-safe.
 *
 * @param archive which archive
 * @param http sends the requests
 * @param tokens the source of the token
 * @param keys where the Keycloak of the settings publishes its keys, or null; tells whether it issued a refused token
 * @param headers header fields to add to every request, in this order; one with an empty value is left out, even a
 *     default one
 * @param clock the time
 * @param refusesLimits whether the archive has refused a search with a limit, and taken it without one
 */
public record Session(
        Archive archive,
        Http http,
        TokenSource tokens,
        URI keys,
        List<Response.Field> headers,
        InstantSource clock,
        AtomicBoolean refusesLimits) {
    private static final String ACCEPT = "Accept";
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final String DICOM_JSON = "application/dicom+json";
    private static final String OBJECTS = "(multipart/|image/|video/|application/(zip|octet-stream)).*";

    /** A session at its beginning. */
    public Session(
            Archive archive,
            Http http,
            TokenSource tokens,
            URI keys,
            List<Response.Field> headers,
            InstantSource clock) {
        this(archive, http, tokens, keys, headers, clock, new AtomicBoolean());
    }

    /**
     * The answer of {@code resource} if it is a success, else {@link Problem} with the likeliest cause.
     *
     * @param accept the media types to ask for, or null for the archive's own choice
     */
    public Response get(URI resource, String accept) {
        return get(resource, accept, null);
    }

    /**
     * The same, in the middle of something longer.
     *
     * @param goOn how to go on from here with another token, as a hint if the given token has expired; or null
     */
    public Response get(URI resource, String accept, String goOn) {
        return ask("GET", resource, accept, goOn).success();
    }

    /** The answer of {@code resource} to {@code method}, GET or HEAD, of any status; the caller closes it. */
    public Reply ask(String method, URI resource, String accept, String goOn) {
        Request request = request(method, resource, accept);
        Secret token = tokens.current();
        Response response = follow(request, token);
        if (token != null && (response.status() == 401 || response.status() == 403)) {
            Secret other = tokens.insteadOf(token, response.status() == 403);
            if (other != null) {
                response.close();
                token = other;
                response = follow(request, token);
            }
        }
        // Some servers compress unasked.
        if (!hasOwn(ACCEPT_ENCODING)) {
            response = response.unzipped();
        }
        if (response.status() / 100 == 2) {
            tokens.accepted(token);
            return new Reply(response, null);
        }
        if (response.status() == 401) {
            tokens.refused();
        }
        return new Reply(response, problem(response, token, goOn));
    }

    private Problem problem(Response response, Secret token, String goOn) {
        Problem problem = new Diagnosis(archive, http, keys, token, clock.instant()).of(response);
        return token == null || response.status() != 401 || !tokens.hasRunOut(token)
                ? problem
                : Problem.incomplete(
                        "the token ran out on the way: " + problem.getMessage(),
                        goOn != null
                                ? goOn
                                : "run it again with a fresh token; a token that arcget fetches itself"
                                        + " (--keycloak, --client-id) is renewed");
    }

    private Response follow(Request request, Secret token) {
        Request next = request;
        for (int followed = 0; ; followed++) {
            Request sent = token == null ? next : next.with("Authorization", "Bearer " + token.reveal());
            Response response = http.send(sent);
            URI target = Redirects.target(response, archive);
            if (target == null) {
                return response;
            }
            response.close();
            if (followed == Redirects.MAX) {
                throw Problem.refused(
                        "more than " + followed + " redirects in a row from "
                                + Printable.line(request.uri().getPath()),
                        "do they lead in a circle? -v shows them; check the path");
            }
            next = next.to(target);
        }
    }

    /** The request for {@code resource} without the token; {@link Problem} for a header field that cannot be sent. */
    Request request(String method, URI resource, String accept) {
        Request request = method.equals("HEAD") ? Request.head(resource) : Request.get(resource);
        for (Response.Field header : headers) {
            if (!header.value().isEmpty()) {
                request = request.with(header.name(), header.value());
            }
        }
        if (accept != null) {
            request = request.with(ACCEPT, accept);
        } else if (!archive.isDcm4chee() && isSearch(resource) && !hasOwn(ACCEPT)) {
            // The default of some servers is XML (PS3.18, section 8.7.5).
            request = request.with(ACCEPT, DICOM_JSON);
        }
        return method.equals("GET") && !isDownload(request) && !hasOwn(ACCEPT_ENCODING)
                ? request.with(ACCEPT_ENCODING, "gzip")
                : request;
    }

    private static boolean isSearch(URI resource) {
        String path = resource.getPath();
        return Level.collections().contains(path.substring(path.lastIndexOf('/') + 1));
    }

    /** Whether {@code name} is among {@link #headers}. */
    private boolean hasOwn(String name) {
        for (Response.Field header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether objects are requested, not data about them. They have their own compression, if any, and their own end
     * mark.
     */
    private static boolean isDownload(Request request) {
        String accept = request.header("Accept");
        return accept != null && accept.matches(OBJECTS);
    }

    /**
     * The final answer, after redirects and with a token that is not outdated.
     *
     * @param response the answer
     * @param problem why it is not a success, or null if it is
     */
    public record Reply(Response response, Problem problem) implements AutoCloseable {

        /** The answer if it is a success, else {@link Problem} with the likeliest cause. */
        public Response success() {
            if (problem != null) {
                throw problem;
            }
            return response;
        }

        /** Writes status line and header fields as curl prints them. */
        public void writeHead(Destination destination, boolean forPeople) {
            String head = response.head();
            byte[] bytes = (forPeople ? Printable.lines(head) : head).getBytes(StandardCharsets.ISO_8859_1);
            destination.write(bytes, 0, bytes.length);
        }

        /** Closes the answer; the rest of its body is not read. */
        @Override
        public void close() {
            response.close();
        }
    }

    /**
     * Follows only redirects to the archive's own server, since the token must not be sent to another, and with their
     * query, since the answer would be to another question.
     */
    static final class Redirects {
        static final String LOGIN = "/protocol/openid-connect/auth";

        private static final int MAX = 5;

        private Redirects() {}

        /** The address to go to after {@code response}, or null. */
        static URI target(Response response, Archive archive) {
            URI target = response.location();
            return target == null || isLogin(target) || !archive.isOwn(target) || dropsQuery(response, target)
                    ? null
                    : target;
        }

        /** Whether {@code target}, to which {@code response} redirects, has lost the query or a part of it. */
        static boolean dropsQuery(Response response, URI target) {
            return !parameters(target).containsAll(parameters(response.uri()));
        }

        private static List<String> parameters(URI address) {
            return Query.parse(address.getRawQuery()).stream()
                    .map(parameter -> parameter.name() + "=" + Query.decode(parameter.rawValue()))
                    .toList();
        }

        /** Whether {@code target} is a login page of an OpenID provider. */
        static boolean isLogin(URI target) {
            return target.getPath() != null && target.getPath().endsWith(LOGIN);
        }
    }
}
