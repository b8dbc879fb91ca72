//SOURCES Fault.java WebConnection.java WebRequest.java WebResponse.java

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
                WebConnection connection = new WebConnection(raw, socket, handler, clock);
                for (WebRequest request = connection.read(); request != null; request = connection.read()) {
                    remember(request);
                    faults.take(request).happen(connection);
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

    private void remember(WebRequest request) {
        synchronized (requests) {
            requests.add(request);
            if (requests.size() > REMEMBERED) {
                requests.remove();
            }
            requests.notifyAll();
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception alreadyClosed) {
            // Nothing is left to do.
        }
    }
}
