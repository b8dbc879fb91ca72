//SOURCES Attribute.java Request.java Response.java StudyIndex.java

package lib.sandbox;

import java.util.Map;

/**
 * The header fields by which a client asks whether something changed (wire/captures.md F7, G19). Nothing ever does.
 *
 * @param tag the ETag
 */
record Validators(String tag) {
    private static final String LAST_MODIFIED = "Sun, 22 Nov 2026 17:39:29 GMT";

    /** Those of a study, series or instance. */
    static Validators of(StudyIndex.Item item) {
        Attribute uid = Attribute.keyword(
                switch (item.level()) {
                    case INSTANCE -> "SOPInstanceUID";
                    case SERIES -> "SeriesInstanceUID";
                    default -> "StudyInstanceUID";
                });
        return new Validators('"' + Integer.toString(item.value(uid).hashCode() & 0x7FFFFFFF) + '"');
    }

    /** Whether the client has the current version already. */
    boolean match(Request request) {
        String known = request.header("If-None-Match");
        return known == null
                ? LAST_MODIFIED.equals(request.header("If-Modified-Since"))
                : known.equals("*") || known.contains(tag);
    }

    /** The answer if it has. */
    Response notModified() {
        return Response.empty(304).with("ETag", tag);
    }

    /** {@code response} with these fields. */
    Response on(Response response) {
        return response.with(Map.of("ETag", tag, "Last-Modified", LAST_MODIFIED, "Accept-Ranges", "none"));
    }
}
