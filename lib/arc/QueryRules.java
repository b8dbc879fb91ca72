//SOURCES ../base/Dictionary.java ../base/Nearest.java ../base/Printable.java ../base/Problem.java DateSyntax.java
//SOURCES KeyRules.java Paging.java Query.java

package lib.arc;

import module java.base;
import lib.base.Dictionary;
import lib.base.Nearest;
import lib.base.Printable;
import lib.base.Problem;

/**
 * Finds mistakes in a query before it is sent. The archive ignores a date that it cannot parse and returns everything
 * (facts F4); lists of tasks ignore unknown names (facts B3).
 */
final class QueryRules {
    private static final int MAX_SHOWN = 60;

    private static final Set<String> SWITCHES = Set.of(("allOfModalitiesInStudy allmodified compressionfailed"
                    + " fuzzymatching includedefaults incomplete merged metadataUpdateFailed onlyWithStudies requested"
                    + " retrievefailed storageClustered storageExported storageVerificationFailed template")
            .split(" "));

    /** The archive's own names besides the switches and the keywords of DICOM (facts B4). */
    private static final List<String> OWN = List.of(("ExpirationDate ExpirationState ExternalRetrieveAET"
                    + " PatientCreateDateTime ReceivingApplicationEntityTitleOfSeries ReceivingHL7ApplicationOfSeries"
                    + " ReceivingHL7FacilityOfSeries ReceivingPresentationAddressOfSeries"
                    + " SendingApplicationEntityTitleOfSeries SendingHL7ApplicationOfSeries SendingHL7FacilityOfSeries"
                    + " SendingPresentationAddressOfSeries SeriesReceiveDateTime StudyAccessDateTime StudyReceiveDateTime"
                    + " StudySizeInKB accept includefield limit modified offset orderby patientVerificationStatus storageID")
            .split(" "));

    private static final List<String> OF_TASKS = List.of(("ExporterID StudyInstanceUID accept batchID createdTime"
                    + " dicomDeviceName limit offset orderby status taskID updatedTime")
            .split(" "));

    /**
     * The names of AEs in lists of single tasks; in batches and queues they begin with a lower-case letter (facts B3).
     */
    private static final List<String> OF_SINGLE_TASKS = List.of("DestinationAET LocalAET RemoteAET".split(" "));

    /** Parameters that may be empty: they have no values that are matched. */
    private static final Set<String> MAY_BE_EMPTY = Set.of("accept", "charset", "includefield", "orderby");

    private final Query query;
    private final boolean isTask;
    private final Map<String, String> spellings = new HashMap<>();

    private QueryRules(Query query, boolean isTask) {
        this.query = query;
        this.isTask = isTask;
        know(isTask ? OF_TASKS : OWN);
        if (!isTask) {
            know(SWITCHES);
        } else if (query.path().startsWith("/monitor/") && !query.path().contains("/batch")) {
            know(OF_SINGLE_TASKS);
        }
    }

    /**
     * {@code query} with dates for {@code today} and the like; {@link Problem} with the correct spelling if the archive
     * would misread it.
     */
    static Query checked(Query query, InstantSource clock) {
        String path = query.path();
        boolean isTask = path.startsWith("/monitor/") || path.startsWith("/queue/");
        boolean isSearch = query.searched() != null || path.contains("/dimse/");
        checkTokens(query);
        if (!isTask && !isSearch && query.archive().isDcm4chee()) {
            checkUnlimited(query);
        }
        if (!isTask && !isSearch || query.parameters().isEmpty()) {
            return query;
        }
        QueryRules rules = new QueryRules(query, isTask);
        List<Query.Parameter> dated = new ArrayList<>();
        for (Query.Parameter parameter : query.parameters()) {
            Query.Parameter read = rules.dated(parameter, clock);
            rules.check(read);
            dated.add(read);
        }
        Query checked = query.with(dated);
        KeyRules.check(checked);
        return checked;
    }

    private static void checkTokens(Query query) {
        for (Query.Parameter parameter : query.parameters()) {
            if (parameter.name().equalsIgnoreCase("access_token")) {
                throw Problem.usage(
                        "a token in a query is readable in the logs of every server on the way",
                        "leave out access_token: pipe the token in, or set ARC_TOKEN");
            }
        }
    }

    /** The known name nearest to the first unknown one in {@code address}, a refused search; null if there is none. */
    static String meant(URI address) {
        for (Query.Parameter parameter : Query.parse(address.getRawQuery())) {
            String name = parameter.name();
            boolean holdsNames = name.equals("orderby") || name.equals("includefield");
            for (String each : holdsNames ? parameter.values() : List.of(name)) {
                String near = nearUnknown(each.startsWith("-") ? each.substring(1) : each);
                if (near != null) {
                    return near;
                }
            }
        }
        return null;
    }

    private static String nearUnknown(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        boolean isKnown = name.isEmpty()
                || name.equals("all")
                || isOwn(name)
                || Dictionary.named(name) != null
                || Dictionary.isTag(name);
        if (isKnown) {
            return null;
        }
        String own = Nearest.to(name, OWN);
        return own != null ? own : Dictionary.nearestKeyword(name);
    }

    private static boolean isOwn(String name) {
        return OWN.contains(name) || SWITCHES.contains(name);
    }

    // Otherwise everything would come, and be taken for the first few.
    private static void checkUnlimited(Query query) {
        String path = query.path();
        boolean isLimited = path.startsWith("/stgcmt") || path.startsWith("/metrics/");
        for (String name : List.of("limit", "offset")) {
            if (!isLimited && !query.values(name).isEmpty()) {
                throw Problem.usage(
                        "the archive ignores " + name + " at " + shown(path),
                        "it returns everything: take what you need, for example with -f ndjson | head");
            }
        }
    }

