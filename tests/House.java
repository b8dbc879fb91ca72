import module java.base;

/** The folder of the project, found from the current folder. */
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

    /** The files that {@code source} names after //SOURCES. */
    static List<Path> directives(Path source) {
        return text(source)
                .lines()
                .filter(line -> line.startsWith("//SOURCES "))
                .flatMap(line -> Stream.of(line.substring("//SOURCES ".length()).split(" ")))
                .map(name -> source.resolveSibling(name).normalize())
                .toList();
    }

    /** {@code source} with all files that its directives lead to: what JBang fetches to run it. */
    static Set<Path> closure(Path source) {
        Set<Path> closure = new LinkedHashSet<>(Set.of(source));
        Deque<Path> left = new ArrayDeque<>(closure);
        while (!left.isEmpty()) {
            for (Path next : directives(left.pop())) {
                if (closure.add(next)) {
                    left.push(next);
                }
            }
        }
        return closure;
    }
}
