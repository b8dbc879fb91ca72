//SOURCES ../base/Cache.java ../base/Io.java ../base/Nearest.java ../base/Problem.java ../base/Secret.java
//SOURCES ../http/Http.java ../json/Json.java ../jwt/FoundToken.java ../jwt/TokenText.java ../oidc/BrowserGrant.java
//SOURCES ../oidc/ClientAuth.java ../oidc/DeviceGrant.java ../oidc/Grant.java ../oidc/Provider.java
//SOURCES ../oidc/TokenRequest.java ../oidc/TokenSupply.java Option.java Options.java SecretOption.java
//SOURCES ServerOptions.java Settings.java

package lib.cli;

import module java.base;
import lib.base.Cache;
import lib.base.Io;
import lib.base.Nearest;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.json.Json;
import lib.jwt.FoundToken;
import lib.jwt.TokenText;
import lib.oidc.BrowserGrant;
import lib.oidc.ClientAuth;
import lib.oidc.DeviceGrant;
import lib.oidc.Grant;
import lib.oidc.Provider;
import lib.oidc.TokenRequest;
import lib.oidc.TokenSupply;

/** The request for a token that the options of {@link Settings#TOKEN} describe. */
public final class TokenOptions {
    static final List<Option> PROVIDERS = List.of(Settings.KEYCLOAK, Settings.ISSUER, Settings.TOKEN_ENDPOINT);

    private static final List<String> TAKEN =
            List.of("grant_type", "client_id", "client_secret", "scope", "client_assertion", "client_assertion_type");
    private static final List<String> TAKEN_BY_NAMED = List.of(
            ("username password totp refresh_token device_code code code_verifier redirect_uri state response_type"
                            + " code_challenge code_challenge_method")
                    .split(" "));

    private TokenOptions() {}

    /** Whether the options name a provider to get a token from. */
    public static boolean nameProvider(Options given) {
        return given.strongest(PROVIDERS) != null;
    }

    /**
     * The number of secrets for the provider that come on standard input; beside them it has no token for the archive.
     */
    static int secretsOnStdin(Options given) {
        return (Settings.CLIENT_SECRET.isOnStdin(given) ? 1 : 0)
                + (Settings.PASSWORD.isOnStdin(given) ? 1 : 0)
                + ("-".equals(given.text(Settings.REFRESH_TOKEN_FILE)) ? 1 : 0);
    }

    /** Refuses a user on the command line beside a grant that would silently request another's token. */
    static void requireGrantOfUser(Options given) {
        String grant = given.text(Settings.GRANT);
        if (given.isOnCommandLine(Settings.USERNAME) && !grant.equals("password")) {
            throw Problem.usage(
                    "--username names a user, but the grant " + grant + " takes none",
                    "add --grant password for a token of that user; Basic credentials are not sent");
        }
    }

    /** The request that the options describe; a missing secret is asked for here, before anything is sent. */
    private static TokenRequest request(Options given, Http http, Io io) {
        Option which = given.required(
                PROVIDERS, "no token server given", "give --keycloak https://docker-host:8843, or set ARC_KEYCLOAK");
        requireGrantOfUser(given);
        if (secretsOnStdin(given) > 1) {
            throw Problem.usage("two secrets cannot both come on standard input", "put one of them into a file");
        }
        String method = given.text(Settings.AUTH_METHOD);
        if (method.equals("tls_client_auth") && given.text(ServerOptions.CERT) == null) {
            throw Problem.usage(
                    "no certificate for tls_client_auth", "give --cert FILE, and --key FILE if it is apart");
        }
        Secret secret = ClientAuth.needsSecret(method)
                ? Settings.CLIENT_SECRET.read("of client " + given.text(Settings.CLIENT_ID) + at(given), given, io)
                : method.equals(ClientAuth.PRIVATE_KEY_JWT) ? assertionKey(given, io) : null;
        return new TokenRequest(
                provider(given, which),
                new ClientAuth(method, given.text(Settings.CLIENT_ID), secret, io.clock()),
                grant(given, io),
                given.text(Settings.SCOPE),
                parameters(given),
                http);
    }

