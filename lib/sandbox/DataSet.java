//SOURCES Attribute.java

package lib.sandbox;

import module java.base;

/**
 * A data set, written as JSON (PS3.18 F) or encoded (PS3.5 7).
 *
 * @param elements the values in the order of the tags; {@code \} separates several values
 */
record DataSet(Map<Attribute, String> elements) {
    private static final String[] GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

    /** As a JSON object, to which more members may be added. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        elements.forEach((attribute, text) -> {
            Map<String, Object> element = new LinkedHashMap<>();
            element.put("vr", attribute.vr());
            if (!text.isEmpty()) {
                List<Object> values = new ArrayList<>();
                for (String value : text.split("\\\\", -1)) {
                    values.add(json(attribute.vr(), value));
                }
                element.put("Value", values);
            }
            json.put(attribute.tag(), element);
        });
        return json;
    }

    private static Object json(String vr, String value) {
        return switch (vr) {
            case "PN" -> {
                String[] groups = value.split("=");
                Map<String, Object> name = new LinkedHashMap<>();
                for (int i = 0; i < groups.length; i++) {
                    name.put(GROUPS[i], groups[i]);
                }
                yield name;
            }
            case "US", "UL" -> Long.valueOf(value);
            default -> value;
        };
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
}
