//SOURCES ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Request.java ../http/Response.java
//SOURCES Archive.java Diagnosis.java Redirects.java Reply.java TokenSource.java

package lib.arc;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;

/**
 * What is asked of one archive with one identity. Several threads may ask at once.
 *
 * @param archive which archive
 * @param http asks
 * @param tokens where the token comes from
 * @param keys where the Keycloak of the settings publishes its keys, or null, to tell whether a token is one of its own
 * @param headers what else to send with every request, by name; an empty value sends nothing, not even what we would
 * @param clock the time
 */
public record Session(
        Archive archive, Http http, TokenSource tokens, URI keys, Map<String, String> headers, InstantSource clock) {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final List<String> OBJECTS =
            List.of("multipart/", "application/zip", "application/octet-stream", "image/", "video/");

    /**
     * The answer of {@code resource}, a success; {@link Problem} with the likeliest cause where it is none.
     *
     * @param accept the media types to ask for, or null for the archive's own choice
     */
    public Response get(URI resource, String accept) {
        return get(resource, accept, null);
    }

    /**
     * The same in the middle of something longer.
     *
     * @param goOn how to go on from here with another token, as a hint for the person whose token has run out; or null
     */
    public Response get(URI resource, String accept, String goOn) {
        return ask("GET", resource, accept, goOn).success();
    }

    /** The answer of {@code resource} to {@code method}, GET or HEAD, of any status, to be closed. */
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
        if (asksForGzip(request)) {
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
                                : "run it again with a fresh token; one that arcget gets by itself"
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
            if (followed == Redirects.MOST) {
                throw Redirects.tooMany(request.uri());
            }
            next = next.to(target);
        }
    }

    /** The request for {@code resource} but for its token; {@link Problem} where a header field cannot be sent. */
    Request request(String method, URI resource, String accept) {
        Request request = method.equals("HEAD") ? Request.head(resource) : Request.get(resource);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!header.getValue().isEmpty()) {
                request = request.with(header.getKey(), header.getValue());
            }
        }
        if (accept != null) {
            request = request.with("Accept", accept);
        }
        return method.equals("GET") && !isDownload(request) && !hasOwnEncoding()
                ? request.with(ACCEPT_ENCODING, "gzip")
                : request;
    }

    private boolean asksForGzip(Request request) {
        return !hasOwnEncoding() && request.headers().containsKey(ACCEPT_ENCODING);
    }

    /** Whether the person sees to the encoding: then the bytes are left as they come. */
    private boolean hasOwnEncoding() {
        for (String name : headers.keySet()) {
            if (name.equalsIgnoreCase(ACCEPT_ENCODING)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether objects are asked for and not data about them. They are compressed by their own means, if at all, and
     * checked against their own end.
     */
    private static boolean isDownload(Request request) {
        String accept = request.headers().get("Accept");
        if (accept == null) {
            return false;
        }
        for (String type : OBJECTS) {
            if (accept.startsWith(type)) {
                return true;
            }
        }
        return false;
    }
}
