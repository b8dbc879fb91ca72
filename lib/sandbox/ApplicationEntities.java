//SOURCES Routes.java WebResponse.java

package lib.sandbox;

import module java.base;

/**
 * The application entities of the archive; each title names a web application (facts.md B7, G9).
 *
 * <p>As on the captured archive, AS_RECEIVED delivers at most two results, IOCM_REGULAR_USE refuses a search with more
 * than one match, and IOCM_QUALITY requires the role admin.
 */
final class ApplicationEntities {
    private static final int MOST = 1000;

    /**
     * An application entity; -1 means no limit.
     *
     * @param title its title, case-sensitive
     * @param description what it is for
     * @param services the service classes of its web application
     * @param hides whether it shows only rejected instances, of which the sandbox has none
     * @param most how many results one answer delivers
     * @param bound with more matches it refuses the search
     * @param role the role that may use it; null for all
     */
    record Entity(
            String title, String description, List<String> services, boolean hides, int most, int bound, String role) {}

    private static final List<String> SEARCH = List.of("WADO_RS", "QIDO_RS", "QIDO_COUNT", "DCM4CHEE_ARC_AET");
    private static final Map<String, List<String>> SERVICES = Map.of(
            "DCM4CHEE",
            List.of("WADO_RS", "STOW_RS", "QIDO_RS", "MPPS_RS", "QIDO_COUNT", "DCM4CHEE_ARC_AET"),
            "WORKLIST",
            List.of("MWL_RS", "MPPS_RS", "UPS_RS"));

    private final Map<String, Entity> entities = new TreeMap<>();

    ApplicationEntities() {
        add("AS_RECEIVED", "Retrieve instances as received without hiding rejected instances", false, 2, -1);
        add("DCM4CHEE", "Hide instances rejected for Quality Reasons", false, MOST, -1);
        add("IOCM_EXPIRED", "Only show instances rejected for Data Retention Expired", true, -1, -1);
        add("IOCM_PAT_SAFETY", "Only show instances rejected for Patient Safety Reasons", true, -1, -1);
        add("IOCM_QUALITY", "Only show instances rejected for Quality Reasons", true, -1, -1);
        add("IOCM_REGULAR_USE", "Show instances rejected for Quality Reasons", false, MOST, 1);
        add("IOCM_WRONG_MWL", "Only show instances rejected for Incorrect Modality Worklist Entry", true, -1, -1);
        add("WORKLIST", "Modality and Unified Worklist", true, -1, -1);
    }

    private void add(String title, String description, boolean hides, int most, int bound) {
        String role = title.equals("IOCM_QUALITY") ? "admin" : null;
        List<String> services = SERVICES.getOrDefault(title, SEARCH);
        entities.put(title, new Entity(title, description, services, hides, most, bound, role));
    }

    /** All, sorted by title. */
    synchronized Collection<Entity> all() {
        return List.copyOf(entities.values());
    }

    /** Limits the results of one answer for {@code title}. */
    synchronized void maxResults(String title, int most) {
        entities.computeIfPresent(
                title, (key, e) -> new Entity(title, e.description, e.services, e.hides, most, e.bound, e.role));
    }

    /** The entity that the path names, or null. */
    synchronized Entity of(Routes.Call call) {
        return entities.get(call.segment("{aet}"));
    }

    /**
     * The refusal of {@code service} to {@code call}, or null: first the title is checked, then the service, then the
     * role.
     */
    WebResponse refusal(Routes.Call call, String service) {
        Entity entity = of(call);
        if (entity == null) {
            return Routes.error(404, "No such Application Entity: " + call.segment("{aet}"));
        }
        if (!entity.services().contains(service)) {
            return Routes.error(
                    404,
                    "No Web Application with " + service + "service class found for Application Entity: "
                            + entity.title());
        }
        boolean mayUse = entity.role() == null
                || call.roles().contains(entity.role())
                || call.roles().contains("root");
        return mayUse ? null : WebResponse.empty(403);
    }
}
