//SOURCES ../base/Nearest.java

package lib.arc;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import lib.base.Nearest;

/**
 * The DICOM attributes that people query, by keyword and by tag (PS3.6, section 6; facts C2). DICOM JSON has only the
 * tags.
 */
public final class Dictionary {
    private static final String TABLE = """
            00080005 CS SpecificCharacterSet
            00080008 CS ImageType
            00080012 DA InstanceCreationDate
            00080013 TM InstanceCreationTime
            00080016 UI SOPClassUID
            00080018 UI SOPInstanceUID
            00080020 DA StudyDate
            00080021 DA SeriesDate
            00080022 DA AcquisitionDate
            00080023 DA ContentDate
            0008002A DT AcquisitionDateTime
            00080030 TM StudyTime
            00080031 TM SeriesTime
            00080032 TM AcquisitionTime
            00080033 TM ContentTime
            00080050 SH AccessionNumber
            00080051 SQ IssuerOfAccessionNumberSequence
            00080054 AE RetrieveAETitle
            00080056 CS InstanceAvailability
            00080060 CS Modality
            00080061 CS ModalitiesInStudy
            00080062 UI SOPClassesInStudy
            00080064 CS ConversionType
            00080068 CS PresentationIntentType
            00080070 LO Manufacturer
            00080080 LO InstitutionName
            00080081 ST InstitutionAddress
            00080082 SQ InstitutionCodeSequence
            00080090 PN ReferringPhysicianName
            00080100 SH CodeValue
            00080102 SH CodingSchemeDesignator
            00080104 LO CodeMeaning
            00080201 SH TimezoneOffsetFromUTC
            00081010 SH StationName
            00081030 LO StudyDescription
            00081032 SQ ProcedureCodeSequence
            0008103E LO SeriesDescription
            00081040 LO InstitutionalDepartmentName
            00081041 SQ InstitutionalDepartmentTypeCodeSequence
            00081048 PN PhysiciansOfRecord
            00081050 PN PerformingPhysicianName
            00081060 PN NameOfPhysiciansReadingStudy
            00081070 PN OperatorsName
            00081080 LO AdmittingDiagnosesDescription
            00081090 LO ManufacturerModelName
            00081110 SQ ReferencedStudySequence
            00081111 SQ ReferencedPerformedProcedureStepSequence
            00081115 SQ ReferencedSeriesSequence
            00081120 SQ ReferencedPatientSequence
            00081140 SQ ReferencedImageSequence
            00081150 UI ReferencedSOPClassUID
            00081155 UI ReferencedSOPInstanceUID
            00081190 UR RetrieveURL
            00082111 ST DerivationDescription
            00083002 UI AvailableTransferSyntaxUID
            00100010 PN PatientName
            00100020 LO PatientID
            00100021 LO IssuerOfPatientID
            00100024 SQ IssuerOfPatientIDQualifiersSequence
            00100030 DA PatientBirthDate
            00100032 TM PatientBirthTime
            00100040 CS PatientSex
            00101001 PN OtherPatientNames
            00101002 SQ OtherPatientIDsSequence
            00101010 AS PatientAge
            00101020 DS PatientSize
            00101030 DS PatientWeight
            00101060 PN PatientMotherBirthName
            00102000 LO MedicalAlerts
            00102110 LO Allergies
            001021B0 LT AdditionalPatientHistory
            001021C0 US PregnancyStatus
            00102297 PN ResponsiblePerson
            00104000 LT PatientComments
            00120020 LO ClinicalTrialProtocolID
            00120040 LO ClinicalTrialSubjectID
            00120062 CS PatientIdentityRemoved
            00180010 LO ContrastBolusAgent
            00180015 CS BodyPartExamined
            00180050 DS SliceThickness
            00180060 DS KVP
            00180080 DS RepetitionTime
            00180081 DS EchoTime
            00180087 DS MagneticFieldStrength
            00181000 LO DeviceSerialNumber
            00181020 LO SoftwareVersions
            00181030 LO ProtocolName
            00185100 CS PatientPosition
            00185101 CS ViewPosition
            0020000D UI StudyInstanceUID
            0020000E UI SeriesInstanceUID
            00200010 SH StudyID
            00200011 IS SeriesNumber
            00200012 IS AcquisitionNumber
            00200013 IS InstanceNumber
            00200020 CS PatientOrientation
            00200032 DS ImagePositionPatient
            00200037 DS ImageOrientationPatient
            00200052 UI FrameOfReferenceUID
            00200060 CS Laterality
            00200060 CS Laterality
            00200062 CS ImageLaterality
            00201041 DS SliceLocation
            00201200 IS NumberOfPatientRelatedStudies
            00201202 IS NumberOfPatientRelatedSeries
            00201204 IS NumberOfPatientRelatedInstances
            00201206 IS NumberOfStudyRelatedSeries
            00201208 IS NumberOfStudyRelatedInstances
            00201209 IS NumberOfSeriesRelatedInstances
            00204000 LT ImageComments
            00280002 US SamplesPerPixel
            00280004 CS PhotometricInterpretation
            00280008 IS NumberOfFrames
            00280010 US Rows
            00280011 US Columns
            00280030 DS PixelSpacing
            00280100 US BitsAllocated
            00280101 US BitsStored
            00280103 US PixelRepresentation
            00280301 CS BurnedInAnnotation
            00281050 DS WindowCenter
            00281051 DS WindowWidth
            00282110 CS LossyImageCompression
            00321032 PN RequestingPhysician
            00321033 LO RequestingService
            00321060 LO RequestedProcedureDescription
            00321064 SQ RequestedProcedureCodeSequence
            00380010 LO AdmissionID
            00380014 SQ IssuerOfAdmissionIDSequence
            00380050 LO SpecialNeeds
            00380300 LO CurrentPatientLocation
            00380500 LO PatientState
            00400001 AE ScheduledStationAETitle
            00400002 DA ScheduledProcedureStepStartDate
            00400003 TM ScheduledProcedureStepStartTime
            00400004 DA ScheduledProcedureStepEndDate
            00400005 TM ScheduledProcedureStepEndTime
            00400006 PN ScheduledPerformingPhysicianName
            00400007 LO ScheduledProcedureStepDescription
            00400008 SQ ScheduledProtocolCodeSequence
            00400009 SH ScheduledProcedureStepID
            00400010 SH ScheduledStationName
            00400011 SH ScheduledProcedureStepLocation
            00400020 CS ScheduledProcedureStepStatus
            00400100 SQ ScheduledProcedureStepSequence
            00400241 AE PerformedStationAETitle
            00400242 SH PerformedStationName
            00400244 DA PerformedProcedureStepStartDate
            00400245 TM PerformedProcedureStepStartTime
            00400250 DA PerformedProcedureStepEndDate
            00400251 TM PerformedProcedureStepEndTime
            00400252 CS PerformedProcedureStepStatus
            00400253 SH PerformedProcedureStepID
            00400254 LO PerformedProcedureStepDescription
            00400260 SQ PerformedProtocolCodeSequence
            00400270 SQ ScheduledStepAttributesSequence
            00400275 SQ RequestAttributesSequence
            00400340 SQ PerformedSeriesSequence
            00401001 SH RequestedProcedureID
            00401002 LO ReasonForTheRequestedProcedure
            00401003 SH RequestedProcedurePriority
            00402016 LO PlacerOrderNumberImagingServiceRequest
            00402017 LO FillerOrderNumberImagingServiceRequest
            00404005 DT ScheduledProcedureStepStartDateTime
            00404010 DT ScheduledProcedureStepModificationDateTime
            00404018 SQ ScheduledWorkitemCodeSequence
            00404021 SQ InputInformationSequence
            00404025 SQ ScheduledStationNameCodeSequence
            00404041 CS InputReadinessState
            0040A043 SQ ConceptNameCodeSequence
            0040A073 SQ VerifyingObserverSequence
            0040A370 SQ ReferencedRequestSequence
            0040A491 CS CompletionFlag
            0040A493 CS VerificationFlag
            0040A730 SQ ContentSequence
            00420010 ST DocumentTitle
            00700080 CS ContentLabel
            00700081 LO ContentDescription
            00700084 PN ContentCreatorName
            00741000 CS ProcedureStepState
            00741002 SQ ProcedureStepProgressInformationSequence
            00741200 CS ScheduledProcedureStepPriority
            00741202 LO WorklistLabel
            00741204 LO ProcedureStepLabel
            7FE00010 OW PixelData
            """;

