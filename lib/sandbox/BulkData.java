//SOURCES Answers.java Call.java DicomFile.java Holdings.java MediaTypes.java Multipart.java Pixels.java Response.java
//SOURCES Retrieval.java Routes.java SearchResults.java Selection.java StudyIndex.java

package lib.sandbox;

import java.util.ArrayList;
import java.util.List;

/** WADO-RS bulk data, which is pixel data here, and frames (wire/captures.md G26-G30, G40, M8). */
record BulkData(Selection selection, Holdings holdings) {
    private static final String TYPE = "application/octet-stream";

    void addTo(Routes routes) {
        for (String path : Retrieval.PATHS) {
            routes.add(path + "/bulkdata", this::all);
            routes.add(path + "/pixeldata", this::all);
        }
        routes.add(Retrieval.PATHS.getLast() + "/bulkdata/7FE00010", this::all);
        routes.add(Retrieval.PATHS.getLast() + "/frames/{frames}", this::frames);
    }

    private Response all(Call call) {
        return answer(call, instances -> {
            String below = call.request().path().replaceFirst(".*(?=/(bulkdata|pixeldata))", "");
            return Multipart.of(TYPE, "", instances, instance -> {
                boolean lost = holdings.isLost(instance);
                String location = call.webApplication() + SearchResults.path(instance) + below;
                return new Multipart.Part(location, TYPE, lost ? null : pixels(instance)::writeTo);
            });
        });
    }

    private Response frames(Call call) {
        return answer(call, instances -> {
            Pixels pixels = pixels(instances.getFirst());
            List<Integer> frames = new ArrayList<>();
            for (String number : call.segment("{frames}").split(",")) {
                if (!number.matches("[1-9]\\d{0,8}") || Integer.parseInt(number) > pixels.frames()) {
                    return Answers.error(404, "No such frame.");
                }
                frames.add(Integer.parseInt(number));
            }
            String location = call.webApplication() + SearchResults.path(instances.getFirst()) + "/frames/";
            return Multipart.of(
                    TYPE,
                    "",
                    frames,
                    number -> new Multipart.Part(location + number, TYPE, out -> out.write(pixels.frame(number - 1))));
        });
    }

    private Response answer(Call call, Selection.Form form) {
        if (!MediaTypes.of(call.request()).acceptMultipart(TYPE)) {
            return Response.empty(406);
        }
        return selection.answer(call, "WADO_RS", instances -> {
            String missing = selection.missing(instances.subList(0, 1));
            return missing == null ? form.of(instances) : Multipart.failed(TYPE, "", missing);
        });
    }

    private Pixels pixels(StudyIndex.Item instance) {
        return holdings.file(instance, DicomFile.EXPLICIT).pixels();
    }
}
