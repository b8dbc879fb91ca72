//SOURCES ../base/Printable.java ../base/Problem.java KeyRules.java Level.java MatchingKey.java Query.java

package lib.arc;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;

/**
 * The requests that a search with several values takes. Of most keys a dcm4chee archive takes only the first value and
 * ignores the others without a word (facts G2): it is asked once for each value, or for each combination of the values
 * of several such keys. Of the others, either value counts, and they are sent in groups.
 */
final class Alternatives {
    private static final int MAX_REQUESTS = 1000;

    /** How long a query may be, in bytes; servers and proxies on the way refuse long ones. */
    private static final int MAX_QUERY = 6000;

    private static final int MAX_SHOWN = 60;

    /** Keys of which an item has one value, so that what two different values find is different. */
    private static final Set<String> SINGLE =
            Set.of("AccessionNumber AdmissionID StudyInstanceUID SeriesInstanceUID SOPInstanceUID".split(" "));

    private static final Set<String> NUMBERS = Set.of("SeriesNumber", "InstanceNumber");

    private static final Set<String> DATES =
            Set.of("StudyDate PatientBirthDate PerformedProcedureStepStartDate ContentDate".split(" "));

    /** Times that the archive combines with the range of the date beside them (facts B4). */
    private static final Set<String> TIMES = Set.of("StudyTime PerformedProcedureStepStartTime ContentTime".split(" "));

    private final Query query;
    private final List<Part> parts = new ArrayList<>();

    /**
     * A parameter, and what to send as its value in one request after the other.
     *
     * @param name its name as it is sent
     * @param keyword what it is called in the lists above
     * @param choices the values to send, each once, in the order given
     */
    private record Part(String name, String keyword, List<String> choices) {
        boolean varies() {
            return choices.size() > 1;
        }

        int length() {
            int longest = 0;
            for (String choice : choices) {
                longest = Math.max(longest, choice.length());
            }
            return name.length() + longest + "&=".length();
        }
    }

    private Alternatives(Query query) {
        this.query = query;
        Map<String, Part> keys = new LinkedHashMap<>();
        Map<String, Set<String>> known = new LinkedHashMap<>();
        for (Query.Parameter parameter : query.parameters()) {
            String keyword = MatchingKey.keyword(parameter.name());
            if (KeyRules.NO_KEYS.contains(keyword)) {
                parts.add(new Part(parameter.rawName(), keyword, List.of(parameter.rawValue())));
                continue;
            }
            Part part = keys.get(keyword);
            if (part == null) {
                part = new Part(parameter.rawName(), keyword, new ArrayList<>());
                keys.put(keyword, part);
                known.put(keyword, new HashSet<>());
                parts.add(part);
            }
            for (String raw : parameter.rawValue().split(",", -1)) {
                if (known.get(keyword).add(Query.decode(raw))) {
                    part.choices().add(raw);
                }
            }
        }
        group();
    }

