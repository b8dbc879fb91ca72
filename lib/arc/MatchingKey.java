//SOURCES ../base/Dictionary.java Level.java

package lib.arc;

import module java.base;
import lib.base.Dictionary;

/**
 * A key that a dcm4chee archive matches in a search, and from which level on (facts G1), or a parameter that is sent
 * along and is no key. The archive ignores all others without a word, and returns everything.
 *
 * @param name a keyword, a path into a sequence, or one of the archive's own names
 * @param level the highest level that matches it; those below match it too; null for a parameter that is no key
 * @param marks see the table
 */
record MatchingKey(String name, Level level, String marks) {
    /**
     * Each line has a level, marks, and names. The marks: {@code q}: in the table of QIDO-RS (PS3.18, table 10.6.1-5);
     * {@code c}: takes one of a few words, so that no value can be tried that nothing has; {@code e}: a comma means
     * either, where of others only the first value counts (facts G2); {@code o}: one of the archive's own names, which
     * are no keywords of DICOM (facts B4); {@code s}: a switch, {@code true} or {@code false}.
     */
    private static final String TABLE = """
            -         o  accept charset includefield limit modified offset orderby
            -         os allOfModalitiesInStudy allmodified fuzzymatching includedefaults merged onlyWithStudies
            -         os storageClustered storageExported template
            PATIENTS  q  PatientID PatientName
            PATIENTS  -  IssuerOfPatientID PatientBirthDate ResponsiblePerson
            PATIENTS  o  PatientCreateDateTime
            PATIENTS  e  PatientSex
            PATIENTS  oc patientVerificationStatus
            STUDIES   q  StudyDate StudyTime AccessionNumber ReferringPhysicianName
            STUDIES   qe StudyInstanceUID StudyID ModalitiesInStudy
            STUDIES   -  AdmissionID ProcedureCodeSequence IssuerOfAccessionNumberSequence
            STUDIES   o  StudyReceiveDateTime StudyAccessDateTime SeriesReceiveDateTime ExternalRetrieveAET
            STUDIES   o  ExpirationDate
            STUDIES   e  StudyDescription SOPClassesInStudy SeriesDescription BodyPartExamined Laterality StationName
            STUDIES   e  InstitutionName InstitutionalDepartmentName
            STUDIES   oe SendingApplicationEntityTitleOfSeries ReceivingApplicationEntityTitleOfSeries
            STUDIES   oe SendingPresentationAddressOfSeries ReceivingPresentationAddressOfSeries
            STUDIES   oe SendingHL7ApplicationOfSeries ReceivingHL7ApplicationOfSeries
            STUDIES   oe SendingHL7FacilityOfSeries ReceivingHL7FacilityOfSeries
            STUDIES   ocs incomplete retrievefailed storageVerificationFailed metadataUpdateFailed compressionfailed
            STUDIES   ocs requested
            STUDIES   c  ExternalRetrieveAET!
            STUDIES   oc ExpirationState StudySizeInKB storageID
            SERIES    q  SeriesNumber PerformedProcedureStepStartDate PerformedProcedureStepStartTime
            SERIES    qe SeriesInstanceUID Modality
            SERIES    qe RequestAttributesSequence.ScheduledProcedureStepID
            SERIES    qe RequestAttributesSequence.RequestedProcedureID
            SERIES    e  RequestAttributesSequence.RequestingService RequestAttributesSequence.StudyInstanceUID
            SERIES    -  PerformingPhysicianName RequestAttributesSequence
            SERIES    -  InstitutionCodeSequence InstitutionalDepartmentTypeCodeSequence
            INSTANCES q  InstanceNumber
            INSTANCES qe SOPInstanceUID SOPClassUID
            INSTANCES e  CompletionFlag VerificationFlag
            INSTANCES -  ContentDate ContentTime ConceptNameCodeSequence VerifyingObserverSequence
            INSTANCES -  ReferencedRequestSequence ContentSequence
            """;

    /** What each level sorts by, besides what those above it do (facts G6). */
    private static final String[] SORTED = {
        "PatientName PatientBirthDate PatientSex",
        "StudyInstanceUID StudyID StudyDate StudyTime AccessionNumber StudyDescription ReferringPhysicianName",
        "SeriesInstanceUID SeriesNumber Modality BodyPartExamined Laterality PerformedProcedureStepStartDate"
                + " PerformedProcedureStepStartTime PerformingPhysicianName SeriesDescription StationName"
                + " InstitutionName InstitutionalDepartmentName",
        "SOPInstanceUID SOPClassUID InstanceNumber VerificationFlag CompletionFlag ContentDate ContentTime"
    };

    /** The archive's own names. */
    static final List<String> OWN = new ArrayList<>();

    private static final Map<String, MatchingKey> KEYS = new HashMap<>();

    static {
        for (String line : TABLE.split("\n")) {
            String[] words = line.split(" +");
            Level level = words[0].equals("-") ? null : Level.valueOf(words[0]);
            for (int i = 2; i < words.length; i++) {
                KEYS.put(words[i], new MatchingKey(words[i], level, words[1]));
                if (words[1].contains("o")) {
                    OWN.add(words[i]);
                }
            }
        }
    }

    /** The key {@code name}, a keyword or the path of an attribute in a sequence; null if no level matches it. */
    static MatchingKey named(String name) {
        MatchingKey key = KEYS.get(name);
        int dot = name.indexOf('.');
        return key == null && dot > 0 ? KEYS.get(name.substring(0, dot)) : key;
    }

    /** {@code name} with each tag in it replaced by its keyword, if that is known. */
    static String keyword(String name) {
        String[] steps = name.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            Dictionary.Attribute attribute = steps[i].length() == 8 ? Dictionary.tag(steps[i]) : null;
            steps[i] = attribute == null ? steps[i] : attribute.name();
        }
        return String.join(".", steps);
    }

    /** The keywords that searches at {@code level} are sorted by, those of the levels above first. */
    static List<String> sortedAt(Level level) {
        List<String> names = List.of(SORTED).subList(0, level.ordinal() + 1);
        return List.of(String.join(" ", names).split(" "));
    }

    /** Whether the parameter {@code name} is sent along, and is no key. */
    static boolean isNone(String name) {
        return KEYS.containsKey(name) && KEYS.get(name).level == null;
    }

    /** Whether the parameter {@code name} is {@code true} or {@code false}. */
    static boolean isSwitch(String name) {
        return KEYS.containsKey(name) && KEYS.get(name).marks.contains("s");
    }

    /** Whether searches at {@code other} match it, as far as it is a key. */
    boolean isMatchedAt(Level other) {
        return level == null || level.compareTo(other) <= 0;
    }

    /** Whether QIDO-RS itself demands that it is matched, so that every archive does. */
    boolean isStandard() {
        return marks.contains("q");
    }

    /** Whether it takes one of a few words, so that no value can be tried that nothing has. */
    boolean hasFewValues() {
        return marks.contains("c");
    }

    /** Whether several values, separated by commas, mean either of them; of others only the first counts. */
    boolean takesSeveral() {
        return marks.contains("e");
    }
}
