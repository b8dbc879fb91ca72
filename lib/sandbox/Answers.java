//SOURCES ../json/Json.java Call.java MediaTypes.java Response.java

package lib.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import lib.json.Json;

/** The forms of answer that the archive's resources have in common (facts.md B7, F7). */
final class Answers {
    private static final String TEXT = "text/plain;charset=UTF-8";

    private Answers() {}

    /** {@code value} with its length, as the counts and small objects come. */
    static Response json(Call call, Object value) {
        return isJson(call) ? Response.json(200, value).with("Cache-Control", "no-cache") : Response.empty(406);
    }

    /** {@code value} in chunks, as lists come. */
    static Response jsonInChunks(Call call, Object value) {
        byte[] json = Json.compact(value).getBytes(StandardCharsets.UTF_8);
        return isJson(call)
                ? Response.streamed(200, "application/json", out -> out.write(json))
                        .with("Cache-Control", "no-cache")
                : Response.empty(406);
    }

    /** A refusal by the archive itself: JSON that is called text. */
    static Response error(int status, String message) {
        return Response.text(status, TEXT, Json.compact(Map.of("errorMessage", message)));
    }

    /** A refusal by bean validation. */
    static Response invalid(String violation) {
        return Response.text(400, TEXT, violation).with("validation-exception", "true");
    }

    /** Nothing that the path names is there. */
    static Response noMatches() {
        return error(404, "No matches found.");
    }

    /** A page of the container. */
    static Response html(int status, String text) {
        return Response.text(status, "text/html;charset=UTF-8", page(text));
    }

    static String page(String text) {
        return "<html><head><title>Error</title></head><body>" + text + "</body></html>";
    }

    private static boolean isJson(Call call) {
        return MediaTypes.of(call.request()).accept("application/json");
    }
}
