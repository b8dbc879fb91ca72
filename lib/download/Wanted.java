//SOURCES Instance.java Uid.java

package lib.download;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is wanted of a study: all of it, or some of its series and instances.
 *
 * <p>There may be hundreds of thousands of these at a time. Nearly all are a whole study or a single object of one, so
 * collections that grow are for the others.
 */
final class Wanted {
    private final Uid study;
    private Set<Uid> series = Set.of();
    private Map<Uid, Set<Uid>> instances = Map.of();
    private boolean isWhole;
    private int announced;

    Wanted(Uid study) {
        this.study = study;
    }

    /** The Study Instance UID. */
    String study() {
        return study.toString();
    }

    /** Wants all of it, which is some {@code announced} instances; false if it did already. */
    boolean addAll(int announced) {
        this.announced = Math.max(this.announced, announced);
        boolean isNew = !isWhole;
        isWhole = true;
        return isNew;
    }

    /** Wants a series of it, which is some {@code announced} instances; false if it did already. */
    boolean addSeries(Uid uid, int announced) {
        if (series.contains(uid)) {
            return false;
        }
        series = with(series, uid);
        this.announced += announced;
        return true;
    }

    /** Wants an instance of it; false if it did already. */
    boolean addInstance(Uid ofSeries, Uid uid) {
        Set<Uid> known = instances.getOrDefault(ofSeries, Set.of());
        if (known.contains(uid)) {
            return false;
        }
        Set<Uid> more = with(known, uid);
        if (more != known) {
            instances = with(instances, ofSeries, more);
        }
        announced++;
        return true;
    }

    /** {@code uids} and {@code uid}, in a set that grows only from the second one on. */
    private static Set<Uid> with(Set<Uid> uids, Uid uid) {
        if (uids.isEmpty()) {
            return Set.of(uid);
        }
        Set<Uid> growing = uids;
        if (uids.size() == 1) {
            growing = new LinkedHashSet<>(4);
            growing.addAll(uids);
        }
        growing.add(uid);
        return growing;
    }

    private static Map<Uid, Set<Uid>> with(Map<Uid, Set<Uid>> sets, Uid uid, Set<Uid> set) {
        if (sets.isEmpty() || sets.size() == 1 && sets.containsKey(uid)) {
            return Map.of(uid, set);
        }
        Map<Uid, Set<Uid>> growing = sets;
        if (sets.size() == 1) {
            growing = new LinkedHashMap<>(4);
            growing.putAll(sets);
        }
        growing.put(uid, set);
        return growing;
    }

    /** Whether all of it is wanted. */
    boolean isWhole() {
        return isWhole;
    }

    /** Whether all of the series {@code uid} is wanted. */
    boolean isWhole(String uid) {
        return isWhole || series.contains(Uid.of(uid));
    }

    /** The UIDs of the series of which all is wanted. */
    List<String> series() {
        List<String> uids = new ArrayList<>(series.size());
        for (Uid uid : series) {
            uids.add(uid.toString());
        }
        return uids;
    }

    /** The instances that are wanted by themselves. */
    List<Instance> instances() {
        List<Instance> all = new ArrayList<>();
        String ofStudy = study();
        for (Map.Entry<Uid, Set<Uid>> entry : instances.entrySet()) {
            String ofSeries = entry.getKey().toString();
            for (Uid uid : entry.getValue()) {
                all.add(new Instance(ofStudy, ofSeries, uid.toString()));
            }
        }
        return all;
    }

    /** How many instances that may be, as far as the archive has said. */
    int announced() {
        return announced;
    }
}
