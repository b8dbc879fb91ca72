//SOURCES ../base/Problem.java

package lib.http;

import module java.base;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import lib.base.Problem;

/** Certificates and keys in PEM files (RFC 7468), among any other text and other blocks, or in DER. */
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final List<String> CERTIFICATES = List.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");
    private static final List<String> PRIVATE_KEYS = List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY");
    private static final List<String> ENCRYPTED_KEYS = List.of("ENCRYPTED PRIVATE KEY");
    private static final List<String> PUBLIC_KEYS = List.of("PUBLIC KEY", "RSA PUBLIC KEY");

    // PKCS #8 and X.509 name the kind of a key, but the JDK reads it only by the factory for that kind.
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private static final HexFormat HEX = HexFormat.of();
    // AlgorithmIdentifier of RSA keys (RFC 8017, appendix A.1), and the OID of EC keys (RFC 5480, section 2.1.1).
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = HEX.parseHex("020100");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;
    private static final int BIT_STRING = 3;
    private static final int CURVE = 0xa0;

    private Pem() {}

    /**
     * What {@code content} encodes: the blocks of these kinds in PEM, else all of it, in DER or base64; nothing for
     * damaged ones.
     */
    private static List<byte[]> encoded(byte[] content, List<String> kinds) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<byte[]> encoded = new ArrayList<>();
        if (text.contains(BEGIN)) {
            for (String kind : kinds) {
                String begin = BEGIN + kind + "-----";
                String finish = "-----END " + kind + "-----";
                int at = text.indexOf(begin);
                while (at >= 0 && text.indexOf(finish, at) >= 0) {
                    int end = text.indexOf(finish, at);
                    encoded.add(decoded(text.substring(at + begin.length(), end)));
                    at = text.indexOf(begin, end);
                }
            }
        } else {
            encoded.add(isDer(content) ? content : decoded(text));
        }
        return encoded;
    }

    /** Whether {@code content} is a SEQUENCE in DER, and not text that begins with a zero. */
    static boolean isDer(byte[] content) {
        return content.length > 1 && content[0] == SEQUENCE && (content[1] < 0 || content[1] + 2 == content.length);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException damaged) {
            return new byte[0];
        }
    }

    /**
     * The certificates of a PEM file, or of one in DER; empty where one is damaged. The JDK reads a PEM file too, but
     * from a certificate on into the key behind it, and fails.
     */
    public static List<X509Certificate> certificates(byte[] content) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] one : encoded(content, CERTIFICATES)) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
            }
        } catch (CertificateException damaged) {
            return List.of();
        }
        return certificates;
    }

    /** The same of a file, at least one; a {@link Problem} names it by its {@code option} and path. */
    static List<X509Certificate> certificates(byte[] content, String optionAndPath) {
        List<X509Certificate> certificates = certificates(content);
        if (certificates.isEmpty()) {
            throw Problem.usage(
                    optionAndPath + " holds no certificate",
                    "it takes PEM (-----BEGIN CERTIFICATE-----) or DER; --cert takes PKCS #12 too");
        }
        return certificates;
    }

    /**
     * The private key in {@code content}: PKCS #8, or as OpenSSL wrote it before (PKCS #1, SEC 1); a {@link Problem}
     * where it cannot be used.
     *
     * @param file names the content in the problem
     * @param hint where to find a key, if there is none
     * @param password asks for the password of an encrypted key; null if there must be none
     */
    public static PrivateKey privateKey(byte[] content, String file, String hint, Supplier<char[]> password) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (text.contains("-----BEGIN OPENSSH PRIVATE KEY-----")) {
            throw Problem.usage(
                    "the key in " + file + " has the format of OpenSSH",
                    "convert a copy: ssh-keygen -p -m PKCS8 -f COPY");
        }
        boolean isOld = text.contains("Proc-Type: 4,ENCRYPTED");
        List<byte[]> encrypted = isOld ? List.of() : encoded(content, ENCRYPTED_KEYS);
        List<byte[]> plain = isOld ? List.of() : encoded(content, PRIVATE_KEYS);
        PrivateKey key = plain.isEmpty() ? null : privateKey(plain.getFirst());
        if (key == null && (isOld || isEncrypted(encrypted))) {
            if (isOld || password == null) {
                throw Problem.usage(
                        "the key in " + file + " is encrypted" + (isOld ? " in an old way" : ""),
                        "decrypt it: openssl pkey -in KEY -out NEW; chmod 600 NEW");
            }
            key = privateKey(decrypted(encrypted.getFirst(), file, password.get()));
        } else if (key == null
                && !text.contains(" PRIVATE KEY-----")
                && (!isDer(content) || !certificates(content).isEmpty())) {
            throw Problem.usage("there is no private key in " + file, hint);
        }
        if (key == null) {
            throw Problem.usage(
                    "the key in " + file + " is damaged, or of an unknown kind",
                    "RSA and EC keys are supported, and EdDSA");
        }
        return key;
    }

    private static boolean isEncrypted(List<byte[]> encoded) {
        try {
            return !encoded.isEmpty() && new EncryptedPrivateKeyInfo(encoded.getFirst()).getAlgName() != null;
        } catch (IOException another) {
            return false;
        }
    }

    private static byte[] decrypted(byte[] encoded, String file, char[] password) {
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
            // For PBES2 the name of the algorithm that the parameters add up to is only in their text.
            String algorithm =
                    info.getAlgName().equals("PBES2") ? info.getAlgParameters().toString() : info.getAlgName();
            return info.getKeySpec(SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)))
                    .getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw wrongPassword(file);
        }
    }

    static Problem wrongPassword(String file) {
        return Problem.usage("the key in " + file + " cannot be read with this password", "check ARC_CERT_PASSWORD");
    }

    /** The private key of any kind that {@code encoded} is; null if it is damaged or not supported. */
    private static PrivateKey privateKey(byte[] encoded) {
        // PKCS #1 (RFC 8017, appendix A.1.2) in PKCS #8.
        byte[] pkcs1 = der(SEQUENCE, VERSION_0, RSA, der(OCTET_STRING, encoded));
        return key(
                List.of(encoded, pkcs1, ofCurve(encoded)),
                (factory, pkcs8) -> factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    }

    /** The key of whatever kind that one of {@code forms} is; null if none is one. */
    private static <K> K key(List<byte[]> forms, KeyReader<K> reader) {
        for (byte[] form : forms) {
            for (String kind : KEY_KINDS) {
                try {
                    return reader.read(KeyFactory.getInstance(kind), form);
                } catch (GeneralSecurityException anotherKind) {
                    // Try the next.
                }
            }
        }
        return null;
    }

    /** Reads a key of the kind that the factory is for. */
    private interface KeyReader<K> {
        K read(KeyFactory factory, byte[] encoded) throws GeneralSecurityException;
    }

    /** A private key of SEC 1 (RFC 5915, section 3) in PKCS #8, which has the name of the curve elsewhere. */
    private static byte[] ofCurve(byte[] sec1) {
        // Behind the header, a version of three bytes and the number, which has a length of one byte.
        int number = sec1.length > 2 && sec1[1] == (byte) 0x81 ? 6 : 5;
        int curve = sec1.length > number + 1 ? number + 2 + sec1[number + 1] : 0;
        if (curve < number || sec1.length < curve + 2 || (sec1[curve] & 0xff) != CURVE || sec1[curve + 1] < 0) {
            return sec1;
        }
        byte[] name = Arrays.copyOfRange(sec1, curve + 2, curve + 2 + sec1[curve + 1]);
        return der(SEQUENCE, VERSION_0, der(SEQUENCE, EC, name), der(OCTET_STRING, sec1));
    }

    /** One element in DER (X.690, section 8.1) of at most 65,535 bytes. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        element.write(0x82);
        element.write(content.size() >> 8);
        element.write(content.size());
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    /**
     * The public key in {@code content}: X.509, PKCS #1 or a certificate, in PEM, DER or bare base64; null if there is
     * none that can be used.
     */
    public static PublicKey publicKey(byte[] content) {
        for (byte[] encoded : encoded(content, PUBLIC_KEYS)) {
            byte[] pkcs1 = der(SEQUENCE, RSA, der(BIT_STRING, new byte[1], encoded));
            PublicKey key = key(
                    List.of(encoded, pkcs1), (factory, x509) -> factory.generatePublic(new X509EncodedKeySpec(x509)));
            if (key != null) {
                return key;
            }
        }
        for (byte[] encoded : encoded(content, CERTIFICATES)) {
            List<X509Certificate> certificates = isDer(encoded) ? certificates(encoded) : List.of();
            if (!certificates.isEmpty()) {
                return certificates.getFirst().getPublicKey();
            }
        }
        return null;
    }
}
