//SOURCES ../lib/base/Exit.java ../lib/sandbox/Certificates.java ../lib/sandbox/Fault.java ../lib/sandbox/Sandbox.java
//SOURCES ../scripts/arcget.java ../scripts/gettoken.java ../scripts/sandbox.java Faults.java Permissions.java
//SOURCES TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lib.base.Exit;
import lib.sandbox.Certificates;
import lib.sandbox.Fault;
import lib.sandbox.Sandbox;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people see when a server is wrong, in trouble or in between: the exit code, two lines, nothing on stdout. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TroubleTest {
    private static final String HTML = "<html><title>Login</title></html>";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @TempDir
    Path folder;

    private ToolRun token(Object server, Object... more) {
        return sandbox.gettoken().with("--keycloak", server, "--retry", "0").run(more);
    }

    private ToolRun count(Object server, Object... more) {
        return sandbox.arcget()
                .with("--url", server, "--retry", "0", "studies/count")
                .run(more);
    }

    @Test
    void an_unknown_host() {
        token("http://nosuch.invalid").fails(Exit.NO_ANSWER, "unknown host nosuch.invalid", "spelling");
        count("http://nosuch.invalid/dcm4chee-arc").fails(Exit.NO_ANSWER, "unknown host nosuch.invalid", "spelling");
    }

    @Test
    void a_closed_port() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        token("http://127.0.0.1:" + port)
                .fails(Exit.NO_ANSWER, "no connection to 127.0.0.1:" + port + ": refused", "does the server run");
        count("http://127.0.0.1:" + port)
                .fails(Exit.NO_ANSWER, "no connection to 127.0.0.1:" + port + ": refused", "does the server run");
    }

    @Test
    void plain_http_on_a_tls_port() {
        String wrong = sandbox.keycloakHttps().toString().replace("https", "http");
        token(wrong).fails(Exit.NO_ANSWER, "closed the connection without an answer", wrong.replace("http", "https"));
        count(sandbox.archiveHttps().toString().replace("https", "http"))
                .fails(Exit.NO_ANSWER, "closed the connection without an answer", "write https://");
    }

    @Test
    void tls_on_a_plain_http_port() {
        token(sandbox.keycloak().toString().replace("http", "https"))
                .fails(Exit.NO_ANSWER, "does not speak TLS", "write " + sandbox.keycloak());
    }

    @Test
    void a_certificate_that_is_not_trusted_comes_with_the_option_that_trusts_it() {
        ToolRun refused = token(sandbox.keycloakHttps());
        refused.fails(Exit.NO_ANSWER, "its issuer is not known here (subject CN=", "--server-cert sha256:");
        String pin = refused.err().replaceAll("(?s).*--server-cert (sha256:[0-9a-f]{64}).*", "$1");
        token(sandbox.keycloakHttps(), "--server-cert", pin).succeeds();
        count(sandbox.archiveHttps(), "--server-cert", pin).succeeds();
        token(sandbox.keycloakHttps(), "--server-cert", pin.replaceAll(".$", pin.endsWith("0") ? "1" : "0"))
                .fails(Exit.NO_ANSWER, "not trusted", "--server-cert");
        token(sandbox.keycloakHttps(), "--server-cert", "sha256:00").fails(Exit.USAGE, "is not a valid SHA-256", "64");
    }

    @Test
    void a_certificate_is_trusted_by_file_too() throws IOException {
        Path pem = Files.writeString(
                folder.resolve("server.pem"), sandbox.identity().pem());
        token(sandbox.keycloakHttps(), "--cacert", pem).succeeds();
        token(sandbox.keycloakHttps(), "--server-cert", pem).succeeds();
        token(sandbox.keycloakHttps(), "--cacert", folder.resolve("none.pem"))
                .fails(Exit.USAGE, "--cacert: cannot read", "ls -l");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "no certificate\n");
        token(sandbox.keycloakHttps(), "--cacert", empty)
                .fails(Exit.USAGE, "holds no certificate", "BEGIN CERTIFICATE");
    }

    @Test
    void insecure_works_and_warns_once() {
        token(sandbox.keycloakHttps(), "-k")
                .after("gettoken: warning: --insecure")
                .succeeds();
        token(sandbox.keycloakHttps(), "-k", "-s").succeeds();
    }

    @Test
    void a_certificate_that_names_another_host_or_has_expired() {
        Certificates.Identity elsewhere = Certificates.make("dcm4che", "dns:elsewhere.example", -1, 10);
        try (Sandbox other = new Sandbox(InstantSource.system(), elsewhere)) {
            Path pem = write("elsewhere.pem", elsewhere.pem());
            token(other.keycloakHttps(), "--cacert", pem)
                    .fails(
                            Exit.NO_ANSWER,
                            "it does not name this host (subject CN=dcm4che; names elsewhere",
                            "sha256:");
            token(other.keycloakHttps(), "--server-cert", pem).succeeds();
        }
        Certificates.Identity old = Certificates.make("dcm4che", "ip:127.0.0.1", -10, 5);
        try (Sandbox other = new Sandbox(InstantSource.system(), old)) {
            token(other.keycloakHttps(), "--cacert", write("old.pem", old.pem()))
                    .fails(Exit.NO_ANSWER, "it has expired", "sha256:");
            token(other.keycloakHttps(), "-k", "-s").succeeds();
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_body_that_ends_early() {
        for (Fault fault : List.of(Faults.cutOff(5), Faults.cutOffChunked(5))) {
            sandbox.provider().web().faults().next(1, fault);
            token(sandbox.keycloak()).fails(Exit.NO_ANSWER, "ended early, after 5 bytes", "try again");
        }
    }

    @Test
    void a_connection_that_is_reset_before_the_answer() {
        sandbox.provider().web().faults().next(9, Faults.reset());
        token(sandbox.keycloak()).fails(Exit.NO_ANSWER, "the connection to 127.0.0.1", "try again");
    }

    @Test
    void a_token_endpoint_that_answers_with_something_else() {
        for (String body :
                List.of(HTML, "", "null", "[]", "{\"access_token\":7}", "{\"access_token\":\"\"}", "{\"a\":")) {
            sandbox.provider()
                    .web()
                    .faults()
                    .next(1, Faults.garbage(body.startsWith("<") ? "text/html" : "application/json", body));
            token(sandbox.keycloak()).fails(Exit.SERVER_FAILED, "answered 200 with", "token endpoint");
        }
        sandbox.provider().web().faults().next(1, Faults.garbage("application/json", "{\"access_token\":\"a b'c\"}"));
        token(sandbox.keycloak(), "-f", "env").fails(Exit.SERVER_FAILED, "characters no token has", "token endpoint");
        sandbox.provider().web().faults().next(1, Faults.garbage("application/json", " ".repeat(2 << 20)));
        token(sandbox.keycloak()).fails(Exit.SERVER_FAILED, "more than 1 MiB", "URL");
    }

    @Test
    void a_server_that_fails() {
        sandbox.provider().web().faults().next(1, Faults.status(502, "text/html", HTML));
        token(sandbox.keycloak()).fails(Exit.SERVER_FAILED, "answered 502", "log");
        sandbox.provider()
                .web()
                .faults()
                .next(1, Faults.status(302, "text/html", "", "Location", "http://other.example/login"));
        token(sandbox.keycloak())
                .fails(Exit.REFUSED, "redirects to http://other.example/login", "secrets are not sent");
        sandbox.archiveServer()
                .web()
                .faults()
                .next(1, Faults.status(500, "text/plain", "java.lang.X: \u001b[2Joops\n\tat a.b\n"));
        count(sandbox.archive())
                .fails(Exit.SERVER_FAILED, "failed with 500: java.lang.X: \\u001b[2Joops", "server.log");
        sandbox.archiveServer().web().faults().next(1, Faults.status(503, "text/html", HTML));
        count(sandbox.archive()).fails(Exit.SERVER_FAILED, "failed with 503", "starting or stopping");
    }

    @Test
    void an_archive_that_answers_with_something_else() {
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("text/html", HTML));
        count(sandbox.archive()).fails(Exit.SERVER_FAILED, "answered 200 with an HTML page", "--url");
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/json", "{\"count\":"));
        count(sandbox.archive()).says(Exit.SERVER_FAILED, "with JSON that is broken", "-f raw");
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/json", "garbage"));
        count(sandbox.archive()).fails(Exit.SERVER_FAILED, "with JSON that is broken", "-f raw");
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/json", "{} {}"));
        count(sandbox.archive()).says(Exit.SERVER_FAILED, "followed by something else", "-f raw");
    }

    @Test
    void a_redirect_is_not_followed_and_gets_no_token() {
        String login = "http://other.example/realms/dcm4che/protocol/openid-connect/auth?client_id=ui&state=x";
        sandbox.archiveServer().web().faults().next(1, Faults.status(302, "text/html", "", "Location", login));
        ToolRun run = count(sandbox.archive());
        run.fails(Exit.REFUSED, "redirects to http://other.example/realms/dcm4che", "login page");
        assertFalse(run.err().contains("state="), run::err);
    }

    @Test
    void an_output_file_appears_whole_or_not_at_all() throws IOException {
        Path file = folder.resolve("count.json");
        sandbox.archiveServer().web().faults().next(1, Faults.cutOff(5));
        count(sandbox.archive(), "-o", file).fails(Exit.NO_ANSWER, "ended early", "try again");
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
        count(sandbox.archive(), "-o", file).succeeds();
        assertEquals("{\"count\":4}\n", Files.readString(file));
        assertEquals("rw-------", Permissions.of(file));
    }

    @Test
    void an_output_that_cannot_be_written_is_named() {
        token(sandbox.keycloak(), "-o", folder.resolve("no/such/folder"))
                .fails(Exit.FAILED, "no such folder", "create the folder");
        token(sandbox.keycloak(), "-o", folder).fails(Exit.FAILED, "is a directory", "name a file");
        token(sandbox.keycloak(), "-o", "/etc/passwd/x").fails(Exit.FAILED, "/etc/passwd/x: ", "another place");
        token(sandbox.keycloak(), "-o", "/dev/full").fails(Exit.FAILED, "cannot write /dev/full", "df -h");
    }
}
