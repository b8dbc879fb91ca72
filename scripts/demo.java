///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java ../lib/base/Screen.java ../lib/cli/Cli.java
//SOURCES ../lib/cli/Options.java ../lib/cli/Tool.java ../lib/sandbox/Sandbox.java ../lib/sandbox/Shell.java
//SOURCES sandbox.java

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Screen;
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
                    "1. Register a client in Keycloak as root, whose password ARC_ADMIN_PASSWORD has here. The profile"
                            + " demo keeps what the tools need.",
                    "regclient --admin-user root \\\n    --client-id demo \\\n    --save-profile demo",
                    "create client demo"),
            new Step(
                    "2. Get a token.",
                    "RESULT=$(gettoken -p demo)\necho \"$RESULT\" | cut -c 1-40",
                    "{\"access_token\":\"eyJ"),
            new Step("3. Look into it.", "echo \"$RESULT\" | decodejwt \\\n    --claim realm_access.roles", "auth\n"),
            new Step("4. Use it.", "echo \"$RESULT\" |\n    arcget -p demo studies/count", "4"),
            new Step(
                    "Search: JSON and CSV are for scripts, a table is for people.",
                    "echo \"$RESULT\" |\n    arcget -p demo studies -f table",
                    "Müller^Jürgen"),
            new Step(
                    "Download. Another run fetches only what is missing.",
                    "echo \"$RESULT\" |\n    arcget -p demo --download out \\\n    studies -q PatientID=PAT-0003",
                    "\"downloaded\":19"),
            new Step(
                    "A token that the archive refuses is explained. This client lacks the role.",
                    "ARC_CLIENT_SECRET=norole-secret \\\n    gettoken --client-id curl-norole |\n"
                            + "    arcget studies/count ||\n    echo \"exit code $?\"",
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
        StringBuilder script = new StringBuilder(
                "set -e; exec 2>&1\n" + "DIR=$(mktemp -d); trap 'rm -r \"$DIR\"' EXIT; cd \"$DIR\"\n");
        for (Step step : STEPS) {
            explain(script, step.purpose(), io);
            say(script, shown(step));
            script.append(step.command()).append("\necho\n");
        }
        explain(script, "Next, with your own servers:", io);
        String first = String.join("\n", sandbox.FIRST_COMMANDS).replace(" --", " \\\n    --");
        say(script, "./jbang install\n" + first);
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

    /** The command as it looks when it is typed at a prompt. */
    static String shown(Step step) {
        return "$ " + step.command().replace("\n    ", "\n>     ").replaceAll("\n(?!>)", "\n\\$ ");
    }

    private static void say(StringBuilder script, String text) {
        script.append("echo ").append(Shell.quoted(text)).append('\n');
    }

    private static void explain(StringBuilder script, String purpose, Io io) {
        String lines = "printf %s\\\\n " + Shell.quoted("# " + purpose) + " | fold -s -w " + new Screen(io).width();
        script.append(io.isStyled(1) ? "printf '\\033[1m'; " + lines + "; printf '\\033[m'" : lines)
                .append('\n');
    }
}
