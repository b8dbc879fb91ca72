//SOURCES ../base/Sha256.java ../base/SmallFile.java Pem.java Tls.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import lib.base.Sha256;
import lib.base.SmallFile;

/**
 * Decides whether to trust a server's certificate: by {@code --server-cert}, {@code --cacert}, the JDK's store and the
 * operating system's bundle. Each is read only when the ones before did not vouch for it.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private static final List<Path> SYSTEM_BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/cert.pem"));

    private final Tls tls;

    ServerTrust(Tls tls) {
        this.tls = tls;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
            throws CertificateException {
        if (tls.insecure() || pins().contains(sha256(chain[0]))) {
            return;
        }
        Instant now = tls.clock().instant();
        // Checked here: the JDK trusts a certificate that is in a store itself whatever its dates.
        if (now.isAfter(chain[0].getNotAfter().toInstant())) {
            throw new UntrustedCertificate(chain[0], "it has expired");
        }
        if (now.isBefore(chain[0].getNotBefore().toInstant())) {
            throw new UntrustedCertificate(chain[0], "it is not valid yet");
        }
        String reason = "its issuer is not known here";
        for (int store = 0; store < 3; store++) {
            KeyStore authorities = store(store);
            if (authorities == null) {
                continue;
            }
            try {
                checker(authorities).checkServerTrusted(chain, keyExchange, socket);
                return;
            } catch (CertificateException e) {
                String text = String.valueOf(e.getMessage());
                if (text.startsWith("No ") && text.contains("name")) {
                    reason = "it does not name this host";
                }
            }
        }
        throw new UntrustedCertificate(chain[0], reason);
    }

    /** The SHA-256 of the whole certificate in lower-case hex, as {@code openssl x509 -fingerprint} computes it. */
    static String sha256(Certificate certificate) {
        try {
            return Sha256.hex(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read can be encoded", e);
        }
    }

    private Set<String> pins() {
        Set<String> pins = new HashSet<>();
        for (String pin : tls.serverCertificates()) {
            String hash = Tls.hash(pin);
            pins.add(
                    hash == null
                            ? sha256(certificates(Path.of(pin), "--server-cert").getFirst())
                            : hash);
        }
        return pins;
    }

    /** The trust store number {@code place} in the order of trying, or null if there is none. */
    private KeyStore store(int place) {
        if (place == 0) {
            List<Certificate> certificates = new ArrayList<>();
            for (Path file : tls.authorities()) {
                certificates.addAll(certificates(file, "--cacert"));
            }
            return certificates.isEmpty() ? null : keyStore(certificates);
        }
        if (place == 1) {
            return jdkStore();
        }
        for (Path bundle : SYSTEM_BUNDLES) {
            try {
                return keyStore(Pem.certificates(Files.readAllBytes(bundle), "the system's bundle " + bundle));
            } catch (IOException absent) {
                // Another system has it elsewhere.
            }
        }
        return null;
    }

    private static KeyStore jdkStore() {
        Path file = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, null);
            return store;
        } catch (IOException | GeneralSecurityException noStoreInThisJdk) {
            return null;
        }
    }

    private static KeyStore keyStore(Collection<? extends Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PKCS #12", e);
        }
    }

    private static List<X509Certificate> certificates(Path file, String option) {
        return Pem.certificates(SmallFile.read(file.toString(), option), option + " " + file);
    }

    private static X509ExtendedTrustManager checker(KeyStore authorities) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has a PKIX trust manager", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine) {
        throw unused();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
        throw unused();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
        throw unused();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket) {
        throw unused();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine) {
        throw unused();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("only servers are checked, over sockets");
    }

    /** A server's certificate that is not trusted, and why; thrown through the TLS handshake. */
    static final class UntrustedCertificate extends CertificateException {
        private static final long serialVersionUID = 1;

        private final transient X509Certificate certificate;

        UntrustedCertificate(X509Certificate certificate, String reason) {
            super(reason);
            this.certificate = certificate;
        }

        X509Certificate certificate() {
            return certificate;
        }
    }
}
