//SOURCES ../arc/Archive.java ../base/Problem.java Option.java Options.java Settings.java

package lib.cli;

import java.util.List;
import lib.arc.Archive;
import lib.base.Problem;

/** The options that say which archive, and the archive that they name. */
public final class ArchiveOptions {
    private ArchiveOptions() {}

    /** The archive to ask. */
    public static Archive archive(Options given) {
        Option which = given.strongest(List.of(Settings.URL, Settings.RS));
        if (which == null) {
            throw Problem.usage("which archive?", "give --url https://docker-host:8443/dcm4chee-arc, or set ARC_URL");
        }
        return which == Settings.URL
                ? Archive.dcm4chee(given.url(Settings.URL), given.text(Settings.AET))
                : Archive.dicomWeb(given.url(Settings.RS));
    }
}
