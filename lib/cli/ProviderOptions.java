//SOURCES Option.java

package lib.cli;

/**
 * The options that name an OpenID provider. They are apart from those of a token request since who only checks tokens
 * should not pay for loading all that a request is made of.
 */
public final class ProviderOptions {
    public static final Option KEYCLOAK =
            Option.url("--keycloak", "Keycloak's base URL").setting();
    public static final Option REALM = Option.text("--realm", "NAME", "Keycloak's realm, upper and lower case as there")
            .setting()
            .defaultsTo("dcm4che");
    public static final Option ISSUER = Option.url("--issuer", "any OpenID provider instead, by its discovery document")
            .setting();
    public static final Option TOKEN_ENDPOINT =
            Option.url("--token-endpoint", "neither: the token endpoint itself").setting();
    public static final Option NO_CACHE =
            Option.flag("--no-cache", "neither read nor write the cache").setting();

    private ProviderOptions() {}
}
