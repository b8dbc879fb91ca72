//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../scripts/gettoken.java ../../scripts/regclient.java
//SOURCES ../ToolRun.java TestRealm.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A registration where policies, names, algorithms or the administrator's account of a real Keycloak forbid it. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StrictRealmOnKeycloakTest {
    private static final String REALM = "strict";
    private static final String POLICIES = "see Realm settings > Client policies";

    @RegisterExtension
    static final TestRealm realm = new TestRealm(
            REALM, List.of("auth"), Map.of("manager", List.of("manage-clients", "manage-users"), "twin", List.of()));

    @TempDir
    static Path folder;

    @AfterEach
    void forbidNothing() {
        realm.admin().change("/" + REALM + "/client-policies/policies", Map.of("policies", List.of()));
        realm.admin().change("/" + REALM, Map.of("defaultSignatureAlgorithm", "RS256"));
    }

    /** Sets one executor to work on all clients of the realm. */
    private static void execute(String executor, String configuration) {
        Map<String, Object> described = Map.of("executor", executor, "configuration", TestRealm.json(configuration));
        Map<String, Object> profile = Map.of("name", "strict", "executors", List.of(described));
        realm.admin().change("/" + REALM + "/client-policies/profiles", Map.of("profiles", List.of(profile)));
        Map<String, Object> policy = Map.of(
                "name",
                "strict",
                "enabled",
                true,
                "conditions",
                List.of(Map.of("condition", "any-client", "configuration", Map.of())),
                "profiles",
                List.of("strict"));
        realm.admin().change("/" + REALM + "/client-policies/policies", Map.of("policies", List.of(policy)));
    }

    private static ToolRun.Setting tool() {
        return realm.regclient(folder);
    }

    /** A tool for the administrator of all realms, whom no policy of this one stops. */
    private static ToolRun.Setting master() {
        return tool().env("ARC_ADMIN_USER", "admin")
                .env("ARC_ADMIN_PASSWORD", "changeit")
                .env("ARC_ADMIN_REALM", "master");
    }

    private static void refuses(ToolRun run, String message, String hint) {
        assertEquals(Exit.REFUSED.code(), run.exit(), run::toString);
        String last = run.err().lines().toList().getLast();
        assertTrue(run.err().contains(message), run::toString);
        assertTrue(last.contains(hint), run::toString);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            full-scope-disabled          | {"auto-configure":true}          | its full scope is off, so that its tokens lack auth
            full-scope-disabled          | {"auto-configure":false}         | 400 Not permitted to enable fullScopeAllowed
            use-lightweight-access-token | {}                               | its token is lightweight, without roles
            secure-client-authenticator  | {"allowed-client-authenticators":["client-jwt"],"default-client-authenticator":"client-jwt"} | 400 Invalid client metadata: token_endpoint_auth_method
            secure-client-uris           | {}                               | 400 Invalid redirectUris
            reject-request               | {}                               | 400 Request not allowed
            secure-signature-algorithm   | {"default-algorithm":"ES256"}    | 400 not allowed signature algorithm
            dpop-bind-enforcer           | {"auto-configure":true}          | its tokens are bound to a DPoP key
            holder-of-key-enforcer       | {"auto-configure":true}          | its tokens are bound to a client certificate
            secure-signature-algorithm-signed-jwt | {"require-client-assertion":true} | client assertion is required
            """)
    void what_a_policy_forbids_a_new_client_or_makes_of_it_is_told(String executor, String configuration, String said) {
        String clientId = "new-" + executor + configuration.length();
        execute(executor, configuration);

        refuses(master().run("--client-id", clientId), said, POLICIES);

        repeat(clientId, said);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            secure-client-authenticator   | {"allowed-client-authenticators":["client-jwt"],"default-client-authenticator":"client-jwt"} | it authenticates by client-jwt
            secure-redirect-uris-enforcer | {}                            | 400 Invalid Redirect Uri
            secure-signature-algorithm    | {"default-algorithm":"ES256"} | its tokens are signed with ES256, not RS256
            holder-of-key-enforcer        | {"auto-configure":false}      | 400 Invalid client metadata: MTLS token in disabled
            """)
    void what_a_policy_makes_of_a_client_while_it_gains_its_account_is_told(
            String executor, String configuration, String said) {
        String clientId = "old-" + executor;
        realm.create(clientId, Map.of("redirectUris", List.of("http://example.org/*")));
        execute(executor, configuration);

        refuses(master().run("--client-id", clientId), said, POLICIES);

        repeat(clientId, said);
    }

    /** Nothing changes from then on, repaired or not, and a dry run sends nothing but GETs. */
    private static void repeat(String clientId, String said) {
        Object before = realm.clients(clientId);
        ToolRun second = master().run("--client-id", clientId);
        assertTrue(List.of(2, 4).contains(second.exit()), second::toString);
        assertEquals(List.of(), TestRealm.changes(second));
        assertEquals(before, realm.clients(clientId));

        refuses(master().run("--client-id", clientId, "--repair"), "", POLICIES);
        Object repaired = realm.clients(clientId);
        ToolRun again = master().run("--client-id", clientId, "--repair");
        assertEquals(List.of(), TestRealm.changes(again), again::toString);
        assertEquals(repaired, realm.clients(clientId));

        ToolRun dry = master().env("ARC_KEYCLOAK", realm.forwarder().url())
                .run("--client-id", clientId, "--repair", "--dry-run");
        assertEquals(0, dry.exit(), dry::toString);
        List<String> requests = realm.forwarder().requests();
        for (String request : requests) {
            assertTrue(request.startsWith("GET ") || request.endsWith("/token"), request);
        }
        assertEquals(repaired, realm.clients(clientId));
    }

    @Test
    void a_policy_that_rejects_all_is_named_at_the_login_of_the_realms_own_administrator() {
        execute("reject-request", "{}");
        refuses(tool().run("--admin-realm", REALM), "invalid_request: Request not allowed", "Client policies");
    }

    @Test
    void a_role_in_the_scope_of_a_client_without_full_scope_is_in_its_tokens() {
        String id = realm.create("scoped", Map.of("fullScopeAllowed", false, "serviceAccountsEnabled", true));
        Object role = realm.admin().get("/" + REALM + "/roles/auth");
        tool().run("--client-id=scoped")
                .after("give role auth to ")
                .says(Exit.USAGE, "its full scope is off, so that its tokens lack auth", "that is left; --repair");

        realm.admin().create("/" + REALM + "/clients/" + id + "/scope-mappings/realm", List.of(role));

        tool().run("--client-id=scoped", "--save-profile=scoped")
                .after("the profile is in ")
                .says(Exit.USAGE, "its full scope is off", "it gets its tokens nevertheless");
        execute("full-scope-disabled", "{\"auto-configure\":true}");
        refuses(
                master().run("--client-id=scoped", "--repair"),
                "keycloak did not keep what was asked of client scoped: its full scope is off\n",
                "it gets its tokens nevertheless; a client policy does that: " + POLICIES);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void a_name_that_a_service_account_cannot_have_is_refused_before_anything_is_changed(boolean isDryRun) {
        Object[] more = isDryRun ? new Object[] {"--dry-run"} : new Object[0];
        String suffix = isDryRun ? "-dry" : "";
        realm.create("lower" + suffix, Map.of("serviceAccountsEnabled", true));
        realm.admin().create("/" + REALM + "/users", Map.of("username", "service-account-taken" + suffix));
        realm.create("bare" + suffix, Map.of());
        realm.admin().create("/" + REALM + "/users", Map.of("username", "service-account-bare" + suffix));

        tool().with(more)
                .run("--client-id=LOWER" + suffix, "--role=nosuch", "--create-role")
                .fails(
                        Exit.REFUSED,
                        "client lower" + suffix + " has one with the same name",
                        "--client-id lower" + suffix);
        for (String name : List.of("taken" + suffix, "bare" + suffix)) {
            tool().with(more)
                    .run("--client-id", name)
                    .fails(
                            Exit.REFUSED,
                            "there is a user service-account-" + name + " already",
                            "Users > service-account-");
        }
    }

    @Test
    void a_service_account_that_is_disabled_is_enabled_only_when_told() {
        String id = realm.create("suspended", Map.of("serviceAccountsEnabled", true));
        Object account = realm.admin().get("/" + REALM + "/clients/" + id + "/service-account-user");
        String user = "/" + REALM + "/users/" + Json.asObject(account).get("id");
        realm.admin().change(user, Map.of("enabled", false, "firstName", "Somebody's"));

        tool().run("--client-id=suspended")
                .after("give role auth to ")
                .says(Exit.USAGE, "its service account is disabled", "that is left; --repair");
        ToolRun dry = tool().run("--client-id=suspended", "--repair", "--dry-run");
        assertEquals(List.of("service account"), TestRealm.changes(dry), dry::toString);
        ToolRun repaired = tool().run("--client-id=suspended", "--repair");
        assertEquals(List.of("service account"), TestRealm.changes(repaired), repaired::toString);
        assertEquals("Somebody's", Json.asObject(realm.admin().get(user)).get("firstName"));
        ToolRun again = tool().run("--client-id=suspended", "--repair");
        assertEquals(0, again.exit(), again::toString);
        assertEquals(List.of(), TestRealm.changes(again));
    }

    @Test
    void an_administrator_of_the_realm_master_only_is_told_what_the_account_there_needs() {
        Map<String, Map<String, Object>> states = Map.of(
                "m-disabled", Map.of("enabled", false),
                "m-busy", Map.of("requiredActions", List.of("UPDATE_PASSWORD")));
        Map<String, String> hints = Map.of(
                "m-disabled", "in realm master, turn on Users > m-disabled > Enabled",
                "m-busy", "in realm master, m-busy must complete an action first");
        for (String name : states.keySet()) {
            Map<String, Object> user = new HashMap<>(TestRealm.administrator(name));
            user.remove("clientRoles");
            user.putAll(states.get(name));
            String id = realm.admin().create("/master/users", user);
            try {
                ToolRun run = tool().env("ARC_ADMIN_USER", name).run();
                run.fails(Exit.REFUSED, name + " cannot log in to realm master: ", hints.get(name));
                assertFalse(run.err().contains("Invalid user credentials"), run::toString);
            } finally {
                realm.admin().delete("/master/users/" + id);
            }
        }
    }

    @Test
    void direct_grants_that_are_off_are_told_from_a_wrong_password() {
        realm.admin()
                .changeClient(REALM, "admin-cli", Map.of("clientId", "admin-cli", "directAccessGrantsEnabled", false));
        try {
            tool().run()
                    .fails(
                            Exit.REFUSED,
                            "root cannot log in to realm " + REALM + " nor to master: ",
                            "in realm " + REALM + ", turn on Clients > admin-cli > Settings > Direct access grants");
        } finally {
            realm.admin()
                    .changeClient(
                            REALM, "admin-cli", Map.of("clientId", "admin-cli", "directAccessGrantsEnabled", true));
        }
    }

    @Test
    void an_administrator_with_the_same_name_in_the_realm_master_is_proposed() {
        ToolRun.Setting twin = tool().env("ARC_ADMIN_USER", "twin");

        twin.run().fails(Exit.REFUSED, "twin may not look for clients", "twin of realm master (--admin-realm master)");
        ToolRun only = twin.run("--admin-realm", REALM);
        refuses(only, "twin may not look for clients", "log in as another administrator");
        assertFalse(only.err().contains("master"), only::toString);
    }

    @Test
    void a_token_that_lives_for_less_than_was_asked_names_what_ends_it() {
        for (List<Object> changed : List.of(List.<Object>of("client", "role auth"), List.of())) {
            ToolRun run = tool().run("--client-id=long-lived", "--token-lifespan=2147483647");
            assertEquals(0, run.exit(), run::toString);
            assertEquals(changed, TestRealm.changes(run));
            assertTrue(
                    run.err().contains("warning: the token lives 36000 s, not 2147483647: ")
                            && run.err().contains("SSO Session Max"),
                    run::toString);
        }
        ToolRun brief = tool().run("--client-id=short-lived", "--token-lifespan=60");
        assertEquals(0, brief.exit(), brief::toString);
        assertFalse(brief.err().contains("warning"), brief::toString);
    }

    @Test
    void a_realm_that_signs_with_another_algorithm_is_no_obstacle() {
        realm.create("unsigned", Map.of("serviceAccountsEnabled", true));
        realm.create("unseen", Map.of("serviceAccountsEnabled", true));
        realm.admin().change("/" + REALM, Map.of("defaultSignatureAlgorithm", "ES256"));

        ToolRun first = tool().run("--client-id=signed", "--save-profile=signed");
        assertEquals(0, first.exit(), first::toString);
        assertFalse(first.err().contains("warning"), first::toString);
        ToolRun.of(new gettoken())
                .env("ARC_CONFIG_HOME", folder.resolve("config"))
                .run("-p", "signed")
                .succeeds();

        tool().run("--client-id=unsigned")
                .after("give role auth to ")
                .says(Exit.USAGE, "its tokens are signed with ES256, not RS256", "--repair");
        List<List<Object>> changed = new ArrayList<>();
        for (String name : List.of("unsigned", "unsigned", "unseen", "unseen")) {
            ToolRun.Setting by = tool().env("ARC_ADMIN_USER", name.equals("unseen") ? "manager" : "root");
            ToolRun run = by.run("--client-id", name, "--repair");
            assertEquals(0, run.exit(), run::toString);
            assertFalse(run.err().contains("warning"), run::toString);
            changed.add(TestRealm.changes(run));
        }
        String algorithm = "access.token.signed.response.alg";
        assertEquals(List.of(List.of(algorithm), List.of(), List.of(algorithm, "role auth"), List.of()), changed);
        assertFalse(Files.exists(folder.resolve("config/unsigned.conf")));
    }
}
