//SOURCES ../lib/sandbox/StudyIndex.java ../scripts/sandbox.java Captured.java House.java TestSandbox.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.sandbox.StudyIndex;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The sandbox's archive answers the requests of wire/captures.md, sections B to J and R, with the status, header fields
 * and kind of body of the real archive. {@code captures.txt} is a short form of the exchanges that tools need, so that
 * the test needs only this checkout.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CapturesTest {
    private static final Path TABLE = House.file("tests/captures.txt");

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    static Stream<Named<Captured>> sent() {
        return Captured.read(House.text(TABLE)).stream().map(captured -> Named.of(captured.name(), captured));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sent")
    void the_sandbox_answers_as_the_archive_did(Captured captured) throws Exception {
        sandbox.archiveServer().holds(captured.id().startsWith("R") ? whatItHeldLater() : whatTheArchiveHeld());
        Captured answer = Captured.answer(captured.name(), captured.request(), exchange(captured));

        assertEquals(String.join("\n", captured.response()), String.join("\n", answer.response()));
        if (captured.body().endsWith("...")) {
            String start = captured.body().replaceFirst("\\.\\.\\.$", "");
            assertTrue(answer.body().startsWith(start), () -> answer.body() + " is no " + start);
        } else {
            assertEquals(captured.body(), answer.body());
        }
    }

    @Test
    void the_table_is_what_was_captured() throws Exception {
        Path captures = House.file("../shared/wire/captures.md");
        assumeTrue(Files.exists(captures), "shared/wire/captures.md is not beside this checkout");

        Map<String, Captured> all = Captured.extract(House.text(captures)).stream()
                .collect(Collectors.toMap(Captured::id, captured -> captured));
        for (Captured captured : Captured.read(House.text(TABLE))) {
            assertEquals(String.valueOf(all.get(captured.id())), captured.toString());
        }
    }

    private static byte[] exchange(Captured captured) throws IOException {
        StringBuilder request = new StringBuilder();
        for (String line : captured.request()) {
            request.append(request.isEmpty() ? line + " HTTP/1.1\r\nHost: HOST" : line)
                    .append("\r\n");
        }
        if (captured.asked("Accept") == null) {
            request.append("Accept: */*\r\n");
        }
        String text = request.toString();
        return send(text, token(captured));
    }

    private static byte[] send(String request, String token) throws IOException {
        String authority = sandbox.archive().getAuthority();
        String text = request.replace("TOKEN", token).replace("HOST", authority) + "Connection: close\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", sandbox.archive().getPort())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return socket.getInputStream().readAllBytes();
        }
    }

    /** A token like the one that was sent: the captures do not show it. */
    private static String token(Captured captured) {
        String issuer = sandbox.provider().issuer();
        Map<String, Object> claims = switch (captured.id()) {
            case "B7" -> roles();
            case "B8" -> roles("user");
            case "B9" -> roles("auth");
            case "B14" -> Map.of("iss", issuer.replace("http:", "https:"));
            case "B15" -> Map.of("iss", issuer.replace("127.0.0.1", "localhost"));
            case "B26" -> Map.of("exp", 1);
            default -> roles("auth", "user");
        };
        String token = sandbox.token(claims);
        return captured.id().equals("B5") ? token.replaceFirst("\\.[^.]*$", "." + "A".repeat(342)) : token;
    }

    private static Map<String, Object> roles(String... roles) {
        return Map.of("realm_access", Map.of("roles", List.of(roles)));
    }

    /** The three studies of the real archive. */
    private static StudyIndex whatTheArchiveHeld() {
        List<StudyIndex.Item> patients = new ArrayList<>();
        for (String line : """
                2|Doe^Jane|19850917|F|20240220|083000.123|MR|MR Brain & neck <T1>|T1 SE,T2 TSE|10,10|Wei\u00df^\u00c4nne
                3|O'Brien^Se\u00e1n|20010101|O|20250301|235959|CT|CT Abdomen|Axial,Sagittal|10,9|Doe^John
                1|M\u00fcller^J\u00fcrgen=\u5c71\u7530^\u592a\u90ce|19610203|M|20240115|101500|CT|CT Thorax\
                |Axial 2.5mm,Coronal|12,8|Dr^House
                """.split("\n")) {
            String[] c = line.split("\\|");
            StudyIndex.Item patient = StudyIndex.Item.patient(
                    "PatientID", "RIG-000" + c[0],
                    "PatientName", c[1],
                    "PatientBirthDate", c[2],
                    "PatientSex", c[3],
                    "IssuerOfPatientID", "RIG");
            String uid = "1.2.826.0.1.3680043.10.9999." + c[0];
            StudyIndex.Item study = patient.add(
                    "StudyInstanceUID", uid,
                    "StudyID", c[0],
                    "StudyDate", c[4],
                    "StudyTime", c[5],
                    "AccessionNumber", "ACC00" + c[0],
                    "ReferringPhysicianName", c[10],
                    "StudyDescription", c[7]);
            for (int i = 0; i < 2; i++) {
                StudyIndex.Item series = study.add(
                        "SeriesInstanceUID",
                        uid + "." + (i + 1),
                        "SeriesNumber",
                        Integer.toString(i + 1),
                        "Modality",
                        c[6],
                        "SeriesDescription",
                        c[8].split(",")[i],
                        "InstitutionName",
                        "Test Hospital");
                for (int n = 1; n <= Integer.parseInt(c[9].split(",")[i]); n++) {
                    series.add(
                            "SOPInstanceUID", uid + "." + (i + 1) + "." + n,
                            "SOPClassUID", "1.2.840.10008.5.1.4.1.1." + (c[6].equals("CT") ? "2" : "4"),
                            "InstanceNumber", Integer.toString(n),
                            "AvailableTransferSyntaxUID", "1.2.840.10008.1.2.1",
                            "Rows", "128",
                            "Columns", "128",
                            "BitsAllocated", "16");
                }
            }
            patients.add(patient);
        }
        return new StudyIndex(patients);
    }

    /** Studies of which the requests of section R find as many as the archive did. */
    private static StudyIndex whatItHeldLater() {
        List<StudyIndex.Item> patients = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            patients.add(StudyIndex.Item.patient(
                    "PatientID",
                    "PAT-000" + i,
                    "PatientName",
                    i <= 2 ? "M\u00fcller^J\u00fcrgen" : "Doe^Jane",
                    "PatientBirthDate",
                    "19700101"));
        }
        String[] modalities = "CT CT CT CT CT CT CT MR MR MR MR SR SR US US".split(" ");
        for (int i = 1; i <= 15; i++) {
            StudyIndex.Item series = patients.get((Math.min(i, 14) - 1) / 2)
                    .add(
                            "StudyInstanceUID",
                            "1.2." + i,
                            "StudyDate",
                            i <= 4 ? "20240110" : i <= 7 ? "20240410" : "20230701",
                            "AccessionNumber",
                            String.format("ACC-%04d", i),
                            "StudyDescription",
                            i == 1 ? "Brief" : i == 2 ? "CT b\u0159icha" : "Other")
                    .add("SeriesInstanceUID", "1.2." + i + ".1", "Modality", modalities[i - 1]);
            for (int n = 1; n <= (i < 15 ? 23 : 18); n++) {
                series.add("SOPInstanceUID", "1.2." + i + ".1." + n, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.7");
            }
        }
        return new StudyIndex(patients);
    }
}
