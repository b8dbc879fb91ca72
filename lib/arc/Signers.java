//SOURCES ../base/Problem.java ../http/Http.java ../http/Request.java ../http/Response.java ../json/Json.java
//SOURCES ../json/MalformedJson.java

package lib.arc;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * The keys of the Keycloak that the settings name, and never of one that a token names (facts A8).
 *
 * @param address where it publishes them, or null if none is named
 * @param http asks
 */
record Signers(URI address, Http http) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Whether they can be had and none of them is called {@code kid}. */
    boolean lack(String kid) {
        List<Object> keys = kid == null || address == null ? null : keys();
        if (keys == null) {
            return false;
        }
        for (Object key : keys) {
            Map<String, Object> members = Json.asObject(key);
            if (members != null && kid.equals(members.get("kid"))) {
                return false;
            }
        }
        return true;
    }

    private List<Object> keys() {
        Response response = http.probe(Request.get(address).with("Accept", "application/json"), PATIENCE);
        if (response == null) {
            return null;
        }
        try (response) {
            Map<String, Object> set = response.status() == 200 ? Json.asObject(Json.parse(response.text())) : null;
            return set == null ? null : Json.asArray(set.get("keys"));
        } catch (MalformedJson | Problem noAnswer) {
            return null;
        }
    }
}
