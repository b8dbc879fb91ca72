//SOURCES ../base/Destination.java Folder.java Instance.java

package lib.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import lib.base.Destination;

/** A file that is not whole yet; {@link #close} removes it unless it was kept. */
final class PartFile implements AutoCloseable {
    // How often a long file looks whether the disk is full.
    private static final long CHECKED = 4 << 20;

    private final Path file;
    private final Folder folder;
    private final FileChannel channel;
    private long size;
    private boolean isKept;

    PartFile(Path file, Folder folder, FileAttribute<?>... attributes) {
        this.file = file;
        this.folder = folder;
        try {
            channel =
                    FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        } catch (IOException e) {
            throw Destination.notWritten(file.toString(), e);
        }
    }

    /** Adds {@code bytes}. */
    void write(ByteBuffer bytes) {
        int count = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (size / CHECKED != (size + count) / CHECKED) {
                folder.requireNotFull();
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

    /** Keeps the file, which is whole, as {@code instance}: on the disk first, then under its name. */
    void keep(Instance instance) {
        try {
            channel.force(false);
            channel.close();
            folder.keep(file, instance);
            isKept = true;
        } catch (IOException e) {
            throw Destination.notWritten(instance.uid() + ".dcm in " + folder, e);
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
        } catch (IOException leftForTheNextRun) {
            // Which removes it.
        }
    }
}
