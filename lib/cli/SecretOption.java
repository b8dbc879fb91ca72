//SOURCES ../base/Io.java ../base/Ownership.java ../base/Problem.java ../base/Prompt.java ../base/Secret.java
//SOURCES Option.java Options.java

package lib.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Io;
import lib.base.Ownership;
import lib.base.Problem;
import lib.base.Prompt;
import lib.base.Secret;

/**
 * A secret in its four ways: a file, a command's output, the environment, or asked for on the terminal.
 *
 * @param what what it is called when somebody is asked for it
 * @param file the option that names a file; {@code -} is standard input
 * @param command the option that gives a command
 * @param value the option that gives the secret itself, which others can see in {@code ps}
 */
public record SecretOption(String what, Option file, Option command, Option value) {
    private static final int MAX_BYTES = 64 << 10;

    /**
     * The options {@code --NAME-file}, {@code --NAME-cmd} and {@code --NAME}, all of them settings.
     *
     * @param replaced the keys of other settings that a saved {@code --NAME-file} replaces, besides the other two
     */
    static SecretOption named(String name, String what, String... replaced) {
        List<String> keys = new ArrayList<>(List.of(replaced));
        keys.add(name);
        keys.add(name + "-cmd");
        return new SecretOption(
                what,
                Option.file("--" + name + "-file", "FILE", what + ", in a file (- for standard input)")
                        .setting()
                        .replacing(keys.toArray(new String[0])),
                Option.text("--" + name + "-cmd", "CMD", what + ", as the first line that this shell command prints")
                        .setting(),
                Option.text("--" + name, "VALUE", what + " itself, visible to others in ps: better none of this")
                        .setting());
    }

    /** Whether it is to be read from standard input, which then holds nothing else. */
    boolean isOnStdin(Options given) {
        return given.strongest(List.of(file, command, value)) == file && "-".equals(given.text(file));
    }

    /** The secret, from the strongest source that is given; without any from the terminal, where there is one. */
    public Secret read(Options given, Io io) {
        Option source = given.strongest(List.of(file, command, value));
        if (source == file) {
            return fromFile(given.text(file), io);
        }
        if (source == command) {
            return fromCommand(given.text(command), io);
        }
        if (source == value) {
            return fromValue(given, io);
        }
        Secret typed = Prompt.ask(what + ": ");
        if (typed == null || typed.isEmpty()) {
            throw Problem.usage(
                    "no " + value.key().replace('-', ' '),
                    "give " + file.longName() + " FILE, " + command.longName() + " CMD or " + value.variable());
        }
        return typed;
    }

    private Secret fromValue(Options given, Io io) {
        if (given.isOnCommandLine(value)) {
            io.messages()
                    .warning(value.longName() + ": others can see it in ps, and the shell's history keeps it; better "
                            + file.longName() + " or " + value.variable());
        }
        Path profile = given.profileOf(value);
        if (profile != null && Ownership.isReadableByOthers(profile)) {
            io.messages().warning("others can read the secret in " + profile + ": chmod 600 " + profile);
        }
        return new Secret(given.text(value));
    }

    private Secret fromFile(String name, Io io) {
        String text = name.equals("-") ? readAll(io.in(), "standard input") : readFile(Path.of(name), io);
        Secret secret = new Secret(withoutLineEnd(text));
        if (secret.isEmpty()) {
            throw Problem.usage("the secret file " + name + " is empty", "write the secret into it");
        }
        return secret;
    }

    private String readFile(Path path, Io io) {
        try (InputStream in = Files.newInputStream(path)) {
            Ownership.warnOfReaders(path, io);
            return readAll(in, path.toString());
        } catch (NoSuchFileException e) {
            throw Problem.usage("there is no secret file " + path, "check " + file.longName());
        } catch (IOException e) {
            throw Problem.usage("cannot read " + path, "check its permissions with ls -l");
        }
    }

    private static String readAll(InputStream in, String name) {
        try {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw Problem.usage(name + " is too large for a secret", "name the file with the secret");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Problem.usage("cannot read the secret from " + name, null);
        }
    }

    // A secret copied with `echo` has a line end too many, and Keycloak refuses it (facts A4); a second one is not ours
    // to judge.
    private static String withoutLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") || text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private Secret fromCommand(String text, Io io) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", text).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.clear();
        for (Map.Entry<String, String> variable : io.environment().entrySet()) {
            if (!isSecret(variable.getKey())) {
                environment.put(variable.getKey(), variable.getValue());
            }
        }
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = readAll(process.getInputStream(), command.longName());
            int code = process.waitFor();
            int end = output.indexOf('\n');
            String line = withoutLineEnd(end < 0 ? output : output.substring(0, end + 1));
            if (code != 0 || line.isEmpty()) {
                throw Problem.usage(
                        command.longName() + (code == 0 ? " printed no secret" : " ended with exit code " + code),
                        "run the command by itself to see why");
            }
            return new Secret(line);
        } catch (IOException e) {
            throw Problem.usage("cannot run " + command.longName() + ": there is no sh", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted", null);
        }
    }

    private static boolean isSecret(String variable) {
        return variable.equals("ARC_TOKEN")
                || variable.equals("ARC_PROXY")
                || variable.startsWith("ARC_") && variable.endsWith("_SECRET")
                || variable.startsWith("ARC_") && variable.endsWith("PASSWORD");
    }
}
