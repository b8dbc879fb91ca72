//SOURCES ../json/Json.java

package lib.arc;

import java.util.List;
import java.util.Map;
import lib.json.Json;

/** The collections of QIDO-RS (PS3.18, section 10.6; facts B3), and how their rows are told apart and ordered. */
enum QidoCollection {
    PATIENTS("patients", null, "PatientName,PatientBirthDate,PatientSex"),
    STUDIES("studies", "0020000D", "StudyInstanceUID"),
    SERIES("series", "0020000E", "SeriesInstanceUID"),
    INSTANCES("instances", "00080018", "SOPInstanceUID"),
    MWLITEMS("mwlitems", null, "StudyInstanceUID,ScheduledProcedureStepID"),
    MPPS("mpps", "00080018", "PerformedProcedureStepStartDate,PerformedProcedureStepStartTime,PatientName"),
    WORKITEMS("workitems", "00080018", "ScheduledProcedureStepStartDateTime,PatientName");

    private final String name;
    private final String key;
    private final String order;

    QidoCollection(String name, String key, String order) {
        this.name = name;
        this.key = key;
        this.order = order;
    }

    /** The collection at {@code path} below a DICOMweb root, or null if there is none. */
    static QidoCollection at(String path) {
        String[] steps = path.split("/", -1);
        boolean belowStudy = steps.length == 3 && steps[0].equals("studies");
        boolean belowSeries = steps.length == 5 && steps[0].equals("studies") && steps[2].equals("series");
        for (QidoCollection candidate : values()) {
            if (candidate.name.equals(steps[steps.length - 1])
                    && (steps.length == 1
                            || belowStudy && (candidate == SERIES || candidate == INSTANCES)
                            || belowSeries && candidate == INSTANCES)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * The keywords to order by, so that one page begins where the other ended. The archive orders patients by nothing
     * that is unique, not even by their ID, and procedure steps by their time at best; names that it does not order by
     * it accepts and ignores.
     */
    String order() {
        return order;
    }

    /** What makes {@code row} another one than the rest: its UID where it has one, else all of it. */
    String identity(Object row) {
        Map<String, Object> attribute =
                key == null || !(row instanceof Map<?, ?> members) ? null : Json.asObject(members.get(key));
        List<Object> values = attribute == null ? null : Json.asArray(attribute.get("Value"));
        return values != null && !values.isEmpty() && values.getFirst() instanceof String uid ? uid : Json.compact(row);
    }
}