    private static final Map<String, Attribute> BY_TAG = new LinkedHashMap<>();
    private static final Map<String, Attribute> BY_KEYWORD = new LinkedHashMap<>();

    static {
        for (String line : TABLE.split("\n")) {
            Attribute attribute = new Attribute(line.substring(0, 8), line.substring(12), line.substring(9, 11));
            BY_TAG.put(attribute.tag, attribute);
            BY_KEYWORD.put(attribute.keyword, attribute);
        }
    }

    private Dictionary() {}

    /**
     * A DICOM attribute.
     *
     * @param tag eight hexadecimal digits in upper case, as in DICOM JSON
     * @param keyword its keyword, or null if it is not in this dictionary
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

    /** All keywords that are known here. */
    public static Set<String> keywords() {
        return Collections.unmodifiableSet(BY_KEYWORD.keySet());
    }

    /** The attribute with exactly this keyword, or null. */
    public static Attribute named(String keyword) {
        return BY_KEYWORD.get(keyword);
    }

    /**
     * The attribute with the tag {@code text}, known or not; null if that is not a tag.
     *
     * @param text {@code 00100010}, {@code 0010,0010} or {@code (0010,0010)} in either case
     */
    public static Attribute tag(String text) {
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
        if (digits.length() != 8) {
            return null;
        }
        String tag = digits.toUpperCase(Locale.ROOT);
        Attribute attribute = BY_TAG.get(tag);
        return attribute == null ? new Attribute(tag, null, "UN") : attribute;
    }

    /**
     * The keyword nearest to {@code text}, which may be misspelt, cut short or in another case; null if none is near.
     */
    public static String nearestKeyword(String text) {
        String nearest = Nearest.to(text, BY_KEYWORD.keySet());
        if (nearest == null) {
            for (String keyword : BY_KEYWORD.keySet()) {
                if (keyword.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT))) {
                    return keyword;
                }
            }
        }
        return nearest;
    }

    /**
     * The names of the SOP classes that archives hold most of (PS3.4, annex B.5), as people call them. A class of its
     * own, since only tables need them.
     */
    static final class SopClass {
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
            for (String line : TABLE.split("\n")) {
                int blank = line.indexOf(' ');
                NAMES.put(STORAGE + line.substring(0, blank), line.substring(blank + 1));
            }
        }

        private SopClass() {}

        /** {@code uids}, one UID or several joined by backslashes, each replaced by its name if that is known. */
        static String names(String uids) {
            StringJoiner names = new StringJoiner("\\");
            for (String uid : uids.split("\\\\", -1)) {
                names.add(NAMES.getOrDefault(uid, uid));
            }
            return names.toString();
        }
    }
}
