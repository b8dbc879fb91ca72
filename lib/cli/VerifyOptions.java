//SOURCES ../base/Cache.java ../base/Io.java ../base/Problem.java ../base/SmallFile.java ../json/Json.java
//SOURCES ../jwt/Check.java ../jwt/Verifier.java ../oidc/Provider.java ../oidc/PublishedKeys.java Option.java
//SOURCES Options.java SecretOption.java ServerOptions.java Settings.java

package lib.cli;

import module java.base;
import lib.base.Cache;
import lib.base.Io;
import lib.base.Problem;
import lib.base.SmallFile;
import lib.json.Json;
import lib.jwt.Check;
import lib.jwt.Verifier;
import lib.oidc.Provider;
import lib.oidc.PublishedKeys;

/** The options that say what must hold of a token and by whose keys, and the checks that they make. */
public final class VerifyOptions {
    public static final Option VERIFY = Option.flag("--verify", "check the signature, and that the token is in force");
    public static final Option JWKS = Option.file("--jwks", "URL|FILE", "keys: a key set (JWKS)");
    public static final Option PUBLIC_KEY =
            Option.file("--public-key", "FILE", "key: a public key or certificate, PEM or DER, or a JWK");
    public static final Option HMAC_SECRET_FILE =
            Option.file("--hmac-secret-file", "FILE", "key: the secret that the issuer shares with you, for HS256 ...");
    public static final Option ALG =
            Option.text("--alg", "LIST", "accepted algorithms, by default all that the kind of key allows");
    public static final Option LEEWAY =
            Option.number("--leeway", "SEC", "how far the clocks may differ").defaultsTo("30");
    public static final Option REQUIRE = Option.text(
                    "--require", "NAME=VALUE", "a claim (a path as in --claim) that is VALUE, or contains it")
            .repeatable();
    public static final Option REQUIRE_ROLE = Option.text(
                    "--require-role", "ROLE", "a role of the realm, or CLIENT:ROLE for one of a client")
            .repeatable();
    public static final Option REQUIRE_AUD =
            Option.text("--require-aud", "AUD", "an audience").repeatable();
    public static final Option MIN_TTL =
            Option.number("--min-ttl", "SEC", "for how long the token must still be valid");

    public static final Option PASS_THROUGH = Option.flag(
            "--pass-through", "when all holds, print the input unchanged (with --select that token) instead");

    public static final Option.Section SIGNATURE = Option.section(
            "Signature",
            VERIFY,
            Settings.KEYCLOAK,
            Settings.REALM,
            Settings.ISSUER,
            JWKS,
            PUBLIC_KEY,
            HMAC_SECRET_FILE,
            ALG,
            LEEWAY,
            Settings.NO_CACHE);
    public static final Option.Section CHECKS =
            Option.section("Checks", REQUIRE, REQUIRE_ROLE, REQUIRE_AUD, MIN_TTL, PASS_THROUGH);

    private static final List<Option> KEYS =
            List.of(Settings.ISSUER, Settings.KEYCLOAK, JWKS, PUBLIC_KEY, HMAC_SECRET_FILE);

    private VerifyOptions() {}

    /** Whether the caller relies on the token, so that nothing in it may be ambiguous. */
    public static boolean isReliedOn(Options given) {
        return given.is(VERIFY) || given.is(PASS_THROUGH);
    }

    /** The checks that the options ask for; nothing is fetched yet. */
    public static List<Check> checks(Options given, Io io) {
        List<Check> checks = new ArrayList<>();
        if (isReliedOn(given)) {
            checks.add(Check.unambiguous());
        }
        if (given.is(VERIFY)) {
            checks.add(verifier(given, io));
            checks.add(Check.valid(given.number(LEEWAY)));
        }
        for (String claim : given.texts(REQUIRE)) {
            checks.add(Check.claim(claim));
        }
        for (String role : given.texts(REQUIRE_ROLE)) {
            checks.add(Check.role(role));
        }
        for (String audience : given.texts(REQUIRE_AUD)) {
            checks.add(Check.audience(audience));
        }
        if (given.text(MIN_TTL) != null) {
            checks.add(Check.lifetime(given.number(MIN_TTL)));
        }
        return checks;
    }

    private static Check verifier(Options given, Io io) {
        // Otherwise the keys of another profile or variable would judge.
        given.requireValue(Settings.ISSUER);
        given.requireValue(Settings.KEYCLOAK);
        given.requireValue(Settings.REALM);
        Option which = given.required(
                KEYS,
                "no keys given to check the signature with",
                "give --issuer URL, --keycloak URL, --jwks URL or FILE, --public-key or --hmac-secret-file");
        List<String> algorithms = Verifier.algorithms(
                given.text(ALG),
                which == HMAC_SECRET_FILE ? Verifier.SECRET_ALGORITHMS : Verifier.PUBLIC_KEY_ALGORITHMS);
        if (which == HMAC_SECRET_FILE) {
            return Verifier.ofSecret(secret(given, io), algorithms);
        }
        if (which == PUBLIC_KEY) {
            String name = given.text(PUBLIC_KEY);
            byte[] content = SmallFile.read(name, PUBLIC_KEY.longName());
            return Verifier.ofKey(Verifier.publicKey(content, name), algorithms);
        }
        if (which == JWKS && !isUrl(given.text(JWKS))) {
            byte[] file = SmallFile.read(given.text(JWKS), JWKS.longName());
            Verifier.KeySet keys = new Verifier.KeySet(null, new String(file, StandardCharsets.UTF_8));
            return Verifier.ofKeys(fresh -> keys, algorithms);
        }
        return Verifier.ofKeys(published(which, given, io), algorithms);
    }

    private static boolean isUrl(String text) {
        return text.regionMatches(true, 0, "https://", 0, 8) || text.regionMatches(true, 0, "http://", 0, 7);
    }

    private static byte[] secret(Options given, Io io) {
        boolean isStdin = given.text(HMAC_SECRET_FILE).equals("-");
        if (isStdin
                && (given.arguments().isEmpty() || given.arguments().getFirst().equals("-"))) {
            throw Problem.usage(
                    "the token and the secret cannot both come on standard input", "name the FILE with the token");
        }
        return SecretOption.secret(HMAC_SECRET_FILE, given, io);
    }

    private static Verifier.KeySource published(Option which, Options given, Io io) {
        URI server = given.url(which);
        if (given.is(ServerOptions.INSECURE)) {
            io.messages().warning("--insecure: any server that poses as " + server.getHost() + " can forge the keys");
        } else if ("http".equalsIgnoreCase(server.getScheme())) {
            io.messages().warning("the keys come over http: anyone on the network path can forge them");
        }
        // The warning above is the one that fits keys; that for tokens would be a second one.
        Io quiet = io.speaking(true, given.is(ServerOptions.VERBOSE));
        Provider provider = which == Settings.KEYCLOAK
                ? Provider.keycloak(server, given.text(Settings.REALM))
                : which == Settings.ISSUER ? Provider.discoveredAt(server) : null;
        String identity = Json.compact(List.of(
                "keys",
                which.key(),
                server.toString(),
                which == Settings.KEYCLOAK ? given.text(Settings.REALM) : "",
                ServerOptions.trust(given)));
        PublishedKeys published = new PublishedKeys(
                provider,
                server,
                () -> ServerOptions.http(given, quiet),
                io.clock(),
                given.is(Settings.NO_CACHE) ? null : Cache.of(io, Cache.MAX_WAIT),
                identity);
        return fresh -> {
            PublishedKeys.Document document = published.document(fresh);
            return new Verifier.KeySet(document.issuer(), document.keys());
        };
    }
}
