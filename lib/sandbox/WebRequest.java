package lib.sandbox;

import module java.base;

/**
 * A request as received; {@link #toString} omits what may be secret.
 *
 * @param scheme {@code http} or {@code https}
 * @param method the method
 * @param target the request target as sent, decoded as ISO 8859-1
 * @param headers the header fields, case-insensitive
 * @param body the body, or empty
 */
public record WebRequest(String scheme, String method, String target, Map<String, String> headers, byte[] body) {

    /** The path as sent, without the query. */
    public String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** The query as sent, or null if there is none. */
    public String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? null : target.substring(mark + 1);
    }

    /** The header field {@code name}, or null. */
    public String header(String name) {
        return headers.get(name);
    }

    /** Scheme, host and port as the client addresses them. */
    public String origin() {
        return scheme + "://" + headers.getOrDefault("Host", "127.0.0.1");
    }

    /** The form in the body; empty if the body is not a form. Throws IllegalArgumentException on a broken % escape. */
    public Map<String, List<String>> form() {
        String type = headers.getOrDefault("Content-Type", "");
        return type.startsWith("application/x-www-form-urlencoded")
                ? parameters(new String(body, StandardCharsets.UTF_8), false)
                : Map.of();
    }

    /**
     * The query parameter {@code name} of which one value counts: the first, with its commas; null if it is missing.
     */
    String parameter(String name) {
        List<String> values = parameters(query(), false).get(name);
        return values == null ? null : values.getFirst();
    }

    /** The query parameters; as on the archive, an unencoded comma separates values. */
    Map<String, List<String>> queryParameters() {
        return parameters(query(), true);
    }

    private static Map<String, List<String>> parameters(String text, boolean commas) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (text == null) {
            return parameters;
        }
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                String[] sides = pair.split("=", 2);
                List<String> values = parameters.computeIfAbsent(decode(sides[0]), name -> new ArrayList<>());
                String value = sides.length < 2 ? "" : sides[1];
                for (String part : commas ? value.split(",", -1) : new String[] {value}) {
                    values.add(decode(part));
                }
            }
        }
        return parameters;
    }

    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + path();
    }
}
