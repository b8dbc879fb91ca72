//SOURCES Attribute.java DataSet.java Multipart.java Response.java Search.java StudyIndex.java

package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Search results in the archive's three forms (facts.md B5, C1).
 *
 * @param search what was asked for
 * @param items what was found
 * @param rs the URL of the web application, as RetrieveURL begins
 */
record SearchResults(Search search, List<StudyIndex.Item> items, String rs) {
    private static final String XML = "application/dicom+xml";

    /** What the archive keeps for itself with a study, and shows who asks for all (wire/captures.md D16). */
    private static final String PRIVATE = """
            77770010 LO DCM4CHEE Archive 5
            77771010 DT 20261122173926.449+0000
            77771011 DT 20261122173926.534+0000
            77771016 LO 1
            77771020 DT 20261122173926.485+0000
            77771021 DT 20261122173926.485+0000
            77771022 DT 20261122173926.485+0000
            77771028 LO fs1
            77771029 UL 676
            7777102A US 160
            7777102D DT 20261122173926.485+0000
            """;

    /** As a JSON array. */
    Response json() {
        return Response.streamed(200, "application/dicom+json", out -> {
            List<Attribute> returned = returned();
            String before = "[";
            for (StudyIndex.Item item : items) {
                write(out, before + dataSet(item, returned).json(""));
                before = ",";
            }
            write(out, "]");
        });
    }

    /** As one XML document a part. */
    Response xml() {
        List<Attribute> returned = returned();
        return Multipart.of(
                XML,
                "",
                items,
                item -> new Multipart.Part(
                        null, XML, out -> write(out, dataSet(item, returned).xml(""))));
    }

    /** As lines of values without URLs and sequences. */
    Response csv(char delimiter) {
        return Response.streamed(200, "text/csv;charset=utf-8", out -> {
            List<Attribute> returned = returned();
            String header = "";
            for (StudyIndex.Item item : items) {
                StringBuilder names = new StringBuilder();
                StringBuilder row = new StringBuilder();
                for (Map.Entry<Attribute, String> member :
                        dataSet(item, returned).elements().entrySet()) {
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
        });
    }

    private List<Attribute> returned() {
        List<Attribute> returned = new ArrayList<>();
        for (Attribute attribute : Attribute.BY_TAG.values()) {
            if (search.returns(attribute)) {
                returned.add(attribute);
            }
        }
        return returned;
    }

    private DataSet dataSet(StudyIndex.Item item, List<Attribute> returned) {
        Map<Attribute, String> elements = new LinkedHashMap<>();
        for (Attribute attribute : returned) {
            String value = attribute.level() == Attribute.Level.ANY ? common(attribute, item) : item.value(attribute);
            if (value != null && (!value.isEmpty() || !search.leavesOutEmpty())) {
                elements.put(attribute, value);
            }
        }
        if (search.leavesOutEmpty() && item.level() == Attribute.Level.STUDY) {
            for (String line : PRIVATE.split("\n")) {
                String[] words = line.split(" ", 3);
                elements.put(new Attribute(words[0], words[0], words[1], Attribute.Level.STUDY, false), words[2]);
            }
        }
        return new DataSet(elements);
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

    /** The path of {@code item} in a web application. */
    static String path(StudyIndex.Item item) {
        String path = "/studies/" + item.value("StudyInstanceUID");
        if (item.level().compareTo(Attribute.Level.SERIES) >= 0) {
            path += "/series/" + item.value("SeriesInstanceUID");
        }
        return item.level() == Attribute.Level.INSTANCE ? path + "/instances/" + item.value("SOPInstanceUID") : path;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
