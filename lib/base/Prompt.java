//SOURCES Secret.java

package lib.base;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Asks the person at the terminal for a secret, without echo. It talks to {@code /dev/tty} and not to the standard
 * streams, so that it works inside {@code $(...)} and in a pipe.
 */
public final class Prompt {
    private static final File TERMINAL = new File("/dev/tty");

    private Prompt() {}

    /** What is typed after {@code question}, or null if there is no terminal or its input ended. */
    public static Secret ask(String question) {
        try (FileInputStream in = new FileInputStream(TERMINAL);
                OutputStream out = new FileOutputStream(TERMINAL)) {
            Thread restore = new Thread(Prompt::echoOn);
            Runtime.getRuntime().addShutdownHook(restore);
            try {
                if (!stty("-echo")) {
                    return null;
                }
                out.write(question.getBytes(StandardCharsets.UTF_8));
                return line(in);
            } finally {
                echoOn();
                Runtime.getRuntime().removeShutdownHook(restore);
                out.write('\n');
            }
        } catch (IOException noTerminal) {
            return null;
        }
    }

    private static Secret line(FileInputStream in) throws IOException {
        ByteArrayOutputStream typed = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            typed.write(b);
            b = in.read();
        }
        return new Secret(typed.toString(StandardCharsets.UTF_8));
    }

    private static void echoOn() {
        stty("echo");
    }

    private static boolean stty(String mode) {
        try {
            return new ProcessBuilder("stty", mode)
                            .redirectInput(TERMINAL)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
