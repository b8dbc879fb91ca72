//SOURCES ../base/Destination.java ../json/JsonElements.java ../json/JsonOutput.java ../json/MalformedJson.java
//SOURCES ../json/SecretMembers.java Report.java

package lib.arc;

import lib.base.Destination;
import lib.json.JsonElements;
import lib.json.JsonOutput;
import lib.json.MalformedJson;
import lib.json.SecretMembers;

/** An answer as one JSON value and a newline: an array of all elements, or the one value that is no array. */
final class JsonReport extends Report {
    private final JsonOutput out;
    private boolean begun;
    private boolean isArray = true;
    private boolean ended;

    JsonReport(Destination destination, boolean forPeople, SecretMembers secrets) {
        out = new JsonOutput(destination, forPeople, secrets);
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
        ended = true;
    }

    @Override
    public void close() {
        // What breaks off ends its line, so that the next answer has one of its own.
        if (begun && !ended) {
            out.newLine();
        }
        out.close();
    }
}
