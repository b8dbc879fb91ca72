//SOURCES Attribute.java StudyIndex.java ValueMatch.java WebRequest.java

package lib.sandbox;

import module java.base;

/**
 * A QIDO-RS search as the archive understands it, including its oddities: it refuses unknown names, and ignores keys of
 * another level, malformed dates and most second values (facts.md B4, F4-F5 and G; wire/captures.md C-E and R).
 */
final class Search {
    private static final Set<String> BOOLEANS =
            names("onlyWithStudies storageClustered storageExported allmodified template");
    private static final Set<String> WITHOUT_EFFECT = names("accept access_token charset modified ExternalRetrieveAET!"
            + " ExporterID batchID scheduledTime missing priority");

    /** Keys that each level matches, and those below it (facts.md G1). */
    private static final Map<Attribute.Level, Set<String>> MATCHED = Map.of(
            Attribute.Level.PATIENT,
            names("PatientID IssuerOfPatientID PatientName PatientBirthDate PatientSex ResponsiblePerson"),
            Attribute.Level.STUDY,
            names("StudyInstanceUID StudyID StudyDate StudyTime AccessionNumber ModalitiesInStudy SOPClassesInStudy"
                    + " StudyDescription ReferringPhysicianName AdmissionID SeriesDescription BodyPartExamined"
                    + " Laterality StationName InstitutionName InstitutionalDepartmentName ProcedureCodeSequence"),
            Attribute.Level.SERIES,
            names("SeriesInstanceUID SeriesNumber Modality PerformingPhysicianName PerformedProcedureStepStartDate"
                    + " PerformedProcedureStepStartTime InstitutionCodeSequence InstitutionalDepartmentTypeCodeSequence"
                    + " RequestAttributesSequence.AccessionNumber RequestAttributesSequence.RequestedProcedureID"
                    + " RequestAttributesSequence.ScheduledProcedureStepID RequestAttributesSequence.StudyInstanceUID"
                    + " RequestAttributesSequence.RequestingService RequestAttributesSequence.RequestingPhysician"),
            Attribute.Level.INSTANCE,
            names("SOPInstanceUID SOPClassUID InstanceNumber ContentDate ContentTime CompletionFlag VerificationFlag"
                    + " ConceptNameCodeSequence VerifyingObserverSequence ReferencedRequestSequence"
                    + " ContentSequence.ConceptNameCodeSequence ContentSequence.ConceptCodeSequence"));

    /** What each level sorts by, and those below it (facts.md G6). */
    private static final Map<Attribute.Level, Set<String>> SORTED = Map.of(
            Attribute.Level.PATIENT,
            names("PatientName PatientBirthDate PatientSex"),
            Attribute.Level.STUDY,
            names("StudyInstanceUID StudyID StudyDate StudyTime AccessionNumber StudyDescription"
                    + " ReferringPhysicianName"),
            Attribute.Level.SERIES,
            names("SeriesInstanceUID SeriesNumber Modality BodyPartExamined Laterality PerformedProcedureStepStartDate"
                    + " PerformedProcedureStepStartTime PerformingPhysicianName SeriesDescription StationName"
                    + " InstitutionName InstitutionalDepartmentName"),
            Attribute.Level.INSTANCE,
            names("SOPInstanceUID SOPClassUID InstanceNumber VerificationFlag CompletionFlag ContentDate ContentTime"));

    /** Keys that match any of several values; of all others only the first value counts (facts.md G2). */
    private static final Set<String> EITHER =
            names("PatientSex StudyInstanceUID StudyID StudyDescription ModalitiesInStudy SOPClassesInStudy"
                    + " SeriesInstanceUID Modality BodyPartExamined Laterality SeriesDescription StationName"
                    + " InstitutionName InstitutionalDepartmentName SOPInstanceUID SOPClassUID CompletionFlag"
                    + " VerificationFlag");

    /** The archive's own keys: level, VR, the value that all items have or a minus for none, and the names. */
    private static final String OWN = """
            PATIENT CS false merged
            PATIENT CS UNVERIFIED patientVerificationStatus
            PATIENT DT 20261122173926.485 PatientCreateDateTime
            PATIENT LO fs1 storageID
            STUDY CS false incomplete retrievefailed storageVerificationFailed metadataUpdateFailed
            STUDY CS false compressionfailed requested
            STUDY DT 20261122173926.485 StudyReceiveDateTime StudyAccessDateTime SeriesReceiveDateTime
            STUDY KB 676 StudySizeInKB
            STUDY CS - ExpirationState
            STUDY DA - ExpirationDate
            STUDY AE - ExternalRetrieveAET
            STUDY AE STORESCU SendingApplicationEntityTitleOfSeries
            STUDY AE DCM4CHEE ReceivingApplicationEntityTitleOfSeries
            STUDY LO - SendingPresentationAddressOfSeries ReceivingPresentationAddressOfSeries
            STUDY LO - SendingHL7ApplicationOfSeries ReceivingHL7ApplicationOfSeries
            STUDY LO - SendingHL7FacilityOfSeries ReceivingHL7FacilityOfSeries
            """;

