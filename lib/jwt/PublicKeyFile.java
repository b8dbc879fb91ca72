//SOURCES ../base/Problem.java ../http/Pem.java ../json/Json.java ../json/MalformedJson.java Verifier.java

package lib.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.http.Pem;
import lib.json.Json;
import lib.json.MalformedJson;

/** Reads a public key as people have it: PEM, a certificate, a JWK, or the bare base64 that Keycloak shows. */
public final class PublicKeyFile {
    private static final String[] KINDS = {"RSA", "EC", "EdDSA", "RSASSA-PSS"};

    private PublicKeyFile() {}

    /** The key in {@code content}; {@code name} is what to call the file. */
    public static PublicKey read(byte[] content, String name) {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        PublicKey key = text.startsWith("{") ? ofJwk(text) : ofPem(text, content, name);
        if (key == null) {
            throw bad("there is no public key in " + name, "a PEM public key, a certificate or a JWK will do");
        }
        return key;
    }

    private static PublicKey ofJwk(String text) {
        try {
            Map<String, Object> jwk = Json.asObject(Json.parse(text));
            if (jwk.containsKey("keys")) {
                throw bad("this is a set of keys, not one key", "give it as --jwks");
            }
            if ("oct".equals(jwk.get("kty"))) {
                throw bad("this is a shared secret, not a public key", "see --hmac-secret-file");
            }
            return Verifier.key(jwk);
        } catch (MalformedJson noKey) {
            return null;
        }
    }

    private static PublicKey ofPem(String text, byte[] content, String name) {
        if (text.contains("PRIVATE KEY-----")) {
            throw bad(
                    name + " holds a private key, which is not needed and belongs to its owner alone",
                    "openssl pkey -in " + name + " -pubout writes the public one");
        }
        try {
            if (text.contains("-----BEGIN CERTIFICATE-----")) {
                List<X509Certificate> certificates = Pem.certificates(content);
                return certificates.isEmpty() ? null : certificates.getFirst().getPublicKey();
            }
            List<byte[]> keys = Pem.blocks(text, "PUBLIC KEY");
            return ofX509(keys.isEmpty() ? Base64.getMimeDecoder().decode(text) : keys.getFirst());
        } catch (GeneralSecurityException | IllegalArgumentException noKey) {
            return null;
        }
    }

    private static PublicKey ofX509(byte[] encoded) throws GeneralSecurityException {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException anotherKind) {
                // The next one may do.
            }
        }
        return null;
    }

    private static Problem bad(String message, String hint) {
        return Problem.usage(message, hint);
    }
}
