//SOURCES ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Request.java ../http/Response.java
//SOURCES ../json/Json.java ../json/MalformedJson.java Archive.java Redirects.java

package lib.arc;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * Questions to the archive that tell one cause of a refusal from another. Nothing depends on the answers: one that does
 * not come soon, or makes no sense, is none.
 *
 * @param archive a dcm4chee archive
 * @param http asks
 */
record Probe(Archive archive, Http http) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * The status of the resource at {@code path} below the archive's address with {@code token}, or without; 0: none.
     */
    int status(String path, Secret token) {
        Response response = ask(path, token);
        if (response == null) {
            return 0;
        }
        response.close();
        return response.status();
    }

    /** The AE titles that the archive serves; none if they cannot be had. */
    List<String> aeTitles(Secret token) {
        List<String> titles = new ArrayList<>();
        if (Json.asArray(json(ask("/aets", token))) instanceof List<Object> aes) {
            for (Object ae : aes) {
                Map<String, Object> members = Json.asObject(ae);
                if (members != null && members.get("dicomAETitle") instanceof String title) {
                    titles.add(title);
                }
            }
        }
        return titles;
    }

    /**
     * The issuer whose tokens people log in with there, or null if that cannot be learnt: the user interface names it,
     * or sends whoever has no session to its login page (facts B2).
     */
    String issuer() {
        Response response = ask("/ui2/rs/keycloak.json", null);
        if (response == null) {
            return null;
        }
        String location = response.header("Location");
        int login = location == null ? -1 : location.indexOf(Redirects.LOGIN);
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

    /** {@code url} if it may be shown to be pasted into a shell, else null: nobody's issuer has such characters. */
    private static String plain(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            boolean isPlain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!isPlain && "-._~:/%[]".indexOf(c) < 0) {
                return null;
            }
        }
        return url;
    }

    private Response ask(String path, Secret token) {
        Request request = Request.get(URI.create(archive.url() + path)).with("Accept", "application/json");
        return http.probe(
                token == null ? request : request.with("Authorization", "Bearer " + token.reveal()), PATIENCE);
    }

    private static Object json(Response response) {
        if (response == null) {
            return null;
        }
        try (response) {
            return response.status() == 200 ? Json.parse(response.text()) : null;
        } catch (MalformedJson | Problem noAnswer) {
            return null;
        }
    }
}
