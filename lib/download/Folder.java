//SOURCES ../base/Destination.java ../base/Messages.java ../base/Ownership.java ../base/Problem.java DicomWalk.java
//SOURCES Instance.java Progress.java

package lib.download;

import module java.base;
import lib.base.Destination;
import lib.base.Messages;
import lib.base.Ownership;
import lib.base.Problem;

/**
 * The folder that objects are downloaded to, as {@code STUDY/SERIES/INSTANCE.dcm}. Files and folders are created for
 * their owner alone, since they hold patient data.
 *
 * <p>Each run writes into a folder of its own ({@code .arcget-...}, locked while the run lives) and gives a file its
 * final name once it is whole and on the disk. So leftovers of a killed run can be told from the files of another run.
 */
final class Folder implements AutoCloseable {
    private static final String WORK = ".arcget-";
    private static final String LOCK = "lock";
    private static final String PART = ".part";
    private static final long LEFT_FREE = 16 << 20;

    // How much of a file is read at a time, of which a walk passes over most.
    private static final int READ = 1 << 14;

    // How many bytes of a long file are written between two looks at the free space.
    private static final long CHECKED = 4 << 20;

    private final Path root;

    // Null where nothing is written.
    private final Path work;
    private final FileChannel lock;
    private final AtomicInteger parts = new AtomicInteger();

    // Read lock while adding a file, write lock to close: after Ctrl-C no worker may fail because its folder is gone.
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private boolean isClosed;

    private final Messages messages;
    private final Set<Path> looked = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isWarned = new AtomicBoolean();

    private Folder(Path root, Path work, FileChannel lock, Messages messages) {
        this.root = root;
        this.work = work;
        this.lock = lock;
        this.messages = messages;
        if (Files.exists(root) && !Ownership.isOurs(root)) {
            messages.warning(root + " belongs to somebody else, whose files in it count as downloaded");
        }
        warnOfWriters(root);
    }

    /**
     * Opens {@code root}, creates it if necessary, and removes what killed runs left there; to be compared only, it
     * need not be there, and nothing is written.
     */
    static Folder open(Path root, boolean isCompared, Messages messages) {
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(root)) {
            throw Problem.failed(root + " is not a folder", "name a folder for --download");
        }
        if (isCompared) {
            return new Folder(root, null, null, messages);
        }
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root, Ownership.only("rwx------", root));
            }
            removeLeftovers(root);
            while (true) {
                Path work = root.resolve(WORK + Long.toUnsignedString(new SecureRandom().nextLong(), 36));
                Files.createDirectory(work, Ownership.only("rwx------", root));
                FileChannel lock = Ownership.locked(work.resolve(LOCK), StandardOpenOption.CREATE_NEW);
                if (lock != null) {
                    return new Folder(root, work, lock, messages);
                }
            }
        } catch (IOException e) {
            throw Destination.notWritten(root.toString(), e);
        }
    }

    /** Warns once of a folder in which others can replace what is downloaded to it. */
    private void warnOfWriters(Path folder) {
        if (looked.add(folder)
                && (Ownership.isWritableByOthers(folder) || !Ownership.isOf(root, folder))
                && isWarned.compareAndSet(false, true)) {
            messages.warning("others can write to " + folder + " and replace what is downloaded: chmod go-w " + folder);
        }
    }

    /**
     * Whether {@code instance} is on the disk, and whole as far as it can be followed. A file of somebody else, who is
     * not the owner of the folder either, does not count.
     */
    boolean holds(Instance instance) {
        Path file = file(instance);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Ownership.isOf(root, file)) {
            return false;
        }
        warnOfWriters(file.getParent().getParent());
        warnOfWriters(file.getParent());
        // Values are skipped, so that a file costs hardly more than its headers.
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            DicomWalk walk = new DicomWalk();
            walk.follow(new BufferedInputStream(in, READ));
            return walk.flaw() == null && instance.uid().equals(walk.sopInstanceUid());
        } catch (IOException unreadable) {
            // It will be replaced, or that fails with a reason.
            return false;
        }
    }

    /** A new file for one object. */
    PartFile newPart() {
        requireSpace(0);
        Path file = work.resolve(parts.incrementAndGet() + PART);
        open.readLock().lock();
        try {
            return new PartFile(file, Ownership.only("rw-------", root));
        } finally {
            open.readLock().unlock();
        }
    }

    /** Gives {@code part} its final name. A link in place of one of its folders is refused, not followed. */
    private void keep(Path part, Instance instance) throws IOException {
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
            warnOfWriters(folder);
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

    /** Syncs the folders of {@code series}, so that the names of its files survive a power failure too. */
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

    /** {@link Problem} if the disk has no space for {@code bytes} more, besides some that is left to others. */
    void requireSpace(long bytes) {
        long free = free();
        if (free - LEFT_FREE < bytes) {
            String what = bytes > 0
                    ? "no space for " + Progress.amount(bytes) + " in " + root
                    : "the disk of " + root + " is full";
            throw Problem.failed(
                    what + ": " + Progress.amount(free) + " are free",
                    "free some space, or use another disk; complete files are kept and skipped");
        }
    }

    /** The free space in bytes; a large number if unknown. */
    private long free() {
        File disk = root.toFile();
        long free = disk.getUsableSpace();
        // Each question asks the operating system, which shows in the time of small files.
        return free == 0 && disk.getTotalSpace() == 0 ? Long.MAX_VALUE : free;
    }

    /** Removes all files that are not whole, once; threads that want to add another then wait for ever. */
    @Override
    public synchronized void close() {
        if (isClosed || work == null) {
            return;
        }
        isClosed = true;
        open.writeLock().lock();
        try (lock) {
            remove(work);
        } catch (IOException leftover) {
            // The next run removes it.
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
        try (FileChannel free = Ownership.locked(left.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (free != null) {
                remove(left);
            }
        } catch (IOException notOurs) {
            // It does no harm.
        }
    }

    private static void remove(Path work) throws IOException {
        // Only our own files: someone may have put a link to another folder here.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(work, "{*" + PART + "," + LOCK + "}")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Files.deleteIfExists(work);
    }

    /** A file that is not whole yet; {@link #close} removes it unless it was kept. */
    final class PartFile implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;
        private long size;
        private boolean isKept;

        private PartFile(Path file, FileAttribute<?>... attributes) {
            this.file = file;
            try {
                channel = FileChannel.open(
                        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
            } catch (IOException e) {
                throw Destination.notWritten(file.toString(), e);
            }
        }

        /** Appends {@code bytes}. */
        void write(ByteBuffer bytes) {
            int count = bytes.remaining();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (size / CHECKED != (size + count) / CHECKED) {
                    requireSpace(0);
                }
                size += count;
            } catch (IOException e) {
                throw Destination.notWritten(file.toString(), e);
            }
        }

        /** How many bytes were written. */
        long size() {
            return size;
        }

        /** Keeps the file, which is whole, as {@code instance}: syncs it to the disk, then gives it its final name. */
        void keep(Instance instance) {
            try {
                channel.force(false);
                channel.close();
                Folder.this.keep(file, instance);
                isKept = true;
            } catch (IOException e) {
                throw Destination.notWritten(instance.uid() + ".dcm in " + root, e);
            }
        }

        @Override
        public void close() {
            if (isKept) {
                return;
            }
            try {
                channel.close();
                Files.deleteIfExists(file);
            } catch (IOException leftover) {
                // The next run removes it.
            }
        }
    }
}
