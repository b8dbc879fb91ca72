//SOURCES ../base/Destination.java ../base/Io.java ../base/Ownership.java ../base/Problem.java ../base/Secret.java
//SOURCES ../oidc/KeycloakAdmin.java ../oidc/Registration.java Option.java Options.java Profile.java
//SOURCES RegistrationOptions.java ServerOptions.java Settings.java

package lib.cli;

import module java.base;
import lib.base.Destination;
import lib.base.Io;
import lib.base.Ownership;
import lib.base.Problem;
import lib.base.Secret;
import lib.oidc.KeycloakAdmin;
import lib.oidc.Registration;

/**
 * The files that a registration writes the client's secret to: a profile for the other tools, a file, both or none.
 * They are opened before anything is sent to Keycloak, so that a secret is never lost because of a wrong path.
 */
public final class SavedSecret implements AutoCloseable {
    private final Options given;
    private final Io io;
    private final NewProfile profile;
    private final Path file;
    // Those that are not written yet.
    private final Map<Path, Destination> opened = new HashMap<>();

    /** Opens the files that the options name; in a dry run nothing is created. */
    public SavedSecret(Options given, Io io) {
        this.given = given;
        this.io = io;
        String name = given.text(RegistrationOptions.SAVE_PROFILE);
        profile = name == null ? null : NewProfile.named(name, settings(given), io);
        Path path = given.file(RegistrationOptions.SECRET_FILE);
        if (path != null && path.equals(Path.of("-"))) {
            throw Problem.usage("--secret-file takes a file", "to see the secret: --show-secret");
        }
        if (path == null && profile == null && given.is(RegistrationOptions.ROTATE_SECRET)) {
            path = taken(given);
        }
        file = path == null ? null : path.toAbsolutePath();
        if (!given.is(RegistrationOptions.DRY_RUN)) {
            openFiles();
        }
    }

    /**
     * The file from which the profile in use takes the secret of this client, which a new one must replace, or the
     * profile would be of no use. Null where nothing here takes it; {@link Problem} where it comes from elsewhere.
     */
    private static Path taken(Options given) {
        Option source = Settings.CLIENT_SECRET.source(given);
        Path conf = source == null ? null : given.profileOf(source);
        Path current = current(given);
        if (source == null || isOfAnother(given) || conf != null && current != null) {
            return current;
        }
        throw Problem.usage(
                "the client's secret comes from " + (conf == null ? source.variable() : source.key() + " in " + conf)
                        + ", where a new one cannot be written",
                "say where it goes: --save-profile NAME or --secret-file FILE");
    }

    /** The file that this client's secret is read from; null if it comes from elsewhere, or is of another client. */
    private static Path current(Options given) {
        boolean isInFile = Settings.CLIENT_SECRET.source(given) == Settings.CLIENT_SECRET.file()
                && !Settings.CLIENT_SECRET.isOnStdin(given);
        return isInFile && !isOfAnother(given) ? given.file(Settings.CLIENT_SECRET.file()) : null;
    }

    private void openFiles() {
        try {
            if (file != null) {
                opened.put(file, Destination.file(file));
                Path inUse = given.profile().file();
                if (inUse != null && Profile.isForAll(inUse)) {
                    // A group reads it there.
                    opened.get(file).keepingPermissions();
                }
            }
            if (profile != null) {
                if (profile.file().equals(file)) {
                    throw Problem.usage("--secret-file is the profile itself", "name another file for the secret");
                }
                profile.makeFolder();
                for (Path path : List.of(profile.file(), profile.secretFile())) {
                    opened.computeIfAbsent(path, Destination::file);
                }
            }
        } catch (Problem problem) {
            close();
            throw problem;
        }
    }

    /** The file that has the secret afterwards, or null if there is none. */
    public Path file() {
        return file != null || profile == null ? file : profile.secretFile();
    }

    /** Writes the secret of {@code result}, and the profile; says where they are, or how to get at the secret. */
    public void write(Registration.Result result, KeycloakAdmin admin) {
        String line = result.secret().reveal() + "\n";
        if (file != null) {
            write(file, line);
            io.messages().note("the secret is in " + file);
        }
        if (profile != null) {
            writeProfile(line, admin);
        }
        if (file == null && profile == null) {
            boolean isKnown = !result.isNewSecret() && Settings.CLIENT_SECRET.isGiven(given);
            if (!given.is(RegistrationOptions.SHOW_SECRET) && !isKnown) {
                io.messages()
                        .note("the secret stays in Keycloak: --save-profile NAME or --secret-file FILE writes it to a"
                                + " file, --show-secret prints it");
            }
            warnOfAnother(result.secret());
        }
    }

    /** A run may have been broken off between Keycloak's answer with a new secret and the file for it. */
    private void warnOfAnother(Secret secret) {
        Path path = current(given);
        if (path != null && Files.isRegularFile(path) && Files.isReadable(path) && !has(secret)) {
            io.messages()
                    .warning(path + " has another secret than Keycloak: --secret-file " + path + " replaces it there");
        }
    }

    private boolean has(Secret secret) {
        try {
            return Settings.CLIENT_SECRET.read("", given, io).equals(secret);
        } catch (Problem noSecretInIt) {
            return false;
        }
    }

    /** Whether the client is another one than that of the profile in use. */
    private static boolean isOfAnother(Options given) {
        return !given.inProfile(Settings.CLIENT_ID).equals(given.texts(Settings.CLIENT_ID));
    }

