//SOURCES ../json/Json.java Call.java DataSet.java DicomFile.java Holdings.java MediaTypes.java Multipart.java
//SOURCES Response.java Retrieval.java Routes.java SearchResults.java Selection.java StudyIndex.java

package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import lib.json.Json;

/** WADO-RS metadata: data sets with a link in place of the pixel data (wire/captures.md F, M5). */
record Metadata(Selection selection, Holdings holdings) {
    private static final String XML = "application/dicom+xml";

    void addTo(Routes routes) {
        for (String path : Retrieval.PATHS) {
            routes.add(path + "/metadata", this::metadata);
        }
    }

    private Response metadata(Call call) {
        MediaTypes accepted = MediaTypes.of(call.request());
        boolean json = accepted.accept("application/dicom+json") || accepted.accept("application/json");
        if (!json && !accepted.acceptMultipart(XML)) {
            return Response.empty(406);
        }
        return selection.answer(call, "WADO_RS", instances -> {
            String missing = selection.missing(instances);
            if (missing != null) {
                return trace(missing);
            }
            return json
                    ? Response.streamed(200, "application/dicom+json", out -> writeJson(out, call, instances))
                    : Multipart.of(
                            XML,
                            "",
                            instances,
                            instance -> new Multipart.Part(null, XML, out -> write(out, xml(call, instance))));
        });
    }

    private void writeJson(OutputStream out, Call call, List<StudyIndex.Item> instances) throws IOException {
        String before = "[";
        for (StudyIndex.Item instance : instances) {
            String link = call.webApplication() + SearchResults.path(instance);
            String pixelData = ",\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":" + Json.compact(link) + "}";
            write(out, before + dataSet(instance).json(pixelData));
            before = ",";
        }
        write(out, "]");
    }

    private String xml(Call call, StudyIndex.Item instance) {
        String link = call.webApplication() + SearchResults.path(instance);
        return dataSet(instance)
                .xml("<DicomAttribute keyword=\"PixelData\" tag=\"7FE00010\" vr=\"OW\"><BulkData uri=\"" + link
                        + "\"/></DicomAttribute>");
    }

    private DataSet dataSet(StudyIndex.Item instance) {
        return holdings.file(instance, DicomFile.EXPLICIT).dataSet();
    }

    private static Response trace(String path) {
        StringWriter trace = new StringWriter();
        new NoSuchFileException(path).printStackTrace(new PrintWriter(trace));
        return Response.streamed(500, "text/plain;charset=UTF-8", out -> write(out, trace.toString()));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
