//SOURCES Answers.java ApplicationEntities.java Attribute.java Call.java DicomFile.java Holdings.java Response.java
//SOURCES Retrieval.java Routes.java StudyIndex.java

package lib.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/** WADO-URI: one object, as a DICOM file (wire/captures.md H, M9; facts.md B6). */
record WadoUri(ApplicationEntities entities, Holdings holdings) {
    private static final String DICOM = "application/dicom";

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
        return Retrieval.found(entities, holdings, object, "WADO_URI", (item, instances) -> {
            StudyIndex.Item instance = instances.getFirst();
            if (holdings.isLost(instance)) {
                String path = Holdings.path(instance);
                return Response.text(500, "application/octet-stream", path + path);
            }
            String asked = call.parameter("transferSyntax");
            String syntax = asked == null || asked.equals("*") ? DicomFile.EXPLICIT : asked;
            return Response.streamed(
                    200, DICOM + ";transfer-syntax=" + syntax, holdings.file(instance, syntax)::writeTo);
        });
    }
}
