//SOURCES ../lib/base/Exit.java ../scripts/arcget.java ToolRun.java

import module java.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over a connection in HTTP/1.1, byte for byte, with a server that keeps to no rules but the test's. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConnectionTest {
    private static final String STARTED = "{\"status\":\"STARTED\"}";

    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile String answers;
    private ServerSocket server;

    @TempDir
    Path folder;

    /** What the server does on a connection. */
    private interface Script {
        void play(InputStream in, OutputStream out) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void plays(Script script) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    connections.incrementAndGet();
                    script.play(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
                } catch (IOException e) {
                    // The run shows what it made of it.
                }
            }
        });
    }

    /** Reads a request without a body; false if there is none any more. */
    private boolean request(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            text.append((char) c);
        }
        return requests.add(text.toString());
    }

    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(US_ASCII));
        out.flush();
    }

    private ToolRun get(Object... arguments) {
        return ToolRun.of(new arcget())
                .env("ARC_URL", "http://127.0.0.1:" + server.getLocalPort() + "/dcm4chee-arc")
                .env("ARC_RETRY", 0)
                .with("--no-auth")
                .run(arguments);
    }

    @Test
    void one_connection_serves_one_request_after_the_other() {
        plays((in, out) -> {
            while (request(in)) {
                send(out, answer(STARTED));
            }
        });
        assertEquals((STARTED + "\n").repeat(3), get("-j", 1, "/a", "/b", "/c").succeeds());
        assertEquals(1, connections.get());
    }

    @Test
    void one_that_the_server_has_closed_meanwhile_is_replaced_without_a_word() {
        plays((in, out) -> {
            request(in);
            send(out, answer(STARTED));
        });
        assertEquals((STARTED + "\n").repeat(3), get("-j", 1, "/a", "/b", "/c").succeeds());
        assertEquals(3, connections.get());
        assertEquals(3, requests.size());
    }

    @Test
    void one_that_the_server_means_to_close_is_not_used_again() {
        plays((in, out) -> {
            request(in);
            send(out, answer(STARTED).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            in.read();
        });
        assertEquals((STARTED + "\n").repeat(2), get("-j", 1, "/a", "/b").succeeds());
        assertEquals(2, connections.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--B--", "--B--\r\n", "--B--\r\nan epilogue\r\n"})
    void one_is_kept_though_nobody_reads_what_is_behind_the_last_boundary(String end) {
        String body = "--B\r\n\r\nx\r\n" + end;
        plays((in, out) -> {
            while (request(in)) {
                send(
                        out,
                        "HTTP/1.1 200 OK\r\nContent-Type: multipart/related;boundary=B\r\nTransfer-Encoding: chunked"
                                + "\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                                + "\r\n0\r\n\r\n");
            }
        });
        String instance = "studies/1.1/series/1.2/instances/1.";
        ToolRun run = get("--download", folder, "-j", 1, instance + 3, instance + 4, instance + 5);
        assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
        assertEquals(3, requests.size());
        assertEquals(1, connections.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 9\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n9\r\n"
            })
    void an_answer_that_ends_before_its_first_byte_is_repeated_as_often_as_wanted(String header) {
        int[] broken = {1};
        plays((in, out) -> {
            request(in);
            send(
                    out,
                    broken[0]-- > 0
                            ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + header
                            : answer(STARTED));
        });
        assertEquals(STARTED + "\n", get("--retry", 1, "/a").succeeds());
        broken[0] = 1;
        get("/a").fails(Exit.NO_ANSWER, "ended early, after 0 bytes", "try again");
        assertEquals(3, requests.size());
    }

    @Test
    void an_answer_that_is_reset_before_its_first_byte_is_repeated() {
        int[] broken = {1};
        plays((in, out) -> {
            if (broken[0]-- > 0) {
                // To close without reading what has arrived resets the connection.
                send(out, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
            } else {
                request(in);
                send(out, answer(STARTED));
            }
        });
        assertEquals(STARTED + "\n", get("--retry", 1, "/a").succeeds());
    }

    @Test
    void nothing_is_sent_twice_where_there_are_no_retries() {
        plays((in, out) -> request(in));
        get("/a").fails(Exit.NO_ANSWER, "closed the connection without an answer", "https://");
        assertEquals(1, requests.size());
    }

    @Test
    void what_is_sent_is_what_was_typed_and_no_more() {
        plays((in, out) -> {
            request(in);
            send(out, answer(STARTED));
        });
        get("-H", "X-A: b", "-H", "x-a: c", "-H", "User-Agent: u", "-H", "X-A: b", "/a%2Fb//c?d=e,f")
                .succeeds();
        assertEquals(
                "GET /dcm4chee-arc/a%2Fb//c?d=e,f HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort()
                        + "\r\nX-A: b\r\nx-a: c\r\nUser-Agent: u\r\nX-A: b\r\nAccept-Encoding: gzip\r\n\r\n",
                requests.getFirst());
    }

    @Test
    void the_header_is_shown_as_the_server_wrote_it() {
        plays((in, out) -> {
            request(in);
            send(out, "HTTP/1.1 200 As You Like It\r\nZ-last:  1\r\nx-FIRST: 2\r\nx-first: 3\r\nEmpty:\r\n");
            send(out, "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        });
        assertEquals(
                "HTTP/1.1 200 As You Like It\r\nZ-last: 1\r\nx-FIRST: 2\r\nx-first: 3\r\nEmpty: \r\n"
                        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}\n",
                get("-i", "/a").succeeds());
    }

    @Test
    void an_answer_may_be_announced_and_may_end_with_the_connection() {
        plays((in, out) -> {
            request(in);
            send(out, "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            send(out, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + STARTED);
        });
        assertEquals(STARTED + "\n", get("/a").succeeds());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Type: applic", "HTTP/1.1 204 No Content"})
    void a_header_that_stops_is_no_answer(String header) {
        plays((in, out) -> {
            request(in);
            send(out, header);
        });
        ToolRun run = get("studies");
        assertEquals(Exit.NO_ANSWER.code(), run.exit(), run::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200 OK\r\nX", "HTTP/1.1 20x OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n"})
    void what_breaks_the_rules_of_http_is_called_so(String header) {
        plays((in, out) -> {
            request(in);
            send(out, header + "\r\n\r\n");
        });
        get("studies").fails(Exit.SERVER_FAILED, "answered with broken HTTP: ", "curl -v");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: 1\r\n", "x"})
    void a_header_without_an_end_is_given_up(String more) {
        plays((in, out) -> {
            request(in);
            send(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                out.write(more.repeat(1000).getBytes(US_ASCII));
            }
        });
        get("studies").fails(Exit.SERVER_FAILED, "answered with broken HTTP: ", "curl -v");
    }

    @Test
    void announcements_without_end_are_not_read_for_ever() {
        plays((in, out) -> {
            while (true) {
                send(out, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            }
        });
        get("--first-byte-timeout", 1, "/a").fails(Exit.NO_ANSWER, "did not answer in time", "--first-byte-timeout");
    }

    @Test
    void a_header_that_comes_byte_by_byte_is_not_waited_for() {
        CountDownLatch never = new CountDownLatch(1);
        plays((in, out) -> {
            request(in);
            send(out, "HTTP/1.1 200 OK\r\n");
            try {
                while (!never.await(50, TimeUnit.MILLISECONDS)) {
                    send(out, "x");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        get("--first-byte-timeout", 1, "studies").fails(Exit.NO_ANSWER, "did not answer in time", "--first-byte");
        never.countDown();
    }

    @Test
    void chunks_may_have_extensions_and_trailers_and_must_be_chunks() {
        String header = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        AtomicInteger number = new AtomicInteger();
        plays((in, out) -> {
            request(in);
            String end = number.getAndIncrement() == 0 ? "0\r\nX: y\r\n\r\n" : "no chunk\r\n\r\n";
            send(out, header + "5;a=b\r\n{\"a\":\r\n2\r\n1}\r\n" + end);
        });
        assertEquals("{\"a\":1}\n", get("/a").succeeds());
        ToolRun broken = get("-f", "raw", "/a");
        assertEquals(Exit.NO_ANSWER.code(), broken.exit(), broken::toString);
        assertTrue(broken.err().contains("ended early, after 7 bytes"), broken::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "\r\n",
                "garbage"
            })
    void what_comes_unasked_answers_nothing(String unasked) {
        plays((in, out) -> {
            request(in);
            send(out, answers);
            in.read();
        });
        // What is here when the answer has been read, and what is not, since no more is read at once.
        String filling =
                answer(" ".repeat(8192 - answer(" ".repeat(8000)).length() + 8000 - STARTED.length()) + STARTED);
        for (String answer : List.of(answer(STARTED), filling)) {
            connections.set(0);
            answers = answer + unasked;
            assertEquals((STARTED + "\n").repeat(2), get("-j", 1, "/a", "/b").succeeds());
            assertEquals(2, connections.get());
        }
    }

    @Test
    void a_port_that_goes_without_saying_is_not_said() {
        plays((in, out) -> {
            request(in);
            send(out, answer(STARTED));
        });
        get("-x", "127.0.0.1:" + server.getLocalPort(), "--url", "http://localhost:80/dcm4chee-arc", "/a?b=c")
                .succeeds();
        assertEquals(
                "GET http://localhost/dcm4chee-arc/a?b=c HTTP/1.1\r\nHost: localhost\r\nUser-Agent: arc-scripts\r\n"
                        + "Accept-Encoding: gzip\r\n\r\n",
                requests.getFirst());
    }
}
