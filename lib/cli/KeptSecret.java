//SOURCES ../base/Destination.java ../base/Io.java ../base/Problem.java ../base/Secret.java ../oidc/Changes.java
//SOURCES ../oidc/KeycloakAdmin.java Option.java Options.java RegistrationOptions.java SavedProfile.java
//SOURCES ServerOptions.java Settings.java TokenOptions.java

package lib.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Destination;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;
import lib.oidc.Changes;
import lib.oidc.KeycloakAdmin;

/**
 * Where a client's secret is kept: in a profile that the other tools read, in a file, or nowhere. All of it is found to
 * be writable before anything is asked of Keycloak.
 */
public final class KeptSecret implements AutoCloseable {
    public static final Option SAVE_PROFILE = Option.text(
            "--save-profile", "NAME", "write NAME.conf and NAME.secret, for -p NAME; other lines of NAME.conf stay");
    public static final Option SECRET_FILE =
            Option.file("--secret-file", "FILE", "write the secret to FILE, readable by you alone");
    public static final Option SHOW_SECRET = Option.flag("--show-secret", "print the secret too");

    public static final Option.Section SECTION =
            Option.section("Result", SAVE_PROFILE, Settings.URL, SECRET_FILE, SHOW_SECRET);

    private final Options given;
    private final Io io;
    private final SavedProfile profile;
    private final Path named;
    private final Destination profileConf;
    private final Destination profileSecret;
    private final Destination secretFile;

    private KeptSecret(Options given, Io io, SavedProfile profile, Path named) {
        this.given = given;
        this.io = io;
        this.profile = profile;
        this.named = named;
        boolean isDryRun = given.is(RegistrationOptions.DRY_RUN);
        if (profile != null && !isDryRun) {
            profile.makeFolder();
        }
        this.profileConf = profile == null || isDryRun ? null : Destination.of(profile.file(), io);
        this.profileSecret = profile == null || isDryRun ? null : Destination.of(profile.secretFile(), io);
        this.secretFile = named == null || isDryRun ? null : Destination.of(named, io);
    }

    /** What the options ask for, the files being open for writing; in a dry run they are only looked at. */
    public static KeptSecret open(Options given, Io io) {
        SavedProfile profile = null;
        if (given.text(SAVE_PROFILE) != null) {
            profile = SavedProfile.named(given.text(SAVE_PROFILE), io);
            for (Map.Entry<String, List<String>> setting : settings(given).entrySet()) {
                for (String value : setting.getValue()) {
                    SavedProfile.requireStorable(setting.getKey(), value);
                }
            }
        }
        Path file = given.file(SECRET_FILE);
        if (file != null && file.equals(Path.of("-"))) {
            throw Problem.usage("--secret-file takes a file", "to see the secret: --show-secret");
        }
        return new KeptSecret(given, io, profile, file == null ? null : file.toAbsolutePath());
    }

    /** The file that holds the secret afterwards, or null if none does. */
    public Path file() {
        return named != null || profile == null ? named : profile.secretFile();
    }

    /** Writes {@code secret}, and a profile that gets a token with it; says where it is, or how to get at it. */
    public void keep(Secret secret, KeycloakAdmin admin, Changes changes) {
        if (secretFile != null) {
            SavedProfile.write(secretFile, secret.reveal() + "\n");
            io.messages().note("the secret is in " + named);
        }
        if (profile != null) {
            Map<String, List<String>> settings = settings(given);
            settings.put(Settings.KEYCLOAK.key(), List.of(admin.base().toString()));
            settings.put(
                    Settings.CLIENT_SECRET.file().key(),
                    List.of(profile.secretFile().toString()));
            List<String> dropped = profile.inTheWayOf(settings);
            if (!dropped.isEmpty()) {
                io.messages().note("the profile says so no more: " + String.join(", ", dropped));
            }
            if (given.is(ServerOptions.INSECURE)) {
                io.messages()
                        .warning("the profile is insecure as this run was: with --cacert or --server-cert instead of -k"
                                + " it would not be");
            }
            SavedProfile.write(profileSecret, secret.reveal() + "\n");
            SavedProfile.write(profileConf, profile.with(settings));
            io.messages()
                    .note("the profile is in " + profile.file() + "; try: gettoken -p " + profile.name()
                            + (settings.containsKey("url") ? " | arcget -p " + profile.name() + " studies/count" : ""));
        }
        boolean isNew = changes.names().contains("client") || changes.names().contains("secret");
        boolean isKnown = !isNew && TokenOptions.nameSecret(given);
        if (secretFile == null && profile == null && !given.is(SHOW_SECRET) && !isKnown) {
            io.messages()
                    .note("the secret stays in Keycloak: --save-profile NAME or --secret-file FILE writes it to a file,"
                            + " --show-secret prints it");
        }
    }

    /** Leaves nothing of what was not written. */
    @Override
    public void close() {
        for (Destination destination : Arrays.asList(profileConf, profileSecret, secretFile)) {
            if (destination != null) {
                destination.close();
            }
        }
    }

    /** What the other tools need to know to do as this run did; Keycloak's address is known better afterwards. */
    private static Map<String, List<String>> settings(Options given) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        settings.put(Settings.KEYCLOAK.key(), given.texts(Settings.KEYCLOAK));
        for (Option option : Settings.all()) {
            List<String> values = new ArrayList<>();
            for (String value : given.texts(option)) {
                values.add(
                        option.isPath(value) ? Path.of(value).toAbsolutePath().toString() : value);
            }
            if (option.isSaved() && !values.isEmpty()) {
                settings.put(option.key(), values);
            }
        }
        return settings;
    }
}
