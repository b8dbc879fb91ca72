package lib.cli;

import java.util.List;
import java.util.Locale;

/**
 * One option of a command line, as data: options that tools share are constants, and a tool is a list of them.
 *
 * <p>Reflection over annotated fields would say the same, but costs some 40 ms at every start.
 *
 * @param names its names as the help shows them, the long one last: {@code -o, --output}
 * @param label what its value is called in the help, or null for a switch
 * @param kind what its value must look like
 * @param isSetting whether {@code ARC_NAME} and the profile can give it too
 * @param isRepeatable whether it can be given several times
 * @param fallback its value where nothing gives it, or null
 * @param choices the values of {@link Kind#CHOICE}
 * @param description what it does, for the help
 */
public record Option(
        String names,
        String label,
        Kind kind,
        boolean isSetting,
        boolean isRepeatable,
        String fallback,
        List<String> choices,
        String description) {

    /** What an option's value must look like. */
    public enum Kind {
        /** No value: given or not; {@code true} or {@code false} in the environment and in a profile. */
        SWITCH,
        /** Anything. */
        TEXT,
        /** One of a few words. */
        CHOICE,
        /** An absolute http or https URL. */
        URL,
        /** A whole number, zero or more. */
        NUMBER
    }

    /** A switch. */
    public static Option flag(String names, String description) {
        return new Option(names, null, Kind.SWITCH, false, false, null, List.of(), description);
    }

    /** An option with any text as its value. */
    public static Option text(String names, String label, String description) {
        return new Option(names, label, Kind.TEXT, false, false, null, List.of(), description);
    }

    /** An option with a URL as its value. */
    public static Option url(String names, String description) {
        return new Option(names, "URL", Kind.URL, false, false, null, List.of(), description);
    }

    /** An option with a whole number as its value. */
    public static Option number(String names, String label, String description) {
        return new Option(names, label, Kind.NUMBER, false, false, null, List.of(), description);
    }

    /** An option with one of {@code choices} as its value, the first of which is the default. */
    public static Option choice(String names, String label, List<String> choices, String description) {
        return new Option(names, label, Kind.CHOICE, false, false, choices.getFirst(), choices, description);
    }

    /** The same, with a default from the environment and the profile. */
    public Option setting() {
        return new Option(names, label, kind, true, isRepeatable, fallback, choices, description);
    }

    /** The same, to be given as often as one likes. */
    public Option repeatable() {
        return new Option(names, label, kind, isSetting, true, fallback, choices, description);
    }

    /** The same, with a value where nothing gives one. */
    public Option defaultsTo(String value) {
        return new Option(names, label, kind, isSetting, isRepeatable, value, choices, description);
    }

    /** The long name with its dashes: {@code --client-id}. */
    public String longName() {
        return names.substring(names.lastIndexOf("--"));
    }

    /** The key of a setting in a profile: {@code client-id}. */
    public String key() {
        return longName().substring(2);
    }

    /** The environment variable of a setting: {@code ARC_CLIENT_ID}. */
    public String variable() {
        return "ARC_" + key().toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
