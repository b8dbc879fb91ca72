///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Secret.java ../lib/cli/Cli.java ../lib/cli/Options.java
//SOURCES ../lib/cli/RegistrationOptions.java ../lib/cli/SavedSecret.java ../lib/cli/ServerOptions.java
//SOURCES ../lib/cli/Settings.java ../lib/cli/Tool.java ../lib/http/Http.java ../lib/json/Json.java
//SOURCES ../lib/oidc/KeycloakAdmin.java ../lib/oidc/Registration.java

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Secret;
import lib.cli.Cli;
import lib.cli.Options;
import lib.cli.RegistrationOptions;
import lib.cli.SavedSecret;
import lib.cli.ServerOptions;
import lib.cli.Settings;
import lib.cli.Tool;
import lib.http.Http;
import lib.json.Json;
import lib.oidc.KeycloakAdmin;
import lib.oidc.Registration;

/** Registers a client in Keycloak that gets tokens for the archive: the steps of the console as one command. */
public class regclient extends Tool {
    regclient() {
        super(
                "regclient",
                "Register a client in Keycloak that may read the archive; again, and it changes nothing.",
                null,
                List.of(
                        RegistrationOptions.CLIENT,
                        RegistrationOptions.RESULT,
                        Settings.ADMINISTRATOR,
                        ServerOptions.PROFILES,
                        ServerOptions.SECTION),
                """
                regclient --keycloak https://docker-host:8843 --admin-user root --save-profile hospital
                regclient -p hospital --admin-user root --client-id viewer --role auth --role root --dry-run
                regclient -p hospital --admin-user root --rotate-secret
                regclient -p hospital --admin-user root --delete
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new regclient(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        RegistrationOptions.check(given);
        try (SavedSecret saved = new SavedSecret(given, io);
                Http http = ServerOptions.http(given, io)) {
            KeycloakAdmin admin = RegistrationOptions.admin(given, http, io);
            try (Registration registration = RegistrationOptions.registration(given, admin, io)) {
                Registration.Result result = given.is(RegistrationOptions.DELETE)
                        ? RegistrationOptions.delete(registration, given)
                        : registration.register();
                if (result.secret() != null) {
                    saved.write(result, admin);
                    RegistrationOptions.prove(result, admin, given, http, io);
                }
                print(registration, result.secret(), saved.file(), given, io);
                registration.conclude(result);
                return Exit.DONE.code();
            }
        }
    }

    private static void print(Registration registration, Secret secret, Path file, Options given, Io io) {
        boolean isDeleted = given.is(RegistrationOptions.DELETE);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("clientId", RegistrationOptions.clientId(given));
        answer.put("realm", given.text(Settings.REALM));
        answer.put("roles", isDeleted ? List.of() : RegistrationOptions.roles(given));
        answer.put("changed", registration.changes());
        if (registration.mode().isDryRun()) {
            answer.put("dryRun", true);
        }
        answer.put("secretFile", secret == null || file == null ? null : file.toString());
        if (secret != null && given.is(RegistrationOptions.SHOW_SECRET)) {
            answer.put("secret", secret.reveal());
        }
        io.print((io.outIsTerminal() ? Json.pretty(answer, io.isStyled(1)) : Json.compact(answer)) + "\n");
    }
}
