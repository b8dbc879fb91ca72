//SOURCES Instance.java

package lib.download;

import module java.base;

/** The part of one study to download: all of it, or some of its series and instances. */
final class Selection {
    private final String study;
    // Of hundreds of thousands of whole studies none has these.
    private Set<String> series = Set.of();
    private Set<Instance> instances = Set.of();
    private Set<String> unusable = Set.of();
    private boolean isWhole;
    private int announced;

    Selection(String study) {
        this.study = study;
    }

    /** The Study Instance UID. */
    String study() {
        return study;
    }

    /** Adds the whole study, of {@code announced} instances (0 if unknown); false if it was selected already. */
    boolean addAll(int announced) {
        this.announced = Math.max(this.announced, announced);
        boolean isNew = !isWhole;
        isWhole = true;
        return isNew;
    }

    /** Adds the series {@code uid} of {@code announced} instances (0 if unknown); false if it was selected already. */
    boolean addSeries(String uid, int announced) {
        series = series.isEmpty() ? new LinkedHashSet<>() : series;
        boolean isNew = series.add(uid);
        this.announced += isNew ? announced : 0;
        return isNew;
    }

    /** Adds a single instance of the study; false if it was selected already. */
    boolean addInstance(Instance instance) {
        instances = instances.isEmpty() ? new LinkedHashSet<>() : instances;
        boolean isNew = instances.add(instance);
        announced += isNew ? 1 : 0;
        return isNew;
    }

    /** Adds what is listed under {@code uid}, which cannot be used; null if it has none. */
    void addUnusable(String uid) {
        unusable = unusable.isEmpty() ? new LinkedHashSet<>() : unusable;
        unusable.add(uid == null ? "" : uid);
    }

    /** The UIDs that cannot be used, as they are listed; empty where there is none. */
    Collection<String> unusable() {
        return unusable;
    }

    /** Whether the whole study is selected. */
    boolean isWhole() {
        return isWhole;
    }

    /** Whether the whole series {@code uid} is selected. */
    boolean isWhole(String uid) {
        return isWhole || series.contains(uid);
    }

    /** The UIDs of the series that are selected as a whole. */
    Collection<String> series() {
        return series;
    }

    /** The instances that are selected one by one. */
    Collection<Instance> instances() {
        return instances;
    }

    /** The number of instances selected, as far as the archive has announced it. */
    int announced() {
        return announced;
    }
}
