//SOURCES ../json/Json.java

package lib.arc;

import module java.base;
import lib.json.Json;

/**
 * The kinds of DICOM JSON that an archive returns: the collections of QIDO-RS (PS3.18, section 10.6; facts B3) and
 * metadata. Each has the attributes that a search returns by default (facts C2), the usual columns, and how rows are
 * identified and ordered.
 */
public enum Level {
    PATIENTS(
            null,
            "PatientName,PatientBirthDate,PatientSex",
            "PatientName PatientID PatientBirthDate PatientSex",
            "PatientID IssuerOfPatientID=Issuer PatientName PatientBirthDate=BirthDate PatientSex=Sex "
                    + "NumberOfPatientRelatedStudies=#Studies"),
    STUDIES(
            "0020000D",
            "StudyInstanceUID",
            "StudyDate StudyTime AccessionNumber ModalitiesInStudy ReferringPhysicianName StudyID "
                    + "NumberOfStudyRelatedSeries NumberOfStudyRelatedInstances",
            "StudyDate=Date StudyTime=Time PatientID PatientName AccessionNumber=Accession "
                    + "ModalitiesInStudy=Modalities StudyDescription=Description NumberOfStudyRelatedSeries=#Series "
                    + "NumberOfStudyRelatedInstances=#Instances StudyInstanceUID"),
    SERIES(
            "0020000E",
            "SeriesInstanceUID",
            "Modality SeriesDescription SeriesNumber NumberOfSeriesRelatedInstances PerformedProcedureStepStartDate "
                    + "PerformedProcedureStepStartTime RequestAttributesSequence",
            "SeriesNumber=Number Modality SeriesDescription=Description NumberOfSeriesRelatedInstances=#Instances "
                    + "SeriesInstanceUID"),
    INSTANCES(
            "00080018",
            "SOPInstanceUID",
            "SOPClassUID AvailableTransferSyntaxUID InstanceNumber Rows Columns BitsAllocated NumberOfFrames",
            "InstanceNumber=Number SOPClassUID=SOPClass Rows Columns=Cols NumberOfFrames=Frames SOPInstanceUID"),
    MWLITEMS(
            null,
            "StudyInstanceUID,ScheduledProcedureStepID",
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
            "00080018",
            "PerformedProcedureStepStartDate,PerformedProcedureStepStartTime,PatientName",
            "Modality PerformedProcedureStepStatus PerformedProcedureStepID PerformedProcedureStepDescription "
                    + "PerformedStationAETitle PerformedProcedureStepStartDate PerformedProcedureStepStartTime "
                    + "PerformedProcedureStepEndDate PerformedProcedureStepEndTime",
            "PerformedProcedureStepStartDate=Date PerformedProcedureStepStartTime=Time Modality "
                    + "PerformedStationAETitle=Station PerformedProcedureStepStatus=Status "
                    + "PerformedProcedureStepDescription=Description PerformedProcedureStepID=ID SOPInstanceUID"),
    WORKITEMS(
            "00080018",
            "ScheduledProcedureStepStartDateTime,PatientName",
            "ProcedureStepState ScheduledProcedureStepPriority ProcedureStepLabel WorklistLabel "
                    + "ScheduledProcedureStepStartDateTime InputReadinessState PatientName PatientID PatientBirthDate "
                    + "PatientSex",
            "ScheduledProcedureStepStartDateTime=Start ProcedureStepState=State "
                    + "ScheduledProcedureStepPriority=Priority ProcedureStepLabel=Label PatientID PatientName "
                    + "SOPInstanceUID"),
    /** Complete data sets. */
    METADATA(
            null,
            null,
            "",
            "SeriesNumber=Series InstanceNumber=Number Modality SOPClassUID=SOPClass Rows Columns=Cols "
                    + "NumberOfFrames=Frames "
                    + "SOPInstanceUID");

    private static final String EVERYWHERE = "SpecificCharacterSet RetrieveAETitle InstanceAvailability "
            + "TimezoneOffsetFromUTC RetrieveURL StudyInstanceUID SeriesInstanceUID SOPInstanceUID";

    private final String key;
    private final String order;
    private final String returned;
    private final String usual;

    /** Names are separated by blanks, those of {@code order} by commas. */
    Level(String key, String order, String returned, String usual) {
        this.key = key;
        this.order = order;
        this.returned = returned;
        this.usual = usual;
    }

