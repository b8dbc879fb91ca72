//SOURCES ../base/Ownership.java ../sandbox/Sandbox.java ../sandbox/Shell.java Installation.java Launcher.java
//SOURCES Release.java

package lib.launch;

import module java.base;
import java.lang.ProcessBuilder.Redirect;
import lib.base.Ownership;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/**
 * Runs of the tools from which the JVM learns what to keep in their AOT caches.
 *
 * <p>A cache serves what one process has used, so a process runs its tool several times, against what real servers
 * have: a certificate that a CA signed, TLS 1.3 and TLS 1.2, a profile, a new token and one from the token cache. A JVM
 * loads the whole cache at every start; therefore these are the usual runs, and no others.
 */
public final class Training {
    private static final Map<String, List<String>> RUNS = Map.of(
            "gettoken",
            List.of("-p tls13 -f token", "-p tls12 -f header", "-p tls12"),
            "decodejwt",
            List.of("-p tls12 -"),
            "arcget",
            List.of(
                    "-p tls12 studies/count",
                    "-p tls12 --no-stdin studies/count",
                    "-p tls13 --no-stdin studies/count",
                    "-p tls13 --no-stdin studies"));

    private Training() {}

    /**
     * Makes the caches of {@code release}.
     *
     * @param java the folder of the JDK that they are for
     * @param runner the main class {@code lib.cli.Interactive$Repeated}
     * @param tools the tools that get a cache each
     * @return the tools that got none, because a run failed
     */
    public static List<String> of(Release release, Path java, String runner, List<String> tools) throws IOException {
        Map<String, Process> processes = new ConcurrentSkipListMap<>();
        // In the release, so that nothing is left of it if this run is killed.
        Path home = release.folder().resolve("home");
        Files.createDirectory(home, Ownership.only("rwx------", home));
        try (Sandbox tls12 = Sandbox.start();
                Sandbox tls13 = Sandbox.start();
                Shell shell12 = new Shell(tls12, List.of(), "", java);
                Shell shell13 = new Shell(tls13, List.of(), "", java)) {
            // Ctrl-C ends the process without unwinding.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                processes.values().forEach(Process::destroyForcibly);
                List.of(shell12, shell13).forEach(Shell::close);
            }));
            String[] old = {"TLSv1.2"};
            tls12.provider().web().handshake(socket -> socket.setEnabledProtocols(old));
            tls12.archiveServer().web().handshake(socket -> socket.setEnabledProtocols(old));
            writeProfile(home.resolve("tls12.conf"), shell12);
            writeProfile(home.resolve("tls13.conf"), shell13);
            String token = tls12.provider().mint(Map.of(), Map.of());
            Files.writeString(home.resolve("token"), "{\"access_token\":\"" + token + "\",\"expires_in\":300}");
            for (String tool : tools) {
                processes.put(tool, process(tool, release, java, runner, home).start());
            }
            List<String> failed = new ArrayList<>();
            for (Map.Entry<String, Process> process : processes.entrySet()) {
                Path cache = release.cache(process.getKey());
                if (process.getValue().onExit().join().exitValue() != 0 || !Files.exists(cache)) {
                    Files.deleteIfExists(cache);
                    failed.add(process.getKey());
                }
            }
            return failed;
        } finally {
            Installation.removeAll(home);
        }
    }

    private static void writeProfile(Path file, Shell shell) throws IOException {
        String profile = Files.readString(shell.folder().resolve(Shell.PROFILE));
        for (String name : List.of("keycloak", "cacert", "url")) {
            profile += name + " = " + shell.settings().get("ARC_" + name.toUpperCase(Locale.ROOT)) + "\n";
        }
        Ownership.write(file, profile, "rw-------");
    }

    private static ProcessBuilder process(String tool, Release release, Path java, String runner, Path home) {
        // Without profiles: a JVM would compile by them at every start, and hardly compile what a download needs. The
        // option for that is a diagnostic one, which a later JDK may not have.
        String command = "exec \"$JAVA/bin/java\" " + Launcher.FLAGS + " -XX:+UnlockDiagnosticVMOptions"
                + " -XX:+IgnoreUnrecognizedVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput=\"$CACHE\" \"$@\"";
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", command, "sh"));
        arguments.addAll(List.of("-cp", release.classPath(release.folder().toString()), runner, tool));
        arguments.addAll(RUNS.getOrDefault(tool, List.of("--help")));
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .redirectInput(home.resolve("token").toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "JAVA", java.toString(),
                        "CACHE", release.cache(tool).toString(),
                        // A token cache for each tool, so that none finds what another one fetched.
                        "HOME", home.resolve(tool).toString(),
                        "ARC_CONFIG_HOME", home.toString(),
                        "no_proxy", Shell.NO_PROXY,
                        "LC_ALL", "C.UTF-8"));
        return builder;
    }
}
