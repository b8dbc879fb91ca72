//SOURCES Instance.java

package lib.download;

import java.util.LinkedHashSet;
import java.util.Set;

/** What is wanted of a study: all of it, or some of its series and instances. */
final class Wanted {
    private final String study;
    private final Set<String> series = new LinkedHashSet<>();
    private final Set<Instance> instances = new LinkedHashSet<>();
    private boolean isWhole;
    private int announced;

    Wanted(String study) {
        this.study = study;
    }

    /** The Study Instance UID. */
    String study() {
        return study;
    }

    /** Wants all of it, which is some {@code announced} instances. */
    void addAll(int announced) {
        this.announced = Math.max(this.announced, announced);
        isWhole = true;
    }

    /** Wants a series of it, which is some {@code announced} instances. */
    void addSeries(String uid, int announced) {
        if (series.add(uid)) {
            this.announced += announced;
        }
    }

    /** Wants an instance of it. */
    void add(Instance instance) {
        if (instances.add(instance)) {
            announced++;
        }
    }

    /** Whether all of it is wanted. */
    boolean isWhole() {
        return isWhole;
    }

    /** The series of which all is wanted. */
    Set<String> series() {
        return series;
    }

    /** The instances that are wanted by themselves. */
    Set<Instance> instances() {
        return instances;
    }

    /** How many instances that may be, as far as the archive has said. */
    int announced() {
        return announced;
    }
}
