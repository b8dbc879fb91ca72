//SOURCES Row.java

package lib.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Downloads against curl, which asks the same server for the same with as many requests at a time.
 *
 * <p>A file of arcget's has its name only once it is on the disk. So curl's row waits for that too where there is a
 * disk; in memory it is the transport alone that counts.
 */
final class DownloadRows {
    private static final String ARCGET = "arcget --token-file \"$@_TOKEN\" -j 4 --download \"$OUT\" \"$STUDY\"";
    private static final String CURL = "curl -Z --parallel-max 4 --cacert \"$@_CACERT\" --output-dir \"$OUT\"";

    static final List<Row> ALL = all();

    private DownloadRows() {}

    private static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (String scheme : List.of("http", "https")) {
            rows.add(large("disk", "LARGE_DISK", scheme, "; sync -d \"$OUT\"/*"));
        }
        for (String scheme : List.of("http", "https")) {
            rows.add(large("memory", "LARGE_MEMORY", scheme, ""));
        }
        String loop = "mkdir \"$OUT\"; while read -r url; do"
                + " curl -K \"$SMALL_OPTIONS\" -o \"$OUT/${url##*.}\" \"$url\" || exit; done <\"$SMALL_URLS\"";
        rows.add(small("http", "a curl for each", loop, 0.2).upTo(3));
        // The disk as a whole: file by file it would take the better part of the time.
        rows.add(small("https", "curl -Z, then sync", curl("SMALL", "https") + "; sync -f \"$OUT\"", null));
        return List.copyOf(rows);
    }

    private static Row large(String target, String folder, String scheme, String sync) {
        String name = "download 4 GB to " + target + ", " + scheme;
        String against = sync.isEmpty() ? "curl -Z" : "curl -Z, then sync";
        String out = out(folder);
        return new Row(name, out + arcget("LARGE", scheme), against, out + curl("LARGE", scheme) + sync, 1.11)
                .after(out + "rm -rf \"$OUT\"; sync -f \"$" + folder + "\"")
                .upTo(5);
    }

    private static Row small(String scheme, String against, String other, Double atMost) {
        String out = out("SMALL_DISK");
        return new Row("download 2,000 small, " + scheme, out + arcget("SMALL", scheme), against, out + other, atMost)
                .after(out + "rm -rf \"$OUT\"; sync -f \"$SMALL_DISK\"");
    }

    private static String out(String folder) {
        return "set -e; OUT=$" + folder + "/out; ";
    }

    private static String arcget(String archive, String scheme) {
        String url = archive + (scheme.equals("http") ? "" : "_HTTPS");
        return "ARC_URL=$" + url + " ARC_CACERT=$" + archive + "_CACERT " + ARCGET.replace("@", archive);
    }

    private static String curl(String archive, String scheme) {
        String config = archive + (scheme.equals("http") ? "" : "_HTTPS") + "_CURL";
        return CURL.replace("@", archive) + " -K \"$" + config + "\"";
    }
}
