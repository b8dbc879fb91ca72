//SOURCES ../base/Io.java ../sandbox/Sandbox.java ../sandbox/Shell.java Empty.java Row.java

package lib.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import lib.base.Io;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/**
 * The place where commands are measured: a sandbox, a prefix to install the kit in, and what else they need.
 *
 * <p>Besides the settings of the sandbox they find {@code $HTTP} and {@code $ARCHIVE_HTTP} (the servers without TLS),
 * {@code $EMPTY} (runs an empty {@code main}), {@code $RESPONSE} and {@code $TOKEN} (files), and where there are such,
 * {@code $JBANG} ({@code ./jbang} of a checkout) and {@code $KCADM} (Keycloak's own client).
 */
public final class Stage implements AutoCloseable {
    private static final String KEYCLOAK = "org/keycloak/keycloak-quarkus-dist";

    private final Path folder = Files.createTempDirectory("arc-bench-");
    private final Sandbox servers = Sandbox.start();
    private final Shell shell;
    private final Map<String, String> environment;

    /** A stage on the JDK in the folder {@code java}. */
    public Stage(Path java, Io io) throws IOException {
        shell = new Shell(servers, List.of(), "", java);
        environment = new TreeMap<>(shell.command("").environment());
        environment.put("PATH", prefix().resolve("bin") + ":" + environment.get("PATH"));
        environment.put("HTTP", servers.keycloak().toString());
        environment.put("ARCHIVE_HTTP", servers.archive().toString());
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        long tomorrow = io.clock().instant().plus(Duration.ofDays(1)).getEpochSecond();
        String token = servers.provider().mint(Map.of("exp", tomorrow), Map.of());
        environment.put("TOKEN", write("token", token));
        environment.put("RESPONSE", write("token.json", "{\"access_token\":\"" + token + "\",\"expires_in\":300}"));
        environment.put(
                "EMPTY",
                "exec " + java + "/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:disable -cp " + empty() + " "
                        + Empty.class.getName());
        Path jbang = jbang();
        if (jbang != null) {
            environment.put("JBANG", jbang.toString());
        }
        Path kcadm = kcadm(io);
        if (kcadm != null) {
            environment.put("KCADM", "sh " + kcadm);
            environment.put("JAVA_HOME", java.toString());
        }
    }

    /** Where the kit is to be installed. */
    public Path prefix() {
        return folder.resolve("prefix");
    }

    /** A folder for files. */
    public Path folder() {
        return folder;
    }

    /** The environment of the commands. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Whether all is there that {@code row} needs. */
    public boolean has(Row row) {
        String commands = row.command() + row.other();
        return Stream.of("JBANG", "KCADM")
                .noneMatch(name -> commands.contains("$" + name) && !environment.containsKey(name));
    }

    @Override
    public void close() throws IOException {
        shell.close();
        servers.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text + "\n").toString();
    }

    /** A class path with the empty {@code main} and nothing else. */
    private Path empty() throws IOException {
        String name = Empty.class.getName().replace('.', '/') + ".class";
        Path file = folder.resolve("empty").resolve(name);
        Files.createDirectories(file.getParent());
        try (InputStream in = Empty.class.getResourceAsStream("/" + name)) {
            Files.copy(in, file);
        }
        return folder.resolve("empty");
    }

    private static Path jbang() {
        for (Path kit = Path.of("").toAbsolutePath(); kit != null; kit = kit.getParent()) {
            if (Files.exists(kit.resolve("jbang-catalog.json")) && Files.isExecutable(kit.resolve("jbang"))) {
                return kit.resolve("jbang");
            }
        }
        return null;
    }

    /** The client in the distribution that {@code test-real} has fetched, or null. */
    private Path kcadm(Io io) throws IOException {
        String repository = io.env("JBANG_REPO");
        Path versions =
                (repository == null ? io.home().resolve(".m2/repository") : Path.of(repository)).resolve(KEYCLOAK);
        if (!Files.isDirectory(versions)) {
            return null;
        }
        Path zip;
        try (Stream<Path> files = Files.walk(versions, 2)) {
            zip = files.filter(file -> file.toString().endsWith(".zip"))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
        return zip == null ? null : client(zip);
    }

    private Path client(Path zip) throws IOException {
        Path target = Files.createDirectory(folder.resolve("keycloak"));
        Path found = null;
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && entry.getName().contains("/bin/") && file.startsWith(target)) {
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                    found = file.endsWith("bin/kcadm.sh") ? file : found;
                }
            }
        }
        return found;
    }
}
