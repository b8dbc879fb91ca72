//SOURCES ../base/Dictionary.java

package lib.sandbox;

import module java.base;
import lib.base.Dictionary;

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
            ANY + SpecificCharacterSet RetrieveAETitle InstanceAvailability TimezoneOffsetFromUTC RetrieveURL
            PATIENT + PatientName PatientID PatientBirthDate PatientSex
            PATIENT - IssuerOfPatientID ResponsiblePerson NumberOfPatientRelatedStudies
            STUDY + StudyDate StudyTime AccessionNumber ModalitiesInStudy ReferringPhysicianName StudyInstanceUID
            STUDY + StudyID NumberOfStudyRelatedSeries NumberOfStudyRelatedInstances
            STUDY - SOPClassesInStudy StudyDescription AdmissionID
            SERIES + Modality SeriesDescription SeriesInstanceUID SeriesNumber NumberOfSeriesRelatedInstances
            SERIES + PerformedProcedureStepStartDate PerformedProcedureStepStartTime RequestAttributesSequence
            SERIES - SeriesDate SeriesTime Manufacturer InstitutionName StationName InstitutionalDepartmentName
            SERIES - PerformingPhysicianName BodyPartExamined Laterality RequestedProcedureDescription
            INSTANCE + SOPClassUID SOPInstanceUID AvailableTransferSyntaxUID InstanceNumber NumberOfFrames Rows
            INSTANCE + Columns BitsAllocated
            INSTANCE - ContentDate ContentTime CompletionFlag VerificationFlag
            """;

    /** The attributes that items here have, by tag and in this order. */
    static final Map<String, Attribute> BY_TAG = new TreeMap<>();

    private static final Map<String, Attribute> BY_KEYWORD = new HashMap<>();

    static {
        for (String line : TABLE.split("\n")) {
            String[] words = line.split(" ");
            for (String keyword : List.of(words).subList(2, words.length)) {
                Dictionary.Attribute known = Dictionary.named(keyword);
                Level level = Level.valueOf(words[0]);
                Attribute attribute = new Attribute(known.tag(), keyword, known.vr(), level, words[1].equals("+"));
                BY_TAG.put(attribute.tag, attribute);
                BY_KEYWORD.put(keyword, attribute);
            }
        }
    }

    /** The attribute with this keyword or tag; null for an unknown keyword. Every tag names an attribute. */
    static Attribute named(String name) {
        Dictionary.Attribute known = Dictionary.tag(name);
        if (known == null) {
            known = Dictionary.named(name);
        }
        if (known == null) {
            return null;
        }
        return BY_TAG.getOrDefault(
                known.tag(), new Attribute(known.tag(), known.name(), known.vr(), Level.INSTANCE, false));
    }

    /** The attribute with this keyword, which items here have; throws IllegalArgumentException for another one. */
    static Attribute keyword(String keyword) {
        Attribute attribute = BY_KEYWORD.get(keyword);
        if (attribute == null) {
            throw new IllegalArgumentException(keyword);
        }
        return attribute;
    }
}
