//SOURCES ../base/Cache.java ../base/Secret.java ../base/Sha256.java ../json/Json.java ../json/JsonNumber.java
//SOURCES ../json/MalformedJson.java TokenResponse.java TokenSupply.java

package lib.oidc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import lib.base.Cache;
import lib.base.Secret;
import lib.base.Sha256;
import lib.json.Json;
import lib.json.JsonNumber;
import lib.json.MalformedJson;

/**
 * Hands out a token response again while its access token lives, so that a hundred runs at once make one request.
 *
 * <p>Beside the response an entry holds when it arrived by our own clock, and a salted hash of the secrets that it was
 * asked for with: whoever asks with others gets nothing of it.
 */
public final class TokenCache {
    private static final String PROOF = "proof";
    private static final String ARRIVED = "arrived";
    private static final String HOST = "host";
    private static final String CLIENT = "client";
    private static final String RESPONSE = "response";
    private static final String EXPIRES_IN = "expires_in";
    private static final String REFRESH_EXPIRES_IN = "refresh_expires_in";
    private static final String REFRESH_TOKEN = "refresh_token";

    private final Cache cache;
    private final InstantSource clock;
    private final long minTtl;

    /**
     * @param cache where the responses are kept
     * @param clock the time
     * @param minTtl how many seconds a token must still live to be handed out again
     */
    public TokenCache(Cache cache, InstantSource clock, long minTtl) {
        this.cache = cache;
        this.clock = clock;
        this.minTtl = minTtl;
    }

    /**
     * The answer to the request of {@code supply}: the one that is kept, or a new one, which is kept.
     *
     * @param refused an answer whose access token is not to be handed out again, since a server did not accept it or it
     *     runs out; or null
     */
    TokenResponse get(TokenSupply supply, TokenResponse refused) {
        String key = key(supply.request().identity()) + key(supply.connection());
        List<Secret> secrets = supply.request().credentials();
        TokenResponse kept = living(cache.peek(key), secrets, refused);
        if (kept != null) {
            return kept;
        }
        try (Cache.Entry entry = cache.lock(key)) {
            // Another run may have been faster, also where it took too long for a lock.
            kept = living(cache.peek(key), secrets, refused);
            if (kept != null) {
                return kept;
            }
            TokenResponse last = left(entry.read(), secrets);
            TokenResponse response = supply.renewed(last == null ? refused : last);
            entry.write(content(response, supply.request().client().clientId(), secrets));
            return response;
        }
    }

    /**
     * A text for each list, and no two the same. It is not JSON since nothing is written in that when all is cached.
     */
    private static String key(List<String> parts) {
        StringBuilder key = new StringBuilder().append(parts.size()).append(':');
        for (String part : parts) {
            key.append(part.length()).append(':').append(part);
        }
        return key.toString();
    }

    /** Forgets every answer that {@code clientId} got, from whomever: what it may do has changed. */
    public static void forget(Cache cache, String clientId) {
        cache.forget(new OfClient(clientId));
    }

    private record OfClient(String clientId) implements Predicate<byte[]> {
        @Override
        public boolean test(byte[] content) {
            try {
                Map<String, Object> entry = Json.asObject(Json.parse(new String(content, StandardCharsets.UTF_8)));
                return entry != null && clientId.equals(entry.get(CLIENT));
            } catch (MalformedJson noTokenResponse) {
                return false;
            }
        }
    }

    private TokenResponse living(byte[] content, List<Secret> secrets, TokenResponse refused) {
        TokenResponse left = left(content, secrets);
        boolean lives = left != null
                && left.left() >= Math.max(1, minTtl)
                && (refused == null || !left.accessToken().equals(refused.accessToken()));
        return lives ? left : null;
    }

    private byte[] content(TokenResponse response, String clientId, List<Secret> secrets) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(PROOF, proof(salt, secrets));
        content.put(ARRIVED, JsonNumber.of(clock.instant().getEpochSecond()));
        content.put(HOST, response.host());
        content.put(CLIENT, clientId);
        content.put(RESPONSE, response.members());
        return Json.compact(content).getBytes(StandardCharsets.UTF_8);
    }

    /** The response in {@code content}, its times as they are left; null if it is damaged, or not for these secrets. */
    private TokenResponse left(byte[] content, List<Secret> secrets) {
        if (content == null) {
            return null;
        }
        try {
            Map<String, Object> entry = Json.asObject(Json.parse(new String(content, StandardCharsets.UTF_8)));
            if (entry == null
                    || !(entry.get(PROOF) instanceof String proof)
                    || !isProof(proof, secrets)
                    || !(entry.get(ARRIVED) instanceof JsonNumber arrived)
                    || !(entry.get(HOST) instanceof String host)
                    || !(Json.asObject(entry.get(RESPONSE)) instanceof Map<String, Object> members)
                    || !(members.get("access_token") instanceof String token)
                    || !TokenResponse.isB64Token(token)) {
                return null;
            }
            long passed = clock.instant().getEpochSecond() - arrived.toLong();
            if (passed < 0) {
                // The clock was set back: nobody knows how old this is.
                return null;
            }
            TokenResponse arrivedWith = new TokenResponse(host, members);
            // Zero is Keycloak's way to say that a refresh token does not expire, or that there is none (facts A5).
            long refreshable = arrivedWith.seconds(REFRESH_EXPIRES_IN);
            if (members.containsKey(EXPIRES_IN)) {
                members.put(EXPIRES_IN, JsonNumber.of(Math.max(0, arrivedWith.left() - passed)));
            }
            if (refreshable > 0) {
                members.put(REFRESH_EXPIRES_IN, JsonNumber.of(Math.max(0, refreshable - passed)));
                if (refreshable <= passed) {
                    members.remove(REFRESH_TOKEN);
                }
            }
            return new TokenResponse(host, members, passed);
        } catch (MalformedJson | NumberFormatException damaged) {
            return null;
        }
    }

    private static boolean isProof(String proof, List<Secret> secrets) {
        int dot = proof.indexOf('.');
        try {
            byte[] salt = HexFormat.of().parseHex(proof, 0, Math.max(0, dot));
            return MessageDigest.isEqual(
                    proof.getBytes(StandardCharsets.UTF_8), proof(salt, secrets).getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    private static String proof(byte[] salt, List<Secret> secrets) {
        MessageDigest sha256 = Sha256.digest();
        sha256.update(salt);
        for (Secret secret : secrets) {
            byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
            // The length keeps two lists of secrets from making the same bytes.
            sha256.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
            sha256.update(bytes);
        }
        return HexFormat.of().formatHex(salt) + "." + HexFormat.of().formatHex(sha256.digest());
    }
}
