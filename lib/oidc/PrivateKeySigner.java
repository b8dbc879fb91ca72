//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Pem.java ../json/JsonWebKey.java
//SOURCES ../json/MalformedJson.java Assertion.java

package lib.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Pem;
import lib.json.JsonWebKey;
import lib.json.MalformedJson;

/**
 * Signs with a client's private key. Loaded only for {@code private_key_jwt}, since the library takes its time.
 *
 * @param key the key
 * @param kid its name, or null: a key that the provider finds by itself (Keycloak does) must not get a wrong one
 * @param algorithm how it signs (RFC 7518, section 3.1; RFC 8037)
 */
record PrivateKeySigner(PrivateKey key, String kid, String algorithm) {
    /** {@code claims} as a compact JWT, signed with the key whose PEM or JWK is {@code text}. */
    static String sign(Secret text, Map<String, Object> claims) {
        PrivateKeySigner signer = of(text.reveal().strip());
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", signer.algorithm);
        header.put("typ", "JWT");
        if (signer.kid != null) {
            header.put("kid", signer.kid);
        }
        String content = Assertion.content(header, claims);
        try {
            return content + "." + signer.signature(content.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException | GeneralSecurityException e) {
            throw Problem.usage(
                    "the key in --assertion-key cannot sign with " + signer.algorithm,
                    "RSA keys need 2048 bits; an EC key is for the one algorithm of its curve");
        }
    }

    private static PrivateKeySigner of(String text) {
        try {
            if (text.startsWith("{")) {
                JsonWebKey jwk = JsonWebKey.parse(text);
                if (jwk.key() instanceof PrivateKey key) {
                    List<String> algorithms = algorithms(key);
                    if (jwk.algorithm() != null && !algorithms.contains(jwk.algorithm())) {
                        throw Problem.usage(
                                "the key in --assertion-key cannot sign with " + Printable.cut(jwk.algorithm(), 50),
                                "\"alg\" in the JWK can be " + String.join(", ", algorithms) + ", or be left out");
                    }
                    String algorithm = jwk.algorithm() == null ? algorithms.getFirst() : jwk.algorithm();
                    return new PrivateKeySigner(key, jwk.kid(), algorithm);
                }
                throw unusable("a public key", "give the private one");
            }
            PrivateKey key = fromPem(text);
            return new PrivateKeySigner(key, null, algorithms(key).getFirst());
        } catch (MalformedJson | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("no private key", "it must be PKCS#8 PEM or a JWK of kind RSA, EC or OKP");
        }
    }

    private static PrivateKey fromPem(String text) throws GeneralSecurityException {
        List<byte[]> keys = Pem.blocks(text, "PRIVATE KEY");
        if (keys.isEmpty()) {
            throw text.contains("ENCRYPTED PRIVATE KEY")
                    ? unusable("encrypted", "decrypt it: openssl pkcs8 -in KEY -out NEW")
                    : text.contains(" PRIVATE KEY-----")
                            ? unusable("in an old format", "convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW")
                            : unusable("no private key", "it must be PKCS#8 PEM (BEGIN PRIVATE KEY) or a JWK");
        }
        for (String kind : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
            } catch (GeneralSecurityException anotherKind) {
                // The PEM does not tell the kind; the next one may fit.
            }
        }
        throw new GeneralSecurityException("none of the kinds");
    }

    private static Problem unusable(String what, String hint) {
        return Problem.usage("the key in --assertion-key is " + what, hint);
    }

    /** What {@code key} can sign with, the usual one first. */
    private static List<String> algorithms(PrivateKey key) {
        return switch (key) {
            case RSAPrivateKey rsa ->
                rsa.getAlgorithm().equals("RSASSA-PSS")
                        ? List.of("PS256", "PS384", "PS512")
                        : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
            case ECPrivateKey ec ->
                switch (ec.getParams().getOrder().bitLength()) {
                    case 256 -> List.of("ES256");
                    case 384 -> List.of("ES384");
                    default -> List.of("ES512");
                };
            // Their own names came later (RFC 9864).
            case EdECPrivateKey edwards -> List.of("EdDSA", edwards.getParams().getName());
            default -> throw unusable("of a kind that does not sign", "it must be of kind RSA, EC or Ed25519 or Ed448");
        };
    }

    private String signature(byte[] content) throws JOSEException, GeneralSecurityException {
        if (key instanceof EdECPrivateKey) {
            Signature signature = Signature.getInstance("EdDSA");
            signature.initSign(key);
            signature.update(content);
            return Assertion.encoded(signature.sign());
        }
        JWSAlgorithm jwa = JWSAlgorithm.parse(algorithm);
        JWSSigner signer = key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
        return signer.sign(new JWSHeader(jwa), content).toString();
    }
}
