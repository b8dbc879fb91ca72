//SOURCES Json.java MalformedJson.java Pretty.java

package lib.json;

import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/** Passes JSON on as it comes: checked to its end, made safe for a terminal, and never held whole. */
public final class JsonCopy {
    // A level of a DICOM sequence takes three of JSON, and nothing is held while it is copied.
    private static final int MAX_DEPTH = 500;

    private static final JsonFactory FACTORY = Json.factory(MAX_DEPTH);

    private JsonCopy() {}

    /** Copies the one value in {@code in}, compact or laid out for people, and a newline behind it. */
    public static void copy(InputStream in, OutputStream out, boolean forPeople) throws MalformedJson {
        JSON context = forPeople ? Pretty.of(Json.JACKSON) : Json.JACKSON;
        try (JsonParser parser = FACTORY.createParser(context, in);
                JsonGenerator generator = FACTORY.createGenerator(context, out)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    throw new MalformedJson("empty");
                }
                if (token.isNumeric()) {
                    // As written: 1.10 and -0 stay what they are.
                    generator.writeNumber(parser.getString());
                } else {
                    generator.copyCurrentEventExact(parser);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (depth > 0);
            if (parser.nextToken() != null) {
                throw new MalformedJson("followed by something else");
            }
            generator.writeRaw('\n');
        } catch (StreamConstraintsException e) {
            throw new MalformedJson("nested deeper than " + MAX_DEPTH);
        } catch (JacksonException e) {
            throw new MalformedJson("broken at byte " + e.getLocation().getByteOffset());
        }
    }
}
