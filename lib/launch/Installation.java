//SOURCES ../base/Ownership.java ../base/Problem.java Digest.java Manifest.java Release.java

package lib.launch;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lib.base.Ownership;
import lib.base.Problem;

/**
 * What is installed below a prefix such as {@code ~/.local}, for one run alone until it is closed.
 *
 * <p>A release is complete in a folder of its own before the first command leads to it, and every other file is
 * replaced as a whole, so that whoever calls a command meanwhile gets the old one or the new one. The release before
 * stays, without its caches, until the next one comes: a command may just have been on its way to it.
 */
public final class Installation implements AutoCloseable {
    private static final String SHARE = "share/arc-scripts";
    private static final String RELEASE = "release-";
    private static final String UNFINISHED = ".unfinished";

    private final Path prefix;
    private final Path share;
    private final Path manifest;
    private final Path lock;
    private final Manifest before;
    private final Manifest now = new Manifest();
    private FileChannel held;

    private Installation(Path prefix) throws IOException {
        this.prefix = prefix;
        this.share = prefix.resolve(SHARE);
        this.manifest = share.resolve("manifest");
        this.lock = share.resolve("lock");
        while (held == null) {
            make(share);
            held = lock();
        }
        this.before = Manifest.read(manifest);
        now.folders().addAll(before.folders());
    }

    /** What is installed below {@code prefix}; waits for another run that is at work there. */
    public static Installation in(Path prefix) throws IOException {
        if (prefix.toString().indexOf(File.pathSeparatorChar) >= 0) {
            throw Problem.usage(
                    "a path with " + File.pathSeparator + " cannot be on the PATH: " + prefix,
                    "choose another --prefix");
        }
        return new Installation(prefix.toAbsolutePath().normalize());
    }

    /** The problem that {@code prefix} cannot be written to. */
    public static Problem problem(Path prefix, IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        if (e instanceof AccessDeniedException) {
            reason = "permission denied";
        }
        return Problem.failed(
                "cannot write below " + prefix + (reason == null ? "" : ": " + reason),
                "look at it with ls -ld and df -h, or choose another --prefix");
    }

    /** Whether there is anything of the kit below {@code prefix}. */
    public static boolean isIn(Path prefix) {
        return Files.isDirectory(prefix.resolve(SHARE));
    }

    /** Refuses to go on where one of the files that are to be written is there and not from here. */
    public void requireOurs(Set<String> names) throws IOException {
        for (String name : names) {
            if (Files.exists(prefix.resolve(name), LinkOption.NOFOLLOW_LINKS) && !before.describes(name, prefix)) {
                throw Problem.usage(
                        prefix.resolve(name) + " is there already, and not as the kit wrote it",
                        "move it away, or choose another place with --prefix DIR");
            }
        }
    }

    /**
     * An empty folder for the next release, which vanishes with {@link #close} unless that replaces the one before.
     *
     * <p>It is where it stays: a JVM that finds its cache elsewhere than it was made looks for each class at both
     * places.
     */
    public Path newRelease() throws IOException {
        removeUnfinished();
        String name = RELEASE + Long.toUnsignedString(new SecureRandom().nextLong(), 36);
        Path release = Files.createDirectory(share.resolve(name));
        Files.createFile(release.resolve(UNFINISHED));
        return release;
    }

