package lib.arc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * The kinds of DICOM JSON that an archive answers with: what a search returns without being asked (facts C2), and what
 * people usually want to see of it.
 */
public enum Level {
    PATIENTS(
            "PatientName PatientID PatientBirthDate PatientSex",
            "PatientID IssuerOfPatientID=Issuer PatientName PatientBirthDate=BirthDate PatientSex=Sex "
                    + "NumberOfPatientRelatedStudies=#Studies"),
    STUDIES(
            "StudyDate StudyTime AccessionNumber ModalitiesInStudy ReferringPhysicianName StudyID "
                    + "NumberOfStudyRelatedSeries NumberOfStudyRelatedInstances",
            "StudyDate=Date StudyTime=Time PatientID PatientName AccessionNumber=Accession "
                    + "ModalitiesInStudy=Modalities StudyDescription=Description NumberOfStudyRelatedSeries=#Series "
                    + "NumberOfStudyRelatedInstances=#Instances StudyInstanceUID"),
    SERIES(
            "Modality SeriesDescription SeriesNumber NumberOfSeriesRelatedInstances PerformedProcedureStepStartDate "
                    + "PerformedProcedureStepStartTime RequestAttributesSequence",
            "SeriesNumber=Number Modality SeriesDescription=Description NumberOfSeriesRelatedInstances=#Instances "
                    + "SeriesInstanceUID"),
    INSTANCES(
            "SOPClassUID AvailableTransferSyntaxUID InstanceNumber Rows Columns BitsAllocated NumberOfFrames",
            "InstanceNumber=Number SOPClassUID Rows Columns NumberOfFrames=Frames SOPInstanceUID"),
    MWLITEMS(
            "AccessionNumber ReferringPhysicianName PatientName PatientID PatientBirthDate PatientSex "
                    + "RequestedProcedureDescription RequestedProcedureID RequestedProcedurePriority WorklistLabel "
                    + "ScheduledProcedureStepSequence.Modality ScheduledProcedureStepSequence.ScheduledStationAETitle "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepStartTime "
                    + "ScheduledProcedureStepSequence.ScheduledPerformingPhysicianName "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepDescription "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepID "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepStatus",
            "ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate=Date "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepStartTime=Time "
                    + "ScheduledProcedureStepSequence.Modality "
                    + "ScheduledProcedureStepSequence.ScheduledStationAETitle=Station PatientID PatientName "
                    + "AccessionNumber=Accession RequestedProcedureDescription=Description "
                    + "ScheduledProcedureStepSequence.ScheduledProcedureStepStatus=Status StudyInstanceUID"),
    MPPS(
            "Modality PerformedProcedureStepStatus PerformedProcedureStepID PerformedProcedureStepDescription "
                    + "PerformedStationAETitle PerformedProcedureStepStartDate PerformedProcedureStepStartTime "
                    + "PerformedProcedureStepEndDate PerformedProcedureStepEndTime",
            "PerformedProcedureStepStartDate=Date PerformedProcedureStepStartTime=Time Modality "
                    + "PerformedStationAETitle=Station PerformedProcedureStepStatus=Status "
                    + "PerformedProcedureStepDescription=Description PerformedProcedureStepID=ID SOPInstanceUID"),
    WORKITEMS(
            "ProcedureStepState ScheduledProcedureStepPriority ProcedureStepLabel WorklistLabel "
                    + "ScheduledProcedureStepStartDateTime InputReadinessState PatientName PatientID PatientBirthDate "
                    + "PatientSex",
            "ScheduledProcedureStepStartDateTime=Start ProcedureStepState=State "
                    + "ScheduledProcedureStepPriority=Priority ProcedureStepLabel=Label PatientID PatientName "
                    + "SOPInstanceUID"),
    /** Whole data sets, of which nothing was left out. */
    METADATA(
            "",
            "SeriesNumber=Series InstanceNumber=Number Modality SOPClassUID Rows Columns NumberOfFrames=Frames "
                    + "SOPInstanceUID");

    private static final String EVERYWHERE = "SpecificCharacterSet RetrieveAETitle InstanceAvailability "
            + "TimezoneOffsetFromUTC RetrieveURL StudyInstanceUID SeriesInstanceUID SOPInstanceUID";

    private final String returned;
    private final String usual;

    Level(String returned, String usual) {
        this.returned = returned;
        this.usual = usual;
    }

    /** The level of what is found at {@code resource}, by the end of its path; null if that is no DICOM JSON. */
    public static Level of(URI resource) {
        String[] segments = segments(resource);
        String last = segments[segments.length - 1];
        for (Level level : values()) {
            if (last.equalsIgnoreCase(level.name())) {
                return level;
            }
        }
        return isWorkitem(segments) ? WORKITEMS : null;
    }

    /** The usual columns, each as {@code NAME} or {@code NAME=TITLE}. */
    List<String> usual() {
        return List.of(usual.split(" "));
    }

    /**
     * Whether the attribute {@code name} is in the answer for {@code resource}, which is of this level, without
     * includefield. Below {@code studies/UID} what belongs to the study is left out, and so on.
     */
    boolean returns(String name, URI resource) {
        String[] segments = segments(resource);
        if (this == METADATA || isWorkitem(segments) || contains(EVERYWHERE, name)) {
            return true;
        }
        int lowest = ordinal();
        int highest = lowest;
        if (lowest <= INSTANCES.ordinal()) {
            String above = segments.length > 2 ? segments[segments.length - 3] : "";
            highest = above.equals("series") ? lowest : above.equals("studies") ? SERIES.ordinal() : 0;
        }
        for (int i = highest; i <= lowest; i++) {
            if (contains(values()[i].returned, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWorkitem(String[] segments) {
        return segments.length > 1 && segments[segments.length - 2].equals("workitems");
    }

    private static String[] segments(URI resource) {
        List<String> segments = new ArrayList<>();
        for (String segment : resource.getRawPath().split("/")) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments.isEmpty() ? new String[] {""} : segments.toArray(new String[0]);
    }

    private static boolean contains(String names, String name) {
        return (" " + names + " ").contains(" " + name + " ");
    }
}
