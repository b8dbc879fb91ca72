//SOURCES ../base/Dictionary.java ArchiveOptions.java Cli.java Option.java RegistrationOptions.java ServerOptions.java
//SOURCES Tool.java

package lib.cli;

import module java.base;
import lib.base.Dictionary;

/** Scripts by which a shell completes a tool's options, their values and its arguments, without starting the tool. */
public final class Completion {
    /** What is behind {@code -p}, as {@link Profile} looks for it. */
    private static final String FOLDERS = "\"${ARC_CONFIG_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/arc-scripts}\""
            + " \"${ARC_CONFIG_HOME:-/etc/arc-scripts}\"";

    // Between an option and its value, bash has = as a word of its own (COMP_WORDBREAKS).
    private static final String BASH = """
            # Completion of @tool@ for bash.

            _complete_@tool@() {
                local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} folder file before
                local keywords='@keywords@' IFS=$' \\t\\n'
                COMPREPLY=()
                if [ "$cur" = = ] || [ "$option" = = ]; then
                    [ "$cur" != = ] || cur=''
                    [ "$option" != = ] || option=${COMP_WORDS[COMP_CWORD-2]}
                    case $option in --*) ;; *) return ;; esac
                fi
                case $option in
            @cases@
                    *)
                        case $cur in
                            -*) COMPREPLY=($(compgen -W '@options@' -- "$cur")) ;;
                            *) @arguments@ ;;
                        esac ;;
                esac
            }
            complete -F _complete_@tool@ @tool@
            """;

    private static final String BASH_PROFILES = """
            for folder in @folders@; do
                            for file in "$folder/$cur"*.conf; do
                                [ ! -e "$file" ] || { file=${file##*/}; COMPREPLY+=("${file%.conf}"); }
                            done
                        done""";

    private static final String ZSH = """
            #compdef @tool@
            # Completion of @tool@ for zsh.

            local -a keywords=(@keywords@)
            _@tool@_profiles() {
                local folder
                for folder in @folders@; do
                    compadd "$@" -- $folder/*.conf(N:t:r)
                done
            }
            _@tool@_keys() { compadd "$@" -S = -- $keywords }
            _@tool@_columns() { compset -P '*,'; compadd "$@" -S '' -- $keywords }

            _arguments -s -S \\
            @options@
            """;

    private final Tool tool;
    private final List<Option> options = new ArrayList<>();

    private Completion(Tool tool) {
        this.tool = tool;
        for (Option.Section section : tool.sections) {
            options.addAll(section.options());
        }
        options.addAll(List.of(Cli.HELP, Cli.SHOW_VERSION));
    }

    /** The scripts for {@code tool}, by where the shells look for them below a prefix. */
    public static Map<String, String> files(Tool tool) {
        return Map.of(
                "share/bash-completion/completions/" + tool.name, bash(tool),
                "share/zsh/site-functions/_" + tool.name, zsh(tool));
    }

    /** A script for bash, which bash-completion runs when {@code tool} is completed for the first time. */
    public static String bash(Tool tool) {
        return new Completion(tool).bash();
    }

    /** The function of zsh that completes {@code tool}, for a folder on the {@code fpath}. */
    public static String zsh(Tool tool) {
        return new Completion(tool).zsh();
    }

    private String bash() {
        StringBuilder names = new StringBuilder();
        StringBuilder cases = new StringBuilder();
        for (Option option : options) {
            names.append(names.isEmpty() ? "" : " ").append(option.longName());
            if (option.kind() != Option.Kind.SWITCH) {
                String pattern = String.join(" | ", Cli.names(option));
                cases.append("        " + pattern + ") " + bashValues(option) + " ;;\n");
            }
        }
        String arguments = takesFile() ? "compopt -o default" : bashWords(String.join(" ", paths()));
        return filled(BASH.replace("@cases@", cases.toString().stripTrailing())
                .replace("@options@", names)
                .replace("@arguments@", arguments));
    }

