//SOURCES ../json/JsonElements.java ../json/JsonOutput.java ../json/MalformedJson.java Report.java

package lib.arc;

import java.io.OutputStream;
import lib.json.JsonElements;
import lib.json.JsonOutput;
import lib.json.MalformedJson;

/** An answer as one JSON value and a newline: an array of all elements, or the one value that is no array. */
final class JsonReport extends Report {
    private final JsonOutput out;
    private boolean begun;
    private boolean isArray = true;

    JsonReport(OutputStream destination, boolean forPeople) {
        out = new JsonOutput(destination, forPeople);
    }

    @Override
    public void element(JsonElements elements) throws MalformedJson {
        if (!begun) {
            isArray = elements.isArray();
            begin();
        }
        elements.copyTo(out);
    }

    private void begin() {
        begun = true;
        if (isArray) {
            out.startArray();
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void end() {
        if (!begun) {
            begin();
        }
        if (isArray) {
            out.endArray();
        }
        out.newLine();
        out.close();
    }
}
