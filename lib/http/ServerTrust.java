//SOURCES ../base/Printable.java ../base/Sha256.java ../base/SmallFile.java Pem.java Tls.java

package lib.http;

import module java.base;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import lib.base.Printable;
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

    private static final String UNKNOWN = "its issuer is not known here";
    // RFC 5280, section 4.2.1.10. The JDK does not look at those of an authority that it was given.
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    // Kinds of alternative names (RFC 5280, section 4.2.1.6).
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MIN_RSA_BITS = 2048;

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
        if (weakKey(chain[0]) != null) {
            throw new UntrustedCertificate(chain[0], weakKey(chain[0]));
        }
        if (socket instanceof SSLSocket secured) {
            SSLParameters parameters = secured.getSSLParameters();
            // Set each time: with TLS 1.2 a server may show another certificate later on the same connection.
            parameters.setEndpointIdentificationAlgorithm(namesPeer(chain[0], secured) ? "" : "HTTPS");
            secured.setSSLParameters(parameters);
        }
        String reason = UNKNOWN;
        List<Supplier<List<X509Certificate>>> stores =
                List.of(this::authorities, ServerTrust::ofJdk, ServerTrust::ofSystem);
        for (Supplier<List<X509Certificate>> store : stores) {
            for (List<X509Certificate> authorities : apart(store.get())) {
                String refusal = refusal(authorities, chain, keyExchange, socket);
                if (refusal == null) {
                    return;
                }
                reason = refusal.equals(UNKNOWN) ? reason : refusal;
            }
        }
        throw new UntrustedCertificate(chain[0], reason);
    }

    /**
     * Whether {@code certificate} has the host of {@code socket} itself among its alternative names. Then the JDK need
     * not look: before it compares names it reads its whole store, which takes 20 ms, to know how far a wildcard may be
     * trusted.
     */
    private static boolean namesPeer(X509Certificate certificate, SSLSocket socket) {
        String host = socket.getHandshakeSession().getPeerHost();
        String last = host.substring(host.lastIndexOf('.') + 1);
        boolean isAddress = host.indexOf(':') >= 0 || !last.isEmpty() && Character.isDigit(last.charAt(0));
        X509CertSelector named = new X509CertSelector();
        try {
            named.addSubjectAlternativeName(isAddress ? IP_ADDRESS : DNS_NAME, host);
            return named.match(certificate);
        } catch (IOException noSuchName) {
            return false;
        }
    }

    /** {@code authorities}, each special one by itself: the JDK does not say which one a chain leads to. */
    private static List<List<X509Certificate>> apart(List<X509Certificate> authorities) {
        List<List<X509Certificate>> groups = new ArrayList<>();
        List<X509Certificate> others = new ArrayList<>();
        for (X509Certificate authority : authorities) {
            if (authority.getExtensionValue(NAME_CONSTRAINTS) != null || weakKey(authority) != null) {
                groups.add(List.of(authority));
            } else {
                others.add(authority);
            }
        }
        if (!others.isEmpty()) {
            groups.addFirst(others);
        }
        return groups;
    }

    /** Why {@code authorities}, a special one or others, do not vouch for {@code chain}; null if they do. */
    private static String refusal(
            List<X509Certificate> authorities, X509Certificate[] chain, String keyExchange, Socket socket) {
        List<String> weak = new ArrayList<>();
        try {
            checker(authorities, weak).checkServerTrusted(chain, keyExchange, socket);
            return special(authorities.getFirst(), chain);
        } catch (CertificateException e) {
            return weak.isEmpty() ? reason(e) : weak.getFirst();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has a PKIX trust manager", e);
        }
    }

    /** What of the JDK's reasons a person can do something about. */
    private static String reason(CertificateException e) {
        String text = String.valueOf(e.getMessage());
        if (text.startsWith("No ") && text.contains("name")) {
            return "it does not name this host";
        }
        return text.contains("Extended key usage") || text.contains("KeyUsage does not allow")
                ? "it is not one for servers (key usage)"
                : UNKNOWN;
    }

    /** Why {@code authority}, to which {@code chain} leads, does not vouch for it all the same; null if it does. */
    private static String special(X509Certificate authority, X509Certificate[] chain) {
        if (weakKey(authority) != null) {
            return weakKey(authority);
        }
        byte[] extension = authority.getExtensionValue(NAME_CONSTRAINTS);
        if (extension == null) {
            return null;
        }
        try {
            X509CertSelector permitted = new X509CertSelector();
            // An OCTET STRING in DER, whose length takes one byte, or says how many more it takes.
            int header = extension[1] >= 0 ? 2 : 2 + (extension[1] & 0x7f);
            permitted.setNameConstraints(Arrays.copyOfRange(extension, header, extension.length));
            for (X509Certificate certificate : chain) {
                if (!certificate.equals(authority) && !permitted.match(certificate)) {
                    return name(authority) + " may not vouch for its name (name constraints)";
                }
            }
            return null;
        } catch (IOException damaged) {
            return name(authority) + " has damaged name constraints";
        }
    }

    /** Says how short the key of {@code certificate} is; null if it is long enough. */
    private static String weakKey(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof RSAPublicKey key
                        && key.getModulus().bitLength() < MIN_RSA_BITS
                ? "the key of " + name(certificate) + " has only "
                        + key.getModulus().bitLength() + " bits"
                : null;
    }

    private static String name(X509Certificate certificate) {
        return Printable.cut(certificate.getSubjectX500Principal().toString(), 100);
    }

    /**
     * Refuses what curl refuses below a trusted certificate: signatures over SHA-1 or MD5, and short RSA keys. The JDK
     * does so only below its own authorities.
     *
     * @param weak gets what was found; a path that was not taken is not told from outside
     */
    private static final class Strength extends PKIXCertPathChecker {
        private final List<String> weak;

        Strength(List<String> weak) {
            this.weak = weak;
        }

        @Override
        public void check(Certificate certificate, Collection<String> unresolved) throws CertPathValidatorException {
            X509Certificate checked = (X509Certificate) certificate;
            String algorithm = checked.getSigAlgName().toUpperCase(Locale.ROOT);
            boolean isOld = algorithm.startsWith("SHA1WITH") || algorithm.startsWith("MD");
            String found = isOld ? name(checked) + " is signed with " + checked.getSigAlgName() : weakKey(checked);
            if (found != null) {
                weak.add(found);
                throw new CertPathValidatorException(found);
            }
        }

        @Override
        public void init(boolean isForward) {
            // Every certificate is checked by itself.
        }

        @Override
        public boolean isForwardCheckingSupported() {
            return true;
        }

        @Override
        public Set<String> getSupportedExtensions() {
            return null;
        }
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

    private List<X509Certificate> authorities() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Path file : tls.authorities()) {
            certificates.addAll(certificates(file, "--cacert"));
        }
        return certificates;
    }

    private static List<X509Certificate> ofJdk() {
        Path file = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, null);
            for (String alias : Collections.list(store.aliases())) {
                certificates.add((X509Certificate) store.getCertificate(alias));
            }
        } catch (IOException | GeneralSecurityException noStoreInThisJdk) {
            // The system's bundle may do.
        }
        return certificates;
    }

    private static List<X509Certificate> ofSystem() {
        for (Path bundle : SYSTEM_BUNDLES) {
            try {
                return Pem.certificates(Files.readAllBytes(bundle), "the system's bundle " + bundle);
            } catch (IOException absent) {
                // Another system has it elsewhere.
            }
        }
        return List.of();
    }

    private static List<X509Certificate> certificates(Path file, String option) {
        return Pem.certificates(SmallFile.read(file.toString(), option), option + " " + file);
    }

    private static X509ExtendedTrustManager checker(List<X509Certificate> authorities, List<String> weak)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate authority : authorities) {
            anchors.add(new TrustAnchor(authority, null));
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        parameters.addCertPathChecker(new Strength(weak));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(new CertPathTrustManagerParameters(parameters));
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
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
