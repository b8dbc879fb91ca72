import module java.base;

/**
 * A DICOM file (PS3.10) and its place among others.
 *
 * @param study its Study Instance UID
 * @param series its Series Instance UID
 * @param instance its SOP Instance UID
 * @param bytes all of the file
 */
record DicomFile(String study, String series, String instance, byte[] bytes) {

    /** The SHA-256 of the bytes, in hexadecimal digits. */
    String sha256() {
        return sha256(bytes);
    }

    /** The same of any bytes. */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its resource below a DICOMweb root (PS3.18, table 10.4.1-1). */
    String path() {
        return "studies/" + study + "/series/" + series + "/instances/" + instance;
    }
}
