//SOURCES ../lib/base/Exit.java ../lib/http/Pem.java ../lib/sandbox/Certificates.java ../lib/sandbox/WebResponse.java
//SOURCES ../lib/sandbox/WebServer.java ../scripts/arcget.java ../scripts/sandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Proxy;
import java.security.cert.X509Certificate;
import lib.base.Exit;
import lib.http.Pem;
import lib.sandbox.Certificates;
import lib.sandbox.WebResponse;
import lib.sandbox.WebServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates whose chains lead to a trusted one, and that are refused all the same. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerTrustTest {
    // ca NAME [BITS [EXTENSION [HASH]]]; below NAME ISSUER [BITS [EXTENSION [HASH]]]
    private static final String MAKE = """
            set -e
            csr() {
                [ -f $2.key ] || openssl genrsa -out $2.key $2
                cp $2.key $1.key
                openssl req -new -key $1.key -subj "/CN=$1" -out $1.csr
            }
            ca() {
                csr $1 ${2:-2048}
                printf 'basicConstraints=critical,CA:TRUE\\n%s\\n' "$3" >ext
                openssl x509 -req -in $1.csr -signkey $1.key -out $1.pem -days 9 -extfile ext -${4:-sha256}
            }
            below() {
                csr $1 ${3:-2048}
                printf '%s\\n' "$4" >ext
                openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -out $1.pem -days 9 \\
                    -extfile ext -${5:-sha256}
            }
            p12() {
                cat "$@" >chain
                openssl pkcs12 -export -inkey ${1%.pem}.key -in chain -passout pass:changeit -out ${1%.pem}.p12
            }
            san='subjectAltName=DNS:localhost,IP:127.0.0.1'
            ca root
            ca named 2048 'nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0'
            ca elsewhere 2048 'nameConstraints=permitted;DNS:example.org'
            ca excluded 2048 'nameConstraints=excluded;DNS:localhost'
            ca short-root 1024
            ca old-root 2048 '' sha1
            for issuer in root named elsewhere excluded short-root old-root; do
                below good-$issuer $issuer 2048 "$san"; p12 good-$issuer.pem
            done
            below sha1 root 2048 "$san" sha1; p12 sha1.pem
            below short root 1024 "$san"; p12 short.pem
            below middle-short root 1024 'basicConstraints=critical,CA:TRUE'
            below below-short middle-short 2048 "$san"; p12 below-short.pem middle-short.pem
            below middle-sha1 root 2048 'basicConstraints=critical,CA:TRUE' sha1
            below below-sha1 middle-sha1 2048 "$san"; p12 below-sha1.pem middle-sha1.pem
            below client root 2048 "$(printf '%s\\nextendedKeyUsage=clientAuth' "$san")"; p12 client.pem
            below both root 2048 "$(printf '%s\\nextendedKeyUsage=clientAuth,serverAuth' "$san")"; p12 both.pem
            """;

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeChains() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl");
        ToolProcess.script(folder, MAKE);
    }

    private static SSLContext context(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @CsvSource({
        "good-root,       root,       ",
        "good-named,      named,      ",
        "good-old-root,   old-root,   ",
        "both,            root,       ",
        "good-elsewhere,  elsewhere,  CN=elsewhere may not vouch for its name",
        "good-excluded,   excluded,   CN=excluded may not vouch for its name",
        "good-short-root, short-root, the key of CN=short-root has only 1024 bits",
        "sha1,            root,       CN=sha1 is signed with SHA1withRSA",
        "short,           root,       the key of CN=short has only 1024 bits",
        "below-short,     root,       the key of CN=middle-short has only 1024 bits",
        "below-sha1,      root,       CN=middle-sha1 is signed with SHA1withRSA",
        "client,          root,       it is not one for servers",
        "good-root,       named,      its issuer is not known here"
    })
    void a_chain_is_held_to_what_its_root_and_todays_limits_allow(String server, String root, String reason)
            throws Exception {
        try (WebServer web = new WebServer(request -> WebResponse.empty(204), context(server), null)) {
            ToolRun.Setting tool = ToolRun.of(new arcget())
                    .with("--no-auth", "--retry=0", "--cacert", folder.resolve(root + ".pem"), "--rs", web.https());
            if (reason == null) {
                tool.run("studies").succeeds();
            } else {
                tool.run("studies").fails(Exit.NO_ANSWER, "is not trusted: " + reason, "--server-cert sha256:");
            }
            tool.run("-k", "-s", "studies").succeeds();
            tool.run("--server-cert", folder.resolve(server + ".pem"), "studies")
                    .succeeds();
        }
    }

    /** A proxy whose tunnels all lead to the port {@code target} of this machine. */
    private static ServerSocket proxyTo(int target) throws IOException {
        ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(() -> {
            try (Socket client = proxy.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                InputStream in = client.getInputStream();
                StringBuilder head = new StringBuilder();
                for (int next = 0; next >= 0 && head.indexOf("\r\n\r\n") < 0; ) {
                    next = in.read();
                    head.append((char) next);
                }
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread.startVirtualThread(() -> pass(client, server));
                pass(server, client);
            } catch (IOException closed) {
                // The test is over.
            }
        });
        return proxy;
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException closed) {
            // The other direction notices it too.
        }
    }

    /** As by curl; the common name counts only where there is no DNS name beside it (RFC 6125, section 6.4.4). */
    @ParameterizedTest
    @CsvSource({
        "pacs.example.org, x,                dns:pacs.example.org,           true",
        "PACS.example.org, x,                'dns:other,dns:pacs.Example.ORG', true",
        "pacs.example.org., x,               dns:pacs.example.org,           true",
        "pacs.example.org., x,               dns:example.org,                false",
        "pacs1,            x,                dns:pacs1,                      true",
        "1pacs,            x,                dns:1pacs,                      true",
        "pacs.example.org, x,                dns:*.example.org,              true",
        "pacs.example.org, x,                dns:pa*.example.org,            true",
        "a.b.example.org,  x,                dns:*.example.org,              false",
        "example.org,      x,                dns:*.example.org,              false",
        "pacs.example.org, x,                dns:example.org,                false",
        "pacs.example.org, x,                dns:pacs.example.org.evil.org,  false",
        "pacs.example.org, x,                ip:10.1.2.3,                    false",
        "10.1.2.3,         x,                ip:10.1.2.3,                    true",
        "10.1.2.3,         x,                ip:10.1.2.4,                    false",
        "10.1.2.3,         x,                dns:10.1.2.3,                   false",
        "10.1.2.3,         10.1.2.3,         ,                               false",
        "[fd00::1],        x,                ip:fd00:0:0:0:0:0:0:1,          true",
        "[fd00::1],        x,                ip:fd00::2,                     false",
        "pacs.example.org, pacs.example.org, ,                               true",
        "pacs.example.org, *.example.org,    ,                               true",
        "pacs.example.org, pacs.example.org, dns:other.example.org,          false",
        "pacs.example.org, pacs.example.org, ip:10.1.2.3,                    true"
    })
    void a_certificate_is_for_the_hosts_that_it_names(String host, String commonName, String names, boolean isNamed)
            throws Exception {
        Certificates.Identity identity = Certificates.make(commonName, names, -1, 9);
        Path file = Files.writeString(folder.resolve("names.pem"), identity.pem());
        try (WebServer web = new WebServer(request -> WebResponse.empty(204), identity.context(), null);
                ServerSocket proxy = proxyTo(URI.create(web.https()).getPort())) {
            ToolRun run = ToolRun.of(new arcget())
                    .with("--no-auth", "--retry=0", "--cacert", file, "--proxy", "127.0.0.1:" + proxy.getLocalPort())
                    .run("--rs", "https://" + host + "/rs", "studies");
            if (isNamed) {
                run.succeeds();
            } else {
                run.fails(Exit.NO_ANSWER, "is not trusted: it does not name this host", "--server-cert sha256:");
            }
        }
    }

    /** With TLS 1.2 a server may begin another handshake on a connection, with another certificate. */
    @Test
    void a_certificate_that_follows_another_on_a_connection_must_name_the_host_too() throws Exception {
        Certificates.Identity named = Certificates.make("first", "dns:localhost", -1, 9);
        Certificates.Identity other = Certificates.make("second", "dns:other.example.org", -1, 9);
        Path file = Files.writeString(folder.resolve("both.pem"), named.pem() + other.pem());
        PrivateKey key = Pem.privateKey(named.keyPem().reveal().getBytes(StandardCharsets.US_ASCII), "", "", null);
        AtomicReference<Certificates.Identity> shown = new AtomicReference<>(named);
        KeyManager keys = (KeyManager) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {X509KeyManager.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "chooseServerAlias" -> "any";
                    case "getCertificateChain" ->
                        new X509Certificate[] {shown.get().certificate()};
                    case "getPrivateKey" -> key;
                    default -> null;
                });
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, null, null);
        try (SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0)) {
            server.setEnabledProtocols(new String[] {"TLSv1.2"});
            Thread.startVirtualThread(() -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.getInputStream().read(new byte[1 << 14]);
                    socket.getSession().invalidate();
                    shown.set(other);
                    socket.startHandshake();
                    socket.getInputStream().read();
                } catch (IOException refused) {
                    // The certificate was not trusted.
                }
            });
            ToolRun.of(new arcget())
                    .with("--no-auth", "--retry=0", "--max-time=9", "--cacert", file)
                    .run("--rs", "https://localhost:" + server.getLocalPort() + "/rs", "studies")
                    .fails(Exit.NO_ANSWER, "it does not name this host", "");
        }
    }
}
