package lib.cli;

import module java.base;

/**
 * One option of a command line, as data. All that holds of an option is said where it is made, so that nothing else
 * needs a list of options of some sort. Options that tools share are constants, and a tool is a list of sections.
 *
 * <p>Annotated fields would say the same, but reading them by reflection costs 40 ms at every start.
 *
 * @param names its names as the help shows them, the long one last: {@code -o, --output}
 * @param label what its value is called in the help, or null for a switch
 * @param kind what its value must look like
 * @param traits what else holds of it, a bit each: {@link #isSetting}, {@link #isRepeatable}, {@link #isSaved},
 *     {@link #isTrust}; an {@code EnumSet} would cost two more classes at every start
 * @param replaced the keys that {@code --save-profile} removes from a profile when it writes this setting
 * @param fallback its value where nothing gives it, or null
 * @param choices the values of {@link Kind#CHOICE}, and the usual ones of another kind
 * @param description what it does, for the help
 */
public record Option(
        String names,
        String label,
        Kind kind,
        int traits,
        List<String> replaced,
        String fallback,
        List<String> choices,
        String description) {
    private static final int REPEATABLE = 1;
    private static final int SETTING = 2;
    // The next two are settings, and so is each the one before.
    private static final int SAVED = 4 | SETTING;
    private static final int TRUST = 8 | SAVED;

    /** What an option's value must look like. */
    public enum Kind {
        /** No value: given or not; {@code true} or {@code false} in the environment and in a profile. */
        SWITCH,
        /** Anything. */
        TEXT,
        /** One of a few words. */
        CHOICE,
        /** The path of a file or folder; some options take something else too, as their label says. */
        FILE,
        /** An absolute http or https URL without a query. */
        URL,
        /** An absolute http or https URL, with or without a query. */
        ENDPOINT,
        /** A whole number, zero or more. */
        NUMBER
    }

    /**
     * Options that belong together under one heading of the help.
     *
     * @param heading the heading, without its colon
     * @param options the options in the order of the help
     * @param text paragraphs behind them, a line each; one with two blanks is an entry such as those of the options
     */
    public record Section(String heading, List<Option> options, String text) {}

    /** The section {@code heading} with {@code options}. */
    public static Section section(String heading, Option... options) {
        return new Section(heading, List.of(options), "");
    }

    /** The section {@code heading} with {@code text} and no options. */
    public static Section section(String heading, String text) {
        return new Section(heading, List.of(), text);
    }

    /** A switch. */
    public static Option flag(String names, String description) {
        return of(names, null, Kind.SWITCH, description);
    }

    /** An option with any text as its value. */
    public static Option text(String names, String label, String description) {
        return of(names, label, Kind.TEXT, description);
    }

    /** An option with the path of a file or folder as its value. */
    public static Option file(String names, String label, String description) {
        return of(names, label, Kind.FILE, description);
    }

    /** An option with a URL as its value. */
    public static Option url(String names, String description) {
        return of(names, "URL", Kind.URL, description);
    }

    /** An option with a URL as its value that may have a query. */
    public static Option endpoint(String names, String description) {
        return of(names, "URL", Kind.ENDPOINT, description);
    }

    /** An option with a whole number as its value. */
    public static Option number(String names, String label, String description) {
        return of(names, label, Kind.NUMBER, description);
    }

    /** An option with one of {@code choices} as its value, the first of which is the default. */
    public static Option choice(String names, String label, List<String> choices, String description) {
        return new Option(names, label, Kind.CHOICE, 0, List.of(), choices.getFirst(), choices, description);
    }

    private static Option of(String names, String label, Kind kind, String description) {
        return new Option(names, label, kind, 0, List.of(), null, List.of(), description);
    }

    /** The same as a setting: with a default from {@code ARC_NAME} in the environment and from the profile. */
    public Option setting() {
        return with(SETTING);
    }

    /** The same, to be given any number of times. */
    public Option repeatable() {
        return with(REPEATABLE);
    }

    /** The same as a setting that {@code --save-profile} keeps. */
    public Option saved() {
        return with(SAVED);
    }

    /**
     * The same as a saved setting that decides which server is trusted, or as whom it sees us, and so which cached
     * token is ours.
     */
    public Option trust() {
        return with(TRUST);
    }

    private Option with(int trait) {
        return new Option(names, label, kind, traits | trait, replaced, fallback, choices, description);
    }

    /**
     * The same setting, replacing those with {@code keys} where {@code --save-profile} writes it: they say the same in
     * another way, lead to another kind of token, or make it useless.
     */
    public Option replacing(String... keys) {
        return new Option(names, label, kind, traits, List.of(keys), fallback, choices, description);
    }

    /** The same, with a value where nothing gives one. */
    public Option defaultsTo(String value) {
        return new Option(names, label, kind, traits, replaced, value, choices, description);
    }

    /** The same, with the usual values, the first of which is the default; others are allowed. */
    public Option suggests(List<String> values) {
        return new Option(names, label, kind, traits, replaced, values.getFirst(), values, description);
    }

    private boolean has(int trait) {
        return (traits & trait) == trait;
    }

    /** Whether the environment and the profile can give it too. */
    public boolean isSetting() {
        return has(SETTING);
    }

    /** Whether it can be given several times. */
    public boolean isRepeatable() {
        return has(REPEATABLE);
    }

    /** Whether {@code --save-profile} keeps it. */
    public boolean isSaved() {
        return has(SAVED);
    }

    /** Whether it decides which server is trusted or as whom it sees us: part of the key of the token cache. */
    public boolean isTrust() {
        return has(TRUST);
    }

    /** Whether {@code value}, given for this option, is a path: not standard input, or the hash of a certificate. */
    boolean isPath(String value) {
        return kind == Kind.FILE && !value.equals("-") && !value.regionMatches(true, 0, "sha256:", 0, 7);
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
