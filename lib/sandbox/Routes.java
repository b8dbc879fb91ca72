//SOURCES Answers.java Call.java MediaTypes.java Request.java Response.java Search.java

package lib.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The resources of the archive by their paths. */
final class Routes {
    /** What answers at a path. */
    @FunctionalInterface
    interface Handler {
        /** The answer to {@code call}. */
        Response handle(Call call) throws Search.Invalid;
    }

    private record Route(String[] path, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();

    /** Adds a resource; <code>{x}</code> in {@code path} stands for one segment. */
    void add(String path, Handler handler) {
        routes.add(new Route(path.split("/", -1), handler));
    }

    /** The answer to a request for {@code path} below the context root by somebody with these roles. */
    Response answer(Request request, String path, List<Object> roles) {
        String[] segments = path.replaceFirst("/$", "").split("/", -1);
        for (Route route : routes) {
            Map<String, String> open = match(route.path(), segments);
            if (open != null) {
                return switch (request.method()) {
                    case "GET", "HEAD" -> answer(route, new Call(request, open, roles));
                    case "POST" -> Response.empty(415);
                    default -> Response.empty(405).with("Allow", "HEAD, POST, GET, OPTIONS");
                };
            }
        }
        return Response.empty(404);
    }

    private static Map<String, String> match(String[] route, String[] segments) {
        Map<String, String> open = new LinkedHashMap<>();
        boolean matches = route.length == segments.length;
        for (int i = 0; matches && i < route.length; i++) {
            if (route[i].startsWith("{")) {
                open.put(route[i], Request.decode(segments[i].replace("+", "%2B")));
                matches = !segments[i].isEmpty();
            } else {
                matches = route[i].equals(segments[i]);
            }
        }
        return matches ? open : null;
    }

    // wire/captures.md D49-D52, F5, G20, G21: compressed by the end of the path, whatever is there.
    private static Response answer(Route route, Call call) {
        try {
            Response response = route.handler().handle(call);
            boolean compress = response.status() == 200
                    && call.request().method().equals("GET")
                    && call.request().path().matches(".*/(studies|series|instances|metadata)")
                    && MediaTypes.accepts(call.request().header("Accept-Encoding"), "gzip");
            return compress ? response.gzipped() : response;
        } catch (Search.Invalid e) {
            return Answers.invalid(e.getMessage());
        }
    }
}
