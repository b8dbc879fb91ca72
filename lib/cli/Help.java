//SOURCES Cli.java Option.java Tool.java

package lib.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The text of {@code --help}: every option of a tool under its heading, then examples to copy. */
final class Help {
    private static final int WIDTH = 100;

    private Help() {}

    static String of(Tool tool) {
        CommandSpec spec = CommandSpec.create().name(tool.name());
        spec.usageMessage()
                .width(WIDTH)
                .longOptionsMaxWidth(28)
                .sortOptions(false)
                .customSynopsis(tool.name() + " [OPTION]..." + (tool.arguments() == null ? "" : " " + tool.arguments()))
                .synopsisHeading("usage: ")
                .description(literal(tool.purpose()))
                .footer(literal(footer(tool)));
        List<Option.Section> sections = new ArrayList<>(tool.sections());
        sections.add(Option.section("Help", Cli.HELP, Cli.SHOW_VERSION));
        for (Option.Section section : sections) {
            ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                    .validate(false)
                    .order(spec.argGroups().size())
                    .heading("%n" + section.heading() + ":%n");
            for (Option option : section.options()) {
                group.addArg(Cli.spec(option, literal(description(option))));
            }
            spec.addArgGroup(group.build());
        }
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }

    private static String footer(Tool tool) {
        return "\nOptions with * are also settings: ARC_CLIENT_ID=... in the environment, client-id = ... in a profile.\n"
                + "\nExamples:\n"
                + tool.examples().indent(2);
    }

    private static String description(Option option) {
        StringBuilder description = new StringBuilder(option.description());
        if (!option.choices().isEmpty()) {
            description.append(": ").append(String.join(", ", option.choices()));
        }
        if (option.fallback() != null) {
            description.append(" (default ").append(option.fallback()).append(')');
        }
        return description.append(option.isSetting() ? " *" : "").toString();
    }

    // To picocli these texts are formats.
    private static String literal(String text) {
        return text.replace("%", "%%");
    }
}
