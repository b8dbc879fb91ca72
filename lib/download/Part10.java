package lib.download;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The beginning of a DICOM file: preamble, prefix and meta information (PS3.10, section 7.1). */
final class Part10 {
    /** How many bytes of a file tell whose it is: what may come before its SOP Instance UID is short. */
    static final int BEGINNING = 1 << 14;

    private static final int PREAMBLE = 128;
    private static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;
    private static final int TRANSFER_SYNTAX_UID = 0x00020010;
    private static final int SOP_INSTANCE_UID = 0x00080018;
    private static final int NONE = -1;

    private final byte[] bytes;
    private final int end;
    private int at = PREAMBLE + 4;
    private boolean isImplicit;
    private boolean isBigEndian;
    private int tag;
    private int value;
    private int length;

    private Part10(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /**
     * The SOP Instance UID that a file which begins with {@code bytes} has in its meta information and, where that can
     * be read, in its data set; null if it is no DICOM file, or if the two differ.
     */
    static String sopInstanceUid(ByteBuffer bytes) {
        byte[] beginning = new byte[Math.min(BEGINNING, bytes.remaining())];
        bytes.get(bytes.position(), beginning);
        boolean hasPrefix = beginning.length > PREAMBLE + 4
                && beginning[PREAMBLE] == 'D'
                && beginning[PREAMBLE + 1] == 'I'
                && beginning[PREAMBLE + 2] == 'C'
                && beginning[PREAMBLE + 3] == 'M';
        return hasPrefix ? new Part10(beginning).sopInstanceUid() : null;
    }

    private String sopInstanceUid() {
        String uid = null;
        String syntax = "";
        int start = at;
        while (next() && tag >>> 16 == 2) {
            if (tag == MEDIA_STORAGE_SOP_INSTANCE_UID) {
                uid = text();
            } else if (tag == TRANSFER_SYNTAX_UID) {
                syntax = text();
            }
            start = at;
        }
        at = start;
        isImplicit = syntax.equals("1.2.840.10008.1.2");
        isBigEndian = syntax.equals("1.2.840.10008.1.2.2");
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

    /** Whether there is another data element; it then is the current one (PS3.5, section 7.1). */
    private boolean next() {
        if (at + 8 > end) {
            return false;
        }
        tag = number(at, 2) << 16 | number(at + 2, 2);
        int header = 8;
        if (isImplicit) {
            length = number(at + 4, 4);
        } else if (isLong(bytes[at + 4], bytes[at + 5])) {
            header = 12;
            length = at + header > end ? NONE : number(at + 8, 4);
        } else {
            length = number(at + 6, 2);
        }
        value = at + header;
        // Negative is an undefined length, or one beyond the beginning of anything.
        if (length < 0 || length > end - value) {
            return false;
        }
        at = value + length;
        return true;
    }

    // The others have a length of two bytes.
    private static boolean isLong(byte first, byte second) {
        return switch (first << 8 | second) {
            case 'O' << 8 | 'B', 'O' << 8 | 'D', 'O' << 8 | 'F', 'O' << 8 | 'L', 'O' << 8 | 'V', 'O' << 8 | 'W' -> true;
            case 'S' << 8 | 'Q', 'S' << 8 | 'V', 'U' << 8 | 'C', 'U' << 8 | 'N', 'U' << 8 | 'R', 'U' << 8 | 'T' -> true;
            case 'U' << 8 | 'V' -> true;
            default -> false;
        };
    }

    private int number(int offset, int size) {
        int number = 0;
        for (int i = 0; i < size; i++) {
            number = number << 8 | bytes[isBigEndian ? offset + i : offset + size - 1 - i] & 255;
        }
        return number;
    }

    private String text() {
        String text = new String(bytes, value, length, StandardCharsets.ISO_8859_1);
        int stop = text.indexOf('\0');
        return (stop < 0 ? text : text.substring(0, stop)).strip();
    }
}
