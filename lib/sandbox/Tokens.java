//SOURCES ../base/Sha256.java Clients.java KeycloakServer.java SigningKey.java

package lib.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import lib.base.Sha256;

/** Makes tokens with the claims that Keycloak 26 writes, in its order (facts.md A5, A7). */
final class Tokens {
    private static final List<String> EVERYBODYS_ROLES =
            List.of("offline_access", "default-roles-" + KeycloakServer.REALM, "uma_authorization");

    private final InstantSource clock;
    private volatile SigningKey key = SigningKey.shared();

    Tokens(InstantSource clock) {
        this.clock = clock;
    }

    void rotateKey() {
        key = SigningKey.make();
    }

    PublicKey key(String kid) {
        return key.kid().equals(kid) ? key.publicKey() : null;
    }

    String publicKey() {
        return Base64.getEncoder().encodeToString(key.publicKey().getEncoded());
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

    /** A token of client {@code curl} with members replaced, added, or removed by null. */
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
        claims.put("aud", "account");
        claims.put("sub", client.subject());
        claims.put("typ", "Bearer");
        claims.put("azp", client.id());
        claims.put("acr", "1");
        claims.put("realm_access", Map.of("roles", roles));
        claims.put(
                "resource_access",
                Map.of("account", Map.of("roles", List.of("manage-account", "manage-account-links", "view-profile"))));
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
        claims.put("preferred_username", "service-account-" + client.id().toLowerCase(Locale.ROOT));
        claims.put("clientAddress", "127.0.0.1");
        claims.put("client_id", client.id());
    }

    // OpenID Connect Core, 3.1.3.6
    private static String halfHash(String token) {
        byte[] hash = Sha256.of(token.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
    }
}
