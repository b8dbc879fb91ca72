//SOURCES ../base/Io.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../oidc/AdminLogin.java
//SOURCES ../oidc/KeycloakAdmin.java Option.java Options.java Settings.java

package lib.cli;

import java.net.URI;
import java.util.List;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.oidc.AdminLogin;
import lib.oidc.KeycloakAdmin;

/** The administration of Keycloak that the options of {@link Settings#ADMINISTRATOR} open. */
public final class AdminOptions {
    private static final String MASTER = "master";

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
            Secret secret = Settings.ADMIN_CLIENT_SECRET.read(given, io);
            return AdminLogin.ofClient(given.text(who), secret, keycloak, realms, io.clock());
        }
        Secret password = Settings.ADMIN_PASSWORD.read(given, io);
        return AdminLogin.ofUser(given.text(who), password, keycloak, realms, io.clock());
    }
}
