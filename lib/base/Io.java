//SOURCES Destination.java Messages.java Problem.java

package lib.base;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * All that a tool gets from outside, so that nothing below {@code main} reaches for it by itself.
 *
 * @param in standard input, unbuffered
 * @param out standard output; it throws {@link Problem} where it cannot be written
 * @param messages what is said to the person, on standard error
 * @param environment the environment variables
 * @param clock the time
 * @param streams which of the standard streams are terminals
 */
public record Io(
        InputStream in,
        OutputStream out,
        Messages messages,
        Map<String, String> environment,
        InstantSource clock,
        Streams streams) {

    /** What a standard stream is connected to. */
    public interface Streams {
        /** Whether the stream with this file descriptor (0, 1 or 2) is a terminal. */
        boolean isTerminal(int descriptor);
    }

    /** The process's own streams, environment and clock, speaking as {@code tool}. */
    public static Io system(String tool) {
        Streams streams = new SystemStreams();
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        return new Io(
                SystemStreams.isOpen(0) ? new FileInputStream(FileDescriptor.in) : InputStream.nullInputStream(),
                new Stdout(new FileOutputStream(FileDescriptor.out)),
                new Messages(tool, err, false, false),
                System.getenv(),
                InstantSource.system(),
                streams);
    }

    /** The same, with warnings off or details on. */
    public Io speaking(boolean silent, boolean verbose) {
        Messages spoken = new Messages(messages.tool(), messages.err(), silent, verbose);
        return new Io(in, out, spoken, environment, clock, streams);
    }

    /** The same, with messages going to {@code err}. */
    public Io speakingTo(OutputStream err) {
        Messages spoken = new Messages(messages.tool(), err, messages.silent(), messages.verbose());
        return new Io(in, out, spoken, environment, clock, streams);
    }

    /** The environment variable {@code name}, or null if it is unset or empty. */
    public String env(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The home folder as the shell sees it; Java's own {@code user.home} ignores {@code HOME}. */
    public Path home() {
        String home = env("HOME");
        return Path.of(home == null ? System.getProperty("user.home") : home);
    }

    /** Writes {@code text} to standard output, in UTF-8 whatever the platform says. */
    public void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Stdout.write(out, bytes, 0, bytes.length);
    }

    /** Whether standard input is a terminal. */
    public boolean inIsTerminal() {
        return streams.isTerminal(0);
    }

    /**
     * Whether the stream with this file descriptor is a terminal on which colours, bold letters and what moves are
     * welcome: not where {@code NO_COLOR} is set or {@code TERM=dumb}.
     */
    public boolean isStyled(int descriptor) {
        return streams.isTerminal(descriptor) && env("NO_COLOR") == null && !"dumb".equals(environment.get("TERM"));
    }

    /** Whether standard output is a terminal. */
    public boolean outIsTerminal() {
        return streams.isTerminal(1);
    }

    /**
     * Standard output, buffered. A reader that went away ends the run silently with 141, as a signal would; a full disk
     * is a {@link Problem}.
     */
    private static final class Stdout extends OutputStream {
        private final BufferedOutputStream out;

        Stdout(OutputStream out) {
            this.out = new BufferedOutputStream(out, 1 << 16);
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw problem(e);
            }
        }

        @Override
        public void flush() {
            try {
                out.flush();
            } catch (IOException e) {
                throw problem(e);
            }
        }

        /** Writes to any stream that stands in for standard output. */
        static void write(OutputStream out, byte[] bytes, int offset, int length) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw problem(e);
            }
        }

        private static Problem problem(IOException e) {
            if (isPipe() || String.valueOf(e.getMessage()).contains("Broken pipe")) {
                return Problem.readerGone("the reader of standard output went away", null);
            }
            return Destination.notWritten("to standard output", e);
        }

        // The text of the exception is in the language of the system.
        private static boolean isPipe() {
            try {
                String target =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
                return target.startsWith("pipe:") || target.startsWith("socket:");
            } catch (IOException | UnsupportedOperationException noProcFileSystem) {
                return false;
            }
        }
    }

    /**
     * Asks for each stream by itself: {@code System.console()} is null as soon as one of them is piped, which in this
     * kit is nearly always.
     */
    static final class SystemStreams implements Streams {
        @Override
        public boolean isTerminal(int descriptor) {
            return Files.exists(Path.of("/proc/self/fd")) ? terminal(descriptor) != null : askTest(descriptor);
        }

        /**
         * The terminal that a stream is connected to, as its own device; null if it is none, or that cannot be told.
         */
        static Path terminal(int descriptor) {
            try {
                Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
                String name = target.toString();
                boolean isTerminal =
                        name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
                return isTerminal ? target : null;
            } catch (IOException | UnsupportedOperationException closedOrNoProcFileSystem) {
                return null;
            }
        }

        /**
         * Whether a stream was open when this process began; else its number may be that of one of the JVM's own files.
         */
        static boolean isOpen(int descriptor) {
            try {
                return !Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                        .startsWith(System.getProperty("java.home"));
            } catch (IOException | UnsupportedOperationException noProcFileSystemOrClosed) {
                return !Files.exists(Path.of("/proc/self/fd"));
            }
        }

        private static boolean askTest(int descriptor) {
            try {
                return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
                                .inheritIO()
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
}
