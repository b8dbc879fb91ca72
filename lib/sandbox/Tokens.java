//SOURCES ../base/Sha256.java ../json/Json.java Certificates.java Clients.java KeycloakServer.java

package lib.sandbox;

import module java.base;
import java.security.Signature;
import lib.base.Sha256;
import lib.json.Json;

/** Makes tokens with the claims of Keycloak 26, in its order (facts.md A5, A7, G10). */
final class Tokens {
    /** The role that all users have, and the others through it. */
    static final String DEFAULT_ROLES = "default-roles-" + KeycloakServer.REALM;

    static final List<String> EVERYBODYS_ROLES = List.of("offline_access", DEFAULT_ROLES, "uma_authorization");

    private final InstantSource clock;
    private volatile Key key = new Key(Certificates.caKeys());

    Tokens(InstantSource clock) {
        this.clock = clock;
    }

    InstantSource clock() {
        return clock;
    }

    void rotateKey() {
        key = new Key(Certificates.newKeys());
    }

    PublicKey key(String kid) {
        return key.kid().equals(kid) ? key.pair().getPublic() : null;
    }

    Map<String, Object> jwks() {
        return key.jwks();
    }

    /** The response to a client_credentials request. */
    Map<String, Object> response(Clients.Client client, String issuer, boolean openid) {
        String scope = openid ? "openid email profile" : "email profile";
        String accessToken = key.sign(key.header(), accessClaims(client, issuer, scope));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("access_token", accessToken);
        response.put("expires_in", client.lifetime());
        response.put("refresh_expires_in", 0);
        response.put("token_type", "Bearer");
        if (openid) {
            response.put("id_token", key.sign(key.header(), idClaims(client, issuer, accessToken)));
        }
        response.put("not-before-policy", 0);
        response.put("scope", scope);
        return response;
    }

    /** A token of client {@code curl} with claims and header fields changed; null removes one. */
    String mint(String issuer, Map<String, ?> claims, Map<String, ?> header) {
        return key.sign(
                changed(key.header(), header), changed(accessClaims(Clients.CURL, issuer, "email profile"), claims));
    }

    private static Map<String, Object> changed(Map<String, Object> members, Map<String, ?> changes) {
        members.putAll(changes);
        members.values().removeIf(value -> value == null);
        return members;
    }

    private Map<String, Object> accessClaims(Clients.Client client, String issuer, String scope) {
        List<String> roles = new ArrayList<>(client.roles());
        roles.addAll(EVERYBODYS_ROLES);
        Map<String, Object> claims = common(client, issuer, "trrtcc:" + UUID.randomUUID());
        claims.put("sub", client.subject());
        claims.put("typ", "Bearer");
        claims.put("azp", client.id());
        claims.put("acr", "1");
        claims.put("realm_access", Map.of("roles", roles));
        claims.put("scope", scope);
        putAccount(claims, client);
        return claims;
    }

    private Map<String, Object> idClaims(Clients.Client client, String issuer, String accessToken) {
        Map<String, Object> claims = common(client, issuer, UUID.randomUUID().toString());
        claims.put("aud", client.id());
        claims.put("sub", client.subject());
        claims.put("typ", "ID");
        claims.put("azp", client.id());
        claims.put("at_hash", halfHash(accessToken));
        claims.put("acr", "1");
        putAccount(claims, client);
        return claims;
    }

    private Map<String, Object> common(Clients.Client client, String issuer, String id) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("exp", now + client.lifetime());
        claims.put("iat", now);
        claims.put("jti", id);
        claims.put("iss", issuer);
        return claims;
    }

    private static void putAccount(Map<String, Object> claims, Clients.Client client) {
        claims.put("clientHost", "127.0.0.1");
        claims.put("email_verified", false);
        claims.put("preferred_username", serviceAccount(client));
        claims.put("clientAddress", "127.0.0.1");
        claims.put("client_id", client.id());
    }

    static String serviceAccount(Clients.Client client) {
        return "service-account-" + client.id().toLowerCase(Locale.ROOT);
    }

    // OpenID Connect Core, section 3.1.3.6
    private static String halfHash(String token) {
        byte[] hash = Sha256.of(token.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
    }

    /** The RS256 key of a realm. */
    private record Key(KeyPair pair, String kid) {
        private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

        Key(KeyPair pair) {
            this(pair, BASE64URL.encodeToString(Sha256.of(pair.getPublic().getEncoded())));
        }

        /** The header; {@link #sign} adds Keycloak's blanks. */
        Map<String, Object> header() {
            Map<String, Object> header = new LinkedHashMap<>();
            header.put("alg", "RS256");
            header.put("typ", "JWT");
            header.put("kid", kid);
            return header;
        }

        /** A token in compact serialization, signed with RS256 even if {@code header} says otherwise. */
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

        /** The key set as Keycloak publishes it: with an encryption key that must not be used for signatures. */
        Map<String, Object> jwks() {
            RSAPublicKey key = (RSAPublicKey) pair.getPublic();
            // The encryption key is never used: any number that looks like a modulus will do.
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
}
