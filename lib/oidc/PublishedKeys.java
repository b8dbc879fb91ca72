//SOURCES ../base/Cache.java ../base/Exit.java ../base/Problem.java ../http/Http.java ../http/Response.java
//SOURCES ../json/Json.java Provider.java

package lib.oidc;

import module java.base;
import lib.base.Cache;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;

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
    private final Cache cache;
    private final String key;
    private Document document;
    private boolean isOfThisRun;

    /**
     * What was published.
     *
     * @param issuer the issuer that signs with the keys, or null if it is not known
     * @param keys the key set as JSON
     * @param fetched when it was fetched, in seconds since 1970
     */
    public record Document(String issuer, String keys, long fetched) {}

    /**
     * @param provider whose keys they are, or null for those at {@code address}, of any issuer
     * @param connection makes the connection, if they are not cached
     * @param clock for their age
     * @param cache where they are kept, or null
     * @param key the key of the cache entry: everything that decides which keys come back
     */
    public PublishedKeys(
            Provider provider, URI address, Supplier<Http> connection, InstantSource clock, Cache cache, String key) {
        this.provider = provider;
        this.address = address;
        this.connection = connection;
        this.clock = clock;
        this.cache = cache;
        this.key = key;
    }

    /** The keys; {@code fresh} if they must be fetched again, because one is missing: once in a run. */
    public Document document(boolean fresh) {
        if (document == null || fresh && !isOfThisRun) {
            Document kept = fresh || cache == null ? null : kept(cache.peek(key));
            document = kept != null ? kept : cache == null ? fetch() : fetch(fresh);
        }
        return document;
    }

    private Document fetch(boolean fresh) {
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
            content.put("fetched", Json.Number.of(fetched.fetched));
            entry.write(Json.compact(content).getBytes(StandardCharsets.UTF_8));
            return fetched;
        }
    }

    private Document kept(byte[] content) {
        if (content == null) {
            return null;
        }
        Map<String, Object> members = Json.object(new String(content, StandardCharsets.UTF_8));
        if (members.get("keys") instanceof String keys && members.get("fetched") instanceof Json.Number fetched) {
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
            Provider.KeyAddress known =
                    provider == null ? new Provider.KeyAddress(null, address) : provider.keyAddress(http);
            try (Response response = Provider.read(known.address(), http)) {
                if (response.status() != 200) {
                    throw new Problem(
                            response.status() >= 500 ? Exit.SERVER_FAILED : Exit.REFUSED,
                            "the keys at " + known.address() + " could not be fetched: the server answered "
                                    + response.status(),
                            "check the URL; for Keycloak it ends in /protocol/openid-connect/certs");
                }
                isOfThisRun = true;
                return new Document(
                        known.issuer(), checked(response), clock.instant().getEpochSecond());
            }
        }
    }

    private static String checked(Response response) {
        if (Json.asArray(Provider.object(response).get("keys")) != null) {
            return response.text();
        }
        throw Problem.serverFailed(
                "there is no key set at " + response.uri(), "check that it is the issuer's jwks_uri");
    }
}
