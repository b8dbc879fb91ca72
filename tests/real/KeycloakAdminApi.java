//SOURCES ../../lib/json/Json.java

import module java.base;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import lib.json.Json;

/**
 * Changes a Keycloak through its Admin REST API (facts A10), as the administrator of the realm {@code master}. Paths
 * are those below {@code /admin/realms}, such as {@code /dcm4che/users}; what Keycloak refuses fails the test.
 */
final class KeycloakAdminApi {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String keycloak;
    private final String login;
    private String token = "";

    KeycloakAdminApi(String keycloak, String user, String password) {
        this.keycloak = keycloak;
        this.login =
                "grant_type=password&client_id=admin-cli&username=" + encode(user) + "&password=" + encode(password);
    }

    /** What is at {@code path}: maps, lists, texts. */
    Object get(String path) {
        return parse(send("GET", path, null).body());
    }

    /** Creates what {@code members} say below {@code path}, and returns its internal id, if Keycloak gave it one. */
    String create(String path, Object members) {
        String location =
                send("POST", path, members).headers().firstValue("Location").orElse("");
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** Changes what {@code members} name of the thing at {@code path}, and leaves the rest as it is. */
    void change(String path, Map<String, ?> members) {
        send("PUT", path, members);
    }

    void delete(String path) {
        send("DELETE", path, null);
    }

    /** Creates a confidential client with a service account that has these realm roles besides everybody's. */
    void createClient(String realm, String clientId, String secret, String... roles) {
        String id = create(
                "/" + realm + "/clients",
                Map.of("clientId", clientId, "secret", secret, "serviceAccountsEnabled", true));
        Object account = get("/" + realm + "/clients/" + id + "/service-account-user");
        for (String role : roles) {
            assign(realm, (String) Json.asObject(account).get("id"), role);
        }
    }

    /** Gives the user with this internal id a realm role. */
    void assign(String realm, String userId, String role) {
        Object found = get("/" + realm + "/roles/" + encode(role));
        create("/" + realm + "/users/" + userId + "/role-mappings/realm", List.of(found));
    }

    /** Creates a realm with these realm roles and users. */
    void createRealm(String name, List<String> roles, Object... users) {
        List<Object> described = new ArrayList<>();
        for (String role : roles) {
            described.add(Map.of("name", role));
        }
        // Keycloak's own hashing of passwords takes a second for each login.
        String policy = "hashAlgorithm(pbkdf2-sha512) and hashIterations(1)";
        Map<String, Object> realm = new HashMap<>(Map.of("realm", name, "enabled", true, "passwordPolicy", policy));
        // Its own choice, two keys of 2048 bits, takes it up to ten seconds for each realm.
        Map<String, Object> key =
                Map.of("name", "short", "providerId", "rsa-generated", "config", Map.of("keySize", List.of("1024")));
        realm.put("components", Map.of("org.keycloak.keys.KeyProvider", List.of(key)));
        realm.put("roles", Map.of("realm", described));
        realm.put("users", List.of(users));
        create("", realm);
    }

    /** Describes a user who can log in at once, and who has these roles of {@code realm-management}. */
    static Map<String, Object> administrator(String name, String password, String... roles) {
        return Map.of(
                "username",
                name,
                "enabled",
                true,
                "email",
                name + "@example.org",
                "firstName",
                "A",
                "lastName",
                "B",
                "credentials",
                List.of(Map.of("type", "password", "value", password)),
                "clientRoles",
                Map.of("realm-management", List.of(roles)));
    }

    /** Creates a user who can log in at once, and who has these roles of {@code realm-management}. */
    void createAdministrator(String realm, String name, String password, String... roles) {
        Map<String, Object> user = new HashMap<>(administrator(name, password));
        user.remove("clientRoles");
        String id = create("/" + realm + "/users", user);
        for (String role : roles) {
            assignClientRole(realm, id, "realm-management", role);
        }
    }

    /** Gives the user with this internal id a role of a client. */
    void assignClientRole(String realm, String userId, String clientId, String role) {
        String client = idOfClient(realm, clientId);
        Object found = get("/" + realm + "/clients/" + client + "/roles/" + encode(role));
        create("/" + realm + "/users/" + userId + "/role-mappings/clients/" + client, List.of(found));
    }

    /** Changes members of a client that is there, such as {@code secret}. */
    void changeClient(String realm, String clientId, Map<String, ?> members) {
        change("/" + realm + "/clients/" + idOfClient(realm, clientId), members);
    }

    /** The internal id of a client. */
    String idOfClient(String realm, String clientId) {
        Object found = get("/" + realm + "/clients?clientId=" + encode(clientId));
        return (String) Json.asObject(Json.asArray(found).getFirst()).get("id");
    }

    private synchronized HttpResponse<String> send(String method, String path, Object members) {
        HttpResponse<String> answer = exchange(method, path, members);
        if (answer.statusCode() == 401) {
            // The tokens of the realm master live for a minute.
            token = login();
            answer = exchange(method, path, members);
        }
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private HttpResponse<String> exchange(String method, String path, Object members) {
        HttpRequest.BodyPublisher body = members == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(Json.compact(members));
        return send(HttpRequest.newBuilder(URI.create(keycloak + "/admin/realms" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build());
    }

    private String login() {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(keycloak + "/realms/master/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(login))
                        .build());
        return (String) Json.asObject(parse(answer.body())).get("access_token");
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Object parse(String text) {
        try {
            return Json.parse(text);
        } catch (Json.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
