//SOURCES Release.java

package lib.launch;

import java.nio.file.Path;
import java.util.List;

/**
 * The command that a person types: a shell script that finds its release and a Java 25, and turns into the JVM.
 *
 * <p>Nothing in it starts a process as long as both are where they were at install time; each would cost a millisecond
 * or more. It goes by its own place, so that what is installed can be moved.
 */
public final class Launcher {
    /**
     * A small heap grows only where it must: 90,000 studies take 72 MB with it, 166 MB without. Half of it is for what
     * is new, so that a handshake ends before the first collection. What the JVM has to say goes to standard error, and
     * a cache that does not fit is nothing to speak of.
     */
    static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-Xmn16m",
            "-Xlog:disable",
            "-Xlog:all=error,aot*=off,cds*=off:stderr",
            "-XX:+DisplayVMOutputToStderr");

    /** C2 would only delay the start. */
    static final String QUICK = "-XX:TieredStopAtLevel=1";

    private static final String HEAD = """
            #!/bin/sh
            # @tool@ of arc-scripts, written by "install"; "install --uninstall" removes it.
            release=@release@
            java=@java@

            fail() {
                printf '@tool@: %s\\n@tool@: hint: %s\\n' "$1" "$2" >&2
                exit "${3:-1}"
            }

            # Beside the folder of this script; the detour is for a link to it from elsewhere.
            here=${0%/*}
            [ "$here" != "$0" ] || here=.
            case $here in */bin) kit=${here%/bin} ;; *) kit=$here/.. ;; esac
            kit=$kit/share/arc-scripts/$release
            if ! [ -r "$kit/kit.jar" ]; then
                self=$(readlink -f "$0")
                kit=${self%/*/*}/share/arc-scripts/$release
                [ -r "$kit/kit.jar" ] || fail "the rest of it is gone: $kit" 'install the kit again'
            fi

            # The Java that wrote the cache is the fastest; any other from 25 on will do.
            is_25() {
                [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
                while IFS='="' read -r key _ value _; do
                    [ "$key" != JAVA_VERSION ] || [ "${value%%[!0-9]*}" -lt 25 ] || return 0
                done <"$1/release"
                return 1
            }
            if ! is_25 "$java"; then
                on_path=$(command -v java) && on_path=$(readlink -f "$on_path")
                for java in "$JAVA_HOME" "${on_path%/bin/java}" /usr/lib/jvm/* "${JBANG_DIR:-$HOME/.jbang}"/cache/jdks/* \\
                    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
                    ! is_25 "$java" || break
                    java=''
                done
                [ "$java" ] || fail 'no Java 25 or later found' 'install JDK 25, or name its folder in JAVA_HOME'
            fi

            # In the C locale Java loses every letter of an argument or file name that is not ASCII.
            case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in C | POSIX) export LC_ALL=C.UTF-8 ;; esac
            """;

    // Objects that come over TLS are decrypted ten times as fast with C2. Their pieces are garbage at once; without a
    // limit the heap would grow to a quarter of the memory.
    private static final String TOOL = """
            case " $*" in
                *' --download'* | *application/zip* | *multipart/related*) mode=-Xmx256m ;;
                *) mode=@quick@ ;;
            esac
            exec "$java/bin/java" @flags@ $mode \\
                -XX:AOTCache="$kit/@tool@.aot" -cp "@classpath@" @tool@ "$@"
            """;

    private static final String SHELL = """
            case $1 in
                -h | --help)
                    printf '%s\\n' 'usage: arcshell [-p NAME] [OPTION of jshell]...' '' \\
                        'JShell with the tools as methods: token(), jwt(text), get(path), table(path).' '' \\
                        '  -p, --profile NAME   settings from NAME.conf in ~/.config/arc-scripts' '' \\
                        'Examples:' '  arcshell -p hospital' "  echo 'table(\\"studies\\")' | arcshell -p hospital -s -"
                    exit ;;
                -p | --profile)
                    [ $# -gt 1 ] || fail 'no value for --profile' 'see arcshell --help' 2
                    export ARC_PROFILE="$2"
                    shift 2 ;;
                --profile=*) export ARC_PROFILE="${1#*=}" && shift ;;
                -p*) export ARC_PROFILE="${1#-p}" && shift ;;
            esac
            [ -x "$java/bin/jshell" ] || fail "there is no jshell in $java" 'install a whole JDK 25'
            exec "$java/bin/jshell" -J-XX:+UseSerialGC -J@quick@ -R-XX:+UseSerialGC -R@quick@ \\
                --class-path "@classpath@" --startup DEFAULT --startup "$kit/@startup@" "$@"
            """;

    private Launcher() {}

    /** The script that runs {@code tool} of {@code release}, at best on the JDK in the folder {@code java}. */
    public static String of(String tool, Release release, Path java) {
        return filled(HEAD + TOOL, tool, release, java);
    }

    /** The script that starts JShell with {@code release} on its class path, and the file {@code startup} of it. */
    public static String shell(String startup, Release release, Path java) {
        return filled(HEAD + SHELL.replace("@startup@", startup), "arcshell", release, java);
    }

    private static String filled(String template, String tool, Release release, Path java) {
        return template.replace("@tool@", tool)
                .replace("@release@", release.folder().getFileName().toString())
                .replace("@java@", quoted(java.toString()))
                .replace("@quick@", QUICK)
                .replace("@flags@", flags())
                .replace("@classpath@", release.classPath("$kit"));
    }

    private static String flags() {
        StringBuilder flags = new StringBuilder();
        for (String flag : FLAGS) {
            flags.append(flags.isEmpty() ? "" : " ").append(flag.indexOf('*') < 0 ? flag : quoted(flag));
        }
        return flags.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
