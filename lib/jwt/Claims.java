//SOURCES ../json/Json.java ClaimTime.java

package lib.jwt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.json.Json;

/**
 * The claims that Keycloak's tokens have, read without ever failing: what has another type than it should counts as
 * absent.
 *
 * @param all the payload
 */
public record Claims(Map<String, Object> all) {
    /** The claim {@code name} if it is text, otherwise null. */
    public String text(String name) {
        return all.get(name) instanceof String text ? text : null;
    }

    /** The claim {@code name} as a time, or null if it is absent. */
    public ClaimTime time(String name) {
        return all.containsKey(name) ? ClaimTime.of(name, all.get(name)) : null;
    }

    /** For whom the token is: {@code aud} may be one text or an array. */
    public List<String> audience() {
        String one = text("aud");
        return one != null ? List.of(one) : texts(Json.asArray(all.get("aud")));
    }

    /** The realm's roles, which alone count for the archive. */
    public List<String> realmRoles() {
        return roles(all.get("realm_access"));
    }

    /** The roles of {@code client}. */
    public List<String> clientRoles(String client) {
        Map<String, Object> clients = Json.asObject(all.get("resource_access"));
        return roles(clients == null ? null : clients.get(client));
    }

    /** Whether its {@code exp} of 0 means that it has none, as in Keycloak's offline and registration tokens. */
    public boolean neverExpires() {
        ClaimTime exp = time("exp");
        if (exp == null || exp.at() == null || exp.at().getEpochSecond() != 0 || text("typ") == null) {
            return false;
        }
        switch (text("typ")) {
            case "Refresh", "Offline", "InitialAccessToken", "RegistrationAccessToken":
                return true;
            default:
                return false;
        }
    }

    /** What the token is for, in words: {@code access token}, {@code ID token}. */
    public String kind() {
        String typ = text("typ");
        if (typ == null) {
            return all.containsKey("events") ? "logout token" : "token of unknown kind";
        }
        switch (typ) {
            case "Bearer", "DPoP":
                return isLightweight() ? "lightweight access token" : "access token";
            case "ID":
                return "ID token";
            case "Refresh":
                return "refresh token";
            case "Offline":
                return "offline token";
            case "Logout":
                return "logout token";
            case "InitialAccessToken":
                return "initial access token";
            case "RegistrationAccessToken":
                return "registration access token";
            default:
                return "token of kind " + typ;
        }
    }

    /** Whether it is one of Keycloak's access tokens without roles (its {@code jti} says so since version 26). */
    public boolean isLightweight() {
        String id = text("jti");
        int colon = id == null ? -1 : id.indexOf(':');
        return colon >= 4
                ? id.startsWith("lt", 2)
                : text("sub") == null && realmRoles().isEmpty();
    }

    private static List<String> roles(Object access) {
        Map<String, Object> object = Json.asObject(access);
        return texts(object == null ? null : Json.asArray(object.get("roles")));
    }

    private static List<String> texts(List<Object> values) {
        List<String> texts = new ArrayList<>();
        if (values != null) {
            for (Object value : values) {
                if (value instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}
