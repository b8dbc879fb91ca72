//SOURCES ../../lib/json/Json.java ../../scripts/regclient.java ../ToolRun.java Forwarder.java Keycloak.java
//SOURCES KeycloakAdminApi.java

import module java.base;
import lib.json.Json;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A realm of the shared Keycloak for the tests of one class, with regclient as its administrator root. */
final class TestRealm implements BeforeAllCallback, AfterAllCallback {
    /** The password of the realm's users. */
    static final String PASSWORD = "pass w/o=r%d &:\u00fc";

    private final String name;
    private final List<String> roles;
    private final Map<String, List<String>> administrators;
    private Keycloak keycloak;
    private Forwarder forwarder;

    /**
     * @param name the name of the realm
     * @param roles its realm roles
     * @param administrators the roles of {@code realm-management} that each user has, besides root
     */
    TestRealm(String name, List<String> roles, Map<String, List<String>> administrators) {
        this.name = name;
        this.roles = roles;
        this.administrators = administrators;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        keycloak = Keycloak.shared();
        forwarder = new Forwarder(keycloak.http());
        List<Object> users = new ArrayList<>(List.of(administrator("root", "realm-admin")));
        administrators.forEach((user, held) -> users.add(administrator(user, held.toArray(String[]::new))));
        admin().createRealm(name, roles, users.toArray());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (forwarder != null) {
            forwarder.close();
            admin().delete("/" + name);
        }
    }

    Keycloak keycloak() {
        return keycloak;
    }

    KeycloakAdminApi admin() {
        return keycloak.admin();
    }

    /** A server before Keycloak. */
    Forwarder forwarder() {
        return forwarder;
    }

    /** A user with roles of {@code realm-management}, who has the {@link #PASSWORD}. */
    static Map<String, Object> administrator(String name, String... roles) {
        return KeycloakAdminApi.administrator(name, PASSWORD, roles);
    }

    /** regclient with its files in {@code folder}. */
    ToolRun.Setting regclient(Path folder) {
        return ToolRun.of(new regclient())
                .env("ARC_CONFIG_HOME", folder.resolve("config"))
                .env("XDG_CACHE_HOME", folder.resolve("cache"))
                .env("ARC_KEYCLOAK", keycloak.http())
                .env("ARC_REALM", name)
                .env("ARC_ADMIN_USER", "root")
                .env("ARC_ADMIN_PASSWORD", PASSWORD);
    }

    /** Creates a client without logins in a browser, and returns its internal id. */
    String create(String clientId, Map<String, Object> members) {
        Map<String, Object> all = new HashMap<>(Map.of("clientId", clientId, "standardFlowEnabled", false));
        all.putAll(members);
        return admin().create("/" + name + "/clients", all);
    }

    /** The clients with this id: one, or none. */
    List<Object> clients(String clientId) {
        String query = "?clientId=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8);
        return Json.asArray(admin().get("/" + name + "/clients" + query));
    }

    /** What a run of regclient says was changed; nothing if it ended before it said anything. */
    static List<Object> changes(ToolRun run) {
        return run.out().isEmpty()
                ? List.of()
                : Json.asArray(Json.asObject(json(run.out())).get("changed"));
    }

    static Object json(String text) {
        try {
            return Json.parse(text);
        } catch (Json.Malformed e) {
            throw new AssertionError(text, e);
        }
    }
}
