//SOURCES ../base/Io.java ../base/Problem.java ../json/Json.java ../json/MalformedJson.java
//SOURCES ../sandbox/SampleStudies.java ../sandbox/Sandbox.java Study.java

package lib.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import lib.base.Io;
import lib.base.Problem;
import lib.json.Json;
import lib.json.MalformedJson;
import lib.sandbox.SampleStudies;
import lib.sandbox.Sandbox;

/**
 * An archive in a process of its own, with all that the JVM's compilers can do, as a real one has it. The bench itself
 * is run by JBang in a JVM that starts fast and stays slow: there AES-GCM makes 40 MB/s, whoever asks for it.
 *
 * <p>It ends when its standard input does, so that it never outlives the bench.
 */
final class ArchiveProcess implements AutoCloseable {
    // What is made up is never held.
    private static final String HEAP = "-Xmx512m";

    private final Process process;
    private final Map<String, Object> said;

    private ArchiveProcess(Process process, Map<String, Object> said) {
        this.process = process;
        this.said = said;
    }

    /** Starts one on the JDK in the folder {@code java}, and waits until it listens. */
    static ArchiveProcess start(Path java, Study study) throws IOException {
        List<String> command = List.of(
                java.resolve("bin/java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                ArchiveProcess.class.getName(),
                Integer.toString(study.series()),
                Integer.toString(study.instances()),
                Long.toString(study.pixelBytes()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        try {
            return new ArchiveProcess(process, Json.asObject(Json.parse(line == null ? "" : line)));
        } catch (MalformedJson e) {
            process.destroy();
            throw Problem.failed("the archive for the downloads did not start", "is there memory for it?");
        }
    }

    /** Its base URL over http. */
    String http() {
        return (String) said.get("http");
    }

    /** Its base URL over https. */
    String https() {
        return (String) said.get("https");
    }

    /** A token that it accepts for a day. */
    String token() {
        return (String) said.get("token");
    }

    /** Its certificate as PEM. */
    String certificatePem() {
        return (String) said.get("certificate");
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    /** What runs in the process: holds a study of so many series, instances in each, and bytes in each of these. */
    public static void main(String... arguments) throws IOException {
        Io io = Io.system("bench");
        try (Sandbox sandbox = Sandbox.start()) {
            int series = Integer.parseInt(arguments[0]);
            sandbox.archiveServer().holds(SampleStudies.one(series, Integer.parseInt(arguments[1])));
            sandbox.archiveServer().pixelBytes(Long.parseLong(arguments[2]));
            long tomorrow = io.clock().instant().plus(Duration.ofDays(1)).getEpochSecond();
            Map<String, Object> said = Map.of(
                    "http", sandbox.archive().toString(),
                    "https", sandbox.archiveHttps().toString(),
                    "token", sandbox.provider().mint(Map.of("exp", tomorrow), Map.of()),
                    "certificate", sandbox.certificatePem());
            io.print(Json.compact(said) + "\n");
            io.out().flush();
            io.in().transferTo(OutputStream.nullOutputStream());
        }
    }
}
