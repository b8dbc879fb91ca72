//SOURCES ../base/Printable.java ../base/Problem.java Archive.java Level.java QueryRules.java

package lib.arc;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lib.base.Printable;
import lib.base.Problem;

/** A resource to ask for, with its query taken apart and found to be one that the archive does not misread. */
public final class Query {
    private static final String COUNT = "/count";

    private final Archive archive;
    private final URI resource;
    private final String path;
    private final List<Parameter> parameters;

    /**
     * A query parameter.
     *
     * @param rawName its name as it is sent
     * @param rawValue its value as it is sent
     */
    record Parameter(String rawName, String rawValue) {
        String name() {
            return decode(rawName);
        }

        /** The values that it has: a comma that is not encoded separates them. */
        List<String> values() {
            List<String> values = new ArrayList<>();
            int end;
            for (int start = 0; start <= rawValue.length(); start = end + 1) {
                int comma = rawValue.indexOf(',', start);
                end = comma < 0 ? rawValue.length() : comma;
                values.add(decode(rawValue.substring(start, end)));
            }
            return values;
        }
    }

    private Query(Archive archive, URI resource, List<Parameter> parameters) {
        this.archive = archive;
        this.resource = resource;
        this.path = below(archive, resource);
        this.parameters = parameters;
    }

    /**
     * The query that {@code resource} is, which is the archive's; {@link Problem} if it says something else than was
     * meant, with the right spelling.
     *
     * @param limit how many results are wanted at most, or null
     * @param offset how many results are passed over, or null
     */
    public static Query of(Archive archive, URI resource, String limit, String offset) {
        Query query = new Query(archive, resource, parse(resource.getRawQuery()))
                .narrowed("limit", limit)
                .narrowed("offset", offset);
        QueryRules.check(query);
        return query;
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

    /** The address of the resource, as it was given. */
    public URI resource() {
        return resource;
    }

    /** The collection that is searched or counted, or null if it is none of QIDO-RS. */
    Level collection() {
        return Level.searchedAt(isCount() ? path.substring(0, path.length() - COUNT.length()) : path);
    }

    /** Whether a number is asked for. */
    boolean isCount() {
        return path.endsWith(COUNT);
    }

    /**
     * Whether this is a collection that comes as JSON and can so be put together page by page.
     *
     * @param type the media type that is asked for, or null for the archive's own choice
     */
    public boolean isPageable(String type) {
        List<String> overriding = values("accept");
        String wanted = overriding.isEmpty() ? type : overriding.getFirst();
        boolean isJson = wanted == null || wanted.equals("*/*") || wanted.contains("json");
        return isJson && !isCount() && collection() != null;
    }

    /** The path below the DICOMweb root; of what is elsewhere the path below the archive, with a slash in front. */
    String path() {
        return path;
    }

    Archive archive() {
        return archive;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** The values of the parameters called {@code name} as they are sent, with commas between them. */
    String raw(String name) {
        StringBuilder raw = new StringBuilder();
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                raw.append(raw.isEmpty() ? "" : ",").append(parameter.rawValue());
            }
        }
        return raw.toString();
    }

    /** All values of the parameters called {@code name}. */
    List<String> values(String name) {
        List<String> values = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                values.addAll(parameter.values());
            }
        }
        return values;
    }

    /** The same, with {@code name} set to {@code rawValue}, in the place of any that there was. */
    Query with(String name, String rawValue) {
        Query query = without(name);
        query.parameters.add(new Parameter(name, rawValue));
        return query;
    }

    /** The same, without any parameter called {@code name}. */
    Query without(String name) {
        List<Parameter> rest = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (!parameter.name().equals(name)) {
                rest.add(parameter);
            }
        }
        return new Query(archive, resource, rest);
    }

    /** The same, with these attributes in the answer beyond those that come by themselves. */
    public Query including(List<String> names) {
        List<String> included = values("includefield");
        StringBuilder fields = new StringBuilder(raw("includefield"));
        for (String name : names) {
            if (!included.contains(name) && !included.contains("all")) {
                fields.append(fields.isEmpty() ? "" : ",").append(name);
            }
        }
        return fields.isEmpty() ? this : with("includefield", fields.toString());
    }

    /** The same in an order in which one page can begin where another ended: as wanted, and the rest settled. */
    Query ordered() {
        List<String> wanted = values("orderby");
        StringBuilder order = new StringBuilder(raw("orderby"));
        for (String name : collection().order().split(",")) {
            if (!wanted.contains(name) && !wanted.contains("-" + name)) {
                order.append(order.isEmpty() ? "" : ",").append(name);
            }
        }
        return with("orderby", order.toString());
    }

    /** The address to send. */
    public URI address() {
        return address("");
    }

    /** The address of the number of what this finds. */
    URI countAddress() {
        return without("limit")
                .without("offset")
                .without("orderby")
                .without("includefield")
                .without("accept")
                .address(COUNT);
    }

    private URI address(String suffix) {
        StringBuilder address = new StringBuilder();
        String whole = resource.toString();
        int mark = whole.indexOf('?');
        address.append(mark < 0 ? whole : whole.substring(0, mark));
        if (!suffix.isEmpty() && address.charAt(address.length() - 1) == '/') {
            address.setLength(address.length() - 1);
        }
        address.append(suffix);
        char separator = '?';
        for (Parameter parameter : parameters) {
            address.append(separator).append(parameter.rawName()).append('=').append(parameter.rawValue());
            separator = '&';
        }
        return URI.create(address.toString());
    }

    private static String below(Archive archive, URI resource) {
        String path = resource.getRawPath();
        String base = archive.url().getRawPath();
        String root = URI.create(archive.root()).getRawPath() + "/";
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

    /** The parameters of {@code query} as it is sent; null for none. */
    static List<Parameter> parse(String query) {
        List<Parameter> parameters = new ArrayList<>();
        int end;
        for (int start = 0; query != null && start < query.length(); start = end + 1) {
            int ampersand = query.indexOf('&', start);
            end = ampersand < 0 ? query.length() : ampersand;
            int equals = query.indexOf('=', start);
            if (equals >= 0 && equals < end) {
                parameters.add(new Parameter(query.substring(start, equals), query.substring(equals + 1, end)));
            } else if (end > start) {
                parameters.add(new Parameter(query.substring(start, end), ""));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
