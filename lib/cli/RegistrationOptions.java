//SOURCES ../base/Cache.java ../base/Io.java ../base/Printable.java ../base/Problem.java ../base/Prompt.java
//SOURCES ../base/Secret.java ../http/Http.java ../jwt/ArchiveRules.java ../jwt/Jwt.java ../oidc/ClientAuth.java
//SOURCES ../oidc/ClientSettings.java ../oidc/Grant.java ../oidc/KeycloakAdmin.java ../oidc/Provider.java
//SOURCES ../oidc/Registration.java ../oidc/TokenRequest.java ../oidc/TokenResponse.java Option.java Options.java
//SOURCES Settings.java

package lib.cli;

import module java.base;
import lib.base.Cache;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Prompt;
import lib.base.Secret;
import lib.http.Http;
import lib.jwt.ArchiveRules;
import lib.jwt.Jwt;
import lib.oidc.ClientAuth;
import lib.oidc.ClientSettings;
import lib.oidc.Grant;
import lib.oidc.KeycloakAdmin;
import lib.oidc.Provider;
import lib.oidc.Registration;
import lib.oidc.TokenRequest;
import lib.oidc.TokenResponse;

/** The options of a registration, the administration of Keycloak that they open, and the registration itself. */
public final class RegistrationOptions {
    private static final String MASTER = "master";

    static final Option ROLE = Option.text(
                    "--role", "NAME", "realm role for the client's service account (archives up to 5.31: user)")
            .repeatable()
            .defaultsTo("auth");
    static final Option CREATE_ROLE = Option.flag("--create-role", "create a role that the realm does not have");
    static final Option REDIRECT_URI =
            Option.text("--redirect-uri", "URI", "the client's redirect URI; / for a new client");
    static final Option TOKEN_LIFESPAN = Option.number(
            "--token-lifespan", "SEC", "how long the client's tokens live, if not as long as the realm's");
    static final Option REPAIR =
            Option.flag("--repair", "also change what else differs in an existing client; it may be needed as it is");
    static final Option ROTATE_SECRET = Option.flag(
            "--rotate-secret",
            "replace the secret, also where the profile takes it from; the old one is invalid from then on");
    public static final Option DELETE = Option.flag("--delete", "delete the client");
    static final Option YES = Option.flag("--yes", "delete without asking");
    static final Option DRY_RUN =
            Option.flag("--dry-run", "say what would change, and send nothing but GETs and the administrator's login");

    public static final Option.Section CLIENT = Option.section(
            "Client",
            Settings.KEYCLOAK,
            Settings.REALM,
            Settings.CLIENT_ID,
            ROLE,
            CREATE_ROLE,
            REDIRECT_URI,
            TOKEN_LIFESPAN,
            REPAIR,
            ROTATE_SECRET,
            DELETE,
            YES,
            DRY_RUN);

    static final Option SAVE_PROFILE = Option.text(
            "--save-profile", "NAME", "write NAME.conf and NAME.secret, for -p NAME; other lines of NAME.conf stay");
    static final Option SECRET_FILE =
            Option.file("--secret-file", "FILE", "write the secret to FILE, readable by you alone");
    public static final Option SHOW_SECRET = Option.flag("--show-secret", "print the secret too");

    public static final Option.Section RESULT =
            Option.section("Result", SAVE_PROFILE, Settings.URL, SECRET_FILE, SHOW_SECRET);

    private RegistrationOptions() {}

    /** Refuses options that exclude each other or are empty, before anything is sent. */
    public static void check(Options given) {
        clientId(given);
        if (given.text(TOKEN_LIFESPAN) != null && given.number(TOKEN_LIFESPAN) == 0) {
            throw Problem.usage(
                    "--token-lifespan cannot be 0: it takes 1 to " + Integer.MAX_VALUE + " seconds",
                    "leave it out for what the realm says, 300 by default");
        }
        if (given.isOnCommandLine(Settings.URL) && !given.isOnCommandLine(SAVE_PROFILE)) {
            throw Problem.usage("--url goes into a profile", "give --save-profile NAME too");
        }
        if (given.is(DELETE)) {
            given.exclude(
                    DELETE,
                    List.of(REPAIR, ROTATE_SECRET, CREATE_ROLE, SAVE_PROFILE, SECRET_FILE, SHOW_SECRET),
                    "delete the client first, then register it again");
        }
    }

    /** The client's identifier, which must not be blank: Keycloak would make up another one (facts A10). */
    public static String clientId(Options given) {
        given.requireValue(Settings.CLIENT_ID);
        String clientId = given.text(Settings.CLIENT_ID);
        if (clientId.isBlank()) {
            throw Problem.usage("the client ID is empty", "give --client-id NAME, for example curl");
        }
        return clientId;
    }

    /** The realm roles for the service account, each once. */
    public static List<String> roles(Options given) {
        return List.copyOf(new LinkedHashSet<>(given.texts(ROLE)));
    }