    private void writeProfile(String secret, KeycloakAdmin admin) {
        Map<Option, List<String>> settings = profile.settings();
        settings.put(Settings.KEYCLOAK, List.of(admin.base().toString()));
        settings.put(Settings.CLIENT_SECRET.file(), List.of(profile.secretFile().toString()));
        List<String> dropped = new ArrayList<>();
        String conf = profile.merged(dropped, io);
        if (!dropped.isEmpty()) {
            io.messages().note("removed from the profile: " + String.join(", ", dropped));
        }
        if (given.is(ServerOptions.INSECURE)) {
            io.messages()
                    .warning("the profile is insecure, as this run was: use --cacert or --server-cert instead of -k");
        }
        write(profile.secretFile(), secret);
        write(profile.file(), conf);
        String named = profile.name().equals(Profile.DEFAULT) ? "" : " -p " + profile.name();
        io.messages()
                .note("the profile is in " + profile.file() + "; try: gettoken" + named
                        + (settings.containsKey(Settings.URL) ? " | arcget" + named + " studies/count" : ""));
    }

    private void write(Path path, String text) {
        try (Destination destination = opened.remove(path)) {
            // Null if --secret-file is that of the profile, and so has the secret.
            if (destination != null) {
                destination.print(text);
                destination.commit();
            }
        }
    }

    /** Removes what was opened and not written. */
    @Override
    public void close() {
        opened.values().forEach(Destination::close);
    }

    /** What the other tools need to know to do as this run did; Keycloak's base URL is corrected afterwards. */
    private static Map<Option, List<String>> settings(Options given) {
        Map<Option, List<String>> settings = new LinkedHashMap<>();
        settings.put(Settings.KEYCLOAK, given.texts(Settings.KEYCLOAK));
        for (Option option : Settings.byKey().values()) {
            List<String> values = new ArrayList<>(option.isSaved() ? given.texts(option) : List.of());
            values.replaceAll(value ->
                    option.isPath(value) ? Path.of(value).toAbsolutePath().toString() : value);
            if (!values.isEmpty()) {
                settings.put(option, values);
            }
        }
        return settings;
    }

    /**
     * A profile to write. An existing one keeps its comments and its other lines, except settings that the new ones
     * replace.
     *
     * @param folder where profiles are
     * @param name its name
     * @param file where it is, or will be
     * @param before the text that is there; empty for none
     * @param settings what it gets
     */
    private record NewProfile(Path folder, String name, Path file, String before, Map<Option, List<String>> settings) {
        /** The profile {@code name}, which must be valid if it exists; nothing is created or written yet. */
        static NewProfile named(String name, Map<Option, List<String>> settings, Io io) {
            Profile.requireName(name);
            Path folder = Profile.folder(io).toAbsolutePath().normalize();
            Path file = folder.resolve(name + ".conf");
            for (Map.Entry<Option, List<String>> setting : settings.entrySet()) {
                requireStorable(setting.getKey().key(), setting.getValue());
            }
            try {
                if (!Files.exists(file)) {
                    if (Files.exists(folder)) {
                        Ownership.requireFolder(folder);
                    }
                    return new NewProfile(folder, name, file, "", settings);
                }
                Profile.find(name, io);
                // A link to a profile elsewhere stays a link.
                return new NewProfile(folder, name, file.toRealPath(), Files.readString(file), settings);
            } catch (IOException e) {
                throw Problem.usage("cannot read " + file + ": " + Problem.reason(e), "check it with ls -l");
            }
        }

        /** A profile has no escapes, and blanks at the ends of a value are dropped. */
        private static void requireStorable(String key, List<String> values) {
            for (String value : values) {
                if (!value.equals(value.strip()) || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
                    throw Problem.usage(
                            "a profile cannot hold this " + key
                                    + ": it has a line break, or a blank at its beginning or end",
                            "choose another one, or leave out --save-profile");
                }
            }
        }

        /** The file for the client's secret: beside the profile, with the ending {@code secret}. */
        Path secretFile() {
            return folder.resolve(name + ".secret");
        }

        /** Creates the folder if there is none, for its owner alone. */
        void makeFolder() {
            try {
                Files.createDirectories(folder, Ownership.only("rwx------", folder));
            } catch (FileAlreadyExistsException e) {
                throw Problem.failed(e.getMessage() + " is not a folder", "choose another with ARC_CONFIG_HOME");
            } catch (IOException e) {
                throw Problem.failed("cannot make the folder " + folder, "choose another with ARC_CONFIG_HOME");
            }
        }

        /**
         * The text with the settings in it; existing values of a repeatable setting stay.
         *
         * @param dropped gets the keys of the settings that the new ones replace
         */
        String merged(List<String> dropped, Io io) {
            Map<Option, List<String>> missing = new LinkedHashMap<>();
            List<String> replaced = new ArrayList<>();
            for (Map.Entry<Option, List<String>> setting : settings.entrySet()) {
                missing.put(setting.getKey(), new ArrayList<>(setting.getValue()));
                replaced.addAll(setting.getKey().replaced());
            }
            String end = before.contains("\r\n") ? "\r\n" : "\n";
            StringBuilder merged = new StringBuilder();
            Map<String, Option> known = Settings.byKey();
            for (Profile.Line line : Profile.lines(before)) {
                Option option = known.get(line.key());
                List<String> left = missing.get(option);
                if (left == null && replaced.contains(line.key())) {
                    dropped.add(line.key());
                } else if (left == null
                        || left.remove(Profile.resolved(option, line.value(), file, io))
                        || option.isRepeatable()) {
                    merged.append(line.text());
                } else if (!left.isEmpty()) {
                    merged.append(line.key() + " = " + left.removeFirst() + end);
                }
            }
            if (!merged.isEmpty() && merged.charAt(merged.length() - 1) != '\n') {
                merged.append(end);
            }
            for (Map.Entry<Option, List<String>> setting : missing.entrySet()) {
                for (String value : setting.getValue()) {
                    merged.append(setting.getKey().key() + " = " + value + end);
                }
            }
            return merged.toString();
        }
    }
}
