//FILES lib/base/dictionary.txt=dictionary.txt
//SOURCES Nearest.java

package lib.base;

import module java.base;

/**
 * DICOM's data dictionary (PS3.6, current and retired elements): attributes by keyword and by tag.
 *
 * <p>A line of the tables is for tags with the same first six digits; each entry is the last two digits, the value
 * representation (of several the first, and OW for OB or OW), and the keyword. A group or element with {@code x} stands
 * for several. They were made from {@code _dicom_dict.py} of pydicom 3.0.2 (MIT License).
 */
public final class Dictionary {
    /** What the usual columns and the keys of QIDO-RS need, so that most runs do not read the file. */
    private static final Map<String, Attribute> COMMON = parsed("""
            000800 05CSSpecificCharacterSet 16UISOPClassUID 18UISOPInstanceUID 20DAStudyDate 23DAContentDate
            000800 30TMStudyTime 33TMContentTime 50SHAccessionNumber 51SQIssuerOfAccessionNumberSequence
            000800 54AERetrieveAETitle 56CSInstanceAvailability 60CSModality 61CSModalitiesInStudy
            000800 62UISOPClassesInStudy 80LOInstitutionName 82SQInstitutionCodeSequence
            000800 90PNReferringPhysicianName
            000802 01SHTimezoneOffsetFromUTC
            000810 10SHStationName 30LOStudyDescription 32SQProcedureCodeSequence 3ELOSeriesDescription
            000810 40LOInstitutionalDepartmentName 41SQInstitutionalDepartmentTypeCodeSequence
            000810 50PNPerformingPhysicianName
            000811 90URRetrieveURL
            000830 02UIAvailableTransferSyntaxUID
            001000 10PNPatientName 20LOPatientID 21LOIssuerOfPatientID 30DAPatientBirthDate 40CSPatientSex
            001022 97PNResponsiblePerson
            001800 15CSBodyPartExamined
            002000 0DUIStudyInstanceUID 0EUISeriesInstanceUID 10SHStudyID 11ISSeriesNumber 13ISInstanceNumber
            002000 60CSLaterality
            002012 00ISNumberOfPatientRelatedStudies 06ISNumberOfStudyRelatedSeries
            002012 08ISNumberOfStudyRelatedInstances 09ISNumberOfSeriesRelatedInstances
            002800 08ISNumberOfFrames 10USRows 11USColumns
            002801 00USBitsAllocated
            003210 33LORequestingService 60LORequestedProcedureDescription
            003800 10LOAdmissionID
            004000 01AEScheduledStationAETitle 02DAScheduledProcedureStepStartDate
            004000 03TMScheduledProcedureStepStartTime 06PNScheduledPerformingPhysicianName
            004000 07LOScheduledProcedureStepDescription 09SHScheduledProcedureStepID
            004000 20CSScheduledProcedureStepStatus
            004001 00SQScheduledProcedureStepSequence
            004002 41AEPerformedStationAETitle 44DAPerformedProcedureStepStartDate
            004002 45TMPerformedProcedureStepStartTime 50DAPerformedProcedureStepEndDate
            004002 51TMPerformedProcedureStepEndTime 52CSPerformedProcedureStepStatus
            004002 53SHPerformedProcedureStepID 54LOPerformedProcedureStepDescription
            004002 75SQRequestAttributesSequence
            004010 01SHRequestedProcedureID 03SHRequestedProcedurePriority
            004040 05DTScheduledProcedureStepStartDateTime 41CSInputReadinessState
            0040A0 43SQConceptNameCodeSequence 73SQVerifyingObserverSequence
            0040A3 70SQReferencedRequestSequence
            0040A4 91CSCompletionFlag 93CSVerificationFlag
            0040A7 30SQContentSequence
            007410 00CSProcedureStepState
            007412 00CSScheduledProcedureStepPriority 02LOWorklistLabel 04LOProcedureStepLabel
            """);

    /** All other attributes. A class of its own: reading the file takes 10 ms. */
    private static final class Others {
        static final Map<String, Attribute> TABLE = read();

        private Others() {}

