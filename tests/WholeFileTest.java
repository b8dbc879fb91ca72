//SOURCES ../lib/base/Exit.java ../lib/json/Json.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/SampleStudies.java ../scripts/arcget.java ../scripts/sandbox.java DicomBytes.java
//SOURCES Downloads.java Faults.java TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import lib.sandbox.ArchiveServer;
import lib.sandbox.Fault;
import lib.sandbox.SampleStudies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A download keeps files whose DICOM ends where they end, however odd, and no others. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WholeFileTest {
    private static final String TYPE = "multipart/related; type=\"application/dicom\"; boundary=B";
    private static final String STUDY = SampleStudies.ROOT + "1";
    private static final String SERIES = STUDY + ".1";

    // How many files are cut of each kind.
    private static final int CUTS = 120;

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        archive.unsecured();
    }

    /** Kinds of files that are whole. */
    enum Kind {
        EXPLICIT(uid -> native_(uid, DicomBytes.EXPLICIT)),
        IMPLICIT(uid -> native_(uid, DicomBytes.IMPLICIT)),
        BIG_ENDIAN(uid -> native_(uid, DicomBytes.BIG)),
        MULTI_FRAME(uid -> begun(uid, DicomBytes.EXPLICIT)
                .text(0x00280008, "IS", "3")
                .element(DicomBytes.PIXEL_DATA, "OW", noise(3 * 128))),
        ENCAPSULATED(uid -> encapsulated(uid, DicomBytes.JPEG, 1, 120)),
        ENCAPSULATED_FRAMES(uid -> encapsulated(uid, "1.2.840.10008.1.2.4.90", 12, 14)),
        FRAMES_DEFLATED_ONE_BY_ONE(uid -> encapsulated(uid, "1.2.840.10008.1.2.8.1", 3, 30)),
        VIDEO(uid -> encapsulated(uid, "1.2.840.10008.1.2.4.102", 1, 400)),
        STRUCTURED_REPORT(uid -> report(begun(uid, DicomBytes.EXPLICIT), 4)),
        STRUCTURED_REPORT_IMPLICIT(uid -> report(begun(uid, DicomBytes.IMPLICIT), 4)),
        STRUCTURED_REPORT_BIG_ENDIAN(uid -> report(begun(uid, DicomBytes.BIG), 4)),
        SEQUENCE_OF_DEFINED_LENGTH(uid -> begun(uid, DicomBytes.EXPLICIT)
                .element(
                        0x00081115,
                        "SQ",
                        new DicomBytes()
                                .item(new DicomBytes()
                                        .text(0x00081150, "UI", "1.2.3")
                                        .bytes())
                                .bytes())),
        PDF(uid -> begun(uid, DicomBytes.EXPLICIT)
                .element(0x00420011, "OB", "%PDF-1.4 and so on".getBytes(StandardCharsets.US_ASCII))
                .text(0x00420012, "LO", "application/pdf")),
        DEFLATED(uid -> head(uid, DicomBytes.DEFLATED).deflated(dataSet(uid), false)),
        DEFLATED_AND_PADDED(uid ->
                head(uid, DicomBytes.DEFLATED).deflated(dataSet(uid), false).raw(new byte[1])),
        DEFLATED_AND_WRAPPED(uid -> head(uid, DicomBytes.DEFLATED).deflated(dataSet(uid), true)),
        DEFLATED_JPIP(uid -> head(uid, "1.2.840.10008.1.2.4.95").deflated(dataSet(uid), false)),
        DEFLATED_JPIP_HTJ2K(uid -> head(uid, "1.2.840.10008.1.2.4.205").deflated(dataSet(uid), false)),
        NOT_DEFLATED_AS_IT_SAYS(uid -> dataSet(head(uid, DicomBytes.DEFLATED), uid)),
        TRAILING_PADDING(uid -> native_(uid, DicomBytes.EXPLICIT).element(0xFFFCFFFC, "OB", new byte[30])),
        ODD_LENGTHS(uid -> begun(uid, DicomBytes.EXPLICIT)
                .element(0x00104000, "LT", "odd".getBytes(StandardCharsets.US_ASCII))
                .element(DicomBytes.PIXEL_DATA, "OB", noise(63))),
        WRONG_GROUP_LENGTHS(uid -> head(uid, DicomBytes.EXPLICIT)
                .element(0x00080000, "UL", new byte[] {-1, -1, 0, 0})
                .identity(SERIES, uid)
                .element(0x00280000, "UL", new byte[4])
                .element(DicomBytes.PIXEL_DATA, "OW", noise(64))),
        UNKNOWN_VRS(uid -> begun(uid, DicomBytes.EXPLICIT)
                .element(0x00211001, "ZZ", noise(20))
                .tag(0x00211002)
                .raw("QX")
                .half(6)
                .raw("abcdef")
                .ended()
                .tag(0x00211003)
                .raw("XX")
                .half(0)
                .ended()
                .element(0x00211004, "ZZ", new byte[0])
                .element(DicomBytes.PIXEL_DATA, "OW", noise(64))),
        UN_OF_UNDEFINED_LENGTH(uid -> unknown(uid, DicomBytes.EXPLICIT, true)),
        UN_OF_UNDEFINED_LENGTH_BIG_ENDIAN(uid -> unknown(uid, DicomBytes.BIG, true)),
        UN_WITH_EXPLICIT_ITEMS(uid -> unknown(uid, DicomBytes.EXPLICIT, false)),
        ICON(uid -> begun(uid, DicomBytes.EXPLICIT)
                .open(0x00080200, "SQ")
                .item()
                .element(DicomBytes.PIXEL_DATA, "OW", noise(16))
                .endItem()
                .close()
                .text(0x00090010, "LO", "SOMEBODY")
                .text(0x00200010, "SH", "4711")
                .element(0x60003000, "OW", noise(16))),
        PRIVATE_SEQUENCES(uid -> begun(uid, DicomBytes.EXPLICIT)
                .text(0x00290010, "LO", "SOMEBODY")
                .open(0x00291010, "SQ")
                .close()
                .open(0x00291011, "SQ")
                .item()
                .endItem()
                .item()
                .text(0x00290010, "LO", "SOMEBODY")
                .open(0x00291012, "OB")
                .item(noise(9))
                .close()
                .endItem()
                .item(new byte[0])
                .close()
                .element(DicomBytes.PIXEL_DATA, "OW", noise(64))),
        IMPLICIT_THOUGH_IT_SAYS_EXPLICIT(
                uid -> dataSet(head(uid, DicomBytes.EXPLICIT).form(true, false), uid)),
        EXPLICIT_THOUGH_IT_SAYS_IMPLICIT(
                uid -> dataSet(head(uid, DicomBytes.IMPLICIT).form(false, false), uid)),
        BIG_ENDIAN_THOUGH_IT_SAYS_LITTLE(
                uid -> dataSet(head(uid, DicomBytes.EXPLICIT).form(false, true), uid)),
        EXPLICIT_THOUGH_IT_SAYS_BIG_ENDIAN(
                uid -> dataSet(head(uid, DicomBytes.BIG).form(false, false), uid)),
        DELIMITERS_LEFT_OUT_AND_ADDED(uid -> begun(uid, DicomBytes.EXPLICIT)
                .raw(new DicomBytes()
                        .open(0x00081115, "SQ")
                        .item()
                        .text(0x00081150, "UI", "1.2.3")
                        .close()
                        .bytes())
                .ended()
                .tag(0xFFFEE0DD)
                .number(0)
                .ended()
                .element(DicomBytes.PIXEL_DATA, "OW", noise(64))),
        UIDS_PADDED_WITH_BLANKS(uid -> new DicomBytes()
                .preamble()
                .meta(uid + "  ", DicomBytes.EXPLICIT + " ")
                .identity(SERIES, uid + " \0")
                .element(DicomBytes.PIXEL_DATA, "OW", noise(64)));

        private final Function<String, DicomBytes> maker;

        Kind(Function<String, DicomBytes> maker) {
            this.maker = maker;
        }

        DicomBytes file(String uid) {
            return maker.apply(uid);
        }
    }

    private static DicomBytes head(String uid, String syntax) {
        return new DicomBytes().preamble().meta(uid, syntax);
    }

    private static DicomBytes begun(String uid, String syntax) {
        return head(uid, syntax).identity(SERIES, uid);
    }

    private static DicomBytes native_(String uid, String syntax) {
        return dataSet(head(uid, syntax), uid);
    }

    private static DicomBytes dataSet(String uid) {
        return dataSet(new DicomBytes(), uid);
    }

    private static DicomBytes dataSet(DicomBytes to, String uid) {
        return to.identity(SERIES, uid)
                .element(0x00281052, "DS", new byte[0])
                .element(0x60003000, "OW", noise(16))
                .element(DicomBytes.PIXEL_DATA, "OW", noise(128));
    }

    private static DicomBytes encapsulated(String uid, String syntax, int fragments, int size) {
        DicomBytes file = begun(uid, syntax).open(DicomBytes.PIXEL_DATA, "OB").item(new byte[4 * fragments]);
        for (int i = 0; i < fragments; i++) {
            file.item(noise(size));
        }
        return file.close();
    }

    private static DicomBytes report(DicomBytes file, int depth) {
        file.text(0x0040A040, "CS", "CONTAINER");
        for (int i = 0; i < depth; i++) {
            file.open(0x0040A730, "SQ").item().text(0x0040A160, "UT", "text");
        }
        for (int i = 0; i < depth; i++) {
            file.endItem().close();
        }
        return file;
    }

    /** A UN of undefined length, whose items are little endian, implicit or not. */
    private static DicomBytes unknown(String uid, String syntax, boolean isImplicit) {
        boolean isBig = syntax.equals(DicomBytes.BIG);
        return begun(uid, syntax)
                .text(0x00290010, "LO", "SOMEBODY")
                .open(0x00291010, "UN")
                .form(isImplicit, false)
                .item()
                .text(0x00081150, "UI", "1.2.840.10008")
                .open(0x00081140, "SQ")
                .item()
                .text(0x00081150, "UI", "1.2.3")
                .endItem()
                .close()
                .endItem()
                .close()
                .form(false, isBig)
                .element(DicomBytes.PIXEL_DATA, "OW", noise(64));
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    private static String uid(int number) {
        return SERIES + "." + (1000 + number);
    }

    /** Has the archive list {@code files} and send them, each in a part with this header. */
    private static void holds(List<byte[]> files, String header) {
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            rows.add(
                    Map.of("0020000E", Map.of("Value", List.of(SERIES)), "00080018", Map.of("Value", List.of(uid(i)))));
        }
        archive.web().faults().rule(request -> {
            if (request.path().endsWith("/instances")) {
                return Faults.garbage("application/dicom+json", Json.compact(rows));
            }
            if (!Faults.isRetrieve(request)) {
                return Fault.none();
            }
            String asked = request.path().substring(request.path().lastIndexOf('/') + 1);
            return Faults.streamed(TYPE, out -> {
                for (int i = 0; i < files.size(); i++) {
                    if (asked.equals(SERIES) || asked.equals(uid(i))) {
                        out.write(("--B\r\n" + header + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        out.write(files.get(i));
                        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                }
                out.write("--B--".getBytes(StandardCharsets.US_ASCII));
            });
        });
    }

    private ToolRun download(Object... more) {
        return ToolRun.of(new arcget())
                .with("--url", sandbox.archive(), "--no-auth", "--download", folder.resolve("out"))
                .with(more)
                .run("studies/" + STUDY);
    }

    private Path file(int number) {
        return folder.resolve("out").resolve(STUDY).resolve(SERIES).resolve(uid(number) + ".dcm");
    }

    private long retrieves() {
        return archive.web().requests().stream().filter(Faults::isRetrieve).count();
    }

    @ParameterizedTest
    @EnumSource
    void a_whole_file_of_every_kind_is_kept_and_found_whole_by_the_next_run(Kind kind) throws Exception {
        byte[] file = kind.file(uid(0)).bytes();
        holds(List.of(file), "");
        download().succeeds();
        assertArrayEquals(file, Files.readAllBytes(file(0)));
        archive.web().forgetRequests();
        download().succeeds();
        assertEquals(0, retrieves());
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_is_cut_inside_an_element_is_not_kept_wherever_that_is(Kind kind) throws Exception {
        DicomBytes whole = kind.file(uid(0));
        int dataSet = Collections.min(whole.ends());
        List<Integer> places = new ArrayList<>();
        for (int at = dataSet; at < whole.bytes().length; at++) {
            // The data set itself may not be empty.
            if (at == dataSet || !whole.ends().contains(at)) {
                places.add(at);
            }
        }
        Collections.shuffle(places, new Random(15));
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < Math.min(CUTS, places.size()); i++) {
            files.add(Arrays.copyOf(kind.file(uid(i)).bytes(), places.get(i)));
        }
        holds(files, "");
        ToolRun run = download("--retry", 0);
        run.afterAll("arcget: instance .* is missing: .* sent a file that is not whole: it.*|.* more are missing in .*")
                .says(Exit.INCOMPLETE, "nothing was downloaded", "");
        assertEquals(Map.of(), Downloads.of(folder.resolve("out")));
    }

    /** A file that is odd and whole, and what is said about it. */
    private record Odd(String what, DicomBytes file) {}

    private static List<Odd> odd() {
        String uid = uid(0);
        String another = "has another SOP Instance UID in its meta header: 1.2.3";
        String none = "has no SOP Instance UID in its meta header";
        DicomBytes unreadable = begun(uid, DicomBytes.EXPLICIT)
                .tag(0x00211001)
                .raw("??")
                .half(2)
                .raw("ab");
        return List.of(
                new Odd(another, dataSet(head("1.2.3", DicomBytes.EXPLICIT), uid)),
                new Odd(none, dataSet(head(null, DicomBytes.EXPLICIT), uid)),
                new Odd(none, dataSet(head("", DicomBytes.EXPLICIT), uid)),
                new Odd(none, dataSet(head(null, null), uid)),
                new Odd(another, head("1.2.3", DicomBytes.DEFLATED).deflated(dataSet(uid), false)),
                new Odd("has no preamble", dataSet(new DicomBytes().meta(uid, DicomBytes.EXPLICIT), uid)),
                new Odd(
                        "has no preamble",
                        new DicomBytes().meta(uid, DicomBytes.DEFLATED).deflated(dataSet(uid), false)),
                new Odd("has no meta header", dataSet(uid)),
                new Odd("has no meta header", dataSet(new DicomBytes().form(true, false), uid)),
                new Odd("has no meta header", dataSet(new DicomBytes().form(false, true), uid)),
                new Odd(
                        "has padding behind its last element",
                        native_(uid, DicomBytes.EXPLICIT).raw(new byte[1])),
                new Odd(
                        "has padding behind its last element",
                        native_(uid, DicomBytes.BIG).raw(new byte[7])),
                new Odd(
                        "has padding behind its last element",
                        native_(uid, DicomBytes.IMPLICIT).raw(new byte[4000])),
                new Odd(
                        "has padding behind its last element",
                        native_(uid, DicomBytes.EXPLICIT).raw("\r\n")),
                new Odd(
                        "has padding behind its last element",
                        native_(uid, DicomBytes.IMPLICIT).raw(" ".repeat(99))),
                new Odd(
                        "was not checked to be whole: the element (0021,1001) at offset 436 cannot be followed",
                        begun(uid, DicomBytes.EXPLICIT)
                                .tag(0x00211001)
                                .raw("UN")
                                .half(4)
                                .raw(noise(4))
                                .element(DicomBytes.PIXEL_DATA, "OW", noise(64))),
                new Odd(
                        "was not checked to be whole: the element (0021,1001) at offset 456 cannot be followed",
                        begun(uid, DicomBytes.EXPLICIT)
                                .open(0x00081115, "SQ")
                                .item()
                                .tag(0x00211001)
                                .raw("??")
                                .half(2)
                                .raw("ab")
                                .endItem()
                                .close()),
                new Odd(
                        "has padding behind its last element",
                        head(uid, DicomBytes.DEFLATED)
                                .deflated(dataSet(uid), false)
                                .raw(new byte[3])),
                new Odd(
                        "was not checked to be whole: its transfer syntax is 1.2.840.113619.5.2",
                        native_(uid, "1.2.840.113619.5.2").raw("anything")),
                new Odd(
                        "was not checked to be whole: something follows its last element",
                        head(uid, DicomBytes.DEFLATED)
                                .deflated(dataSet(uid), false)
                                .raw("N\u00d0XE\u001a\2\4\0")),
                new Odd(
                        "was not checked to be whole: its data set is not deflated as its transfer syntax says",
                        head(uid, DicomBytes.DEFLATED).raw(new byte[] {7, 7}).raw(noise(64))),
                new Odd(
                        "was not checked to be whole: the element (0021,1001) at offset 436 cannot be followed",
                        unreadable.element(DicomBytes.PIXEL_DATA, "OW", noise(64))),
                new Odd(
                        "was not checked to be whole: something follows its last element",
                        native_(uid, DicomBytes.EXPLICIT).raw(new byte[9]).raw("\1\2\3")),
                new Odd(
                        "was not checked to be whole: (0040,A730) at offset 295366 is nested too deep",
                        report(begun(uid, DicomBytes.EXPLICIT), 10_000)));
    }

    @ParameterizedTest
    @MethodSource("odd")
    void an_odd_file_that_is_whole_is_kept_with_a_warning(Odd odd) throws Exception {
        holds(List.of(odd.file().bytes()), "");
        ToolRun run = download();
        assertEquals(0, run.exit(), run::toString);
        assertEquals("arcget: warning: the file of " + uid(0) + " " + odd.what() + "\n", run.err());
        assertArrayEquals(odd.file().bytes(), Files.readAllBytes(file(0)));
        archive.web().forgetRequests();
        download().succeeds();
        assertEquals(0, retrieves());
    }

    @Test
    void of_many_odd_files_the_first_ten_are_named() {
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            files.add(dataSet(uid(i)).bytes());
        }
        holds(files, "");
        ToolRun run = download();
        assertEquals(0, run.exit(), run::toString);
        assertEquals(11, run.err().lines().count(), run::err);
        assertTrue(run.err().endsWith("arcget: warning: more files are odd; these were the first 10\n"), run::err);
    }

    /** Files that are not whole though all that is said about them may look as if, and why. */
    private static List<Odd> broken() {
        String uid = uid(0);
        String text = "it has text behind its last element";
        String error = "java.io.IOException: Input/output error\n\tat org.dcm4che3.io.DicomInputStream";
        DicomBytes cutAndText = begun(uid, DicomBytes.EXPLICIT).header(DicomBytes.PIXEL_DATA, "OW", 4096);
        return List.of(
                new Odd(text, native_(uid, DicomBytes.EXPLICIT).raw(error)),
                new Odd(text, native_(uid, DicomBytes.IMPLICIT).raw(error)),
                new Odd(text, native_(uid, DicomBytes.BIG).raw("\r\n\r\n" + error)),
                new Odd(text, native_(uid, DicomBytes.EXPLICIT).raw(new byte[3]).raw(error)),
                new Odd(
                        text,
                        native_(uid, DicomBytes.EXPLICIT).raw(new byte[99]).raw(error)),
                new Odd(text, native_(uid, DicomBytes.EXPLICIT).raw("failed")),
                new Odd(
                        text,
                        native_(uid, DicomBytes.EXPLICIT).raw(new byte[16]).raw("failed")),
                new Odd(text, encapsulated(uid, DicomBytes.JPEG, 2, 60).raw("<html>...</html>")),
                new Odd(
                        text,
                        head(uid, DicomBytes.DEFLATED)
                                .deflated(dataSet(uid), false)
                                .raw(error)),
                new Odd(
                        text,
                        begun(uid, DicomBytes.JPEG)
                                .open(DicomBytes.PIXEL_DATA, "OB")
                                .item(new byte[0])
                                .item(noise(40))
                                .raw(error)),
                new Odd(
                        "it stops inside the value of (7FE0,0010)",
                        cutAndText.raw(noise(64)).raw(error)),
                new Odd(
                        "it stops inside the value of (7FE0,0010)",
                        begun(uid, DicomBytes.EXPLICIT)
                                .header(DicomBytes.PIXEL_DATA, "OW", 0xFFFFFFF0)
                                .raw(noise(64))),
                new Odd("it stops inside the sequence or the fragments of (0040,A730)", endless(uid, 1000)),
                new Odd("it stops inside the value of (0008,1115)", cutItem(uid)),
                new Odd(
                        "its deflated data set stops",
                        head(uid, DicomBytes.DEFLATED).raw(half(deflated(uid)))),
                new Odd(
                        "its deflated data set ",
                        head(uid, DicomBytes.DEFLATED).raw(half(deflated(uid))).raw(error.repeat(50))),
                new Odd("it has no data set", head(uid, DicomBytes.EXPLICIT)));
    }

    private static DicomBytes endless(String uid, int depth) {
        DicomBytes file = begun(uid, DicomBytes.EXPLICIT);
        for (int i = 0; i < depth; i++) {
            file.open(0x0040A730, "SQ").item();
        }
        return file;
    }

    private static DicomBytes cutItem(String uid) {
        return begun(uid, DicomBytes.EXPLICIT)
                .open(0x00081115, "SQ")
                .tag(0xFFFEE000)
                .number(0x7FFFFFFE)
                .raw(noise(64));
    }

    private static byte[] deflated(String uid) {
        return new DicomBytes()
                .deflated(dataSet(uid).element(0xFFFCFFFC, "OB", noise(2000)), false)
                .bytes();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_file_that_does_not_end_where_its_dicom_ends_is_asked_for_once_more_and_not_kept(Odd broken)
            throws Exception {
        holds(List.of(broken.file().bytes()), "");
        ToolRun run = download();
        run.after("is missing: ").says(Exit.INCOMPLETE, "sent a file that is not whole: " + broken.what(), "arcget -o");
        assertEquals(List.of(uid(0)), Json.asObject(Json.parse(run.out())).get("missing"));
        assertEquals(Map.of(), Downloads.of(folder.resolve("out")));
        assertEquals(2, retrieves(), "once more");
    }

    @Test
    void what_is_whole_the_second_time_is_kept() throws Exception {
        byte[] whole = native_(uid(0), DicomBytes.EXPLICIT).bytes();
        holds(List.of(half(whole), native_(uid(1), DicomBytes.EXPLICIT).bytes()), "");
        ToolRun cut = download("--retry", 0);
        cut.after("is missing: ").says(Exit.INCOMPLETE, "1 of 2 instances are missing", "run the same command again");
        assertEquals(1, retrieves());
        holds(List.of(whole, new byte[0]), "");
        download().succeeds();
        assertArrayEquals(whole, Files.readAllBytes(file(0)));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPLICIT", "IMPLICIT", "ENCAPSULATED_FRAMES", "STRUCTURED_REPORT", "DEFLATED"})
    void what_another_program_has_cut_is_fetched_again_and_left_where_that_fails(Kind kind) throws Exception {
        byte[] whole = kind.file(uid(0)).bytes();
        holds(List.of(whole), "");
        download().succeeds();
        Files.write(file(0), Arrays.copyOf(whole, whole.length - 1));
        download().succeeds();
        assertArrayEquals(whole, Files.readAllBytes(file(0)));
        Files.write(file(0), half(whole));
        holds(List.of(half(whole)), "");
        assertEquals(Exit.INCOMPLETE.code(), download().exit());
        assertArrayEquals(half(whole), Files.readAllBytes(file(0)));
    }

    @Test
    void a_part_with_a_length_may_contain_its_boundary() throws Exception {
        byte[] file = begun(uid(0), DicomBytes.EXPLICIT)
                .element(
                        DicomBytes.PIXEL_DATA,
                        "OB",
                        "noise\r\n--B\r\n\r\nand\r\n--B--".getBytes(StandardCharsets.US_ASCII))
                .bytes();
        holds(List.of(file), "Content-Type: application/dicom\r\nCONTENT-length:  " + file.length + " \r\n");
        download().succeeds();
        assertArrayEquals(file, Files.readAllBytes(file(0)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, -1, 1, 8, 700, 70_000, 1L << 40})
    void a_part_is_held_against_its_length(long more) throws Exception {
        byte[] file = native_(uid(0), DicomBytes.EXPLICIT).bytes();
        long length = file.length + more;
        holds(List.of(file, native_(uid(1), DicomBytes.EXPLICIT).bytes()), "Content-Length: " + length + "\r\n");
        ToolRun run = download();
        run.after("is missing: ", "is missing: ")
                .says(
                        Exit.INCOMPLETE,
                        "sent a file that is not whole: its part does not end after the " + length
                                + " bytes of its Content-Length",
                        "");
        assertEquals(Map.of(), Downloads.of(folder.resolve("out")));
        // The series, and each of the two once more.
        assertEquals(3, retrieves());
    }

    @Test
    void a_deflate_bomb_costs_no_memory_and_is_not_followed_to_its_end() throws Exception {
        DicomBytes beginning =
                new DicomBytes().identity(SERIES, uid(0)).header(DicomBytes.PIXEL_DATA, "OW", 0x7FFFFFF0);
        DicomBytes bomb = head(uid(0), DicomBytes.DEFLATED).raw(flushed(beginning.bytes()));
        byte[] nothing = flushed(new byte[1 << 20]);
        for (int i = 0; i < 300; i++) {
            bomb.raw(nothing);
        }
        holds(List.of(bomb.bytes()), "");
        ToolRun run = download();
        assertEquals(0, run.exit(), run::toString);
        assertTrue(
                run.err().contains("not checked to be whole: its deflated data set is longer than 256 MB"), run::err);
    }

    /** {@code bytes} deflated, so that anything deflated may follow. */
    private static byte[] flushed(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(bytes);
        byte[] buffer = new byte[1 << 14];
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
        deflater.end();
        return Arrays.copyOf(buffer, length);
    }
}
