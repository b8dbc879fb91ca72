//SOURCES ../base/Printable.java ../base/Problem.java Alternatives.java Archive.java KeyRules.java Level.java
//SOURCES MatchingKey.java QueryRules.java Session.java

package lib.arc;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;

/**
 * A resource to request, with its query parsed and checked for what the archive would misread.
 *
 * @param archive which archive
 * @param resource the address of the resource, as it was given
 * @param parameters the query, which may differ from that in the address
 */
public record Query(Archive archive, URI resource, List<Parameter> parameters) {
    private static final String COUNT = "/count";
    private static final String SIZE = "studies/size";

    /**
     * A query parameter.
     *
     * @param rawName its name as it is sent
     * @param rawValue its value as it is sent
     */
    public record Parameter(String rawName, String rawValue) {
        String name() {
            return decode(rawName);
        }

        /** Its name, to be shown to a person. */
        String shownName() {
            return shown(name());
        }

        /** Its values: they are separated by commas that are not percent-encoded. */
        List<String> values() {
            List<String> values = new ArrayList<>();
            for (String value : rawValue.split(",", -1)) {
                values.add(decode(value));
            }
            return values;
        }
    }

    /**
     * The query of {@code resource}, which is on the archive's server; {@link Problem} with the correct spelling if the
     * archive would misread it.
     *
     * @param limit the largest number of results, or null
     * @param offset the number of results to skip, or null
     * @param clock tells which day {@code today} is
     */
    public static Query of(Archive archive, URI resource, String limit, String offset, InstantSource clock) {
        Query query = new Query(archive, resource, parse(resource.getRawQuery()))
                .narrowed("limit", limit)
                .narrowed("offset", offset);
        Query checked = QueryRules.checked(query, clock);
        if (checked.hasSeveralValues()) {
            new Alternatives(checked).check();
        }
        return checked;
    }

    /**
     * The requests that this takes, in the order of its values: several where a dcm4chee archive would take only the
     * first of several values of a key; else this one alone.
     */
    List<Query> requests() {
        return hasSeveralValues() ? new Alternatives(this).requests() : List.of(this);
    }

    /** Whether a key of a search in a dcm4chee archive may have several values: with a comma, or given twice. */
    private boolean hasSeveralValues() {
        if (!archive.isDcm4chee() || searched() == null) {
            return false;
        }
        Set<String> keywords = new HashSet<>();
        for (Parameter parameter : parameters) {
            String keyword = MatchingKey.keyword(parameter.name());
            boolean isKey = !keyword.equals("includefield") && !keyword.equals("orderby");
            if (isKey && (parameter.rawValue().indexOf(',') >= 0 || !keywords.add(keyword))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asks the archive whether it matches the keys that are not known to be matched; {@link Problem} if it ignores one,
     * since it would return everything. Without such keys nothing is sent.
     */
    public void requireMatched(Session session) {
        if (!parameters.isEmpty()) {
            KeyRules.ask(this, session);
        }
    }

    private Query narrowed(String name, String number) {
        if (number == null || values(name).equals(List.of(number))) {
            return this;
        }
        if (!values(name).isEmpty()) {
            throw Problem.usage(
                    "--" + name + " " + number + " and " + name + "="
                            + Printable.line(values(name).getFirst()) + " contradict each other",
                    "give one of them");
        }
        return with(name, number);
    }

    /** The collection that is searched or counted, or null if it is not a QIDO-RS collection. */
    Level collection() {
        String path = path();
        return Level.searchedAt(isCount() ? path.substring(0, path.length() - COUNT.length()) : path);
    }

    /** The collection whose attributes are keys here: of a list, a count or a size; null if this is no search. */
    Level searched() {
        return path().equals(SIZE) ? Level.STUDIES : collection();
    }

    /** Whether this lists what is found, instead of its number or size. */
    boolean isList() {
        return collection() != null && !isCount();
    }

    boolean isCount() {
        return path().endsWith(COUNT);
    }

    /** Whether this comes as JSON if {@code type} is asked for, or null for the archive's own choice. */
    boolean isJson(String type) {
        List<String> overriding = values("accept");
        String wanted = overriding.isEmpty() ? type : overriding.getFirst();
        return wanted == null || wanted.equals("*/*") || wanted.contains("json");
    }

    /** All values of the parameters {@code name}. */
    List<String> values(String name) {
        List<String> values = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                values.addAll(parameter.values());
            }
        }
        return values;
    }

    /** A copy in which {@code name} has only the value {@code rawValue}. */
    Query with(String name, String rawValue) {
        Query query = without(name);
        query.parameters.add(new Parameter(name, rawValue));
        return query;
    }

    /** A copy with these parameters instead. */
    Query with(List<Parameter> others) {
        return new Query(archive, resource, others);
    }

    /** A copy without the parameters {@code names}. */
    Query without(String... names) {
        List<String> left = List.of(names);
        List<Parameter> rest = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (!left.contains(parameter.name())) {
                rest.add(parameter);
            }
        }
        return with(rest);
    }

