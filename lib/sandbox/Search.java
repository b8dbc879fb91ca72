//SOURCES Attribute.java StudyIndex.java WebRequest.java

package lib.sandbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A QIDO-RS search as the archive understands it, including its oddities: it refuses unknown names and ignores
 * malformed dates (facts.md B4, F4-F5; wire/captures.md C-E).
 */
final class Search {
    private static final Set<String> SWITCHES = Set.of(("fuzzymatching includedefaults onlyWithStudies merged "
                    + "incomplete retrievefailed storageVerificationFailed metadataUpdateFailed compressionfailed "
                    + "allOfModalitiesInStudy storageClustered storageExported requested allmodified template")
            .split(" "));
    private static final Set<String> WITHOUT_EFFECT = Set.of(("accept access_token patientVerificationStatus "
                    + "ExternalRetrieveAET ExternalRetrieveAET! ExpirationDate ExpirationState storageID StudySizeInKB "
                    + "modified StudyReceiveDateTime StudyAccessDateTime SeriesReceiveDateTime PatientCreateDateTime")
            .split(" "));

    private static final Pattern DATE = Pattern.compile("(\\d{8})?");
    private static final Pattern TIME = Pattern.compile("(\\d{2}(\\d{2}(\\d{2}(\\.\\d{1,6})?)?)?)?");

    /** A query that the archive refuses; the message is the body of its answer. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String kind, String path, String reason, String value) {
            super("[" + kind + "]\r[" + path + "]\r[" + reason + "]\r[" + value + "]\r\r", null, false, false);
        }
    }

    /** What determines the matches and their order: searches with equal keys have equal matches. */
    record Key(Attribute.Level level, Map<Attribute, List<String>> keys, List<Order> order, boolean fuzzy) {}

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
            if (!understand(parameter.getKey(), parameter.getValue())) {
                throw new Invalid("CLASS", "", "Invalid Query Parameter", request.target());
            }
        }
    }

    private boolean understand(String name, List<String> values) throws Invalid {
        String value = String.join(",", values);
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
                if (SWITCHES.contains(name)) {
                    boolean on = checked(name, value, "true|false").equals("true");
                    fuzzy = name.equals("fuzzymatching") ? on : fuzzy;
                    defaults = name.equals("includedefaults") ? on : defaults;
                } else if (!WITHOUT_EFFECT.contains(name)) {
                    Attribute attribute = Attribute.named(name);
                    if (attribute == null) {
                        return isPath(name);
                    }
                    keys.put(attribute, values);
                }
            }
        }
        return true;
    }

    private static String checked(String name, String value, String pattern) throws Invalid {
        if (!value.matches(pattern)) {
            throw new Invalid("PROPERTY", name, "must match \"" + pattern + "\"", value);
        }
        return value;
    }

    private boolean orderBy(String name) {
        Attribute attribute = Attribute.named(name.startsWith("-") ? name.substring(1) : name);
        if (attribute != null) {
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
        return new Key(level, keys, order, fuzzy);
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

    /** Whether the results have {@code attribute}. */
    boolean returns(Attribute attribute) {
        if (attribute.level().compareTo(level) > 0) {
            return false;
        }
        boolean uid = attribute.keyword().endsWith("InstanceUID");
        boolean common = attribute.level() == Attribute.Level.ANY;
        boolean byDefault =
                defaults && attribute.byDefault() && attribute.level().compareTo(above) > 0;
        return common || uid || byDefault || all || included.contains(attribute) || keys.containsKey(attribute);
    }

    /** Whether attributes without a value are omitted. */
    boolean leavesOutEmpty() {
        return all;
    }

    private void collect(List<StudyIndex.Item> items, List<StudyIndex.Item> found) {
        for (StudyIndex.Item item : items) {
            if (isMatch(item)) {
                if (item.level() == level) {
                    found.add(item);
                } else {
                    collect(item.children(), found);
                }
            }
        }
    }

    private boolean isMatch(StudyIndex.Item item) {
        for (Map.Entry<Attribute, List<String>> key : keys.entrySet()) {
            Attribute attribute = key.getKey();
            if (attribute.level() == item.level() && !attribute.vr().equals("UN")) {
                if (!isMatch(attribute.vr(), item.value(attribute), key.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isMatch(String vr, String text, List<String> wanted) {
        String separator = vr.equals("PN") ? "=" : "\\\\";
        for (String value : text.split(separator)) {
            for (String pattern : wanted) {
                if (pattern.isEmpty() || isMatchOfOne(vr, value, pattern)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isMatchOfOne(String vr, String value, String pattern) {
        return switch (vr) {
            case "DA" -> inRange(value, pattern, DATE);
            case "TM" -> inRange(value, pattern, TIME);
            case "PN" -> {
                if (fuzzy) {
                    yield value.toLowerCase().startsWith(pattern.toLowerCase());
                }
                boolean plain = pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
                yield glob(value, pattern) || plain && value.startsWith(pattern + "^");
            }
            default -> glob(value, pattern);
        };
    }

    // The archive ignores what is neither a value nor a range: everything matches.
    private static boolean inRange(String value, String pattern, Pattern syntax) {
        int dash = pattern.indexOf('-');
        String from = dash < 0 ? pattern : pattern.substring(0, dash);
        String to = dash < 0 ? pattern : pattern.substring(dash + 1);
        if (!syntax.matcher(from).matches() || !syntax.matcher(to).matches() || from.isEmpty() && to.isEmpty()) {
            return true;
        }
        String upTo = value.length() > to.length() ? value.substring(0, to.length()) : value;
        return value.compareTo(from) >= 0 && (to.isEmpty() || upTo.compareTo(to) <= 0);
    }

    // A star first matches nothing; whenever the rest does not match, it takes one more character.
    private static boolean glob(String text, String pattern) {
        int at = 0;
        int from = 0;
        int star = -1;
        int retry = 0;
        while (at < text.length()) {
            char c = from < pattern.length() ? pattern.charAt(from) : 0;
            if (c == '*') {
                star = from++;
                retry = at;
            } else if (c == '?' || c == text.charAt(at)) {
                from++;
                at++;
            } else if (star >= 0) {
                from = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (from < pattern.length() && pattern.charAt(from) == '*') {
            from++;
        }
        return from == pattern.length();
    }
}
