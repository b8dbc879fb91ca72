//SOURCES Answers.java ApplicationEntities.java Call.java Holdings.java Response.java StudyIndex.java Validators.java

package lib.sandbox;

import java.util.List;

/** Finds the instances that a path names, as far as its caller may have them. */
record Selection(ApplicationEntities entities, Holdings holdings) {

    /** Makes an answer of what was found. */
    @FunctionalInterface
    interface Form {
        /** The answer about {@code instances}, of which there is one at least. */
        Response of(List<StudyIndex.Item> instances);
    }

    /**
     * The answer that {@code form} makes, or why there is none: refused, not found, not modified.
     *
     * @param call whose segments name a study, series or instance
     * @param service the service class that its web application must have
     * @param form what makes an answer of the instances
     */
    Response answer(Call call, String service, Form form) {
        Response refusal = entities.refusal(call, service);
        if (refusal != null) {
            return refusal;
        }
        StudyIndex.Item item = entities.of(call).hides() ? null : holdings.find(call.uids());
        List<StudyIndex.Item> instances = item == null ? List.of() : Holdings.instances(item);
        if (instances.isEmpty()) {
            return Answers.noMatches();
        }
        Validators validators = Validators.of(item);
        if (validators.match(call.request())) {
            return validators.notModified();
        }
        Response response = form.of(instances);
        boolean bare = response.status() == 404
                || response.status() == 406
                || response.status() == 500
                        && !response.headers().get("Content-Type").startsWith("multipart");
        return bare ? response : validators.on(response);
    }

    /** The first file that is missing among those of {@code instances}, as a path on the server; null if none is. */
    String missing(List<StudyIndex.Item> instances) {
        for (StudyIndex.Item instance : instances) {
            if (holdings.isLost(instance)) {
                return Holdings.path(instance);
            }
        }
        return null;
    }

    /** The answer about a file that is missing, where no multipart was begun (wire/captures.md M6, M9). */
    static Response lost(String path) {
        return Response.text(500, "application/octet-stream", path + path);
    }
}
