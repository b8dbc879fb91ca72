//SOURCES Io.java

package lib.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks for each stream by itself: {@code System.console()} is null as soon as one of them is piped, which in this kit
 * is nearly always.
 */
final class SystemStreams implements Io.Streams {
    @Override
    public boolean isTerminal(int descriptor) {
        return Files.exists(Path.of("/proc/self/fd")) ? terminal(descriptor) != null : askTest(descriptor);
    }

    /** The terminal that a stream is connected to, as its own device; null if it is none, or that cannot be told. */
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

    /** Whether a stream was open when this process began; else its number may be that of one of the JVM's own files. */
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
