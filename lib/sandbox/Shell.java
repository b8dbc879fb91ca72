//SOURCES ../base/Ownership.java Clients.java Logins.java Sandbox.java

package lib.sandbox;

import module java.base;
import lib.base.Ownership;

/**
 * A shell with the sandbox's settings and the tools on its PATH. Its folder holds a launcher of three lines for each
 * tool; {@link #close} deletes it.
 */
public final class Shell implements AutoCloseable {
    /** The sandbox itself is never reached through a proxy. */
    public static final String NO_PROXY = "127.0.0.1";

    /**
     * The flags with which a tool starts fastest; Cli has the same for JBang. The heap grows to a quarter of MaxRAM
     * where it must, as everything is streamed; any -Xmx overrides that. Half of the first 32 MB is for new objects, so
     * that a handshake ends before the first collection. C2 would delay the start.
     */
    public static final String FLAGS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms32m -Xmn16m -XX:MaxRAM=1g";

    /** The name of the file with the settings of client {@code curl}, in {@link #folder}. */
    public static final String PROFILE = "default.conf";

    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();

    /**
     * @param sandbox the servers for the tools
     * @param tools the main classes of the tools, on {@code classPath}
     * @param classPath the class path of this process, which is the whole kit
     * @param java the JVM to run them with
     */
    public Shell(Sandbox sandbox, List<String> tools, String classPath, Path java) {
        try {
            folder = Files.createTempDirectory("arc-sandbox-");
            for (String tool : tools) {
                write(tool, launcher(tool, classPath, java), "rwx------");
            }
            write("curl.secret", Clients.CURL.secret().reveal() + "\n", "rw-------");
            // A profile says which client it is: another one replaces it whole, and without a warning.
            write(PROFILE, "client-secret-file = " + folder.resolve("curl.secret") + "\n", "rw-------");
            write("sandbox.pem", sandbox.identity().caPem(), "rw-------");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.put("ARC_KEYCLOAK", sandbox.keycloakHttps().toString());
        settings.put("ARC_CACERT", folder.resolve("sandbox.pem").toString());
        // The servers have new ports and keys each time, so a cache is useless.
        settings.put("ARC_NO_CACHE", "true");
        // The user's own profiles do not apply either; those that regclient saves are deleted with the folder.
        settings.put("ARC_CONFIG_HOME", folder.toString());
        settings.put("ARC_URL", sandbox.archiveHttps().toString());
        settings.put("ARC_ADMIN_PASSWORD", Logins.ADMINISTRATORS_PASSWORD.reveal());
    }

    /** The settings for the tools, as environment variables. */
    public Map<String, String> settings() {
        return settings;
    }

    /** The folder with the tools, for the PATH. */
    public Path folder() {
        return folder;
    }

    /** A process that runs {@code command} in this shell, in the caller's folder and with its streams. */
    public ProcessBuilder command(String command) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("ARC_"));
        environment.putAll(settings);
        environment.merge("no_proxy", NO_PROXY, (theirs, ours) -> theirs + "," + ours);
        environment.put("PATH", folder + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        return builder;
    }

    @Override
    public void close() {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException leftInTheTemporaryFolder) {
            // The system cleans its temporary folder.
        }
    }

    private static String launcher(String tool, String classPath, Path java) {
        // In the C locale Java loses non-ASCII characters, in arguments too.
        return "#!/bin/sh\ncase ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in C | POSIX) export LC_ALL=C.UTF-8 ;; esac\nexec "
                + quoted(java.toString()) + " " + FLAGS + sharing(classPath) + " -cp " + quoted(classPath) + " "
                + tool + " \"$@\"\n";
    }

    /** Flags to keep the classes of the first tool beside the kit's jar, from which the others take them. */
    private static String sharing(String classPath) {
        String jar = classPath.split(File.pathSeparator, 2)[0];
        String archive = quoted(jar + ".jsa");
        // Without -Xlog the JVM would tell on standard output what is wrong with the archive.
        return jar.endsWith(".jar")
                ? " -Xlog:disable -Xlog:all=off -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=" + archive
                : "";
    }

    /** {@code text} as one word of a command. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private void write(String name, String text, String permissions) throws IOException {
        Ownership.write(folder.resolve(name), text, permissions);
    }
}
