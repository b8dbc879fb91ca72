package lib.download;

import module java.base;

/**
 * A stored object, identified as the archive addresses it. All three UIDs are valid.
 *
 * @param study the Study Instance UID
 * @param series the Series Instance UID
 * @param uid the SOP Instance UID
 */
public record Instance(String study, String series, String uid) {
    private static final Pattern UID = Pattern.compile("[0-9]+(?:\\.[0-9]+)*");
    static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,127}");

    /**
     * Whether {@code text} is a UID (PS3.5, section 9.1) and so a harmless file name. Components with leading zeros are
     * accepted.
     */
    public static boolean isUid(String text) {
        return text != null && text.length() <= 64 && UID.matcher(text).matches();
    }

    /**
     * Whether {@code text} is harmless as the name of a file and in a path, as servers use in place of UIDs. Not longer
     * than 128 characters: letters, digits, and between or behind them {@code . _ -}.
     */
    static boolean isName(String text) {
        return text != null && NAME.matcher(text).matches();
    }

    /** {@code text} up to its first NUL, and without the blanks around it: padding (PS3.5, section 6.2). */
    static String unpadded(String text) {
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    /** The path of the object below the archive's DICOMweb root. */
    String path() {
        return "studies/" + study + "/series/" + series + "/instances/" + uid;
    }
}
