//SOURCES Cli.java Option.java Tool.java

package lib.cli;

import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Scripts by which a shell completes a tool's options and their values. */
public final class Completion {
    // The text before it is instructions of picocli, and settings of zsh that belong to the user.
    private static final String FIRST_FUNCTION = "# CompWordsContainsArray";

    private Completion() {}

    /** A script for bash, which bash-completion runs when {@code tool} is completed for the first time. */
    public static String bash(Tool tool) {
        String script = AutoComplete.bash(tool.name(), new CommandLine(spec(tool)));
        return "# Completion of " + tool.name() + " for bash, made by picocli.\n\n"
                + script.substring(script.indexOf(FIRST_FUNCTION));
    }

    /** The function of zsh that completes {@code tool}, for a folder on the {@code fpath}. */
    public static String zsh(Tool tool) {
        // On the first call this function is replaced by the one defined below, which is then called.
        return "#compdef " + tool.name() + "\nautoload -Uz +X bashcompinit && bashcompinit\n" + bash(tool)
                + "_bash_complete -o default -F _complete_" + tool.name() + "\n";
    }

    private static CommandSpec spec(Tool tool) {
        CommandSpec spec = CommandSpec.create().name(tool.name());
        for (Option.Section section : tool.sections()) {
            for (Option option : section.options()) {
                spec.addOption(spec(option));
            }
        }
        spec.addOption(Cli.spec(Cli.HELP)).addOption(Cli.spec(Cli.SHOW_VERSION));
        if (tool.arguments() != null && tool.arguments().contains("FILE")) {
            spec.addPositional(
                    PositionalParamSpec.builder().type(Path.class).index("0").build());
        }
        return spec;
    }

    private static OptionSpec spec(Option option) {
        if (option.kind() == Option.Kind.SWITCH) {
            return Cli.spec(option);
        }
        // picocli names variables of the script after the label, so labels must differ between options.
        OptionSpec.Builder builder =
                OptionSpec.builder(Cli.names(option)).arity("1").paramLabel(option.variable());
        if (!option.choices().isEmpty()) {
            builder.completionCandidates(option.choices());
        } else if (option.kind() == Option.Kind.FILE) {
            builder.type(Path.class);
        }
        return builder.build();
    }
}
