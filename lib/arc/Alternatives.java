//SOURCES ../base/Problem.java Level.java MatchingKey.java Query.java

package lib.arc;

import module java.base;
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

    /** Keys of which an item has one value, so that what two different values find is different. */
    private static final Set<String> SINGLE =
            Set.of("AccessionNumber AdmissionID StudyInstanceUID SeriesInstanceUID SOPInstanceUID".split(" "));

    private static final Set<String> NUMBERS = Set.of("SeriesNumber", "InstanceNumber");

    private static final Set<String> DATES =
            Set.of("StudyDate PatientBirthDate PerformedProcedureStepStartDate ContentDate".split(" "));

    private final Query query;
    private final List<Query.Parameter> others = new ArrayList<>();
    private final Collection<Part> parts;

    /**
     * A key, and what to send as its value in one request after the other.
     *
     * @param name its name as it is sent
     * @param keyword what it is called in the lists above
     * @param values its values as they are sent, by what they mean, in the order given
     * @param choices one value each, or several joined by commas
     */
    private record Part(String name, String keyword, Map<String, String> values, List<String> choices) {
        boolean varies() {
            return choices.size() > 1;
        }
    }

    Alternatives(Query query) {
        this.query = query;
        Map<String, Part> keys = new LinkedHashMap<>();
        for (Query.Parameter parameter : query.parameters()) {
            String keyword = MatchingKey.keyword(parameter.name());
            if (MatchingKey.isNone(keyword)) {
                others.add(parameter);
                continue;
            }
            Part part = keys.computeIfAbsent(
                    keyword, key -> new Part(parameter.rawName(), key, new LinkedHashMap<>(), new ArrayList<>()));
            for (String raw : parameter.rawValue().split(",", -1)) {
                part.values().putIfAbsent(Query.decode(raw), raw);
            }
        }
        parts = keys.values();
        group();
    }

    /** Joins the values of each key that takes several, as far as the query does not get too long. */
    private void group() {
        boolean isShort = length(query) <= MAX_QUERY;
        Query shortest = query.with(others);
        List<Part> divided = new ArrayList<>();
        for (Part part : parts) {
            boolean isDivided = takesSeveral(part) && !isShort && !isEveryModality(part);
            if (isDivided) {
                divided.add(part);
            } else {
                part.choices().addAll(joined(part.values().values(), takesSeveral(part) ? Integer.MAX_VALUE : 0));
            }
            shortest =
                    shortest.with(part.name(), isDivided ? "" : part.choices().getFirst());
        }
        for (Part part : divided) {
            int room = (MAX_QUERY - length(shortest)) / divided.size();
            part.choices().addAll(joined(part.values().values(), room));
        }
    }

    private static int length(Query query) {
        return Objects.toString(query.address().getRawQuery(), "").length();
    }

    /** {@code values} in groups of {@code most} bytes; one that is longer is alone. */
    private static List<String> joined(Collection<String> values, int most) {
        List<String> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        for (String value : values) {
            if (!group.isEmpty() && group.length() + 1 + value.length() > most) {
                groups.add(group.toString());
                group.setLength(0);
            }
            group.append(group.isEmpty() ? "" : ",").append(value);
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

    /** The requests in the order of the values; {@link Problem} if these are too many. */
    List<Query> requests() {
        requireFew();
        List<Query> requests = List.of(query.with(others));
        for (Part part : parts) {
            List<Query> longer = new ArrayList<>();
            for (Query request : requests) {
                for (String choice : part.choices()) {
                    longer.add(request.with(part.name(), choice));
                }
            }
            requests = longer;
        }
        return requests;
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
        return parts.stream()
                .filter(Part::varies)
                .map(part -> Query.shown(part.keyword()))
                .collect(Collectors.joining(" and "));
    }

    /** {@link Problem} if there are several requests, and too many, or such that no answer can come of them. */
    void check() {
        requireFew();
        String names = names();
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
     * Whether no item is found by two of the requests, so that their counts can be added. Otherwise the items have to
     * be listed: a patient may have several IDs, and {@code Yamada*} finds the same as another spelling of the name.
     */
    boolean areDisjoint() {
        return parts.stream().allMatch(part -> !part.varies() || isDisjoint(part));
    }

    private boolean isDisjoint(Part part) {
        Set<String> values = part.values().keySet();
        if (DATES.contains(part.keyword())) {
            // The archive may combine the range of a date with the time beside it (facts B4).
            return parts.stream().noneMatch(other -> other.keyword().endsWith("Time")) && areDisjointDates(values);
        }
        if (NUMBERS.contains(part.keyword())) {
            return values.stream().allMatch(value -> value.matches("[1-9]\\d*"));
        }
        // The archive trims blanks: the same value may be there without them.
        return SINGLE.contains(part.keyword())
                && values.stream().allMatch(value -> value.matches("[^*?]*") && value.equals(value.strip()));
    }

    private static boolean areDisjointDates(Collection<String> values) {
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
        return request.parameters().stream()
                .filter(parameter -> !first.contains(parameter) || !last.contains(parameter))
                .map(parameter -> parameter.shownName() + "=" + Query.shown(String.join(",", parameter.values())))
                .collect(Collectors.joining(" and "));
    }
}
