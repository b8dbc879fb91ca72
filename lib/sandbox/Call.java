//SOURCES Attribute.java Request.java

package lib.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request that was let in.
 *
 * @param request the request
 * @param segments the segments that its route left open, by their names in the route
 * @param roles the roles of its token
 */
record Call(Request request, Map<String, String> segments, List<Object> roles) {

    /** Where the archive's resources are. */
    static final String CONTEXT = "/dcm4chee-arc";

    /** The segment that the route calls {@code name}. */
    String segment(String name) {
        return segments.get(name);
    }

    /** The query parameter {@code name}, several values with commas between; null if there is none. */
    String parameter(String name) {
        List<String> values = request.queryParameters().get(name);
        return values == null ? null : String.join(",", values);
    }

    /** The UIDs that the path names. */
    Map<Attribute, String> uids() {
        Map<Attribute, String> uids = new LinkedHashMap<>();
        put(uids, "StudyInstanceUID", segments.get("{study}"));
        put(uids, "SeriesInstanceUID", segments.get("{series}"));
        put(uids, "SOPInstanceUID", segments.get("{instance}"));
        return uids;
    }

    /** The URL of the web application that was called, as RetrieveURL begins. */
    String webApplication() {
        return request.origin() + CONTEXT + "/aets/" + segment("{aet}") + "/rs";
    }

    private static void put(Map<Attribute, String> uids, String keyword, String uid) {
        if (uid != null) {
            uids.put(Attribute.keyword(keyword), uid);
        }
    }
}
