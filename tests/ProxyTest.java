//SOURCES ../lib/base/Exit.java ../lib/sandbox/WebRequest.java ../scripts/gettoken.java ../scripts/sandbox.java
//SOURCES TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The way through a real proxy, and past it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProxyTest {
    private static final String PASSWORD = "p-ass.word";

    @TempDir
    static Path folder;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static TinyProxy open;
    private static TinyProxy guarded;

    /** A tinyproxy on a free port, which wants a user and password if there is a line that says so. */
    private record TinyProxy(int port, Process process) {
        static TinyProxy start(String name, String basicAuth) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path file = Files.writeString(
                    folder.resolve(name + ".conf"),
                    "Port " + port + "\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Info\n" + basicAuth);
            Process process = new ProcessBuilder("tinyproxy", "-d", "-c", file.toString())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader log = process.inputReader();
            String line = log.readLine();
            while (line != null && !line.contains("Accepting connections")) {
                line = log.readLine();
            }
            assertNotNull(line, "tinyproxy did not start");
            // The rest of its log is too short to fill the pipe.
            return new TinyProxy(port, process);
        }

        String url(String userInfo) {
            return "http://" + userInfo + "127.0.0.1:" + port;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        boolean found = false;
        for (String place : System.getenv("PATH").split(":")) {
            found |= Files.isExecutable(Path.of(place, "tinyproxy"));
        }
        assumeTrue(found, "there is no tinyproxy: apt-get install tinyproxy");
        Files.writeString(folder.resolve("ca.pem"), sandbox.identity().pem());
        open = TinyProxy.start("open", "");
        guarded = TinyProxy.start("guarded", "BasicAuth us-er " + PASSWORD + "\n");
    }

    @AfterAll
    static void stop() {
        if (guarded != null) {
            open.process().destroy();
            guarded.process().destroy();
        }
    }

    private static ToolRun run(URI keycloak, Map<String, String> environment, Object... arguments) {
        ToolRun.Setting gettoken =
                sandbox.gettoken().env("ARC_KEYCLOAK", keycloak).env("ARC_CACERT", folder.resolve("ca.pem"));
        environment.forEach(gettoken::env);
        return gettoken.run(arguments);
    }

    private static WebRequest asked() {
        return sandbox.provider().web().requests().getLast();
    }

    @Test
    void http_and_https_go_through_the_named_proxy() {
        run(sandbox.keycloak(), Map.of(), "-x", open.url("")).succeeds();
        assertNotNull(asked().header("Via"));
        ToolRun run = run(sandbox.keycloakHttps(), Map.of(), "--proxy", "127.0.0.1:" + open.port(), "-v");
        assertEquals(0, run.exit(), run::toString);
        assertTrue(run.err().contains("by the proxy 127.0.0.1:" + open.port()), run::toString);
        assertEquals("https", asked().scheme());
    }

    @Test
    void the_environment_names_one_for_each_scheme() {
        run(sandbox.keycloak(), Map.of("http_proxy", open.url(""), "https_proxy", "http://127.0.0.1:1"))
                .succeeds();
        assertNotNull(asked().header("Via"));
        run(sandbox.keycloakHttps(), Map.of("HTTPS_PROXY", "http://127.0.0.1:1"), "--retry", 0)
                .fails(Exit.NO_ANSWER, "no connection to the proxy 127.0.0.1:1: refused", "https_proxy");
        // A CGI program's HTTP_PROXY is what a client sent as a header.
        run(sandbox.keycloak(), Map.of("HTTP_PROXY", "http://127.0.0.1:1")).succeeds();
        assertNull(asked().header("Via"));
    }

    @Test
    void user_and_password_reach_the_proxy_and_nobody_else() {
        String url = guarded.url("us-er:p%2Dass.word@");
        run(sandbox.keycloak(), Map.of("http_proxy", url)).succeeds();
        assertNull(asked().header("Proxy-Authorization"));
        ToolRun run = run(sandbox.keycloakHttps(), Map.of("ARC_PROXY", url), "-v");
        assertEquals(0, run.exit(), run::toString);
        assertNull(asked().header("Proxy-Authorization"));
        assertTrue(run.err().contains("Proxy-Authorization: [redacted]"), run::toString);
        assertFalse(run.err().contains("p%2Dass") || run.err().contains(PASSWORD), run::toString);
        ToolRun warned = run(sandbox.keycloakHttps(), Map.of(), "-x", url);
        assertEquals(0, warned.exit(), warned::toString);
        assertTrue(warned.err().contains("others can see its password in ps"), warned::toString);
    }

    @Test
    void a_proxy_that_wants_a_password_or_another_one_says_so() {
        for (URI keycloak : List.of(sandbox.keycloak(), sandbox.keycloakHttps())) {
            run(keycloak, Map.of("ARC_PROXY", guarded.url("")))
                    .fails(Exit.REFUSED, "wants a user and password", "http://USER:PASSWORD@");
        }
        run(sandbox.keycloakHttps(), Map.of("ARC_PROXY", guarded.url("us-er:wrong@")))
                .fails(Exit.REFUSED, "refused the user and password", "http://USER:PASSWORD@");
        assertEquals(0, sandbox.provider().web().requests().size());
    }

    @Test
    void a_server_that_refuses_us_is_understood_through_a_proxy_too() {
        run(sandbox.keycloakHttps(), Map.of("ARC_PROXY", guarded.url("us-er:p%2Dass.word@")), "--client-id", "none")
                .fails(Exit.REFUSED, "invalid_client", "is client none spelt");
    }

    @Test
    void no_proxy_exempts_hosts_domains_and_networks() {
        for (String exempt :
                List.of("127.0.0.1", "*", "example.org, 127.0.0.0/8", ".0.1,127.0.0.1/32", "x 127.0.0.1")) {
            run(sandbox.keycloak(), Map.of("http_proxy", "http://127.0.0.1:1", "no_proxy", exempt))
                    .succeeds();
            run(sandbox.keycloak(), Map.of("NO_PROXY", exempt), "-x", "127.0.0.1:1")
                    .succeeds();
        }
        for (String exempt : List.of("::1", "[::1]", "::/64")) {
            run(
                            URI.create("http://[::1]:1"),
                            Map.of("http_proxy", "http://127.0.0.1:1", "no_proxy", exempt),
                            "--retry",
                            0)
                    .fails(Exit.NO_ANSWER, "no connection to [::1]:1: ", "");
        }
        for (String exempt : List.of("27.0.0.1", "128.0.0.0/8", "127.0.0.2/32", ".", "::1/0", "127.0.0.1/x")) {
            run(sandbox.keycloak(), Map.of("http_proxy", "http://127.0.0.1:1", "no_proxy", exempt), "--retry", 0)
                    .fails(Exit.NO_ANSWER, "no connection to the proxy", "");
        }
    }

    @Test
    void a_host_that_the_proxy_cannot_reach_is_blamed_on_the_way() {
        run(URI.create("https://127.0.0.1:1"), Map.of("https_proxy", open.url("")), "--retry", 0)
                .fails(Exit.NO_ANSWER, "opened no tunnel to 127.0.0.1:1", "no_proxy=HOST");
        run(sandbox.keycloak(), Map.of("http_proxy", "http://no-such-proxy.invalid:3128"))
                .fails(Exit.NO_ANSWER, "unknown host no-such-proxy.invalid (the proxy)", "--proxy");
    }

    @Test
    void what_is_no_http_proxy_is_wrong_usage() {
        for (String url : List.of(
                "socks5://proxy:1080",
                "https://proxy:3128",
                "http://",
                "http://proxy:65536",
                "http://us er:secret@proxy")) {
            ToolRun run = sandbox.gettoken().env("ARC_PROXY", url).run();
            run.fails(Exit.USAGE, "--proxy is not a", "");
            assertFalse(run.err().contains("us er:secret"), run::toString);
        }
    }
}
