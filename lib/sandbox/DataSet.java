//SOURCES ../json/Json.java Attribute.java

package lib.sandbox;

import module java.base;
import lib.json.Json;

/**
 * A data set, written as JSON (PS3.18 F) or encoded (PS3.5 7).
 *
 * @param elements the values in the order of the tags; {@code \} separates several values
 */
record DataSet(Map<Attribute, String> elements) {
    private static final String[] GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

    /** As a JSON object that ends with the members {@code more}: empty, or beginning with a comma. */
    String json(String more) {
        StringBuilder json = new StringBuilder("{");
        for (Map.Entry<Attribute, String> element : elements.entrySet()) {
            Attribute attribute = element.getKey();
            json.append(json.length() > 1 ? ",\"" : "\"").append(attribute.tag());
            json.append("\":{\"vr\":\"").append(attribute.vr()).append('"');
            if (!element.getValue().isEmpty()) {
                json.append(",\"Value\":[");
                jsonValues(json, attribute.vr(), element.getValue());
                json.append(']');
            }
            json.append('}');
        }
        return json.append(more).append('}').toString();
    }

    /** As bytes in little endian without empty elements; text is UTF-8. */
    byte[] encoded(boolean explicit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<Attribute, String> element : elements.entrySet()) {
            Attribute attribute = element.getKey();
            if (!element.getValue().isEmpty()) {
                byte[] value = value(attribute.vr(), element.getValue());
                header(out, attribute, explicit, value.length);
                out.writeBytes(value);
            }
        }
        return out.toByteArray();
    }

    /** Writes tag, value representation and length; OB and OW have a longer length field. */
    static void header(ByteArrayOutputStream out, Attribute attribute, boolean explicit, long length) {
        number(out, Integer.parseInt(attribute.tag().substring(0, 4), 16), 2);
        number(out, Integer.parseInt(attribute.tag().substring(4), 16), 2);
        boolean isLong = attribute.vr().startsWith("O");
        if (explicit) {
            out.writeBytes(attribute.vr().getBytes(StandardCharsets.US_ASCII));
            number(out, 0, isLong ? 2 : 0);
        }
        number(out, length, explicit && !isLong ? 2 : 4);
    }

    private static void number(ByteArrayOutputStream out, long number, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (number >> 8 * i));
        }
    }

    private static byte[] value(String vr, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (vr) {
            case "US" -> number(out, Integer.parseInt(text), 2);
            case "UL" -> number(out, Long.parseLong(text), 4);
            case "OB" -> number(out, Integer.parseInt(text), 2);
            default -> {
                out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                if (out.size() % 2 != 0) {
                    out.write(vr.equals("UI") ? 0 : ' ');
                }
            }
        }
        return out.toByteArray();
    }

    private static void jsonValues(StringBuilder json, String vr, String text) {
        int from = 0;
        while (from <= text.length()) {
            int to = text.indexOf('\\', from);
            String value = text.substring(from, to < 0 ? text.length() : to);
            json.append(from == 0 ? "" : ",");
            switch (vr) {
                case "PN" -> jsonName(json, value.split("="));
                case "US", "UL" -> json.append(value);
                default -> jsonString(json, value);
            }
            from += value.length() + 1;
        }
    }

    private static void jsonName(StringBuilder json, String[] groups) {
        for (int i = 0; i < groups.length; i++) {
            json.append(i == 0 ? "{\"" : ",\"").append(GROUPS[i]).append("\":");
            jsonString(json, groups[i]);
        }
        json.append('}');
    }

    private static void jsonString(StringBuilder json, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                json.append(Json.compact(text));
                return;
            }
        }
        json.append('"').append(text).append('"');
    }
}
