//SOURCES ../base/Io.java Cli.java Option.java Options.java

package lib.cli;

import module java.base;
import lib.base.Io;

/** A command: its name, its texts for the help, its options, and its work. */
public abstract class Tool {
    /** What a user types to run it: {@code arcget}, or {@code ./jbang demo} where it is not installed. */
    public final String command;

    /** The command's name, without what runs it. */
    public final String name;

    /** Its purpose, in one line. */
    public final String purpose;

    /** Its positional arguments as the help shows them ({@code [FILE]}, {@code PATH...}), or null if it has none. */
    public final String arguments;

    /** Its options by section, those for help last. */
    public final List<Option.Section> sections;

    /** Commands to copy, for the end of the help. */
    public final String examples;

    /** A command of which the fields are known; what it does is up to {@link #call}. */
    protected Tool(String command, String purpose, String arguments, List<Option.Section> sections, String examples) {
        this.command = command;
        name = command.substring(command.indexOf(' ') + 1);
        this.purpose = purpose;
        this.arguments = arguments;
        this.sections = new ArrayList<>(sections);
        this.sections.add(Cli.HELP_SECTION);
        this.examples = examples;
    }

    /** All its options. */
    protected final List<Option> options() {
        List<Option> options = new ArrayList<>();
        for (Option.Section section : sections) {
            options.addAll(section.options());
        }
        return options;
    }

    /** How it is called, in one line. */
    String usage() {
        return command + " [OPTION]..." + (arguments == null ? "" : " " + arguments);
    }

    /** Does the work and returns the exit code; throws {@link lib.base.Problem} if it fails. */
    protected abstract int call(Options given, Io io);
}
