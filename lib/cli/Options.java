//SOURCES ../base/Io.java ../base/Problem.java Option.java Profile.java ServerOptions.java

package lib.cli;

import module java.base;
import lib.base.Io;
import lib.base.Problem;

/**
 * The values of a run's options: from the command line, then the profile that it names, then the environment, then its
 * profile or the default one, then what is built in. Empty means unset.
 */
public final class Options {
    private final Map<String, List<String>> commandLine;
    private final List<String> arguments;
    private final Io io;
    private final Set<String> warned = new HashSet<>();
    private Profile profile;

    /**
     * @param commandLine the values given for each long name
     * @param arguments the positional arguments
     * @param io for the environment
     */
    Options(Map<String, List<String>> commandLine, List<String> arguments, Io io) {
        this.commandLine = commandLine;
        this.arguments = arguments;
        this.io = io;
    }

    /** Where a value comes from. */
    private enum Level {
        COMMAND_LINE,
        ENVIRONMENT,
        PROFILE
    }

    /** The levels, the strongest first. */
    private List<Level> levels() {
        return namedProfile() == null
                ? List.of(Level.COMMAND_LINE, Level.ENVIRONMENT, Level.PROFILE)
                : List.of(Level.COMMAND_LINE, Level.PROFILE, Level.ENVIRONMENT);
    }

    /** The positional arguments. */
    public List<String> arguments() {
        return arguments;
    }

    /** Whether the switch is on. */
    public boolean is(Option option) {
        return "true".equals(text(option));
    }

    /** The value of {@code option}, or null if there is none; the last one if it was given several times. */
    public String text(Option option) {
        List<String> values = texts(option);
        return values.isEmpty() ? null : values.getLast();
    }

    /** All values of {@code option} from the strongest level that has any. */
    public List<String> texts(Option option) {
        Level level = level(option);
        if (level == Level.PROFILE && !at(level, option).equals(at(Level.ENVIRONMENT, option))) {
            warnOfVariable(option);
        }
        return level != null ? at(level, option) : option.fallback() == null ? List.of() : List.of(option.fallback());
    }

    /** The strongest level that has a value of {@code option}, or null. */
    private Level level(Option option) {
        for (Level level : levels()) {
            if (!at(level, option).isEmpty()) {
                return level;
            }
        }
        return null;
    }

    /** The value of {@code option} as a path, or null if there is none. */
    public Path file(Option option) {
        String text = text(option);
        return text == null ? null : Path.of(text);
    }

    /** The value of {@code option} as an absolute http or https URL, a base URL without a slash at its end, or null. */
    public URI url(Option option) {
        String text = text(option);
        return text == null ? null : toUrl(option, text);
    }

    /** The value of {@code option} as a number; the option has a default. */
    public int number(Option option) {
        return toNumber(option, text(option));
    }

    /**
     * The one of {@code alternatives} that applies: the strongest level wins as a whole, so that an option on the
     * command line is never mixed with a setting of another kind from the profile.
     *
     * @return null if none of them is given
     */
    public Option strongest(List<Option> alternatives) {
        for (Level level : levels()) {
            Option found = null;
            for (Option option : alternatives) {
                if (!at(level, option).isEmpty()) {
                    if (found != null) {
                        throw Problem.usage(
                                name(level, found) + " and " + name(level, option) + " exclude each other",
                                "give one of them");
                    }
                    found = option;
                }
            }
            if (found != null) {
                for (Option option : alternatives) {
                    if (option != found && level == Level.PROFILE) {
                        warnOfVariable(option);
                    }
                }
                return found;
            }
        }
        return null;
    }

    /** The {@link #strongest} of {@code alternatives}; {@link Problem} if none is given. */
    Option required(List<Option> alternatives, String message, String hint) {
        Option found = strongest(alternatives);
        if (found == null) {
            throw Problem.usage(message, orProfile(hint));
        }
        return found;
    }

    /** Warns once if the variable of {@code option} is set, which the profile on the command line overrides. */
    private void warnOfVariable(Option option) {
        if (!at(Level.ENVIRONMENT, option).isEmpty() && warned.add(option.variable())) {
            io.speaking(is(ServerOptions.SILENT), false)
                    .messages()
                    .warning(option.variable() + " is set, but " + profile().file() + " says otherwise and is taken");
        }
    }

    /** {@code hint} to a missing setting, with the profiles that may have it. */
    public String orProfile(String hint) {
        StringBuilder profiles = new StringBuilder();
        for (String name : Profile.names(io)) {
            Path inUse = profile().file();
            if (inUse == null || !inUse.endsWith(name + ".conf")) {
                profiles.append(profiles.isEmpty() ? ", or a profile: -p " : ", -p ")
                        .append(name);
            }
        }
        return hint + profiles;
    }

    /** Refuses each of {@code others} on the command line beside {@code option}, which is given. */
    void exclude(Option option, List<Option> others, String hint) {
        for (Option other : others) {
            if (isOnCommandLine(other)) {
                throw Problem.usage(option.longName() + " and " + other.longName() + " exclude each other", hint);
            }
        }
    }

