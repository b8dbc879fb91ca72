//SOURCES ../base/Destination.java ../json/JsonElements.java ../json/JsonOutput.java ../json/MalformedJson.java
//SOURCES ../json/SecretMembers.java Report.java

package lib.arc;

import lib.base.Destination;
import lib.json.JsonElements;
import lib.json.JsonOutput;
import lib.json.MalformedJson;
import lib.json.SecretMembers;

/** An answer as one compact JSON value a line for each element (NDJSON). */
final class LineReport extends Report {
    private final JsonOutput out;
    private boolean isInside;

    LineReport(Destination destination, SecretMembers secrets) {
        out = new JsonOutput(destination, false, secrets);
    }

    @Override
    public void element(JsonElements elements) throws MalformedJson {
        isInside = true;
        elements.copyTo(out);
        out.newLine();
        isInside = false;
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void end() {}

    @Override
    public void close() {
        if (isInside) {
            out.newLine();
        }
        out.close();
    }
}