    private void know(Iterable<String> names) {
        for (String name : names) {
            spellings.put(name.toLowerCase(Locale.ROOT), name);
        }
    }

    private Query.Parameter dated(Query.Parameter parameter, InstantSource clock) {
        String vr = vr(parameter.name());
        if (!vr.equals("DA") && !vr.equals("DT")) {
            return parameter;
        }
        StringBuilder raw = new StringBuilder();
        for (String value : parameter.rawValue().split(",", -1)) {
            raw.append(raw.isEmpty() ? "" : ",").append(DateSyntax.dated(value, clock));
        }
        return new Query.Parameter(parameter.rawName(), raw.toString());
    }

    private void check(Query.Parameter parameter) {
        String name = parameter.name();
        checkSpelling(name, "");
        checkBlanks(parameter);
        checkEmpty(parameter);
        switch (name) {
            case "limit" -> checkNumber(name, 1);
            case "offset" -> checkNumber(name, 0);
            case "orderby", "includefield" -> {
                for (String value : parameter.values()) {
                    checkSpelling(value.startsWith("-") ? value.substring(1) : value, name + "=");
                }
            }
            default -> {
                for (String value : parameter.values()) {
                    checkValue(name, value);
                }
            }
        }
    }

    // As in PatientName=Doe, Jane: no stored value begins with a blank, so nothing would match.
    private static void checkBlanks(Query.Parameter parameter) {
        List<String> values = parameter.values();
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i).startsWith(" ")) {
                throw Problem.usage(
                        shown(parameter.name()) + " has a blank after a comma, which separates values",
                        "leave it out; a comma inside a value is written \\,");
            }
        }
    }

    private void checkEmpty(Query.Parameter parameter) {
        String name = parameter.name();
        if (isTask || MAY_BE_EMPTY.contains(name)) {
            return;
        }
        for (String value : parameter.values()) {
            if (value.isBlank()) {
                throw Problem.usage(
                        parameter.shownName() + " has an empty value, which matches everything",
                        "is a variable empty? " + parameter.shownName() + "=* says so on purpose");
            }
        }
    }

    private void checkSpelling(String name, String before) {
        String right = isTask ? spellings.get(name.toLowerCase(Locale.ROOT)) : path(name);
        if (right != null && !right.equals(name)) {
            throw Problem.usage(
                    "the archive does not know " + before + shown(name) + (before.isEmpty() ? " in a query" : ""),
                    "write " + before + right + ": case matters");
        }
    }

    /** The correct spelling of an attribute or of a path to one in sequences. */
    private String path(String name) {
        String[] steps = name.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            steps[i] = word(steps[i]);
        }
        return String.join(".", steps);
    }

    private String word(String name) {
        String own = spellings.get(name.toLowerCase(Locale.ROOT));
        if (own != null || name.isEmpty() || Dictionary.named(name) != null) {
            return own == null ? name : own;
        }
        String near = Dictionary.nearestKeyword(name);
        return name.equalsIgnoreCase(near) ? near : name;
    }

    private void checkNumber(String name, int least) {
        Set<String> values = new HashSet<>(query.values(name));
        if (values.size() > 1) {
            throw Problem.usage(name + " is given twice", "give it once");
        }
        String text = values.iterator().next();
        boolean isBounded = query.archive().isDcm4chee() && !isTask;
        int most = isBounded ? Paging.MAX_OFFSET : Integer.MAX_VALUE;
        if (!isNumber(text, least, most)) {
            throw Problem.usage(
                    name + " cannot be '" + shown(text) + "'",
                    isBounded ? "a whole number from " + least + " to " + most : "a whole number, at least " + least);
        }
    }

    private static boolean isNumber(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            return number >= least && number <= most && text.equals(Integer.toString(number));
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }

    private void checkValue(String name, String value) {
        if (!isTask && SWITCHES.contains(name) && !value.equals("true") && !value.equals("false")) {
            boolean isOff = value.equals("0") || value.equalsIgnoreCase("no") || value.equalsIgnoreCase("false");
            throw Problem.usage(
                    name + " cannot be '" + shown(value) + "'", "write " + name + (isOff ? "=false" : "=true"));
        }
        String vr = vr(name);
        String right = DateSyntax.spelling(vr, value);
        if (!value.equals(right)) {
            throw Problem.usage(
                    name + " cannot be '" + shown(value) + "'",
                    right == null ? DateSyntax.advice(vr, value) : "write " + name + "=" + right + DateSyntax.IGNORED);
        }
    }

    /** The value representation of {@code name}, as far as it is known; else empty. */
    private String vr(String name) {
        if (isTask) {
            return name.equals("createdTime") || name.equals("updatedTime") ? "DT" : "";
        }
        return vrOf(name);
    }

    /** The value representation of the key {@code name} of a search, as far as it is known; else empty. */
    static String vrOf(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        Dictionary.Attribute attribute = isOwn(last) ? null : Dictionary.tag(last);
        if (attribute == null && !isOwn(last)) {
            attribute = Dictionary.named(last);
        }
        if (attribute != null) {
            return attribute.vr();
        }
        // The archive's own names end like this, and DICOM's of later years; but not all that end in Time are times.
        return last.endsWith("DateTime") ? "DT" : last.endsWith("Date") ? "DA" : "";
    }

    private static String shown(String text) {
        return Printable.cut(text, MAX_SHOWN);
    }
}