    private static String bashValues(Option option) {
        if (isProfile(option)) {
            return BASH_PROFILES;
        }
        if (option == ArchiveOptions.QUERY) {
            return "compopt -o nospace; COMPREPLY=($(compgen -S = -W \"$keywords\" -- \"$cur\"))";
        }
        if (option == ArchiveOptions.COLUMNS) {
            return "compopt -o nospace; case $cur in *,*) before=${cur%,*}, ;; esac;"
                    + " COMPREPLY=($(compgen -P \"$before\" -W \"$keywords\" -- \"${cur##*,}\"))";
        }
        if (option.kind() == Option.Kind.FILE) {
            return "compopt -o " + (isFolder(option) ? "dirnames" : "default");
        }
        return option.choices().isEmpty() ? "" : bashWords(String.join(" ", option.choices()));
    }

    private static String bashWords(String words) {
        return words.isEmpty() ? "" : "COMPREPLY=($(compgen -W '" + words + "' -- \"$cur\"))";
    }

    private String zsh() {
        List<String> specs = new ArrayList<>();
        for (Option option : options) {
            String[] names = Cli.names(option);
            String all = names.length == 1 ? names[0] : names[0] + " " + names[1];
            boolean isSwitch = option.kind() == Option.Kind.SWITCH;
            String rest = "[" + escaped(option.description()) + "]";
            if (!isSwitch) {
                rest += ":" + escaped(option.label()) + ":" + zshValues(option);
            }
            for (String name : names) {
                String ending = isSwitch ? "" : name.startsWith("--") ? "=" : "+";
                String times = option.isRepeatable() ? "*" : "(" + all + ")";
                specs.add("    '" + (times + name + ending + rest).replace("'", "'\\''") + "'");
            }
        }
        if (tool.arguments != null) {
            String values = takesFile() ? "_files" : "(" + String.join(" ", paths()) + ")";
            specs.add("    '*:" + tool.arguments.replaceAll("\\W", "") + ":" + values + "'");
        }
        return filled(ZSH).replace("@options@", String.join(" \\\n", specs));
    }

    private static String escaped(String text) {
        return text.replace(":", "\\:").replace("[", "\\[").replace("]", "\\]");
    }

    private String zshValues(Option option) {
        if (isProfile(option)) {
            return "_" + tool.name + "_profiles";
        }
        if (option == ArchiveOptions.QUERY || option == ArchiveOptions.COLUMNS) {
            return "_" + tool.name + (option == ArchiveOptions.QUERY ? "_keys" : "_columns");
        }
        if (option.kind() == Option.Kind.FILE) {
            return isFolder(option) ? "_files -/" : "_files";
        }
        return option.choices().isEmpty() ? " " : "(" + String.join(" ", option.choices()) + ")";
    }

    private String filled(String template) {
        return template.replace("@tool@", tool.name)
                .replace("@folders@", FOLDERS)
                .replace(
                        "@keywords@",
                        options.contains(ArchiveOptions.QUERY) ? String.join(" ", Dictionary.commonKeywords()) : "");
    }

    private boolean takesFile() {
        return tool.arguments != null && tool.arguments.contains("FILE");
    }

    /** The names in the help's list of paths that can be typed as they are. */
    private List<String> paths() {
        List<String> paths = new ArrayList<>();
        if (tool.sections.contains(ArchiveOptions.PATHS)) {
            for (String line : ArchiveOptions.PATHS.text().split("\n")) {
                int gap = line.indexOf("  ");
                for (String path : line.substring(0, Math.max(gap, 0)).split(", ")) {
                    if (!path.isEmpty() && !path.contains("UID") && !path.startsWith(".")) {
                        paths.add(path);
                    }
                    if (paths.contains(path) && !path.startsWith("/")) {
                        paths.add(path + "/count");
                    }
                }
            }
        }
        return paths;
    }

    private static boolean isProfile(Option option) {
        return option == ServerOptions.PROFILE || option == RegistrationOptions.SAVE_PROFILE;
    }

    private static boolean isFolder(Option option) {
        return "DIR".equals(option.label());
    }
}
