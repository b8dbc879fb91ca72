//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/SampleStudies.java ../lib/sandbox/WebResponse.java ../scripts/arcget.java
//SOURCES ../scripts/sandbox.java DicomBytes.java Downloads.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import lib.sandbox.WebResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from an archive that is broken, odd, or means harm. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HostileArchiveTest {
    private static final String TYPE = "multipart/related; type=\"application/dicom\"; boundary=B";
    private static final String STUDY = SampleStudies.ROOT + 1;
    private static final String SERIES = STUDY + ".1";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        archive.unsecured();
        archive.holds(SampleStudies.one(1, 3));
    }

    private ToolRun download(String path) {
        return download(path, "*");
    }

    private ToolRun download(String path, String transferSyntax) {
        return ToolRun.of(new arcget())
                .run(
                        "--url",
                        sandbox.archive(),
                        "--no-auth",
                        "--retry",
                        0,
                        "--transfer-syntax",
                        transferSyntax,
                        "--download",
                        folder.resolve("out"),
                        path);
    }

    private static byte[] stored(int number) {
        return Downloads.bytes(archive.stored(SERIES + "." + number));
    }

    /** Answers every retrieve with {@code type} and what {@code body} writes. */
    private static void retrieved(String type, WebResponse.Body body) {
        archive.web().faults().rule(request -> Faults.isRetrieve(request) ? Faults.streamed(type, body) : Fault.none());
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            out.writeBytes(
                    part instanceof byte[] bytes ? bytes : part.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }

    /** The first file with {@code parts} as its trailing padding. */
    private static byte[] padded(Object... parts) {
        return bytes(
                stored(1),
                new DicomBytes().element(0xFFFCFFFC, "OB", bytes(parts)).bytes());
    }

    private static byte[] threeParts(String boundary, String header) {
        return bytes(
                "--" + boundary + "\r\n" + header + "\r\n",
                stored(1),
                "\r\n--" + boundary + "\r\n" + header + "\r\n",
                stored(2),
                "\r\n--" + boundary + "\r\n" + header + "\r\n",
                stored(3),
                "\r\n--" + boundary + "--");
    }

    private void assertWhole() throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            all.add(STUDY + "/" + SERIES + "/" + SERIES + "." + i);
        }
        assertEquals(Downloads.expected(archive, all), Downloads.of(folder.resolve("out")));
    }

    private void assertNothingOutside() throws IOException {
        try (var files = Files.list(folder)) {
            assertTrue(files.allMatch(file -> file.endsWith("out")), "nothing but the folder asked for");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "multipart/related; type=\"application/dicom\"; boundary=\"B\"|B",
                "multipart/related;type=application/dicom;boundary=B|B",
                "Multipart/Related; BOUNDARY=B; type=\"a;boundary=C\"|B",
                "multipart/related; boundary=\"a b?;'()+_,-./:=\\\"\"|a b?;'()+_,-./:=\"",
                "multipart/related; start=\"<boundary=X@y>\"; boundary = gh45|gh45",
                "multipart/related; boundary=5202501d-3479-4f6a-839c-ebd2a8d94fde-bc8bb60e-d5a9-4713-9e2c-c24d06e36|"
                        + "5202501d-3479-4f6a-839c-ebd2a8d94fde-bc8bb60e-d5a9-4713-9e2c-c24d06e36",
            })
    void a_boundary_is_read_quoted_or_not(String type, String boundary) throws Exception {
        retrieved(type, out -> out.write(threeParts(boundary, "Content-Type: application/dicom\r\n")));
        download("studies/" + STUDY).succeeds();
        assertWhole();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000, 65_537})
    void parts_are_told_apart_however_the_bytes_arrive(int size) throws Exception {
        byte[] body = bytes(
                "a preamble\r\n--Bnot\r\n",
                "--B \t \r\n\r\n",
                stored(1),
                "\r\n--B\r\nContent-Location: /etc/passwd\r\nContent-Length: " + stored(2).length + "\r\n\r\n",
                stored(2),
                "\r\n--B\r\n\r\n",
                stored(3),
                "\r\n--B-- \r\nan epilogue\r\n--B\r\n\r\nthat does not count");
        retrieved(TYPE, out -> {
            for (int at = 0; at < body.length; at += size) {
                out.write(body, at, Math.min(size, body.length - at));
                if (size > 100 || at < 100) {
                    out.flush();
                }
            }
        });
        download("studies/" + STUDY).succeeds();
        assertWhole();
    }

    @Test
    void what_looks_like_a_boundary_in_a_file_is_a_part_of_it() throws Exception {
        byte[] noise = new byte[600_000];
        new Random(7).nextBytes(noise);
        byte[] file = padded("\r\n--Bx\r\n--C\r\n-\r\n--\r\n\r\n--B-x", noise, "\r\n--", noise, "\r\n--Bz");
        retrieved(TYPE, out -> out.write(bytes("--B\r\n\r\n", file, "\r\n--B--\r\n")));
        download("studies/" + STUDY + "/series/" + SERIES + "/instances/" + SERIES + ".1")
                .succeeds();
        Path path = folder.resolve("out").resolve(STUDY).resolve(SERIES).resolve(SERIES + ".1.dcm");
        assertArrayEquals(file, Files.readAllBytes(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n-", "\r\n--", "\r\n--B", "\r\n--B-", "\r\n--B \t", "\r\n--B\r"})
    void a_part_that_no_boundary_follows_is_not_kept(String end) throws Exception {
        retrieved(TYPE, out -> out.write(bytes("--B\r\n\r\n", stored(1), "\r\n--B\r\n\r\n", stored(2), end)));
        ToolRun run = download("studies/" + STUDY);
        run.after(" is missing: ", " is missing: ")
                .says(Exit.INCOMPLETE, "2 of 3 instances are missing", "run the same command again");
        assertTrue(run.err().contains("ended without its closing boundary"), run::err);
        Map<String, String> files = Downloads.of(folder.resolve("out"));
        assertEquals(1, files.size(), files::toString);
        assertEquals(
                Downloads.sha256(archive.stored(SERIES + ".1")),
                files.values().iterator().next());
    }

    @Test
    void a_header_of_10000_bytes_is_passed_over() throws Exception {
        retrieved(TYPE, out -> out.write(threeParts("B", "X: " + "x".repeat(10_000) + "\r\n")));
        download("studies/" + STUDY).succeeds();
        assertWhole();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--B^A: |header of more than 64 KiB",
                "--B^|header of more than 64 KiB",
                "x|64 KiB that contain no boundary",
            })
    void what_never_ends_is_given_up(String beginning, String why) {
        byte[] filler = "y".repeat(8192).getBytes(StandardCharsets.US_ASCII);
        retrieved(TYPE, out -> {
            out.write(bytes(beginning.replace("^", "\r\n")));
            endlessly(out, filler);
        });
        ToolRun run = download("studies/" + STUDY);
        assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
        assertTrue(run.err().contains(why), run::err);
    }

    @Test
    void a_file_that_outgrows_its_whole_study_is_given_up_and_the_others_come() throws Exception {
        byte[] filler = new byte[1 << 16];
        archive.web().faults().rule(request -> {
            boolean isSecond = request.path().endsWith("/" + SERIES + ".2");
            return !isSecond && !request.path().endsWith("/series/" + SERIES)
                    ? Fault.none()
                    : Faults.streamed(TYPE, out -> {
                        out.write(isSecond ? new byte[0] : bytes("--B\r\n\r\n", stored(1), "\r\n"));
                        out.write(bytes("--B\r\n\r\n", stored(2)));
                        endlessly(out, filler);
                    });
        });
        ToolRun run = download("studies/" + STUDY);
        run.after(" is missing: ").says(Exit.INCOMPLETE, "1 of 3 instances are missing", "run the same command again");
        assertTrue(run.err().contains("instance " + SERIES + ".2 is missing: one file is longer than"), run::err);
        List<String> others =
                List.of(STUDY + "/" + SERIES + "/" + SERIES + ".1", STUDY + "/" + SERIES + "/" + SERIES + ".3");
        assertEquals(Downloads.expected(archive, others), Downloads.of(folder.resolve("out")));
        download("studies/" + STUDY + "/series/" + SERIES + "/instances/" + SERIES + ".2")
                .after(" is missing: ")
                .says(Exit.SERVER_FAILED, "but its whole study has ", "studies/size?StudyInstanceUID=" + STUDY);
    }

    @ParameterizedTest
    @CsvSource({"1.2.840.10008.1.2.1,true", "*,false"})
    void a_large_file_is_believed_where_nobody_knows_the_size(String transferSyntax, boolean isTold) throws Exception {
        byte[] file = padded(new byte[20 << 20]);
        archive.web()
                .faults()
                .rule(request -> Faults.isRetrieve(request)
                        ? Faults.streamed(TYPE, out -> out.write(bytes("--B\r\n\r\n", file, "\r\n--B--\r\n")))
                        : !isTold && request.path().endsWith("/size")
                                ? Faults.status(404, "text/html", "Not Found")
                                : Fault.none());
        download("studies/" + STUDY + "/series/" + SERIES + "/instances/" + SERIES + ".1", transferSyntax)
                .succeeds();
        assertEquals(
                file.length,
                Files.size(folder.resolve("out").resolve(STUDY).resolve(SERIES).resolve(SERIES + ".1.dcm")));
    }

    private static void endlessly(OutputStream out, byte[] bytes) throws IOException {
        // Until the client has had enough.
        while (true) {
            out.write(bytes);
        }
    }

    @Test
    void millions_of_parts_that_nobody_asked_for_are_not_waited_for() throws Exception {
        byte[] part = bytes("--B\r\nContent-Disposition: attachment; filename=../../x\r\n\r\nx\r\n".repeat(100));
        retrieved(TYPE, out -> endlessly(out, part));
        ToolRun run = download("studies/" + STUDY);
        assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
        assertTrue(run.err().contains("sent something that is not a DICOM file"), run::err);
        assertEquals(Map.of(), Downloads.of(folder.resolve("out")));
        assertNothingOutside();
    }

    @Test
    void a_file_that_is_somebody_elses_or_none_is_not_kept() throws Exception {
        for (byte[] wrong : List.of(
                stored(2),
                bytes("<html>"),
                bytes(new byte[128], "DICM"),
                new byte[0],
                bytes(new byte[128], "DICM", new byte[] {2, 0, 3, 0, 'U', 'I', -1, -1}, "1.2"),
                renamed(stored(1), "1.1.1", "1.1.9"))) {
            retrieved(TYPE, out -> out.write(bytes("--B\r\n\r\n", wrong, "\r\n--B--")));
            ToolRun run = download("studies/" + STUDY + "/series/" + SERIES + "/instances/" + SERIES + ".1");
            assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
            assertTrue(run.err().contains("not a DICOM file with this SOP Instance UID"), run::err);
            assertEquals(Map.of(), Downloads.of(folder.resolve("out")));
        }
    }

    /** A file whose data set says {@code to} where its meta information says {@code from}. */
    private static byte[] renamed(byte[] file, String from, String to) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int second = text.indexOf(from, text.indexOf(from) + 1);
        return bytes(text.substring(0, second), to, text.substring(second + to.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "00080018,../../../evil",
        "00080018,/etc/passwd",
        "00080018,1.2.3/../../4",
        "00080018,.1.2",
        "00080018,-1.2",
        "00080018,1.2 3",
        "00080018,1.2.\u0663",
        "0020000E,..",
        "0020000D,../evil",
    })
    void a_uid_that_cannot_be_a_name_is_told_and_becomes_no_file(String tag, String uid) throws Exception {
        lists(List.of(row("", ""), row(tag, uid)));
        ToolRun run = download("instances");
        run.after("the archive lists " + uid + ", which is not a valid UID")
                .says(Exit.INCOMPLETE, "1 of 2 instances are missing", "another run will not bring them");
        assertEquals(!tag.equals("0020000D"), run.out().contains("\"instances\":2"), run::out);
        assertEquals(!tag.equals("0020000D"), run.out().contains("\"missing\":[\"" + uid + "\"]"), run::out);
        assertEquals(1, Downloads.of(folder.resolve("out")).size());
        assertNothingOutside();
    }

    @Test
    void a_name_of_more_than_128_characters_is_left_out() {
        lists(List.of(row("00080018", "1".repeat(129))));
        download("instances")
                .after("the archive lists 111")
                .says(Exit.SERVER_FAILED, "objects are listed without a valid UID", "");
    }

    /** Has the archive list these instances. */
    private static void lists(List<Map<String, Object>> rows) {
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/rs/instances")
                        ? Faults.garbage("application/dicom+json", Json.compact(rows))
                        : Fault.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2..3",
                "1.2.",
                "1.2.a",
                "_x-1",
                "11111111111111111111111111111111.11111111111111111111111111111111",
            })
    void a_uid_that_is_not_valid_but_harmless_is_a_name_all_the_same(String uid) throws Exception {
        byte[] file = new DicomBytes()
                .preamble()
                .meta(uid, DicomBytes.EXPLICIT)
                .identity(SERIES, uid)
                .bytes();
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/instances/" + uid)
                        ? Faults.streamed(TYPE, out -> out.write(bytes("--B\r\n\r\n", file, "\r\n--B--")))
                        : request.path().endsWith("/instances")
                                ? Faults.garbage(
                                        "application/dicom+json", Json.compact(List.of(row("00080018", uid + "\0"))))
                                : Fault.none());
        ToolRun run = download("studies/" + STUDY);
        assertEquals(0, run.exit(), run::toString);
        assertEquals("arcget: warning: the archive lists UIDs that are not valid, such as " + uid + "\n", run.err());
        Path path = folder.resolve("out").resolve(STUDY).resolve(SERIES).resolve(uid + ".dcm");
        assertArrayEquals(file, Files.readAllBytes(path));
        assertEquals(
                0,
                download("studies/" + STUDY + "/series/" + SERIES + "/instances/" + uid)
                        .exit());
    }

    private static Map<String, Object> row(String tag, String uid) {
        return Map.of(
                "0020000D", uid(tag.equals("0020000D") ? uid : STUDY),
                "0020000E", uid(tag.equals("0020000E") ? uid : SERIES),
                "00080018", uid(tag.equals("00080018") ? uid : SERIES + ".1"));
    }

    private static Map<String, Object> uid(String value) {
        return Map.of("vr", "UI", "Value", List.of(value));
    }

    @Test
    void an_uid_with_control_characters_is_shown_escaped() {
        archive.web()
                .faults()
                .rule(request -> request.path().endsWith("/instances")
                        ? Faults.garbage(
                                "application/dicom+json", Json.compact(List.of(row("00080018", "1.2\u001b[2J"))))
                        : Fault.none());
        ToolRun run = download("studies/" + STUDY);
        assertFalse(run.err().contains("\u001b"), run::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html|instead of multipart",
                "multipart/related|instead of multipart",
                "multipart/related; boundary=|instead of multipart",
            })
    void an_answer_that_is_no_multipart_is_named(String type, String why) {
        retrieved(type, out -> out.write(stored(1)));
        ToolRun run = download("studies/" + STUDY);
        assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
        assertTrue(run.err().contains(why), run::err);
    }

    @Test
    void a_list_that_makes_no_sense_is_named() {
        for (String list : List.of("{\"a\":1", "<html>", "[1,2]")) {
            archive.web().faults().rule(request -> Faults.garbage("application/dicom+json", list));
            ToolRun run = download("studies");
            assertEquals(Exit.SERVER_FAILED.code(), run.exit(), run::toString);
        }
    }
}
