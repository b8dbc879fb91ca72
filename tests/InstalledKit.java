//SOURCES ../lib/sandbox/Shell.java ../scripts/sandbox.java House.java ToolProcess.java ToolRun.java

import module java.base;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import lib.sandbox.Shell;

/**
 * The kit as {@code install} puts it on a machine that never had it, from a catalog on a web server. The first test
 * class that asks for it installs it, for all of them: who changes something makes a copy first.
 */
final class InstalledKit {
    static final Path JAVA = Path.of(System.getProperty("java.home"));

    /** Has what a shell takes for something else, as a prefix may. */
    static final Path PREFIX;

    /** The empty home folder in which it was installed. */
    static final Path HOME;

    /** What {@code install} said. */
    static final ToolRun INSTALLED;

    static {
        try {
            Path folder = Files.createTempDirectory("arc-installed-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            PREFIX = folder.resolve("a $(prefix)");
            HOME = Files.createDirectory(folder.resolve("home"));
            INSTALLED = install(folder.resolve("jbang"));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private InstalledKit() {}

    private static ToolRun install(Path jbang) throws IOException, InterruptedException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server =
                SimpleFileServer.createFileServer(loopback, House.file(""), SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            String catalog = "http://localhost:" + server.getAddress().getPort() + "/jbang-catalog.json";
            Path repository = Path.of(System.getenv("HOME"), ".m2", "repository");
            Map<String, Object> environment = Map.of(
                    "HOME",
                    HOME,
                    "JAVA_HOME",
                    JAVA,
                    "JBANG_DIR",
                    jbang,
                    "JBANG_REPO",
                    System.getenv().getOrDefault("JBANG_REPO", repository.toString()));
            String kit = House.file("jbang").toString();
            return ToolProcess.run(List.of(kit, "install@" + catalog, "--prefix", PREFIX.toString()), environment);
        } finally {
            server.stop(0);
        }
    }

    /**
     * A process that runs a line of the shell with the commands of {@code prefix} on the PATH.
     *
     * @param settings names and values of more environment variables
     */
    static ProcessBuilder shell(Path prefix, Shell servers, String commandLine, String... settings) {
        Map<String, String> environment = new HashMap<>(servers.settings());
        environment.put("HOME", HOME.toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        ProcessBuilder builder = ToolProcess.builder(List.of("/bin/sh", "-c", commandLine), environment);
        builder.environment().merge("PATH", prefix.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        return builder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
