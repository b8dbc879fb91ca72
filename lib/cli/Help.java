//SOURCES ../base/Exit.java ../base/Io.java ../base/Screen.java Cli.java Option.java Tool.java

package lib.cli;

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Screen;

/** What a tool says of itself: the same words as help in a terminal and as a manual page. */
public abstract class Help {
    final StringBuilder text = new StringBuilder();

    private Help() {}

    /** The help of {@code tool}: as wide as the terminal, with bold headings if it goes to one. */
    static String of(Tool tool, Io io) {
        OnScreen help = new OnScreen(new Screen(io).width(), io.isStyled(1), tool);
        help.paragraph("usage: " + tool.usage());
        help.paragraph(tool.purpose);
        help.sections(tool);
        help.heading("Examples");
        help.text.append(tool.examples.indent(2));
        return help.text.toString();
    }

    /** The manual page of {@code tool} for section 1, in the macros of man(7). */
    public static String manual(Tool tool) {
        Manual page = new Manual();
        page.macro(".TH", tool.name.toUpperCase(Locale.ROOT) + "\" \"1\" \"\" \"arc-scripts " + Cli.VERSION);
        // Neither hyphens in names nor blanks to fill lines.
        page.text.append(".nh\n.ad l\n");
        page.heading("Name");
        page.paragraph(tool.name + " - " + tool.purpose);
        page.heading("Synopsis");
        page.paragraph(tool.usage());
        page.sections(tool);
        page.heading("Exit status");
        for (Exit exit : Exit.values()) {
            page.entry(Integer.toString(exit.code()), exit.meaning());
        }
        page.entry("129, 130, 143", "hung up, interrupted, terminated");
        page.heading("Examples");
        page.text.append(".nf\n");
        tool.examples.lines().forEach(page::line);
        return page.text.append(".fi\n").toString();
    }

    final void sections(Tool tool) {
        for (Option.Section section : tool.sections) {
            heading(section.heading());
            for (Option option : section.options()) {
                entry(names(option), description(option));
            }
            for (String line : section.text().split("\n")) {
                int gap = line.indexOf("  ");
                if (gap > 0) {
                    entry(line.substring(0, gap), line.substring(gap).strip());
                } else if (!line.isEmpty()) {
                    paragraph(line);
                }
            }
        }
    }

    /** Begins a part of the text. */
    abstract void heading(String name);

    /** Adds what something is called and what it does. */
    abstract void entry(String names, String description);

    /** Adds a paragraph. */
    abstract void paragraph(String words);

    private static String names(Option option) {
        boolean isShort = option.names().charAt(1) != '-';
        return (isShort ? "" : "    ") + option.names() + (option.label() == null ? "" : "=" + option.label());
    }

    private static String description(Option option) {
        StringBuilder description = new StringBuilder(option.description());
        if (!option.choices().isEmpty()) {
            description.append(": ").append(String.join(", ", option.choices()));
        }
        if (option.fallback() != null) {
            description.append(" (default ").append(option.fallback()).append(')');
        }
        return description.append(option.isSetting() ? "\u00a0*" : "").toString();
    }

    /** Lines that are no wider than the terminal. */
    private static final class OnScreen extends Help {
        /** Longer lines are hard to read. */
        private static final int WIDEST = 100;
        /** In a narrower terminal a description stands below its option. */
        private static final int LEAST_FOR_TWO_COLUMNS = 72;

        private static final int LONGEST_NAMES = 30;

        private final int width;
        private final boolean isBold;
        private final int indent;

        OnScreen(int terminal, boolean isBold, Tool tool) {
            width = Math.min(WIDEST, terminal);
            this.isBold = isBold;
            int longest = 0;
            for (Option option : tool.options()) {
                int length = names(option).length();
                longest = length > LONGEST_NAMES ? longest : Math.max(longest, length);
            }
            indent = width < LEAST_FOR_TWO_COLUMNS ? 4 : Math.max(longest, 16) + 4;
        }

        @Override
        void heading(String name) {
            text.append('\n')
                    .append(isBold ? "\033[1m" + name + ":\033[m" : name + ":")
                    .append('\n');
        }

        @Override
        void entry(String names, String description) {
            int column = 2 + names.length();
            text.append("  ").append(names);
            if (column + 2 > indent) {
                text.append('\n');
                column = 0;
            }
            text.repeat(' ', indent - column);
            wrapped(description, indent);
        }

        @Override
        void paragraph(String words) {
            wrapped(words, 0);
        }

        /** Appends {@code words} in lines that begin at {@code column}, where the text is now. */
        private void wrapped(String words, int column) {
            int end = column;
            for (String word : words.split(" ")) {
                if (end > column && end + 1 + word.length() > width) {
                    text.append('\n').repeat(' ', column);
                    end = column;
                }
                text.append(end > column ? " " : "").append(word.replace('\u00a0', ' '));
                end += word.length() + (end > column ? 1 : 0);
            }
            text.append('\n');
        }
    }

    /** The source of a page for {@code man}. */
    private static final class Manual extends Help {
        @Override
        void heading(String name) {
            macro(".SH", name.toUpperCase(Locale.ROOT));
        }

        @Override
        void entry(String names, String description) {
            macro(".TP\n.B", names.strip());
            line(description);
        }

        @Override
        void paragraph(String words) {
            text.append(".PP\n");
            line(words);
        }

        void macro(String name, String argument) {
            text.append(name).append(" \"").append(escaped(argument)).append("\"\n");
        }

        void line(String words) {
            // A line that begins with a full stop or an apostrophe would be a command.
            text.append("\\&").append(escaped(words)).append('\n');
        }

        private static String escaped(String words) {
            return words.replace("\\", "\\e")
                    .replace("-", "\\-")
                    .replace("'", "\\(aq")
                    .replace("\u00a0", "\\~");
        }
    }
}
