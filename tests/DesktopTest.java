//SOURCES ../lib/sandbox/Clients.java ../lib/sandbox/Sandbox.java ../scripts/sandbox.java Permissions.java
//SOURCES ToolProcess.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import lib.sandbox.Clients;
import lib.sandbox.Sandbox;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The login in the browser, where a person sits at a desktop: {@code xdg-open} is asked, and told no secret. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DesktopTest {
    @Test
    void the_browser_is_opened_with_a_link_that_holds_no_state_and_works_once(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1): apt-get install bsdutils");
        Path opened = folder.resolve("opened");
        assertEquals(0, new ProcessBuilder("mkfifo", opened.toString()).start().waitFor());
        Path browser = folder.resolve("xdg-open");
        Files.writeString(browser, "#!/bin/sh\n{ echo \"$1\"; env; } > " + opened + "\n");
        Permissions.set(browser, "rwx------");
        try (Sandbox sandbox = Sandbox.start()) {
            String gettoken = "'"
                    + String.join("' '", ToolProcess.command("gettoken", List.of(), "--grant", "authorization_code"))
                    + "'";
            Process script = ToolProcess.builder(
                            List.of("/usr/bin/script", "-qec", gettoken, "/dev/null"),
                            Map.of(
                                    "PATH",
                                    folder + ":/usr/bin:/bin",
                                    "DISPLAY",
                                    ":0",
                                    "HOME",
                                    folder,
                                    "ARC_NO_CACHE",
                                    "true",
                                    "ARC_KEYCLOAK",
                                    sandbox.keycloak(),
                                    "ARC_CLIENT_SECRET",
                                    Clients.CURL.secret().reveal()))
                    .start();
            try {
                List<String> lines = Files.readAllLines(opened);
                assertTrue(lines.getFirst().startsWith("http://127.0.0.1:"), lines::getFirst);
                assertFalse(lines.getFirst().contains("state"), lines::getFirst);
                assertTrue(lines.contains("DISPLAY=:0"));
                assertTrue(lines.stream().noneMatch(line -> line.startsWith("ARC_")));

                HttpRequest start =
                        HttpRequest.newBuilder(URI.create(lines.getFirst())).build();
                try (HttpClient other = HttpClient.newHttpClient()) {
                    assertEquals(
                            302,
                            other.send(start, HttpResponse.BodyHandlers.discarding())
                                    .statusCode());
                    HttpResponse<String> second = other.send(start, HttpResponse.BodyHandlers.ofString());
                    assertEquals(410, second.statusCode());
                    assertTrue(second.body().contains("perhaps by another program: this login ends"), second::body);
                }
                String terminal = new String(script.getInputStream().readAllBytes());
                assertTrue(terminal.contains("the link that starts this login was opened twice"), terminal);
                assertEquals(3, script.waitFor());
            } finally {
                script.descendants().forEach(ProcessHandle::destroy);
                script.destroy();
            }
        }
    }
}
