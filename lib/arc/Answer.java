//SOURCES ../base/Destination.java ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java
//SOURCES ../json/Json.java ../json/JsonElements.java ../json/JsonNumber.java ../json/MalformedJson.java Ending.java
//SOURCES Format.java Report.java

package lib.arc;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import lib.base.Destination;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonElements;
import lib.json.JsonNumber;
import lib.json.MalformedJson;

/**
 * A successful answer of the archive on its way out, streamed.
 *
 * @param response the answer
 * @param format how it is written
 * @param chosen whether the media type was asked for, so that HTML is no surprise
 */
public record Answer(Response response, Format format, boolean chosen) {
    private static final int MOST = 300;

    /** Whether it can be a page of a list: JSON that is to be taken apart, or nothing. */
    boolean isPage() {
        return !format.isRaw() && (response.status() == 204 || isJson(response.mediaType()));
    }

    /**
     * Writes the body to {@code destination}; nothing there is an empty list (facts F3). A {@link Problem} at the end
     * tells what the archive left out.
     *
     * @return whether it says that there is nothing: no content, an empty list, a count of 0
     */
    public boolean writeTo(Destination destination) {
        boolean isEmpty = write(destination);
        Problem gap = gap();
        if (gap != null) {
            throw gap;
        }
        return isEmpty;
    }

    private boolean write(Destination destination) {
        if (response.status() == 204) {
            if (!format.isRaw()) {
                try (Report report = format.report(response.uri())) {
                    report.end();
                }
            }
            return true;
        }
        if (isPage()) {
            return writeElements();
        }
        String type = response.mediaType();
        if (!format.isRaw() && !chosen && type.equals("text/html")) {
            throw htmlPage(response);
        }
        if (format.isForPeople() && !isText(type)) {
            throw Problem.usage("binary data is not written to a terminal", "use -o FILE, or a pipe");
        }
        copy(destination);
        return false;
    }

    private boolean writeElements() {
        boolean isCount = response.uri().getPath().endsWith("/count");
        boolean isEmpty = true;
        try (Report report = format.report(response.uri());
                JsonElements elements = JsonElements.of(response.body())) {
            while (elements.next()) {
                isEmpty = isCount && isZero(Json.asObject(elements.hold()));
                report.element(elements);
            }
            report.end();
            return isEmpty;
        } catch (MalformedJson e) {
            throw senseless(response, "with JSON that is " + e.getMessage(), "to see what came: -f raw");
        }
    }

    private static boolean isZero(Map<String, Object> answer) {
        return answer != null && answer.get("count") instanceof JsonNumber count && count.toLong() == 0;
    }

    /**
     * What the archive left out, as a problem, or null if it is all there: 206 without Content-Range, or Warning: 299
     * (facts B6, F6).
     */
    private Problem gap() {
        String warning = warning(response);
        if (warning != null) {
            return Problem.incomplete("the answer is incomplete: " + warning, "ask for less at a time");
        }
        return response.status() == 206 && response.header("Content-Range") == null
                ? Problem.incomplete("the answer is incomplete (206)", "look into the archive's server.log")
                : null;
    }

    /** What {@code response} says is missing or odd, ready to be shown, or null. */
    static String warning(Response response) {
        String warning = response.joined("Warning");
        boolean isAboutContent = warning != null && (warning.startsWith("299") || warning.contains(", 299"));
        return isAboutContent ? Printable.cut(warning, MOST) : null;
    }

    private void copy(Destination destination) {
        byte[] buffer = new byte[1 << 16];
        Ending ending = Ending.of(response);
        try (InputStream body = response.body()) {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                destination.write(buffer, 0, count);
                if (ending != null) {
                    ending.pass(buffer, count);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a body throws problems", e);
        }
        if (ending != null && !ending.hasCome()) {
            // Half a ZIP can be opened by nobody, and would look like a whole one.
            destination.spoil();
            throw Problem.incomplete(
                    "the answer of " + Http.authority(response.uri()) + " ended without " + ending.name(),
                    "look into the archive's server.log: a stored file may be missing; --download gets the others");
        }
    }

    /** The problem that {@code response} is a page for people: of a login, a proxy or another server. */
    static Problem htmlPage(Response response) {
        return senseless(response, "with an HTML page", "is --url the archive's address? to see the page: -f raw");
    }

    /** The problem that {@code response} came, though whole, {@code with} something that makes no sense. */
    static Problem senseless(Response response, String with, String hint) {
        return Problem.serverFailed(
                Http.authority(response.uri()) + " answered " + response.status() + " " + with, hint);
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || type.endsWith("xml") || type.endsWith("json");
    }
}