    /**
     * Puts {@code release} in the place of the one before.
     *
     * @param release complete in the folder from {@link #newRelease}
     * @param texts the files that lead to it, by their names relative to the prefix; those in {@code bin} are commands
     */
    public void replace(Release release, Map<String, String> texts) throws IOException {
        Path unfinished = release.folder().resolve(UNFINISHED);
        for (Path file : filesIn(release.folder())) {
            if (!file.equals(unfinished)) {
                now.add(name(file), Digest.ofFile(file));
            }
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            now.add(text.getKey(), Digest.of(bytes(text.getValue())));
            make(prefix.resolve(text.getKey()).getParent());
        }
        // Whenever this is killed, there is a manifest with all that may be there.
        write(manifest, now.and(before).text(), "rw-rw-rw-");
        Files.delete(unfinished);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            String permissions = text.getKey().startsWith("bin/") ? "rwxrwxrwx" : "rw-rw-rw-";
            write(prefix.resolve(text.getKey()), text.getValue(), permissions);
        }
        String last = before.firstBelow(SHARE + "/" + RELEASE);
        for (Manifest.Entry old : before.files()) {
            Path file = prefix.resolve(old.name());
            if (last != null
                    && file.startsWith(prefix.resolve(last).getParent())
                    && old.name().endsWith(".jar")) {
                now.add(old.name(), old.sha256());
            } else if (!texts.containsKey(old.name())) {
                removeIfUnchanged(old.name());
                removeIfEmpty(file.getParent());
            }
        }
        write(manifest, now.text(), "rw-rw-rw-");
    }

    /** Removes what was written, and returns what is left because it is not as it was written. */
    public List<Path> remove() throws IOException {
        List<Path> left = new ArrayList<>();
        for (String name : before.names()) {
            Path file = prefix.resolve(name);
            Files.deleteIfExists(beside(file));
            if (!removeIfUnchanged(name)) {
                left.add(file);
            }
            if (name.startsWith(SHARE)) {
                removeIfEmpty(file.getParent());
            }
        }
        Files.deleteIfExists(beside(manifest));
        Files.deleteIfExists(manifest);
        return left;
    }

    /** Lets others at it, and leaves no trace where nothing is installed. */
    @Override
    public void close() throws IOException {
        removeUnfinished();
        if (!Files.exists(manifest)) {
            Files.deleteIfExists(lock);
            removeIfEmpty(share);
            for (Path folder : now.foldersInsideOut(prefix)) {
                removeIfEmpty(folder);
            }
        }
        held.close();
    }

    /** The lock, or null if it was removed while this run waited for it, as the last act of another one. */
    private FileChannel lock() throws IOException {
        FileChannel channel = null;
        try {
            // Which file is locked counts: one that was removed meanwhile excludes nobody.
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            Object file = identity();
            channel = FileChannel.open(lock, StandardOpenOption.WRITE);
            channel.lock();
            if (file.equals(identity())) {
                return channel;
            }
        } catch (NoSuchFileException removed) {
            // Then once more from the start.
        }
        if (channel != null) {
            channel.close();
        }
        return null;
    }

    private Object identity() throws IOException {
        return Files.readAttributes(lock, BasicFileAttributes.class).fileKey();
    }

    private String name(Path file) {
        return prefix.relativize(file).toString();
    }

    /** Makes {@code folder} and those that it is in, and keeps in mind which were not there. */
    private void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        make(folder.getParent());
        try {
            Files.createDirectory(folder);
            now.folders().add(name(folder));
        } catch (FileAlreadyExistsException anotherRunWasFaster) {
            // It is there, and that is what counts; if it is a file, what comes next fails.
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Writes a file that appears under its name as a whole. */
    private static void write(Path file, String text, String permissions) throws IOException {
        Path beside = beside(file);
        Files.deleteIfExists(beside);
        // Like what a shell creates: less what the umask takes away.
        Files.createFile(beside, Ownership.only(permissions, beside));
        Files.write(beside, bytes(text));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path beside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".arc-new");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the file is gone now. */
    private boolean removeIfUnchanged(String name) throws IOException {
        if (before.describes(name, prefix)) {
            Files.delete(prefix.resolve(name));
        }
        return !Files.exists(prefix.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException somebodyElseUsesIt) {
            // It stays with what is in it.
        }
    }

    /** Removes the release of this run if it failed, and that of one that was killed. */
    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> releases = Files.newDirectoryStream(share, RELEASE + "*")) {
            for (Path release : releases) {
                if (Files.exists(release.resolve(UNFINISHED))) {
                    removeAll(release);
                }
            }
        }
    }

    /** Removes {@code folder} with all that is in it, what tells that it is unfinished at the very last. */
    static void removeAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
