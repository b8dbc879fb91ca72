//SOURCES ../lib/sandbox/Clients.java ../scripts/regclient.java ../scripts/sandbox.java InstalledKit.java
//SOURCES OtherProvider.java Permissions.java Recipe.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import lib.sandbox.Clients;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of the README's console blocks in one shell, in order, and compares the output. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadmeTest {
    private static final String PASSWORD = "changeit";

    @RegisterExtension
    static final TestSandbox servers = new TestSandbox();

    @BeforeAll
    static void start() {
        String issuer = servers.keycloakHttps() + "/realms/dcm4che";
        OtherProvider.trusted(
                servers.archiveServer(),
                issuer,
                URI.create(servers.keycloak() + "/realms/dcm4che/protocol/openid-connect/certs"));
    }

    @BeforeEach
    void as_a_Keycloak_that_is_known_by_its_https_address() {
        servers.provider().issuerFollowsHost(true);
    }

    @TestFactory
    List<DynamicTest> each_command_shows_what_the_readme_says(@TempDir Path folder) throws Exception {
        List<Recipe> recipes = new ArrayList<>(Recipe.of("console"));
        assertFalse(recipes.isEmpty());
        // What the README begins with works once the client is registered.
        recipes.addAll(Recipe.of("console session"));
        ToolRun.of(new regclient())
                .env("ARC_KEYCLOAK", servers.keycloak())
                .env("ARC_ADMIN_PASSWORD", PASSWORD)
                .run("--admin-user=root", "--delete", "--yes");
        Permissions.ownFile(
                folder.resolve("norole.secret"), Clients.NO_ROLE.secret().reveal() + "\n");
        Permissions.ownFile(folder.resolve("ca.pem"), servers.identity().pem());
        Map<String, String> addresses = Map.of(
                "docker-host:8843",
                servers.keycloakHttps().getAuthority(),
                "docker-host:8443",
                servers.archiveHttps().getAuthority());
        Map<String, String> environment = Map.of("ARC_ADMIN_PASSWORD", PASSWORD);
        List<String> shown = Recipe.type(recipes, folder, addresses, environment, InstalledKit.PREFIX.resolve("bin"));
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < recipes.size(); i++) {
            Recipe recipe = recipes.get(i);
            String output = shown.get(i);
            tests.add(dynamicTest(recipe.command(), () -> recipe.assertShows(output)));
        }
        return tests;
    }
}
