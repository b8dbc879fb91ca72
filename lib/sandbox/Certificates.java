//SOURCES ../base/Io.java ../base/Secret.java

package lib.sandbox;

import module java.base;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import lib.base.Io;
import lib.base.Secret;

/**
 * RSA certificates for the sandbox, signed by a CA of its own, and self-signed ones for tests of bad certificates. Keys
 * live in memory and no longer than the process.
 */
public final class Certificates {
    private static final char[] NO_PASSWORD = {};
    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");

    // DER: the algorithm sha256WithRSAEncryption, and the extensions subjectAltName and basicConstraints (CA: true).
    private static final byte[] SHA256_WITH_RSA = hex("300d06092a864886f70d01010b0500");
    private static final byte[] SUBJECT_ALT_NAME = hex("0603551d11");
    private static final byte[] IS_CA = hex("300f0603551d130101ff040530030101ff");

    private Certificates() {}

    /**
     * A certificate with its key, ready to serve.
     *
     * @param context for servers
     * @param certificate the certificate itself
     * @param pem the certificate as PEM
     * @param caPem the certificate of the CA that signed it, as PEM; its own if it is self-signed
     * @param keyPem its key as PEM, for servers that are not Java
     */
    public record Identity(SSLContext context, X509Certificate certificate, String pem, String caPem, Secret keyPem) {}

    /** Made at first use, once per VM: without C2, finding the primes of a key takes 0.7 s. */
    private static final class Loopback {
        static final CompletableFuture<KeyPair> CA_KEYS = CompletableFuture.supplyAsync(Certificates::newKeys);
        static final KeyPair KEYS = newKeys();
        static final Identity IDENTITY = signed();

        private static Identity signed() {
            KeyPair ca = CA_KEYS.join();
            X500Principal issuer = name("arc-scripts sandbox CA");
            X509Certificate root = sign(issuer, ca, issuer, ca.getPrivate(), IS_CA, 0, 30);
            X500Principal subject = name("arc-scripts sandbox");
            byte[] names = subjectAltName("ip:127.0.0.1,dns:localhost");
            return identity(sign(subject, KEYS, issuer, ca.getPrivate(), names, 0, 30), root);
        }
    }

    /** A valid certificate for 127.0.0.1 and localhost, always the same one. */
    public static Identity loopback() {
        return Loopback.IDENTITY;
    }

    /**
     * Makes a self-signed certificate.
     *
     * @param commonName its subject
     * @param san its names as keytool takes them ({@code ip:127.0.0.1,dns:localhost}), or null for none
     * @param startDaysFromNow when it becomes valid; negative for the past
     * @param validityDays how long it is valid then
     */
    public static Identity make(String commonName, String san, int startDaysFromNow, int validityDays) {
        X500Principal subject = name(commonName);
        KeyPair keys = Loopback.KEYS;
        byte[] names = san == null ? new byte[0] : subjectAltName(san);
        X509Certificate certificate =
                sign(subject, keys, subject, keys.getPrivate(), names, startDaysFromNow, validityDays);
        return identity(certificate, certificate);
    }

    /** The keys of the CA; the sandbox's realm signs with them too, which saves the time for others. */
    static KeyPair caKeys() {
        return Loopback.CA_KEYS.join();
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private static X500Principal name(String commonName) {
        return new X500Principal("CN=" + commonName);
    }

    /** A certificate as in RFC 5280, section 4.1. */
    private static X509Certificate sign(
            X500Principal subject,
            KeyPair keys,
            X500Principal issuer,
            PrivateKey signer,
            byte[] extension,
            int startDays,
            int days) {
        Instant start = Io.system("sandbox").clock().instant().plus(Duration.ofDays(startDays));
        BigInteger serial = BigInteger.valueOf(start.toEpochMilli());
        byte[] content = der(
                0x30,
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, serial.toByteArray()),
                SHA256_WITH_RSA,
                issuer.getEncoded(),
                der(0x30, time(start), time(start.plus(Duration.ofDays(days)))),
                subject.getEncoded(),
                keys.getPublic().getEncoded(),
                extension.length == 0 ? extension : der(0xa3, der(0x30, extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signer);
            signature.update(content);
            byte[] bits = der(0x03, new byte[1], signature.sign());
            byte[] certificate = der(0x30, content, SHA256_WITH_RSA, bits);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private static byte[] subjectAltName(String san) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String name : san.split(",")) {
            String value = name.substring(name.indexOf(':') + 1);
            names.writeBytes(
                    name.startsWith("ip:")
                            ? der(0x87, InetAddress.ofLiteral(value).getAddress())
                            : der(0x82, value.getBytes(StandardCharsets.US_ASCII)));
        }
        return der(0x30, SUBJECT_ALT_NAME, der(0x04, der(0x30, names.toByteArray())));
    }

    private static byte[] time(Instant time) {
        return der(0x17, UTC_TIME.format(time.atOffset(ZoneOffset.UTC)).getBytes(StandardCharsets.US_ASCII));
    }

    /** The DER encoding of a value with this tag (X.690, section 8.1), whose content is {@code parts}. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.write(tag);
        int length = content.size();
        if (length > 0xff) {
            encoded.write(0x82);
            encoded.write(length >> 8);
        } else if (length > 0x7f) {
            encoded.write(0x81);
        }
        encoded.write(length);
        encoded.writeBytes(content.toByteArray());
        return encoded.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static Identity identity(X509Certificate certificate, X509Certificate ca) {
        try {
            PrivateKey key = Loopback.KEYS.getPrivate();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("sandbox", key, NO_PASSWORD, new Certificate[] {certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return new Identity(
                    context,
                    certificate,
                    pem("CERTIFICATE", certificate.getEncoded()),
                    pem("CERTIFICATE", ca.getEncoded()),
                    new Secret(pem("PRIVATE KEY", key.getEncoded())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot serve with a certificate", e);
        }
    }

    private static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
