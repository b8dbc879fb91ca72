//SOURCES ../base/Awaited.java ../base/Problem.java ../json/Json.java Instance.java Listing.java Selection.java
//SOURCES StudyRequests.java Transfers.java

package lib.download;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import lib.base.Awaited;
import lib.base.Problem;
import lib.json.Json;

/**
 * The download of one study. Lists it, requests what is not on the disk yet, and requests again what failed for a
 * reason that may pass, as long as another round brings anything.
 */
final class StudyDownload {
    private final Selection selection;
    private final Listing listing;
    private final Transfers transfers;
    private final StudyRequests requests;

    /**
     * The result for one study.
     *
     * @param study the Study Instance UID
     * @param series the number of selected series
     * @param instances the number of selected instances
     * @param downloaded how many of these were downloaded
     * @param skipped how many of these were on the disk before
     * @param bytes the size of the downloaded files
     * @param seconds how long it took, in steps of 0.1 s
     * @param missing the instances that are not on the disk, with the reason
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

    StudyDownload(Selection selection, Listing listing, Transfers transfers) {
        this.selection = selection;
        this.listing = listing;
        this.transfers = transfers;
        this.requests = new StudyRequests(selection.study(), listing, transfers);
    }

    /** Downloads the study; {@link Problem} if the archive does not list it, or if the disk has no space for it. */
    Outcome run() {
        long began = System.nanoTime();
        Map<String, List<Instance>> series = list();
        List<StudyRequests.Request> planned = new ArrayList<>();
        int instances = 0;
        for (Map.Entry<String, List<Instance>> entry : series.entrySet()) {
            instances += entry.getValue().size();
            planned.addAll(requests(entry.getKey(), entry.getValue()));
        }
        int absent = requests.missing().size();
        if (absent > 0 && selection.isWhole()) {
            requireSpace(absent, instances);
        }
        long asked = System.nanoTime();
        requests.send(planned);
        requestAgain(transfers.isAwaySince(asked));
        transfers.progress().done(requests.missing().size());
        if (requests.downloaded() > 0) {
            for (String uid : series.keySet()) {
                transfers.folder().sync(selection.study(), uid);
            }
        }
        double seconds = Math.round((System.nanoTime() - began) / 1e8) / 10.0;
        return new Outcome(
                selection.study(),
                series.size(),
                instances,
                requests.downloaded(),
                instances - absent,
                requests.bytes(),
                seconds,
                requests.missing());
    }

    /** The selected instances by series, requested again while the archive is away or the reason may pass. */
    private Map<String, List<Instance>> list() {
        AtomicLong asked = new AtomicLong();
        for (int times = 1; ; times++) {
            try {
                return Awaited.of(transfers.submit(() -> {
                    // Measured here: while this waited for its thread, others may have seen the archive at work.
                    asked.set(System.nanoTime());
                    transfers.requireToken();
                    return listed();
                }));
            } catch (Problem problem) {
                boolean isAway = transfers.isAwaySince(asked.get());
                boolean isWorthIt =
                        StudyRequests.mayPass(problem) && times <= transfers.retries() && transfers.isKnown();
                if (!isAway && !isWorthIt || transfers.end() != null) {
                    throw problem;
                }
                if (isAway) {
                    transfers.tellAway();
                }
                transfers.rest(times);
            }
        }
    }

    private Map<String, List<Instance>> listed() {
        Map<String, List<Instance>> series = new LinkedHashMap<>();
        Collection<Instance> instances = listing.instances(selection);
        for (Instance instance : instances) {
            series.computeIfAbsent(instance.series(), uid -> new ArrayList<>()).add(instance);
        }
        transfers.progress().listed(selection.announced(), instances.size());
        return series;
    }

    /**
     * The first requests for the series {@code uid}, of which {@code instances} are selected: a single one for all if
     * none of them is on the disk, else one for each that is not.
     */
    private List<StudyRequests.Request> requests(String uid, List<Instance> instances) {
        List<Instance> absent = new ArrayList<>();
        for (Instance instance : instances) {
            if (transfers.folder().holds(instance)) {
                transfers.progress().skipped(1);
            } else {
                absent.add(instance);
                requests.expect(instance);
            }
        }
        if (!selection.isWhole(uid) || absent.size() < 2 || absent.size() < instances.size()) {
            return oneByOne(absent);
        }
        Map<String, Instance> all = new ConcurrentHashMap<>();
        for (Instance instance : absent) {
            all.put(instance.uid(), instance);
        }
        return List.of(new StudyRequests.Request("studies/" + selection.study() + "/series/" + uid, all));
    }

    private static List<StudyRequests.Request> oneByOne(Collection<Instance> instances) {
        List<StudyRequests.Request> each = new ArrayList<>(instances.size());
        for (Instance instance : instances) {
            each.add(new StudyRequests.Request(instance.path(), Map.of(instance.uid(), instance)));
        }
        return each;
    }

    /** {@link Problem} if the disk has no space for {@code absent} of the study's {@code instances}. */
    private void requireSpace(int absent, int instances) {
        long size = requests.studySize();
        if (size > 0) {
            transfers.folder().requireSpace(Math.round((double) size / instances * absent));
        }
    }

    /**
     * Requests what is missing, one by one, until further rounds bring nothing; a single round without retries. Waits
     * for an archive that is away.
     *
     * @param wasAway whether it was away in the first round
     */
    private void requestAgain(boolean wasAway) {
        boolean isAway = wasAway;
        int idle = 0;
        List<Instance> left = requests.worthAsking();
        while (!left.isEmpty() && transfers.end() == null && (idle <= transfers.retries() + 1 || isAway)) {
            if (isAway) {
                transfers.tellAway();
            }
            transfers.rest(idle);
            long asked = System.nanoTime();
            requests.send(oneByOne(left));
            isAway = transfers.isAwaySince(asked);
            int before = left.size();
            left = requests.worthAsking();
            // Any success resets the count: rounds in vain while the archive was away are no reason to give up.
            idle = left.size() < before ? 0 : idle + 1;
        }
    }
}
