//SOURCES ../base/Io.java ../base/Nearest.java ../base/Ownership.java ../base/Problem.java ../base/SmallFile.java
//SOURCES Option.java ServerOptions.java Settings.java

package lib.cli;

import module java.base;
import lib.base.Io;
import lib.base.Nearest;
import lib.base.Ownership;
import lib.base.Problem;
import lib.base.SmallFile;

/**
 * Settings kept in a file: lines of {@code key = value} and {@code #} comments, no escapes. The first file found of a
 * name is the whole profile.
 *
 * @param file the file they were read from; null if there is no profile
 * @param settings the values of each key that are not empty, in the order of the file
 */
record Profile(Path file, Map<String, List<String>> settings) {

    /** The name of the profile that is used where none is named. */
    static final String DEFAULT = "default";

    private static final String END = ".conf";

    /** The profiles for all users of a machine, behind those of the user. */
    private static final Path FOR_ALL = Path.of("/etc/arc-scripts");

    /** The profile {@code name}, or {@code default} where name is null and that file exists. */
    static Profile find(String name, Io io) {
        if (name != null) {
            requireName(name);
        }
        for (Path folder : folders(io)) {
            Path file = folder.resolve((name == null ? DEFAULT : name) + END);
            if (Files.exists(file)) {
                Ownership.requireFolder(folder);
                Ownership.requireFile(file);
                if (isForAll(file)) {
                    Ownership.requireRoots(folder);
                    Ownership.requireRoots(file);
                }
                return read(file, io);
            }
        }
        if (name == null) {
            return new Profile(null, Map.of());
        }
        List<String> known = names(io);
        throw Problem.usage(
                "no profile " + name + ": there is no " + folder(io).resolve(name + END),
                known.isEmpty()
                        ? "create that file with lines such as: keycloak = https://docker-host:8843"
                        : "there is " + String.join(", ", known));
    }

    /** Whether {@code file} is a profile for all users of the machine. */
    static boolean isForAll(Path file) {
        return file.startsWith(FOR_ALL);
    }

    /** The folders of profiles, the first to look into first. */
    private static List<Path> folders(Io io) {
        return io.env("ARC_CONFIG_HOME") != null ? List.of(folder(io)) : List.of(folder(io), FOR_ALL);
    }

    /** {@code $ARC_CONFIG_HOME}, else {@code arc-scripts} in the system's folder for settings. */
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

    /** Refuses a name that a profile cannot have. */
    static void requireName(String name) {
        if (!isName(name)) {
            throw Problem.usage(
                    "'" + name + "' is not a valid name for a profile",
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

    /** The names of the profiles that there are, sorted. */
    static List<String> names(Io io) {
        TreeSet<String> names = new TreeSet<>();
        for (Path folder : folders(io)) {
            try (var files = Files.newDirectoryStream(folder, "*" + END)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    names.add(name.substring(0, name.length() - END.length()));
                }
            } catch (IOException noFolder) {
                // No folder: no profiles to name.
            }
        }
        return List.copyOf(names);
    }

    /**
     * What {@code value} of {@code option} in the profile {@code file} means: a path may begin with {@code ~/}, and a
     * relative one is beside the profile.
     */
    static String resolved(Option option, String value, Path file, Io io) {
        if (!option.isPath(value) || new File(value).isAbsolute()) {
            return value;
        }
        return value.startsWith("~/")
                ? io.home() + value.substring(1)
                : file.toAbsolutePath().getParent() + File.separator + value;
    }

    /**
     * A line of a profile as it stands in the file.
     *
     * @param text the whole line with its line end
     * @param key the key; null for a comment or a blank line
     * @param value the value without blanks around it, which may be empty; null for a line that is not {@code key =
     *     value}
     */
    record Line(String text, String key, String value) {
        static Line of(String text) {
            String bare = (text.startsWith("\ufeff") ? text.substring(1) : text).strip();
            if (bare.isEmpty() || bare.startsWith("#")) {
                return new Line(text, null, null);
            }
            int equals = bare.indexOf('=');
            if (equals < 0) {
                return new Line(text, bare, null);
            }
            String key = bare.substring(0, equals).strip();
            return new Line(text, key, bare.substring(equals + 1).strip());
        }
    }

    /** The lines of the profile with the content {@code text}, in their order. */
    static List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at) + 1;
            lines.add(Line.of(text.substring(at, end)));
            at = end;
        }
        return lines;
    }

    static String text(Path file) {
        byte[] content = SmallFile.read(file.toString(), ServerOptions.PROFILE.longName());
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.usage(file + " is not UTF-8", "save it again in that encoding");
        }
    }

    private static Profile read(Path file, Io io) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        Map<String, Option> known = Settings.byKey();
        int number = 0;
        for (Line line : lines(text(file))) {
            number++;
            if (line.text().strip().indexOf('\r') >= 0) {
                throw Problem.usage(
                        "line " + number + " of " + file + " has a carriage return in it",
                        "end lines with a line feed; a value cannot hold one");
            }
            if (line.key() == null) {
                continue;
            }
            if (line.value() == null) {
                throw Problem.usage("line " + number + " of " + file + " is not key = value", "comments begin with #");
            }
            Option option = known.get(line.key());
            if (option == null) {
                String nearest = Nearest.to(line.key(), known.keySet());
                throw Problem.usage(
                        "unknown key " + line.key() + " in line " + number + " of " + file,
                        nearest == null
                                ? "the keys are " + String.join(", ", known.keySet())
                                : "did you mean " + nearest + "?");
            }
            List<String> values = settings.computeIfAbsent(line.key(), none -> new ArrayList<>(1));
            if (!line.value().isEmpty()) {
                values.add(resolved(option, line.value(), file, io));
            }
            if (values.size() > 1 && !option.isRepeatable()) {
                throw Problem.usage(
                        line.key() + " stands twice in " + file, "remove line " + number + " or the other one");
            }
        }
        return new Profile(file, settings);
    }
}