    /** A key of the archive's own. */
    private record Own(Attribute attribute, String value) {
        boolean isMatched(Attribute.Level level) {
            String name = attribute.keyword();
            return attribute.level().compareTo(level) <= 0
                    && !(name.equals("PatientCreateDateTime") && level == Attribute.Level.STUDY)
                    && !(name.equals("merged") && level != Attribute.Level.PATIENT);
        }
    }

    private static final Map<String, Own> OWN_KEYS = new HashMap<>();

    static {
        for (String line : OWN.split("\n")) {
            String[] words = line.split(" ");
            for (String name : List.of(words).subList(3, words.length)) {
                Attribute attribute = new Attribute(name, name, words[1], Attribute.Level.valueOf(words[0]), false);
                OWN_KEYS.put(name, new Own(attribute, words[2].equals("-") ? "" : words[2]));
            }
        }
    }

    private static Set<String> names(String names) {
        return Set.of(names.split(" "));
    }

    /** A query that the archive refuses; the message is the body of its answer. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String kind, String path, String reason, String value) {
            super("[" + kind + "]\r[" + path + "]\r[" + reason + "]\r[" + value + "]\r\r", null, false, false);
        }
    }

    private final Attribute.Level level;
    private final Attribute.Level above;
    private final List<Object> key;
    private final Map<Attribute, List<String>> keys = new LinkedHashMap<>();
    private final Set<Attribute> included = new HashSet<>();
    private Comparator<StudyIndex.Item> order = (a, b) -> 0;
    private int limit = Integer.MAX_VALUE;
    private int offset;
    private boolean fuzzy;
    private boolean everyModality;
    private boolean defaults = true;
    private boolean all;

    /**
     * Parses a search.
     *
     * @param level what to find
     * @param path the UIDs in the path
     * @param request the request with the query parameters
     */
    Search(Attribute.Level level, Map<Attribute, String> path, WebRequest request) throws Invalid {
        this.level = level;
        this.above = Attribute.Level.values()[path.isEmpty() ? 0 : path.size() + 1];
        path.forEach((attribute, uid) -> keys.put(attribute, List.of(uid)));
        Map<String, List<String>> parameters = request.queryParameters();
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            if (!understand(parameter.getKey(), parameter.getValue(), request)) {
                throw new Invalid("CLASS", "", "Invalid Query Parameter", request.target());
            }
        }
        parameters.keySet().removeAll(List.of("limit", "offset"));
        key = List.of(request.path(), parameters);
    }

    private boolean understand(String name, List<String> values, WebRequest request) throws Invalid {
        String value = request.parameter(name);
        switch (name) {
            case "limit" -> limit = Integer.parseInt(checked(name, value, "[1-9]\\d{0,4}"));
            case "offset" -> offset = Integer.parseInt(checked(name, value, "0|([1-9]\\d{0,4})"));
            case "orderby" -> {
                return values.stream().allMatch(this::orderBy);
            }
            case "includefield" -> {
                return values.stream().allMatch(this::include);
            }
            case "fuzzymatching" -> fuzzy = isTrue(name, value);
            case "includedefaults" -> defaults = isTrue(name, value);
            case "allOfModalitiesInStudy" -> everyModality = isTrue(name, value);
            default -> {
                Own own = OWN_KEYS.get(name);
                if (BOOLEANS.contains(name)) {
                    isTrue(name, value);
                } else if (own == null && !WITHOUT_EFFECT.contains(name)) {
                    return match(name, values);
                } else if (own != null && own.isMatched(level)) {
                    keys.put(own.attribute(), name.endsWith("OfSeries") ? values : values.subList(0, 1));
                }
            }
        }
        return true;
    }

    private static boolean isTrue(String name, String value) throws Invalid {
        return checked(name, value, "true|false").equals("true");
    }

    /** Takes a key if this level matches it; false if there is no such name. */
    private boolean match(String name, List<String> values) {
        List<Attribute> path = path(name);
        if (path.isEmpty()) {
            return false;
        }
        Attribute attribute = path.getFirst();
        included.add(attribute);
        if (path.size() > 1) {
            String first = attribute.keyword() + "." + path.get(1).keyword();
            if (isIn(MATCHED, attribute.keyword()) || isIn(MATCHED, first)) {
                // Nothing here has sequences.
                keys.put(new Attribute(name, name, "SQ", level, false), values);
            }
        } else if (isIn(MATCHED, attribute.keyword()) && !attribute.vr().equals("SQ")) {
            keys.put(attribute, EITHER.contains(attribute.keyword()) ? values : values.subList(0, 1));
        }
        return true;
    }

    /** The attribute with this name, after the sequences that it is in; empty if one of them is unknown. */
    private static List<Attribute> path(String name) {
        List<Attribute> path = new ArrayList<>();
        for (String step : name.split("\\.", -1)) {
            path.add(Attribute.named(step));
        }
        return path.contains(null) ? List.of() : path;
    }

    private boolean isIn(Map<Attribute.Level, Set<String>> names, String name) {
        for (Attribute.Level each : Attribute.Level.values()) {
            if (each != Attribute.Level.ANY
                    && each.compareTo(level) <= 0
                    && names.get(each).contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static String checked(String name, String value, String pattern) throws Invalid {
        if (!value.matches(pattern)) {
            throw new Invalid("PROPERTY", name, "must match \"" + pattern + "\"", value);
        }
        return value;
    }

    private boolean orderBy(String name) {
        if (name.isEmpty()) {
            return true;
        }
        Attribute attribute = Attribute.named(name.startsWith("-") ? name.substring(1) : name);
        if (attribute != null && isIn(SORTED, attribute.keyword())) {
            Comparator<StudyIndex.Item> by = attribute.vr().equals("IS")
                    ? Comparator.comparingLong(item -> Long.parseLong("0" + item.value(attribute)))
                    : Comparator.comparing(item -> item.value(attribute));
            order = order.thenComparing(name.startsWith("-") ? by.reversed() : by);
        }
        return attribute != null;
    }

    private boolean include(String name) {
        List<Attribute> path = path(name);
        if (path.size() == 1) {
            included.add(path.getFirst());
        }
        all |= name.equals("all");
        return name.equals("all") || !path.isEmpty();
    }

    /** Equal for searches with the same matches. */
    List<Object> key() {
        return key;
    }

    int limit() {
        return limit;
    }

    int offset() {
        return offset;
    }

    /** All that match, in the order asked for. */
    List<StudyIndex.Item> matches(StudyIndex index) {
        List<StudyIndex.Item> found = new ArrayList<>();
        collect(index.patients(), found);
        found.sort(order);
        return found;
    }

    /** The attributes that the results have, in the order of their tags; without those whose tag is unknown. */
    Collection<Attribute> returned() {
        Map<String, Attribute> returned = new TreeMap<>();
        for (Attribute attribute : Attribute.BY_TAG.values()) {
            if (returns(attribute)) {
                returned.put(attribute.tag(), attribute);
            }
        }
        for (Attribute attribute : included) {
            if (!attribute.keyword().equals(attribute.tag())) {
                returned.put(attribute.tag(), attribute);
            }
        }
        return returned.values();
    }

    private boolean returns(Attribute attribute) {
        if (all || included.contains(attribute) || keys.containsKey(attribute)) {
            return true;
        }
        if (attribute.level().compareTo(level) > 0) {
            return false;
        }
        boolean uid = attribute.byDefault() && attribute.keyword().endsWith("InstanceUID");
        boolean common = attribute.level() == Attribute.Level.ANY;
        boolean byDefault =
                defaults && attribute.byDefault() && attribute.level().compareTo(above) > 0;
        return common || uid || byDefault;
    }

    /** Whether attributes without a value are omitted. */
    boolean leavesOutEmpty() {
        return all;
    }

    private void collect(List<StudyIndex.Item> items, List<StudyIndex.Item> found) {
        for (StudyIndex.Item item : items) {
            if (isMatch(item)) {
                if (item.level() != level) {
                    collect(item.children(), found);
                } else if (isMatchBelow(item)) {
                    found.add(item);
                }
            }
        }
    }

    /** Whether an item below {@code item} matches the keys of lower levels, or there are no such keys. */
    private boolean isMatchBelow(StudyIndex.Item item) {
        boolean isAsked = false;
        for (Attribute key : keys.keySet()) {
            isAsked |= key.level().compareTo(item.level()) > 0;
        }
        for (StudyIndex.Item child : isAsked ? item.children() : List.<StudyIndex.Item>of()) {
            if (isMatch(child) && isMatchBelow(child)) {
                return true;
            }
        }
        return !isAsked;
    }

    private boolean isMatch(StudyIndex.Item item) {
        for (Map.Entry<Attribute, List<String>> key : keys.entrySet()) {
            Attribute attribute = key.getKey();
            if (attribute.level() == item.level()) {
                Own own = OWN_KEYS.get(attribute.keyword());
                String value = own == null ? item.value(attribute) : own.value();
                boolean every = everyModality && attribute.keyword().equals("ModalitiesInStudy");
                if (!new ValueMatch(attribute, fuzzy).isMatch(value, key.getValue(), every)) {
                    return false;
                }
            }
        }
        return true;
    }
}
