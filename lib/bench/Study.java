//SOURCES ../sandbox/SampleStudies.java

package lib.bench;

import java.util.ArrayList;
import java.util.List;
import lib.sandbox.SampleStudies;

/**
 * A study to be downloaded, as {@link SampleStudies#one} makes it.
 *
 * @param series the number of its series
 * @param instances the number of instances in each of them
 * @param pixelBytes the size of each of these
 */
record Study(int series, int instances, long pixelBytes) {
    /** Below the archive's DICOMweb root. */
    static final String PATH = "studies/" + SampleStudies.ROOT + 1;

    /** The bytes of all of it, but for a few. */
    long bytes() {
        return series * instances * pixelBytes;
    }

    /** The paths of its series. */
    List<String> seriesPaths() {
        List<String> paths = new ArrayList<>();
        for (int i = 1; i <= series; i++) {
            paths.add(PATH + "/series/" + SampleStudies.ROOT + "1." + i);
        }
        return paths;
    }

    /** The paths of its instances. */
    List<String> instancePaths() {
        List<String> paths = new ArrayList<>();
        for (String path : seriesPaths()) {
            String uid = path.substring(path.lastIndexOf('/') + 1);
            for (int i = 1; i <= instances; i++) {
                paths.add(path + "/instances/" + uid + "." + i);
            }
        }
        return paths;
    }
}
