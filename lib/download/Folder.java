//SOURCES ../base/Destination.java ../base/Ownership.java ../base/Problem.java Instance.java Part10.java PartFile.java
//SOURCES Progress.java

package lib.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import lib.base.Destination;
import lib.base.Ownership;
import lib.base.Problem;

/**
 * The folder that objects are downloaded to, as {@code STUDY/SERIES/INSTANCE.dcm}. What it makes is for its owner's
 * eyes alone: these are patients.
 *
 * <p>A file is written in a folder of this run ({@code .arcget-...}, with a lock on it while the run lives) and only
 * given its name when it is whole and on the disk. So whatever is a DICOM file with the right UID under such a name is
 * whole, and what a killed run left behind can be told from what another one writes at this moment.
 */
final class Folder implements AutoCloseable {
    private static final String WORK = ".arcget-";
    private static final String LOCK = "lock";
    private static final String PART = ".part";
    private static final long LEFT_FREE = 16 << 20;

    private final Path root;
    private final Path work;
    private final FileChannel lock;
    private final FileStore disk;
    private final AtomicInteger parts = new AtomicInteger();

    // Whoever adds a file reads, and whoever closes it writes: once Ctrl-C has closed it, nothing goes on that would
    // fail for that very reason, or has anything to say.
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private boolean isClosed;
    private long reserved;

    private Folder(Path root, Path work, FileChannel lock) {
        this.root = root;
        this.work = work;
        this.lock = lock;
        this.disk = disk(root);
    }

    private static FileStore disk(Path root) {
        try {
            return Files.getFileStore(root);
        } catch (IOException noMountPoint) {
            // As in some containers, where files can be written all the same.
            return null;
        }
    }

    /** Opens {@code root}, creating it where it is missing, and removes what killed runs left there. */
    static Folder open(Path root) {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root, Ownership.only("rwx------", root));
            }
            removeLeftovers(root);
            while (true) {
                Path work = root.resolve(WORK + Long.toUnsignedString(new SecureRandom().nextLong(), 36));
                Files.createDirectory(work, Ownership.only("rwx------", root));
                FileChannel lock = locked(work.resolve(LOCK), StandardOpenOption.CREATE_NEW);
                if (lock != null) {
                    return new Folder(root, work, lock);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw Problem.failed(root + " is no folder", "name a folder for --download");
        } catch (IOException e) {
            throw Destination.notWritten(root.toString(), e);
        }
    }

    /** Whether {@code instance} is here and whole. */
    boolean holds(Instance instance) {
        Path file = file(instance);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return instance.uid().equals(Part10.sopInstanceUid(ByteBuffer.wrap(in.readNBytes(Part10.BEGINNING))));
        } catch (IOException unreadable) {
            // Then it will be replaced, or that fails with a reason.
            return false;
        }
    }

    /** A new file for an object whose name is not known yet. */
    PartFile newPart() {
        requireNotFull();
        Path file = work.resolve(parts.incrementAndGet() + PART);
        open.readLock().lock();
        try {
            return new PartFile(file, this, Ownership.only("rw-------", root));
        } finally {
            open.readLock().unlock();
        }
    }

    /**
     * Gives {@code part} the name of {@code instance}, in folders that are real ones: no link is followed out of here.
     */
    void keep(Path part, Instance instance) throws IOException {
        open.readLock().lock();
        try {
            Path study = root.resolve(instance.study());
            requireFolder(study);
            requireFolder(study.resolve(instance.series()));
            Files.move(part, file(instance), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            open.readLock().unlock();
        }
    }

    private Path file(Instance instance) {
        return root.resolve(instance.study()).resolve(instance.series()).resolve(instance.uid() + ".dcm");
    }

    private void requireFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(folder, Ownership.only("rwx------", folder));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw Problem.failed(
                        folder + " is a link or a file, not a folder", "remove it, or name another --download");
            }
        }
    }

    /** Makes the names in the folder of {@code series} survive a power failure, as the files themselves do already. */
    void sync(String study, String series) {
        Path folder = root.resolve(study);
        for (Path path : new Path[] {folder.resolve(series), folder, root}) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException notOnThisSystem) {
                return;
            }
        }
    }

    /** Keeps room for {@code bytes} that are to come; {@link Problem} if there is none beside what others wait for. */
    synchronized void reserve(long bytes) {
        requireRoom(bytes, reserved);
        reserved += bytes;
    }

    /** Keeps no room any more for so many bytes: they have come, or never will. */
    synchronized void release(long bytes) {
        reserved -= bytes;
    }

    /** {@link Problem} if the disk is full; something is left for others. */
    void requireNotFull() {
        requireRoom(0, 0);
    }

    private void requireRoom(long bytes, long others) {
        if (disk == null) {
            return;
        }
        long free;
        try {
            free = disk.getUsableSpace();
        } catch (IOException unknown) {
            return;
        }
        if (free - LEFT_FREE - others < bytes) {
            throw Problem.failed(
                    bytes == 0
                            ? "the disk of " + root + " is full but for " + Progress.amount(free)
                            : "no room for " + Progress.amount(bytes) + " in " + root + ": " + Progress.amount(free)
                                    + " are free"
                                    + (others == 0 ? "" : ", of which others still need " + Progress.amount(others)),
                    "make room, or download to another disk; what is whole stays, and will not be asked for again");
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    /** Removes what is not whole, once; whoever wants to add anything waits for ever. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        open.writeLock().lock();
        try (lock) {
            remove(work);
        } catch (IOException leftForTheNextRun) {
            // Which removes it.
        }
    }

    private static void removeLeftovers(Path root) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(root, WORK + "*")) {
            for (Path left : found) {
                if (Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)) {
                    removeLeftover(left);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void removeLeftover(Path left) {
        try (FileChannel free = locked(left.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (free != null) {
                remove(left);
            }
        } catch (IOException somebodyElses) {
            // It is in nobody's way.
        }
    }

    /** A lock on {@code file}, or null if somebody has one; the system lets go of it when the process ends. */
    private static FileChannel locked(Path file, StandardOpenOption how) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.WRITE, how, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException notLockedYet) {
            return null;
        }
        boolean isOurs;
        try {
            FileLock lock = channel.tryLock();
            // Between its making and its lock somebody may have taken it for a leftover.
            isOurs = lock != null && Files.exists(file);
        } catch (OverlappingFileLockException byAnotherRunInThisProcess) {
            isOurs = false;
        } catch (IOException noLocksHere) {
            // Then nobody can tell leftovers, and nobody removes them.
            isOurs = how == StandardOpenOption.CREATE_NEW;
        }
        if (isOurs) {
            return channel;
        }
        channel.close();
        return null;
    }

    private static void remove(Path work) throws IOException {
        // Nothing else, should it be somebody's who can put a link in its place.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(work, "{*" + PART + "," + LOCK + "}")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Files.deleteIfExists(work);
    }
}
