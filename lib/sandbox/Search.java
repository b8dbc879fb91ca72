//SOURCES Attribute.java StudyIndex.java ValueMatch.java WebRequest.java

package lib.sandbox;

import module java.base;

/**
 * A QIDO-RS search as the archive understands it, including its oddities: it refuses unknown names, and ignores keys of
 * another level, malformed dates and most second values (facts.md B4, F4-F5 and G; wire/captures.md C-E and R).
 */
final class Search {
    private static final Set<String> BOOLEANS = names("fuzzymatching includedefaults onlyWithStudies"
            + " allOfModalitiesInStudy storageClustered storageExported allmodified template");
    private static final Set<String> WITHOUT_EFFECT = names("accept access_token charset modified ExternalRetrieveAET!"
            + " ExporterID batchID scheduledTime missing priority");

    /** Keys that each level matches, and those below it (facts.md G1). */
    private static final Map<Attribute.Level, Set<String>> MATCHED = Map.of(
            Attribute.Level.PATIENT,
            names("PatientID IssuerOfPatientID PatientName PatientBirthDate PatientSex ResponsiblePerson"),
            Attribute.Level.STUDY,
            names("StudyInstanceUID StudyID StudyDate StudyTime AccessionNumber ModalitiesInStudy SOPClassesInStudy"
                    + " StudyDescription ReferringPhysicianName AdmissionID SeriesDescription BodyPartExamined Laterality"
                    + " StationName InstitutionName InstitutionalDepartmentName ProcedureCodeSequence"),
            Attribute.Level.SERIES,
            names("SeriesInstanceUID SeriesNumber Modality PerformingPhysicianName PerformedProcedureStepStartDate"
                    + " PerformedProcedureStepStartTime InstitutionCodeSequence InstitutionalDepartmentTypeCodeSequence"
                    + " RequestAttributesSequence.ScheduledProcedureStepID RequestAttributesSequence.RequestedProcedureID"
                    + " RequestAttributesSequence.AccessionNumber RequestAttributesSequence.StudyInstanceUID"
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

    /**
     * The archive's own keys: name, pattern of valid values, VR, level, and the value that all items have, or a minus
     * for none.
     */
    private static final String OWN = """
            patientVerificationStatus UNVERIFIED|VERIFIED|NOT_FOUND|VERIFICATION_FAILED CS PATIENT UNVERIFIED
            PatientCreateDateTime .* DT PATIENT 20261122173926.485
            storageID .* LO PATIENT fs1
            merged true|false CS PATIENT false
            incomplete true|false CS STUDY false
            retrievefailed true|false CS STUDY false
            storageVerificationFailed true|false CS STUDY false
            metadataUpdateFailed true|false CS STUDY false
            compressionfailed true|false CS STUDY false
            requested true|false CS STUDY false
            StudyReceiveDateTime .* DT STUDY 20261122173926.449
            StudyAccessDateTime .* DT STUDY 20261122173926.485
            SeriesReceiveDateTime .* DT STUDY 20261122173926.449
            StudySizeInKB \\d+-?|-\\d+|\\d+-\\d+ KB STUDY 676
            ExternalRetrieveAET .* AE STUDY -
            ExpirationDate .* DA STUDY -
            ExpirationState UPDATEABLE|FROZEN|REJECTED|EXPORT_SCHEDULED|FAILED_TO_EXPORT|FAILED_TO_REJECT CS STUDY -
            SendingApplicationEntityTitleOfSeries .* AE STUDY STORESCU
            ReceivingApplicationEntityTitleOfSeries .* AE STUDY DCM4CHEE
            SendingPresentationAddressOfSeries .* LO STUDY -
            ReceivingPresentationAddressOfSeries .* LO STUDY -
            SendingHL7ApplicationOfSeries .* LO STUDY -
            ReceivingHL7ApplicationOfSeries .* LO STUDY -
            SendingHL7FacilityOfSeries .* LO STUDY -
            ReceivingHL7FacilityOfSeries .* LO STUDY -
            """;

    /** A key of the archive's own. */
    private record Own(Attribute attribute, String pattern, String value) {}

    private static final Map<String, Own> OWN_KEYS = new HashMap<>();

    static {
        for (String line : OWN.split("\n")) {
            String[] words = line.split(" ");
            Attribute attribute = new Attribute(words[0], words[0], words[2], Attribute.Level.valueOf(words[3]), false);
            OWN_KEYS.put(words[0], new Own(attribute, words[1], words[4].equals("-") ? "" : words[4]));
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

    /** What determines the matches and their order: searches with equal keys have equal matches. */
    record Key(
            Attribute.Level level,
            Map<Attribute, List<String>> keys,
            List<Order> order,
            boolean fuzzy,
            boolean everyModality,
            boolean onlyWithStudies) {}

    /** A sort key. */
    record Order(Attribute attribute, boolean descending) {}

    /** A match with its sort keys, looked up once. */
    private record Sorted(StudyIndex.Item item, List<String> keys) {}

    private final Attribute.Level level;
    private final Attribute.Level above;
    private final Map<Attribute, List<String>> keys = new LinkedHashMap<>();
    private final Set<Attribute> included = new HashSet<>();
    private final List<Order> order = new ArrayList<>();
    private int limit = Integer.MAX_VALUE;
    private int offset;
    private boolean fuzzy;
    private boolean everyModality;
    private boolean onlyWithStudies;
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
        for (Map.Entry<String, List<String>> parameter :
                request.queryParameters().entrySet()) {
            if (!understand(parameter.getKey(), parameter.getValue(), request)) {
                throw new Invalid("CLASS", "", "Invalid Query Parameter", request.target());
            }
        }
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
            default -> {
                if (BOOLEANS.contains(name)) {
                    set(name, checked(name, value, "true|false").equals("true"));
                }
                if (OWN_KEYS.containsKey(name)) {
                    own(OWN_KEYS.get(name), values);
                } else if (!BOOLEANS.contains(name) && !WITHOUT_EFFECT.contains(name)) {
                    return match(name, values, request);
                }
            }
        }
        return true;
    }

    private void set(String name, boolean on) {
        switch (name) {
            case "fuzzymatching" -> fuzzy = on;
            case "includedefaults" -> defaults = on;
            case "allOfModalitiesInStudy" -> everyModality = on;
            case "onlyWithStudies" -> onlyWithStudies = on && level == Attribute.Level.PATIENT;
            default -> {}
        }
    }

    private void own(Own own, List<String> values) throws Invalid {
        String name = own.attribute().keyword();
        for (String value : values) {
            checked(name, value, own.pattern());
        }
        boolean isMatched = own.attribute().level().compareTo(level) <= 0
                && !(name.equals("PatientCreateDateTime") && level == Attribute.Level.STUDY)
                && !(name.equals("merged") && level != Attribute.Level.PATIENT);
        if (isMatched) {
            keys.put(own.attribute(), name.endsWith("OfSeries") ? values : values.subList(0, 1));
        }
    }

    /** Takes a key if this level matches it; false if there is no such name. */
    private boolean match(String name, List<String> values, WebRequest request) {
        List<String> steps = new ArrayList<>();
        for (String step : name.split("\\.", -1)) {
            Attribute attribute = Attribute.named(step);
            if (attribute == null) {
                return false;
            }
            steps.add(attribute.keyword());
        }
        Attribute attribute = Attribute.named(steps.getFirst());
        included.add(attribute);
        if (steps.size() > 1) {
            String path = String.join(".", steps);
            boolean isIssuer = steps.getFirst().equals("IssuerOfAccessionNumberSequence")
                    && level != Attribute.Level.PATIENT
                    && request.parameter("AccessionNumber") != null;
            boolean isMatched = isIn(MATCHED, steps.getFirst()) || isIn(MATCHED, steps.get(0) + "." + steps.get(1));
            if (isMatched || isIssuer) {
                // Nothing here has sequences.
                keys.put(new Attribute(path, path, "SQ", level, false), values);
            }
        } else if (isIn(MATCHED, attribute.keyword()) && !attribute.vr().equals("SQ")) {
            keys.put(attribute, EITHER.contains(attribute.keyword()) ? values : values.subList(0, 1));
        }
        return true;
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
            order.add(new Order(attribute, name.startsWith("-")));
        }
        return attribute != null;
    }

    private boolean include(String name) {
        all |= name.equals("all");
        Attribute attribute = Attribute.named(name);
        if (attribute != null) {
            included.add(attribute);
        }
        return attribute != null || name.equals("all") || isPath(name);
    }

    private static boolean isPath(String name) {
        String[] steps = name.split("\\.");
        for (String step : steps) {
            if (Attribute.named(step) == null) {
                return false;
            }
        }
        return steps.length > 1;
    }

    int limit() {
        return limit;
    }

    int offset() {
        return offset;
    }

    Attribute.Level level() {
        return level;
    }

    /** What determines the matches. */
    Key key() {
        return new Key(level, keys, order, fuzzy, everyModality, onlyWithStudies);
    }

    /** All that match, in the order asked for. */
    List<StudyIndex.Item> matches(StudyIndex index) {
        List<StudyIndex.Item> found = new ArrayList<>();
        collect(index.patients(), found);
        return order.isEmpty() ? found : sorted(found);
    }

    private List<StudyIndex.Item> sorted(List<StudyIndex.Item> found) {
        List<Sorted> matches = new ArrayList<>(found.size());
        for (StudyIndex.Item item : found) {
            List<String> keys = new ArrayList<>(order.size());
            for (Order by : order) {
                keys.add(item.value(by.attribute()));
            }
            matches.add(new Sorted(item, keys));
        }
        matches.sort(this::compare);
        List<StudyIndex.Item> items = new ArrayList<>(found.size());
        for (Sorted match : matches) {
            items.add(match.item());
        }
        return items;
    }

    private int compare(Sorted a, Sorted b) {
        for (int i = 0; i < order.size(); i++) {
            String left = a.keys().get(i);
            String right = b.keys().get(i);
            int by = order.get(i).attribute().vr().equals("IS")
                    ? Long.compare(Long.parseLong("0" + left), Long.parseLong("0" + right))
                    : left.compareTo(right);
            if (by != 0) {
                return order.get(i).descending() ? -by : by;
            }
        }
        return 0;
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
                } else if (isMatchBelow(item)
                        && !(onlyWithStudies && item.children().isEmpty())) {
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
