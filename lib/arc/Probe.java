//SOURCES ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Request.java ../http/Response.java
//SOURCES ../json/Json.java Archive.java Session.java

package lib.arc;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;
import lib.json.Json;

/**
 * Requests that tell one cause of a refusal from another. A late or malformed answer counts as no answer. A server that
 * is not a dcm4chee archive is sent none.
 *
 * @param archive which archive
 * @param http sends the requests
 * @param keys where the Keycloak of the settings publishes its keys, or null. It is never one that a token names (facts
 *     A8)
 */
public record Probe(Archive archive, Http http, URI keys) {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(5);

    /** The status of {@code path} below the archive's address; 0 for no answer. {@code token} may be null. */
    int status(String path, Secret token) {
        Response response = get(path, token);
        if (response == null) {
            return 0;
        }
        response.close();
        return response.status();
    }

    /** The AE titles in the list at {@code path}: of {@code /aets} or {@code /webapps}; empty for no answer. */
    public List<String> aeTitles(String path, Secret token) {
        List<Object> aes = Json.asArray(json(get(path, token)));
        return members(aes, "dicomAETitle").distinct().toList();
    }

    /** The texts that the objects of {@code list}, null for none, have as {@code name}. */
    private static Stream<String> members(List<Object> list, String name) {
        return (list == null ? List.of() : list)
                .stream()
                        .map(Json::asObject)
                        .filter(object -> object != null && object.get(name) instanceof String)
                        .map(object -> (String) object.get(name));
    }

    /**
     * The issuer of the tokens of the archive's own user interface, or null if unknown. The interface names it, or
     * redirects to its login page (facts B2).
     */
    String issuer() {
        Response response = get("/ui2/rs/keycloak.json", null);
        if (response == null) {
            return null;
        }
        String location = response.header("Location");
        int login = location == null ? -1 : location.indexOf(Session.Redirects.LOGIN);
        if (login > 0) {
            response.close();
            return plain(location.substring(0, login));
        }
        Map<String, Object> members = Json.asObject(json(response));
        return members != null
                        && members.get("auth-server-url") instanceof String url
                        && members.get("realm") instanceof String realm
                ? plain((url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + "/realms/" + realm)
                : null;
    }

    /** {@code url} if it is safe to paste into a shell, else null: real issuers have only these characters. */
    private static String plain(String url) {
        return url.matches("[A-Za-z0-9._~:/%\\[\\]-]*") ? url : null;
    }

    /** Whether Keycloak answered with its keys and none of them has the ID {@code kid}. */
    boolean lacksKey(String kid) {
        if (kid == null || keys == null) {
            return false;
        }
        Map<String, Object> set = Json.asObject(json(get(keys, null)));
        List<Object> known = set == null ? null : Json.asArray(set.get("keys"));
        return known != null && members(known, "kid").noneMatch(kid::equals);
    }

    private Response get(String path, Secret token) {
        return archive.aet() == null ? null : get(URI.create(archive.url() + path), token);
    }

    private Response get(URI address, Secret token) {
        Request request = Request.get(address).with("Accept", "application/json");
        return http.probe(
                token == null ? request : request.with("Authorization", "Bearer " + token.reveal()), TIME_LIMIT);
    }

    private static Object json(Response response) {
        if (response == null) {
            return null;
        }
        try (response) {
            return response.status() == 200 ? Json.parse(response.text()) : null;
        } catch (Json.Malformed | Problem noAnswer) {
            return null;
        }
    }
}
