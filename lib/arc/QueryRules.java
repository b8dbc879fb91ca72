//SOURCES ../base/Dictionary.java ../base/Nearest.java ../base/Problem.java DateSyntax.java KeyRules.java
//SOURCES MatchingKey.java Paging.java Query.java

package lib.arc;

import module java.base;
import lib.base.Dictionary;
import lib.base.Nearest;
import lib.base.Problem;

/**
 * Finds mistakes in a query before it is sent. The archive ignores a date that it cannot parse and returns everything
 * (facts F4); lists of tasks ignore unknown names (facts B3).
 */
final class QueryRules {
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
    private final List<String> names = new ArrayList<>();

    private QueryRules(Query query, boolean isTask) {
        this.query = query;
        this.isTask = isTask;
        names.addAll(isTask ? OF_TASKS : MatchingKey.OWN);
        if (isTask && query.path().startsWith("/monitor/") && !query.path().contains("/batch")) {
            names.addAll(OF_SINGLE_TASKS);
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
                String near = nearUnknown(ordered(each));
                if (near != null) {
                    return near;
                }
            }
        }
        return null;
    }

    /** What is ordered by {@code value}, which begins with a minus for a descending order. */
    static String ordered(String value) {
        return value.startsWith("-") ? value.substring(1) : value;
    }

    private static String nearUnknown(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        boolean isKnown = name.isEmpty()
                || name.equals("all")
                || MatchingKey.OWN.contains(name)
                || Dictionary.named(name) != null
                || Dictionary.isTag(name);
        if (isKnown) {
            return null;
        }
        List<String> keys = new ArrayList<>(MatchingKey.OWN);
        keys.removeIf(MatchingKey::isSwitch);
        String own = Nearest.to(name, keys);
        return own != null ? own : Dictionary.nearestKeyword(name);
    }

    // Otherwise everything would come, and be taken for the first few.
    private static void checkUnlimited(Query query) {
        String path = query.path();
        boolean isLimited = path.startsWith("/stgcmt") || path.startsWith("/metrics/");
        for (String name : List.of("limit", "offset")) {
            if (!isLimited && !query.values(name).isEmpty()) {
                throw Problem.usage(
                        "the archive ignores " + name + " at " + Query.shown(path),
                        "it returns everything: take what you need, for example with -f ndjson | head");
            }
        }
    }

    /** The known name that is {@code name} but for its case, or null. */
    private String known(String name) {
        for (String known : names) {
            if (known.equalsIgnoreCase(name)) {
                return known;
            }
        }
        return null;
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
        String shown = parameter.shownName();
        checkSpelling(name, "");
        List<String> values = parameter.values();
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            // As in PatientName=Doe, Jane: no stored value begins with a blank, so nothing would match.
            if (i > 0 && value.startsWith(" ")) {
                throw Problem.usage(
                        shown + " has a blank after a comma, which separates values",
                        "leave it out; a comma inside a value is written \\,");
            }
            if (value.isBlank() && !isTask && !MAY_BE_EMPTY.contains(name)) {
                throw Problem.usage(
                        shown + " has an empty value, which matches everything",
                        "is a variable empty? " + shown + "=* says so on purpose");
            }
        }
        for (String value : values) {
            switch (name) {
                case "limit" -> checkNumber(name, value, 1);
                case "offset" -> checkNumber(name, value, 0);
                case "orderby", "includefield" -> checkSpelling(ordered(value), name + "=");
                default -> checkValue(name, value);
            }
        }
    }

    private void checkSpelling(String name, String before) {
        String right = isTask ? known(name) : path(name);
        if (right != null && !right.equals(name)) {
            throw Problem.usage(
                    "the archive does not know " + before + Query.shown(name) + (before.isEmpty() ? " in a query" : ""),
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
        String own = known(name);
        if (own != null || name.isEmpty() || Dictionary.named(name) != null) {
            return own == null ? name : own;
        }
        String near = Dictionary.nearestKeyword(name);
        return name.equalsIgnoreCase(near) ? near : name;
    }

    private void checkNumber(String name, String text, int least) {
        if (query.values(name).stream().distinct().count() > 1) {
            throw Problem.usage(name + " is given twice", "give it once");
        }
        boolean isBounded = query.archive().isDcm4chee() && !isTask;
        int most = isBounded ? Paging.MAX_OFFSET : Integer.MAX_VALUE;
        if (!isNumber(text, least, most)) {
            throw Problem.usage(
                    name + " cannot be '" + Query.shown(text) + "'",
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
        if (!isTask && MatchingKey.isSwitch(name) && !value.equals("true") && !value.equals("false")) {
            boolean isOff = value.equals("0") || value.equalsIgnoreCase("no") || value.equalsIgnoreCase("false");
            throw Problem.usage(
                    name + " cannot be '" + Query.shown(value) + "'", "write " + name + (isOff ? "=false" : "=true"));
        }
        String vr = vr(name);
        String right = DateSyntax.spelling(vr, value);
        if (!value.equals(right)) {
            throw Problem.usage(
                    name + " cannot be '" + Query.shown(value) + "'",
                    right == null ? DateSyntax.advice(vr, value) : "write " + name + "=" + right + DateSyntax.IGNORED);
        }
    }

    /** The value representation of {@code name}, as far as it is known; else empty. */
    private String vr(String name) {
        boolean isTime = name.equals("createdTime") || name.equals("updatedTime");
        return !isTask ? vrOf(name) : isTime ? "DT" : "";
    }

    /** The value representation of the key {@code name} of a search, as far as it is known; else empty. */
    static String vrOf(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (!MatchingKey.OWN.contains(last)) {
            Dictionary.Attribute tagged = Dictionary.tag(last);
            Dictionary.Attribute attribute = tagged == null ? Dictionary.named(last) : tagged;
            if (attribute != null) {
                return attribute.vr();
            }
        }
        // The archive's own names end like this, and DICOM's of later years; but not all that end in Time are times.
        return last.endsWith("DateTime") ? "DT" : last.endsWith("Date") ? "DA" : "";
    }
}