        private static Map<String, Attribute> read() {
            try (InputStream in = Dictionary.class.getResourceAsStream("dictionary.txt")) {
                return parsed(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new IllegalStateException("dictionary.txt", e);
            }
        }
    }

    private Dictionary() {}

    /**
     * A DICOM attribute.
     *
     * @param tag eight hexadecimal digits in upper case, as in DICOM JSON
     * @param keyword its keyword, or null if it has none
     * @param vr its value representation, {@code UN} if it is not known
     */
    public record Attribute(String tag, String keyword, String vr) {
        /** The keyword, or the tag if there is no keyword. */
        public String name() {
            return keyword == null ? tag : keyword;
        }

        /** Whether it is private to a manufacturer (PS3.5, section 7.8). */
        public boolean isPrivate() {
            return (Character.digit(tag.charAt(3), 16) & 1) == 1;
        }
    }

    /** The attributes of {@code table}, each by its keyword and by its tag, which has an x for any digit. */
    private static Map<String, Attribute> parsed(String table) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (String line : table.split("\n")) {
            String[] entries = line.split(" ");
            for (int i = 1; i < entries.length; i++) {
                String tag = entries[0] + entries[i].substring(0, 2);
                String keyword = entries[i].substring(4);
                Attribute attribute = new Attribute(tag.replace('x', '0'), keyword, entries[i].substring(2, 4));
                attributes.put(keyword, attribute);
                attributes.put(tag, attribute);
            }
        }
        return attributes;
    }

    private static Attribute find(String name) {
        Attribute attribute = COMMON.get(name);
        return attribute == null ? Others.TABLE.get(name) : attribute;
    }

    /** All keywords, the common ones first. */
    public static List<String> keywords() {
        List<String> keywords = commonKeywords();
        keywords.addAll(keywords(Others.TABLE));
        return keywords;
    }

    /** The keywords of the usual columns and of the keys of QIDO-RS. */
    public static List<String> commonKeywords() {
        return keywords(COMMON);
    }

    private static List<String> keywords(Map<String, Attribute> table) {
        List<String> keywords = new ArrayList<>(table.keySet());
        keywords.removeIf(name -> !name.equals(table.get(name).keyword()));
        return keywords;
    }

    /** The attribute with exactly this keyword, or null. Of repeating groups (PS3.5, section 7.6) it is the first. */
    public static Attribute named(String keyword) {
        Attribute attribute = find(keyword);
        return attribute != null && attribute.keyword().equals(keyword) ? attribute : null;
    }

    /**
     * The attribute with the tag {@code text}, known or not; null if that is not a tag.
     *
     * @param text {@code 00100010}, {@code 0010,0010} or {@code (0010,0010)} in either case
     */
    public static Attribute tag(String text) {
        String tag = digits(text);
        if (tag == null) {
            return null;
        }
        Attribute attribute = find(tag);
        if (attribute == null) {
            attribute = find(tag.substring(0, 2) + "xx" + tag.substring(4));
        }
        if (attribute == null) {
            return new Attribute(tag, null, "UN");
        }
        // The keyword means the first group of several.
        return attribute.tag().equals(tag) ? attribute : new Attribute(tag, null, attribute.vr());
    }

    /** Whether {@code text} is a tag in one of the ways that {@link #tag} reads. */
    public static boolean isTag(String text) {
        return digits(text) != null;
    }

    private static String digits(String text) {
        String digits = text;
        if (digits.length() == 11 && digits.startsWith("(") && digits.endsWith(")")) {
            digits = digits.substring(1, 10);
        }
        if (digits.length() == 9 && digits.charAt(4) == ',') {
            digits = digits.substring(0, 4) + digits.substring(5);
        }
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c > 'f' || Character.digit(c, 16) < 0) {
                return null;
            }
        }
        return digits.length() == 8 ? digits.toUpperCase(Locale.ROOT) : null;
    }

    /**
     * The keyword nearest to {@code text}, which may be misspelt, cut short or in another case; null if none is near.
     */
    public static String nearestKeyword(String text) {
        List<String> keywords = keywords();
        String nearest = Nearest.to(text, keywords);
        if (nearest == null) {
            for (String keyword : keywords) {
                if (keyword.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT))) {
                    return keyword;
                }
            }
        }
        return nearest;
    }
}
