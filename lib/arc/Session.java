//SOURCES ../base/Secret.java ../http/Http.java ../http/Request.java ../http/Response.java Archive.java Diagnosis.java
//SOURCES TokenSource.java

package lib.arc;

import java.net.URI;
import java.time.InstantSource;
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
 * @param clock the time
 */
public record Session(Archive archive, Http http, TokenSource tokens, InstantSource clock) {

    /**
     * The answer of {@code resource}, a success; {@link lib.base.Problem} with the likeliest cause where it is none.
     *
     * @param accept the media types to ask for, or null for the archive's own choice
     */
    public Response get(URI resource, String accept) {
        Secret token = tokens.current();
        Request request = Request.get(resource);
        if (accept != null) {
            request = request.with("Accept", accept);
        }
        if (token != null) {
            request = request.with("Authorization", "Bearer " + token.reveal());
        }
        Response response = http.send(request);
        if (response.status() / 100 != 2) {
            try (response) {
                throw new Diagnosis(archive, token, clock.instant()).of(response);
            }
        }
        return response;
    }
}
