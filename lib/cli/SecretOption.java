//SOURCES ../base/Io.java ../base/Ownership.java ../base/Problem.java ../base/Prompt.java ../base/Secret.java
//SOURCES ../base/SmallFile.java Option.java Options.java Profile.java

package lib.cli;

import module java.base;
import lib.base.Io;
import lib.base.Ownership;
import lib.base.Problem;
import lib.base.Prompt;
import lib.base.Secret;
import lib.base.SmallFile;

/**
 * A secret in its four ways: a file, a command's output, the environment, or asked for on the terminal.
 *
 * @param what its name in the question on the terminal
 * @param file the option that names a file; {@code -} is standard input
 * @param command the option that gives a command
 * @param value the option whose value is the secret, which others can see in {@code ps}
 */
public record SecretOption(String what, Option file, Option command, Option value) {
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
                Option.text("--" + name, "VALUE", what + " itself; others can see it in ps: prefer the other ways")
                        .setting());
    }

    boolean isGiven(Options given) {
        return source(given) != null;
    }

    /** The option that gives it, or null. */
    Option source(Options given) {
        return given.strongest(List.of(file, command, value));
    }

    /** Whether it is read from standard input, which then holds nothing else. */
    boolean isOnStdin(Options given) {
        return source(given) == file && "-".equals(given.text(file));
    }

    /**
     * The secret, from the strongest source given; without any, typed at the terminal if there is one.
     *
     * @param whose whose it is and for which server, as the question ends: {@code of client curl at http://...}
     */
    Secret read(String whose, Options given, Io io) {
        Option source = source(given);
        if (source == file) {
            return new Secret(new String(secret(file, given, io), StandardCharsets.UTF_8));
        }
        if (source == command) {
            return fromCommand(given.text(command), io);
        }
        if (source == value) {
            return fromValue(given, io);
        }
        Secret typed = Prompt.ask(what + " " + whose + ": ");
        if (typed == null || typed.isEmpty()) {
            throw Problem.usage(
                    "no " + value.key().replace('-', ' '),
                    given.orProfile("give " + file.longName() + " FILE, " + command.longName() + " CMD or "
                            + value.variable()));
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
        if (profile != null) {
            warnOfReaders(profile, value, given, io);
        }
        return new Secret(given.text(value));
    }

    /** Warns of a file with a secret that others can read; from a profile for all users, it is refused. */
    private static void warnOfReaders(Path file, Option option, Options given, Io io) {
        if (!Files.isRegularFile(file) || !Ownership.isReadableByOthers(file)) {
            return;
        }
        Path profile = given.profileOf(option);
        if (profile != null && Profile.isForAll(profile) && Ownership.isReadableByAll(file)) {
            throw Problem.usage(
                    "all users of this machine can read the secret in " + file,
                    "keep it in a file that one group can read: chgrp GROUP FILE && chmod 640 FILE");
        }
        io.messages().warning("others can read " + file + ": chmod 600 " + file);
    }

    /**
     * The content of the file that {@code option} names, {@code -} being standard input; warns if others can read it.
     */
    static byte[] content(Option option, Options given, Io io) {
        String name = given.text(option);
        if (name.equals("-")) {
            return SmallFile.stdin(io, option.longName());
        }
        byte[] content = SmallFile.read(name, option.longName());
        warnOfReaders(Path.of(name), option, given, io);
        return content;
    }

    /** The secret in the file that {@code option} names; it is not empty. */
    static byte[] secret(Option option, Options given, Io io) {
        byte[] secret = SmallFile.withoutLineEnd(content(option, given, io));
        if (secret.length == 0) {
            throw Problem.usage("the secret file " + given.text(option) + " is empty", "write the secret into it");
        }
        return secret;
    }

    private Secret fromCommand(String shell, Io io) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", shell).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(io.environment());
        environment.keySet().removeIf(SecretOption::isSecret);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            byte[] printed = process.getInputStream().readNBytes(SmallFile.MAX_BYTES);
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            String line = new String(printed, StandardCharsets.UTF_8).split("\r?\n", 2)[0];
            int code = process.waitFor();
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

    // A proxy's URL may have a password in it.
    private static boolean isSecret(String variable) {
        return variable.equals("ARC_TOKEN")
                || variable.equals("ARC_PROXY")
                || variable.startsWith("ARC_") && (variable.endsWith("_SECRET") || variable.endsWith("PASSWORD"));
    }
}
