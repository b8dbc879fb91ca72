//SOURCES ../base/Io.java ../base/Problem.java ../sandbox/Sandbox.java ../sandbox/Shell.java ArchiveProcess.java
//SOURCES CurlFiles.java Empty.java Kcadm.java Room.java Row.java Scratch.java Study.java

package lib.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.base.Io;
import lib.base.Problem;
import lib.sandbox.Sandbox;
import lib.sandbox.Shell;

/**
 * The place where commands are measured: a sandbox, archives with studies to download, a prefix to install the kit in,
 * and what else they need.
 *
 * <p>Besides the settings of the sandbox they find {@code $HTTP} and {@code $ARCHIVE_HTTP} (the servers without TLS),
 * {@code $EMPTY} (runs an empty {@code main}), {@code $RESPONSE} and {@code $TOKEN} (files), and where there are such,
 * {@code $JBANG} ({@code ./jbang} of a checkout) and {@code $KCADM} (Keycloak's own client). Of the archives with a
 * large study and one of many small instances, {@code $STUDY}, there are {@code $LARGE}, {@code $LARGE_HTTPS},
 * {@code $LARGE_TOKEN} and {@code $LARGE_CACERT} (files), what curl needs for the same, and the folders
 * {@code $LARGE_DISK} and {@code $LARGE_MEMORY}; and the same with {@code $SMALL}.
 */
public final class Stage implements AutoCloseable {
    private static final Study LARGE = new Study(4, 8, 128 << 20);
    private static final Study SMALL = new Study(1, 2000, 32 << 10);

    private static final String WARM_UP = "for round in 1 2; do for urls in \"$@_URLS\" \"$@_HTTPS_URLS\"; do"
            + " xargs curl -Z --parallel-max 4 --cacert \"$@_CACERT\" -K \"$@_OPTIONS\" <\"$urls\" >/dev/null"
            + " || exit; done; done";

    private final Path java;
    private final Io io;
    private final Scratch scratch;
    private final Path folder;
    private final Sandbox servers = Sandbox.start();
    private final Shell shell;
    private final List<ArchiveProcess> archives = new ArrayList<>();
    private final Map<String, String> environment;
    private final Map<String, String> missing = new LinkedHashMap<>();

    /** An empty stage in {@code scratch}, on the JDK in the folder {@code java}. */
    public Stage(Path java, Io io, Scratch scratch) throws IOException {
        this.java = java;
        this.io = io;
        this.scratch = scratch;
        folder = scratch.folder();
        shell = new Shell(servers, List.of(), "", java);
        Runtime.getRuntime().addShutdownHook(new Thread(shell::close));
        environment = new TreeMap<>(shell.command("").environment());
    }

    /** Sets it for {@code rows}. */
    public void set(List<Row> rows) throws IOException {
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
        put("JBANG", jbang(), "the ./jbang of a checkout, in which to run this");
        if (mention(rows, "KCADM")) {
            Path kcadm = Kcadm.unpack(io, folder.resolve("keycloak"));
            put("KCADM", kcadm == null ? null : "sh " + kcadm, "Keycloak, which ./jbang test-real fetches");
            environment.put("JAVA_HOME", java.toString());
        }
        environment.put("STUDY", Study.PATH);
        if (mention(rows, "SMALL")) {
            environment.put("SMALL_DISK", folder.toString());
            serve("SMALL", SMALL, SMALL.instancePaths());
        }
        if (mention(rows, "LARGE")) {
            boolean hasDisk = Room.isOnDisk(folder, LARGE.bytes());
            put("LARGE_DISK", hasDisk ? folder : null, "5 GB of room in " + folder.getParent());
            boolean hasMemory = Room.isInMemory(LARGE.bytes());
            put("LARGE_MEMORY", hasMemory ? scratch.folder(Room.MEMORY) : null, "6 GB of memory in " + Room.MEMORY);
            serve("LARGE", LARGE, LARGE.seriesPaths());
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
        for (Map.Entry<String, String> entry : missing.entrySet()) {
            if (row.mentions(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** Goes no further once the process is being ended. */
    public void holdIfInterrupted() {
        scratch.holdIfInterrupted();
    }

    @Override
    public void close() throws IOException {
        for (ArchiveProcess archive : archives) {
            archive.close();
        }
        shell.close();
        servers.close();
    }

    private static boolean mention(List<Row> rows, String name) {
        return rows.stream().anyMatch(row -> row.mentions(name));
    }

    private void put(String name, Object value, String needed) {
        if (value == null) {
            missing.put(name, needed);
        } else {
            environment.put(name, value.toString());
        }
    }

    /** Starts an archive with {@code study}, from which curl retrieves {@code paths}. */
    private void serve(String name, Study study, List<String> paths) throws IOException {
        ArchiveProcess archive = ArchiveProcess.start(java, study);
        archives.add(archive);
        CurlFiles curl = new CurlFiles(folder);
        environment.put(name + "_TOKEN", write(name + ".token", archive.token()));
        environment.put(name + "_CACERT", write(name + ".pem", archive.certificatePem()));
        environment.put(
                name + "_OPTIONS",
                curl.options(name + ".options", archive.token()).toString());
        Map<String, String> addresses = Map.of(name, archive.http(), name + "_HTTPS", archive.https());
        for (Map.Entry<String, String> address : addresses.entrySet()) {
            String scheme = address.getKey();
            List<String> urls = paths.stream()
                    .map(path -> address.getValue() + "/aets/DCM4CHEE/rs/" + path)
                    .toList();
            environment.put(scheme, address.getValue());
            environment.put(scheme + "_URLS", curl.list(scheme + ".urls", urls).toString());
            environment.put(
                    scheme + "_CURL",
                    curl.config(scheme + ".curl", archive.token(), urls).toString());
        }
        warmUp(name);
    }

    /** Has the compilers of the archive {@code name} do their work, so that what is measured first fares no worse. */
    private void warmUp(String name) throws IOException {
        io.messages().note("warm up the archive for downloads");
        ProcessBuilder curl = new ProcessBuilder("sh", "-c", WARM_UP.replace("@", name))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        curl.environment().clear();
        curl.environment().putAll(environment);
        int exit = curl.start().onExit().join().exitValue();
        if (exit != 0) {
            throw Problem.failed("cannot download with curl: it ended with " + exit, "is curl installed?");
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
}
