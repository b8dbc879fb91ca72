//SOURCES ../base/Printable.java ../base/Problem.java Instance.java

package lib.download;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import lib.base.Printable;
import lib.base.Problem;

/**
 * A path to download, taken apart.
 *
 * @param uri where it is
 * @param level of what is meant: studies, series or instances
 * @param study the Study Instance UID in it, or null
 * @param series the Series Instance UID in it, or null
 * @param instance the SOP Instance UID in it, or null
 * @param searches whether it stands for what a search finds
 */
record Address(URI uri, String level, String study, String series, String instance, boolean searches) {
    private static final String[] LEVELS = {"studies", "series", "instances"};

    /**
     * What {@code uri} names or searches below the DICOMweb root {@code root}; {@link Problem} if that is no objects.
     */
    static Address of(URI uri, String root, String typed) {
        String base = URI.create(root).getRawPath() + "/";
        String path = uri.getRawPath();
        String[] names = path.startsWith(base) ? path.substring(base.length()).split("/", -1) : new String[] {""};
        if (names.length % 2 == 1 && names.length > 1 && names[names.length - 1].isEmpty()) {
            // Of one object, as shells complete it; the address is not asked for as it stands.
            names = Arrays.copyOf(names, names.length - 1);
        }
        boolean searches = names.length % 2 == 1;
        boolean isKnown = names.length <= 6;
        String[] uids = new String[3];
        int level = -1;
        for (int i = 0; i < names.length && isKnown; i++) {
            if (i % 2 == 1) {
                uids[level] = names[i];
                isKnown = Instance.isUid(names[i]);
            } else {
                int next = List.of(LEVELS).indexOf(names[i]);
                // Only a search may leave a level out, in the middle or at the beginning.
                isKnown = next > level && (next == level + 1 || i == names.length - 1 && searches);
                level = next;
            }
        }
        if (!isKnown) {
            throw Problem.usage(
                    "--download cannot be of " + Printable.cut(typed, 80),
                    "name studies/UID, studies/UID/series/UID, one of its instances, or a search such as studies");
        }
        if (!searches && uri.getRawQuery() != null) {
            throw Problem.usage(
                    "a query with " + Printable.cut(typed, 80) + ", which names one object",
                    "search by studies, series or instances; or leave the query away");
        }
        return new Address(uri, LEVELS[level], uids[0], uids[1], uids[2], searches);
    }
}
