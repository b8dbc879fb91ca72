//SOURCES ../base/Io.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../oidc/AdminLogin.java
//SOURCES ../oidc/ClientAuth.java ../oidc/Grant.java ../oidc/KeycloakAdmin.java ../oidc/PasswordGrant.java
//SOURCES ../oidc/PlainGrant.java Option.java Options.java Settings.java

package lib.cli;

import java.net.URI;
import java.util.List;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.oidc.AdminLogin;
import lib.oidc.ClientAuth;
import lib.oidc.Grant;
import lib.oidc.KeycloakAdmin;
import lib.oidc.PasswordGrant;
import lib.oidc.PlainGrant;

/** The administration of Keycloak that the options of {@link Settings#ADMINISTRATOR} open. */
public final class AdminOptions {
    private static final String MASTER = "master";

    /** The client that Keycloak has in every realm for its own command line (facts A10). */
    private static final String ADMIN_CLI = "admin-cli";

    private AdminOptions() {}

    /** The realm to change, as the administrator of the options; a missing password is asked for here. */
    public static KeycloakAdmin admin(Options given, Http http, Io io) {
        URI keycloak = given.url(Settings.KEYCLOAK);
        if (keycloak == null) {
            throw Problem.usage("which Keycloak?", "give --keycloak https://docker-host:8843, or set ARC_KEYCLOAK");
        }
        String path = keycloak.getPath();
        int tooMuch = path.contains("/admin") ? path.indexOf("/admin") : path.indexOf("/realms");
        if (tooMuch >= 0) {
            throw Problem.usage(
                    "--keycloak takes the base URL, which ends before " + path.substring(tooMuch),
                    "give --keycloak " + keycloak.resolve(tooMuch == 0 ? "/" : path.substring(0, tooMuch)));
        }
        String realm = given.text(Settings.REALM);
        return new KeycloakAdmin(keycloak, realm, login(given, keycloak, realms(given, realm), io), http);
    }

    private static List<String> realms(Options given, String realm) {
        String only = given.text(Settings.ADMIN_REALM);
        if (only != null) {
            return List.of(only);
        }
        return realm.equals(MASTER) ? List.of(MASTER) : List.of(realm, MASTER);
    }

    private static AdminLogin login(Options given, URI keycloak, List<String> realms, Io io) {
        Option who = given.strongest(List.of(Settings.ADMIN_USER, Settings.ADMIN_CLIENT_ID));
        if (who == null) {
            throw Problem.usage(
                    "who administers Keycloak?",
                    "give --admin-user NAME (root in a dcm4chee installation), or --admin-client-id ID");
        }
        if (who == Settings.ADMIN_CLIENT_ID) {
            String client = given.text(Settings.ADMIN_CLIENT_ID);
            Secret secret = Settings.ADMIN_CLIENT_SECRET.read(given, io);
            ClientAuth auth = new ClientAuth(ClientAuth.POST, client, secret, io.clock());
            return new AdminLogin("client " + client, keycloak, realms, auth, PlainGrant.clientCredentials());
        }
        String user = given.text(Settings.ADMIN_USER);
        Grant grant = new PasswordGrant(user, Settings.ADMIN_PASSWORD.read(given, io), null, null);
        ClientAuth auth = new ClientAuth(ClientAuth.NONE, ADMIN_CLI, null, io.clock());
        return new AdminLogin(user, keycloak, realms, auth, grant);
    }
}
