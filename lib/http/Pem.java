//SOURCES ../base/Problem.java

package lib.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import lib.base.Problem;

/** Certificates and keys in PEM files (RFC 7468), among any other text and other blocks. */
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";

    // PKCS #8 and X.509 name the kind of a key, but the JDK reads it only by the factory for that kind.
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private Pem() {}

    /** What the blocks {@code kind} of {@code text} encode, in their order; nothing for a damaged one. */
    public static List<byte[]> blocks(String text, String kind) {
        String begin = BEGIN + kind + "-----";
        String end = "-----END " + kind + "-----";
        List<byte[]> blocks = new ArrayList<>();
        int first = text.indexOf(begin);
        while (first >= 0) {
            int last = text.indexOf(end, first);
            if (last < 0) {
                break;
            }
            blocks.add(decoded(text.substring(first + begin.length(), last)));
            first = text.indexOf(begin, last);
        }
        return blocks;
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
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<byte[]> encoded = new ArrayList<>();
        if (text.contains(BEGIN)) {
            for (String kind : List.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")) {
                encoded.addAll(blocks(text, kind));
            }
        } else {
            encoded.add(content);
        }
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] one : encoded) {
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
                    "it takes PEM (-----BEGIN CERTIFICATE-----); --cert takes PKCS #12 too");
        }
        return certificates;
    }

    /**
     * The private key in the PEM text {@code text} (PKCS #8); a {@link Problem} where it cannot be used.
     *
     * @param file names the text in the problem
     * @param hint where to find a key, if there is none
     * @param password asks for the password of an encrypted key; null if there must be none
     */
    public static PrivateKey privateKey(String text, String file, String hint, Supplier<char[]> password) {
        List<byte[]> plain = blocks(text, "PRIVATE KEY");
        List<byte[]> encrypted = blocks(text, "ENCRYPTED PRIVATE KEY");
        if (plain.isEmpty() && password == null && text.contains("ENCRYPTED PRIVATE KEY")) {
            throw Problem.usage("the key in " + file + " is encrypted", "decrypt it: openssl pkcs8 -in KEY -out NEW");
        }
        if (plain.isEmpty() && encrypted.isEmpty()) {
            throw text.contains(" PRIVATE KEY-----")
                    ? Problem.usage(
                            "the key in " + file + " is not PKCS #8",
                            "convert it: openssl pkcs8 -topk8 -nodes -in KEY -out NEW; chmod 600 NEW")
                    : Problem.usage("there is no private key in " + file, hint);
        }
        PrivateKey key =
                privateKey(plain.isEmpty() ? decrypted(encrypted.getFirst(), file, password.get()) : plain.getFirst());
        if (key == null) {
            throw Problem.usage(
                    "the key in " + file + " is damaged, or of an unknown kind",
                    "RSA and EC keys are supported, and EdDSA");
        }
        return key;
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

    /** The private key of any kind that {@code encoded} is (PKCS #8); null if it is damaged or not supported. */
    private static PrivateKey privateKey(byte[] encoded) {
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException anotherKind) {
                // Try the next.
            }
        }
        return null;
    }

    /** The public key of any kind that {@code encoded} is (X.509); null if it is damaged or not supported. */
    public static PublicKey publicKey(byte[] encoded) {
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException anotherKind) {
                // Try the next.
            }
        }
        return null;
    }
}
