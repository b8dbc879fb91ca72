import module java.base;

/** What the tests need of the operating system, which they never go without in silence. */
final class Installed {
    private Installed() {}

    /**
     * The program {@code name}.
     *
     * @param packages the Debian packages that have it and what belongs to it
     * @throws IllegalStateException if it is not there, with what to install
     */
    static String program(String name, String packages) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
        // Debian keeps servers where not everybody's PATH leads.
        folders.addAll(List.of("/usr/sbin", "/usr/local/sbin"));
        for (String folder : folders) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        throw missing(name, packages);
    }

    /** The file {@code name}, else as {@link #program}. */
    static String file(String name, String packages) {
        if (Files.exists(Path.of(name))) {
            return name;
        }
        throw missing(name, packages);
    }

    private static IllegalStateException missing(String name, String packages) {
        return new IllegalStateException("there is no " + name
                + " on this machine; install it: apt-get install --no-install-recommends " + packages);
    }
}
