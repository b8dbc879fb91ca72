//SOURCES ../lib/sandbox/ArchiveServer.java ../lib/sandbox/SampleStudies.java ../scripts/sandbox.java Downloads.java
//SOURCES Faults.java TestSandbox.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import lib.sandbox.ArchiveServer;
import lib.sandbox.SampleStudies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sandbox's archive delivers real DICOM files, and fails as the real archive does (wire/captures.md G, M). */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SandboxRetrieveTest {
    private static final String STUDY = SampleStudies.ROOT + "1";
    private static final String SERIES = STUDY + ".2";
    private static final String INSTANCE = SERIES + ".3";
    private static final String PATH = "/studies/" + STUDY + "/series/" + SERIES + "/instances/" + INSTANCE;
    private static final String MULTIPART = "multipart/related; type=\"application/dicom\"";
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String IMPLICIT = "1.2.840.10008.1.2";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    private static final ArchiveServer archive = sandbox.archiveServer();
    private static HttpClient http;

    @BeforeAll
    static void start() {
        archive.unsecured();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.shutdownNow();
    }

    @Test
    void a_stored_file_is_a_dicom_file() {
        byte[] file = Downloads.bytes(archive.stored(INSTANCE));

        assertArrayEquals(new byte[128], Arrays.copyOf(file, 128));
        assertEquals("DICM", new String(file, 128, 4, StandardCharsets.US_ASCII));
        Map<Integer, String> elements = elements(file);
        assertEquals(INSTANCE, elements.get(0x00020003));
        assertEquals(EXPLICIT, elements.get(0x00020010));
        assertEquals(INSTANCE, elements.get(0x00080018));
        assertEquals("M\u00fcller^J\u00fcrgen", elements.get(0x00100010));
        assertEquals(STUDY, elements.get(0x0020000D));
        assertEquals(SERIES, elements.get(0x0020000E));
        assertEquals("3", elements.get(0x00200013));
        assertEquals("32768", elements.get(0x7FE00010));
        List<Integer> tags = new ArrayList<>(elements.keySet());
        assertEquals(tags.stream().sorted().toList(), tags);
        assertEquals(file.length, archive.stored(INSTANCE).size());
    }

    @Test
    void the_same_instance_is_always_the_same_file_and_another_is_not() {
        assertEquals(Downloads.sha256(archive.stored(INSTANCE)), Downloads.sha256(archive.stored(INSTANCE)));
        assertNotEquals(Downloads.sha256(archive.stored(INSTANCE)), Downloads.sha256(archive.stored(SERIES + ".4")));
        assertThrows(IllegalArgumentException.class, () -> archive.stored("1.2.3"));
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 30, 131_070, 32_768, 98_304})
    void pixel_data_has_the_size_that_was_asked_for(long bytes) {
        archive.pixelBytes(bytes);

        Map<Integer, String> elements = elements(Downloads.bytes(archive.stored(INSTANCE)));
        assertEquals(Long.toString(bytes), elements.get(0x7FE00010));
        int frames = Integer.parseInt(elements.getOrDefault(0x00280008, "1"));
        int rows = Integer.parseInt(elements.get(0x00280010));
        assertEquals(bytes, 2L * frames * rows * Integer.parseInt(elements.get(0x00280011)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -2, 3, 131_072 + 2, 4_294_967_296L})
    void pixel_data_of_an_impossible_size_is_refused(long bytes) {
        assertThrows(IllegalArgumentException.class, () -> archive.pixelBytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({"'', 20", "/series/" + SampleStudies.ROOT + "1.2, 8"})
    void studies_and_series_come_as_a_multipart_of_what_is_stored(String below, int instances) throws Exception {
        HttpResponse<byte[]> answer = get("/rs/studies/" + STUDY + below, MULTIPART); // G9, G13

        assertEquals(200, answer.statusCode());
        assertEquals("chunked", header(answer, "Transfer-Encoding"));
        assertTrue(
                header(answer, "Content-Type")
                        .matches(
                                "multipart/related;start=\"<[-0-9a-f]{36}@resteasy-multipart>\";transfer-syntax=1.2.840"
                                        + ".10008.1.2.1;type=\"application/dicom\"; boundary=[-0-9a-f]{36}"),
                header(answer, "Content-Type"));
        assertTrue(isClosed(answer));
        List<byte[]> parts = parts(answer);
        assertEquals(instances, parts.size());
        for (byte[] part : parts) {
            assertArrayEquals(Downloads.bytes(archive.stored(elements(part).get(0x00080018))), part);
        }
    }

    @Test
    void a_zip_has_the_archives_names_and_what_is_stored() throws Exception {
        HttpResponse<byte[]> answer = get("/rs/studies/" + STUDY, "application/zip"); // G10

        assertEquals("application/zip", header(answer, "Content-Type"));
        Map<String, byte[]> entries = unzipped(answer.body());
        assertEquals(4 + 20, entries.size());
        assertEquals(
                List.of("DICOM/", "DICOM/967B2352/", "DICOM/967B2352/E43F9C95/"),
                List.copyOf(entries.keySet()).subList(0, 3));
        assertArrayEquals(
                Downloads.bytes(archive.stored(STUDY + ".1.3")), entries.get("DICOM/967B2352/E43F9C95/D2CAD11A.dcm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {EXPLICIT, IMPLICIT, "*"})
    void an_instance_comes_alone_in_the_transfer_syntax_asked_for(String syntax) throws Exception {
        HttpResponse<byte[]> multipart = get("/rs" + PATH, MULTIPART + "; transfer-syntax=" + syntax); // G4, G5

        byte[] file = parts(multipart).getFirst();
        assertEquals(INSTANCE, elements(file).get(0x00080018));
        if (!syntax.equals(IMPLICIT)) {
            assertArrayEquals(Downloads.bytes(archive.stored(INSTANCE)), file);
        }
    }

    @Test
    void the_size_of_a_study_is_that_of_its_files() throws Exception {
        archive.holds(SampleStudies.one(2, 3));
        long size = 0;
        for (String instance : List.of("1.1", "1.2", "1.3", "2.1", "2.2", "2.3")) {
            size += archive.stored(STUDY + "." + instance).size();
        }

        HttpResponse<byte[]> answer = get("/rs/studies/size", "*/*"); // C20
        assertEquals("{\"size\":" + size + "}", text(answer));
    }

    @Test
    void a_study_with_a_lost_file_ends_early_and_looks_complete() throws Exception {
        archive.lose(SERIES + ".1");

        HttpResponse<byte[]> answer = get("/rs/studies/" + STUDY, MULTIPART); // M1
        assertEquals(200, answer.statusCode());
        assertFalse(isClosed(answer));
        assertTrue(text(answer).endsWith("\r\n--" + boundary(answer) + "\r\n"));
        assertEquals(12, parts(answer).size());
        HttpResponse<byte[]> zip = get("/rs/studies/" + STUDY, "application/zip"); // M2
        assertEquals(200, zip.statusCode());
        assertThrows(IOException.class, () -> unzipped(zip.body()));
    }

    @Test
    void a_lost_file_alone_is_an_error_whose_type_promises_a_multipart() throws Exception {
        archive.lose(INSTANCE);
        String file = "/storage/fs1/2026/11/22/967B2352/E43F9C96/";

        HttpResponse<byte[]> answer = get("/rs" + PATH, MULTIPART); // M3
        assertEquals(500, answer.statusCode());
        assertEquals("multipart/related;type=\"application/dicom\"", header(answer, "Content-Type"));
        assertTrue(text(answer).contains(file), text(answer));
        assertEquals(200, get("/rs" + PATH.replaceAll("3$", "4"), MULTIPART).statusCode()); // M4
        archive.findLost();
        assertEquals(200, get("/rs" + PATH, MULTIPART).statusCode());
    }

    @Test
    void bulk_data_is_the_pixel_data_of_the_file() throws Exception {
        byte[] file = Downloads.bytes(archive.stored(INSTANCE));
        byte[] pixels = Arrays.copyOfRange(file, file.length - 32_768, file.length);

        for (String below : List.of("/bulkdata", "/bulkdata/7FE00010")) {
            assertArrayEquals(pixels, parts(get("/rs" + PATH + below, "*/*")).getFirst()); // G26, G27
        }
    }

    @Test
    void missing_frames_make_a_206_without_a_content_range() throws Exception {
        archive.pixelBytes(3 * 32_768);
        byte[] file = Downloads.bytes(archive.stored(INSTANCE));
        byte[] last = Arrays.copyOfRange(file, file.length - 32_768, file.length);

        HttpResponse<byte[]> answer = get("/rs" + PATH + "/frames/3,4", "*/*"); // facts G9
        assertEquals(206, answer.statusCode());
        assertEquals("", header(answer, "Content-Range"));
        assertEquals(1, parts(answer).size());
        assertArrayEquals(last, parts(answer).getFirst());
        assertEquals(200, get("/rs" + PATH + "/frames/1,2", "*/*").statusCode());
        HttpResponse<byte[]> none = get("/rs" + PATH + "/frames/4", "*/*"); // G30
        assertEquals(404, none.statusCode());
        assertEquals("{\"errorMessage\":\"No such frame.\"}", text(none));
    }

    @Test
    void a_server_can_send_an_endless_answer() throws Exception {
        String part = "--b\r\nContent-Disposition: attachment; filename=\"../../x\"\r\n\r\n\r\n";
        archive.web().faults().next(1, Faults.streamed("multipart/related; boundary=b", out -> {
            while (true) {
                out.write(part.getBytes(StandardCharsets.US_ASCII));
            }
        }));

        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.archive() + "/hostile"))
                .build();
        HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            body.skipNBytes(100L * part.length());
            assertEquals(part, new String(body.readNBytes(part.length()), StandardCharsets.US_ASCII));
        }
    }

    private static HttpResponse<byte[]> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.archive() + "/aets/DCM4CHEE" + path))
                .header("Accept", accept)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.ISO_8859_1);
    }

    private static String boundary(HttpResponse<?> answer) {
        return header(answer, "Content-Type").replaceFirst(".*boundary=", "");
    }

    private static boolean isClosed(HttpResponse<byte[]> answer) {
        return text(answer).endsWith("\r\n--" + boundary(answer) + "--");
    }

    private static List<byte[]> parts(HttpResponse<byte[]> answer) {
        List<byte[]> parts = new ArrayList<>();
        for (String part : ("\r\n" + text(answer)).split("\r\n--" + boundary(answer))) {
            int body = part.indexOf("\r\n\r\n");
            if (body >= 0) {
                parts.add(part.substring(body + 4).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return parts;
    }

    private static Map<String, byte[]> unzipped(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            entries.put(entry.getName(), in.readAllBytes());
        }
        return entries;
    }

    /** The values by tag; for pixel data the length. */
    private static Map<Integer, String> elements(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(132);
        Map<Integer, String> elements = new LinkedHashMap<>();
        boolean explicit = true;
        while (in.hasRemaining()) {
            int tag = in.getShort() << 16 | in.getShort() & 0xFFFF;
            explicit = tag >> 16 == 2 || !IMPLICIT.equals(elements.get(0x00020010));
            byte[] vr = new byte[] {'U', 'N'};
            int length;
            if (explicit) {
                in.get(vr);
                length = vr[0] == 'O' ? in.getInt(in.position() + 2) : in.getShort() & 0xFFFF;
                in.position(vr[0] == 'O' ? in.position() + 6 : in.position());
            } else {
                length = in.getInt();
            }
            byte[] value = new byte[length];
            in.get(value);
            String text = new String(value, StandardCharsets.UTF_8).replaceFirst("[ \0]$", "");
            String number = length < 2 ? "" : Integer.toString((value[1] & 0xFF) << 8 | value[0] & 0xFF);
            boolean isNumber = vr[0] == 'U' && (vr[1] == 'S' || vr[1] == 'L');
            elements.put(tag, tag == 0x7FE00010 ? Integer.toString(length) : isNumber ? number : text);
        }
        return elements;
    }
}