    /** The realm to change, as its administrator; asks for a password that is not given. */
    public static KeycloakAdmin admin(Options given, Http http, Io io) {
        URI keycloak = given.url(given.required(
                List.of(Settings.KEYCLOAK),
                "no Keycloak given",
                "give --keycloak https://docker-host:8843, or set ARC_KEYCLOAK"));
        String path = keycloak.getPath();
        int end = path.contains("/admin") ? path.indexOf("/admin") : path.indexOf("/realms");
        if (end >= 0) {
            throw Problem.usage(
                    "--keycloak takes the base URL, which ends before " + path.substring(end),
                    "give --keycloak " + keycloak.resolve(end == 0 ? "/" : path.substring(0, end)));
        }
        String realm = given.text(Settings.REALM);
        return new KeycloakAdmin(keycloak, realm, login(given, keycloak, loginRealms(given, realm), io), http);
    }

    private static List<String> loginRealms(Options given, String realm) {
        String only = given.text(Settings.ADMIN_REALM);
        if (only != null) {
            return List.of(only);
        }
        return realm.equals(MASTER) ? List.of(MASTER) : List.of(realm, MASTER);
    }

    private static KeycloakAdmin.Login login(Options given, URI keycloak, List<String> realms, Io io) {
        Option who = given.required(
                List.of(Settings.ADMIN_USER, Settings.ADMIN_CLIENT_ID),
                "no administrator given",
                "give --admin-user NAME (root in a dcm4chee installation), or --admin-client-id ID");
        String name = given.text(who);
        String whose = name + " at " + keycloak;
        if (who == Settings.ADMIN_CLIENT_ID) {
            Secret secret = Settings.ADMIN_CLIENT_SECRET.read("of client " + whose, given, io);
            return KeycloakAdmin.Login.ofClient(name, secret, keycloak, realms, io.clock());
        }
        Secret password = Settings.ADMIN_PASSWORD.read("of user " + whose, given, io);
        return KeycloakAdmin.Login.ofUser(name, password, keycloak, realms, io.clock());
    }

    /** The registration that the options describe. */
    public static Registration registration(Options given, KeycloakAdmin admin, Io io) {
        Integer lifespan = given.text(TOKEN_LIFESPAN) == null ? null : given.number(TOKEN_LIFESPAN);
        return new Registration(
                admin,
                new ClientSettings(admin.realm(), clientId(given), given.text(REDIRECT_URI), lifespan),
                roles(given),
                new Registration.Mode(
                        given.is(DRY_RUN), given.is(REPAIR), given.is(ROTATE_SECRET), given.is(CREATE_ROLE)),
                io.messages(),
                Cache.of(io, Cache.MAX_WAIT),
                new ArrayList<>());
    }

    /** Deletes the client if there is one, after a person has confirmed. */
    public static Registration.Result delete(Registration registration, Options given) {
        String id = registration.find();
        if (id == null) {
            return Registration.Result.NONE;
        }
        if (!given.is(YES) && !given.is(DRY_RUN)) {
            Boolean agreed = Prompt.confirm("delete client " + clientId(given) + " of realm "
                    + given.text(Settings.REALM) + " for good? type yes: ");
            if (agreed == null) {
                throw Problem.usage("no terminal to confirm --delete", "give --yes to delete without a question");
            }
            if (!agreed) {
                throw Problem.failed("client " + clientId(given) + " was not deleted", "answer yes to confirm");
            }
        }
        return registration.delete(id);
    }

    /**
     * The check at the end of a registration: the client requests a token for itself with {@code secret}. A
     * {@link Problem} if it gets none or a role is missing in it; a warning about other faults.
     */
    public static void prove(Registration.Result result, KeycloakAdmin admin, Options given, Http http, Io io) {
        String clientId = clientId(given);
        TokenRequest request = new TokenRequest(
                Provider.keycloak(admin.base(), admin.realm()),
                new ClientAuth(ClientAuth.POST, clientId, result.secret(), io.clock()),
                Grant.clientCredentials(),
                null,
                List.of(),
                http);
        TokenResponse response = request.send();
        Jwt token = Jwt.decode(response.accessToken());
        List<String> has = token.claims().realmRoles();
        for (String role : roles(given)) {
            if (!has.contains(role)) {
                // The client itself asks for no such tokens: that is one of the differences.
                if (token.claims().isLightweight()) {
                    throw Problem.refused(
                            "client " + clientId + " has the role " + role
                                    + ", but its token is lightweight, without roles",
                            "a client policy does that (use-lightweight-access-token):"
                                    + " see Realm settings > Client policies");
                }
                throw Problem.badToken(
                        "client " + clientId + " has the role " + role + ", but its token has "
                                + (has.isEmpty()
                                        ? "no realm roles"
                                        : "only " + Printable.cut(String.join(", ", has), 300)),
                        "add the client scope roles as a default one in Clients > " + clientId + " > Client scopes");
            }
        }
        long asked = given.text(TOKEN_LIFESPAN) == null ? 0 : given.number(TOKEN_LIFESPAN);
        // Of a client that was left as it is, the difference was told.
        if (response.life() < asked && result.remaining() == null) {
            io.messages()
                    .warning("the token lives " + response.life() + " s, not " + asked
                            + ": the session ends earlier, see SSO"
                            + " Session Max and Client Session Max in Realm settings > Sessions");
        }
        for (ArchiveRules.Violation violation :
                ArchiveRules.violations(token, io.clock().instant(), null)) {
            if (!violation.isAboutRoles()) {
                io.messages()
                        .warning("the archive will refuse this token: " + violation.what() + "; " + violation.cure());
            }
        }
    }
}