    /**
     * Supplies the answer to the request that the options describe, from the cache unless {@code --no-cache} is given.
     */
    public static TokenSupply supply(Options given, Http http, Io io) {
        Cache cache = given.is(Settings.NO_CACHE) ? null : Cache.of(io, Cache.MAX_WAIT);
        return new TokenSupply(
                request(given, http, io),
                cache,
                cache == null ? List.of() : ServerOptions.trust(given),
                io.clock(),
                given.number(Settings.MIN_TTL));
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

    /** The grant that the options describe; only a password may be asked for later. */
    private static Grant grant(Options given, Io io) {
        String name = given.text(Settings.GRANT);
        return switch (name) {
            case "client_credentials" -> Grant.clientCredentials();
            case "password" -> password(given, io);
            case "refresh_token" -> Grant.refreshToken(refreshToken(given, io));
            case "device_code" -> DeviceGrant.with(io);
            case "authorization_code" -> BrowserGrant.with(io, uri -> open(uri, io));
            default -> {
                if (name.indexOf(':') < 0) {
                    String near = Nearest.to(name, Settings.GRANTS);
                    throw Problem.usage(
                            "--grant cannot be '" + name + "'",
                            (near == null ? "" : "did you mean " + near + "? ") + "one of "
                                    + String.join(", ", Settings.GRANTS) + ", or a URN, which has a colon");
                }
                yield Grant.extension(name);
            }
        };
    }

    private static String at(Options given) {
        return " at " + given.text(given.strongest(PROVIDERS));
    }

    private static Grant password(Options given, Io io) {
        String user = given.text(given.required(
                List.of(Settings.USERNAME),
                "no user given for the password grant",
                "name the user with --username, or set ARC_USERNAME"));
        String whose = "of user " + user + at(given);
        Secret known = Settings.PASSWORD.isGiven(given) ? Settings.PASSWORD.read(whose, given, io) : null;
        String totp = given.text(Settings.TOTP);
        return new Grant.Password(
                user, known, () -> Settings.PASSWORD.read(whose, given, io), totp == null ? null : new Secret(totp));
    }

    private static Secret refreshToken(Options given, Io io) {
        String file = given.text(Settings.REFRESH_TOKEN_FILE);
        if (file == null) {
            throw Problem.usage("no refresh token", "give --refresh-token-file FILE (- for standard input)");
        }
        boolean isStdin = file.equals("-");
        if (isStdin && io.inIsTerminal()) {
            throw Problem.usage("standard input is the terminal", "pipe the refresh token in, or name its file");
        }
        if (file.startsWith("eyJ")) {
            // Not repeated here: it is the token itself.
            throw Problem.usage(
                    "a token does not belong on the command line, where others can see it in ps", "name its file");
        }
        byte[] content = SecretOption.content(Settings.REFRESH_TOKEN_FILE, given, io);
        String text = new String(content, StandardCharsets.UTF_8)
                .replace("\ufeff", "")
                .strip();
        Object member = text.startsWith("{") ? Json.object(text).get("refresh_token") : text;
        if (member instanceof String found && isRefreshToken(found)) {
            return new Secret(found);
        }
        String where = isStdin ? "on stdin" : "in " + file;
        List<FoundToken> found = TokenText.find(content, where, "refresh_token");
        if (found.size() > 1) {
            throw Problem.badToken(found.size() + " tokens " + where, "pass only the refresh token");
        }
        return found.getFirst().compact();
    }

    // A refresh token is opaque to us: any visible ASCII (RFC 6749, appendix A.17). A JWT in it is found in its
    // wrapping.
    private static boolean isRefreshToken(String text) {
        boolean isBare = text.contains("eyJ")
                ? text.startsWith("eyJ") && text.indexOf('%') < 0
                : !text.contains("token=") && !text.startsWith("<");
        return isBare && !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** The private key that the options name, as text. */
    private static Secret assertionKey(Options given, Io io) {
        if (given.text(Settings.ASSERTION_KEY) == null) {
            throw Problem.usage("no key for private_key_jwt", "give --assertion-key FILE (PEM, DER or JWK)");
        }
        byte[] key = SecretOption.content(Settings.ASSERTION_KEY, given, io);
        return new Secret(new String(key, StandardCharsets.ISO_8859_1));
    }

    private static List<TokenRequest.Parameter> parameters(Options given) {
        List<TokenRequest.Parameter> parameters = new ArrayList<>();
        boolean isNamed = Settings.GRANTS.contains(given.text(Settings.GRANT));
        for (String text : given.texts(Settings.PARAM)) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                // Not repeated here: it may be a secret.
                throw Problem.usage("a --param without a name", "write --param NAME=VALUE");
            }
            String name = text.substring(0, equals);
            if (TAKEN.contains(name) || isNamed && TAKEN_BY_NAMED.contains(name)) {
                throw Problem.usage("--param cannot set " + name, instead(name));
            }
            parameters.add(new TokenRequest.Parameter(name, text.substring(equals + 1)));
        }
        return parameters;
    }

    private static String instead(String name) {
        return switch (name) {
            case "grant_type" -> "use --grant";
            case "client_id", "client_secret", "scope", "username", "totp" -> "use --" + name.replace('_', '-');
            case "password" -> "use --password-file";
            case "refresh_token" -> "use --refresh-token-file";
            case "client_assertion", "client_assertion_type" -> "use --auth-method private_key_jwt";
            default -> "leave it out: it is sent where the grant needs it";
        };
    }

    /** Opens the desktop's browser, only for a person: on macOS or with a display, and standard error on a terminal. */
    private static void open(URI uri, Io io) {
        boolean isMac = System.getProperty("os.name").startsWith("Mac");
        boolean isDisplayed = io.env("DISPLAY") != null || io.env("WAYLAND_DISPLAY") != null;
        if (!io.streams().isTerminal(2) || !isMac && !isDisplayed) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(List.of(isMac ? "open" : "xdg-open", uri.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // The browser outlives this process and needs neither its settings nor its secrets.
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(io.environment());
        environment.keySet().removeIf(name -> name.startsWith("ARC_"));
        try {
            builder.start().getOutputStream().close();
        } catch (IOException noSuchCommand) {
            // The URL is on the terminal too.
        }
    }
}
