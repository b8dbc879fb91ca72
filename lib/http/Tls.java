//SOURCES ClientCertificate.java

package lib.http;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Whom to trust on the other side of TLS, and who we are there.
 *
 * @param insecure whether any certificate and host name will do
 * @param authorities PEM files with certificates to trust besides the JDK's and the system's
 * @param serverCertificates the servers' own certificates to trust, each a PEM file or {@code sha256:HEX}
 * @param client our own certificate, or null for none
 * @param clock for the text about a certificate that has expired
 */
public record Tls(
        boolean insecure,
        List<Path> authorities,
        List<String> serverCertificates,
        ClientCertificate client,
        InstantSource clock) {}
