///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Secret.java ../lib/cli/AdminOptions.java
//SOURCES ../lib/cli/Cli.java ../lib/cli/KeptSecret.java ../lib/cli/Options.java ../lib/cli/Proof.java
//SOURCES ../lib/cli/RegistrationOptions.java ../lib/cli/ServerOptions.java ../lib/cli/Settings.java
//SOURCES ../lib/cli/Tool.java ../lib/http/Http.java ../lib/json/Json.java ../lib/oidc/Changes.java
//SOURCES ../lib/oidc/KeycloakAdmin.java ../lib/oidc/Registration.java

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Secret;
import lib.cli.AdminOptions;
import lib.cli.Cli;
import lib.cli.KeptSecret;
import lib.cli.Options;
import lib.cli.Proof;
import lib.cli.RegistrationOptions;
import lib.cli.ServerOptions;
import lib.cli.Settings;
import lib.cli.Tool;
import lib.http.Http;
import lib.json.Json;
import lib.oidc.Changes;
import lib.oidc.KeycloakAdmin;
import lib.oidc.Registration;

/** Registers a client in Keycloak that gets tokens for the archive: the steps of the console as one command. */
public class regclient extends Tool {
    regclient() {
        super(
                "regclient",
                "Register a client in Keycloak that may read the archive; again, and it changes nothing.",
                null,
                List.of(RegistrationOptions.SECTION, KeptSecret.SECTION, Settings.ADMINISTRATOR, ServerOptions.SECTION),
                """
                regclient --keycloak https://docker-host:8843 --admin-user root --save-profile hospital
                regclient -p hospital --admin-user root --client-id viewer --role auth --role root --dry-run
                regclient -p hospital --admin-user root --rotate-secret --save-profile hospital
                regclient -p hospital --admin-user root --delete
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new regclient(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        RegistrationOptions.requireSense(given);
        try (Changes changes = RegistrationOptions.changes(given, io);
                KeptSecret kept = KeptSecret.open(given, io);
                Http http = ServerOptions.http(given, io)) {
            KeycloakAdmin admin = AdminOptions.admin(given, http, io);
            Registration registration = RegistrationOptions.registration(given, admin, changes);
            if (given.is(RegistrationOptions.DELETE)) {
                RegistrationOptions.delete(registration, given);
                print(changes, null, null, given, io);
            } else {
                registration.look(given.is(RegistrationOptions.REPAIR));
                registration.save();
                registration.assignRoles();
                Secret secret = registration.secret(given.is(RegistrationOptions.ROTATE_SECRET));
                if (secret != null) {
                    kept.keep(secret, admin, changes);
                    Proof.take(secret, admin, given, http, io);
                }
                print(changes, secret == null ? null : kept.file(), secret, given, io);
            }
            registration.conclude();
            return Exit.DONE.code();
        }
    }

    private static void print(Changes changes, Path file, Secret secret, Options given, Io io) {
        boolean isDeleted = given.is(RegistrationOptions.DELETE);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("clientId", RegistrationOptions.clientId(given));
        answer.put("realm", given.text(Settings.REALM));
        answer.put("roles", isDeleted ? List.of() : RegistrationOptions.roles(given));
        answer.put("changed", changes.names());
        if (changes.isDryRun()) {
            answer.put("dryRun", true);
        }
        answer.put("secretFile", file == null ? null : file.toString());
        if (secret != null && given.is(KeptSecret.SHOW_SECRET)) {
            answer.put("secret", secret.reveal());
        }
        io.print((io.outIsTerminal() ? Json.pretty(answer) : Json.compact(answer)) + "\n");
    }
}