    /** The level of {@code resource}, by the end of its path; null if that is not DICOM JSON. */
    public static Level of(URI resource) {
        String[] segments = segments(resource);
        String last = segments[segments.length - 1];
        Level level = named(last);
        return level == null && isWorkitem(segments) ? WORKITEMS : level;
    }

    /** The collection that can be searched at {@code path} below a DICOMweb root, or null. */
    static Level searchedAt(String path) {
        String[] steps = path.split("/", -1);
        Level level = named(steps[steps.length - 1]);
        boolean belowStudy = steps.length == 3 && steps[0].equals("studies");
        boolean belowSeries = steps.length == 5 && steps[0].equals("studies") && steps[2].equals("series");
        return level != METADATA && steps.length == 1
                        || belowStudy && (level == SERIES || level == INSTANCES)
                        || belowSeries && level == INSTANCES
                ? level
                : null;
    }

    private static Level named(String segment) {
        for (Level level : values()) {
            if (segment.equals(level.segment())) {
                return level;
            }
        }
        return null;
    }

    /** Its name at the end of a path. */
    String segment() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of the collections in a path. */
    static List<String> collections() {
        List<String> names = new ArrayList<>();
        for (Level level : values()) {
            if (level != METADATA) {
                names.add(level.segment());
            }
        }
        return names;
    }

    /**
     * The keywords to order by, so that each page begins where the one before ended. The archive cannot order patients
     * by anything unique, not even by their ID, and procedure steps at best by time; it accepts and ignores other
     * names.
     */
    String order() {
        return order;
    }

    /**
     * What identifies {@code row}: its UID, with the UIDs above it, since copies of an object may be in two series; or
     * the ID of a patient with its issuer. Null if it has none.
     */
    String identity(Object row) {
        Map<String, Object> item = Json.asObject(row);
        if (item == null) {
            return null;
        }
        return switch (this) {
            case PATIENTS -> joined(text(item, "00100020"), text(item, "00100021"), item.get("00100024"));
            // A scheduled step has its study, and a number within it.
            case MWLITEMS -> {
                List<Object> steps = values(item, "00400100");
                Map<String, Object> step = steps == null || steps.isEmpty() ? null : Json.asObject(steps.getFirst());
                String id = step == null ? null : text(step, "00400009");
                yield id == null ? null : joined(text(item, "0020000D"), id, null);
            }
            case SERIES -> joined(text(item, key), text(item, STUDIES.key), null);
            case INSTANCES -> joined(text(item, key), text(item, SERIES.key), text(item, STUDIES.key));
            default -> key == null ? null : text(item, key);
        };
    }

    private static String joined(String first, String second, Object third) {
        return first == null ? null : first + '\n' + second + '\n' + (third == null ? "" : Json.compact(third));
    }

    /** The first value of the attribute {@code tag} of {@code item}; null if it has none. */
    public static String text(Map<String, Object> item, String tag) {
        List<Object> values = values(item, tag);
        return values == null || values.isEmpty() || values.getFirst() == null
                ? null
                : values.getFirst().toString();
    }

    private static List<Object> values(Map<String, Object> item, String tag) {
        Map<String, Object> attribute = Json.asObject(item.get(tag));
        return attribute == null ? null : values(attribute);
    }

    /** The values of {@code attribute}, of which some servers write a single one without an array; null for none. */
    static List<Object> values(Map<String, Object> attribute) {
        Object value = attribute.get("Value");
        return value == null || value instanceof List ? Json.asArray(value) : List.of(value);
    }

    /** The usual column with this title, as {@code NAME=TITLE}; {@code title} itself where there is none. */
    String titled(String title) {
        for (String column : usual()) {
            if (column.endsWith("=" + title) || column.endsWith("." + title)) {
                return column;
            }
        }
        return title;
    }

    /** The usual columns, each as {@code NAME} or {@code NAME=TITLE}. */
    List<String> usual() {
        return List.of(usual.split(" "));
    }

    /**
     * Whether the answer for {@code resource}, which is of this level, has the attribute {@code name} without
     * includefield. Below {@code studies/UID} the attributes of the study are left out, and so on.
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
        List<String> segments = new ArrayList<>(List.of(resource.getRawPath().split("/")));
        segments.removeAll(List.of(""));
        return segments.isEmpty() ? new String[] {""} : segments.toArray(new String[0]);
    }

    private static boolean contains(String names, String name) {
        return (" " + names + " ").contains(" " + name + " ");
    }
}
