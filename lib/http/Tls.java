//SOURCES ../base/Problem.java ../base/Secret.java

package lib.http;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;

/**
 * Which servers to trust, and our own certificate; {@link Problem} where a hash is not valid.
 *
 * @param insecure whether to trust any certificate and host name
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
        InstantSource clock) {
    private static final String HASH = "sha256:";

    public Tls {
        // Checked before anything is sent; files are read when a server's certificate needs them.
        for (String certificate : serverCertificates) {
            hash(certificate);
        }
    }

    /** The lower-case hex digits of {@code sha256:HEX}, with or without colons in it, or null for a file's name. */
    static String hash(String certificate) {
        if (!certificate.regionMatches(true, 0, HASH, 0, HASH.length())) {
            return null;
        }
        String hex = certificate.substring(HASH.length()).replace(":", "").toLowerCase(Locale.ROOT);
        if (hex.length() != 64 || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw Problem.usage(
                    "--server-cert " + certificate + " is not a valid SHA-256",
                    "64 hexadecimal digits, with or without colons");
        }
        return hex;
    }

    /**
     * Our own certificate, and its key.
     *
     * @param certificate a PEM or PKCS #12 file
     * @param key a file in PEM or DER, or null if the key is in the first file
     * @param password asks for the password, if the key turns out to have one; null for no answer
     */
    public record ClientCertificate(Path certificate, Path key, Supplier<Secret> password) {}
}
