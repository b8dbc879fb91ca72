import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder of the project, found from the folder that the tests are run in. */
final class House {
    private House() {}

    /** The file or folder {@code name} of the project. */
    static Path file(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("jbang-catalog.json"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run the tests in the folder of the project");
            }
        }
        return folder.resolve(name);
    }

    /** All Java files below the folder {@code name}. */
    static List<Path> sources(String name) {
        try (var files = Files.walk(file(name))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
