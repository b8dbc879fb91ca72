//SOURCES ../lib/base/Destination.java ../lib/base/Exit.java ../lib/sandbox/Clients.java ../scripts/arcget.java
//SOURCES ../scripts/gettoken.java ../scripts/sandbox.java TestSandbox.java ToolProcess.java ToolRun.java

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Destination;
import lib.base.Exit;
import lib.sandbox.Clients;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A file of {@code -o} is there whole or not at all, and nothing else stays beside it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutputFileTest {
    private static final String LEFT = ".arc-1killed.new";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static ToolRun limited(String tool, Map<String, ?> environment, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"));
        command.addAll(ToolProcess.command(tool, List.of(), arguments));
        return ToolProcess.run(command, environment);
    }

    @Test
    void a_full_disk_leaves_no_file() throws Exception {
        Map<String, Object> environment = Map.of(
                "HOME",
                folder,
                "ARC_NO_CACHE",
                "true",
                "ARC_KEYCLOAK",
                sandbox.keycloak(),
                "ARC_CLIENT_SECRET",
                Clients.CURL.secret().reveal(),
                "ARC_URL",
                sandbox.archive());
        Path file = folder.resolve("out");
        limited("gettoken", environment, "-o", file).fails(Exit.FAILED, "cannot write " + file + ": ", "");
        limited("arcget", environment, "-o", file, "studies").fails(Exit.FAILED, "cannot write " + file + ": ", "");
        assertEquals(List.of(), names());
    }

    @Test
    void what_a_killed_run_left_is_removed_by_the_next() throws Exception {
        Files.writeString(folder.resolve(LEFT), "half a token");
        sandbox.gettoken().run("-o", folder.resolve("token")).succeeds();
        assertEquals(List.of("token"), names());
        Files.writeString(folder.resolve(LEFT), "half an answer");
        sandbox.arcget().run("-o", folder.resolve("token"), "studies").succeeds();
        assertEquals(List.of("token"), names());
    }

    @Test
    void what_others_are_writing_stays() throws Exception {
        Files.createSymbolicLink(folder.resolve(LEFT), folder.resolve("elsewhere"));
        try (Destination other = Destination.of(folder.resolve("other"), null)) {
            other.print("whole");
            sandbox.gettoken().run("-o", folder.resolve("token")).succeeds();
            other.commit();
        }
        assertEquals(List.of(LEFT, "other", "token"), names());
        assertEquals("whole", Files.readString(folder.resolve("other")));
    }

    @Test
    void what_belongs_to_somebody_else_stays() throws Exception {
        Path left = Files.writeString(folder.resolve(LEFT), "theirs");
        assumeTrue(Files.getAttribute(left, "unix:uid").equals(0), "only root can give a file away");
        Files.setAttribute(left, "unix:uid", 65_534);
        sandbox.gettoken().run("-o", folder.resolve("token")).succeeds();
        assertEquals(List.of(LEFT, "token"), names());
    }

    @Test
    void why_a_file_cannot_be_written_is_said_whatever_it_is() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path wrong : List.of(file.resolve("below"), folder.resolve("n".repeat(300)), folder)) {
            ToolRun run = sandbox.gettoken().run("-o", wrong);
            assertEquals(1, run.exit(), run::toString);
            assertTrue(run.err().contains(" directory") || run.err().contains("too long"), run::toString);
        }
    }
}
