//SOURCES ServerTrust.java

package lib.http;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * Whom to trust on the other side of TLS.
 *
 * @param insecure whether any certificate and host name will do
 * @param authorities PEM files with certificates to trust besides the JDK's and the system's
 * @param serverCertificates the servers' own certificates to trust, each a PEM file or {@code sha256:HEX}
 * @param clock for the text about a certificate that has expired
 */
public record Tls(boolean insecure, List<Path> authorities, List<String> serverCertificates, InstantSource clock) {

    /** A context that reads nothing until a handshake asks for it: the JDK's own takes 120 ms even for plain http. */
    SSLContext context() {
        return new LazyContext(new LazySpi(this));
    }

    private SSLContext load() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ServerTrust(this)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class LazyContext extends SSLContext {
        LazyContext(SSLContextSpi spi) {
            super(spi, null, "TLS");
        }
    }

    private static final class LazySpi extends SSLContextSpi {
        private final Tls tls;
        private SSLContext context;

        LazySpi(Tls tls) {
            this.tls = tls;
        }

        private synchronized SSLContext context() {
            if (context == null) {
                context = tls.load();
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
            return new SSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return new SSLParameters();
        }
    }
}
