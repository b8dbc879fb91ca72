//SOURCES ../base/Problem.java ../json/Json.java Instance.java

package lib.download;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.json.Json;

/**
 * What came of the download of a study.
 *
 * @param study the Study Instance UID
 * @param series how many series it has, of those that were wanted
 * @param instances how many instances those have
 * @param downloaded how many came
 * @param skipped how many were here before
 * @param bytes the size of the files that came
 * @param seconds how long it took, in tenths of a second
 * @param missing the instances that are not here, and why
 */
record Outcome(
        String study,
        int series,
        int instances,
        int downloaded,
        int skipped,
        long bytes,
        double seconds,
        Map<Instance, Problem> missing) {

    /** One line of JSON, with a newline. */
    String json() {
        List<String> uids = new ArrayList<>(missing.size());
        for (Instance instance : missing.keySet()) {
            uids.add(instance.uid());
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("study", study);
        line.put("series", series);
        line.put("instances", instances);
        line.put("downloaded", downloaded);
        line.put("skipped", skipped);
        line.put("bytes", bytes);
        line.put("seconds", seconds);
        line.put("missing", uids);
        return Json.compact(line) + "\n";
    }
}
