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

    /** Kinds of values for which each script has a part of this name; all others are words to choose from. */
    private static final List<String> LOOKED_FOR = List.of("files", "folders", "profiles", "keys", "columns");

    // Between an option and its value, bash has = as a word of its own (COMP_WORDBREAKS).
    private static final String BASH = """
            # Completion of @tool@ for bash.

            _complete_@tool@() {
                local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} values folder file before
                local keywords='@keywords@' IFS=$' \\t\\n'
                COMPREPLY=()
                if [ "$cur" = = ] || [ "$option" = = ]; then
                    [ "$cur" != = ] || cur=''
                    [ "$option" != = ] || option=${COMP_WORDS[COMP_CWORD-2]}
                    case $option in --*) ;; *) return ;; esac
                fi
                case $option in
            @options@
                    *)
                        case $cur in
                            -*) values='@names@' ;;
                            *) values='@arguments@' ;;
                        esac ;;
                esac
                case $values in
                    files) compopt -o default ;;
                    folders) compopt -o dirnames ;;
                    profiles)
                        for folder in @folders@; do
                            for file in "$folder/$cur"*.conf; do
                                [ ! -e "$file" ] || { file=${file##*/}; COMPREPLY+=("${file%.conf}"); }
                            done
                        done ;;
                    keys) compopt -o nospace; COMPREPLY=($(compgen -S = -W "$keywords" -- "$cur")) ;;
                    columns)
                        compopt -o nospace
                        case $cur in *,*) before=${cur%,*}, ;; esac
                        COMPREPLY=($(compgen -P "$before" -W "$keywords" -- "${cur##*,}")) ;;
                    *) COMPREPLY=($(compgen -W "$values" -- "$cur")) ;;
                esac
            }
            complete -F _complete_@tool@ @tool@
            """;

    private static final String ZSH = """
            #compdef @tool@
            # Completion of @tool@ for zsh.

            local -a keywords=(@keywords@)
            _@tool@_files() { _files "$@" }
            _@tool@_folders() { _files -/ "$@" }
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

    private Completion() {}

    /** The scripts for {@code tool}, by where the shells look for them below a prefix. */
    public static Map<String, String> files(Tool tool) {
        return Map.of(
                "share/bash-completion/completions/" + tool.name, filled(BASH, tool, bash(tool)),
                "share/zsh/site-functions/_" + tool.name, filled(ZSH, tool, zsh(tool)));
    }

    private static String filled(String script, Tool tool, String options) {
        StringJoiner names = new StringJoiner(" ");
        for (Option option : tool.options()) {
            names.add(option.longName());
        }
        boolean hasKeywords = tool.options().contains(ArchiveOptions.QUERY);
        return script.replace("@tool@", tool.name)
                .replace("@folders@", FOLDERS)
                .replace("@keywords@", hasKeywords ? String.join(" ", Dictionary.commonKeywords()) : "")
                .replace("@names@", names.toString())
                .replace("@arguments@", arguments(tool))
                .replace("@options@", options);
    }

    private static String bash(Tool tool) {
        StringJoiner cases = new StringJoiner("\n");
        for (Option option : tool.options()) {
            if (option.kind() != Option.Kind.SWITCH) {
                String pattern = String.join(" | ", Cli.names(option));
                cases.add("        " + pattern + ") values='" + values(option) + "' ;;");
            }
        }
        return cases.toString();
    }

    private static String zsh(Tool tool) {
        StringJoiner specs = new StringJoiner(" \\\n");
        for (Option option : tool.options()) {
            boolean isSwitch = option.kind() == Option.Kind.SWITCH;
            String times = option.isRepeatable() ? "*" : "(" + String.join(" ", Cli.names(option)) + ")";
            String value = isSwitch ? "" : ":" + escaped(option.label()) + ":" + action(values(option), tool);
            for (String name : Cli.names(option)) {
                String ending = isSwitch ? "" : name.startsWith("--") ? "=" : "+";
                String spec = times + name + ending + "[" + escaped(option.description()) + "]" + value;
                specs.add("    '" + spec.replace("'", "'\\''") + "'");
            }
        }
        if (tool.arguments != null) {
            specs.add("    '*:" + tool.arguments.replaceAll("\\W", "") + ":" + action(arguments(tool), tool) + "'");
        }
        return specs.toString();
    }

    private static String escaped(String text) {
        return text.replace(":", "\\:").replace("[", "\\[").replace("]", "\\]");
    }

    private static String action(String values, Tool tool) {
        if (LOOKED_FOR.contains(values)) {
            return "_" + tool.name + "_" + values;
        }
        return values.isEmpty() ? " " : "(" + values + ")";
    }

    /** What the value of {@code option} can be: one of {@link #LOOKED_FOR}, or words. */
    private static String values(Option option) {
        if (option == ServerOptions.PROFILE || option == RegistrationOptions.SAVE_PROFILE) {
            return "profiles";
        }
        if (option == ArchiveOptions.QUERY) {
            return "keys";
        }
        if (option == ArchiveOptions.COLUMNS) {
            return "columns";
        }
        if (option.kind() == Option.Kind.FILE) {
            return "DIR".equals(option.label()) ? "folders" : "files";
        }
        return String.join(" ", option.choices());
    }

    /** The same of an argument: the names in the help's list of paths that can be typed as they are, or a file. */
    private static String arguments(Tool tool) {
        if (!tool.sections.contains(ArchiveOptions.PATHS)) {
            return tool.arguments != null && tool.arguments.contains("FILE") ? "files" : "";
        }
        StringJoiner paths = new StringJoiner(" ");
        for (String line : ArchiveOptions.PATHS.text().split("\n")) {
            int gap = line.indexOf("  ");
            for (String path : line.substring(0, Math.max(gap, 0)).split(", ")) {
                if (!path.isEmpty() && !path.contains("UID") && !path.startsWith(".")) {
                    paths.add(path.startsWith("/") ? path : path + " " + path + "/count");
                }
            }
        }
        return paths.toString();
    }
}
