//SOURCES ../base/Cache.java ../base/Exit.java ../base/Problem.java ../base/Secret.java ../base/Sha256.java
//SOURCES ../json/Json.java TokenRequest.java TokenResponse.java

package lib.oidc;

import module java.base;
import lib.base.Cache;
import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.base.Sha256;
import lib.json.Json;

/**
 * Where the token of a request comes from each time it is needed: the cache, or the provider. A response is kept and
 * handed out again while its access token is valid, so that a hundred runs at once make one request.
 *
 * <p>Besides the response an entry has the time of its arrival by our own clock, and a salted hash of the secrets in
 * the request: with other secrets the entry is not used.
 *
 * @param request the request to the provider
 * @param cache where responses are kept, or null to send the request each time
 * @param connection what else decides which token comes back: how the server is trusted, and as whom it sees us
 * @param clock the time
 * @param minTtl for how many seconds a kept token must still be valid to be handed out again
 */
public record TokenSupply(
        TokenRequest request, Cache cache, List<String> connection, InstantSource clock, long minTtl) {
    private static final String REFRESH_TOKEN = "refresh_token";
    private static final String REFRESH_EXPIRES_IN = "refresh_expires_in";
    private static final String EXPIRES_IN = "expires_in";
    private static final String PROOF = "proof";
    private static final String ARRIVED = "arrived";
    private static final String HOST = "host";
    private static final String CLIENT = "client";
    private static final String RESPONSE = "response";

    /** The kept response, or a new one; {@link Problem} if there is none. */
    public TokenResponse get() {
        return otherThan(null);
    }

    /**
     * The same, but not with the access token of {@code refused}, which a server did not accept or which expires. Its
     * refresh token is used, so that a person need not log in again.
     */
    public TokenResponse otherThan(TokenResponse refused) {
        if (cache == null) {
            return renewed(refused);
        }
        String key = key(request.identity()) + key(connection);
        List<Secret> secrets = request.credentials();
        TokenResponse kept = living(cache.peek(key), secrets, refused);
        if (kept != null) {
            return kept;
        }
        try (Cache.Entry entry = cache.lock(key)) {
            // Another run may have been faster, even if the lock timed out.
            kept = living(cache.peek(key), secrets, refused);
            if (kept != null) {
                return kept;
            }
            TokenResponse last = left(entry.read(), secrets);
            TokenResponse response = renewed(last == null ? refused : last);
            entry.write(content(response, secrets));
            return response;
        }
    }

    /** A new response of the provider; {@code last} is the one before, or null. */
    private TokenResponse renewed(TokenResponse last) {
        TokenResponse refreshed = last == null ? null : refreshed(last);
        return refreshed == null ? request.send() : refreshed;
    }

    /** The response to the refresh token of {@code last}; null if there is none or it is refused. */
    private TokenResponse refreshed(TokenResponse last) {
        if (!request.isRefreshable() || !(last.members().get(REFRESH_TOKEN) instanceof String token)) {
            return null;
        }
        TokenResponse fresh;
        try {
            fresh = request.refreshing(new Secret(token)).send();
        } catch (Problem problem) {
            if (problem.exit() == Exit.REFUSED) {
                return null;
            }
            throw problem;
        }
        if (fresh.members().containsKey(REFRESH_TOKEN)) {
            return fresh;
        }
        // Without rotation there is no new one, and the old one stays valid (RFC 6749, section 6).
        Map<String, Object> members = new LinkedHashMap<>(fresh.members());
        members.put(REFRESH_TOKEN, token);
        if (last.members().containsKey(REFRESH_EXPIRES_IN)) {
            members.put(REFRESH_EXPIRES_IN, last.members().get(REFRESH_EXPIRES_IN));
        }
        return new TokenResponse(fresh.host(), members);
    }

    /** Removes the responses for {@code clientId}, for any user: what the client may do has changed. */
    static void forget(Cache cache, String clientId) {
        cache.forget(content -> clientId.equals(
                Json.object(new String(content, StandardCharsets.UTF_8)).get(CLIENT)));
    }

    /** A text that is different for each list. It is not JSON, because a run with a cached token writes none. */
    private static String key(List<String> parts) {
        StringBuilder key = new StringBuilder().append(parts.size()).append(':');
        for (String part : parts) {
            key.append(part.length()).append(':').append(part);
        }
        return key.toString();
    }

    private TokenResponse living(byte[] content, List<Secret> secrets, TokenResponse refused) {
        TokenResponse left = left(content, secrets);
        boolean lives = left != null
                && left.left() >= Math.max(1, minTtl)
                && (refused == null || !left.accessToken().equals(refused.accessToken()));
        return lives ? left : null;
    }

    private byte[] content(TokenResponse response, List<Secret> secrets) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(PROOF, proof(salt, secrets));
        content.put(ARRIVED, Json.Number.of(clock.instant().getEpochSecond()));
        content.put(HOST, response.host());
        content.put(CLIENT, request.client().clientId());
        content.put(RESPONSE, response.members());
        return Json.compact(content).getBytes(StandardCharsets.UTF_8);
    }

    /** The response in {@code content} with the remaining times; null if it is damaged, or not for these secrets. */
    private TokenResponse left(byte[] content, List<Secret> secrets) {
        if (content == null) {
            return null;
        }
        Map<String, Object> entry = Json.object(new String(content, StandardCharsets.UTF_8));
        if (!(entry.get(PROOF) instanceof String proof)
                || !isProof(proof, secrets)
                || !(entry.get(ARRIVED) instanceof Json.Number arrived)
                || !(entry.get(HOST) instanceof String host)
                || !(Json.asObject(entry.get(RESPONSE)) instanceof Map<String, Object> members)
                || !(members.get("access_token") instanceof String token)
                || !TokenResponse.isB64Token(token)) {
            return null;
        }
        long passed = clock.instant().getEpochSecond() - arrived.toLong();
        if (passed < 0) {
            // The clock was set back, so the age is unknown.
            return null;
        }
        TokenResponse arrivedWith = new TokenResponse(host, members);
        // Keycloak says zero if a refresh token does not expire, or if there is none (facts A5).
        long refreshable = TokenResponse.seconds(members, REFRESH_EXPIRES_IN, 0);
        if (members.containsKey(EXPIRES_IN)) {
            members.put(EXPIRES_IN, Json.Number.of(Math.max(0, arrivedWith.left() - passed)));
        }
        if (refreshable > 0) {
            members.put(REFRESH_EXPIRES_IN, Json.Number.of(Math.max(0, refreshable - passed)));
            if (refreshable <= passed) {
                members.remove(REFRESH_TOKEN);
            }
        }
        return new TokenResponse(host, members, passed);
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
