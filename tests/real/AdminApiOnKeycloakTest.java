//SOURCES ../../lib/json/Json.java ../TestSandbox.java Keycloak.java KeycloakRealm.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import lib.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The sandbox's Admin API against that of a real Keycloak: each answer has the same status, and what the sandbox says
 * Keycloak says too, member for member, but for identifiers and secrets.
 */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AdminApiOnKeycloakTest {
    private static final List<String> VARIES = List.of("id", "secret", "value");
    private static final String PASSWORD = "changeit";

    /** Other tests have users of these names. */
    private static final String PREFIX = "compared-";

    private static final String NEW_CLIENT = """
            {"clientId":"compared","protocol":"openid-connect","enabled":true,"publicClient":false,"bearerOnly":false,\
            "clientAuthenticatorType":"client-secret","serviceAccountsEnabled":true,"standardFlowEnabled":false,\
            "implicitFlowEnabled":false,"directAccessGrantsEnabled":false,"fullScopeAllowed":true,\
            "redirectUris":["/"],"attributes":{"access.token.lifespan":"77"}}""";

    @RegisterExtension
    static final TestSandbox servers = new TestSandbox();

    private static Keycloak keycloak;

    @BeforeAll
    static void start() {
        keycloak = Keycloak.shared();
        keycloak.admin().createAdministrator(KeycloakRealm.NAME, PREFIX + "root", PASSWORD, "realm-admin");
        keycloak.admin().createAdministrator(KeycloakRealm.NAME, PREFIX + "joe", "joe-secret");
    }

    @AfterAll
    static void remove() {
        for (String user : List.of("root", "joe")) {
            Object found =
                    keycloak.admin().get("/" + KeycloakRealm.NAME + "/users?exact=true&username=" + PREFIX + user);
            keycloak.admin()
                    .delete("/" + KeycloakRealm.NAME + "/users/"
                            + Json.asObject(Json.asArray(found).getFirst()).get("id"));
        }
        keycloak.admin().delete("/" + KeycloakRealm.NAME + "/roles/compared");
    }

    /** One of the two servers, and the answers that later requests refer to. */
    private static final class Side {
        private final HttpClient http = HttpClient.newHttpClient();
        private final String base;
        private final String prefix;
        private String token = "none";
        private String client = "none";
        private String user = "none";
        private Object roles;
        private Object scopes;

        Side(String base, String prefix) {
            this.base = base;
            this.prefix = prefix;
        }

        HttpResponse<String> logIn(String realm, String user, String password) throws Exception {
            String form = "grant_type=password&client_id=admin-cli&username=" + prefix + user + "&password=" + password;
            URI url = URI.create(base + "/realms/" + realm + "/protocol/openid-connect/token");
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(url)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                token = (String) Json.asObject(json(answer)).get("access_token");
            }
            return answer;
        }

        HttpResponse<String> ask(String method, String path, String body) throws Exception {
            String full =
                    path.replace("{client}", client).replace("{user}", user).replace("{scope}", id(scopes, "roles"));
            String sent = body.replace("{role}", id(roles, "compared"));
            return http.send(
                    HttpRequest.newBuilder(URI.create(base + "/admin/realms/" + full))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(sent))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        void remember(String path, Object answer) {
            if (path.endsWith("/clients?clientId=compared")
                    && !Json.asArray(answer).isEmpty()) {
                client = (String) Json.asObject(Json.asArray(answer).getFirst()).get("id");
            } else if (path.endsWith("/service-account-user")
                    && Json.asObject(answer).containsKey("id")) {
                user = (String) Json.asObject(answer).get("id");
            } else if (path.endsWith("/roles")) {
                roles = answer;
            } else if (path.endsWith("/client-scopes")) {
                scopes = answer;
            }
        }

        private static String id(Object list, String name) {
            for (Object each : list == null ? List.of() : Json.asArray(list)) {
                if (name.equals(Json.asObject(each).get("name"))) {
                    return (String) Json.asObject(each).get("id");
                }
            }
            return "none";
        }
    }

    private final Side sandbox = new Side(servers.keycloak().toString(), "");
    private final Side real = new Side(keycloak.http(), PREFIX);

    @Test
    void administrators_log_in_to_the_realm_and_to_master() throws Exception {
        for (String realm : List.of(KeycloakRealm.NAME, "master", "nosuch")) {
            same(realm, sandbox.logIn(realm, "root", "wrong"), real.logIn(realm, "root", "wrong"));
        }
        for (Side side : List.of(sandbox, real)) {
            assertEquals(200, side.logIn(KeycloakRealm.NAME, "root", PASSWORD).statusCode());
        }
        assertEquals(200, sandbox.logIn("master", "root", PASSWORD).statusCode());
    }

    @Test
    void what_an_administrator_does_has_the_same_answers() throws Exception {
        ask("GET", "dcm4che/clients", "");
        sandbox.logIn(KeycloakRealm.NAME, "joe", "joe-secret");
        real.logIn(KeycloakRealm.NAME, "joe", "joe-secret");
        ask("GET", "dcm4che/clients?clientId=curl", "");
        ask("POST", "dcm4che/clients", NEW_CLIENT);
        ask("GET", "dcm4che/roles", "");
        ask("GET", "nosuch/roles", "");
        sandbox.logIn(KeycloakRealm.NAME, "root", PASSWORD);
        real.logIn(KeycloakRealm.NAME, "root", PASSWORD);
        ask("GET", "dcm4che/clients?clientId=compared", "");
        ask("POST", "dcm4che/clients", NEW_CLIENT);
        ask("POST", "dcm4che/clients", NEW_CLIENT);
        ask("POST", "dcm4che/clients", NEW_CLIENT.replace("\"compared\"", "\"Compared\""));
        ask("GET", "dcm4che/clients?clientId=compared", "");
        ask("GET", "dcm4che/clients?clientId=Compared", "");
        ask("GET", "dcm4che/clients?search=true&clientId=COMPARE", "");
        ask("GET", "dcm4che/users?exact=true&username=service-account-compared", "");
        ask("GET", "dcm4che/users?exact=true&username=service-account-nosuch", "");
        ask("GET", "dcm4che/clients/{client}/scope-mappings/realm/composite", "");
        ask("GET", "dcm4che", "");
        ask("GET", "dcm4che/clients/{client}/client-secret", "");
        ask("POST", "dcm4che/clients/{client}/client-secret", "");
        ask("GET", "dcm4che/clients/{client}/service-account-user", "");
        ask("POST", "dcm4che/roles", "{\"name\":\"compared\"}");
        ask("POST", "dcm4che/roles", "{\"name\":\"compared\"}");
        ask("GET", "dcm4che/roles", "");
        ask("GET", "dcm4che/users/{user}/role-mappings/realm/composite", "");
        ask("GET", "dcm4che/users/{user}/role-mappings/realm/available", "");
        ask("POST", "dcm4che/users/{user}/role-mappings/realm", "[{\"name\":\"compared\",\"id\":\"none\"}]");
        ask("POST", "dcm4che/users/{user}/role-mappings/realm", "[{\"name\":\"compared\",\"id\":\"{role}\"}]");
        ask("GET", "dcm4che/users/{user}/role-mappings/realm/composite", "");
        ask("GET", "dcm4che/users/{user}/role-mappings/realm/available", "");
        ask(
                "PUT",
                "dcm4che/clients/{client}",
                "{\"clientId\":\"compared\",\"standardFlowEnabled\":true,\"attributes\":{}}");
        ask("GET", "dcm4che/clients?clientId=compared", "");
        ask("GET", "dcm4che/client-scopes", "");
        ask("PUT", "dcm4che/clients/{client}/default-client-scopes/{scope}", "");
        ask("PUT", "dcm4che/clients/{client}/default-client-scopes/none", "");
        ask(
                "PUT",
                "dcm4che/clients/{client}",
                "{\"clientId\":\"compared\",\"publicClient\":true,\"serviceAccountsEnabled\":false}");
        ask("GET", "dcm4che/clients?clientId=compared", "");
        ask("GET", "dcm4che/clients/{client}/client-secret", "");
        ask("GET", "dcm4che/clients/{client}/service-account-user", "");
        ask("DELETE", "dcm4che/clients/{client}", "");
        ask("DELETE", "dcm4che/clients/{client}", "");
        ask("GET", "dcm4che/clients?clientId=compared", "");
        ask("PUT", "dcm4che/clients/{client}", "{\"clientId\":\"compared\"}");
        ask("GET", "dcm4che/users/nosuch/role-mappings/realm/composite", "");
        ask("GET", "nosuch/clients?clientId=curl", "");
        ask("GET", "dcm4che/nothing", "");
    }

    private void ask(String method, String path, String body) throws Exception {
        HttpResponse<String> ours = sandbox.ask(method, path, body);
        HttpResponse<String> theirs = real.ask(method, path, body);
        same(method + " " + path, ours, theirs);
        if (ours.statusCode() == 200) {
            sandbox.remember(path, json(ours));
            real.remember(path, json(theirs));
        }
    }

    private static void same(String request, HttpResponse<String> ours, HttpResponse<String> theirs) {
        String both = request + "\n" + ours.body() + "\n" + theirs.body();
        assertEquals(theirs.statusCode(), ours.statusCode(), both);
        assertEquals(theirs.body().isEmpty(), ours.body().isEmpty(), both);
        if (!ours.body().isEmpty()) {
            boolean isError = ours.statusCode() >= 400;
            assertTrue(isError ? ours.body().equals(theirs.body()) : isIn(json(ours), json(theirs)), both);
        }
    }

    /** Whether Keycloak's value has all that ours has. Of lists, those of the realm may have more on a real one. */
    private static boolean isIn(Object ours, Object theirs) {
        if (ours instanceof Map<?, ?> members) {
            Map<String, Object> others = Json.asObject(theirs);
            return others != null
                    && members.entrySet().stream()
                            .allMatch(member -> others.containsKey(member.getKey())
                                    && (VARIES.contains(member.getKey())
                                            || isIn(member.getValue(), others.get(member.getKey()))));
        }
        if (ours instanceof List<?> elements) {
            List<Object> others = Json.asArray(theirs);
            return others != null
                    && elements.isEmpty() == others.isEmpty()
                    && elements.stream().allMatch(each -> others.stream().anyMatch(other -> isIn(each, other)));
        }
        return Objects.equals(ours, theirs);
    }

    private static Object json(HttpResponse<String> answer) {
        try {
            return Json.parse(answer.body());
        } catch (Json.Malformed e) {
            throw new AssertionError(answer.body(), e);
        }
    }
}
