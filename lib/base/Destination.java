//SOURCES Io.java Ownership.java Printable.java Problem.java

package lib.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;

/**
 * Where an answer goes: standard output, or a file that appears under its name whole or not at all.
 *
 * <p>A file is written under another name beside it, readable by its owner alone from the first byte, and renamed by
 * {@link #commit}; {@link #close} without it removes what was written. A device or pipe is written to directly. If
 * writing fails, a {@link Problem} is thrown.
 */
public final class Destination extends OutputStream {
    private final String name;
    private final OutputStream stream;
    private final Path beside;
    private final Path target;
    private boolean isSpoiled;

    private Destination(String name, OutputStream stream, Path beside, Path target) {
        this.name = name;
        this.stream = stream;
        this.beside = beside;
        this.target = target;
    }

    /** Standard output, or {@code file} if one is given. */
    public static Destination of(Path file, Io io) {
        return file == null ? new Destination("standard output", io.out(), null, null) : file(file);
    }

    private static Destination file(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw Problem.failed(file + " is a directory", "name a file in it");
            }
            if (isWrittenDirectly(file)) {
                return new Destination(file.toString(), Files.newOutputStream(file), null, file);
            }
            Path beside = file.resolveSibling("." + Long.toUnsignedString(new SecureRandom().nextLong(), 36) + ".new");
            OutputStream stream = new BufferedOutputStream(Ownership.create(beside), 1 << 16);
            beside.toFile().deleteOnExit();
            return new Destination(file.toString(), stream, beside, file);
        } catch (IOException e) {
            throw problem(file.toString(), e);
        }
    }

    private static boolean isWrittenDirectly(Path file) {
        return file.startsWith("/dev/fd")
                || file.startsWith("/proc")
                || file.equals(Path.of("/dev/stdout"))
                || file.equals(Path.of("/dev/stderr"))
                || Files.exists(file) && !Files.isRegularFile(file);
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
            throw problem(name, e);
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
            throw problem(name, e);
        }
    }

    /** Marks what was written as unusable: {@link #commit} then leaves no file. */
    public void spoil() {
        isSpoiled = true;
    }

    /** Flushes what was written and gives the file its name. */
    public void commit() {
        try {
            stream.flush();
            if (target != null) {
                stream.close();
            }
            if (beside != null && !isSpoiled) {
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw problem(name, e);
        }
    }

    @Override
    public void close() {
        try {
            if (target != null) {
                stream.close();
            }
            if (beside != null) {
                Files.deleteIfExists(beside);
            }
        } catch (IOException alreadyReported) {
            // A write or the commit before this failed for the same reason and reported it.
        }
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
        boolean isFull = reason.contains("space") || reason.contains("quota");
        return Problem.failed(
                "cannot write " + name + ": " + reason,
                isFull ? "is the disk full? see df -h" : "choose another place");
    }
}
