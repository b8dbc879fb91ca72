//SOURCES ../json/JsonElements.java ../json/JsonOutput.java ../json/MalformedJson.java Report.java

package lib.arc;

import java.io.OutputStream;
import lib.json.JsonElements;
import lib.json.JsonOutput;
import lib.json.MalformedJson;

/** An answer as one compact JSON value a line for each element (NDJSON). */
final class LineReport extends Report {
    private final JsonOutput out;

    LineReport(OutputStream destination) {
        out = new JsonOutput(destination, false);
    }

    @Override
    public void element(JsonElements elements) throws MalformedJson {
        elements.copyTo(out);
        out.newLine();
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void end() {
        out.close();
    }
}
