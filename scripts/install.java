///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//FILES arcshell.jsh
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/cli/Cli.java ../lib/cli/Completion.java ../lib/cli/Help.java
//SOURCES ../lib/cli/Interactive.java ../lib/cli/Option.java ../lib/cli/Options.java ../lib/cli/Tool.java
//SOURCES ../lib/launch/Installation.java ../lib/launch/Launcher.java ../lib/launch/Release.java
//SOURCES ../lib/launch/Training.java sandbox.java

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.cli.Cli;
import lib.cli.Completion;
import lib.cli.Help;
import lib.cli.Interactive;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.Tool;
import lib.launch.Installation;
import lib.launch.Launcher;
import lib.launch.Release;
import lib.launch.Training;

/** Installs the tools as commands that start without JBang, with what shells need to complete them. */
public class install extends Tool {
    static final Option PREFIX =
            Option.file("--prefix", "DIR", "commands go to DIR/bin, the rest to DIR/share; by default to ~/.local");
    static final Option UNINSTALL = Option.flag("--uninstall", "remove what was installed there, and nothing else");

    /** The script that defines JShell's methods; they call {@link Interactive}. */
    private static final String STARTUP = "arcshell.jsh";

    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    install() {
        super(
                "./jbang install",
                "Install the tools as commands that start fast, with manual pages, and completion for bash and zsh.",
                null,
                List.of(Option.section("Place", PREFIX, UNINSTALL)),
                """
                ./jbang install
                ./jbang install --prefix /opt/arc-scripts
                ./jbang install --prefix /opt/arc-scripts --uninstall
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new install(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        Path prefix = given.file(PREFIX) == null ? io.home().resolve(".local") : given.file(PREFIX);
        try {
            return given.is(UNINSTALL) ? remove(prefix, io) : write(prefix.toAbsolutePath(), io);
        } catch (IOException e) {
            throw Installation.problem(prefix, e);
        }
    }

    private static int write(Path prefix, Io io) throws IOException {
        for (String file : put(prefix, io).keySet()) {
            io.print(file.startsWith("bin/") ? prefix.resolve(file) + "\n" : "");
        }
        io.flush();
        Path commands = prefix.resolve("bin");
        if (!(":" + io.environment().get("PATH") + ":").contains(":" + commands + ":")) {
            String quoted = "'" + commands.toString().replace("'", "'\\''") + "'";
            io.messages().warning(commands + " is not on the PATH: export PATH=" + quoted + ":\"$PATH\"");
        }
        for (String command : sandbox.FIRST_COMMANDS) {
            io.messages().note("next: " + command);
        }
        return Exit.DONE.code();
    }

    /** Installs the kit below {@code prefix}, and returns the files that lead to it. */
    private static Map<String, String> put(Path prefix, Io io) throws IOException {
        try (Installation installation = Installation.in(prefix, sandbox.names(), io.messages())) {
            Release release = Release.create(installation.newRelease(), System.getProperty("java.class.path"), STARTUP);
            io.messages().note("running each tool to make it start fast, which takes some seconds");
            for (String tool : Training.of(release, JAVA, Interactive.Repeated.class.getName(), sandbox.names())) {
                // A cache has some 30 MB.
                boolean isFull = prefix.toFile().getUsableSpace() < 64 << 20;
                String reason = isFull ? "the disk is full, see df -h " + prefix : "its training run failed";
                io.messages().warning(tool + " has no AOT cache and starts slowly: " + reason);
            }
            Map<String, String> files = files(release);
            installation.replace(files);
            return files;
        }
    }

    static Map<String, String> files(Release release) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Tool tool : sandbox.TOOLS) {
            files.put("bin/" + tool.name, Launcher.of(tool.name, release, JAVA));
            files.put("share/man/man1/" + tool.name + ".1", Help.manual(tool));
            files.putAll(Completion.files(tool));
        }
        files.put("bin/arcshell", Launcher.shell(STARTUP, release, JAVA));
        return files;
    }

    private static int remove(Path prefix, Io io) throws IOException {
        if (!Installation.isIn(prefix)) {
            io.messages().note("nothing is installed below " + prefix);
            return Exit.DONE.code();
        }
        try (Installation installation = Installation.in(prefix, List.of(), io.messages())) {
            installation.remove();
        }
        return Exit.DONE.code();
    }
}
