//SOURCES DicomFile.java Installed.java

import module java.base;

/**
 * Three studies as a hospital has them, made by DCMTK, so that no code of the kit is asked what a DICOM file is: names
 * in UTF-8, a patient ID that no URL takes as it is, series of many small and of few large instances, and four transfer
 * syntaxes, two of them compressed.
 */
final class DicomFiles {
    static final String ROOT = "1.2.826.0.1.3680043.10.9999.5.";

    /** 22 instances in two series: explicit and implicit VR, little endian. */
    static final Study MUELLER = new Study(ROOT + "1", "M\u00fcller^J\u00f6rg", "ORT-1", "20240115");

    /** 4 instances in two series: RLE and lossless JPEG. */
    static final Study YAMADA = new Study(
            ROOT + "2",
            "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046",
            "A^B&C 50%/#\u00fc",
            "20240201");

    /** 2 instances of 4 MiB each. */
    static final Study DOE = new Study(ROOT + "3", "Doe^Jane", "ORT-3", "20231231");

    private final Path folder;
    private final List<DicomFile> files = new ArrayList<>();

    /**
     * What is common to the instances of a study.
     *
     * @param uid its Study Instance UID
     * @param name the patient's
     * @param patientId the patient's
     * @param date when it was made, as DICOM writes it
     */
    record Study(String uid, String name, String patientId, String date) {
        String series(int number) {
            return uid + "." + number;
        }

        String instance(int series, int number) {
            return series(series) + "." + number;
        }
    }

    private DicomFiles(Path folder) {
        this.folder = folder;
    }

    /** Makes them all, with {@code folder} as a place to work in. */
    static List<DicomFile> make(Path folder) {
        DicomFiles made = new DicomFiles(folder);
        try {
            made.series(MUELLER, 1, "CT", 16, 64, "+te");
            made.series(MUELLER, 2, "MR", 6, 64, "+ti");
            made.series(YAMADA, 1, "OT", 2, 64, "+te", "dcmcrle");
            made.series(YAMADA, 2, "XC", 2, 64, "+te", "dcmcjpeg", "+e1");
            made.series(DOE, 1, "DX", 2, 2048, "+te");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return List.copyOf(made.files);
    }

    private void series(
            Study study, int number, String modality, int instances, int size, String encoding, String... compressor)
            throws IOException, InterruptedException {
        Random random = new Random(study.uid().hashCode() + number);
        for (int i = 1; i <= instances; i++) {
            byte[] pixels = new byte[size * size];
            random.nextBytes(pixels);
            Path file = folder.resolve("plain.dcm");
            run(List.of("dump2dcm", encoding), dump(study, number, modality, i, size, pixels), file);
            if (compressor.length > 0) {
                Path compressed = folder.resolve("compressed.dcm");
                run(List.of(compressor), file, compressed);
                file = compressed;
            }
            files.add(new DicomFile(
                    study.uid(), study.series(number), study.instance(number, i), Files.readAllBytes(file)));
        }
    }

    private Path dump(Study study, int series, String modality, int instance, int size, byte[] pixels)
            throws IOException {
        Path pixelData = Files.write(folder.resolve("pixels"), pixels);
        String dump = """
                (0002,0010) UI [1.2.840.10008.1.2.1]
                (0008,0005) CS [ISO_IR 192]
                (0008,0008) CS [ORIGINAL\\PRIMARY\\AXIAL]
                (0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]
                (0008,0018) UI [%s]
                (0008,0020) DA [%s]
                (0008,0030) TM [101500]
                (0008,0050) SH [ACC]
                (0008,0060) CS [%s]
                (0008,1030) LO [Kopf "nativ", =1+1]
                (0008,103e) LO [series %d]
                (0010,0010) PN [%s]
                (0010,0020) LO [%s]
                (0010,0030) DA [19700101]
                (0010,0040) CS [O]
                (0020,000d) UI [%s]
                (0020,000e) UI [%s]
                (0020,0010) SH [4711]
                (0020,0011) IS [%d]
                (0020,0013) IS [%d]
                (0028,0002) US 1
                (0028,0004) CS [MONOCHROME2]
                (0028,0010) US %d
                (0028,0011) US %d
                (0028,0100) US 8
                (0028,0101) US 8
                (0028,0102) US 7
                (0028,0103) US 0
                (7fe0,0010) OB =%s
                """.formatted(
                        study.instance(series, instance),
                        study.date(),
                        modality,
                        series,
                        study.name(),
                        study.patientId(),
                        study.uid(),
                        study.series(series),
                        series,
                        instance,
                        size,
                        size,
                        pixelData);
        return Files.writeString(folder.resolve("dump"), dump);
    }

    private static void run(List<String> program, Path from, Path to) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.set(0, Installed.program(program.getFirst(), "dcmtk"));
        command.addAll(List.of(from.toString(), to.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(program.getFirst() + " failed: " + said);
        }
    }
}
