//SOURCES Json.java Pretty.java SecretMembers.java

package lib.json;

import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/**
 * JSON values on their way to {@code out}, piece by piece and never held whole: compact or laid out for people, and
 * safe for a terminal. {@link #close} hands over what is still buffered and leaves {@code out} open.
 */
public final class JsonOutput implements AutoCloseable {
    // A level of a DICOM sequence takes three of JSON, and nothing is held while it is copied.
    static final int MAX_DEPTH = 500;

    static final JsonFactory FACTORY = Json.factory(MAX_DEPTH);

    // Flushing is up to whoever writes: one write to the system for each value would be many.
    private static final JSON VALUES = Json.Writer.JACKSON.without(JSON.Feature.FLUSH_AFTER_WRITE_VALUE);

    private final JsonGenerator generator;
    private final SecretMembers secrets;

    /**
     * @param out where the JSON goes, in UTF-8
     * @param forPeople whether it is laid out, as {@code jq} does it
     * @param secrets what watches the values, or null where none is secret
     */
    public JsonOutput(OutputStream out, boolean forPeople, SecretMembers secrets) {
        this.secrets = secrets;
        JSON context = forPeople ? Pretty.of(Json.Writer.JACKSON) : Json.Writer.JACKSON;
        generator = FACTORY.createGenerator(context, out);
    }

    /** Begins an array, whose elements are the values written until {@link #endArray}. */
    public void startArray() {
        generator.writeStartArray();
    }

    /** Ends the array. */
    public void endArray() {
        generator.writeEndArray();
    }

    /** Ends a line, for what follows a value that is in no array. */
    public void newLine() {
        generator.writeRaw('\n');
    }

    /** Writes {@code value}, as {@link Json} has values. */
    public void write(Object value) {
        VALUES.write(secrets == null ? value : secrets.shown(value), generator);
    }

    /** Hands over what is buffered, and tells {@code out} to do the same. */
    public void flush() {
        generator.flush();
    }

    @Override
    public void close() {
        generator.close();
    }

    void copy(JsonToken token, JsonParser parser) {
        String replacement = secrets == null ? null : secrets.replacement(token, parser);
        if (replacement != null) {
            generator.writeString(replacement);
        } else if (token.isNumeric()) {
            // As written: 1.10 and -0 stay what they are.
            generator.writeNumber(parser.getString());
        } else {
            generator.copyCurrentEventExact(parser);
        }
    }
}
