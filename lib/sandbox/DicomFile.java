//SOURCES Attribute.java DataSet.java StudyIndex.java

package lib.sandbox;

import module java.base;

/**
 * An instance as a DICOM file (PS3.10 7): preamble, file meta information, data set, synthetic pixel data. An instance
 * always has the same bytes. They are never all in memory.
 */
public final class DicomFile {
    static final String EXPLICIT = "1.2.840.10008.1.2.1";
    static final String IMPLICIT = "1.2.840.10008.1.2";
    static final Attribute PIXEL_DATA = new Attribute("7FE00010", "PixelData", "OW", Attribute.Level.INSTANCE, false);

    private static final Set<String> OF_SEARCHES =
            Set.of("ModalitiesInStudy", "SOPClassesInStudy", "AvailableTransferSyntaxUID");

    private final StudyIndex.Item instance;
    private final String transferSyntax;
    private final Pixels pixels;
    private final byte[] head;

    DicomFile(StudyIndex.Item instance, String transferSyntax, long pixelBytes) {
        this.instance = instance;
        this.transferSyntax = transferSyntax;
        this.pixels = new Pixels(sopInstanceUid(), pixelBytes);
        this.head = head();
    }

    /** Its SOP Instance UID. */
    public String sopInstanceUid() {
        return instance.value("SOPInstanceUID");
    }

    /** Its size in bytes. */
    public long size() {
        return head.length + pixels.bytes();
    }

    /** Writes all of it, leaving {@code out} open. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(head);
        pixels.writeTo(out);
    }

    Pixels pixels() {
        return pixels;
    }

    /** The data set without the pixel data. */
    DataSet dataSet() {
        Map<Attribute, String> elements = new TreeMap<>((a, b) -> a.tag().compareTo(b.tag()));
        for (Attribute attribute : Attribute.BY_TAG.values()) {
            boolean stored = attribute.level() != Attribute.Level.ANY
                    && !attribute.keyword().contains("Related")
                    && !OF_SEARCHES.contains(attribute.keyword());
            String value = stored ? instance.value(attribute) : "";
            if (!value.isEmpty()) {
                elements.put(attribute, value);
            }
        }
        put(elements, "00080005 SpecificCharacterSet CS", "ISO_IR 192");
        put(elements, "00080008 ImageType CS", "ORIGINAL\\PRIMARY\\AXIAL");
        put(elements, "00080016 SOPClassUID UI", sopClass());
        put(elements, "00280002 SamplesPerPixel US", "1");
        put(elements, "00280004 PhotometricInterpretation CS", "MONOCHROME2");
        if (pixels.frames() > 1) {
            put(elements, "00280008 NumberOfFrames IS", Integer.toString(pixels.frames()));
        }
        put(elements, "00280010 Rows US", Integer.toString(pixels.rows()));
        put(elements, "00280011 Columns US", Integer.toString(pixels.columns()));
        put(elements, "00280100 BitsAllocated US", "16");
        put(elements, "00280101 BitsStored US", "16");
        put(elements, "00280102 HighBit US", "15");
        put(elements, "00280103 PixelRepresentation US", "0");
        return new DataSet(elements);
    }

    private byte[] head() {
        Map<Attribute, String> meta = new LinkedHashMap<>();
        put(meta, "00020001 FileMetaInformationVersion OB", Integer.toString(0x0100));
        put(meta, "00020002 MediaStorageSOPClassUID UI", sopClass());
        put(meta, "00020003 MediaStorageSOPInstanceUID UI", sopInstanceUid());
        put(meta, "00020010 TransferSyntaxUID UI", transferSyntax);
        put(meta, "00020012 ImplementationClassUID UI", "1.2.826.0.1.3680043.10.9999.0");
        put(meta, "00020013 ImplementationVersionName SH", "ARC-SCRIPTS");
        byte[] group = new DataSet(meta).encoded(true);
        Map<Attribute, String> length = new LinkedHashMap<>();
        put(length, "00020000 FileMetaInformationGroupLength UL", Integer.toString(group.length));

        boolean explicit = !transferSyntax.equals(IMPLICIT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes(new byte[] {'D', 'I', 'C', 'M'});
        out.writeBytes(new DataSet(length).encoded(true));
        out.writeBytes(group);
        out.writeBytes(dataSet().encoded(explicit));
        DataSet.header(out, PIXEL_DATA, explicit, pixels.bytes());
        return out.toByteArray();
    }

    private String sopClass() {
        String secondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
        String uid = instance.value("SOPClassUID");
        return uid.isEmpty() ? secondaryCapture : uid;
    }

    private static void put(Map<Attribute, String> elements, String attribute, String value) {
        String[] words = attribute.split(" ");
        elements.put(new Attribute(words[0], words[1], words[2], Attribute.Level.INSTANCE, false), value);
    }

    /**
     * Synthetic pixel data of 16 bits in little endian, always the same for an instance and never all in memory: frames
     * of 128 by 128, or one line if the size is not a multiple of a frame.
     *
     * <p>Every block of 32 KiB begins with its number and holds what looks like the start of a multipart boundary: a
     * block that is lost, repeated or cut in a wrong place changes the checksum.
     *
     * @param uid the SOP Instance UID
     * @param bytes the size in bytes
     */
    record Pixels(String uid, long bytes) {
        /** The edge of a frame in pixels. */
        static final int EDGE = 128;

        /** The size of a frame in bytes. */
        static final int FRAME = EDGE * EDGE * 2;

        private static final byte[] LURE = "\r\n--\r\n--".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] NOISE = noise();

        /** Whether pixel data can have this size. */
        static boolean isSize(long bytes) {
            boolean line = bytes > 0 && bytes % 2 == 0 && bytes / 2 <= 0xFFFF;
            return line || bytes > 0 && bytes % FRAME == 0 && bytes < 0xFFFF_FFFFL;
        }

        int rows() {
            return bytes % FRAME == 0 ? EDGE : 1;
        }

        int columns() {
            return bytes % FRAME == 0 ? EDGE : (int) (bytes / 2);
        }

        int frames() {
            return bytes % FRAME == 0 ? (int) (bytes / FRAME) : 1;
        }

        void writeTo(OutputStream out) throws IOException {
            byte[] block = block();
            long left = bytes;
            for (long number = 0; left > 0; number++) {
                ByteBuffer.wrap(block).putLong(number);
                int length = (int) Math.min(left, block.length);
                out.write(block, 0, length);
                left -= length;
            }
        }

        /** A frame; the first is number 1. */
        byte[] frame(int number) {
            byte[] block = block();
            ByteBuffer.wrap(block).putLong(number - 1);
            return Arrays.copyOf(block, rows() * columns() * 2);
        }

        private byte[] block() {
            byte[] block = NOISE.clone();
            int seed = uid.hashCode();
            for (int i = 0; i < block.length; i++) {
                block[i] ^= (byte) (seed >> 8 * (i & 3));
            }
            System.arraycopy(LURE, 0, block, 8, LURE.length);
            return block;
        }

        // Noise in the low byte, a gradient in the high byte.
        private static byte[] noise() {
            byte[] noise = new byte[FRAME];
            new Random(1).nextBytes(noise);
            for (int i = 0; i < EDGE * EDGE; i++) {
                noise[2 * i + 1] = (byte) (i % EDGE + i / EDGE);
            }
            return noise;
        }
    }
}
