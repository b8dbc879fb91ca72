///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java ../lib/cli/Cli.java ../lib/cli/Options.java
//SOURCES ../lib/cli/Tool.java ../lib/sandbox/Sandbox.java ../lib/sandbox/Shell.java sandbox.java

import java.io.IOException;
import java.util.List;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.cli.Cli;
import lib.cli.Options;
import lib.cli.Tool;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/** Shows the recipe: each step as it is typed, in one shell, by the real tools against the sandbox. */
public class demo extends Tool {
    /** A step: its purpose, the command, and a text that its output contains. */
    record Step(String purpose, String command, String expected) {}

    static final List<Step> STEPS = List.of(
            new Step(
                    "1. Register a client in Keycloak, as root, whose password ARC_ADMIN_PASSWORD has here. The profile"
                            + " demo keeps what the tools need.",
                    "regclient --admin-user root --client-id demo --save-profile demo",
                    "create client demo"),
            new Step(
                    "2. Get a token.",
                    "RESULT=$(gettoken -p demo) && echo \"$RESULT\" | cut -c 1-60",
                    "{\"access_token\":\"eyJ"),
            new Step("3. Look into it.", "echo \"$RESULT\" | decodejwt --claim realm_access.roles", "auth\n"),
            new Step("4. Use it.", "echo \"$RESULT\" | arcget -p demo studies/count", "{\"count\":4}\n"),
            new Step(
                    "Search: JSON and CSV are for scripts, a table is for people.",
                    "echo \"$RESULT\" | arcget -p demo studies -q ModalitiesInStudy=CT,MR -f table"
                            + " --columns StudyDate,PatientName,StudyDescription",
                    "Müller^Jürgen"),
            new Step(
                    "Download a study. Another run fetches only what is missing.",
                    "DIR=$(mktemp -d) && echo \"$RESULT\" | arcget -p demo --download \"$DIR\""
                            + " studies/1.2.826.0.1.3680043.10.9999.4 && rm -r \"$DIR\"",
                    "\"downloaded\":6"),
            new Step(
                    "A token that the archive refuses is explained. This client lacks the role.",
                    "gettoken --client-id curl-norole --client-secret-cmd 'echo norole-secret' | arcget studies/count"
                            + " || echo \"exit code $?\"",
                    "exit code 4\n"));

    demo() {
        super("./jbang demo", "Run the recipe against the sandbox, step by step.", null, List.of(), "./jbang demo");
    }

    public static void main(String... arguments) {
        Cli.main(new demo(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        // The tools write to the terminal themselves, so that they look there as they do every day.
        StringBuilder script = new StringBuilder("set -e; exec 2>&1\n");
        for (Step step : STEPS) {
            show(script, "# " + step.purpose(), io);
            script.append("echo ").append(Shell.quoted("$ " + step.command())).append('\n');
            script.append(step.command()).append("\necho\n");
        }
        show(script, "# Next, with your own servers:", io);
        script.append("echo ").append(Shell.quoted("./jbang install\n" + String.join("\n", sandbox.FIRST_COMMANDS)));
        try (Sandbox servers = Sandbox.start();
                Shell shell = sandbox.shell(servers)) {
            if (shell.command(script.toString()).start().waitFor() != 0) {
                throw Problem.failed("a step failed", "see the messages above");
            }
            return Exit.DONE.code();
        } catch (IOException e) {
            throw Problem.failed("cannot run the steps: " + e.getMessage(), "is there a sh?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.FAILED.code();
        }
    }

    private static void show(StringBuilder script, String line, Io io) {
        String shown = io.isStyled(1) ? "\033[1m" + line + "\033[m" : line;
        script.append("echo ").append(Shell.quoted(shown)).append('\n');
    }
}
