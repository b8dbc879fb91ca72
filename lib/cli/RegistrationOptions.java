//SOURCES ../base/Cache.java ../base/Io.java ../base/Problem.java ../base/Prompt.java ../oidc/Changes.java
//SOURCES ../oidc/ClientSettings.java ../oidc/KeycloakAdmin.java ../oidc/Registration.java KeptSecret.java Option.java
//SOURCES Options.java Settings.java

package lib.cli;

import java.util.ArrayList;
import java.util.List;
import lib.base.Cache;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Prompt;
import lib.oidc.Changes;
import lib.oidc.ClientSettings;
import lib.oidc.KeycloakAdmin;
import lib.oidc.Registration;

/** The options that say what the client in Keycloak is to be like, and the registration that they describe. */
public final class RegistrationOptions {
    public static final Option ROLE = Option.text(
                    "--role", "NAME", "realm role for the client's service account (archives up to 5.31: user)")
            .repeatable()
            .defaultsTo("auth");
    public static final Option CREATE_ROLE = Option.flag("--create-role", "create a role that the realm does not have");
    public static final Option REDIRECT_URI =
            Option.text("--redirect-uri", "URI", "the client's redirect URI; / for a new client");
    public static final Option TOKEN_LIFESPAN = Option.number(
            "--token-lifespan", "SEC", "how long the client's tokens live, if not as long as the realm's");
    public static final Option REPAIR = Option.flag(
            "--repair", "change whatever else an existing client has wrong, which may serve somebody as it is");
    public static final Option ROTATE_SECRET =
            Option.flag("--rotate-secret", "replace the secret; the old one is no good from then on");
    public static final Option DELETE = Option.flag("--delete", "delete the client");
    public static final Option YES = Option.flag("--yes", "do not ask before");
    public static final Option DRY_RUN =
            Option.flag("--dry-run", "say what would change, and send nothing but GETs and the administrator's login");

    public static final Option.Section SECTION = Option.section(
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

    private RegistrationOptions() {}

    /** The client's identifier, which must not be blank: Keycloak would make up another one (facts A10). */
    public static String clientId(Options given) {
        String clientId = given.text(Settings.CLIENT_ID);
        if (clientId.isBlank() || given.isEmptyOnCommandLine(Settings.CLIENT_ID)) {
            throw Problem.usage("the client ID is empty", "give --client-id NAME, for example curl");
        }
        return clientId;
    }

    /** Deletes the client, if there is one and a person agrees. */
    public static void delete(Registration registration, Options given) {
        if (!registration.exists()) {
            return;
        }
        if (!given.is(YES) && !given.is(DRY_RUN)) {
            Boolean agreed = Prompt.confirm("delete client " + clientId(given) + " of realm "
                    + given.text(Settings.REALM) + " for good? type yes: ");
            if (agreed == null) {
                throw Problem.usage("nobody is there to agree to --delete", "give --yes to do without");
            }
            if (!agreed) {
                throw Problem.failed("client " + clientId(given) + " was not deleted", "that takes a yes");
            }
        }
        registration.delete();
    }

    /** The realm roles for the service account, each once. */
    public static List<String> roles(Options given) {
        List<String> roles = new ArrayList<>();
        for (String role : given.texts(ROLE)) {
            if (!roles.contains(role)) {
                roles.add(role);
            }
        }
        return roles;
    }

    /** The changes to come. */
    public static Changes changes(Options given, Io io) {
        return new Changes(clientId(given), given.is(DRY_RUN), io.messages(), Cache.of(io));
    }

    /** What is to be done by {@code admin}. */
    public static Registration registration(Options given, KeycloakAdmin admin, Changes changes) {
        Integer lifespan = given.text(TOKEN_LIFESPAN) == null ? null : given.number(TOKEN_LIFESPAN);
        ClientSettings wanted = new ClientSettings(admin.realm(), clientId(given), given.text(REDIRECT_URI), lifespan);
        return new Registration(admin, wanted, roles(given), given.is(CREATE_ROLE), changes);
    }

    /** Refuses options that make no sense together, before anything is sent. */
    public static void requireSense(Options given) {
        clientId(given);
        if (given.text(TOKEN_LIFESPAN) != null && given.number(TOKEN_LIFESPAN) == 0) {
            throw Problem.usage("--token-lifespan cannot be 0", "leave it out for what the realm says, 300 by default");
        }
        if (given.isOnCommandLine(Settings.URL) && !given.isOnCommandLine(KeptSecret.SAVE_PROFILE)) {
            throw Problem.usage("--url goes into a profile", "give --save-profile NAME too");
        }
        if (given.is(DELETE)) {
            for (Option other : List.of(
                    REPAIR,
                    ROTATE_SECRET,
                    CREATE_ROLE,
                    KeptSecret.SAVE_PROFILE,
                    KeptSecret.SECRET_FILE,
                    KeptSecret.SHOW_SECRET)) {
                if (given.isOnCommandLine(other)) {
                    throw Problem.usage(
                            "--delete and " + other.longName() + " exclude each other",
                            "delete the client first, and register it again then");
                }
            }
        }
    }
}
