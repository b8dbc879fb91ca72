//SOURCES Digest.java ModernJar.java

package lib.launch;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * One version of the kit in a folder of its own, which never changes once it is in use: its jars, and an AOT cache for
 * each tool.
 *
 * @param folder where it is
 * @param jars the names of the jars in it, in the order of the class path
 */
public record Release(Path folder, List<String> jars) {
    /** The jar of the kit itself. */
    static final String KIT = "kit.jar";

    // Of 4.7.7; of another version there is no need to rewrite it, or somebody has to look first.
    private static final String PICOCLI_SHA256 = "f86e30fffd10d2b13b8caa8d4b237a7ee61f2ffccf5b1941de718b765d235bf8";

    /**
     * Fills {@code folder}.
     *
     * @param classPath the class path to copy, whose first entry is the kit itself
     * @param resources files of the kit that are to stand beside it
     */
    public static Release create(Path folder, String classPath, String... resources) throws IOException {
        for (String resource : resources) {
            try (InputStream in = Release.class.getResourceAsStream("/" + resource)) {
                Files.copy(Objects.requireNonNull(in, resource), folder.resolve(resource));
            }
        }
        List<String> jars = new ArrayList<>();
        for (String path : classPath.split(File.pathSeparator)) {
            Path entry = Path.of(path);
            String name = jars.isEmpty() ? KIT : entry.getFileName().toString();
            Path jar = folder.resolve(name);
            if (Files.isDirectory(entry)) {
                pack(entry, jar);
            } else {
                // Not with its permissions: a repository may be private where the release is for everybody.
                try (OutputStream out = Files.newOutputStream(jar)) {
                    Files.copy(entry, out);
                }
            }
            jars.add(isSlowPicocli(jar) ? modern(jar) : name);
        }
        return new Release(folder, List.copyOf(jars));
    }

    /** The class path of the release where {@code place} is its folder. */
    String classPath(String place) {
        return place + "/" + String.join(":" + place + "/", jars);
    }

    /** The AOT cache of {@code tool}. */
    Path cache(String tool) {
        return folder.resolve(tool + ".aot");
    }

    private static boolean isSlowPicocli(Path jar) throws IOException {
        return jar.getFileName().toString().startsWith("picocli-")
                && Digest.ofFile(jar).equals(PICOCLI_SHA256);
    }

    /** The name of a faster jar made of {@code jar}, or of that one itself. */
    private static String modern(Path jar) throws IOException {
        Path modern = jar.resolveSibling("modern-" + jar.getFileName());
        try {
            ModernJar.write(jar, modern);
            return modern.getFileName().toString();
        } catch (IllegalArgumentException notToBeRewritten) {
            Files.deleteIfExists(modern);
            return jar.getFileName().toString();
        }
    }

    /** A cache is for jars alone; folders of classes are on the class path of a kit that was built without JBang. */
    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)));
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), "/")));
                Files.copy(file, out);
            }
        }
    }
}