    /** Whether {@code option} was given on the command line itself. */
    public boolean isOnCommandLine(Option option) {
        return !at(Level.COMMAND_LINE, option).isEmpty();
    }

    /** Refuses an empty value of {@code option} on the command line. */
    void requireValue(Option option) {
        if (commandLine.getOrDefault(option.longName(), List.of()).contains("")) {
            throw Problem.usage(
                    option.longName() + " is empty", "give it a value or leave it out; is a shell variable unset?");
        }
    }

    /** What the profile in use says of {@code option}; its default where that says nothing. */
    List<String> inProfile(Option option) {
        List<String> fallback = option.fallback() == null ? List.of() : List.of(option.fallback());
        return profile().settings().getOrDefault(option.key(), fallback);
    }

    /** The file of the profile that {@code option} comes from, or null if it comes from elsewhere. */
    public Path profileOf(Option option) {
        return level(option) == Level.PROFILE ? profile().file() : null;
    }

    /**
     * Refuses values that do not fit their option's kind, before anything is sent. Empty values too, except of settings
     * and of the profile: a check that checks nothing must not pass.
     */
    void check(List<Option> options) {
        for (Option option : options) {
            if (!option.isSetting() && option != ServerOptions.PROFILE) {
                requireValue(option);
            }
            for (String text : texts(option)) {
                Option.Kind kind = option.kind();
                // A switch statement over an enum is one more class to load at every start.
                if (kind == Option.Kind.SWITCH) {
                    checkChoice(option, text, List.of("true", "false"));
                } else if (kind == Option.Kind.CHOICE) {
                    checkChoice(option, text, option.choices());
                } else if (kind == Option.Kind.URL || kind == Option.Kind.ENDPOINT) {
                    toUrl(option, text);
                } else if (kind == Option.Kind.NUMBER) {
                    toNumber(option, text);
                }
            }
        }
    }

    private List<String> at(Level level, Option option) {
        if (level == Level.COMMAND_LINE) {
            List<String> values = new ArrayList<>(commandLine.getOrDefault(option.longName(), List.of()));
            values.removeAll(List.of(""));
            return values;
        }
        if (!option.isSetting()) {
            return List.of();
        }
        if (level == Level.PROFILE) {
            return profile().settings().getOrDefault(option.key(), List.of());
        }
        String value = io.env(option.variable());
        if (value == null) {
            return List.of();
        }
        requireReadable(value, option.variable());
        return List.of(value);
    }

    // In the C locale Java replaces what is not ASCII, and a query for such a name silently finds nothing.
    static void requireReadable(String text, String what) {
        if (text.indexOf('\ufffd') >= 0) {
            throw Problem.usage(what + " cannot be read in this locale", "export LC_ALL=C.UTF-8, and try again");
        }
    }

    Profile profile() {
        if (profile == null) {
            String named = namedProfile();
            profile = Profile.find(named != null ? named : io.env("ARC_PROFILE"), io);
        }
        return profile;
    }

    /** The profile that the command line names, or null. */
    private String namedProfile() {
        List<String> names = commandLine.getOrDefault(ServerOptions.PROFILE.longName(), List.of());
        return names.isEmpty() || names.getLast().isEmpty() ? null : names.getLast();
    }

    private String name(Level level, Option option) {
        if (level == Level.PROFILE) {
            return option.key() + " in " + profile().file();
        }
        return level == Level.COMMAND_LINE ? option.longName() : option.variable();
    }

    private Problem wrong(Option option, String shown, String hint) {
        return Problem.usage(name(level(option), option) + " cannot be '" + shown + "'", hint);
    }

    private void checkChoice(Option option, String text, List<String> choices) {
        if (!choices.contains(text)) {
            throw wrong(option, text, "one of " + String.join(", ", choices));
        }
    }

    private int toNumber(Option option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Reported below.
        }
        // The range only matters to numbers of so many digits.
        throw wrong(option, text, text.length() < 10 ? "a whole number, zero or more" : "at most " + Integer.MAX_VALUE);
    }

    private URI toUrl(Option option, String text) {
        int end = text.length();
        while (option.kind() == Option.Kind.URL && end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        try {
            URI url = new URI(text.substring(0, end));
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean bare = url.getUserInfo() == null && url.getRawFragment() == null && url.getPort() <= 65535;
            boolean mayHaveQuery = url.getRawQuery() == null || option.kind() != Option.Kind.URL;
            if (http && bare && mayHaveQuery && url.getHost() != null) {
                return url;
            }
            if (http
                    && bare
                    && url.getRawAuthority() != null
                    && url.getRawAuthority().indexOf('_') >= 0) {
                throw wrong(
                        option, text, "a host name cannot have an underscore: use its address, or another name for it");
            }
        } catch (URISyntaxException noUrl) {
            // Reported below.
        }
        String shown = text.substring(text.lastIndexOf('@') + 1);
        throw wrong(option, shown, "a URL such as https://docker-host:8843, without a user or password in it");
    }
}
