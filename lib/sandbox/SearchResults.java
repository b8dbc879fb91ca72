//SOURCES ../json/Json.java ../json/JsonNumber.java Attribute.java Search.java StudyIndex.java

package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.json.Json;
import lib.json.JsonNumber;

/**
 * Search results in the archive's three forms (facts.md B5, C1).
 *
 * @param search what was asked for
 * @param items what was found
 * @param rs the URL of the web application, as RetrieveURL begins
 */
record SearchResults(Search search, List<StudyIndex.Item> items, String rs) {
    private static final String[] GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};
    private static final String[] COMPONENTS = {"FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"};

    void writeJson(OutputStream out) throws IOException {
        String before = "[";
        for (StudyIndex.Item item : items) {
            Map<String, Object> json = new LinkedHashMap<>();
            for (Map.Entry<Attribute, String> member : members(item).entrySet()) {
                Map<String, Object> value = new LinkedHashMap<>();
                value.put("vr", member.getKey().vr());
                if (!member.getValue().isEmpty()) {
                    value.put("Value", jsonValues(member.getKey().vr(), member.getValue()));
                }
                json.put(member.getKey().tag(), value);
            }
            write(out, before + Json.compact(json));
            before = ",";
        }
        write(out, "]");
    }

    void writeCsv(OutputStream out, char delimiter) throws IOException {
        String header = "";
        for (StudyIndex.Item item : items) {
            StringBuilder names = new StringBuilder();
            StringBuilder row = new StringBuilder();
            for (Map.Entry<Attribute, String> member : members(item).entrySet()) {
                Attribute attribute = member.getKey();
                if (!attribute.vr().equals("UR") && !attribute.vr().equals("SQ")) {
                    String text = member.getValue();
                    if (!attribute.keyword().equals("ModalitiesInStudy")) {
                        text = text.split("\\\\")[0];
                    }
                    names.append(names.isEmpty() ? "" : delimiter).append(quoted(attribute.keyword()));
                    row.append(row.isEmpty() ? "" : delimiter).append(text.isEmpty() ? "" : quoted(text));
                }
            }
            write(out, (header.isEmpty() ? names + "\r\n" : "") + row + "\r\n");
            header = "written";
        }
    }

    void writeXml(OutputStream out, String boundary) throws IOException {
        for (StudyIndex.Item item : items) {
            StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
            xml.append("<NativeDicomModel xml:space=\"preserve\">");
            for (Map.Entry<Attribute, String> member : members(item).entrySet()) {
                Attribute attribute = member.getKey();
                xml.append("<DicomAttribute keyword=\"").append(attribute.keyword());
                xml.append("\" tag=\"")
                        .append(attribute.tag())
                        .append("\" vr=\"")
                        .append(attribute.vr());
                xml.append("\">")
                        .append(xmlValues(attribute.vr(), member.getValue()))
                        .append("</DicomAttribute>");
            }
            xml.append("</NativeDicomModel>");
            write(out, "--" + boundary + "\r\nContent-Type: application/dicom+xml\r\n\r\n" + xml + "\r\n");
        }
        write(out, "--" + boundary + "--");
    }

    private Map<Attribute, String> members(StudyIndex.Item item) {
        Map<Attribute, String> members = new LinkedHashMap<>();
        for (Attribute attribute : Attribute.BY_TAG.values()) {
            String value = attribute.level() == Attribute.Level.ANY ? common(attribute, item) : null;
            if (search.returns(attribute) && (value != null || attribute.level() != Attribute.Level.ANY)) {
                value = value == null ? item.value(attribute) : value;
                if (!value.isEmpty() || !search.leavesOutEmpty()) {
                    members.put(attribute, value);
                }
            }
        }
        return members;
    }

    // The patient level has no place to retrieve from; null leaves the attribute out.
    private String common(Attribute attribute, StudyIndex.Item item) {
        boolean patient = item.level() == Attribute.Level.PATIENT;
        return switch (attribute.keyword()) {
            case "RetrieveAETitle" -> patient ? "" : "DCM4CHEE";
            case "InstanceAvailability" -> patient ? "" : "ONLINE";
            case "RetrieveURL" -> patient ? null : rs + path(item);
            default -> item.value(attribute);
        };
    }

    private static String path(StudyIndex.Item item) {
        String path = "/studies/" + item.value("StudyInstanceUID");
        if (item.level().compareTo(Attribute.Level.SERIES) >= 0) {
            path += "/series/" + item.value("SeriesInstanceUID");
        }
        return item.level() == Attribute.Level.INSTANCE ? path + "/instances/" + item.value("SOPInstanceUID") : path;
    }

    private static List<Object> jsonValues(String vr, String text) {
        List<Object> values = new ArrayList<>();
        for (String value : text.split("\\\\")) {
            switch (vr) {
                case "PN" -> {
                    Map<String, Object> name = new LinkedHashMap<>();
                    String[] groups = value.split("=");
                    for (int i = 0; i < groups.length; i++) {
                        name.put(GROUPS[i], groups[i]);
                    }
                    values.add(name);
                }
                case "US" -> values.add(new JsonNumber(value));
                default -> values.add(value);
            }
        }
        return values;
    }

    private static String xmlValues(String vr, String text) {
        StringBuilder xml = new StringBuilder();
        int number = 0;
        for (String value : text.isEmpty() ? new String[0] : text.split("\\\\")) {
            String tag = vr.equals("PN") ? "PersonName" : "Value";
            xml.append('<').append(tag).append(" number=\"").append(++number).append("\">");
            xml.append(vr.equals("PN") ? xmlName(value) : escaped(value))
                    .append("</")
                    .append(tag)
                    .append('>');
        }
        return xml.toString();
    }

    private static String xmlName(String name) {
        StringBuilder xml = new StringBuilder();
        String[] groups = name.split("=");
        for (int i = 0; i < groups.length; i++) {
            xml.append('<').append(GROUPS[i]).append('>');
            String[] parts = groups[i].split("\\^");
            for (int j = 0; j < parts.length; j++) {
                xml.append('<').append(COMPONENTS[j]).append('>').append(escaped(parts[j]));
                xml.append("</").append(COMPONENTS[j]).append('>');
            }
            xml.append("</").append(GROUPS[i]).append('>');
        }
        return xml.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
