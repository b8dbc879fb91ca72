//SOURCES Answers.java Call.java DicomFile.java Holdings.java Picture.java Response.java Routes.java Selection.java
//SOURCES StudyIndex.java

package lib.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** WADO-URI: one object, as a picture or a DICOM file (wire/captures.md H, M9; facts.md B6). */
record WadoUri(Selection selection, Holdings holdings) {
    private static final String DICOM = "application/dicom";
    private static final List<String> PICTURES = List.of("image/jpeg", "image/png", "image/gif");

    void addTo(Routes routes) {
        routes.add("/aets/{aet}/wado", this::retrieve);
    }

    private Response retrieve(Call call) {
        if (call.parameter("requestType") == null) {
            return Answers.invalid("[PROPERTY]\r[requestType]\r[must not be null]\r[]\r\r");
        }
        Map<String, String> named = new LinkedHashMap<>(call.segments());
        named.put("{study}", call.parameter("studyUID"));
        named.put("{series}", call.parameter("seriesUID"));
        named.put("{instance}", call.parameter("objectUID"));
        Call object = new Call(call.request(), named, call.roles());
        String asked = call.parameter("contentType");
        String type = asked == null ? PICTURES.getFirst() : asked;
        return selection.answer(object, "WADO_URI", instances -> {
            StudyIndex.Item instance = instances.getFirst();
            String missing = selection.missing(List.of(instance));
            if (missing != null) {
                return Selection.lost(missing);
            }
            if (type.equals(DICOM)) {
                return dicom(instance, call.parameter("transferSyntax"));
            }
            if (!PICTURES.contains(type)) {
                return Answers.error(406, "Supported Media Types for UncompressedSingleFrameImage not acceptable");
            }
            Picture picture =
                    Picture.of(holdings.file(instance, DicomFile.EXPLICIT).pixels(), null, null);
            return Response.streamed(200, type, out -> picture.writeTo(out, type));
        });
    }

    private Response dicom(StudyIndex.Item instance, String asked) {
        String syntax = asked == null || asked.equals("*") ? DicomFile.EXPLICIT : asked;
        return Response.streamed(200, DICOM + ";transfer-syntax=" + syntax, holdings.file(instance, syntax)::writeTo);
    }
}
