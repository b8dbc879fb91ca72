//SOURCES ../lib/base/Exit.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/SampleStudies.java
//SOURCES ../scripts/arcget.java ../scripts/sandbox.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.ArchiveServer;
import lib.sandbox.SampleStudies;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain GET of a ZIP or a multipart without its end mark (wire/captures.md M). */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EndMarkTest {
    private static final String STUDY = "studies/" + SampleStudies.ROOT + 1;
    private static final String MULTIPART = "multipart/related;type=\"application/dicom\"";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        archive.unsecured();
    }

    private ToolRun get(Object... arguments) {
        return ToolRun.of(new arcget())
                .with("--url", sandbox.archive(), "--no-auth", "-o", folder.resolve("file"))
                .run(arguments);
    }

    @Test
    void a_whole_zip_is_kept_and_half_a_one_is_not() throws Exception {
        get("--accept", "application/zip", STUDY).succeeds();
        try (ZipFile zip = new ZipFile(folder.resolve("file").toFile())) {
            assertEquals(20, zip.stream().filter(entry -> !entry.isDirectory()).count());
        }
        Files.delete(folder.resolve("file"));
        archive.lose(SampleStudies.ROOT + "1.1.7");
        get("--accept", "application/zip", STUDY)
                .fails(Exit.INCOMPLETE, "ended without the directory of its ZIP", "--download");
        assertFalse(Files.exists(folder.resolve("file")));
    }

    @Test
    void a_whole_multipart_is_kept_and_half_a_one_is_not() throws Exception {
        get("--accept", MULTIPART, "-f", "raw", STUDY).succeeds();
        assertTrue(Files.size(folder.resolve("file")) > 20 * 32_768);
        Files.delete(folder.resolve("file"));
        archive.lose(SampleStudies.ROOT + "1.1.7");
        get("--accept", MULTIPART, STUDY).fails(Exit.INCOMPLETE, "ended without its closing boundary", "");
        assertFalse(Files.exists(folder.resolve("file")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535})
    void a_zip_may_end_with_a_comment(int comment) {
        answered("PK\5\6" + "\0".repeat(16) + (char) (comment & 255) + (char) (comment >> 8) + "c".repeat(comment));
        get("--accept", "application/zip", STUDY).succeeds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PK", "PK\3\4 and so on", "PK\5\6 too short"})
    void what_does_not_end_with_a_directory_is_no_zip(String body) {
        answered(body);
        get("--accept", "application/zip", STUDY).fails(Exit.INCOMPLETE, "ended without the directory", "");
    }

    private static void answered(String body) {
        archive.web()
                .faults()
                .next(
                        1,
                        Faults.streamed(
                                "application/zip",
                                out -> out.write(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))));
    }
}
