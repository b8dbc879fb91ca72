//SOURCES Connection.java Countdown.java Deadlines.java Failure.java Handshakes.java Http.java Proxy.java
//SOURCES TimedSocket.java

package lib.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * Makes connections: directly or by a proxy, in the clear or by TLS.
 *
 * <p>The JDK begins each handshake with keys for two groups, of which one is used. For the second it makes itself ready
 * for some 50 ms, so that only one is offered as long as servers take that; all others are tried behind it.
 */
final class Connector {
    private static final int SMALL = 1 << 10;
    private static final String[] QUICK_GROUPS = {"x25519"};

    // The JDK's first choice from then on is safe from quantum computers too (JEP 527), and worth its time.
    private static final int FIRST_WITH_HYBRID = 27;

    private final Handshakes handshakes;
    private final int piece;
    private volatile boolean isQuick = Runtime.version().feature() < FIRST_WITH_HYBRID;

    /**
     * A maker of connections.
     *
     * @param handshakes what all handshakes have in common
     * @param piece how many bytes a connection reads at once
     */
    Connector(Handshakes handshakes, int piece) {
        this.handshakes = handshakes;
        this.piece = piece;
    }

    /** What a connection to the server of {@code uri} leads to, and how. */
    static String route(URI uri, Proxy proxy) {
        return uri.getScheme() + "://" + Http.authority(uri) + (proxy == null ? "" : " by " + proxy.authority());
    }

    /** The port where {@code uri} names none. */
    static int usualPort(URI uri) {
        return isSecure(uri) ? 443 : 80;
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** A connection to the server of {@code uri}, by {@code proxy} if that is not null. */
    Connection open(URI uri, Proxy proxy, Deadlines deadlines) throws IOException {
        if (!isSecure(uri) || !isQuick) {
            return open(uri, proxy, deadlines, null);
        }
        try {
            return open(uri, proxy, deadlines, QUICK_GROUPS);
        } catch (SSLException e) {
            if (Failure.isOfCertificate(e)) {
                throw e;
            }
            Connection connection = open(uri, proxy, deadlines, null);
            isQuick = false;
            return connection;
        }
    }

    private Connection open(URI uri, Proxy proxy, Deadlines deadlines, String[] groups) throws IOException {
        boolean isSecure = isSecure(uri);
        int port = uri.getPort() >= 0 ? uri.getPort() : usualPort(uri);
        InetAddress[] addresses = InetAddress.getAllByName(proxy == null ? uri.getHost() : proxy.host());
        Countdown time = Countdown.of(deadlines.connect());
        TimedSocket raw = connected(addresses, proxy == null ? port : proxy.port(), time);
        try {
            raw.expectAll(time);
            if (isSecure && proxy != null) {
                tunnel(raw, uri, uri.getHost() + ":" + port, proxy, time);
            }
            Socket socket = isSecure ? secured(raw, bare(uri.getHost()), port, groups) : raw;
            return new Connection(route(uri, proxy), socket, raw, piece);
        } catch (SocketTimeoutException e) {
            raw.close();
            throw proxy == null
                    ? new HttpConnectTimeoutException("no TLS in time")
                    : new IOException("Tunnel failed, got: no answer in time");
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** A socket that is connected to the first of {@code addresses} that lets us in. */
    private static TimedSocket connected(InetAddress[] addresses, int port, Countdown time) throws IOException {
        IOException refused = null;
        for (int i = 0; i < addresses.length; i++) {
            TimedSocket socket = new TimedSocket();
            try {
                socket.setTcpNoDelay(true);
                int share = TimedSocket.milliseconds(share(time, addresses.length - i));
                socket.connect(new InetSocketAddress(addresses[i], port), share);
                return socket;
            } catch (SocketTimeoutException e) {
                refused = new HttpConnectTimeoutException("no connection in time");
            } catch (IOException e) {
                refused = e instanceof ConnectException ? e : connecting(e);
            }
            socket.close();
        }
        throw refused;
    }

    /** The time for one of {@code count} addresses, so that one that says nothing leaves some for the others. */
    private static Duration share(Countdown time, int count) throws SocketTimeoutException {
        Duration left = time.left();
        return left == null ? null : left.dividedBy(count);
    }

    // Whatever keeps us from connecting is one kind of failure; to the JDK, "no route" is another.
    private static ConnectException connecting(IOException e) {
        ConnectException connecting = new ConnectException(e.getMessage());
        connecting.initCause(e);
        return connecting;
    }

    /** Has {@code proxy} make a tunnel out of its connection {@code raw} (RFC 9110, section 9.3.6). */
    private static void tunnel(TimedSocket raw, URI uri, String target, Proxy proxy, Countdown time)
            throws IOException {
        BasicClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", null, null, target);
        connect.setHeader("Host", target);
        if (proxy.credentials() != null) {
            connect.setHeader("Proxy-Authorization", proxy.credentials().reveal());
        }
        ClassicHttpResponse answer = new Connection(target, raw, raw, SMALL).exchange(connect, time);
        if (answer.getCode() == 407) {
            throw Failure.proxyRefuses(uri, proxy);
        }
        if (answer.getCode() / 100 != 2) {
            throw new IOException("Tunnel failed, got: " + answer.getCode());
        }
    }

    private SSLSocket secured(Socket raw, String host, int port, String[] groups) throws IOException {
        SSLSocket socket = (SSLSocket) handshakes.context().getSocketFactory().createSocket(raw, host, port, true);
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
        try {
            socket.startHandshake();
            return socket;
        } catch (SocketException e) {
            // Who refuses our certificate may hang up before we could hear of it.
            throw new SSLException("it hung up in the handshake", e);
        }
    }

    /** {@code host} without the brackets that an IPv6 address has in a URL. */
    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
