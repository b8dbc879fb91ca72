package lib.http;

import java.io.ByteArrayInputStream;
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

    /** The private key of any kind that {@code encoded} is (PKCS #8); null if it is damaged or not supported. */
    public static PrivateKey privateKey(byte[] encoded) {
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
