//SOURCES Fault.java WebRequest.java WebResponse.java

package lib.sandbox;

import module java.base;

/**
 * An HTTP/1.1 server on free ports of 127.0.0.1, one for http and one for https.
 *
 * <p>It uses plain sockets: the JDK's own server answers bad request targets itself, and can neither reset a connection
 * nor cut one off. Its virtual threads do not keep the process alive.
 */
public final class WebServer implements AutoCloseable {
    private static final int TLS_HANDSHAKE = 22;
    private static final int REMEMBERED = 10_000;

    /** Answers requests, on many threads at once. */
    @FunctionalInterface
    public interface Handler {
        /** The answer to {@code request}. */
        WebResponse handle(WebRequest request) throws IOException;
    }

    private final Handler handler;
    private final InstantSource clock;
    private final SSLContext tls;
    private final Fault.Queue faults = new Fault.Queue();
    private final Deque<WebRequest> requests = new ArrayDeque<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket plainPort;
    private volatile Consumer<SSLSocket> handshake = socket -> {};
    private final ServerSocket tlsPort;

    /**
     * Starts it.
     *
     * @param handler answers the requests
     * @param tls the certificate of the https port
     * @param clock the time for the header Date; null for a server without it, such as Keycloak
     */
    public WebServer(Handler handler, SSLContext tls, InstantSource clock) {
        this.handler = handler;
        this.tls = tls;
        this.clock = clock;
        this.plainPort = listen(false);
        this.tlsPort = listen(true);
    }

    /** The origin of the http port. */
    public String http() {
        return "http://127.0.0.1:" + plainPort.getLocalPort();
    }

    /** The origin of the https port. */
    public String https() {
        return "https://127.0.0.1:" + tlsPort.getLocalPort();
    }

    /** The faults to inject. */
    public Fault.Queue faults() {
        return faults;
    }

    /** The last 10,000 requests, including those with faults. */
    public List<WebRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Changes each TLS connection before its handshake: only old versions, or client certificates wanted. */
    public void handshake(Consumer<SSLSocket> changes) {
        handshake = changes;
    }

    /** Waits for {@code count} requests. */
    public void awaitRequests(int count) throws InterruptedException {
        synchronized (requests) {
            while (requests.size() < count) {
                requests.wait();
            }
        }
    }

    /** Forgets the requests. */
    public void forgetRequests() {
        synchronized (requests) {
            requests.clear();
        }
    }

    /** Closes the ports and all connections immediately. */
    @Override
    public void close() {
        threads.shutdownNow();
        close(plainPort);
        close(tlsPort);
        for (Socket connection : connections) {
            close(connection);
        }
    }

    private ServerSocket listen(boolean secure) {
        try {
            ServerSocket port = new ServerSocket(0, 1024, InetAddress.ofLiteral("127.0.0.1"));
            threads.execute(() -> accept(port, secure));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket port, boolean secure) {
        while (!port.isClosed()) {
            try {
                Socket connection = port.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection, secure));
            } catch (IOException | RuntimeException closing) {
                // close() was called and ends the loop.
            }
        }
        for (Socket connection : connections) {
            close(connection);
        }
    }

    private void serve(Socket raw, boolean secure) {
        try (raw) {
            raw.setTcpNoDelay(true);
            Socket socket = secure ? secured(raw) : raw;
            if (socket != null) {
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
                boolean open = true;
                while (open) {
                    open = exchange(in, out, raw, secure);
                }
                socket.close();
            }
        } catch (IOException gone) {
            // The client disconnected, or a fault closed the connection.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(raw);
        }
    }

    // As Keycloak, closes a connection with plain http on the https port without an answer.
    private Socket secured(Socket raw) throws IOException {
        InputStream in = raw.getInputStream();
        int first = in.read();
        if (first != TLS_HANDSHAKE) {
            in.skip(in.available());
            return null;
        }
        InputStream read = new ByteArrayInputStream(new byte[] {TLS_HANDSHAKE});
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(raw, read, true);
        handshake.accept(socket);
        return socket;
    }

    private boolean exchange(InputStream in, OutputStream out, Socket raw, boolean secure)
            throws IOException, InterruptedException {
        WebRequest request;
        try {
            request = new WebRequest.Reader(in).read(secure ? "https" : "http");
        } catch (WebRequest.Reader.Malformed e) {
            new WebResponse.Writer(out, clock).write(WebResponse.empty(400).with("Connection", "close"), "GET");
            raw.setSoTimeout(500);
            if (!secure) {
                raw.shutdownOutput();
            }
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        }
        if (request == null) {
            return false;
        }
        synchronized (requests) {
            requests.add(request);
            if (requests.size() > REMEMBERED) {
                requests.remove();
            }
            requests.notifyAll();
        }
        return answer(request, faults.take(request), in, new WebResponse.Writer(out, clock), raw);
    }

    private boolean answer(WebRequest request, Fault fault, InputStream in, WebResponse.Writer writer, Socket raw)
            throws IOException, InterruptedException {
        switch (fault) {
            case Fault.None none -> {}
            case Fault.Answer answer -> {
                writer.write(answer.response(), request.method());
                return !asksToClose(request, answer.response());
            }
            case Fault.CutOff cut -> {
                writer.writePart(handled(request), cut.bytes(), cut.chunked());
                return shut(raw);
            }
            case Fault.Held held when held.bytes() < 0 -> held.released().await();
            case Fault.Held held -> {
                writer.writeStalled(handled(request), held.bytes(), held.released());
                return true;
            }
            case Fault.Reset reset -> {
                raw.setSoLinger(true, 0);
                return shut(raw);
            }
            case Fault.Silence silence -> {
                in.transferTo(OutputStream.nullOutputStream());
                return shut(raw);
            }
        }
        WebResponse response = handled(request);
        writer.write(response, request.method());
        return !asksToClose(request, response);
    }

    private WebResponse handled(WebRequest request) throws IOException {
        try {
            return handler.handle(request);
        } catch (RuntimeException | StackOverflowError bug) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace));
            return WebResponse.text(500, "text/plain;charset=UTF-8", trace.toString());
        }
    }

    private static boolean asksToClose(WebRequest request, WebResponse response) {
        return "close".equalsIgnoreCase(request.header("Connection"))
                || "close".equals(response.headers().get("Connection"));
    }

    // Closes the socket below TLS: a close_notify would make the end look intended.
    private static boolean shut(Socket raw) throws IOException {
        raw.close();
        return false;
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception alreadyClosed) {
            // Nothing is left to do.
        }
    }
}
