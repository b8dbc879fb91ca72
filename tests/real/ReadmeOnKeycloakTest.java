//SOURCES ../../lib/sandbox/Clients.java ../../lib/sandbox/Shell.java ../../scripts/sandbox.java ../Recipe.java
//SOURCES ../TestSandbox.java Keycloak.java KeycloakRealm.java

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.sandbox.Clients;
import lib.sandbox.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types those commands of the README that need a real Keycloak. This one has its paths below {@code /auth}, as old
 * servers have, which the commands do not say.
 */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadmeOnKeycloakTest {
    private static final String PATH = "/auth";
    private static final String PASSWORD = "pass w/o=r%d &:";

    private static Keycloak keycloak;

    @RegisterExtension
    static final TestSandbox servers = new TestSandbox();

    private static Shell shell;

    @BeforeAll
    static void start() {
        keycloak = Keycloak.start("--http-relative-path=" + PATH);
        keycloak.admin()
                .delete("/" + KeycloakRealm.NAME + "/clients/"
                        + keycloak.admin().idOfClient(KeycloakRealm.NAME, Clients.CURL.id()));
        keycloak.admin().createAdministrator(KeycloakRealm.NAME, "root", PASSWORD, "realm-admin");
        String realm = "/realms/" + KeycloakRealm.NAME;
        servers.archiveServer()
                .trust(
                        keycloak.https() + realm,
                        URI.create(keycloak.http() + realm + "/protocol/openid-connect/certs"));
        shell = sandbox.shell(servers);
    }

    @AfterAll
    static void stop() {
        if (shell != null) {
            shell.close();
        }
        if (keycloak != null) {
            keycloak.close();
        }
    }

    @TestFactory
    List<DynamicTest> each_command_shows_what_the_readme_says(@TempDir Path folder) throws Exception {
        List<Recipe> recipes = Recipe.of("console real");
        assertFalse(recipes.isEmpty());
        Files.writeString(folder.resolve("ca.pem"), keycloak.certificatePem() + servers.certificatePem());
        String https = keycloak.https();
        Map<String, String> addresses = Map.of(
                "https://docker-host:8843",
                https.substring(0, https.length() - PATH.length()),
                "https://docker-host:8443/dcm4chee-arc",
                servers.archiveHttps().toString());
        List<String> shown =
                Recipe.type(recipes, folder, addresses, Map.of("ARC_ADMIN_PASSWORD", PASSWORD), shell.folder());
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < recipes.size(); i++) {
            Recipe recipe = recipes.get(i);
            String output = shown.get(i);
            tests.add(dynamicTest(recipe.command(), () -> recipe.assertShows(output)));
        }
        return tests;
    }
}
