//SOURCES Answers.java Call.java DicomFile.java Holdings.java MediaTypes.java Multipart.java Picture.java Response.java
//SOURCES Retrieval.java Routes.java SearchResults.java Selection.java StudyIndex.java

package lib.sandbox;

import java.util.List;

/** WADO-RS pictures, rendered or as thumbnails (wire/captures.md G31-G39, M6). */
record Rendering(Selection selection, Holdings holdings) {
    private static final List<String> RENDERED = List.of("image/jpeg", "image/png", "image/gif");
    private static final List<String> THUMBNAILS = List.of("image/png", "image/jpeg", "image/gif");

    void addTo(Routes routes) {
        for (String path : Retrieval.PATHS) {
            routes.add(path + "/rendered", call -> pictures(call, RENDERED, call.parameter("viewport")));
            routes.add(path + "/thumbnail", this::thumbnail);
        }
    }

    private Response thumbnail(Call call) {
        String viewport = call.parameter("viewport");
        return pictures(call, THUMBNAILS, viewport == null ? "64,64" : viewport);
    }

    private Response pictures(Call call, List<String> types, String viewport) {
        String type = accepted(MediaTypes.of(call.request()), types);
        return selection.answer(call, "WADO_RS", instances -> {
            if (type == null) {
                return Answers.error(406, "Not accepted instances present.");
            }
            String missing = selection.missing(instances.subList(0, 1));
            if (missing != null) {
                return Selection.lost(missing);
            }
            if (instances.size() == 1 || types == THUMBNAILS) {
                return Response.streamed(200, type, picture(call, instances.getFirst(), type, viewport));
            }
            return Multipart.of(
                    type,
                    "",
                    instances,
                    instance -> new Multipart.Part(
                            call.webApplication() + SearchResults.path(instance) + "/rendered",
                            type,
                            holdings.isLost(instance) ? null : picture(call, instance, type, viewport)));
        });
    }

    private Response.Body picture(Call call, StudyIndex.Item instance, String type, String viewport) {
        Picture picture =
                Picture.of(holdings.file(instance, DicomFile.EXPLICIT).pixels(), viewport, call.parameter("window"));
        return out -> picture.writeTo(out, type);
    }

    private static String accepted(MediaTypes accepted, List<String> types) {
        for (String type : types) {
            if (accepted.accept(type) || accepted.acceptMultipart(type)) {
                return type;
            }
        }
        return null;
    }
}
