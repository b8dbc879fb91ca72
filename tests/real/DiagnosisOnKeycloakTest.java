//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../lib/sandbox/Clients.java ../../scripts/arcget.java
//SOURCES ../../scripts/gettoken.java ../../scripts/sandbox.java ../OtherProvider.java ../TestSandbox.java
//SOURCES ../ToolRun.java Keycloak.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Clients;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Why an archive refuses tokens of a real Keycloak; the archive is the sandbox's, which trusts that Keycloak. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DiagnosisOnKeycloakTest {
    private static final String SECRET = "diagnosis-secret-0123456789";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static Keycloak keycloak;

    @BeforeAll
    static void start() {
        keycloak = Keycloak.shared();
        keycloak.admin().create("", Map.of("realm", "elsewhere", "enabled", true));
        keycloak.admin().createClient("elsewhere", "curl", SECRET);
    }

    @BeforeEach
    void trustKeycloak() {
        String issuer = keycloak.http() + "/realms/dcm4che";
        OtherProvider.trusted(sandbox.archiveServer(), issuer, URI.create(issuer + "/protocol/openid-connect/certs"));
    }

    private static String token(String secret, Object... arguments) {
        return ToolRun.of(new gettoken())
                .env("ARC_KEYCLOAK", keycloak.http())
                .env("ARC_CLIENT_SECRET", secret)
                .run(arguments)
                .succeeds();
    }

    private static ToolRun count(String token) {
        return ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .stdin(token)
                .run("studies/count");
    }

    @Test
    void a_token_of_the_client_for_administrators_is_lightweight() {
        count(ToolRun.of(new gettoken())
                        .env("ARC_KEYCLOAK", keycloak.http())
                        .env("ARC_PASSWORD", "changeit")
                        .run(
                                "--realm=master",
                                "--client-id=admin-cli",
                                "--auth-method=none",
                                "--grant=password",
                                "-u=admin")
                        .succeeds())
                .fails(
                        Exit.REFUSED,
                        "refused the token (401): it is a lightweight access token, without roles",
                        "admin-cli is for Keycloak's administrators: use a client of your own");
    }

    @Test
    void so_is_one_of_a_client_that_is_set_to_it() {
        keycloak.admin().createClient("dcm4che", "light", SECRET, "auth");
        keycloak.admin()
                .changeClient(
                        "dcm4che",
                        "light",
                        Map.of(
                                "clientId",
                                "light",
                                "attributes",
                                Map.of("client.use.lightweight.access.token.enabled", "true")));
        count(token(SECRET, "--client-id", "light"))
                .fails(
                        Exit.REFUSED,
                        "it is a lightweight access token, without roles",
                        "switch off lightweight access tokens for client light");
    }

    @Test
    void a_token_of_another_realm_or_another_name_of_the_server_is_told_from_the_right_one() {
        count(token(SECRET, "--realm", "elsewhere"))
                .fails(
                        Exit.REFUSED,
                        "it is of the realm elsewhere, but the archive's own users log in to the realm dcm4che",
                        "gettoken --realm dcm4che");
        String secret = Clients.CURL.secret().reveal();
        count(token(secret, "--keycloak", keycloak.http().replace("127.0.0.1", "localhost")))
                .fails(
                        Exit.REFUSED,
                        "was issued by http://localhost:",
                        "localhost and 127.0.0.1 are different issuers");
        count(token(secret)).succeeds();
    }

    @Test
    void a_role_of_a_client_does_not_count() {
        keycloak.admin().createClient("dcm4che", "roles", SECRET);
        String client = keycloak.admin().idOfClient("dcm4che", "roles");
        keycloak.admin().create("/dcm4che/clients/" + client + "/roles", Map.of("name", "auth"));
        Object account = keycloak.admin().get("/dcm4che/clients/" + client + "/service-account-user");
        String id = (String) Json.asObject(account).get("id");
        keycloak.admin().assignClientRole("dcm4che", id, "roles", "auth");
        count(token(SECRET, "--client-id", "roles"))
                .fails(
                        Exit.REFUSED,
                        "it has a role of that name of client roles, which does not count",
                        "assign the realm role auth to service-account-roles");
    }

    @Test
    void a_self_check_says_which_step_is_wrong() {
        String right = keycloak.http();
        ToolRun well = check(right, "dcm4che", Clients.CURL.secret().reveal());
        assertEquals(0, well.exit(), well::toString);
        assertEquals(
                6, well.out().lines().filter(line -> line.startsWith("ok ")).count(), well::toString);
        assertTrue(well.out().contains("\nok      token    client curl, role auth, "), well::toString);
        assertFalse(well.out().contains("this clock"), well::toString);
        failsAt("token", check(right, "dcm4che", "wrong"), "wrong secret for client curl");
        failsAt("token", check(right, "nosuch", SECRET), "is realm nosuch spelt as in Keycloak");
        failsAt("archive", check(right, "elsewhere", SECRET), "gettoken --realm dcm4che");
        String alias = right.replace("127.0.0.1", "localhost");
        failsAt("archive", check(alias, "dcm4che", Clients.CURL.secret().reveal()), "are different issuers");
    }

    private static ToolRun check(String url, String realm, String secret) {
        return ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archive())
                .env("ARC_KEYCLOAK", url)
                .env("ARC_REALM", realm)
                .env("ARC_CLIENT_SECRET", secret)
                .run("--check");
    }

    private static void failsAt(String step, ToolRun run, String hint) {
        assertEquals(Exit.REFUSED.code(), run.exit(), run::toString);
        String failed = run.out().substring(run.out().indexOf("FAILED"));
        assertTrue(failed.startsWith("FAILED  " + step + " "), run::toString);
        assertTrue(failed.lines().toList().get(1).contains(hint), run::toString);
    }

    @Test
    void the_address_of_keycloak_is_not_that_of_an_archive() {
        for (String context : List.of("", "/dcm4chee-arc", "/realms/dcm4che")) {
            ToolRun.of(new arcget())
                    .env("ARC_URL", keycloak.http() + context)
                    .stdin(token(Clients.CURL.secret().reveal()))
                    .run("studies/count")
                    .fails(Exit.REFUSED, "(404)", "that is a Keycloak: its URL is for --keycloak");
        }
    }
}
