//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../lib/sandbox/Certificates.java
//SOURCES ../../scripts/arcget.java ../../scripts/sandbox.java ../DicomBytes.java ../ToolRun.java DicomFile.java
//SOURCES DicomFiles.java HttpsFront.java Orthanc.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code arcget --download} from a real DICOMweb server: what is on disk then is what was stored there. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DownloadOnOrthancTest {
    private static final String RLE = "1.2.840.10008.1.2.5";

    private static Orthanc orthanc;
    private static HttpsFront front;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        orthanc = Orthanc.shared();
        front = new HttpsFront(orthanc.url());
    }

    @AfterAll
    static void stop() {
        if (front != null) {
            front.close();
        }
    }

    private Path target() {
        return folder.resolve("out");
    }

    private ToolRun download(Object... arguments) {
        return download(orthanc.dicomWeb(), arguments);
    }

    private ToolRun download(URI root, Object... arguments) {
        return ToolRun.of(new arcget())
                .with("--no-auth", "--rs=" + root, "--download", target())
                .run(arguments);
    }

    /** The SHA-256 of each file by its path, as they have to be when {@code files} are there. */
    private static Map<String, String> tree(List<DicomFile> files) {
        Map<String, String> tree = new TreeMap<>();
        for (DicomFile file : files) {
            tree.put(file.study() + "/" + file.series() + "/" + file.instance() + ".dcm", file.sha256());
        }
        return tree;
    }

    /** The same of what is there, with all that is no folder. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> found = Files.walk(target())) {
            for (Path file : found.filter(path -> !Files.isDirectory(path)).toList()) {
                tree.put(target().relativize(file).toString(), DicomFile.sha256(Files.readAllBytes(file)));
            }
        }
        return tree;
    }

    @ParameterizedTest
    @CsvSource({"http, 1", "http, 8", "https, 1", "https, 8", "HTTP/2, 1", "HTTP/2, 8"})
    void all_files_are_byte_for_byte_what_was_stored(String way, int jobs) throws Exception {
        Path trusted = Files.writeString(
                folder.resolve("ca.pem"), Certificates.loopback().pem());
        URI server = switch (way) {
            case "http" -> orthanc.url();
            case "https" -> front.http1();
            default -> front.http2();
        };
        String out = download(server.resolve("/dicom-web"), "--cacert=" + trusted, "--jobs=" + jobs, "studies")
                .succeeds();

        assertEquals(tree(orthanc.files()), tree());
        assertEquals(3, out.lines().count(), out);
    }

    @Test
    void each_study_is_told_in_a_line_of_JSON() throws Json.Malformed {
        String[] lines = download("studies").succeeds().split("\n");

        assertEquals(3, lines.length);
        for (DicomFiles.Study study : List.of(DicomFiles.MUELLER, DicomFiles.YAMADA, DicomFiles.DOE)) {
            int told = 0;
            for (String line : lines) {
                told += Json.asObject(Json.parse(line)).containsValue(study.uid()) ? 1 : 0;
            }
            assertEquals(1, told, study::uid);
        }
    }

    @Test
    void a_study_a_series_and_an_instance_are_paths() throws IOException {
        DicomFile one = orthanc.files(DicomFiles.MUELLER.instance(1, 3)).getFirst();
        String series = "studies/" + DicomFiles.YAMADA.uid() + "/series/" + DicomFiles.YAMADA.series(2);
        download(one.path(), series, "studies/" + DicomFiles.DOE.uid()).succeeds();

        Map<String, String> expected = tree(List.of(one));
        expected.putAll(tree(orthanc.files(DicomFiles.YAMADA.series(2))));
        expected.putAll(tree(orthanc.files(DicomFiles.DOE.uid())));
        assertEquals(expected, tree());
    }

    @Test
    void a_query_chooses_studies() throws IOException {
        download("studies", "-q", "StudyDate=20240101-20240131").succeeds();

        assertEquals(tree(orthanc.files(DicomFiles.MUELLER.uid())), tree());
    }

    @Test
    void a_second_run_fetches_what_is_missing_and_nothing_else() throws IOException {
        download("studies").succeeds();
        String lost = DicomFiles.MUELLER.instance(2, 4);
        FileTime longAgo = FileTime.fromMillis(1_000_000_000_000L);
        try (Stream<Path> found = Files.walk(target())) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                if (file.endsWith(lost + ".dcm")) {
                    Files.delete(file);
                } else {
                    Files.setLastModifiedTime(file, longAgo);
                }
            }
        }
        download("studies").succeeds();

        assertEquals(tree(orthanc.files()), tree());
        try (Stream<Path> found = Files.walk(target())) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                assertEquals(
                        !file.endsWith(lost + ".dcm"), longAgo.equals(Files.getLastModifiedTime(file)), file::toString);
            }
        }
    }

    @Test
    void another_transfer_syntax_is_made_by_the_server() throws IOException {
        String series = "studies/" + DicomFiles.YAMADA.uid() + "/series/" + DicomFiles.YAMADA.series(1);
        download("--transfer-syntax=1.2.840.10008.1.2.1", series).succeeds();

        assertEquals(tree(orthanc.files(DicomFiles.YAMADA.series(1))).keySet(), tree().keySet());
        for (DicomFile stored : orthanc.files(DicomFiles.YAMADA.series(1))) {
            Path file =
                    target().resolve(stored.study()).resolve(stored.series()).resolve(stored.instance() + ".dcm");
            assertTrue(text(stored.bytes()).contains(RLE));
            assertFalse(text(Files.readAllBytes(file)).contains(RLE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"studies/1.2.3.4.5", "studies/1.2.3.4.5/series/1.2.3.4.5.6"})
    void what_is_not_there_is_said(String path) {
        ToolRun run = download(path);

        assertTrue(run.exit() == Exit.REFUSED.code() || run.exit() == Exit.INCOMPLETE.code(), run::toString);
        assertTrue(run.err().contains("1.2.3.4.5"), run::toString);
        assertEquals("", run.out(), run::toString);
    }

    /** A file of its own study that does not go by the book, with this beginning and data set. */
    private static DicomFile odd(String series, String uid, DicomBytes file) {
        return new DicomFile(series.substring(0, series.lastIndexOf('.')), series, uid, file.bytes());
    }

    private static DicomBytes begun(String uid, String syntax) {
        return new DicomBytes().preamble().meta(uid, syntax);
    }

    private static DicomBytes pixels(DicomBytes file) {
        return file.text(0x00280004, "CS", "MONOCHROME2").element(DicomBytes.PIXEL_DATA, "OW", new byte[64]);
    }

    @Test
    void odd_files_come_byte_for_byte() throws IOException {
        String root = DicomFiles.ROOT + "9.";
        String longUid = root + "1".repeat(79 - root.length());
        List<DicomFile> files = new ArrayList<>();
        files.add(odd(root + "1.1", root + "1", pixels(new DicomBytes().identity(root + "1.1", root + "1"))));
        files.add(odd(
                root + "2.1",
                root + "2",
                pixels(begun("1.2.3", DicomBytes.EXPLICIT).identity(root + "2.1", root + "2"))));
        files.add(odd(
                root + "3.1",
                root + "3",
                pixels(begun(null, DicomBytes.EXPLICIT).identity(root + "3.1", root + "3"))));
        files.add(odd(
                root + "4.1",
                longUid,
                pixels(begun(longUid, DicomBytes.EXPLICIT).identity(root + "4.1", longUid))));
        for (int series = 1; series <= 2; series++) {
            String uid = root + "5." + series;
            files.add(odd(
                    uid,
                    root + "5",
                    pixels(begun(root + "5", DicomBytes.EXPLICIT).identity(uid, root + "5"))));
        }
        files.add(odd(
                root + "6.1",
                root + "6",
                pixels(begun(root + "6", DicomBytes.BIG).identity(root + "6.1", root + "6"))));
        files.add(odd(
                root + "7.1",
                root + "7",
                begun(root + "7", DicomBytes.DEFLATED)
                        .deflated(pixels(new DicomBytes().identity(root + "7.1", root + "7")), false)));
        files.add(odd(
                root + "8.1",
                root + "8",
                begun(root + "8", DicomBytes.JPEG)
                        .identity(root + "8.1", root + "8")
                        .open(DicomBytes.PIXEL_DATA, "OB")
                        .item(new byte[4])
                        .item(new byte[60])
                        .item(new byte[62])
                        .close()));
        Orthanc other = Orthanc.holding(files);
        ToolRun run = download(other.dicomWeb(), "studies");

        assertEquals(tree(files), tree());
        assertEquals(0, run.exit(), run::toString);
        assertEquals(
                List.of(
                        "arcget: warning: the archive lists UIDs that are not valid, such as " + longUid,
                        "arcget: warning: the file of " + root + "1 has no meta header",
                        "arcget: warning: the file of " + root
                                + "2 has another SOP Instance UID in its meta header: 1.2.3",
                        "arcget: warning: the file of " + root + "3 has no SOP Instance UID in its meta header"),
                run.err().lines().sorted().toList());
        assertFalse(download(other.dicomWeb(), "--dry-run", "studies").out().contains("\"skipped\":0"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
