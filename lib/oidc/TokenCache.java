//SOURCES ../base/Cache.java ../base/Exit.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../json/Json.java ../json/JsonNumber.java ../json/MalformedJson.java TokenRequest.java TokenResponse.java

package lib.oidc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import lib.base.Cache;
import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
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

    // Ten years, in seconds: no token lives longer, and no sum of such times overflows.
    private static final long LONGEST = 10L * 365 * 24 * 60 * 60;

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
     * The answer to {@code request}: the one that is kept, or a new one, which is kept.
     *
     * @param connection what else decides which token comes back: how the server is trusted, and as whom it sees us
     */
    public TokenResponse get(TokenRequest request, List<String> connection, Http http) {
        String key = Json.compact(List.of(request.identity(), connection));
        List<Secret> secrets = request.credentials();
        TokenResponse kept = living(cache.peek(key), secrets);
        if (kept != null) {
            return kept;
        }
        try (Cache.Entry entry = cache.lock(key)) {
            // Another run may have been faster, also where it took too long for a lock.
            kept = living(cache.peek(key), secrets);
            if (kept != null) {
                return kept;
            }
            TokenResponse response = refreshed(left(entry.read(), secrets), request, http);
            if (response == null) {
                response = request.send(http);
            }
            entry.write(content(response, request.client().clientId(), secrets));
            return response;
        }
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

    private TokenResponse living(byte[] content, List<Secret> secrets) {
        TokenResponse left = left(content, secrets);
        return left != null && seconds(left.members(), EXPIRES_IN) >= Math.max(1, minTtl) ? left : null;
    }

    /** The answer to the refresh token of {@code kept}, or null where there is none or it is refused. */
    private static TokenResponse refreshed(TokenResponse kept, TokenRequest request, Http http) {
        if (kept == null || !request.isRefreshable() || !(kept.members().get(REFRESH_TOKEN) instanceof String token)) {
            return null;
        }
        TokenResponse fresh;
        try {
            fresh = request.refreshing(new Secret(token)).send(http);
        } catch (Problem problem) {
            if (problem.exit() == Exit.REFUSED) {
                return null;
            }
            throw problem;
        }
        if (fresh.members().containsKey(REFRESH_TOKEN)) {
            return fresh;
        }
        // A provider that does not rotate sends none, and means the old one (RFC 6749, section 6).
        Map<String, Object> members = new LinkedHashMap<>(fresh.members());
        members.put(REFRESH_TOKEN, token);
        if (kept.members().containsKey(REFRESH_EXPIRES_IN)) {
            members.put(REFRESH_EXPIRES_IN, kept.members().get(REFRESH_EXPIRES_IN));
        }
        return new TokenResponse(fresh.host(), members);
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
            if (members.containsKey(EXPIRES_IN)) {
                members.put(EXPIRES_IN, JsonNumber.of(Math.max(0, seconds(members, EXPIRES_IN) - passed)));
            }
            // Zero is Keycloak's way to say that a refresh token does not expire, or that there is none (facts A5).
            long refreshable = seconds(members, REFRESH_EXPIRES_IN);
            if (refreshable > 0) {
                members.put(REFRESH_EXPIRES_IN, JsonNumber.of(Math.max(0, refreshable - passed)));
                if (refreshable <= passed) {
                    members.remove(REFRESH_TOKEN);
                }
            }
            return new TokenResponse(host, members);
        } catch (MalformedJson | NumberFormatException damaged) {
            return null;
        }
    }

    private static long seconds(Map<String, Object> members, String name) {
        Object value = members.get(name);
        return value == null ? 0 : Math.clamp(new JsonNumber(value.toString()).toLong(), 0, LONGEST);
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
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(salt);
            for (Secret secret : secrets) {
                byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
                // The length keeps two lists of secrets from making the same bytes.
                sha256.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
                sha256.update(bytes);
            }
            return HexFormat.of().formatHex(salt) + "." + HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
