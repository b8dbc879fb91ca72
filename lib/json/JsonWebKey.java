//DEPS com.nimbusds:nimbus-jose-jwt:10.10
//SOURCES Json.java

package lib.json;

import module java.base;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;

/**
 * A private or public key as JSON (RFC 7517), read by nimbus-jose-jwt for all that sign and verify.
 *
 * @param key the private key if the JSON has one, else the public key
 * @param kid its name, or null
 * @param algorithm the one algorithm that it is for, or null
 */
public record JsonWebKey(Key key, String kid, String algorithm) {

    /** Parses {@code text}; {@link Json.Malformed} if it is not a usable private or public key. */
    public static JsonWebKey parse(String text) throws Json.Malformed {
        try {
            JWK jwk = JWK.parse(text);
            String algorithm =
                    jwk.getAlgorithm() == null ? null : jwk.getAlgorithm().getName();
            return new JsonWebKey(key(jwk), jwk.getKeyID(), algorithm);
        } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException e) {
            throw new Json.Malformed("no usable key");
        }
    }

    private static Key key(JWK jwk) throws JOSEException, GeneralSecurityException {
        if (jwk instanceof OctetKeyPair pair) {
            return edwards(pair);
        }
        AsymmetricJWK asymmetric = (AsymmetricJWK) jwk;
        return jwk.isPrivate() ? asymmetric.toPrivateKey() : asymmetric.toPublicKey();
    }

    // Nimbus needs another library for these keys; the JDK has them (RFC 8037, section 2).
    private static Key edwards(OctetKeyPair pair) throws GeneralSecurityException {
        NamedParameterSpec curve = new NamedParameterSpec(pair.getCurve().getName());
        KeyFactory factory = KeyFactory.getInstance("EdDSA");
        if (pair.isPrivate()) {
            return factory.generatePrivate(new EdECPrivateKeySpec(curve, pair.getDecodedD()));
        }
        byte[] x = pair.getDecodedX();
        boolean isOdd = (x[x.length - 1] & 0x80) != 0;
        x[x.length - 1] &= 0x7f;
        for (int i = 0, j = x.length - 1; i < j; i++, j--) {
            byte swapped = x[i];
            x[i] = x[j];
            x[j] = swapped;
        }
        return factory.generatePublic(new EdECPublicKeySpec(curve, new EdECPoint(isOdd, new BigInteger(1, x))));
    }
}