    /** A copy that requests these attributes in addition to those that the archive returns by itself. */
    public Query including(List<String> names) {
        return values("includefield").contains("all") ? this : adding("includefield", names);
    }

    /** A copy with a complete order, so that pages join without gaps: the requested order, then the level's own. */
    Query ordered() {
        return adding("orderby", List.of(collection().order().split(",")));
    }

    /** A copy in which studies come in the order of their dates, the newest first, unless an order is asked for. */
    Query newestFirst() {
        return archive.isDcm4chee()
                        && collection() == Level.STUDIES
                        && values("orderby").isEmpty()
                ? with("orderby", "-StudyDate,-StudyTime")
                : this;
    }

    /** A copy in which {@code name} has these values too; one that is there, in either order, is not repeated. */
    private Query adding(String name, List<String> values) {
        List<String> present = values(name);
        List<String> raw = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                raw.add(parameter.rawValue());
            }
        }
        for (String value : values) {
            if (!present.contains(value) && !present.contains("-" + value)) {
                raw.add(value);
            }
        }
        return raw.isEmpty() ? this : with(name, String.join(",", raw));
    }

    /** The address to send. */
    public URI address() {
        return withParameters(place());
    }

    /** The address that counts the results, of a count or a size too. */
    URI countAddress() {
        return bare().address(COUNT);
    }

    /** The address of the first result alone, of a count or a size too. */
    URI firstAddress() {
        return bare().with("limit", "1").address("");
    }

    /** The list of what this counts, as short as the archive can make it. */
    Query listed() {
        Level level = collection();
        Query list = new Query(archive, bare().address(""), bare().parameters());
        // Of the other collections the archive returns no UID then.
        boolean hasUid = level == Level.STUDIES || level == Level.SERIES || level == Level.INSTANCES;
        return hasUid ? list.with("includedefaults", "false") : list;
    }

    private Query bare() {
        return without("limit", "offset", "orderby", "includefield", "accept");
    }

    /** The address of the collection, with {@code suffix} added to its path. */
    private URI address(String suffix) {
        String place = place();
        if (place.endsWith("/")) {
            place = place.substring(0, place.length() - 1);
        }
        if (isCount() || path().equals(SIZE)) {
            place = place.substring(0, place.lastIndexOf('/'));
        }
        return withParameters(place + suffix);
    }

    /** The address without its query. */
    private String place() {
        String whole = resource.toString();
        int mark = whole.indexOf('?');
        return mark < 0 ? whole : whole.substring(0, mark);
    }

    private URI withParameters(String place) {
        StringBuilder address = new StringBuilder(place);
        char separator = '?';
        for (Parameter parameter : parameters) {
            address.append(separator).append(parameter.rawName()).append('=').append(parameter.rawValue());
            separator = '&';
        }
        return URI.create(address.toString());
    }

    /** The path below the DICOMweb root; for resources elsewhere, the path below the archive with a leading slash. */
    String path() {
        // Decoded, as the archive reads it: stud%69es is searched as well.
        String path = resource.getPath();
        String base = archive.url().getPath();
        String root = URI.create(archive.root()).getPath() + "/";
        String rest = path;
        if (path.startsWith(root)) {
            rest = path.substring(root.length());
        } else if (path.startsWith(base + "/")) {
            rest = path.substring(base.length());
            int rs = rest.startsWith("/aets/") ? rest.indexOf('/', "/aets/".length()) : -1;
            if (rs >= 0 && rest.startsWith("/rs/", rs)) {
                rest = rest.substring(rs + "/rs/".length());
            }
        }
        return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }

    /** The parameters of {@code query}, which is percent-encoded; null for no query. */
    static List<Parameter> parse(String query) {
        List<Parameter> parameters = new ArrayList<>();
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            if (equals >= 0) {
                parameters.add(new Parameter(parameter.substring(0, equals), parameter.substring(equals + 1)));
            } else if (!parameter.isEmpty()) {
                parameters.add(new Parameter(parameter, ""));
            }
        }
        return parameters;
    }

    /** {@code text}, a part of a query, to be shown to a person. */
    static String shown(String text) {
        return Printable.cut(text, 60);
    }

    /** {@code text}, which is percent-encoded, as it was meant. */
    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
