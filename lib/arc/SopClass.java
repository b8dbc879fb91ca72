package lib.arc;

import java.util.HashMap;
import java.util.Map;

/** The names of the SOP classes that archives hold most of (PS3.4, annex B.5), as people call them. */
final class SopClass {
    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

    private static final String TABLE = """
            1 CR Image
            1.1 DX Image
            1.1.1 DX Image (for processing)
            1.2 Mammography Image
            1.2.1 Mammography Image (for processing)
            2 CT Image
            2.1 Enhanced CT Image
            3.1 US Multi-frame Image
            4 MR Image
            4.1 Enhanced MR Image
            6.1 US Image
            7 Secondary Capture
            7.2 Multi-frame Secondary Capture
            7.4 Multi-frame True Color Secondary Capture
            9.1.1 12-lead ECG
            11.1 Grayscale Presentation State
            11.2 Color Presentation State
            12.1 XA Image
            12.1.1 Enhanced XA Image
            12.2 XRF Image
            13.1.3 Breast Tomosynthesis Image
            20 NM Image
            66 Raw Data
            66.1 Spatial Registration
            66.4 Segmentation
            77.1.1 Endoscopic Image
            77.1.1.1 Endoscopic Video
            77.1.4 Photograph
            77.1.4.1 Video
            77.1.5.1 Ophthalmic Photograph
            77.1.5.4 Ophthalmic Tomography Image
            77.1.6 Whole Slide Image
            88.11 Basic Text SR
            88.22 Enhanced SR
            88.33 Comprehensive SR
            88.34 Comprehensive 3D SR
            88.59 Key Object Selection
            88.67 X-Ray Dose SR
            104.1 Encapsulated PDF
            104.2 Encapsulated CDA
            128 PET Image
            130 Enhanced PET Image
            481.1 RT Image
            481.2 RT Dose
            481.3 RT Structure Set
            481.5 RT Plan
            """;

    private static final Map<String, String> NAMES = new HashMap<>();

    static {
        int end;
        for (int start = 0; start < TABLE.length(); start = end + 1) {
            end = TABLE.indexOf('\n', start);
            int blank = TABLE.indexOf(' ', start);
            NAMES.put(STORAGE + TABLE.substring(start, blank), TABLE.substring(blank + 1, end));
        }
    }

    private SopClass() {}

    /** {@code uids}, a value or several with backslashes between them, each by its name if that is known. */
    static String names(String uids) {
        StringBuilder names = new StringBuilder();
        int end;
        for (int start = 0; start <= uids.length(); start = end + 1) {
            int backslash = uids.indexOf('\\', start);
            end = backslash < 0 ? uids.length() : backslash;
            String uid = uids.substring(start, end);
            names.append(start == 0 ? "" : "\\").append(NAMES.getOrDefault(uid, uid));
        }
        return names.toString();
    }
}
