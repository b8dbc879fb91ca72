//DEPS org.apache.httpcomponents.core5:httpcore5:5.4.4
//SOURCES BlockInput.java Deadlines.java TimedSocket.java

package lib.http;

import module java.base;
import java.security.cert.X509Certificate;
import lib.http.Deadlines.Countdown;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.util.Timeout;

/** A connection to a server for one HTTP/1.1 exchange after the other (RFC 9112). */
final class Connection extends DefaultBHttpClientConnection {
    // How much is read at once of a header, or of a body that comes in small chunks.
    private static final int PIECE = 1 << 16;

    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_FIELDS = 1000;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private final String route;
    private final TimedSocket base;
    private final Received received;
    private SocketException cut;
    private ClassicHttpRequest request;
    private ClassicHttpResponse response;

    /**
     * A connection over {@code socket}.
     *
     * @param route the server and the proxy: requests with the same route may use this connection
     * @param base the socket below TLS, or {@code socket} itself
     */
    Connection(String route, Socket socket, TimedSocket base) throws IOException {
        super(Http1Config.custom()
                .setBufferSize(PIECE)
                .setMaxLineLength(MAX_LINE)
                .setMaxHeaderCount(MAX_FIELDS)
                .build());
        this.route = route;
        this.base = base;
        this.received = new Received(socket.getInputStream(), socket == base ? null : base);
        bind(new SocketHolder(socket) {
            @Override
            public Socket getBaseSocket() {
                return base;
            }

            @Override
            protected InputStream getInputStream(Socket bound) {
                return received;
            }
        });
    }

    /** The server and the proxy that it leads to. */
    String route() {
        return route;
    }

    /** The certificate that the server has shown; null without TLS. */
    X509Certificate certificate() {
        try {
            return getSSLSession() == null
                    ? null
                    : (X509Certificate) getSSLSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a server always shows one", e);
        }
    }

    /** Sends {@code sent} and returns the answer when its header has arrived, within {@code time}. */
    ClassicHttpResponse exchange(ClassicHttpRequest sent, Countdown time) throws IOException {
        request = sent;
        cut = null;
        base.expectAll(time);
        received.hasBegun = false;
        try {
            try {
                sendRequestHeader(request);
                sendRequestEntity(request);
                flush();
            } catch (SocketException e) {
                // A server that closes while we still send may have said why: by a TLS alert, or a status.
                cut = e;
            }
            response = finalHeader();
            if (MessageSupport.canResponseHaveBody(request.getMethod(), response)) {
                receiveResponseEntity(response);
            } else if (response.getCode() == NO_CONTENT && announcesBody(response)) {
                throw new ProtocolException("204 with a body");
            }
            return response;
        } catch (SocketException | NoHttpResponseException e) {
            throw cut != null ? cut : e instanceof SocketException ? e : new EOFException("closed without an answer");
        } catch (MessageConstraintException e) {
            throw new ProtocolException(e.getMessage());
        } catch (HttpException e) {
            throw broken(e);
        }
    }

    /** The header of the final answer; interim ones are skipped (RFC 9110, section 15.2). */
    private ClassicHttpResponse finalHeader() throws HttpException, IOException {
        ClassicHttpResponse header = receiveResponseHeader();
        while (header.getCode() < 200 && header.getCode() != SWITCHING_PROTOCOLS) {
            header = receiveResponseHeader();
        }
        if (header.getCode() == SWITCHING_PROTOCOLS) {
            throw new ProtocolException("101, which was not asked for");
        }
        if (received.isEnded) {
            // The library accepts a header that was cut short.
            throw new EOFException("the header stops");
        }
        return header;
    }

    private static boolean announcesBody(ClassicHttpResponse header) {
        Header length = header.getFirstHeader("Content-Length");
        return length != null && !"0".equals(length.getValue());
    }

    private static IOException broken(HttpException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("Invalid protocol version")
                ? new EOFException("not HTTP")
                : new ProtocolException(message);
    }

    /** Sets the time limits for the body of the answer. */
    void expectBody(Deadlines deadlines) {
        base.expectPieces(deadlines);
    }

    /** Sets the time limit for the end of a body that should have arrived already. */
    void expectEnd() {
        base.expectAll(Countdown.of(AT_ONCE));
    }

    /** Whether not a byte of the answer has arrived. */
    boolean isUnanswered() {
        return !received.hasBegun;
    }

    /**
     * Whether nothing has arrived since the last answer. Otherwise it would be taken for the answer to the next
     * request.
     */
    boolean isQuiet() {
        base.expectAll(Countdown.of(Duration.ZERO));
        try {
            return base.getInputStream().available() == 0 && !isDataAvailable(Timeout.ONE_MILLISECOND);
        } catch (IOException lost) {
            return false;
        }
    }

    /** Whether another exchange may follow once the body of the answer has been read to its end. */
    boolean isPersistent() {
        return cut == null
                && !received.isEnded
                && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, null);
    }

    /** Closes it at once, whatever is under way. No TLS close_notify is sent: that may block. */
    @Override
    public void close() {
        base.close();
    }

    /** The decrypted input, which knows whether an answer has begun and whether the input has ended. */
    private static final class Received extends BlockInput {
        private final InputStream in;
        private final TimedSocket below;
        private boolean hasBegun;
        private boolean isEnded;

        /** The input {@code in}; {@code below} is the socket below TLS, or null for plain http. */
        Received(InputStream in, TimedSocket below) {
            this.in = in;
            this.below = below;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            hasBegun |= count > 0;
            isEnded |= count < 0;
            if (isEnded && hasBegun && below != null && below.isEnded()) {
                // The JDK accepts it, but an attacker may have cut the answer short (RFC 9112, section 9.8).
                throw new EOFException("closed without a TLS close_notify");
            }
            return count;
        }
    }
}
