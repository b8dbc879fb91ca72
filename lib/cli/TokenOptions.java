//SOURCES ../base/Cache.java ../base/Io.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../oidc/ClientAuth.java ../oidc/Provider.java ../oidc/TokenCache.java ../oidc/TokenRequest.java
//SOURCES ../oidc/TokenSupply.java GrantOptions.java Option.java Options.java ProviderOptions.java SecretOption.java
//SOURCES Section.java ServerOptions.java

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
import lib.oidc.TokenCache;
import lib.oidc.TokenRequest;
import lib.oidc.TokenSupply;

/** The options that say where a token comes from and for whom, and the request that they make. */
public final class TokenOptions {
    public static final Option CLIENT_ID = Option.text("--client-id", "ID", "client to get the token for")
            .setting()
            .defaultsTo("curl");
    public static final SecretOption CLIENT_SECRET = SecretOption.named("client-secret", "client secret");
    public static final Option AUTH_METHOD = Option.choice(
                    "--auth-method", "NAME", ClientAuth.METHODS, "how the client proves who it is")
            .setting();
    public static final Option SCOPE = Option.text("--scope", "TEXT", "scopes to ask for, separated by blanks")
            .setting();

    public static final Option MIN_TTL = Option.number(
                    "--min-ttl", "SEC", "use a cached token only while it lives at least so long")
            .defaultsTo("30");
    public static final Section SECTION = Section.of(
            "Token",
            ProviderOptions.KEYCLOAK,
            ProviderOptions.REALM,
            ProviderOptions.ISSUER,
            ProviderOptions.TOKEN_ENDPOINT,
            CLIENT_ID,
            CLIENT_SECRET.file(),
            CLIENT_SECRET.command(),
            CLIENT_SECRET.value(),
            AUTH_METHOD,
            GrantOptions.ASSERTION_KEY,
            GrantOptions.GRANT,
            GrantOptions.USERNAME,
            GrantOptions.PASSWORD.file(),
            GrantOptions.PASSWORD.command(),
            GrantOptions.PASSWORD.value(),
            GrantOptions.TOTP,
            GrantOptions.REFRESH_TOKEN_FILE,
            SCOPE,
            GrantOptions.PARAM,
            MIN_TTL,
            ProviderOptions.NO_CACHE);

    private static final List<Option> PROVIDERS =
            List.of(ProviderOptions.KEYCLOAK, ProviderOptions.ISSUER, ProviderOptions.TOKEN_ENDPOINT);

    private TokenOptions() {}

    /** Whether the options name a provider to get a token from. */
    public static boolean nameProvider(Options given) {
        return given.strongest(PROVIDERS) != null;
    }

    /** Whether the options tell the client's secret, or where it is. */
    static boolean nameSecret(Options given) {
        return given.strongest(List.of(CLIENT_SECRET.file(), CLIENT_SECRET.command(), CLIENT_SECRET.value())) != null;
    }

    /** Whether standard input holds a secret for the provider, and so no token for anybody else. */
    static boolean takeStdin(Options given) {
        return secretsOnStdin(given) > 0;
    }

    private static int secretsOnStdin(Options given) {
        return (CLIENT_SECRET.isOnStdin(given) ? 1 : 0)
                + (GrantOptions.PASSWORD.isOnStdin(given) ? 1 : 0)
                + ("-".equals(given.text(GrantOptions.REFRESH_TOKEN_FILE)) ? 1 : 0);
    }

    /** The request that the options describe; a missing secret is asked for here, before anything is sent. */
    public static TokenRequest request(Options given, Io io) {
        Option which = given.strongest(PROVIDERS);
        if (which == null) {
            throw Problem.usage(
                    "which server gives the token?", "give --keycloak https://docker-host:8843, or set ARC_KEYCLOAK");
        }
        if (secretsOnStdin(given) > 1) {
            throw Problem.usage("two secrets cannot come both on standard input", "put one of them into a file");
        }
        String method = given.text(AUTH_METHOD);
        Secret secret = ClientAuth.needsSecret(method)
                ? CLIENT_SECRET.read(given, io)
                : method.equals(ClientAuth.PRIVATE_KEY_JWT) ? GrantOptions.assertionKey(given, io) : null;
        return new TokenRequest(
                provider(given, which),
                new ClientAuth(method, given.text(CLIENT_ID), secret, io.clock()),
                GrantOptions.grant(given, io),
                given.text(SCOPE),
                GrantOptions.parameters(given));
    }

    /** Where the answer to {@link #request} comes from, through the cache where it may. */
    public static TokenSupply supply(Options given, Http http, Io io) {
        TokenRequest request = request(given, io);
        if (given.is(ProviderOptions.NO_CACHE)) {
            return new TokenSupply(request, null, List.of(), http);
        }
        TokenCache cache = new TokenCache(Cache.of(io), io.clock(), given.number(MIN_TTL));
        return new TokenSupply(request, cache, ServerOptions.trust(given), http);
    }

    /** Where the Keycloak that the options name publishes its keys, or null. */
    public static URI keys(Options given) {
        Option which = given.strongest(PROVIDERS);
        return which == null ? null : provider(given, which).keysOfKeycloak();
    }

    private static Provider provider(Options given, Option which) {
        if (which == ProviderOptions.KEYCLOAK) {
            return Provider.keycloak(given.url(ProviderOptions.KEYCLOAK), given.text(ProviderOptions.REALM));
        }
        return which == ProviderOptions.ISSUER
                ? Provider.discoveredAt(given.url(ProviderOptions.ISSUER))
                : Provider.ofTokenEndpoint(given.url(ProviderOptions.TOKEN_ENDPOINT));
    }
}
