//SOURCES JsonNumber.java

package lib.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.jr.ob.JacksonJrExtension;
import tools.jackson.jr.ob.api.ExtensionContext;
import tools.jackson.jr.ob.api.ReaderWriterProvider;
import tools.jackson.jr.ob.api.ValueWriter;
import tools.jackson.jr.ob.impl.JSONWriter;

/** Teaches Jackson to write a {@link JsonNumber} as it was read. */
final class JsonNumbers extends JacksonJrExtension implements ValueWriter {
    @Override
    protected void register(ExtensionContext context) {
        context.insertProvider(new ReaderWriterProvider() {
            @Override
            public ValueWriter findValueWriter(JSONWriter writer, Class<?> type) {
                return type == JsonNumber.class ? JsonNumbers.this : null;
            }
        });
    }

    @Override
    public void writeValue(JSONWriter writer, JsonGenerator generator, Object value) {
        generator.writeNumber(((JsonNumber) value).text());
    }

    @Override
    public Class<?> valueType() {
        return JsonNumber.class;
    }
}
