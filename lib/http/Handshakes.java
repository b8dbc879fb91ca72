//SOURCES Tls.java TlsContext.java

package lib.http;

import javax.net.ssl.SSLContext;

/** What all handshakes of a client have in common: read when the first one is near, and once. */
final class Handshakes {
    private final Tls tls;
    private SSLContext context;

    Handshakes(Tls tls) {
        this.tls = tls;
    }

    /** The context that trusts and shows what the {@link Tls} says. */
    synchronized SSLContext context() {
        if (context == null) {
            context = TlsContext.of(tls);
        }
        return context;
    }
}
