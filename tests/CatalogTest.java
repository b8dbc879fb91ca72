//SOURCES House.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which JBang runs the tools: from a catalog far away, from any folder, and as scripts by themselves. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CatalogTest {
    private static final String KIT = House.file("jbang").toString();

    @TempDir
    Path folder;

    /** Runs a command with a JBang of its own, and returns its standard output; standard error is shown if it fails. */
    private String run(String input, String... command) throws IOException, InterruptedException {
        File in = Files.writeString(folder.resolve("in"), input).toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in)
                .redirectError(err);
        builder.environment().put("JBANG_DIR", folder.resolve("jbang").toString());
        builder.environment().put("PATH", House.file("") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> Arrays.toString(command) + House.text(err.toPath()));
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gettoken", "decodejwt", "arcget", "regclient"})
    void a_tool_runs_from_a_catalog_on_a_web_server(String tool) throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server =
                SimpleFileServer.createFileServer(loopback, House.file(""), SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            String catalog = "http://localhost:" + server.getAddress().getPort() + "/jbang-catalog.json";
            assertTrue(run("", KIT, tool + "@" + catalog, "--version").startsWith(tool + " "));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void an_alias_runs_from_any_folder_with_its_streams_and_arguments() throws Exception {
        String token = "eyJhbGciOiJub25lIn0.eyJhIGIiOiLDvCJ9.";
        assertEquals("ü\n", run(token, KIT, "decodejwt", "-s", "--claim", "[\"a b\"]"));
    }

    @ParameterizedTest
    @CsvSource({"--no-auth,true", "--download=out,false", "--download out,false", "--accept application/zip,false"})
    void a_download_has_the_fast_compiler(String options, boolean isQuick) throws Exception {
        String flags = "JDK_JAVA_OPTIONS=-XX:+PrintCommandLineFlags -XX:+DisplayVMOutputToStderr";
        List<String> command = new ArrayList<>(List.of("env", flags, KIT, "arcget", "--version"));
        command.addAll(List.of(options.split(" ")));
        run("", command.toArray(new String[0]));
        // The first ones are those of JBang itself.
        String last = House.text(folder.resolve("err"))
                .lines()
                .filter(line -> line.startsWith("-XX:"))
                .toList()
                .getLast();
        assertTrue(last.contains("-XX:+UseSerialGC "), last);
        assertEquals(isQuick, last.contains("-XX:TieredStopAtLevel=1 "), last);
    }

    @Test
    void a_script_runs_by_itself() throws Exception {
        for (String tool : List.of("gettoken", "decodejwt", "arcget", "regclient")) {
            String script = House.file("scripts/" + tool + ".java").toString();
            assertTrue(run("", script, "--version").startsWith(tool + " "));
        }
    }
}
