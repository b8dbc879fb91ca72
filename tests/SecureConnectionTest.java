//SOURCES ../lib/base/Exit.java ../lib/sandbox/Certificates.java ../scripts/gettoken.java ../scripts/sandbox.java
//SOURCES ToolRun.java

import module java.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lib.base.Exit;
import lib.sandbox.Certificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 over TLS, byte for byte, with a server that keeps to no rules but the test's. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SecureConnectionTest {
    private static final String HEADER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    private static final String TOKEN = "{\"access_token\":\"abc\"}";

    private final CountDownLatch done = new CountDownLatch(1);
    private ServerSocket server;
    private Path authority;
    private volatile List<SNIServerName> named;
    private volatile int count;

    @TempDir
    Path folder;

    /** What the server does with a connection, before or after it has made it secure. */
    private interface Script {
        void play(Wire wire) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        authority = Files.writeString(
                folder.resolve("ca.pem"), Certificates.loopback().pem());
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        done.countDown();
        server.close();
    }

    private void plays(Script script) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    script.play(new Wire(socket));
                } catch (IOException e) {
                    // The run shows what it made of it.
                }
            }
        });
    }

    /** A connection whose bytes, those of TLS, can be held back. */
    private final class Wire extends Socket {
        private final Socket socket;
        private boolean isSlow;

        Wire(Socket socket) {
            this.socket = socket;
        }

        /** Sends one byte of whatever is written from now on, and another each 50 ms. */
        void slowDown() {
            isSlow = true;
        }

        /** Answers the handshake, and reads a request. */
        SSLSocket asked() throws IOException {
            SSLSocket tls = (SSLSocket)
                    Certificates.loopback().context().getSocketFactory().createSocket(this, null, true);
            tls.startHandshake();
            request(tls);
            return tls;
        }

        /** Reads a request with the body that its header announces, if any. */
        void request(SSLSocket tls) throws IOException {
            InputStream in = tls.getInputStream();
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) in.read());
            }
            int at = text.indexOf("Content-Length: ") + 16;
            in.readNBytes(at < 16 ? 0 : Integer.parseInt(text.substring(at, text.indexOf("\r\n", at))));
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(socket.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (!isSlow) {
                        out.write(bytes, offset, length);
                        return;
                    }
                    try {
                        for (int i = 0; i < length && !done.await(50, TimeUnit.MILLISECONDS); i++) {
                            out.write(bytes[offset + i]);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void send(SSLSocket tls, String text) throws IOException {
        tls.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private ToolRun run(String host, Object... arguments) {
        return ToolRun.of(new gettoken())
                .env("ARC_TOKEN_ENDPOINT", "https://" + host + ":" + server.getLocalPort() + "/token")
                .env("ARC_CLIENT_SECRET", "s")
                .env("ARC_CACERT", authority)
                .env("ARC_RETRY", 0)
                .run(arguments);
    }

    @Test
    void an_answer_may_end_with_the_connection_if_the_server_says_so() {
        plays(wire -> {
            try (SSLSocket tls = wire.asked()) {
                send(tls, HEADER + TOKEN);
            }
        });
        assertEquals(TOKEN + "\n", run("127.0.0.1").succeeds());
    }

    @Test
    void an_answer_that_somebody_else_may_have_cut_short_is_none() {
        plays(wire -> {
            send(wire.asked(), HEADER + TOKEN);
            wire.close();
        });
        run("127.0.0.1").fails(Exit.NO_ANSWER, "ended early, after 22 bytes", "try again");
    }

    @Test
    void a_handshake_that_comes_byte_by_byte_is_not_waited_for() {
        plays(wire -> {
            wire.slowDown();
            wire.asked();
        });
        run("127.0.0.1", "--connect-timeout", 1).fails(Exit.NO_ANSWER, "no connection to ", "--connect-timeout");
    }

    @Test
    void a_header_that_comes_byte_by_byte_is_not_waited_for() {
        plays(wire -> {
            SSLSocket tls = wire.asked();
            wire.slowDown();
            send(tls, HEADER.replace("OK", "x".repeat(9999)));
        });
        run("127.0.0.1", "--first-byte-timeout", 1).fails(Exit.NO_ANSWER, "did not answer in time", "--first-byte");
    }

    @Test
    void a_body_that_comes_byte_by_byte_has_no_more_than_the_time_for_everything() {
        plays(wire -> {
            SSLSocket tls = wire.asked();
            send(tls, HEADER);
            wire.slowDown();
            send(tls, " ".repeat(9999) + TOKEN);
        });
        run("127.0.0.1", "-m", 2).fails(Exit.NO_ANSWER, "not done in time", "raise it");
    }

    @Test
    void a_proxy_that_makes_no_tunnel_is_not_waited_for() {
        plays(wire -> wire.getInputStream().readAllBytes());
        run("archive.example", "-x", "http://127.0.0.1:" + server.getLocalPort(), "--connect-timeout", 1)
                .fails(Exit.NO_ANSWER, "opened no tunnel to archive.example:", "reachable from the proxy");
    }

    @Test
    void a_host_without_a_dot_is_named_in_the_handshake_too() {
        plays(wire -> {
            try (SSLSocket tls = wire.asked()) {
                named = ((ExtendedSSLSession) tls.getSession()).getRequestedServerNames();
                send(tls, HEADER + TOKEN);
            }
        });
        run("localhost").succeeds();
        assertEquals(List.of(new SNIHostName("localhost")), named);
        run("127.0.0.1").succeeds();
        assertEquals(List.of(), named);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_connection_is_used_again_unless_the_server_has_closed_it(int connections) {
        String issuer = "https://127.0.0.1:" + server.getLocalPort();
        String discovery = "{\"issuer\":\"" + issuer + "\",\"token_endpoint\":\"" + issuer + "/t\",\"jwks_uri\":\""
                + issuer + "/j\"}";
        plays(wire -> {
            count++;
            try (SSLSocket tls = wire.asked()) {
                send(tls, whole(count == 1 ? discovery : TOKEN));
                if (connections == 1) {
                    wire.request(tls);
                    send(tls, whole(TOKEN));
                }
            }
        });
        ToolRun run = run("127.0.0.1", "--issuer", issuer);
        assertEquals(TOKEN + "\n", run.succeeds());
        assertEquals(connections, count);
    }

    @ParameterizedTest
    @CsvSource({"40, 2", "80, 1"})
    void a_handshake_is_repeated_only_where_the_server_may_have_refused_the_group(int alert, int connections) {
        plays(wire -> {
            count++;
            byte[] header = wire.getInputStream().readNBytes(5);
            wire.getInputStream().readNBytes((header[3] & 255) << 8 | header[4] & 255);
            wire.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
        });
        String openssl = "openssl s_client -connect 127.0.0.1:" + server.getLocalPort();
        run("127.0.0.1").fails(Exit.NO_ANSWER, "no TLS connection to 127.0.0.1:", openssl);
        assertEquals(connections, count);
    }

    private static String whole(String body) {
        return HEADER.replace("\r\n\r\n", "\r\nContent-Length: " + body.length() + "\r\n\r\n") + body;
    }
}
