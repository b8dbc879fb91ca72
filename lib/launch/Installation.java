//SOURCES ../base/Destination.java ../base/Messages.java ../base/Ownership.java ../base/Problem.java

package lib.launch;

import module java.base;
import lib.base.Destination;
import lib.base.Messages;
import lib.base.Ownership;
import lib.base.Problem;

/**
 * The kit below a prefix such as {@code ~/.local}, locked against other runs until it is closed.
 *
 * <p>The folder {@code share/arc-scripts} holds a release, which is complete before the first command leads to it. The
 * files elsewhere have a line that marks them, and each is renamed into place: a command that is called meanwhile is
 * the old one or the new one. The previous release stays without its caches until the next install, since a command
 * that has just started may still need it.
 *
 * <p>The owner of a folder on the way can lead root to other files, so all of them must be ours or root's, and no
 * links.
 */
public final class Installation implements AutoCloseable {
    private static final String MARK = "Written by install of arc-scripts; install --uninstall removes it.";
    private static final String SHARE = "share/arc-scripts";

    /** The folders of files with the mark, and two files without it. */
    private static final List<String> PLACES = List.of(
            "bin",
            "share/bash-completion/completions",
            "share/zsh/site-functions",
            "share/man/man1",
            SHARE + "/lock",
            SHARE + "/made");

    private final Path prefix;
    private final Path share;
    private final FileChannel lock;
    /** The folders that did not exist before, outer ones first, so that uninstalling removes only these. */
    private final Path made;

    private Path release;

    private Installation(Path prefix, Messages messages) throws IOException {
        this.prefix = prefix;
        share = prefix.resolve(SHARE);
        made = share.resolve("made");
        make(share);
        Path file = share.resolve("lock");
        lock = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                Ownership.only("rw-------", file));
        if (lock.tryLock() == null) {
            messages.note("waiting for another install below " + prefix + ", which has locked " + file);
            lock.lock();
        }
        // Another run may have uninstalled the kit before it released the lock.
        make(share);
    }

    /**
     * Opens the installation below {@code prefix}, and waits while another run works there.
     *
     * @param commands what will be written to {@code bin}; a {@link Problem} if one of them exists and is not ours
     * @param messages says what it waits for
     */
    public static Installation in(Path prefix, List<String> commands, Messages messages) throws IOException {
        if (prefix.toString().indexOf(File.pathSeparatorChar) >= 0) {
            throw Problem.usage(
                    "a path with " + File.pathSeparator + " cannot be on the PATH: " + prefix,
                    "choose another --prefix");
        }
        Path absolute = prefix.toAbsolutePath().normalize();
        requireOurs(absolute);
        for (String command : commands) {
            Path file = absolute.resolve("bin").resolve(command);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(file)) {
                throw Problem.usage(
                        file + " is there already, and install did not write it",
                        "move it away, or choose another place with --prefix DIR");
            }
        }
        return new Installation(absolute, messages);
    }

    private static void requireOurs(Path prefix) throws IOException {
        if (Files.exists(prefix) && !Ownership.isOurs(prefix.toRealPath())) {
            throw foreign(prefix);
        }
        for (String place : PLACES) {
            Path path = prefix;
            for (Path name : Path.of(place)) {
                path = path.resolve(name);
                if (Files.isSymbolicLink(path)) {
                    throw Problem.usage(
                            path + " is a link, which is not followed", "remove it, or choose another --prefix DIR");
                }
                if (Files.exists(path) && !Ownership.isOurs(path)) {
                    throw foreign(path);
                }
            }
        }
    }

    private static Problem foreign(Path path) {
        return Problem.usage(path + " belongs to somebody else", "choose a place of your own with --prefix DIR");
    }

    /** The problem that {@code prefix} cannot be written to. */
    public static Problem problem(Path prefix, IOException e) {
        String reason = Problem.reason(e);
        return Problem.failed(
                "cannot write below " + prefix + ": " + reason,
                Destination.isFull(reason)
                        ? "the disk is full: see df -h " + prefix + ", or choose another --prefix"
                        : "look at it with ls -ld, or choose another --prefix");
    }

    /** Whether the kit is installed below {@code prefix}. */
    public static boolean isIn(Path prefix) {
        return Files.isDirectory(prefix.resolve(SHARE));
    }

    /**
     * An empty folder for the next release, which {@link #close} removes unless {@link #replace} was called.
     *
     * <p>It is not renamed later: a JVM whose AOT cache was made elsewhere looks for each class in both places.
     */
    public Path newRelease() throws IOException {
        release = share.resolve("release-" + Long.toUnsignedString(new SecureRandom().nextLong(), 36));
        return Files.createDirectory(release);
    }

    /**
     * Puts the new release in the place of the previous one, and removes older ones.
     *
     * @param texts the files that lead to it, by their names relative to the prefix; those in {@code bin} are commands
     */
    public void replace(Map<String, String> texts) throws IOException {
        String first = texts.keySet().iterator().next();
        Path command = prefix.resolve(first);
        String before = Files.exists(command) ? Files.readString(command) : "";
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Path file = prefix.resolve(text.getKey());
            make(file.getParent());
            write(file, text.getValue(), text.getKey().startsWith("bin/") ? "rwxrwxrwx" : "rw-rw-rw-");
        }
        for (Path old : releases()) {
            if (!before.contains(old.getFileName().toString())) {
                removeAll(old);
                continue;
            }
            for (Path file : filesIn(old)) {
                if (file.toString().endsWith(".aot")) {
                    Files.delete(file);
                }
            }
        }
        release = null;
    }

    /** Removes everything that was installed. */
    public void remove() throws IOException {
        List<String> folders = Files.readAllLines(made);
        for (String place : PLACES) {
            for (Path file : filesIn(prefix.resolve(place))) {
                if (isOurs(file)) {
                    Files.delete(file);
                }
            }
        }
        removeAll(share);
        for (String folder : folders.reversed()) {
            try {
                Files.deleteIfExists(prefix.resolve(folder).normalize());
            } catch (DirectoryNotEmptyException inUse) {
                // Somebody else has put files there since.
            }
        }
    }

    /** Releases the lock, and leaves no trace of an install that failed. */
    @Override
    public void close() throws IOException {
        if (release != null) {
            removeAll(release);
        }
        if (releases().isEmpty() && Files.exists(made)) {
            remove();
        }
        lock.close();
    }

    private List<Path> releases() throws IOException {
        return filesIn(share).stream()
                .filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !file.equals(release))
                .toList();
    }

    /** Creates {@code folder} and its parents, and notes which of them are new. */
    private void make(Path folder) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path path = folder; !Files.isDirectory(path); path = path.getParent()) {
            missing.addFirst(prefix.relativize(path).toString());
        }
        for (String name : missing) {
            try {
                Files.createDirectory(prefix.resolve(name).normalize());
            } catch (FileAlreadyExistsException anotherRunWasFaster) {
                // If it is a file, the next step fails.
            }
        }
        Files.write(made, missing, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static boolean isOurs(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(200), StandardCharsets.ISO_8859_1).contains(MARK);
        }
    }

    /** Writes a file with the mark in its second line, which appears under its name as a whole. */
    private static void write(Path file, String text, String permissions) throws IOException {
        int second = text.indexOf('\n') + 1;
        String comment = text.startsWith(".") ? ".\\\" " : "# ";
        String marked = text.substring(0, second) + comment + MARK + "\n" + text.substring(second);
        Path beside = file.resolveSibling("." + file.getFileName() + ".arc-new");
        Files.deleteIfExists(beside);
        Ownership.write(beside, marked, permissions);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void removeAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
