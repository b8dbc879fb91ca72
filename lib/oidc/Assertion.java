//SOURCES ../base/Problem.java ../json/Json.java ClientAuth.java PrivateKeySigner.java

package lib.oidc;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import lib.base.Problem;
import lib.json.Json;

/** A signed statement by which a client proves who it is, good for a minute and one request (RFC 7523, section 3). */
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

    /** {@code header} and {@code claims} as they are signed (RFC 7515, section 5.1). */
    static String content(Map<String, Object> header, Map<String, Object> claims) {
        return encoded(Json.compact(header).getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(Json.compact(claims).getBytes(StandardCharsets.UTF_8));
    }

    /** {@code bytes} as base64url. */
    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String withSecret(ClientAuth client, Map<String, Object> claims) {
        byte[] key = client.secret().reveal().getBytes(StandardCharsets.UTF_8);
        // RFC 7518, section 3.2: the key is no shorter than the hash.
        int bits = key.length >= 64 ? 512 : key.length >= 48 ? 384 : 256;
        if (key.length < 32) {
            throw Problem.usage(
                    "the secret of client " + client.clientId() + " is too short for client_secret_jwt: " + key.length
                            + " bytes, 32 at least are needed",
                    "make a new one in Clients > " + client.clientId()
                            + " > Credentials, or use another --auth-method");
        }
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "HS" + bits);
        header.put("typ", "JWT");
        String content = content(header, claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA" + bits);
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            return content + "." + encoded(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }
}
