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
            00102297 ResponsiblePerson PN PATIENT -
            00180015 BodyPartExamined CS SERIES -
            0020000D StudyInstanceUID UI STUDY +
            0020000E SeriesInstanceUID UI SERIES +
            00200010 StudyID SH STUDY +
            00200011 SeriesNumber IS SERIES +
            00200013 InstanceNumber IS INSTANCE +
            00200060 Laterality CS SERIES -
            00201200 NumberOfPatientRelatedStudies IS PATIENT -
            00201206 NumberOfStudyRelatedSeries IS STUDY +
            00201208 NumberOfStudyRelatedInstances IS STUDY +
            00201209 NumberOfSeriesRelatedInstances IS SERIES +
            00280008 NumberOfFrames IS INSTANCE +
            00280010 Rows US INSTANCE +
            00280011 Columns US INSTANCE +
            00280100 BitsAllocated US INSTANCE +
            00321060 RequestedProcedureDescription LO SERIES -
            00380010 AdmissionID LO STUDY -
            00400244 PerformedProcedureStepStartDate DA SERIES +
            00400245 PerformedProcedureStepStartTime TM SERIES +
            00400275 RequestAttributesSequence SQ SERIES +
            0040A491 CompletionFlag CS INSTANCE -
            0040A493 VerificationFlag CS INSTANCE -
            """;

    /** Other attributes that the archive knows, and of which no item here has a value: tag, keyword, VR. */
    private static final String OTHERS = """
            00080008 ImageType CS 00080012 InstanceCreationDate DA 00080013 InstanceCreationTime TM
            00080022 AcquisitionDate DA 0008002A AcquisitionDateTime DT 00080032 AcquisitionTime TM
            00080051 IssuerOfAccessionNumberSequence SQ 00080064 ConversionType CS
            00080068 PresentationIntentType CS 00080081 InstitutionAddress ST
            00080082 InstitutionCodeSequence SQ 00080100 CodeValue SH 00080102 CodingSchemeDesignator SH
            00080104 CodeMeaning LO 00081032 ProcedureCodeSequence SQ
            00081041 InstitutionalDepartmentTypeCodeSequence SQ 00081048 PhysiciansOfRecord PN
            00081060 NameOfPhysiciansReadingStudy PN 00081070 OperatorsName PN
            00081080 AdmittingDiagnosesDescription LO 00081090 ManufacturerModelName LO
            00081110 ReferencedStudySequence SQ 00081111 ReferencedPerformedProcedureStepSequence SQ
            00081115 ReferencedSeriesSequence SQ 00081120 ReferencedPatientSequence SQ
            00081140 ReferencedImageSequence SQ 00081150 ReferencedSOPClassUID UI
            00081155 ReferencedSOPInstanceUID UI 00082111 DerivationDescription ST
            00100024 IssuerOfPatientIDQualifiersSequence SQ 00100032 PatientBirthTime TM
            00101001 OtherPatientNames PN 00101002 OtherPatientIDsSequence SQ 00101010 PatientAge AS
            00101020 PatientSize DS 00101030 PatientWeight DS 00101060 PatientMotherBirthName PN
            00102000 MedicalAlerts LO 00102110 Allergies LO 001021B0 AdditionalPatientHistory LT
            001021C0 PregnancyStatus US 00104000 PatientComments LT 00120020 ClinicalTrialProtocolID LO
            00120040 ClinicalTrialSubjectID LO 00120062 PatientIdentityRemoved CS 00180010 ContrastBolusAgent LO
            00180050 SliceThickness DS 00180060 KVP DS 00180080 RepetitionTime DS 00180081 EchoTime DS
            00180087 MagneticFieldStrength DS 00181000 DeviceSerialNumber LO 00181020 SoftwareVersions LO
            00181030 ProtocolName LO 00185100 PatientPosition CS 00185101 ViewPosition CS
            00200012 AcquisitionNumber IS 00200020 PatientOrientation CS 00200032 ImagePositionPatient DS
            00200037 ImageOrientationPatient DS 00200052 FrameOfReferenceUID UI 00200062 ImageLaterality CS
            00201041 SliceLocation DS 00201202 NumberOfPatientRelatedSeries IS
            00201204 NumberOfPatientRelatedInstances IS 00204000 ImageComments LT 00280002 SamplesPerPixel US
            00280004 PhotometricInterpretation CS 00280030 PixelSpacing DS 00280101 BitsStored US
            00280103 PixelRepresentation US 00280301 BurnedInAnnotation CS 00281050 WindowCenter DS
            00281051 WindowWidth DS 00282110 LossyImageCompression CS 00321032 RequestingPhysician PN
            00321033 RequestingService LO 00321064 RequestedProcedureCodeSequence SQ
            00380014 IssuerOfAdmissionIDSequence SQ 00380050 SpecialNeeds LO 00380300 CurrentPatientLocation LO
            00380500 PatientState LO 00400001 ScheduledStationAETitle AE
            00400002 ScheduledProcedureStepStartDate DA 00400003 ScheduledProcedureStepStartTime TM
            00400004 ScheduledProcedureStepEndDate DA 00400005 ScheduledProcedureStepEndTime TM
            00400006 ScheduledPerformingPhysicianName PN 00400007 ScheduledProcedureStepDescription LO
            00400008 ScheduledProtocolCodeSequence SQ 00400009 ScheduledProcedureStepID SH
            00400010 ScheduledStationName SH 00400011 ScheduledProcedureStepLocation SH
            00400020 ScheduledProcedureStepStatus CS 00400031 LocalNamespaceEntityID UT
            00400100 ScheduledProcedureStepSequence SQ 00400241 PerformedStationAETitle AE
            00400242 PerformedStationName SH 00400250 PerformedProcedureStepEndDate DA
            00400251 PerformedProcedureStepEndTime TM 00400252 PerformedProcedureStepStatus CS
            00400253 PerformedProcedureStepID SH 00400254 PerformedProcedureStepDescription LO
            00400260 PerformedProtocolCodeSequence SQ 00400270 ScheduledStepAttributesSequence SQ
            00400340 PerformedSeriesSequence SQ 00401001 RequestedProcedureID SH
            00401002 ReasonForTheRequestedProcedure LO 00401003 RequestedProcedurePriority SH
            00402016 PlacerOrderNumberImagingServiceRequest LO
            00402017 FillerOrderNumberImagingServiceRequest LO 00404005 ScheduledProcedureStepStartDateTime DT
            00404010 ScheduledProcedureStepModificationDateTime DT 00404018 ScheduledWorkitemCodeSequence SQ
            00404021 InputInformationSequence SQ 00404025 ScheduledStationNameCodeSequence SQ
            00404041 InputReadinessState CS 0040A043 ConceptNameCodeSequence SQ
            0040A073 VerifyingObserverSequence SQ 0040A160 TextValue UT 0040A168 ConceptCodeSequence SQ
            0040A370 ReferencedRequestSequence SQ 0040A730 ContentSequence SQ 00420010 DocumentTitle ST
            00700080 ContentLabel CS 00700081 ContentDescription LO 00700084 ContentCreatorName PN
            00741000 ProcedureStepState CS 00741002 ProcedureStepProgressInformationSequence SQ
            00741200 ScheduledProcedureStepPriority CS 00741202 WorklistLabel LO 00741204 ProcedureStepLabel LO
            7FE00010 PixelData OW
            """;

    /** All attributes by tag, in the order of the tags. */
    static final Map<String, Attribute> BY_TAG = new TreeMap<>();

    private static final Map<String, Attribute> BY_KEYWORD = new HashMap<>();

    static {
        for (String line : TABLE.split("\n")) {
            String[] c = line.split(" ");
            add(new Attribute(c[0], c[1], c[2], Level.valueOf(c[3]), c[4].equals("+")));
        }
        String[] words = OTHERS.split("\\s+");
        for (int i = 0; i < words.length; i += 3) {
            add(new Attribute(words[i], words[i + 1], words[i + 2], Level.INSTANCE, false));
        }
    }

    private static void add(Attribute attribute) {
        BY_TAG.put(attribute.tag, attribute);
        BY_KEYWORD.put(attribute.keyword, attribute);
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
