package lib.download;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The beginning of a DICOM file: preamble, prefix and meta information (PS3.10, section 7.1). */
final class Part10 {
    /** How many bytes at the beginning of a file are enough to find its SOP Instance UID. */
    static final int BEGINNING = 1 << 14;

    private static final int PREAMBLE = 128;
    private static final int PREFIX = 'D' << 24 | 'I' << 16 | 'C' << 8 | 'M';
    private static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;
    private static final int TRANSFER_SYNTAX_UID = 0x00020010;
    private static final int SOP_INSTANCE_UID = 0x00080018;

    // The value representations whose length has four bytes in explicit form, and not two (PS3.5, section 7.1.2).
    private static final String LONG = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";

    private final ByteBuffer bytes;
    private boolean isImplicit;
    private int tag;
    private int value;
    private int length;

    private Part10(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * The SOP Instance UID of a file that begins with {@code bytes}: that of its meta information, if the data set has
     * the same or cannot be read. Null if it has another, or if this is not a DICOM file.
     */
    static String sopInstanceUid(ByteBuffer bytes) {
        ByteBuffer beginning = bytes.slice(bytes.position(), Math.min(BEGINNING, bytes.remaining()));
        if (beginning.limit() <= PREAMBLE + 4 || beginning.getInt(PREAMBLE) != PREFIX) {
            return null;
        }
        beginning.order(ByteOrder.LITTLE_ENDIAN).position(PREAMBLE + 4);
        return new Part10(beginning).sopInstanceUid();
    }

    private String sopInstanceUid() {
        String uid = null;
        String syntax = "";
        int start = bytes.position();
        while (next() && tag >>> 16 == 2) {
            if (tag == MEDIA_STORAGE_SOP_INSTANCE_UID) {
                uid = text();
            } else if (tag == TRANSFER_SYNTAX_UID) {
                syntax = text();
            }
            start = bytes.position();
        }
        bytes.position(start);
        isImplicit = syntax.equals("1.2.840.10008.1.2");
        if (syntax.equals("1.2.840.10008.1.2.2")) {
            bytes.order(ByteOrder.BIG_ENDIAN);
        }
        boolean isDeflated = syntax.equals("1.2.840.10008.1.2.1.99") || syntax.equals("1.2.840.10008.1.2.4.95");
        String inside = isDeflated ? null : inDataSet();
        return inside == null || inside.equals(uid) ? uid : null;
    }

    private String inDataSet() {
        while (next() && Integer.compareUnsigned(tag, SOP_INSTANCE_UID) <= 0) {
            if (tag == SOP_INSTANCE_UID) {
                return text();
            }
        }
        return null;
    }

    /** Moves to the next data element (PS3.5, section 7.1); false if there is none, or only a part of it. */
    private boolean next() {
        int at = bytes.position();
        if (bytes.remaining() < 8) {
            return false;
        }
        tag = bytes.getShort(at) << 16 | bytes.getShort(at + 2) & 0xffff;
        value = at + 8;
        if (isImplicit) {
            length = bytes.getInt(at + 4);
        } else if (!LONG.contains("" + (char) bytes.get(at + 4) + (char) bytes.get(at + 5))) {
            length = bytes.getShort(at + 6) & 0xffff;
        } else {
            value = at + 12;
            length = value > bytes.limit() ? -1 : bytes.getInt(at + 8);
        }
        // Negative: undefined, or more than 2 GB.
        if (length < 0 || length > bytes.limit() - value) {
            return false;
        }
        bytes.position(value + length);
        return true;
    }

    private String text() {
        byte[] text = new byte[length];
        bytes.get(value, text);
        String uid = new String(text, StandardCharsets.ISO_8859_1);
        int stop = uid.indexOf('\0');
        return (stop < 0 ? uid : uid.substring(0, stop)).strip();
    }
}
