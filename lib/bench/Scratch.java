package lib.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Temporary folders for what nobody is to find later: tokens, keys, gigabytes. They are gone in the end, after Ctrl-C
 * too, and so is every process that could still write to them.
 */
public final class Scratch implements AutoCloseable {
    // While this goes on, another thread may be adding files; it fails for want of its folder very soon.
    private static final int ROUNDS = 1000;

    private final List<Path> folders = new CopyOnWriteArrayList<>();
    private final Thread interrupt = new Thread(this::interrupted);
    private volatile boolean isInterrupted;

    /** None at first. */
    public Scratch() {
        // For Ctrl-C, which ends the process without unwinding.
        Runtime.getRuntime().addShutdownHook(interrupt);
    }

    /** A new one in the system's temporary folder. */
    public Path folder() throws IOException {
        return added(Files.createTempDirectory("arc-bench-"));
    }

    /** A new one in {@code parent}. */
    Path folder(Path parent) throws IOException {
        return added(Files.createTempDirectory(parent, "arc-bench-"));
    }

    /** Goes on unless the process is being ended: what fails from then on does so for that, and is not worth a word. */
    public void holdIfInterrupted() {
        while (isInterrupted) {
            LockSupport.park(this);
        }
    }

    private Path added(Path folder) {
        folders.add(folder);
        return folder;
    }

    @Override
    public void close() throws IOException {
        holdIfInterrupted();
        for (Path folder : folders) {
            remove(folder);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(interrupt);
        } catch (IllegalStateException itRuns) {
            // And finds nothing left to do.
            holdIfInterrupted();
        }
    }

    private void interrupted() {
        isInterrupted = true;
        for (int round = 0; round < ROUNDS && folders.stream().anyMatch(Files::exists); round++) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            for (Path folder : folders) {
                try {
                    remove(folder);
                } catch (IOException isAddedTo) {
                    // The next round takes that as well.
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | UncheckedIOException isBeingRemoved) {
            if (Files.exists(folder)) {
                throw new IOException(folder + " cannot be removed", isBeingRemoved);
            }
        }
    }
}
