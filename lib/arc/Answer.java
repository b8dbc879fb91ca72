//SOURCES ../base/Destination.java ../base/Exit.java ../base/Problem.java ../http/Http.java ../http/Response.java
//SOURCES ../json/JsonElements.java ../json/MalformedJson.java Format.java Report.java

package lib.arc;

import java.io.IOException;
import java.io.InputStream;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.JsonElements;
import lib.json.MalformedJson;

/**
 * A successful answer of the archive on its way out, streamed.
 *
 * @param response the answer
 * @param format how it is written
 * @param chosen whether the media type was asked for, so that HTML is no surprise
 */
public record Answer(Response response, Format format, boolean chosen) {

    /**
     * Writes the body to {@code destination}; nothing there is an empty list (facts F3). A {@link Problem} at the end
     * tells what the archive left out.
     */
    public void writeTo(Destination destination) {
        write(destination);
        Problem gap = gap();
        if (gap != null) {
            throw gap;
        }
    }

    private void write(Destination destination) {
        String type = response.mediaType();
        if (response.status() == 204) {
            if (!format.isRaw()) {
                try (Report report = format.report(response.uri())) {
                    report.end();
                }
            }
        } else if (format.isRaw() || !isJson(type)) {
            if (!format.isRaw() && !chosen && type.equals("text/html")) {
                throw senseless("with an HTML page", "is --url the archive's address? to see the page: -f raw");
            }
            if (format.isForPeople() && !isText(type)) {
                throw new Problem(Exit.USAGE, "binary data is not written to a terminal", "use -o FILE, or a pipe");
            }
            copy(destination);
        } else {
            try (Report report = format.report(response.uri());
                    JsonElements elements = JsonElements.of(response.body())) {
                while (elements.next()) {
                    report.element(elements);
                }
                report.end();
            } catch (MalformedJson e) {
                throw senseless("with JSON that is " + e.getMessage(), "to see what came: -f raw");
            }
        }
    }

    /**
     * What the archive left out, as a problem, or null if it is all there: 206 without Content-Range, or Warning: 299
     * (facts B6, F6).
     */
    private Problem gap() {
        String warning = response.header("Warning");
        if (warning != null && warning.startsWith("299")) {
            return new Problem(Exit.INCOMPLETE, "the answer is incomplete: " + warning, "ask for less at a time");
        }
        return response.status() == 206 && response.header("Content-Range") == null
                ? new Problem(Exit.INCOMPLETE, "the answer is incomplete (206)", "look into the archive's server.log")
                : null;
    }

    private void copy(Destination destination) {
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = response.body()) {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                destination.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a body throws problems", e);
        }
    }

    private Problem senseless(String what, String hint) {
        return new Problem(
                Exit.SERVER_FAILED,
                Http.authority(response.uri()) + " answered " + response.status() + " " + what,
                hint);
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || type.endsWith("xml") || type.endsWith("json");
    }
}
