///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java ../lib/cli/Cli.java ../lib/cli/Options.java
//SOURCES ../lib/cli/Tool.java ../lib/sandbox/Sandbox.java ../lib/sandbox/Shell.java sandbox.java

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.cli.Cli;
import lib.cli.Options;
import lib.cli.Tool;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/** Shows the recipe: each step as a shell pipeline, run by the real tools against the sandbox. */
public class demo extends Tool {
    /** A step: its purpose, the command, and a text that its output must contain. */
    record Step(String purpose, String command, String expected) {}

    static final List<Step> STEPS = List.of(
            new Step(
                    "Get a token. The secret comes from a file, the server is checked by its certificate.",
                    "RESULT=$(gettoken) && echo \"$RESULT\" | cut -c 1-80",
                    "{\"access_token\":\"eyJ"),
            new Step("Look inside it.", "gettoken | decodejwt --claim realm_access.roles", "auth\n"),
            new Step("Use it.", "gettoken | arcget studies/count", "{\"count\":4}"),
            new Step(
                    "Search, and choose what the answer holds.",
                    "gettoken | arcget studies -q PatientName='Müller*' -q includefield=StudyDescription -q limit=1",
                    "Müller^Jürgen"),
            new Step(
                    "Download a study. A second run fetches only what is missing.",
                    "DIR=$(mktemp -d) && gettoken | arcget --download \"$DIR\" studies/1.2.826.0.1.3680043.10.9999.4;"
                            + " rm -r \"$DIR\"",
                    "\"downloaded\":6"),
            new Step(
                    "If something fails, the message says why and what to do.",
                    "ARC_CLIENT_SECRET=wrong ARC_CLIENT_SECRET_FILE= gettoken; echo \"exit code $?\"",
                    "exit code 4"));

    demo() {
        super("./jbang demo", "Run the recipe against the sandbox, step by step.", null, List.of(), "./jbang demo");
    }

    public static void main(String... arguments) {
        Cli.main(new demo(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        try (Sandbox servers = Sandbox.start();
                Shell shell = sandbox.shell(servers)) {
            for (Step step : STEPS) {
                io.print("# " + step.purpose() + "\n$ " + step.command() + "\n");
                String output = output(shell, step.command());
                io.print(output + "\n");
                io.out().flush();
                if (!output.contains(step.expected())) {
                    throw Problem.failed(
                            "the output should contain " + step.expected().strip(), "see the messages above");
                }
            }
            return Exit.DONE.code();
        } catch (IOException e) {
            throw Problem.failed("cannot run a step: " + e.getMessage(), "is there a sh?");
        }
    }

    private static String output(Shell shell, String command) throws IOException {
        Process process = shell.command(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
