//SOURCES Io.java Printable.java Secret.java

package lib.base;

import module java.base;

/**
 * Asks for a secret at the terminal, without echo. It talks to {@code /dev/tty} and not to the standard streams, so
 * that it works inside {@code $(...)} and in a pipe.
 */
public final class Prompt {
    private static final File TERMINAL = new File("/dev/tty");
    private static final String SHOWN = "echo";
    private static final int CTRL_D = 4;

    private Prompt() {}

    /** What is typed after {@code question}, without echo; null if there is no terminal or its input ended. */
    public static Secret ask(String question) {
        return secret(typed(Printable.line(question), "-echo", '\n'));
    }

    /** What is pasted after {@code request}, until Ctrl-D; null if there is no terminal. */
    public static byte[] paste(String request) {
        // In canonical mode a line ends at 4,095 characters (termios(3)), and the rest is lost.
        return typed(request + "\n", "-icanon", CTRL_D);
    }

    /** Whether {@code yes} is typed after {@code question}; null if there is no terminal or its input ended. */
    public static Boolean confirm(String question) {
        Secret typed = secret(typed(Printable.line(question), SHOWN, '\n'));
        return typed == null ? null : typed.reveal().strip().equals("yes");
    }

    private static Secret secret(byte[] typed) {
        return typed == null ? null : new Secret(new String(typed, StandardCharsets.UTF_8));
    }

    /** What is typed until {@code end} after {@code question} while stty's {@code mode} holds. */
    private static byte[] typed(String question, String mode, int end) {
        try (FileChannel _ = turn();
                FileInputStream in = new FileInputStream(TERMINAL);
                OutputStream out = new FileOutputStream(TERMINAL)) {
            String before = stty("-g");
            if (before == null) {
                return null;
            }
            // Ctrl-C ends the process without running the finally block.
            Thread restore = new Thread(() -> {
                stty(before);
                endLine();
            });
            Runtime.getRuntime().addShutdownHook(restore);
            try {
                // Before the question: what is typed ahead must not be shown either.
                if (stty(mode) == null) {
                    return null;
                }
                out.write(question.getBytes(StandardCharsets.UTF_8));
                return until(end, in);
            } finally {
                stty(before);
                if (!mode.equals(SHOWN)) {
                    out.write('\n');
                }
                Runtime.getRuntime().removeShutdownHook(restore);
            }
        } catch (IOException noTerminal) {
            return null;
        } catch (IllegalStateException ending) {
            // Shutdown has begun, and the hook restores the mode.
            return null;
        }
    }

    /**
     * Waits until no other tool of a pipe asks on this terminal: the first to get its answer would turn the echo on
     * while the other still reads. The lock is on the terminal's own device, since {@code /dev/tty} is the same file
     * for all terminals.
     */
    private static FileChannel turn() throws IOException {
        for (int descriptor : new int[] {2, 0, 1}) {
            Path device = Io.SystemStreams.terminal(descriptor);
            if (device != null) {
                FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE);
                channel.lock();
                return channel;
            }
        }
        return null;
    }

    private static void endLine() {
        try (OutputStream out = new FileOutputStream(TERMINAL)) {
            out.write('\n');
        } catch (IOException noTerminal) {
            // It has been closed meanwhile.
        }
    }

    private static byte[] until(int end, FileInputStream in) throws IOException {
        ByteArrayOutputStream typed = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != end) {
            typed.write(b);
            b = in.read();
        }
        return typed.toByteArray();
    }

    /** Runs stty with {@code mode} on the terminal; returns its output, or null if it failed. */
    static String stty(String mode) {
        try {
            Process process = new ProcessBuilder("stty", mode)
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            byte[] printed = process.getInputStream().readAllBytes();
            return process.waitFor() == 0 ? new String(printed, StandardCharsets.US_ASCII).strip() : null;
        } catch (IOException noSuchCommand) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
