//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../lib/sandbox/Sandbox.java ../../scripts/arcget.java
//SOURCES ../../scripts/gettoken.java ../../scripts/regclient.java ../../scripts/sandbox.java ../OtherProvider.java
//SOURCES ../Permissions.java ../ToolProcess.java ../ToolRun.java Forwarder.java TestRealm.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Sandbox;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's steps as one command, in a realm of its own of a real Keycloak. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegclientOnKeycloakTest {
    private static final String REALM = "regclient";
    private static final String MANAGER = "manager";

    @RegisterExtension
    static final TestRealm realm = new TestRealm(
            REALM,
            List.of("auth", "user"),
            Map.of(
                    MANAGER,
                    List.of("manage-clients", "manage-users"),
                    "clients-only",
                    List.of("manage-clients"),
                    "users-only",
                    List.of("manage-users"),
                    "viewer",
                    List.of("view-clients", "view-users", "view-realm"),
                    "nobody",
                    List.of()));

    @TempDir
    static Path folder;

    private static ToolRun.Setting tool() {
        return realm.regclient(folder);
    }

    /** What a run that ended well says was changed. */
    private static List<Object> changed(ToolRun run) {
        assertEquals(0, run.exit(), run::toString);
        return TestRealm.changes(run);
    }

    private static List<Object> register(String client, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("--client-id", client));
        arguments.addAll(List.of(more));
        return changed(tool().run(arguments.toArray()));
    }

    private static Map<String, Object> client(String clientId) {
        assertEquals(1, realm.clients(clientId).size());
        return Json.asObject(realm.clients(clientId).getFirst());
    }

    @Test
    void two_commands_lead_from_a_fresh_realm_to_an_answer_of_the_archive() throws Exception {
        try (Sandbox sandbox = Sandbox.start()) {
            String issuer = realm.keycloak().http() + "/realms/" + REALM;
            OtherProvider.trusted(
                    sandbox.archiveServer(), issuer, URI.create(issuer + "/protocol/openid-connect/certs"));

            ToolRun first = tool().run("--client-id=curl", "--save-profile=hospital", "--url", sandbox.archive());

            assertEquals(List.of("client", "role auth"), changed(first));
            assertTrue(first.err().contains("regclient: create client curl in realm " + REALM), first::toString);
            assertTrue(first.err().contains("regclient: give role auth"), first::toString);
            assertTrue(first.err().contains("gettoken -p hospital | arcget -p hospital"), first::toString);
            Path secret = folder.resolve("config/hospital.secret");
            assertEquals(
                    Map.of(
                            "clientId",
                            "curl",
                            "realm",
                            REALM,
                            "roles",
                            List.of("auth"),
                            "changed",
                            List.of("client", "role auth"),
                            "secretFile",
                            secret.toString()),
                    TestRealm.json(first.out()));
            String token =
                    profiled(ToolRun.of(new gettoken())).run("-p", "hospital").succeeds();
            assertEquals(
                    "{\"count\":4}\n",
                    profiled(ToolRun.of(new arcget()))
                            .stdin(token)
                            .run("-p", "hospital", "studies/count")
                            .succeeds());
            assertEquals("rwx------", Permissions.of(folder.resolve("config")));
            for (Path file : List.of(secret, folder.resolve("config/hospital.conf"))) {
                assertEquals("rw-------", Permissions.of(file));
            }
        }
        Map<String, Object> client = client("curl");
        for (String on : List.of("enabled", "serviceAccountsEnabled", "fullScopeAllowed")) {
            assertEquals(true, client.get(on), on);
        }
        for (String off : List.of("publicClient", "standardFlowEnabled", "directAccessGrantsEnabled")) {
            assertEquals(false, client.get(off), off);
        }
        assertEquals(List.of("/"), client.get("redirectUris"));
    }

    private static ToolRun.Setting profiled(ToolRun.Setting setting) {
        return setting.env("ARC_CONFIG_HOME", folder.resolve("config"));
    }

    @Test
    void a_second_run_changes_nothing_and_says_so() {
        register("twice", "--token-lifespan=900", "--redirect-uri=https://example.org/*", "--role=auth", "--role=user");
        Map<String, Object> before = client("twice");

        ToolRun second = tool().run(
                        "--client-id=twice",
                        "--token-lifespan=900",
                        "--redirect-uri=https://example.org/*",
                        "--role=auth",
                        "--role=user");

        assertEquals(List.of(), changed(second));
        assertTrue(second.err().contains("regclient: nothing to change"), second::toString);
        assertEquals(before, client("twice"));
        assertEquals("900", Json.asObject(before.get("attributes")).get("access.token.lifespan"));
        assertEquals(List.of("https://example.org/*"), before.get("redirectUris"));
    }

    @Test
    void a_dry_run_sends_nothing_but_gets_after_the_login() {
        realm.forwarder().before(request -> false, () -> {});
        ToolRun run = tool().env("ARC_KEYCLOAK", realm.forwarder().url())
                .run("--client-id=dry", "--dry-run", "--role=nurse", "--create-role", "--save-profile=dry");

        assertEquals(List.of("realm role nurse", "client", "role nurse"), changed(run));
        assertTrue(run.err().contains("would create client dry"), run::toString);
        assertEquals(List.of(), realm.clients("dry"));
        assertFalse(Files.exists(folder.resolve("config/dry.conf")));
        List<String> requests = realm.forwarder().requests();
        assertEquals("POST /realms/" + REALM + "/protocol/openid-connect/token", requests.getFirst());
        for (String request : requests.subList(1, requests.size())) {
            assertTrue(request.startsWith("GET "), request);
        }

        register("dry");
        assertEquals(List.of("role user", "secret"), register("dry", "--role=user", "--rotate-secret", "--dry-run"));
        assertEquals(List.of("client"), register("dry", "--delete", "--dry-run"));
        assertEquals(List.of(), register("dry"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            disabled         | {"enabled":false}                       | it is disabled              | enabled
            signed-assertion | {"clientAuthenticatorType":"client-jwt"} | authenticates by client-jwt | clientAuthenticatorType
            without-secret   | {"secret":""}                           | it has no secret            | secret
            without-roles    | {"fullScopeAllowed":false,"attributes":{"client.use.lightweight.access.token.enabled":"true","access.token.signed.response.alg":"ES256"}} | its full scope is off, so that its tokens lack auth, its tokens are lightweight, without roles, its tokens are signed with ES256 | fullScopeAllowed client.use.lightweight.access.token.enabled access.token.signed.response.alg
            bound            | {"attributes":{"dpop.bound.access.tokens":"true","tls.client.certificate.bound.access.tokens":"true"}} | its tokens are bound to a DPoP key, its tokens are bound to a client certificate | dpop.bound.access.tokens tls.client.certificate.bound.access.tokens
            without-scopes   | {"defaultClientScopes":["email"]}       | its tokens lack the client scope roles, its tokens lack the client scope basic | client_scope_roles client_scope_basic
            """)
    void a_client_in_a_state_without_tokens_gains_its_role_and_is_repaired_only_when_told(
            String clientId, String state, String faults, String repairs) throws Exception {
        Map<String, Object> members = Json.asObject(TestRealm.json(state));
        members.putAll(Map.of("serviceAccountsEnabled", true, "description", "somebody's"));
        realm.create(clientId, members);
        Map<String, Object> before = client(clientId);
        Path file = folder.resolve(clientId);

        ToolRun listed = tool().run("--client-id", clientId, "--secret-file", file, "--rotate-secret")
                .after("give role auth to ")
                .says(Exit.USAGE, "client " + clientId + " exists, but ", "that is left; --repair");
        assertTrue(listed.err().contains(faults), listed::toString);
        assertTrue(listed.err().contains(", its secret was not replaced\n"), listed::toString);
        assertEquals(List.of("role auth"), TestRealm.changes(listed));
        assertEquals(before, client(clientId));
        assertFalse(Files.exists(file));

        ToolRun repaired = tool().run("--client-id", clientId, "--secret-file", file, "--repair");
        List<String> names = new ArrayList<>();
        for (String name : repairs.split(" ")) {
            names.add(name.replace('_', ' '));
        }
        assertEquals(names, changed(repaired), repaired::toString);
        assertEquals(List.of(), register(clientId));
        assertEquals("somebody's", client(clientId).get("description"));
    }

    @Test
    void a_client_that_people_log_in_through_gains_a_service_account_and_keeps_its_flows() {
        List<Object> flows = List.of(
                "standardFlowEnabled",
                "implicitFlowEnabled",
                "directAccessGrantsEnabled",
                "oauth2.device.authorization.grant.enabled");
        realm.create(
                "flows",
                Map.of(
                        flows.get(0).toString(),
                        true,
                        flows.get(1).toString(),
                        true,
                        flows.get(2).toString(),
                        true,
                        "attributes",
                        Map.of(flows.get(3).toString(), "true")));
        String faults = "client flows exists, but its standard flow is on, its implicit flow is on,"
                + " its direct access grants are on, its device flow is on";

        ToolRun first = tool().run("--client-id=flows", "--save-profile=flows")
                .after("change client flows: its service account is off", "give role auth to ", "the profile is in ")
                .says(Exit.USAGE, faults, "it gets its tokens nevertheless; --repair");
        assertEquals(List.of("serviceAccountsEnabled", "role auth"), TestRealm.changes(first));
        assertEquals(true, client("flows").get("standardFlowEnabled"));
        profiled(ToolRun.of(new gettoken())).run("-p", "flows").succeeds();

        ToolRun second = tool().run("--client-id=flows")
                .after("the secret stays in Keycloak")
                .says(Exit.USAGE, faults, "--repair");
        assertEquals(List.of(), TestRealm.changes(second));
        assertEquals(List.of("secret"), TestRealm.changes(tool().run("--client-id=flows", "--rotate-secret")));

        assertEquals(flows, register("flows", "--repair"));
        assertEquals(List.of(), register("flows"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dcm4chee-arc-ui | {"publicClient":true,"standardFlowEnabled":true} | it is public, its standard flow is on | publicClient
            bearer-only     | {"bearerOnly":true}                              | it is bearer-only                     | bearerOnly
            """)
    void a_client_that_can_have_no_service_account_gains_nothing(
            String clientId, String state, String faults, String repair) {
        realm.create(clientId, Json.asObject(TestRealm.json(state)));
        Map<String, Object> before = client(clientId);
        realm.forwarder().before(request -> false, () -> {});

        tool().env("ARC_KEYCLOAK", realm.forwarder().url())
                .run("--client-id", clientId, "--rotate-secret", "--role=nosuch", "--create-role")
                .fails(
                        Exit.USAGE,
                        "client " + clientId + " exists, but " + faults,
                        "nothing was changed, because such a client can have no service account");

        List<String> requests = realm.forwarder().requests();
        for (String request : requests.subList(1, requests.size())) {
            assertTrue(request.startsWith("GET "), request);
        }
        assertEquals(before, client(clientId));
        assertTrue(register(clientId, "--repair").containsAll(List.of(repair, "serviceAccountsEnabled", "role auth")));
        assertEquals(List.of(), register(clientId));
    }

    @Test
    void a_client_of_another_protocol_is_never_touched() {
        // Without the attribute Keycloak makes keys for it, which takes up to half a minute.
        realm.create("saml", Map.of("protocol", "saml", "attributes", Map.of("saml.client.signature", "false")));
        tool().run("--client-id=saml", "--repair").fails(Exit.USAGE, "not for OpenID Connect", "--client-id");
    }

    @Test
    void a_client_that_only_lacks_its_service_account_gains_it_without_more_ado() {
        realm.create("bare", Map.of());

        assertEquals(List.of("serviceAccountsEnabled", "role auth"), register("bare"));
        assertEquals(List.of("role user"), register("bare", "--role=user"));
        assertEquals(List.of(), register("bare", "--role=user", "--role=auth", "--role=user"));
    }

    @Test
    void what_is_asked_for_besides_is_a_difference_too() {
        register("asked");

        tool().run("--client-id=asked", "--token-lifespan=900")
                .after("the secret stays in Keycloak")
                .says(Exit.USAGE, "its tokens live as long as the realm says, not 900 s", "--repair");
        tool().run("--client-id=asked", "--redirect-uri=https://example.org/")
                .after("the secret stays in Keycloak")
                .says(Exit.USAGE, "its redirect URIs are [\"/\"]", "--repair");
        assertEquals(List.of("access.token.lifespan"), register("asked", "--token-lifespan=900", "--repair"));
        tool().run("--client-id=asked", "--token-lifespan=60")
                .after("the secret stays in Keycloak")
                .says(Exit.USAGE, "its tokens live 900 s, not 60", "--repair");
    }

    @Test
    void a_realm_without_the_role_is_told_which_archives_want_which() {
        String other = REALM + "-old";
        realm.admin().createRealm(other, List.of("user", "root"), TestRealm.administrator("root", "realm-admin"));
        try {
            ToolRun.Setting old = tool().env("ARC_REALM", other);
            ToolRun trap = old.run("--client-id=curl")
                    .fails(Exit.USAGE, "realm " + other + " has no role auth", "--role user or --create-role");
            assertTrue(
                    trap.err().contains("archives from 5.32 on want the role auth, older ones user"), trap::toString);
            assertTrue(trap.err().contains("the realm has root, user;"), trap::toString);
            assertEquals(List.of(), realm.admin().get("/" + other + "/clients?clientId=curl"));

            old.run("--role=rot").fails(Exit.USAGE, "has no role rot", "--role root or --create-role");
            assertEquals(List.of("client", "role user"), changed(old.run("--client-id=curl", "--role=user")));
            assertEquals(
                    List.of("realm role auth", "role auth"), changed(old.run("--client-id=curl", "--create-role")));
            assertEquals(List.of(), changed(old.run("--client-id=curl", "--create-role")));
        } finally {
            realm.admin().delete("/" + other);
        }
    }

    @Test
    void an_administrator_of_clients_and_users_is_enough() {
        ToolRun.Setting manager = tool().env("ARC_ADMIN_USER", MANAGER);

        assertEquals(List.of("client", "role auth"), changed(manager.run("--client-id=by-manager")));
        assertEquals(List.of(), changed(manager.run("--client-id=by-manager")));
        assertEquals(List.of("secret"), changed(manager.run("--client-id=by-manager", "--rotate-secret")));
        manager.run("--client-id=by-manager", "--role=nosuch")
                .fails(Exit.USAGE, "has no role nosuch", "the realm has auth, ");
        assertEquals(List.of("client"), changed(manager.run("--client-id=by-manager", "--delete", "--yes")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nobody       | look for clients  | manage-clients |
            users-only   | look for clients  | manage-clients |
            viewer       | create clients    | manage-clients | create client
            clients-only | see the roles of  | manage-users   | create client
            """)
    void an_administrator_who_may_less_is_told_what_is_missing(String name, String task, String role, String note) {
        ToolRun run = tool().env("ARC_ADMIN_USER", name).run("--client-id", "of-" + name);

        (note == null ? run : run.after(note))
                .says(
                        Exit.REFUSED,
                        name + " may not " + task,
                        "give " + name + " of realm " + REALM
                                + " the roles manage-clients and manage-users of client realm-management");
        assertTrue(run.err().contains("the role " + role + " of client realm-management is missing"), run::toString);
        assertEquals("", run.out());
    }

    @Test
    void who_may_not_create_roles_is_told_so() {
        tool().env("ARC_ADMIN_USER", MANAGER)
                .run("--client-id=new-role", "--role=nurse-2", "--create-role")
                .after("create client new-role ", "create role nurse-2 ")
                .says(Exit.REFUSED, "manager may not create roles", "manage-users and manage-realm");
    }

    @Test
    void a_service_account_can_be_the_administrator() throws Exception {
        register("boss", "--secret-file", folder.resolve("boss.secret"));
        ToolRun.Setting boss = tool().env("ARC_ADMIN_USER", "")
                .env("ARC_ADMIN_PASSWORD", "")
                .env("ARC_ADMIN_CLIENT_ID", "boss")
                .env("ARC_ADMIN_CLIENT_SECRET_FILE", folder.resolve("boss.secret"));
        boss.run("--client-id=by-boss")
                .fails(Exit.REFUSED, "client boss may not look for clients", "give client boss of realm " + REALM);

        Object account = realm.admin()
                .get("/" + REALM + "/clients/" + realm.admin().idOfClient(REALM, "boss") + "/service-account-user");
        realm.admin()
                .assignClientRole(REALM, (String) Json.asObject(account).get("id"), "realm-management", "realm-admin");
        assertEquals(List.of("client", "role auth"), changed(boss.run("--client-id=by-boss")));

        Files.writeString(folder.resolve("boss.secret"), "wrong");
        boss.run("--client-id=by-boss").fails(Exit.REFUSED, "client boss cannot log in to realm " + REALM, "secret");
    }

    @Test
    void the_administrator_of_the_realm_master_needs_no_option() {
        ToolRun.Setting master = tool().env("ARC_ADMIN_USER", "admin").env("ARC_ADMIN_PASSWORD", "changeit");

        assertEquals(List.of("client", "role auth"), changed(master.run("--client-id=by-master")));
        assertEquals(List.of(), changed(master.run("--client-id=by-master", "--admin-realm=master")));
        master.run("--admin-realm", REALM)
                .fails(Exit.REFUSED, "admin cannot log in to realm " + REALM + ":", "password");
    }

    @Test
    void who_cannot_log_in_is_told_where_it_was_tried() {
        tool().env("ARC_ADMIN_PASSWORD", "wrong")
                .run()
                .fails(
                        Exit.REFUSED,
                        "root cannot log in to realm " + REALM
                                + " nor to master: keycloak refused the grant: invalid_grant",
                        "--admin-realm");
        tool().run("--realm=nosuch")
                .fails(Exit.REFUSED, "Realm does not exist", "is realm nosuch spelt as in Keycloak");
        tool().run("--realm=nosuch", "--admin-realm", REALM).fails(Exit.REFUSED, "there is no realm nosuch", "--realm");
        tool().run("--admin-realm=nosuch").fails(Exit.REFUSED, "Realm does not exist", "is realm nosuch spelt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "M\u00fcller+%&?#", "..", "'\"\\", "*", "{a}"})
    void odd_client_ids_work(String clientId) {
        assertEquals(List.of("client", "role auth"), register(clientId, "--save-profile=odd"));
        assertEquals(clientId, client(clientId).get("clientId"));
        profiled(ToolRun.of(new gettoken())).run("-p", "odd").succeeds();
        assertEquals(List.of("client"), register(clientId, "--delete", "--yes"));
        assertEquals(List.of(), realm.clients(clientId));
    }

    @Test
    void a_login_that_ended_in_the_middle_is_renewed() {
        realm.forwarder()
                .before(
                        request -> request.method().equals("POST")
                                && request.path().endsWith("/clients")
                                && realm.clients("long").isEmpty()
                                && realm.forwarder().requests().stream()
                                                .filter(line -> line.startsWith("POST"))
                                                .count()
                                        == 2,
                        () -> realm.admin().create("/" + REALM + "/logout-all", Map.of()));

        assertEquals(
                List.of("client", "role auth"),
                changed(tool().env("ARC_KEYCLOAK", realm.forwarder().url()).run("--client-id=long")));
        long logins = realm.forwarder().requests().stream()
                .filter(line -> line.endsWith("/token"))
                .count();
        assertEquals(3, logins, () -> realm.forwarder().requests().toString());
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_broke_anywhere_is_completed_by_the_next(Forwarder.Loss loss) {
        ToolRun.Setting through = tool().env("ARC_KEYCLOAK", realm.forwarder().url());
        boolean isBroken = true;
        for (int i = 0; isBroken; i++) {
            Object[] arguments = {"--client-id=broken-" + loss + i, "--retry=0", "--create-role", "--role=r" + loss + i
            };
            realm.forwarder().lose(loss, i);
            ToolRun broken = through.run(arguments);
            isBroken = realm.forwarder().hasLost();
            assertEquals(isBroken, broken.exit() != 0, broken::toString);

            // That ends with a token which has the role.
            changed(through.run(arguments));
        }
    }

    @Test
    void nobody_sees_the_password_while_it_runs() throws Exception {
        List<String> commands = Collections.synchronizedList(new ArrayList<>());
        realm.forwarder()
                .before(
                        request -> request.path().startsWith("/admin/"),
                        () -> ProcessHandle.allProcesses()
                                .forEach(process -> commands.add(
                                        process.info().commandLine().orElse(""))));
        Map<String, Object> environment = Map.of(
                "HOME",
                folder,
                "ARC_KEYCLOAK",
                realm.forwarder().url(),
                "ARC_REALM",
                REALM,
                "ARC_ADMIN_USER",
                "root",
                "ARC_ADMIN_PASSWORD",
                TestRealm.PASSWORD,
                "LC_ALL",
                "C.UTF-8");
        List<String> command = ToolProcess.command("regclient", List.of(), "--client-id", "watched");

        changed(ToolProcess.run(command, environment));

        assertTrue(commands.stream().anyMatch(line -> line.contains("watched")));
        assertTrue(commands.stream().noneMatch(line -> line.contains(TestRealm.PASSWORD)));
    }

    @Test
    void a_secret_is_replaced_only_when_told_and_shown_only_when_told() {
        register("rotated");
        String first = secret("rotated");
        assertEquals(first, secret("rotated"));

        ToolRun rotated = tool().run("--client-id=rotated", "--rotate-secret");
        assertEquals(List.of("secret"), changed(rotated));
        String second = secret("rotated");
        assertNotEquals(first, second);
        assertFalse(rotated.toString().contains(second));
        assertTrue(rotated.err().contains("--secret-file"), rotated::toString);
    }

    private static String secret(String client) {
        ToolRun run = tool().run("--client-id", client, "--show-secret");
        assertEquals(List.of(), changed(run));
        return (String) Json.asObject(TestRealm.json(run.out())).get("secret");
    }

    @Test
    void neither_password_nor_secret_is_said_or_readable_by_others() throws Exception {
        Path file = folder.resolve("quiet.secret");
        ToolRun run = tool().run("-v", "--client-id=quiet", "--secret-file", file, "--save-profile=quiet");

        assertEquals(0, run.exit(), run::toString);
        String secret = Files.readString(file).strip();
        assertTrue(secret.length() >= 32);
        assertEquals(secret, secret("quiet"));
        assertFalse((run.out() + run.err()).contains(secret));
        assertFalse((run.out() + run.err()).contains(TestRealm.PASSWORD));
        assertFalse(run.err().contains("eyJ"), run.err());
        assertTrue(run.err().contains("Authorization: [redacted]"), run.err());
        for (Path written : List.of(file, folder.resolve("config/quiet.conf"), folder.resolve("config/quiet.secret"))) {
            assertEquals("rw-------", Permissions.of(written));
        }
        assertFalse(Files.readString(folder.resolve("config/quiet.conf")).contains(secret));
    }

    @Test
    void cached_tokens_of_the_client_are_dropped_when_something_changed() throws Exception {
        Path cache = folder.resolve("cache-of-profile");
        tool().run("--client-id=cached", "--save-profile=cached");
        tool().run("--client-id=cached-2", "--save-profile=cached-2");
        ToolRun.Setting get = profiled(ToolRun.of(new gettoken()))
                .env("XDG_CACHE_HOME", cache)
                .env("ARC_NO_CACHE", "");
        String first = get.run("-p", "cached", "-f", "token").succeeds();
        String other = get.run("-p", "cached-2", "-f", "token").succeeds();
        assertEquals(first, get.run("-p", "cached", "-f", "token").succeeds());

        changed(tool().env("XDG_CACHE_HOME", cache).run("--client-id=cached"));
        assertEquals(first, get.run("-p", "cached", "-f", "token").succeeds());
        changed(tool().env("XDG_CACHE_HOME", cache).run("--client-id=cached", "--role=user"));
        assertNotEquals(first, get.run("-p", "cached", "-f", "token").succeeds());
        assertEquals(other, get.run("-p", "cached-2", "-f", "token").succeeds());
    }

    @Test
    void a_client_is_deleted_once() {
        register("gone");

        assertEquals(List.of("client"), register("gone", "--delete", "--yes"));
        assertEquals(List.of(), register("gone", "--delete", "--yes"));
        assertEquals(List.of(), realm.clients("gone"));
    }

    @ParameterizedTest
    @CsvSource({"yes, 0, 0", "no, 1, 1"})
    void deleting_asks_on_a_terminal(String answer, int exit, int left) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1): apt-get install bsdutils");
        register("asked-for-" + answer);
        String command = "'"
                + String.join(
                        "' '",
                        ToolProcess.command("regclient", List.of(), "--client-id=asked-for-" + answer, "--delete"))
                + "'; echo \"exit $?\"";
        Process script = ToolProcess.builder(
                        List.of("script", "-qec", command, "/dev/null"),
                        Map.of(
                                "HOME",
                                folder,
                                "ARC_KEYCLOAK",
                                realm.keycloak().http(),
                                "ARC_REALM",
                                REALM,
                                "ARC_ADMIN_USER",
                                "root",
                                "ARC_ADMIN_PASSWORD",
                                TestRealm.PASSWORD,
                                "LC_ALL",
                                "C.UTF-8"))
                .start();
        script.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
        String screen = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(screen.contains("delete client asked-for-" + answer + " of realm " + REALM), screen);
        assertTrue(screen.contains("exit " + exit), screen);
        assertEquals(left, realm.clients("asked-for-" + answer).size());
    }

    @Test
    void a_token_without_the_role_is_told_from_a_registration_without_it() {
        String other = REALM + "-scopeless";
        realm.admin().createRealm(other, List.of("auth"), TestRealm.administrator("root", "realm-admin"));
        try {
            for (Object scope : Json.asArray(realm.admin().get("/" + other + "/client-scopes"))) {
                Map<String, Object> members = Json.asObject(scope);
                if (members.get("name").equals("roles")) {
                    realm.admin().delete("/" + other + "/client-scopes/" + members.get("id"));
                }
            }
            tool().env("ARC_REALM", other)
                    .run()
                    .after("create client curl ", "give role auth to ", "the secret stays in Keycloak")
                    .says(
                            Exit.BAD_TOKEN,
                            "client curl has the role auth, but its token has no realm roles",
                            "scope roles");
        } finally {
            realm.admin().delete("/" + other);
        }
    }
}
