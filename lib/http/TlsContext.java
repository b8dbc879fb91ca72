//SOURCES ClientKey.java ServerTrust.java Tls.java

package lib.http;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A context that reads nothing until a handshake asks for it: the JDK's own takes 120 ms even for plain http. */
final class TlsContext extends SSLContext {
    private TlsContext(SSLContextSpi spi) {
        super(spi, null, "TLS");
    }

    /** The context that trusts and shows what {@code tls} says. */
    static SSLContext of(Tls tls) {
        // Not later, in a thread of the handshake: somebody may have to be asked for the key's password.
        ClientKey key = tls.client() == null ? null : ClientKey.of(tls.client());
        return new TlsContext(new Lazy(tls, key));
    }

    private static SSLContext load(Tls tls, ClientKey key) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = key == null ? null : new KeyManager[] {key};
            context.init(keys, new TrustManager[] {new ServerTrust(tls)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class Lazy extends SSLContextSpi {
        private final Tls tls;
        private final ClientKey key;
        private SSLContext context;

        Lazy(Tls tls, ClientKey key) {
            this.tls = tls;
            this.key = key;
        }

        private synchronized SSLContext context() {
            if (context == null) {
                context = load(tls, key);
            }
            return context;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("made ready already");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return context().createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return context().createSSLEngine(host, port);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return context().getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context().getServerSocketFactory();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context().getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context().getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            // The JDK's own default; without it the client does not see that it could offer HTTP/2.
            return new SSLParameters(null, new String[] {"TLSv1.3", "TLSv1.2"});
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return new SSLParameters();
        }
    }
}
