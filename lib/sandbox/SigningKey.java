//SOURCES ../base/Sha256.java ../json/Json.java

package lib.sandbox;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Sha256;
import lib.json.Json;

/** The RS256 key of a realm. */
final class SigningKey {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair pair;
    private final String kid;

    /** Made at first use, once for each VM, since a key takes a fifth of a second. */
    private static final class Shared {
        static final SigningKey KEY = make();
    }

    private SigningKey(KeyPair pair) throws GeneralSecurityException {
        this.pair = pair;
        this.kid = BASE64URL.encodeToString(Sha256.of(pair.getPublic().getEncoded()));
    }

    /** A key that all sandboxes of this VM may begin with. */
    static SigningKey shared() {
        return Shared.KEY;
    }

    /** A new key. */
    static SigningKey make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return new SigningKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String kid() {
        return kid;
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    /** The header that Keycloak writes; {@link #sign} gives it Keycloak's blanks. */
    Map<String, Object> header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "RS256");
        header.put("typ", "JWT");
        header.put("kid", kid);
        return header;
    }

    /** The compact serialisation of a token, signed with RS256 whatever {@code header} says. */
    String sign(Map<String, Object> header, Map<String, Object> claims) {
        StringBuilder text = new StringBuilder("{");
        for (Map.Entry<String, Object> member : header.entrySet()) {
            text.append(text.length() == 1 ? "" : ",").append(Json.compact(member.getKey()));
            text.append(member.getKey().equals("alg") ? ":" : " : ").append(Json.compact(member.getValue()));
        }
        String content = segment(text.append('}').toString()) + "." + segment(Json.compact(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key set as Keycloak publishes it: with an encryption key, which must not be taken for a signing key. */
    Map<String, Object> jwks() {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        // Nobody ever encrypts with it, so any number that looks like a modulus will do.
        BigInteger modulus =
                new BigInteger(2048, new SecureRandom()).setBit(2047).setBit(0);
        return Map.of(
                "keys",
                List.of(
                        jwk(kid.substring(1) + "e", "RSA-OAEP", "enc", modulus, key.getPublicExponent()),
                        jwk(kid, "RS256", "sig", key.getModulus(), key.getPublicExponent())));
    }

    private static Map<String, Object> jwk(String kid, String algorithm, String use, BigInteger n, BigInteger e) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kid", kid);
        jwk.put("kty", "RSA");
        jwk.put("alg", algorithm);
        jwk.put("use", use);
        jwk.put("n", unsigned(n));
        jwk.put("e", unsigned(e));
        return jwk;
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return BASE64URL.encodeToString(Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    private static String segment(String json) {
        return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
