//SOURCES ../base/Nearest.java ../base/Problem.java ../http/Response.java Level.java MatchingKey.java Paging.java
//SOURCES Query.java QueryRules.java Session.java

package lib.arc;

import module java.base;
import lib.base.Nearest;
import lib.base.Problem;
import lib.http.Response;

/**
 * Finds the keys of a search that a dcm4chee archive would ignore at this level, and return everything (facts G1). Keys
 * of QIDO-RS itself are known; for every other one the archive is asked for a value that nothing has: if it finds
 * something, it ignores the key.
 *
 * @param query the search
 * @param level what it searches
 */
record KeyRules(Query query, Level level) {
    private KeyRules(Query query) {
        this(query, query.searched());
    }

    /** Throws a {@link Problem} if the archive is known to ignore a key of {@code query}, or its order. */
    static void check(Query query) {
        Level level = query.searched();
        if (level != null
                && level.compareTo(Level.INSTANCES) <= 0
                && query.archive().isDcm4chee()) {
            KeyRules rules = new KeyRules(query);
            for (Query.Parameter parameter : query.parameters()) {
                rules.check(parameter);
            }
        }
    }

    /** Asks the archive of {@code session} for each key that is not certain; {@link Problem} if it ignores one. */
    static void ask(Query query, Session session) {
        if (query.searched() == null || query.archive().aet() == null) {
            return;
        }
        Set<URI> looks = new HashSet<>();
        for (Query request : query.requests()) {
            KeyRules rules = new KeyRules(request);
            for (Query.Parameter parameter : request.parameters()) {
                Query look = rules.isUncertain(parameter.name()) ? rules.look(parameter) : null;
                if (look != null && looks.add(look.countAddress()) && isAnythingFound(look, session)) {
                    throw rules.ignored(parameter);
                }
            }
        }
    }

    private void check(Query.Parameter parameter) {
        String name = MatchingKey.keyword(parameter.name());
        switch (name) {
            case "orderby" -> checkOrder(parameter);
            case "merged", "onlyWithStudies" -> require(level == Level.PATIENTS, parameter, "only patients have it");
            case "modified", "allmodified" ->
                require(query.isList(), parameter, "only lists have it: leave out /count");
            case "allOfModalitiesInStudy" ->
                require(
                        level != Level.PATIENTS
                                && !query.values("ModalitiesInStudy").isEmpty(),
                        parameter,
                        "it counts only beside ModalitiesInStudy");
            case "SeriesNumber", "InstanceNumber" -> checkNumber(parameter, MatchingKey.named(name));
            default -> checkLevel(parameter, MatchingKey.named(name));
        }
    }

    // A site can have other attributes matched (facts G1): about those the archive itself is asked.
    private void checkLevel(Query.Parameter parameter, MatchingKey key) {
        if (key != null && !key.isMatchedAt(level)) {
            boolean isAsked =
                    !key.isStandard() && !key.hasFewValues() && query.archive().aet() != null;
            require(isAsked, parameter, null);
        }
    }

    // The archive ignores ranges, wildcards and letters here.
    private void checkNumber(Query.Parameter parameter, MatchingKey key) {
        checkLevel(parameter, key);
        List<String> values = parameter.values();
        for (String value : values) {
            if (!isInteger(value) && !(value.equals("*") && values.size() == 1)) {
                throw Problem.usage(
                        parameter.shownName() + " cannot be '" + Query.shown(value) + "'",
                        "a single whole number, or * alone: the archive ignores anything else and returns everything");
            }
        }
    }

    private static boolean isInteger(String text) {
        try {
            Integer.parseInt(text);
            return true;
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private void checkOrder(Query.Parameter parameter) {
        List<String> sorted = MatchingKey.sortedAt(level);
        for (String value : parameter.values()) {
            String name = QueryRules.ordered(value);
            if (!name.isEmpty() && !sorted.contains(MatchingKey.keyword(name))) {
                String near = Nearest.to(name, sorted);
                throw Problem.usage(
                        "the archive does not sort " + level.segment() + " by " + Query.shown(name),
                        (near == null ? "" : "did you mean " + near + "? ") + "it sorts them by "
                                + String.join(", ", sorted));
            }
        }
    }

    private void require(boolean isMatched, Query.Parameter parameter, String hint) {
        if (!isMatched) {
            Problem ignored = ignored(parameter);
            throw hint == null ? ignored : Problem.usage(ignored.getMessage(), hint);
        }
    }

    private Problem ignored(Query.Parameter parameter) {
        return Problem.usage(
                "the archive does not match " + parameter.shownName() + " at this level: it would return everything",
                meant(parameter));
    }

    private String meant(Query.Parameter parameter) {
        String name = MatchingKey.keyword(parameter.name());
        MatchingKey key = MatchingKey.named(name);
        String value = "=" + quoted(Query.shown(String.join(",", parameter.values())));
        if (level == Level.STUDIES && name.equals("Modality")) {
            return "write ModalitiesInStudy" + value;
        }
        if (level == Level.STUDIES && name.equals("SOPClassUID")) {
            return "write SOPClassesInStudy" + value;
        }
        if (key != null && !key.isMatchedAt(level)) {
            String right = key.level().segment();
            return "ask " + right + ": arcget " + right + " -q " + name + value;
        }
        return "leave it out and select from the rows, for example with -f csv --columns " + parameter.shownName();
    }

    /** {@code text} as a shell takes it for one word. */
    private static String quoted(String text) {
        return text.matches("[\\p{L}\\p{Nd}._,:/-]*") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private boolean isUncertain(String typed) {
        MatchingKey key = MatchingKey.named(MatchingKey.keyword(typed));
        boolean isCertain =
                key != null && key.isStandard() && level.compareTo(Level.INSTANCES) <= 0 && key.isMatchedAt(level);
        return key == null || key.level() != null && !key.hasFewValues() && !isCertain;
    }

    /** The query with a value for {@code parameter} that nothing has. */
    private Query look(Query.Parameter parameter) {
        String absent = absent(QueryRules.vrOf(parameter.name()));
        List<Query.Parameter> others = new ArrayList<>();
        others.add(new Query.Parameter(parameter.rawName(), absent));
        others.addAll(query.without(parameter.name()).parameters());
        return query.with(others);
    }

    private static boolean isAnythingFound(Query look, Session session) {
        try (Session.Reply reply = session.ask("GET", look.countAddress(), null, null)) {
            long count = reply.response().status() == 404 ? -1 : Paging.counted(reply.success());
            if (count >= 0) {
                return count > 0;
            }
        }
        // An AE without the service QIDO_COUNT has no counts.
        try (Response response = session.get(look.firstAddress(), null)) {
            return Paging.hasMore(response, 0);
        }
    }

    /** A value with this representation that nothing has; with another one even a matched key would be ignored. */
    private static String absent(String vr) {
        return switch (vr) {
            case "UI" -> "1.2.3.4.5.6.7.8.9";
            case "DA" -> "10010101";
            case "TM" -> "040302.987654";
            case "DT" -> "10010101000000";
            case "IS", "DS", "SL", "SV", "FL", "FD" -> "-2147483647";
            case "SS" -> "-32767";
            case "US", "UL", "UV" -> "65535";
            default -> "zzz-nothing-has-this";
        };
    }
}
