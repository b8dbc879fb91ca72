///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java ../lib/cli/Cli.java ../lib/cli/Options.java
//SOURCES ../lib/cli/Tool.java ../lib/sandbox/Sandbox.java ../lib/sandbox/Shell.java arcget.java decodejwt.java
//SOURCES gettoken.java regclient.java

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.cli.Cli;
import lib.cli.Options;
import lib.cli.Tool;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/** Runs an OpenID provider and an archive on this machine, with sample studies, to try the tools on. */
public class sandbox extends Tool {
    /** The tools of the kit, which are among the sources of this script and so on its class path. */
    static final List<Tool> TOOLS = List.of(new gettoken(), new decodejwt(), new arcget(), new regclient());

    /** What to type first with servers of one's own. */
    static final List<String> FIRST_COMMANDS = List.of(
            "regclient --keycloak https://docker-host:8843 --admin-user root"
                    + " --url https://docker-host:8443/dcm4chee-arc --save-profile default",
            "gettoken | arcget studies/count");

    sandbox() {
        super(
                "./jbang sandbox",
                "Run a Keycloak-like provider and an archive on this machine, until Ctrl-C or for one shell COMMAND.",
                "[-- COMMAND]",
                List.of(),
                """
                ./jbang sandbox
                ./jbang sandbox -- 'gettoken | arcget studies/count'
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new sandbox(), arguments);
    }

    /** The names of the tools. */
    static List<String> names() {
        return TOOLS.stream().map(tool -> tool.name).toList();
    }

    /** A shell with the settings of {@code sandbox} and the tools of this class path. */
    static Shell shell(Sandbox sandbox) {
        return new Shell(
                sandbox,
                names(),
                System.getProperty("java.class.path"),
                Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    @Override
    protected int call(Options given, Io io) {
        try (Sandbox sandbox = Sandbox.start();
                Shell shell = shell(sandbox)) {
            // Ctrl-C ends the process without closing the resources above.
            Runtime.getRuntime().addShutdownHook(new Thread(shell::close));
            if (!given.arguments().isEmpty()) {
                Process command =
                        shell.command(String.join(" ", given.arguments())).start();
                Runtime.getRuntime().addShutdownHook(new Thread(command::destroy));
                return command.waitFor();
            }
            for (Map.Entry<String, String> setting : shell.settings().entrySet()) {
                io.print("export " + setting.getKey() + "='" + setting.getValue() + "'\n");
            }
            // These would come before what the profile in the folder says.
            io.print("unset ARC_PROFILE ARC_TOKEN ARC_CLIENT_ID ARC_CLIENT_SECRET ARC_CLIENT_SECRET_FILE\n");
            io.print("export no_proxy=\"$no_proxy,\"'" + Shell.NO_PROXY + "'\n");
            io.print("export PATH='" + shell.folder() + "':\"$PATH\"\n");
            io.flush();
            io.messages().note("running; paste these lines into another shell, Ctrl-C ends this");
            new CountDownLatch(1).await();
            return Exit.DONE.code();
        } catch (IOException e) {
            throw Problem.failed("cannot run the command: " + e.getMessage(), "is there a sh?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.FAILED.code();
        }
    }
}
