//SOURCES ../base/Problem.java ../http/Pem.java ../json/Json.java Verifier.java

package lib.jwt;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.http.Pem;
import lib.json.Json;

/** Reads a public key from a file: PEM, a certificate, a JWK, or the bare base64 that Keycloak shows. */
public final class PublicKeyFile {
    private PublicKeyFile() {}

    /** The key in {@code content}; {@code name} is the name of the file, for messages. */
    public static PublicKey read(byte[] content, String name) {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        PublicKey key = text.startsWith("{") ? ofJwk(text) : ofPem(text, content, name);
        if (key == null) {
            throw Problem.usage(
                    "there is no public key in " + name, "it must be a public key in PEM, a certificate or a JWK");
        }
        return key;
    }

    private static PublicKey ofJwk(String text) {
        Map<String, Object> jwk = Json.object(text);
        if (jwk.containsKey("keys")) {
            throw Problem.usage("this is a set of keys, not one key", "pass it with --jwks");
        }
        if ("oct".equals(jwk.get("kty"))) {
            throw Problem.usage("this is a shared secret, not a public key", "pass it with --hmac-secret-file");
        }
        return Verifier.key(jwk);
    }

    private static PublicKey ofPem(String text, byte[] content, String name) {
        if (text.contains("PRIVATE KEY-----")) {
            throw Problem.usage(
                    name + " holds a private key, which its owner must not share",
                    "openssl pkey -in " + name + " -pubout writes the public one");
        }
        try {
            if (text.contains("-----BEGIN CERTIFICATE-----")) {
                List<X509Certificate> certificates = Pem.certificates(content);
                return certificates.isEmpty() ? null : certificates.getFirst().getPublicKey();
            }
            List<byte[]> keys = Pem.blocks(text, "PUBLIC KEY");
            return Pem.publicKey(keys.isEmpty() ? Base64.getMimeDecoder().decode(text) : keys.getFirst());
        } catch (IllegalArgumentException noKey) {
            return null;
        }
    }
}
