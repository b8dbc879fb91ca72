//SOURCES ClientKey.java Connection.java Deadlines.java Failure.java Origin.java Proxies.java ServerTrust.java
//SOURCES TimedSocket.java Tls.java

package lib.http;

import module java.base;
import lib.http.Deadlines.Countdown;
import lib.http.Failure.Step;
import lib.http.Proxies.Proxy;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * Opens connections: directly or by a proxy, plain or with TLS.
 *
 * <p>The JDK begins each handshake with keys for two groups, of which one is used. Preparing the second one costs 50
 * ms, so that only one group is offered at first, and all of them if the server refuses it.
 */
final class Connector {
    private static final String[] QUICK_GROUPS = {"x25519"};

    // From then on the JDK's first choice is safe from quantum computers too (JEP 527), and worth its time.
    private static final int FIRST_WITH_HYBRID = 27;

    private final Tls tls;
    private SSLContext context;
    private volatile boolean isQuick = Runtime.version().feature() < FIRST_WITH_HYBRID;

    /** A connector that trusts whom {@code tls} says, and shows our certificate if it has one. */
    Connector(Tls tls) {
        this.tls = tls;
    }

    /** The route of a connection to the server of {@code uri}: requests with the same one may share a connection. */
    static String route(URI uri, Proxy proxy) {
        return Origin.of(uri) + (proxy == null ? "" : " by " + proxy.authority());
    }

    /**
     * A connection to the server of {@code uri}, by {@code proxy} if that is not null. One time limit holds for all of
     * it, a second handshake too.
     */
    Connection open(URI uri, Proxy proxy, Deadlines deadlines) throws Failure {
        InetAddress[] addresses = addresses(proxy == null ? uri.getHost() : proxy.host());
        Countdown time = Countdown.of(deadlines.connect());
        boolean wasQuick = isQuick;
        try {
            return open(addresses, uri, proxy, time, wasQuick ? QUICK_GROUPS : null);
        } catch (Failure e) {
            if (!wasQuick || !e.mayBeOfGroups()) {
                throw e;
            }
            Connection connection = open(addresses, uri, proxy, time, null);
            isQuick = false;
            return connection;
        }
    }

    private static InetAddress[] addresses(String host) throws Failure {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new Failure(Step.RESOLVE, e);
        }
    }

    private Connection open(InetAddress[] addresses, URI uri, Proxy proxy, Countdown time, String[] groups)
            throws Failure {
        Origin origin = Origin.of(uri);
        TimedSocket raw = connected(addresses, proxy == null ? origin.port() : proxy.port(), time);
        boolean isOpen = false;
        try {
            raw.expectAll(time);
            if (origin.isSecure() && proxy != null) {
                tunnel(raw, origin.hostAndPort(), proxy, time);
            }
            Socket socket = origin.isSecure() ? secured(raw, Origin.bare(uri.getHost()), origin.port(), groups) : raw;
            Connection connection = new Connection(route(uri, proxy), socket, raw);
            isOpen = true;
            return connection;
        } catch (IOException e) {
            throw e instanceof Failure failure ? failure : new Failure(Step.CONNECT, e);
        } finally {
            if (!isOpen) {
                raw.close();
            }
        }
    }

    /** A socket that is connected to the first of {@code addresses} that accepts. */
    private static TimedSocket connected(InetAddress[] addresses, int port, Countdown time) throws Failure {
        IOException refused = null;
        for (int i = 0; i < addresses.length; i++) {
            TimedSocket socket = new TimedSocket();
            try {
                socket.setTcpNoDelay(true);
                // One that never answers must leave some time for the others.
                Duration left = time.left();
                Duration share = left == null ? null : left.dividedBy(addresses.length - i);
                socket.connect(new InetSocketAddress(addresses[i], port), TimedSocket.milliseconds(share));
                return socket;
            } catch (IOException e) {
                refused = e;
                socket.close();
            }
        }
        throw new Failure(Step.CONNECT, refused);
    }

    /** Has {@code proxy} open a tunnel to {@code target} over its connection {@code raw} (RFC 9110, section 9.3.6). */
    private static void tunnel(TimedSocket raw, String target, Proxy proxy, Countdown time) throws Failure {
        BasicClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", null, null, target);
        connect.setHeader("Host", target);
        if (proxy.credentials() != null) {
            connect.setHeader("Proxy-Authorization", proxy.credentials().reveal());
        }
        int status;
        try {
            status = new Connection(target, raw, raw).exchange(connect, time).getCode();
        } catch (IOException e) {
            throw new Failure(Step.TUNNEL, e);
        }
        if (status / 100 != 2) {
            throw new Failure(status);
        }
    }

    private SSLSocket secured(Socket raw, String host, int port, String[] groups) throws Failure {
        try {
            SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(raw, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (groups != null) {
                parameters.setNamedGroups(groups);
            }
            if (host.indexOf('.') < 0 && host.indexOf(':') < 0) {
                // The JDK leaves out a name without a dot, by which a reverse proxy may choose its certificate.
                parameters.setServerNames(List.of(new SNIHostName(host)));
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            throw new Failure(Step.HANDSHAKE, e);
        }
    }

    /** Made before the first handshake and not earlier: the JDK's own default takes 120 ms even for plain http. */
    private synchronized SSLContext context() {
        if (context == null) {
            try {
                SSLContext made = SSLContext.getInstance("TLS");
                KeyManager[] keys = tls.client() == null ? null : new KeyManager[] {ClientKey.of(tls.client())};
                made.init(keys, new TrustManager[] {new ServerTrust(tls)}, null);
                context = made;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has TLS", e);
            }
        }
        return context;
    }
}
