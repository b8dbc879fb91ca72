//SOURCES ../base/Io.java ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../jwt/ArchiveRules.java ../jwt/Jwt.java ../oidc/ClientAuth.java ../oidc/Grant.java ../oidc/KeycloakAdmin.java
//SOURCES ../oidc/Provider.java ../oidc/TokenRequest.java Options.java RegistrationOptions.java

package lib.cli;

import java.util.List;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.jwt.ArchiveRules;
import lib.jwt.Jwt;
import lib.oidc.ClientAuth;
import lib.oidc.Grant;
import lib.oidc.KeycloakAdmin;
import lib.oidc.Provider;
import lib.oidc.TokenRequest;

/** The check at the end of a registration: the client requests a token for itself, which must have the roles. */
public final class RegistrationCheck {
    private RegistrationCheck() {}

    /** Requests the token; {@link Problem} if there is none or a role is missing, a warning about other faults. */
    public static void run(Secret secret, KeycloakAdmin admin, Options given, Http http, Io io) {
        String clientId = RegistrationOptions.clientId(given);
        TokenRequest request = new TokenRequest(
                Provider.keycloak(admin.base(), admin.realm()),
                new ClientAuth(ClientAuth.POST, clientId, secret, io.clock()),
                Grant.clientCredentials(),
                null,
                List.of());
        Jwt token = Jwt.decode(request.send(http).accessToken());
        List<String> has = token.claims().realmRoles();
        for (String role : RegistrationOptions.roles(given)) {
            if (!has.contains(role)) {
                throw Problem.badToken(
                        "client " + clientId + " has the role " + role + ", but its token has "
                                + (has.isEmpty()
                                        ? "no realm roles"
                                        : "only " + Printable.cut(String.join(", ", has), 300)),
                        "add the client scope roles as a default one in Clients > " + clientId + " > Client scopes");
            }
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
