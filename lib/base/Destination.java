//SOURCES Exit.java Io.java Ownership.java Printable.java Problem.java

package lib.base;

import module java.base;

/**
 * Where an answer goes: standard output, or a file that appears under its name whole or not at all.
 *
 * <p>A file is written under another name beside it, readable by its owner alone from the first byte, and renamed by
 * {@link #commit}; {@link #close} without it removes what was written, and the next run does for one that was killed.
 * What the process was given open, a character device and a pipe of our own are written to directly. If writing fails,
 * a {@link Problem} is thrown.
 */
public final class Destination extends OutputStream {
    private static final String BEGINNING = ".arc-";
    private static final String END = ".new";

    // Names of this process. Opening one again and closing it would release its lock (fcntl(2)).
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private final String name;
    private final OutputStream stream;
    private final FileChannel channel;
    private final Path beside;
    private final Path target;
    private boolean isSpoiled;
    private boolean keepsPermissions;

    private Destination(String name, OutputStream stream, FileChannel channel, Path beside, Path target) {
        this.name = name;
        this.stream = stream;
        this.channel = channel;
        this.beside = beside;
        this.target = target;
    }

    /** Standard output, or {@code file} if one is given. */
    public static Destination of(Path file, Io io) {
        if (file == null) {
            return new Destination("to standard output", io.out(), null, null, null);
        }
        try {
            return isWrittenDirectly(file)
                    ? new Destination(file.toString(), Files.newOutputStream(file), null, null, file)
                    : file(file);
        } catch (IOException e) {
            throw problem(file.toString(), e);
        }
    }

    /** {@code file}, which is always one that nobody else can read. */
    public static Destination file(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw Problem.failed(file + " is a directory", "name a file in it");
            }
            if (isOpen(file) || !isFileOrFree(file) && !Files.isSymbolicLink(file)) {
                throw Problem.failed(file + " is not a file", "name a file, which then nobody else can read");
            }
            removeLeftovers(file.toAbsolutePath().getParent());
            while (true) {
                String random =
                        Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
                Path beside = file.resolveSibling(BEGINNING + random + END);
                OWN.add(beside.getFileName().toString());
                FileChannel channel = Ownership.locked(beside, StandardOpenOption.CREATE_NEW);
                if (channel != null) {
                    beside.toFile().deleteOnExit();
                    OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                    return new Destination(file.toString(), stream, channel, beside, file);
                }
            }
        } catch (IOException e) {
            throw problem(file.toString(), e);
        }
    }

    /**
     * Removes what killed runs left in {@code folder}, which may hold secrets; a run that lives has a lock on its file.
     */
    static void removeLeftovers(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (isUnfinished(file) && !OWN.contains(name) && Ownership.isOurFile(file)) {
                    removeLeftover(file);
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // To write into it may work all the same.
        }
    }

    /** Whether {@code file} has the name of one that is being written, or was. */
    static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(BEGINNING) && name.endsWith(END);
    }

    private static void removeLeftover(Path file) {
        try (FileChannel unlocked = Ownership.locked(file, StandardOpenOption.WRITE)) {
            if (unlocked != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException notOurs) {
            // It does no harm.
        }
    }

    /** Whether {@code file} is a stream that this process was given open. */
    private static boolean isOpen(Path file) {
        Path path = file.toAbsolutePath().normalize();
        return path.startsWith("/dev/fd")
                || path.startsWith("/proc/self/fd")
                || List.of("/dev/stdin", "/dev/stdout", "/dev/stderr").contains(path.toString());
    }

    private static boolean isFileOrFree(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    // Links are not followed: somebody else may have put them there, and what they lead to.
    private static boolean isWrittenDirectly(Path file) throws IOException {
        if (isOpen(file)) {
            return true;
        }
        if (isFileOrFree(file)) {
            return false;
        }
        int kind = Ownership.kind(file);
        if (kind == Ownership.PIPE && !Ownership.isOursAlone(file)) {
            throw Problem.failed(
                    file + " is a pipe that somebody else can read or write",
                    "make one of your own in a folder of your own: mkfifo -m 600");
        }
        return kind == Ownership.PIPE || kind == Ownership.CHARACTER_DEVICE;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            stream.write(bytes, offset, length);
        } catch (IOException e) {
            throw problem(e);
        }
    }

    /** Writes {@code text} in UTF-8. */
    public void print(String text) {
        byte[] bytes = Printable.encodable(text).getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    @Override
    public void flush() {
        try {
            stream.flush();
        } catch (IOException e) {
            throw problem(e);
        }
    }

    /** The same, with the permissions of the file that it replaces: for what is no secret. */
    public Destination keepingPermissions() {
        keepsPermissions = true;
        return this;
    }

    /** Marks what was written as unusable: {@link #commit} then leaves no file. */
    public void spoil() {
        isSpoiled = true;
    }

    /** Flushes what was written and gives the file its name. */
    public void commit() {
        commit(true);
    }

    /** The same; the file is sure to be on the disk only if {@code isSynced}, which takes some milliseconds. */
    void commit(boolean isSynced) {
        try {
            stream.flush();
            if (beside != null && !isSpoiled) {
                if (isSynced) {
                    // Reports what closing would: the file stays open, and locked, until it has its name.
                    channel.force(false);
                }
                if (keepsPermissions) {
                    Ownership.copyPermissions(target, beside);
                }
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            if (target != null) {
                stream.close();
            }
        } catch (IOException e) {
            throw problem(e);
        }
    }

    @Override
    public void close() {
        try {
            // Before it is closed, which writes what is buffered and so fails on a full disk.
            if (beside != null) {
                Files.deleteIfExists(beside);
            }
            if (target != null) {
                stream.close();
            }
        } catch (IOException alreadyReported) {
            // A write or the commit before this failed for the same reason and reported it.
        }
    }

    private Problem problem(IOException e) {
        // The exception's text alone cannot tell: it is in the language of the system.
        boolean isReaderGone = target == null
                && (new Io.SystemStreams().isPipe(1)
                        || String.valueOf(e.getMessage()).contains("Broken pipe"));
        // The run ends silently with 141, as by a signal.
        return isReaderGone
                ? new Problem(Exit.READER_GONE, "the reader of standard output went away", null)
                : problem(name, e);
    }

    private static Problem problem(String name, IOException e) {
        if (e instanceof NoSuchFileException) {
            return Problem.failed("cannot write " + name + ": no such folder", "create the folder first");
        }
        return notWritten(name, e);
    }

    /** The problem that {@code name} cannot be written, with the system's reason. */
    public static Problem notWritten(String name, IOException e) {
        String reason = Problem.reason(e);
        return Problem.failed(
                "cannot write " + name + ": " + reason,
                isFull(reason) ? "is the disk full? see df -h" : "choose another place");
    }

    /** Whether {@code reason} of {@link Problem#reason} is that the disk is full. */
    public static boolean isFull(String reason) {
        return reason.contains("space") || reason.contains("quota");
    }
}
