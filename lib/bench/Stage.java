//SOURCES ../base/Io.java ../sandbox/SampleStudies.java ../sandbox/Sandbox.java ../sandbox/Shell.java Empty.java Row.java Scratch.java

package lib.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import lib.sandbox.SampleStudies;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/**
 * The place where commands are measured: a sandbox whose study has 2,000 small instances, another with eight of 32 MB,
 * a prefix to install the kit in, and what else they need.
 *
 * <p>Besides the settings of the sandbox they find {@code $HTTP} and {@code $ARCHIVE_HTTP} (the servers without TLS),
 * {@code $EMPTY} (runs an empty {@code main}), {@code $RESPONSE} and {@code $TOKEN} (files), and where there are such,
 * {@code $JBANG} ({@code ./jbang} of a checkout) and {@code $KCADM} (Keycloak's own client).
 */
public final class Stage implements AutoCloseable {
    private static final String KEYCLOAK = "org/keycloak/keycloak-quarkus-dist";

    private static final String STUDY = SampleStudies.ROOT + 1;

    private final Scratch scratch;
    private final Path folder;
    private final Sandbox servers = Sandbox.start();
    private final Sandbox large = Sandbox.start();
    private final Shell shell;
    private final Map<String, String> environment;

    /** A stage in {@code scratch}, on the JDK in the folder {@code java}. */
    public Stage(Path java, Io io, Scratch scratch) throws IOException {
        this.scratch = scratch;
        folder = scratch.folder();
        shell = new Shell(servers, List.of(), "", java);
        Runtime.getRuntime().addShutdownHook(new Thread(shell::close));
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
        environment.put("STUDY", "studies/" + STUDY);
        environment.put("OUT", folder.resolve("out").toString());
        download("SMALL", servers.archive(), token, 2000);
        servers.archiveServer().holds(SampleStudies.one(1, 2000));
        String largeToken = large.provider().mint(Map.of("exp", tomorrow), Map.of());
        environment.put("LARGE_TOKEN", write("large.token", largeToken));
        environment.put("LARGE_CACERT", write("large.pem", large.certificatePem()));
        download("LARGE", large.archive(), largeToken, 8);
        download("LARGE_HTTPS", large.archiveHttps(), largeToken, 8);
        large.archiveServer().holds(SampleStudies.one(1, 8));
        large.archiveServer().pixelBytes(32 << 20);
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

    /** What {@code row} needs and is not there, for the person; null if all is there. */
    public String missing(Row row) {
        String commands = row.command() + row.others();
        if (commands.contains("$JBANG") && !environment.containsKey("JBANG")) {
            return "the ./jbang of a checkout, in which to run this";
        }
        return commands.contains("$KCADM") && !environment.containsKey("KCADM")
                ? "Keycloak, which ./jbang test-real fetches"
                : null;
    }

    /** Goes no further once the process is being ended. */
    public void holdIfInterrupted() {
        scratch.holdIfInterrupted();
    }

    @Override
    public void close() throws IOException {
        shell.close();
        servers.close();
        large.close();
    }

    /**
     * The archive's URL as {@code $NAME}, and what curl retrieves from it as {@code $NAME_URLS} and {@code $NAME_CURL}.
     */
    private void download(String name, URI archive, String token, int instances) throws IOException {
        StringBuilder urls = new StringBuilder();
        StringBuilder curl = new StringBuilder("silent\nfail\ncreate-dirs\n")
                .append("header = \"Accept: multipart/related; type=application/dicom; transfer-syntax=*\"\n")
                .append("header = \"Authorization: Bearer " + token + "\"\n");
        write(name + ".options", curl.toString());
        for (int i = 1; i <= instances; i++) {
            String url = archive + "/aets/DCM4CHEE/rs/studies/" + STUDY + "/series/" + STUDY + ".1/instances/" + STUDY
                    + ".1." + i;
            urls.append(url).append('\n');
            curl.append("url = \"" + url + "\"\noutput = \"" + folder.resolve("out/" + i) + "\"\n");
        }
        environment.put(name, archive.toString());
        environment.put(name + "_OPTIONS", folder.resolve(name + ".options").toString());
        environment.put(name + "_URLS", write(name + ".urls", urls.toString().strip()));
        environment.put(name + "_CURL", write(name + ".curl", curl.toString()));
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
