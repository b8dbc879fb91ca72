//SOURCES Option.java SecretOption.java ServerOptions.java

package lib.cli;

import module java.base;

/**
 * The options of which a profile holds some, section by section. All tools share a profile, so each must know the keys
 * of the others; they are here, apart from the code that uses them, so that no tool loads another's.
 */
public final class Settings {
    public static final Option KEYCLOAK =
            Option.url("--keycloak", "Keycloak's base URL").saved().replacing("issuer", "token-endpoint");
    public static final Option REALM = Option.text("--realm", "NAME", "Keycloak's realm, upper and lower case as there")
            .saved()
            .defaultsTo("dcm4che");
    public static final Option ISSUER = Option.url("--issuer", "any OpenID provider instead, by its discovery document")
            .setting();
    public static final Option TOKEN_ENDPOINT = Option.endpoint(
                    "--token-endpoint", "the token endpoint itself, of a provider without discovery")
            .setting();
    public static final Option NO_CACHE =
            Option.flag("--no-cache", "neither read nor write the cache").setting();

    public static final Option CLIENT_ID = Option.text("--client-id", "ID", "client to get the token for")
            .saved()
            .defaultsTo("curl");
    public static final SecretOption CLIENT_SECRET =
            SecretOption.named("client-secret", "client secret", "auth-method", "grant");
    static final Option AUTH_METHOD = Option.choice(
                    "--auth-method",
                    "NAME",
                    // The first works with all versions of Keycloak (facts A4).
                    List.of(
                            "client_secret_post",
                            "client_secret_basic",
                            "client_secret_jwt",
                            "private_key_jwt",
                            "tls_client_auth",
                            "none"),
                    "how the client proves who it is")
            .setting();
    static final Option ASSERTION_KEY = Option.file(
                    "--assertion-key", "FILE", "private key for private_key_jwt: PEM, DER or JWK")
            .setting();
    /** The grants that have a name; any other is given by its URN. */
    static final List<String> GRANTS =
            List.of("client_credentials", "password", "refresh_token", "device_code", "authorization_code");

    static final Option GRANT = Option.text("--grant", "NAME", "how to get the token: the URN of a grant, or one of")
            .setting()
            .suggests(GRANTS);
    static final Option USERNAME =
            Option.text("-u, --username", "NAME", "user of the password grant").setting();
    static final SecretOption PASSWORD = SecretOption.named("password", "password");
    static final Option TOTP = Option.text("--totp", "CODE", "the user's one-time code, if a second factor is due");
    static final Option REFRESH_TOKEN_FILE = Option.file(
            "--refresh-token-file", "FILE", "refresh token, alone or in a token response (- for standard input)");
    static final Option SCOPE = Option.text("--scope", "TEXT", "scopes to ask for, separated by blanks")
            .setting();
    static final Option PARAM =
            Option.text("--param", "NAME=VALUE", "a parameter to send along").repeatable();
    static final Option MIN_TTL = Option.number(
                    "--min-ttl", "SEC", "use a cached token only while it lives at least so long")
            .defaultsTo("30");

    public static final Option.Section TOKEN = Option.section(
            "Token",
            KEYCLOAK,
            REALM,
            ISSUER,
            TOKEN_ENDPOINT,
            CLIENT_ID,
            CLIENT_SECRET.file(),
            CLIENT_SECRET.command(),
            CLIENT_SECRET.value(),
            AUTH_METHOD,
            ASSERTION_KEY,
            GRANT,
            USERNAME,
            PASSWORD.file(),
            PASSWORD.command(),
            PASSWORD.value(),
            TOTP,
            REFRESH_TOKEN_FILE,
            SCOPE,
            PARAM,
            MIN_TTL,
            NO_CACHE);

    public static final Option URL = Option.url("--url", "archive, such as https://HOST:8443/dcm4chee-arc")
            .saved()
            .replacing("rs");
    static final Option AET = Option.text("--aet", "AET", "application entity title of the archive to ask")
            .setting()
            .defaultsTo("DCM4CHEE");
    static final Option RS = Option.url("--rs", "any DICOMweb root instead: http://orthanc:8042/dicom-web")
            .setting();

    public static final Option.Section ARCHIVE = Option.section("Archive", URL, AET, RS);

    static final Option ADMIN_USER = Option.text("--admin-user", "NAME", "administrator, for example root")
            .setting();
    static final SecretOption ADMIN_PASSWORD = SecretOption.named("admin-password", "admin password");
    static final Option ADMIN_REALM = Option.text(
                    "--admin-realm",
                    "NAME",
                    "where the administrator logs in; by default the realm itself, then master")
            .setting();
    static final Option ADMIN_CLIENT_ID = Option.text(
                    "--admin-client-id", "ID", "a client's service account as administrator instead")
            .setting();
    static final SecretOption ADMIN_CLIENT_SECRET = SecretOption.named("admin-client-secret", "admin client secret");

    public static final Option.Section ADMINISTRATOR = Option.section(
            "Administrator",
            ADMIN_USER,
            ADMIN_PASSWORD.file(),
            ADMIN_PASSWORD.command(),
            ADMIN_PASSWORD.value(),
            ADMIN_REALM,
            ADMIN_CLIENT_ID,
            ADMIN_CLIENT_SECRET.file(),
            ADMIN_CLIENT_SECRET.command(),
            ADMIN_CLIENT_SECRET.value());

    private Settings() {}

    /** All settings by their keys, in the order in which a profile is written. */
    static Map<String, Option> byKey() {
        Map<String, Option> settings = new LinkedHashMap<>();
        for (Option.Section section : List.of(TOKEN, ARCHIVE, ServerOptions.SECTION, ADMINISTRATOR)) {
            for (Option option : section.options()) {
                if (option.isSetting()) {
                    settings.put(option.key(), option);
                }
            }
        }
        return settings;
    }
}
