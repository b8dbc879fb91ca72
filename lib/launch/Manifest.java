//SOURCES Digest.java

package lib.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was written below a prefix, so that just this can be taken away again. Its file is one that {@code sha256sum -c}
 * reads: a line for each file, and a comment for each folder that was made.
 *
 * @param files the files and what was written to them
 * @param folders the folders that were not there before, relative to the prefix; {@code ""} is the prefix itself
 */
record Manifest(Set<Entry> files, Set<String> folders) {
    private static final String FOLDER = "# made ";

    /**
     * A file that was written.
     *
     * @param name its name relative to the prefix
     * @param sha256 the digest of its content, in hex
     */
    record Entry(String name, String sha256) {}

    Manifest() {
        this(new LinkedHashSet<>(), new TreeSet<>());
    }

    /** The manifest in {@code file}, which is empty if there is none. */
    static Manifest read(Path file) throws IOException {
        Manifest manifest = new Manifest();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(FOLDER)) {
                    manifest.folders.add(line.substring(FOLDER.length()));
                } else if (line.length() > 66) {
                    manifest.files.add(new Entry(line.substring(66), line.substring(0, 64)));
                }
            }
        } catch (NoSuchFileException nothingInstalled) {
            // Then it is empty.
        }
        return manifest;
    }

    /** The text of its file. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (String folder : folders) {
            text.append(FOLDER).append(folder).append('\n');
        }
        for (Entry file : files) {
            text.append(file.sha256()).append("  ").append(file.name()).append('\n');
        }
        return text.toString();
    }

    /** Adds a file. */
    void add(String name, String sha256) {
        files.add(new Entry(name, sha256));
    }

    /** This one and {@code other} in one. */
    Manifest and(Manifest other) {
        Manifest both = new Manifest(new LinkedHashSet<>(files), new TreeSet<>(folders));
        both.files.addAll(other.files);
        both.folders.addAll(other.folders);
        return both;
    }

    /** Whether the file {@code name} below {@code prefix} is there, and as it was written. */
    boolean describes(String name, Path prefix) throws IOException {
        Path file = prefix.resolve(name);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && files.contains(new Entry(name, Digest.ofFile(file)));
    }

    /** The names of the files. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Entry file : files) {
            names.add(file.name());
        }
        return names;
    }

    /** The first file below {@code folder}, or null. */
    String firstBelow(String folder) {
        for (Entry file : files) {
            if (file.name().startsWith(folder)) {
                return file.name();
            }
        }
        return null;
    }

    /** The folders that were made, those inside others first. */
    List<Path> foldersInsideOut(Path prefix) {
        List<Path> made = new ArrayList<>();
        for (String folder : folders) {
            made.add(prefix.resolve(folder).normalize());
        }
        made.sort(Comparator.comparing(Path::getNameCount).reversed());
        return made;
    }
}
