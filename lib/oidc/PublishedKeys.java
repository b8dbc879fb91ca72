//SOURCES ../base/Cache.java ../base/Exit.java ../base/Problem.java ../http/Http.java ../http/Request.java
//SOURCES ../http/Response.java ../json/Json.java ../json/JsonNumber.java Provider.java

package lib.oidc;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import lib.base.Cache;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonNumber;

/**
 * The keys that a provider publishes for its tokens, cached for five minutes: long enough for a shell loop, and short
 * enough if a key is withdrawn.
 */
public final class PublishedKeys {
    private static final long SECONDS = 300;

    private final Provider provider;
    private final URI address;
    private final Supplier<Http> connection;
    private final InstantSource clock;
    private Document document;
    private boolean isOfThisRun;

    /**
     * What was published.
     *
     * @param issuer the issuer that signs with the keys, or null if it is not known
     * @param keys the key set as JSON
     * @param fetched when it was fetched, in seconds since 1970
     */
    private record Document(String issuer, String keys, long fetched) {}

    private PublishedKeys(Provider provider, URI address, Supplier<Http> connection, InstantSource clock) {
        this.provider = provider;
        this.address = address;
        this.connection = connection;
        this.clock = clock;
    }

    /** The keys of {@code provider}; the connection is made only if they are not cached. */
    public static PublishedKeys of(Provider provider, Supplier<Http> connection, InstantSource clock) {
        return new PublishedKeys(provider, null, connection, clock);
    }

    /** The keys at {@code address}, of any issuer. */
    public static PublishedKeys at(URI address, Supplier<Http> connection, InstantSource clock) {
        return new PublishedKeys(null, address, connection, clock);
    }

    /** The issuer that signs with these keys; null if it is not known, or before {@link #keys}. */
    public String issuer() {
        return document == null ? null : document.issuer;
    }

    /**
     * The key set.
     *
     * @param fresh whether to fetch it again, because a key is missing in it; one run fetches it once
     * @param cache where it is kept, or null
     * @param key the key of the cache entry: everything that decides which keys come back
     */
    public String keys(boolean fresh, Cache cache, String key) {
        if (document == null || fresh && !isOfThisRun) {
            Document kept = fresh || cache == null ? null : kept(cache.peek(key));
            document = kept != null ? kept : cache == null ? fetch() : fetch(fresh, cache, key);
        }
        return document.keys;
    }

    private Document fetch(boolean fresh, Cache cache, String key) {
        try (Cache.Entry entry = cache.lock(key)) {
            // Another run may have fetched them while this one waited.
            Document kept = fresh ? null : kept(entry.read());
            if (kept != null) {
                return kept;
            }
            Document fetched = fetch();
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("issuer", fetched.issuer);
            content.put("keys", fetched.keys);
            content.put("fetched", JsonNumber.of(fetched.fetched));
            entry.write(Json.compact(content).getBytes(StandardCharsets.UTF_8));
            return fetched;
        }
    }

    private Document kept(byte[] content) {
        if (content == null) {
            return null;
        }
        Map<String, Object> members = Json.object(new String(content, StandardCharsets.UTF_8));
        if (members.get("keys") instanceof String keys && members.get("fetched") instanceof JsonNumber fetched) {
            long age = clock.instant().getEpochSecond() - fetched.toLong();
            String issuer = members.get("issuer") instanceof String text ? text : null;
            return age >= 0 && age < SECONDS && (issuer == null) == (provider == null)
                    ? new Document(issuer, keys, fetched.toLong())
                    : null;
        }
        return null;
    }

    private Document fetch() {
        try (Http http = connection.get()) {
            String issuer = null;
            URI place = address;
            if (provider != null) {
                Provider.KeyAddress known = provider.keyAddress(http);
                issuer = known.issuer();
                place = known.address();
            }
            Request request = Request.get(place).with("Accept", "application/json, application/jwk-set+json");
            try (Response response = http.send(request)) {
                if (response.status() != 200) {
                    throw new Problem(
                            response.status() >= 500 ? Exit.SERVER_FAILED : Exit.REFUSED,
                            "the keys at " + place + " could not be fetched: the server answered " + response.status(),
                            "check the URL; for Keycloak it ends in /protocol/openid-connect/certs");
                }
                Document fetched =
                        new Document(issuer, checked(response), clock.instant().getEpochSecond());
                isOfThisRun = true;
                return fetched;
            }
        }
    }

    private static String checked(Response response) {
        if (Json.asArray(Json.object(response.text()).get("keys")) != null) {
            return response.text();
        }
        throw Problem.serverFailed(
                "there is no key set at " + response.uri(), "check that it is the issuer's jwks_uri");
    }
}
