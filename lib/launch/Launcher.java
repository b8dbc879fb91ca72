//SOURCES ../sandbox/Shell.java Release.java

package lib.launch;

import module java.base;
import lib.sandbox.Shell;

/**
 * The shell script behind each command: it finds its release and a Java 25, and becomes the JVM.
 *
 * <p>It starts no process as long as both are where they were at install time, since each costs a millisecond or more.
 * It goes by its own location, so that the prefix can be moved.
 */
public final class Launcher {
    /**
     * The flags of every run. What the JVM prints goes to standard error; a cache that does not fit is not reported.
     * BigInteger is compiled after 1/100 of the usual calls: Jackson's parser needs BigDecimal, for which the JDK
     * computes 5^65536 at once.
     */
    static final String FLAGS = Shell.FLAGS
            + " -Xlog:disable '-Xlog:all=error,aot*=off,cds*=off:stderr' -XX:+DisplayVMOutputToStderr"
            + " -XX:CompileCommand=quiet '-XX:CompileCommand=CompileThresholdScaling,java.math.BigInteger::*,0.01'";

    private static final String HEAD = """
            #!/bin/sh
            release=@release@
            java=@java@

            fail() {
                printf '@tool@: %s\\n@tool@: hint: %s\\n' "$1" "$2" >&2
                exit "${3:-1}"
            }

            # With fewer the JVM cannot open its own.
            ulimit -S -n 64 2>/dev/null || fail "only $(ulimit -n) files may be open at a time (ulimit -n)" 'raise it: ulimit -n 1024'

            # The release is beside the folder of this script, or of the file that this is a link to. A shell that was
            # given a name without a slash found it on the PATH: what is in the current folder is not looked at.
            self=$0
            case $self in */*) ;; *) self=$(command -v "$self") || fail "$0 is not on the PATH" 'type its path' ;; esac
            here=${self%/*}
            case $here in */bin) kit=${here%/bin} ;; *) kit=$here/.. ;; esac
            kit=$kit/share/arc-scripts/$release
            if ! [ -r "$kit/kit.jar" ]; then
                self=$(readlink -f "$self")
                kit=${self%/*/*}/share/arc-scripts/$release
                [ -r "$kit/kit.jar" ] || fail "its files are gone: $kit" 'install the kit again'
            fi

            # The Java that made the cache starts fastest; any other from 25 on works.
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

            # In the C locale Java loses all characters of arguments and file names that are not ASCII.
            case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in C | POSIX) export LC_ALL=C.UTF-8 ;; esac
            """;

    // C2 delays the start, but decrypts downloads over TLS ten times as fast. Decryption is compiled early and all else
    // later than usual: 2,000 small files over https take 0.85 of the time.
    private static final String TOOL = """
            compiler=''
            case " $*" in
                *' --download'* | *application/zip* | *multipart/related*)
                    compiler='-XX:TieredStopAtLevel=4 -XX:+IgnoreUnrecognizedVMOptions'
                    compiler="$compiler -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=20000"
                    compiler="$compiler -XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.02" ;;
            esac
            exec "$java/bin/java" @flags@ $compiler \\
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
            config=${ARC_CONFIG_HOME:-${XDG_CONFIG_HOME:-$HOME/.config}/arc-scripts}
            for_all=${ARC_CONFIG_HOME:-/etc/arc-scripts}
            [ -z "$ARC_PROFILE" ] || [ -e "$config/$ARC_PROFILE.conf" ] || [ -e "$for_all/$ARC_PROFILE.conf" ] ||
                fail "no profile $ARC_PROFILE: there is no $config/$ARC_PROFILE.conf" "ls $config shows what there is" 2
            [ -x "$java/bin/jshell" ] || fail "there is no jshell in $java" 'install a whole JDK 25'
            exec "$java/bin/jshell" -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -R-XX:+UseSerialGC -R-XX:TieredStopAtLevel=1 \\
                --class-path "@classpath@" --startup DEFAULT --startup "$kit/@startup@" "$@"
            """;

    private Launcher() {}

    /**
     * The script that runs {@code tool} of {@code release}.
     *
     * @param java the folder of the JDK to try first
     */
    public static String of(String tool, Release release, Path java) {
        return filled(HEAD + TOOL, tool, release, java);
    }

    /** The script that starts JShell with {@code release} on its class path and the release's file {@code startup}. */
    public static String shell(String startup, Release release, Path java) {
        return filled(HEAD + SHELL.replace("@startup@", startup), "arcshell", release, java);
    }

    private static String filled(String template, String tool, Release release, Path java) {
        return template.replace("@tool@", tool)
                .replace("@release@", release.folder().getFileName().toString())
                .replace("@java@", "'" + java.toString().replace("'", "'\\''") + "'")
                .replace("@flags@", FLAGS)
                .replace("@classpath@", release.classPath("$kit"));
    }
}
