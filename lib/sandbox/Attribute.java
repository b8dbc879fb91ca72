package lib.sandbox;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A DICOM attribute that the archive knows.
 *
 * @param tag eight hexadecimal digits
 * @param keyword the keyword
 * @param vr the value representation
 * @param level the level it belongs to
 * @param byDefault whether a search returns it by default
 */
record Attribute(String tag, String keyword, String vr, Level level, boolean byDefault) {

    /** The levels of the information model; the attributes of ANY are on every level. */
    enum Level {
        ANY,
        PATIENT,
        STUDY,
        SERIES,
        INSTANCE
    }

    // From facts.md C2; + marks attributes that are returned by default.
    private static final String TABLE = """
            00080005 SpecificCharacterSet CS ANY +
            00080016 SOPClassUID UI INSTANCE +
            00080018 SOPInstanceUID UI INSTANCE +
            00080020 StudyDate DA STUDY +
            00080021 SeriesDate DA SERIES -
            00080023 ContentDate DA INSTANCE -
            00080030 StudyTime TM STUDY +
            00080031 SeriesTime TM SERIES -
            00080033 ContentTime TM INSTANCE -
            00080050 AccessionNumber SH STUDY +
            00080054 RetrieveAETitle AE ANY +
            00080056 InstanceAvailability CS ANY +
            00080060 Modality CS SERIES +
            00080061 ModalitiesInStudy CS STUDY +
            00080062 SOPClassesInStudy UI STUDY -
            00080070 Manufacturer LO SERIES -
            00080080 InstitutionName LO SERIES -
            00080090 ReferringPhysicianName PN STUDY +
            00080201 TimezoneOffsetFromUTC SH ANY +
            00081010 StationName SH SERIES -
            00081030 StudyDescription LO STUDY -
            0008103E SeriesDescription LO SERIES +
            00081040 InstitutionalDepartmentName LO SERIES -
            00081050 PerformingPhysicianName PN SERIES -
            00081190 RetrieveURL UR ANY +
            00083002 AvailableTransferSyntaxUID UI INSTANCE +
            00100010 PatientName PN PATIENT +
            00100020 PatientID LO PATIENT +
            00100021 IssuerOfPatientID LO PATIENT -
            00100030 PatientBirthDate DA PATIENT +
            00100040 PatientSex CS PATIENT +
            00180015 BodyPartExamined CS SERIES -
            0020000D StudyInstanceUID UI STUDY +
            0020000E SeriesInstanceUID UI SERIES +
            00200010 StudyID SH STUDY +
            00200011 SeriesNumber IS SERIES +
            00200013 InstanceNumber IS INSTANCE +
            00201200 NumberOfPatientRelatedStudies IS PATIENT -
            00201206 NumberOfStudyRelatedSeries IS STUDY +
            00201208 NumberOfStudyRelatedInstances IS STUDY +
            00201209 NumberOfSeriesRelatedInstances IS SERIES +
            00280008 NumberOfFrames IS INSTANCE +
            00280010 Rows US INSTANCE +
            00280011 Columns US INSTANCE +
            00280100 BitsAllocated US INSTANCE +
            00321060 RequestedProcedureDescription LO SERIES -
            00400244 PerformedProcedureStepStartDate DA SERIES +
            00400245 PerformedProcedureStepStartTime TM SERIES +
            00400275 RequestAttributesSequence SQ SERIES +
            """;

    /** All attributes by tag, in the order of the tags. */
    static final Map<String, Attribute> BY_TAG = new TreeMap<>();

    private static final Map<String, Attribute> BY_KEYWORD = new HashMap<>();

    static {
        for (String line : TABLE.split("\n")) {
            String[] c = line.split(" ");
            Attribute attribute = new Attribute(c[0], c[1], c[2], Level.valueOf(c[3]), c[4].equals("+"));
            BY_TAG.put(attribute.tag, attribute);
            BY_KEYWORD.put(attribute.keyword, attribute);
        }
    }

    /** The attribute with this keyword or tag; null for an unknown keyword. Every tag names an attribute. */
    static Attribute named(String name) {
        if (name.matches("[0-9A-Fa-f]{8}")) {
            return BY_TAG.getOrDefault(name.toUpperCase(), new Attribute(name, name, "UN", Level.INSTANCE, false));
        }
        return BY_KEYWORD.get(name);
    }

    /** The attribute with this keyword; throws IllegalArgumentException for an unknown one. */
    static Attribute keyword(String keyword) {
        Attribute attribute = BY_KEYWORD.get(keyword);
        if (attribute == null) {
            throw new IllegalArgumentException(keyword);
        }
        return attribute;
    }
}
