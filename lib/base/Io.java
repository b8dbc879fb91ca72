//SOURCES Destination.java Messages.java

package lib.base;

import module java.base;

/**
 * All that a tool gets from outside: nothing below {@code main} uses the process's own.
 *
 * @param in standard input, unbuffered
 * @param out standard output, buffered; written by {@link #print} and {@link Destination}
 * @param messages the messages on standard error
 * @param environment the environment variables
 * @param clock the source of the current time
 * @param streams tells which of the standard streams are terminals
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

        /** Whether the stream with this file descriptor is a pipe. */
        default boolean isPipe(int descriptor) {
            return false;
        }
    }

    /** The process's own streams, environment and clock; messages begin with the name {@code tool}. */
    public static Io system(String tool) {
        Streams streams = new SystemStreams();
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        return new Io(
                SystemStreams.isOpen(0) ? new FileInputStream(FileDescriptor.in) : InputStream.nullInputStream(),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
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
        Destination.of(null, this).print(text);
    }

    /** Hands over what was written to standard output. */
    public void flush() {
        Destination.of(null, this).flush();
    }

    /** Whether standard input is a terminal. */
    public boolean inIsTerminal() {
        return streams.isTerminal(0);
    }

    /**
     * Whether the stream with this file descriptor is a terminal that takes colours, bold letters and progress: not
     * where {@code NO_COLOR} is set or {@code TERM=dumb}.
     */
    public boolean isStyled(int descriptor) {
        return streams.isTerminal(descriptor) && env("NO_COLOR") == null && !"dumb".equals(environment.get("TERM"));
    }

    /** Whether standard output is a terminal. */
    public boolean outIsTerminal() {
        return streams.isTerminal(1);
    }

    /**
     * Looks at each stream by itself: {@code System.console()} is null if any of them is piped, which is the usual case
     * here.
     */
    static final class SystemStreams implements Streams {
        private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

        @Override
        public boolean isTerminal(int descriptor) {
            return Files.exists(DESCRIPTORS) ? terminal(descriptor) != null : askTest(descriptor);
        }

        /** Whether a stream is a pipe, as far as /proc tells; some shells take sockets instead. */
        @Override
        public boolean isPipe(int descriptor) {
            String target = target(descriptor);
            return target.startsWith("pipe:") || target.startsWith("socket:");
        }

        /** The device of the terminal that a stream is connected to; null if there is none, or no /proc to tell. */
        static Path terminal(int descriptor) {
            String target = target(descriptor);
            boolean isTerminal =
                    target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            return isTerminal ? Path.of(target) : null;
        }

        /**
         * Whether a stream was open when this process began. If not, the JVM may have opened a file of its own under
         * that number.
         */
        static boolean isOpen(int descriptor) {
            String target = target(descriptor);
            return target.isEmpty()
                    ? !Files.exists(DESCRIPTORS)
                    : !Path.of(target).startsWith(System.getProperty("java.home"));
        }

        /** What a stream is connected to; empty if it is closed, or where there is no /proc to tell. */
        private static String target(int descriptor) {
            try {
                return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                        .toString();
            } catch (IOException | UnsupportedOperationException closedOrNoProcFileSystem) {
                return "";
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
