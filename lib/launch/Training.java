//SOURCES ../sandbox/Sandbox.java ../sandbox/Shell.java Installation.java Launcher.java Release.java

package lib.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/**
 * Runs of the tools from which the JVM learns what to keep in their AOT caches, against a sandbox over https.
 *
 * <p>What the runs keep for themselves goes into a folder in the release, which is gone with {@link #close}.
 *
 * <p>A cache holds what one run has used, and a JVM loads all of it at once; so the run is the usual one, no more.
 */
public final class Training implements AutoCloseable {
    /**
     * The arguments of a tool's run, which has a token response on its standard input; of others it is the help. arcget
     * gets a token of its own.
     */
    private static final Map<String, List<String>> LESSONS = Map.of(
            "gettoken", List.of("-f", "json"),
            "decodejwt", List.of(),
            "arcget", List.of("--no-stdin", "--no-cache", "studies/count"));

    private final Release release;
    private final Path java;
    private final Sandbox servers;
    private final Shell shell;
    private final Path home;
    private final Path token;
    private final Map<String, Process> runs = new ConcurrentSkipListMap<>();
    private final Thread interrupt = new Thread(this::stop);

    /**
     * Makes the caches of {@code release}.
     *
     * @param java the folder of the JDK that they are for
     * @param tools the tools that get one each
     * @return the tools that have no cache for all that
     */
    public static List<String> of(Release release, Path java, List<String> tools) throws IOException {
        try (Training training = new Training(release, java)) {
            for (String tool : tools) {
                training.begin(tool, LESSONS.getOrDefault(tool, List.of("--help")));
            }
            return training.end();
        }
    }

    private Training(Release release, Path java) throws IOException {
        this.release = release;
        this.java = java;
        this.servers = Sandbox.start();
        this.shell = new Shell(servers, List.of(), "", java);
        // For Ctrl-C, which ends the process without unwinding.
        Runtime.getRuntime().addShutdownHook(interrupt);
        this.home = Files.createDirectory(release.folder().resolve("home"));
        this.token = Files.writeString(
                home.resolve("token.json"),
                "{\"access_token\":\"" + servers.provider().mint(Map.of(), Map.of()) + "\",\"expires_in\":300}");
    }

    private void begin(String tool, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.resolve("bin/java").toString());
        command.addAll(Launcher.FLAGS);
        command.addAll(List.of(
                Launcher.QUICK,
                "-XX:AOTCacheOutput=" + release.cache(tool),
                "-cp",
                release.classPath(release.folder().toString()),
                tool));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(token.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(shell.settings());
        // The tokens go into a cache here too, but one of their own.
        builder.environment().remove("ARC_NO_CACHE");
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        runs.put(tool, builder.start());
    }

    private List<String> end() {
        List<String> failed = new ArrayList<>();
        for (Map.Entry<String, Process> run : runs.entrySet()) {
            if (run.getValue().onExit().join().exitValue() != 0 || !Files.exists(release.cache(run.getKey()))) {
                failed.add(run.getKey());
            }
        }
        return failed;
    }

    @Override
    public void close() throws IOException {
        stop();
        servers.close();
        Installation.removeAll(home);
    }

    private void stop() {
        for (Process run : runs.values()) {
            run.destroyForcibly();
        }
        shell.close();
    }
}
