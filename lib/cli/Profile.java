//SOURCES ../base/Io.java ../base/Nearest.java ../base/Ownership.java ../base/Problem.java Option.java Settings.java

package lib.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Io;
import lib.base.Nearest;
import lib.base.Ownership;
import lib.base.Problem;

/**
 * Settings that somebody keeps in a file: lines of {@code key = value} and {@code #} comments, no escapes.
 *
 * @param file where they were read; null if there is no profile
 * @param settings the values of each key, in the order of the file
 */
record Profile(Path file, Map<String, List<String>> settings) {

    /** The profile {@code name}, or {@code default} where name is null and that file exists. */
    static Profile find(String name, Io io) {
        if (name != null) {
            requireName(name);
        }
        Path folder = folder(io);
        Path file = folder.resolve((name == null ? "default" : name) + ".conf");
        if (!Files.exists(file)) {
            if (name == null) {
                return new Profile(null, Map.of());
            }
            throw Problem.usage("no profile " + name + ": there is no " + file, hintFor(folder));
        }
        Ownership.requireFolder(folder);
        Ownership.requireFile(file);
        return read(file);
    }

    /** The values of {@code key} that are not empty. */
    List<String> values(String key) {
        return settings.getOrDefault(key, List.of());
    }

    /** {@code $ARC_CONFIG_HOME}, else {@code arc-scripts} below the place where this system keeps settings. */
    static Path folder(Io io) {
        if (io.env("ARC_CONFIG_HOME") != null) {
            return Path.of(io.env("ARC_CONFIG_HOME"));
        }
        if (io.env("XDG_CONFIG_HOME") != null) {
            return Path.of(io.env("XDG_CONFIG_HOME"), "arc-scripts");
        }
        return io.env("APPDATA") != null
                ? Path.of(io.env("APPDATA"), "arc-scripts")
                : io.home().resolve(".config").resolve("arc-scripts");
    }

    /** Refuses what is no name for a profile. */
    static void requireName(String name) {
        if (!isName(name)) {
            throw Problem.usage(
                    "'" + name + "' is no name for a profile",
                    "letters, digits, dot, dash and underscore, not beginning with a dot or dash");
        }
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean first = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
            if (!first && (i == 0 || c != '.' && c != '-')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static String hintFor(Path folder) {
        List<String> known = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.conf")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                known.add(name.substring(0, name.length() - ".conf".length()));
            }
        } catch (IOException noFolder) {
            // Then there is no profile either.
        }
        known.sort(null);
        return known.isEmpty()
                ? "create that file with lines such as: keycloak = https://docker-host:8843"
                : "there is " + String.join(", ", known);
    }

    /** The key in a line of a profile; null if it is a comment, or blank, or none of ours. */
    static String key(String line) {
        String text = (line.startsWith("\ufeff") ? line.substring(1) : line).strip();
        int equals = text.indexOf('=');
        return text.startsWith("#") || equals < 0
                ? null
                : text.substring(0, equals).strip();
    }

    private static Profile read(Path file) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw Problem.usage("line " + number + " of " + file + " is not key = value", "comments begin with #");
            }
            String key = text.substring(0, equals).strip();
            Option option = Settings.named(key);
            if (option == null) {
                String nearest = Nearest.to(key, Settings.keys());
                throw Problem.usage(
                        "unknown key " + key + " in line " + number + " of " + file,
                        nearest == null
                                ? "the keys are " + String.join(", ", Settings.keys())
                                : "did you mean " + nearest + "?");
            }
            List<String> values = settings.computeIfAbsent(key, none -> new ArrayList<>(1));
            String value = text.substring(equals + 1).strip();
            if (!value.isEmpty()) {
                values.add(value);
            }
            if (values.size() > 1 && !option.isRepeatable()) {
                throw Problem.usage(key + " stands twice in " + file, "remove line " + number + " or the other one");
            }
        }
        return new Profile(file, settings);
    }

    private static List<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            return (text.startsWith("\ufeff") ? text.substring(1) : text)
                    .lines()
                    .toList();
        } catch (CharacterCodingException e) {
            throw Problem.usage(file + " is not UTF-8", "save it again in that encoding");
        } catch (IOException e) {
            throw Problem.usage("cannot read " + file + ": " + e.getMessage(), null);
        }
    }
}
