//SOURCES House.java ../lib/sandbox/Clients.java ../lib/sandbox/Sandbox.java ../scripts/sandbox.java

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import lib.sandbox.Clients;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types every command of the README's console blocks into one shell, in order, and compares what it shows. In the
 * README {@code ...} stands for what differs from run to run.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadmeTest {
    private static Sandbox servers;
    private static Shell shell;

    /** A command of the README and the lines below it. */
    record Recipe(String command, String output) {}

    @BeforeAll
    static void start() {
        servers = Sandbox.start();
        // As a Keycloak that is known by its https address.
        String issuer = servers.keycloakHttps() + "/realms/dcm4che";
        servers.provider().issuerFollowsHost(true);
        servers.archiveServer()
                .trust(issuer, URI.create(servers.keycloak() + "/realms/dcm4che/protocol/openid-connect/certs"));
        shell = sandbox.shell(servers);
    }

    @AfterAll
    static void stop() {
        shell.close();
        servers.close();
    }

    @TestFactory
    List<DynamicTest> each_command_shows_what_the_readme_says(@TempDir Path folder) throws Exception {
        List<Recipe> recipes = recipes(Files.readString(House.file("README.md")));
        assertFalse(recipes.isEmpty());
        List<String> shown = type(recipes, folder);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < recipes.size(); i++) {
            Recipe recipe = recipes.get(i);
            String output = shown.get(i);
            tests.add(dynamicTest(recipe.command(), () -> assertShows(recipe.output(), output)));
        }
        return tests;
    }

    private static void assertShows(String expected, String output) {
        StringBuilder pattern = new StringBuilder();
        for (String part : expected.split(Pattern.quote("..."), -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        Assertions.assertTrue(
                Pattern.compile(pattern.toString(), Pattern.DOTALL)
                        .matcher(output)
                        .matches(),
                () -> "expected\n" + expected + "\nshown\n" + output);
    }

    private static List<Recipe> recipes(String readme) {
        List<Recipe> recipes = new ArrayList<>();
        for (String block : readme.split("```console\n", -1)) {
            int end = block.indexOf("```");
            if (!block.startsWith("$ ") || end < 0) {
                continue;
            }
            for (String recipe : block.substring(2, end).split("\n\\$ ", -1)) {
                List<String> command = new ArrayList<>();
                StringBuilder output = new StringBuilder();
                for (String line : recipe.split("\n")) {
                    if (command.isEmpty() || output.isEmpty() && line.startsWith("> ")) {
                        command.add(command.isEmpty() ? line : line.substring(2));
                    } else {
                        output.append(line).append('\n');
                    }
                }
                recipes.add(new Recipe(String.join("\n", command), output.toString()));
            }
        }
        return recipes;
    }

    /** Types the commands into one shell, and returns what each of them showed. */
    private static List<String> type(List<Recipe> recipes, Path folder) throws IOException {
        write(folder.resolve("curl.secret"), Clients.CURL.secret().reveal() + "\n");
        write(folder.resolve("ca.pem"), servers.certificatePem());
        String mark = "---- next ----";
        StringBuilder script = new StringBuilder("umask 022\n");
        for (Recipe recipe : recipes) {
            // Not echo: it would spoil the exit code that a recipe may ask for next.
            script.append(recipe.command())
                    .append("\nstatus=$?; echo '")
                    .append(mark)
                    .append("'; (exit $status)\n");
        }
        String text = script.toString()
                .replace("https://docker-host:8843", servers.keycloakHttps().toString())
                .replace(
                        "https://docker-host:8443/dcm4chee-arc",
                        servers.archiveHttps().toString());
        Path file = folder.resolve("recipes.sh");
        Files.writeString(file, text);
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString())
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("ARC_") || name.startsWith("XDG_") || name.endsWith("_proxy"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("PATH", shell.folder() + ":" + System.getenv("PATH"));
        String shown = new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return List.of(shown.split(mark + "\n", -1));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }
}
