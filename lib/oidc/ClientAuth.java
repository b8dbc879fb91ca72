//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Pem.java ../http/Request.java
//SOURCES ../json/Json.java ../json/JsonWebKey.java

package lib.oidc;

import module java.base;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.security.Signature;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Pem;
import lib.http.Request;
import lib.http.Request.Form;
import lib.json.Json;
import lib.json.JsonWebKey;

/**
 * How a client authenticates to the token endpoint (OpenID Connect Core, section 9; RFC 8705, section 2).
 *
 * @param method one of the constants below
 * @param clientId the client's identifier
 * @param secret its secret, the text of its private key for {@code private_key_jwt}, or null if it has neither
 * @param clock for the times in assertions
 */
public record ClientAuth(String method, String clientId, Secret secret, InstantSource clock) {
    public static final String POST = "client_secret_post";
    public static final String BASIC = "client_secret_basic";
    public static final String SECRET_JWT = "client_secret_jwt";
    public static final String PRIVATE_KEY_JWT = "private_key_jwt";
    public static final String MUTUAL_TLS = "tls_client_auth";
    public static final String NONE = "none";

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** Whether {@code method} needs the client's secret. */
    public static boolean needsSecret(String method) {
        return method.startsWith("client_secret_");
    }

    /** Whether a request may be sent twice: an assertion is valid for one request. */
    boolean isRepeatable() {
        return !method.equals(SECRET_JWT) && !method.equals(PRIVATE_KEY_JWT);
    }

    /** Whether the certificate of the TLS connection authenticates the client. */
    boolean isMutualTls() {
        return method.equals(MUTUAL_TLS);
    }

    /**
     * A POST of {@code form} with the client's credentials.
     *
     * @param url the endpoint
     * @param audience for whom an assertion is made: the provider's issuer
     */
    Request post(URI url, String audience, Form form) {
        switch (method) {
            case BASIC -> {
                byte[] credentials = basic().reveal().getBytes(StandardCharsets.UTF_8);
                String encoded = Base64.getEncoder().encodeToString(credentials);
                return Request.post(url, form).with("Authorization", "Basic " + encoded);
            }
            case SECRET_JWT, PRIVATE_KEY_JWT ->
                form.add("client_id", clientId)
                        .add("client_assertion_type", ASSERTION_TYPE)
                        .add("client_assertion", Assertion.of(this, audience));
            case POST -> form.add("client_id", clientId).add("client_secret", secret.reveal());
            default -> form.add("client_id", clientId);
        }
        return Request.post(url, form);
    }

    /** Client and secret as {@code client_secret_basic} sends them, before base64 (RFC 6749, section 2.3.1). */
    Secret basic() {
        return new Secret(Form.encode(clientId) + ":" + Form.encode(secret.reveal()));
    }

    /** {@code bytes} in base64url without padding (RFC 7515, section 2). */
    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

/** A JWT that authenticates a client; it is valid for a minute and one request (RFC 7523, section 3). */
final class Assertion {
    private static final long LIFETIME = 60;

    private Assertion() {}

    /** A new assertion of {@code client} for {@code audience}, as a compact JWT. */
    static String of(ClientAuth client, String audience) {
        long now = client.clock().instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", client.clientId());
        claims.put("sub", client.clientId());
        claims.put("aud", audience);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + LIFETIME);
        return client.method().equals(ClientAuth.SECRET_JWT)
                ? withSecret(client, claims)
                : PrivateKeySigner.sign(client.secret(), claims);
    }

    /** What is signed (RFC 7515, section 5.1). */
    static String content(String algorithm, String kid, Map<String, Object> claims) {
        Map<String, Object> header = new LinkedHashMap<>(Map.of("alg", algorithm));
        header.put("typ", "JWT");
        if (kid != null) {
            header.put("kid", kid);
        }
        return ClientAuth.base64Url(Json.compact(header).getBytes(StandardCharsets.UTF_8)) + "."
                + ClientAuth.base64Url(Json.compact(claims).getBytes(StandardCharsets.UTF_8));
    }

    private static String withSecret(ClientAuth client, Map<String, Object> claims) {
        byte[] key = client.secret().reveal().getBytes(StandardCharsets.UTF_8);
        // RFC 7518, section 3.2: the key is no shorter than the hash.
        int bits = key.length >= 64 ? 512 : key.length >= 48 ? 384 : 256;
        if (key.length < 32) {
            throw Problem.usage(
                    "the secret of client " + client.clientId() + " is too short for client_secret_jwt: " + key.length
                            + " bytes, 32 at least are needed",
                    "use another --auth-method, or a longer one (Keycloak: Clients > " + client.clientId()
                            + " > Credentials)");
        }
        String content = content("HS" + bits, null, claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA" + bits);
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return content + "." + ClientAuth.base64Url(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }
}

/**
 * Signs with a client's private key. It is loaded only for {@code private_key_jwt}, because the library loads slowly.
 *
 * @param key the key
 * @param kid its name, or null: without a name the provider looks for the key itself (as Keycloak does)
 * @param algorithm the signature algorithm (RFC 7518, section 3.1; RFC 8037)
 */
record PrivateKeySigner(PrivateKey key, String kid, String algorithm) {
    private static final String KINDS = "it must be PEM, DER or a JWK of kind RSA, EC or OKP";

    /** {@code claims} as a compact JWT, signed with the key whose PEM or JWK is {@code text}. */
    static String sign(Secret text, Map<String, Object> claims) {
        PrivateKeySigner signer = of(text.reveal());
        String content = Assertion.content(signer.algorithm, signer.kid, claims);
        try {
            return content + "." + signer.signature(content.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException tooShort) {
            throw Problem.usage(
                    "the key in --assertion-key cannot sign with " + signer.algorithm,
                    "RSA keys need 2048 bits; an EC key is for the one algorithm of its curve");
        }
    }

    private static PrivateKeySigner of(String text) {
        try {
            if (text.stripLeading().startsWith("{")) {
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
            byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
            PrivateKey key = Pem.privateKey(content, "--assertion-key", KINDS, null);
            return new PrivateKeySigner(key, null, algorithms(key).getFirst());
        } catch (Json.Malformed e) {
            throw unusable("no private key", KINDS);
        }
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
            return ClientAuth.base64Url(signature.sign());
        }
        JWSAlgorithm jwa = JWSAlgorithm.parse(algorithm);
        JWSSigner signer = key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
        return signer.sign(new JWSHeader(jwa), content).toString();
    }
}
