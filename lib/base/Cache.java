//SOURCES Destination.java Io.java Ownership.java Problem.java Sha256.java

package lib.base;

import module java.base;

/**
 * A few bytes for each key, kept from one run to the next in a folder that only its owner can read.
 *
 * <p>A cache only saves time, so nothing here fails: if the folder cannot be used, there is one warning, nothing is
 * read, and nothing is written. Runs exclude each other by a lock of the operating system, which is released when its
 * process ends in any way.
 */
public final class Cache {
    /** How long a run waits as a rule for another that holds the lock of the same key. */
    public static final Duration MAX_WAIT = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MOST = 2 << 20;
    private static final String LOCKS = "locks";

    private final Io io;
    private final Path folder;
    private final Duration maxWait;
    private boolean usable = true;
    private boolean ready;
    private FileChannel locks;

    private Cache(Io io, Path folder, Duration maxWait) {
        this.io = io;
        this.folder = folder;
        this.maxWait = maxWait;
    }

    /** The cache in {@code $XDG_CACHE_HOME/arc-scripts}, else in {@code ~/.cache}; nothing is touched yet. */
    public static Cache of(Io io, Duration maxWait) {
        String home = io.env("XDG_CACHE_HOME");
        Path caches = home != null && Path.of(home).isAbsolute()
                ? Path.of(home)
                : io.home().resolve(".cache");
        return new Cache(io, caches.resolve("arc-scripts"), maxWait);
    }

    /** The bytes kept for {@code key}, read without a lock; null if there are none. */
    public byte[] peek(String key) {
        return isReady() ? read(file(key)) : null;
    }

    /**
     * The entry of {@code key}, locked for this run until it is closed. Waits for another run that holds it; if that
     * takes too long, the entry behaves as if there were no cache.
     */
    public Entry lock(String key) {
        return new Entry(key);
    }

    /** Removes everything, also what another run is just about to replace; a {@link Problem} if that fails. */
    public void clear() {
        try {
            remove(file -> true);
        } catch (IOException e) {
            throw Problem.failed("cannot empty the cache " + folder, "look at it with ls -la, and remove it by hand");
        }
    }

    /** Removes each entry whose content is {@code unwanted}. */
    public void forget(Predicate<byte[]> unwanted) {
        try {
            remove(file -> {
                byte[] content = read(file);
                return content != null && unwanted.test(content);
            });
        } catch (IOException e) {
            giveUp("cannot clean", e);
        }
    }

    private void remove(Predicate<Path> unwanted) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isReady()) {
            throw new IOException("the cache is not ours");
        }
        Destination.removeLeftovers(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                // The locks stay: removing a file of locks that is in use would let two runs lock the same key.
                if (!file.endsWith(LOCKS) && !Destination.isUnfinished(file) && unwanted.test(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** What is kept for one key. */
    public final class Entry implements AutoCloseable {
        private final Path file;
        private final FileLock lock;

        private Entry(String key) {
            this.file = file(key);
            this.lock = isReady() ? locked(file) : null;
        }

        /** The bytes kept; null if there are none, or if it could not be locked. */
        public byte[] read() {
            return lock == null ? null : Cache.this.read(file);
        }

        /** Replaces what is kept by {@code bytes}. */
        public void write(byte[] bytes) {
            if (lock == null || !usable) {
                return;
            }
            try (Destination kept = Destination.file(file)) {
                kept.write(bytes, 0, bytes.length);
                kept.commit(false);
            } catch (Problem problem) {
                giveUp(problem.getMessage());
            }
        }

        /** Unlocks it for other runs. */
        @Override
        public void close() {
            if (lock != null) {
                try {
                    lock.release();
                } catch (IOException endsWithTheProcess) {
                    // The operating system releases it.
                }
            }
        }
    }

    private byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST + 1);
            return bytes.length > MOST ? null : bytes;
        } catch (NoSuchFileException nothingKept) {
            return null;
        } catch (IOException e) {
            giveUp("cannot read", e);
            return null;
        }
    }

    /** Locks the key of {@code file}, one byte of the file of locks; null if another run holds it for too long. */
    private FileLock locked(Path file) {
        try {
            boolean said = false;
            for (long left = maxWait.toMillis(); ; left -= PAUSE.toMillis()) {
                FileLock lock = tryLock(file);
                if (lock != null) {
                    return lock;
                }
                if (left <= 0) {
                    io.messages().detail("the other run takes too long; continuing without the cache");
                    return null;
                }
                if (!said) {
                    said = true;
                    io.messages().detail("waiting for another run that asks for the same");
                }
                Thread.sleep(PAUSE);
            }
        } catch (IOException e) {
            giveUp("cannot lock", e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Locks one byte of the file of locks for {@code file}; null if another run or thread holds it. */
    private FileLock tryLock(Path file) throws IOException {
        if (locks == null) {
            locks = FileChannel.open(
                    folder.resolve(LOCKS),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    Ownership.only("rw-------", folder));
        }
        // The first 40 bits of the hash: every file system allows such a position.
        long position = Long.parseLong(file.getFileName().toString().substring(0, 10), 16);
        try {
            return locks.tryLock(position, 1, false);
        } catch (OverlappingFileLockException anotherThreadHasIt) {
            return null;
        }
    }

    /** Whether the folder can be used; it is created if missing. */
    private boolean isReady() {
        if (ready || !usable) {
            return usable;
        }
        ready = true;
        try {
            Files.createDirectories(folder, Ownership.only("rwx------", folder));
            Ownership.requireFolder(folder);
            if (Ownership.isReadableByOthers(folder)) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (Problem notOurs) {
            giveUp(notOurs.getMessage());
        } catch (IOException e) {
            giveUp("cannot make", e);
        }
        return usable;
    }

    private void giveUp(String what, IOException e) {
        giveUp(what + " " + folder + ": " + Problem.reason(e));
    }

    private void giveUp(String reason) {
        if (usable) {
            usable = false;
            io.messages().warning("no cache: " + reason);
        }
    }

    private Path file(String key) {
        return folder.resolve(Sha256.hex(key.getBytes(StandardCharsets.UTF_8)));
    }
}
