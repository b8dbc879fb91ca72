//SOURCES ../json/Json.java Attribute.java Search.java WebRequest.java WebResponse.java

package lib.sandbox;

import module java.base;
import lib.json.Json;

/** The resources of the archive by their paths. */
final class Routes {
    /** Answers the requests for a path. */
    @FunctionalInterface
    interface Handler {
        /** The answer to {@code call}. */
        WebResponse handle(Call call) throws Search.Invalid;
    }

    private static final String TEXT = "text/plain;charset=UTF-8";

    private record Route(String[] path, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();

    /** Adds a resource; <code>{x}</code> in {@code path} matches one segment. */
    void add(String path, Handler handler) {
        routes.add(new Route(path.split("/", -1), handler));
    }

    /** The answer to a request for {@code path} below the context root, with these roles. */
    WebResponse answer(WebRequest request, String path, List<Object> roles) {
        String[] segments = path.replaceFirst("/$", "").split("/", -1);
        for (Route route : routes) {
            Map<String, String> open = match(route.path(), segments);
            if (open != null) {
                return switch (request.method()) {
                    case "GET", "HEAD" -> answer(route, new Call(request, open, roles));
                    case "POST" -> WebResponse.empty(415);
                    default -> WebResponse.empty(405).with("Allow", "HEAD, POST, GET, OPTIONS");
                };
            }
        }
        return WebResponse.empty(404);
    }

    private static Map<String, String> match(String[] route, String[] segments) {
        Map<String, String> open = new LinkedHashMap<>();
        boolean matches = route.length == segments.length;
        for (int i = 0; matches && i < route.length; i++) {
            if (route[i].startsWith("{")) {
                open.put(route[i], WebRequest.decode(segments[i].replace("+", "%2B")));
                matches = !segments[i].isEmpty();
            } else {
                matches = route[i].equals(segments[i]);
            }
        }
        return matches ? open : null;
    }

    // wire/captures.md D49-D52, F5, G20, G21: the end of the path decides on compression.
    private static WebResponse answer(Route route, Call call) {
        try {
            WebResponse response = route.handler().handle(call);
            boolean compress = response.status() == 200
                    && call.request().method().equals("GET")
                    && call.request().path().matches(".*/(studies|series|instances|metadata)")
                    && acceptsGzip(call);
            return compress ? response.gzipped() : response;
        } catch (Search.Invalid e) {
            return WebResponse.text(400, TEXT, e.getMessage()).with("validation-exception", "true");
        }
    }

    private static boolean acceptsGzip(Call call) {
        String header = call.request().header("Accept-Encoding");
        return header != null && List.of(header.replace(" ", "").split(",")).contains("gzip");
    }

    /** A refusal by the archive itself: JSON with a text type (facts.md F7). */
    static WebResponse error(int status, String message) {
        return WebResponse.text(status, TEXT, Json.compact(Map.of("errorMessage", message)));
    }

    /** A page of the application server. */
    static WebResponse page(int status, String type, String text) {
        return WebResponse.text(
                status, type, "<html><head><title>Error</title></head><body>" + text + "</body></html>");
    }

    /**
     * An authorized request with what its route matched.
     *
     * @param request the request
     * @param segments the variable segments by their names in the route
     * @param roles the roles of its token
     */
    record Call(WebRequest request, Map<String, String> segments, List<Object> roles) {

        /** The context root of the archive. */
        static final String CONTEXT = "/dcm4chee-arc";

        String segment(String name) {
            return segments.get(name);
        }

        /** The UIDs that the path names. */
        Map<Attribute, String> uids() {
            Map<Attribute, String> uids = new LinkedHashMap<>();
            for (String keyword : List.of("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")) {
                String uid = segment("{" + keyword + "}");
                if (uid != null) {
                    uids.put(Attribute.keyword(keyword), uid);
                }
            }
            return uids;
        }

        /** The URL of the web application, with which RetrieveURL begins. */
        String webApplication() {
            return request.origin() + CONTEXT + "/aets/" + segment("{aet}") + "/rs";
        }

        /** What the client accepts, by the parameter {@code accept} or else the header Accept. */
        Accepted accepted() {
            String parameter = request.parameter("accept");
            String text = parameter == null ? request.headers().getOrDefault("Accept", "*/*") : parameter;
            return new Accepted(List.of(text.replace(" ", "").replace("\"", "").split(",")));
        }

        /** {@code value} with a Content-Length, as for counts and small objects. */
        WebResponse json(Object value) {
            return isJson() ? WebResponse.json(200, value).with("Cache-Control", "no-cache") : WebResponse.empty(406);
        }

        /** {@code json} in chunks, as for lists. */
        WebResponse chunked(String json) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            return isJson()
                    ? WebResponse.streamed(200, "application/json", out -> out.write(bytes))
                            .with("Cache-Control", "no-cache")
                    : WebResponse.empty(406);
        }

        private boolean isJson() {
            return accepted().accept("application/json");
        }
    }

    /**
     * What a client accepts.
     *
     * @param ranges the media ranges with their parameters, without blanks and quotes
     */
    record Accepted(List<String> ranges) {

        boolean accept(String type) {
            for (String range : ranges) {
                String name = range.split(";")[0];
                if (name.equals("*/*") || name.equals(type) || name.equals(type.replaceFirst("/.*", "/*"))) {
                    return true;
                }
            }
            return false;
        }

        /** Whether a multipart of {@code type} is accepted, explicitly or because everything is. */
        boolean acceptMultipart(String type) {
            for (String range : ranges) {
                List<String> words = List.of(range.split(";"));
                if (range.startsWith("*/*") || words.contains("multipart/related") && words.contains("type=" + type)) {
                    return true;
                }
            }
            return false;
        }

        /** The value of the parameter {@code name} of any range, or null. */
        String parameter(String name) {
            for (String range : ranges) {
                for (String word : range.split(";")) {
                    if (word.startsWith(name + "=")) {
                        return word.substring(name.length() + 1);
                    }
                }
            }
            return null;
        }
    }
}
