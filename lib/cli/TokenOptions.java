//SOURCES ../base/Cache.java ../base/Io.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../oidc/ClientAuth.java ../oidc/Provider.java ../oidc/TokenRequest.java ../oidc/TokenSupply.java
//SOURCES GrantOptions.java Option.java Options.java ServerOptions.java Settings.java

package lib.cli;

import java.net.URI;
import java.util.List;
import lib.base.Cache;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.oidc.ClientAuth;
import lib.oidc.Provider;
import lib.oidc.TokenRequest;
import lib.oidc.TokenSupply;

/** The request for a token that the options of {@link Settings#TOKEN} describe. */
public final class TokenOptions {
    private static final List<Option> PROVIDERS = List.of(Settings.KEYCLOAK, Settings.ISSUER, Settings.TOKEN_ENDPOINT);

    private TokenOptions() {}

    /** Whether the options name a provider to get a token from. */
    public static boolean nameProvider(Options given) {
        return given.strongest(PROVIDERS) != null;
    }

    /** Whether standard input holds a secret for the provider, and so no token for the archive. */
    static boolean takeStdin(Options given) {
        return secretsOnStdin(given) > 0;
    }

    private static int secretsOnStdin(Options given) {
        return (Settings.CLIENT_SECRET.isOnStdin(given) ? 1 : 0)
                + (Settings.PASSWORD.isOnStdin(given) ? 1 : 0)
                + ("-".equals(given.text(Settings.REFRESH_TOKEN_FILE)) ? 1 : 0);
    }

    /** The request that the options describe; a missing secret is asked for here, before anything is sent. */
    public static TokenRequest request(Options given, Io io) {
        Option which = given.strongest(PROVIDERS);
        if (which == null) {
            throw Problem.usage(
                    "no token server given", "give --keycloak https://docker-host:8843, or set ARC_KEYCLOAK");
        }
        if (secretsOnStdin(given) > 1) {
            throw Problem.usage("two secrets cannot both come on standard input", "put one of them into a file");
        }
        String method = given.text(Settings.AUTH_METHOD);
        Secret secret = ClientAuth.needsSecret(method)
                ? Settings.CLIENT_SECRET.read(given, io)
                : method.equals(ClientAuth.PRIVATE_KEY_JWT) ? GrantOptions.assertionKey(given, io) : null;
        return new TokenRequest(
                provider(given, which),
                new ClientAuth(method, given.text(Settings.CLIENT_ID), secret, io.clock()),
                GrantOptions.grant(given, io),
                given.text(Settings.SCOPE),
                GrantOptions.parameters(given));
    }

    /** Supplies the answer to {@link #request}, from the cache unless {@code --no-cache} is given. */
    public static TokenSupply supply(Options given, Http http, Io io) {
        TokenRequest request = request(given, io);
        if (given.is(Settings.NO_CACHE)) {
            return new TokenSupply(request, null, List.of(), http);
        }
        TokenSupply.TokenCache cache =
                new TokenSupply.TokenCache(Cache.of(io), io.clock(), given.number(Settings.MIN_TTL));
        return new TokenSupply(request, cache, ServerOptions.trust(given), http);
    }

    /** Where the Keycloak that the options name publishes its keys, or null. */
    public static URI keys(Options given) {
        Option which = given.strongest(PROVIDERS);
        return which == null ? null : provider(given, which).keysOfKeycloak();
    }

    private static Provider provider(Options given, Option which) {
        if (which == Settings.KEYCLOAK) {
            return Provider.keycloak(given.url(Settings.KEYCLOAK), given.text(Settings.REALM));
        }
        return which == Settings.ISSUER
                ? Provider.discoveredAt(given.url(Settings.ISSUER))
                : Provider.ofTokenEndpoint(given.url(Settings.TOKEN_ENDPOINT));
    }
}
