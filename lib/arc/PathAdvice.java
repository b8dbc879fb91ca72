//SOURCES ../base/Nearest.java Archive.java Level.java

package lib.arc;

import java.net.URI;
import java.util.List;
import lib.base.Nearest;

/** What somebody may have meant whose path leads to nothing. */
final class PathAdvice {
    /** What is directly below an archive's own address, for who forgets the slash in front (facts B3). */
    private static final List<String> ROOTED = List.of(
            "aes",
            "aets",
            "ctrl",
            "devicename",
            "devices",
            "export",
            "hl7apps",
            "ids",
            "institutions",
            "metrics",
            "modalities",
            "monitor",
            "queue",
            "reject",
            "stgcmt",
            "storage",
            "unique",
            "webapps");

    private static final String BELOW = "without a slash in front it is below /aets/AET/rs, with one below --url";

    private PathAdvice() {}

    /** A hint for who asked {@code archive} for {@code path}, the whole path of an address. */
    static String on(String path, Archive archive) {
        String root = URI.create(archive.root()).getPath() + "/";
        String base = archive.url().getPath();
        boolean isBelowRoot = path.startsWith(root);
        String[] steps = path.substring(isBelowRoot ? root.length() : Math.min(base.length() + 1, path.length()))
                .split("/");
        boolean isCollection = Level.collections().contains(steps[0]);
        if (isBelowRoot && isCollection) {
            return steps.length > 1 && steps[0].equals("studies") && isUid(steps[1])
                    ? "check the UIDs: arcget studies -q StudyInstanceUID=... tells whether the study is there"
                    : "check the path";
        }
        if (archive.aet() == null) {
            return "check the path: it is below --rs";
        }
        if (!isBelowRoot) {
            return isCollection
                    ? "did you mean " + steps[0] + "? without a slash in front it is below /aets/AET/rs"
                    : path.startsWith(base + base + "/")
                            ? "leave out " + base + ": that is in --url"
                            : "check the path";
        }
        if (ROOTED.contains(steps[0])) {
            return "did you mean /" + steps[0] + "? " + BELOW;
        }
        String near = near(steps[0]);
        return near == null ? "check the path: " + BELOW : "did you mean " + near + "?";
    }

    private static String near(String name) {
        for (String collection : Level.collections()) {
            // The singular of a name is farther from it than others are.
            if (name.length() > 3 && collection.startsWith(name.substring(0, name.length() - 1))) {
                return collection;
            }
        }
        return Nearest.to(name, Level.collections());
    }

    private static boolean isUid(String step) {
        return !step.isEmpty() && Character.digit(step.charAt(0), 10) >= 0;
    }
}