    /** Joins the values of each key that takes several, as far as the query does not get too long. */
    private void group() {
        int room = MAX_QUERY;
        int wanted = 0;
        int groups = 0;
        for (Part part : parts) {
            if (takesSeveral(part)) {
                groups++;
                wanted +=
                        part.name().length() + String.join(",", part.choices()).length() + "&=".length();
            } else {
                room -= part.length();
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (takesSeveral(part)) {
                boolean isWhole = wanted <= room || isEveryModality(part);
                int most = isWhole
                        ? Integer.MAX_VALUE
                        : room / groups - part.name().length() - "&=".length();
                parts.set(i, new Part(part.name(), part.keyword(), joined(part.choices(), most)));
            }
        }
    }

    private static List<String> joined(List<String> values, int most) {
        List<String> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder(values.getFirst());
        for (String value : values.subList(1, values.size())) {
            if (group.length() + 1 + value.length() > most) {
                groups.add(group.toString());
                group.setLength(0);
                group.append(value);
            } else {
                group.append(',').append(value);
            }
        }
        groups.add(group.toString());
        return groups;
    }

    private boolean takesSeveral(Part part) {
        MatchingKey key = MatchingKey.named(part.keyword());
        return key != null && key.takesSeveral() && query.searched().compareTo(Level.INSTANCES) <= 0;
    }

    // Each study is to have all of them, not one of a group.
    private boolean isEveryModality(Part part) {
        return part.keyword().equals("ModalitiesInStudy")
                && query.values("allOfModalitiesInStudy").contains("true");
    }

    /** The requests for {@code query}, in the order of the values; {@link Problem} if these are too many. */
    static List<Query> of(Query query) {
        return new Alternatives(query).requests();
    }

    private List<Query> requests() {
        requireFew();
        List<Query> requests = new ArrayList<>();
        add(new ArrayList<>(), requests);
        return requests;
    }

    private void add(List<Query.Parameter> chosen, List<Query> requests) {
        if (chosen.size() == parts.size()) {
            requests.add(query.with(List.copyOf(chosen)));
            return;
        }
        Part part = parts.get(chosen.size());
        for (String choice : part.choices()) {
            chosen.add(new Query.Parameter(part.name(), choice));
            add(chosen, requests);
            chosen.removeLast();
        }
    }

    private void requireFew() {
        long requests = 1;
        for (Part part : parts) {
            requests *= part.choices().size();
            if (requests > MAX_REQUESTS) {
                throw Problem.usage(
                        "the values of " + names() + " take more than " + MAX_REQUESTS + " requests",
                        "the archive takes one at a time: give fewer values in a run");
            }
        }
    }

    private String names() {
        StringBuilder names = new StringBuilder();
        for (Part part : parts) {
            if (part.varies()) {
                names.append(names.isEmpty() ? "" : " and ").append(Printable.cut(part.keyword(), MAX_SHOWN));
            }
        }
        return names.toString();
    }

    /**
     * {@link Problem} if {@code query} takes several requests, and too many, or such that no answer can come of them.
     */
    static void check(Query query) {
        Alternatives alternatives = new Alternatives(query);
        alternatives.requireFew();
        String names = alternatives.names();
        if (names.isEmpty()) {
            return;
        }
        for (String name : List.of("orderby", "offset")) {
            if (!query.values(name).isEmpty()) {
                throw Problem.usage(
                        name + " cannot be combined with several values of " + names
                                + ", for which the archive is asked one at a time",
                        "sort what comes, or ask for one value");
            }
        }
        if (query.collection() == null) {
            throw Problem.usage(
                    "the size of several values of " + names + " cannot be asked for at once",
                    "ask for the size of each value; what several of them find counts in each");
        }
        if (query.isCount() && query.searched() == Level.PATIENTS) {
            throw Problem.usage(
                    "patients with one of several values of " + names + " cannot be counted at once",
                    "count the rows, for example with arcget patients -f ndjson and the same -q, and wc -l");
        }
    }

    /**
     * Whether no item is found by two of the requests for {@code query}, so that their counts can be added. Otherwise
     * the items have to be listed: a patient may have several IDs, and {@code Yamada*} finds the same as another
     * spelling of the name.
     */
    static boolean areDisjoint(Query query) {
        Alternatives alternatives = new Alternatives(query);
        for (Part part : alternatives.parts) {
            if (part.varies() && !alternatives.isDisjoint(part)) {
                return false;
            }
        }
        return true;
    }

    private boolean isDisjoint(Part part) {
        List<String> values = new ArrayList<>();
        for (String choice : part.choices()) {
            for (String value : choice.split(",", -1)) {
                values.add(Query.decode(value));
            }
        }
        if (DATES.contains(part.keyword())) {
            return !hasTime() && areDisjointDates(values);
        }
        boolean isNumber = NUMBERS.contains(part.keyword());
        for (String value : values) {
            if (!(isNumber ? isInteger(value) : isPlain(value))) {
                return false;
            }
        }
        return isNumber || SINGLE.contains(part.keyword());
    }

    private boolean hasTime() {
        for (Part part : parts) {
            if (TIMES.contains(part.keyword())) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code value} is written as the number is, so that no other value means the same. */
    private static boolean isInteger(String value) {
        try {
            return Integer.toString(Integer.parseInt(value)).equals(value);
        } catch (NumberFormatException none) {
            return false;
        }
    }

    // The archive trims blanks: the same value may be there without them.
    private static boolean isPlain(String value) {
        return value.indexOf('*') < 0 && value.indexOf('?') < 0 && value.equals(value.strip());
    }

    private static boolean areDisjointDates(List<String> values) {
        List<String> ranges = new ArrayList<>();
        for (String value : values) {
            String range = value.indexOf('-') < 0 ? value + "-" + value : value;
            String whole = (range.startsWith("-") ? "00000000" : "") + range + (range.endsWith("-") ? "99999999" : "");
            if (whole.length() != "20240101-20240131".length()) {
                return false;
            }
            ranges.add(whole);
        }
        ranges.sort(null);
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i - 1).substring(9).compareTo(ranges.get(i).substring(0, 8)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** What tells {@code request}, one of {@code requests}, from the others: its values, for a message. */
    static String values(Query request, List<Query> requests) {
        List<Query.Parameter> first = requests.getFirst().parameters();
        List<Query.Parameter> last = requests.getLast().parameters();
        StringBuilder values = new StringBuilder();
        for (Query.Parameter parameter : request.parameters()) {
            boolean isIn = first.contains(parameter) && last.contains(parameter);
            if (!isIn) {
                values.append(values.isEmpty() ? "" : " and ")
                        .append(Printable.cut(parameter.name(), MAX_SHOWN))
                        .append('=')
                        .append(Printable.cut(String.join(",", parameter.values()), MAX_SHOWN));
            }
        }
        return values.toString();
    }
}
