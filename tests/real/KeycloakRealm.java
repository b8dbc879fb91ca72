//SOURCES ../../lib/json/Json.java ../../lib/sandbox/Clients.java ../../scripts/sandbox.java

import module java.base;
import lib.json.Json;
import lib.sandbox.Clients;

/** The sandbox's realm, made from the sandbox's own list of clients so that the two cannot drift apart. */
final class KeycloakRealm {
    static final String NAME = "dcm4che";

    private static final List<Clients.Client> CLIENTS = List.of(
            Clients.CURL,
            Clients.NO_ROLE,
            Clients.USER_ONLY,
            Clients.SHORT,
            Clients.NO_SERVICE_ACCOUNT,
            Clients.DISABLED,
            Clients.PUBLIC);

    private KeycloakRealm() {}

    /** The realm in the form that Keycloak imports. */
    static String json() {
        List<Object> clients = new ArrayList<>();
        List<Object> serviceAccounts = new ArrayList<>();
        for (Clients.Client client : CLIENTS) {
            clients.add(client(client));
            if (client.serviceAccount() && client.secret() != null) {
                serviceAccounts.add(serviceAccount(client));
            }
        }
        Map<String, Object> realm = new LinkedHashMap<>();
        realm.put("realm", NAME);
        realm.put("enabled", true);
        realm.put("roles", Map.of("realm", List.of(Map.of("name", "auth"), Map.of("name", "user"))));
        realm.put("clients", clients);
        realm.put("users", serviceAccounts);
        return Json.compact(realm);
    }

    private static Map<String, Object> client(Clients.Client client) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("clientId", client.id());
        members.put("enabled", client.enabled());
        members.put("publicClient", client.secret() == null);
        members.put("serviceAccountsEnabled", client.serviceAccount() && client.secret() != null);
        members.put("standardFlowEnabled", false);
        members.put("attributes", Map.of("access.token.lifespan", Integer.toString(client.lifetime())));
        if (client.secret() != null) {
            members.put("secret", client.secret().reveal());
        }
        return members;
    }

    private static Map<String, Object> serviceAccount(Clients.Client client) {
        List<String> roles = new ArrayList<>(client.roles());
        roles.add("default-roles-" + NAME);
        return Map.of(
                "username",
                "service-account-" + client.id(),
                "enabled",
                true,
                "serviceAccountClientId",
                client.id(),
                "realmRoles",
                roles);
    }
}
