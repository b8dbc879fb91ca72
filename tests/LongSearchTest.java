//SOURCES ../lib/base/Exit.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/WebRequest.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolProcess.java
//SOURCES ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that begin with a search of 50,000 rows, as processes with a quarter of the launcher's heap. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LongSearchTest {
    private static final int ROWS = 50_000;

    @RegisterExtension
    final TestSandbox sandbox = new TestSandbox();

    private final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    private List<String> download(String path) {
        return ToolProcess.command(
                "arcget",
                List.of(),
                "--rs",
                archive.web().http() + "/dicom-web",
                "--no-auth",
                "-j",
                1,
                "--download",
                folder.resolve("out"),
                path);
    }

    /** UIDs of 58 signs, such as the machines of a hospital make. */
    private static String uid(int level, int number) {
        return "1.2.826.0.1.3680043.10.9999." + level + ".20261125123456789.1234567." + (1_000 + number);
    }

    /** A page of a search that finds {@link #ROWS}, each in a study of its own. */
    private static Fault page(WebRequest request) {
        int offset = number(request, "offset", 0);
        int end = Math.min(ROWS, offset + number(request, "limit", 1000));
        StringBuilder rows = new StringBuilder("[");
        for (int i = offset; i < end; i++) {
            rows.append(i == offset ? "{" : ",{")
                    .append(attribute("0020000D", uid(1, i)))
                    .append(',')
                    .append(attribute("0020000E", uid(2, i)))
                    .append(',')
                    .append(attribute("00080018", uid(3, i)))
                    .append('}');
        }
        byte[] page = rows.append(']').toString().getBytes(StandardCharsets.UTF_8);
        return Faults.streamed("application/dicom+json", out -> out.write(page));
    }

    private static String attribute(String tag, String uid) {
        return "\"" + tag + "\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]}";
    }

    private static int number(WebRequest request, String name, int otherwise) {
        for (String parameter : request.query().split("&")) {
            if (parameter.startsWith(name + "=")) {
                return Integer.parseInt(parameter.substring(name.length() + 1));
            }
        }
        return otherwise;
    }

    private static boolean isSearch(WebRequest request) {
        return request.path().matches("/dicom-web/(studies|series|instances)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"studies", "instances"})
    void what_it_finds_has_room_in_the_heap(String path) throws Exception {
        archive.web()
                .faults()
                .rule(request -> isSearch(request)
                        ? page(request)
                        : Faults.status(401, "text/html", "Unauthorized", "WWW-Authenticate", "Bearer"));
        ToolRun run = ToolProcess.run(download(path), Map.of());
        run.afterAll("arcget: (study|instance) \\S+ is missing: .*|arcget: \\d+ more are missing .*")
                .says(Exit.REFUSED, "(401)", "");
        List<WebRequest> requests = archive.web().requests();
        assertTrue(requests.size() > ROWS / 1000, run::toString);
        WebRequest first = requests.stream()
                .filter(request -> !isSearch(request))
                .findFirst()
                .orElseThrow();
        assertTrue(first.path().startsWith("/dicom-web/studies/" + uid(1, 0) + "/"), first::toString);
    }
}
