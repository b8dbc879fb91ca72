package lib.http;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** A server's certificate that nothing vouches for, with the reason, on its way through the TLS handshake. */
final class UntrustedCertificate extends CertificateException {
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
