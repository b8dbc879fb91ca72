package lib.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where there is room for a study. */
final class Room {
    /** Where files are held in memory alone, if the system has such a place. */
    static final Path MEMORY = Path.of("/dev/shm");

    // For whatever else is at work.
    private static final long LEFT_FREE = 1L << 30;

    private Room() {}

    /** Whether {@code bytes} fit on the disk of {@code folder}. */
    static boolean isOnDisk(Path folder, long bytes) throws IOException {
        return Files.getFileStore(folder).getUsableSpace() > bytes + LEFT_FREE;
    }

    /** Whether {@code bytes} fit in {@link #MEMORY}, of which there may be less than the files in it may take. */
    static boolean isInMemory(long bytes) throws IOException {
        return Files.isWritable(MEMORY) && isOnDisk(MEMORY, bytes) && available() > bytes + 2 * LEFT_FREE;
    }

    private static long available() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }
}
