//SOURCES ../base/Io.java Option.java Options.java

package lib.cli;

import java.util.List;
import lib.base.Io;

/** A command: its name, its texts for the help, its options, and its work. */
public abstract class Tool {
    private final String name;
    private final String purpose;
    private final String arguments;
    private final List<Option.Section> sections;
    private final String examples;

    /**
     * @param name the command's name
     * @param purpose its purpose, in one line
     * @param arguments its positional arguments for the help ({@code [FILE]}, {@code PATH...}), or null if it has none
     * @param sections its options
     * @param examples commands to copy, for the end of the help
     */
    protected Tool(String name, String purpose, String arguments, List<Option.Section> sections, String examples) {
        this.name = name;
        this.purpose = purpose;
        this.arguments = arguments;
        this.sections = sections;
        this.examples = examples;
    }

    /** Does the work and returns the exit code; throws {@link lib.base.Problem} if it fails. */
    protected abstract int call(Options given, Io io);

    /** The command's name. */
    public final String name() {
        return name;
    }

    /** Its purpose, in one line. */
    public final String purpose() {
        return purpose;
    }

    /** Its positional arguments as the help shows them, or null if it has none. */
    public final String arguments() {
        return arguments;
    }

    /** Its options by section. */
    public final List<Option.Section> sections() {
        return sections;
    }

    /** Commands to copy. */
    public final String examples() {
        return examples;
    }
}
