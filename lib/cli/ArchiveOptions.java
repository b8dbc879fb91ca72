//SOURCES ../arc/Archive.java ../base/Problem.java Option.java Options.java Section.java

package lib.cli;

import java.util.List;
import lib.arc.Archive;
import lib.base.Problem;

/** The options that say which archive, and the archive that they name. */
public final class ArchiveOptions {
    public static final Option URL = Option.url("--url", "archive, for example https://docker-host:8443/dcm4chee-arc")
            .setting();
    public static final Option AET = Option.text("--aet", "AET", "application entity title of the archive to ask")
            .setting()
            .defaultsTo("DCM4CHEE");
    public static final Option RS = Option.url("--rs", "any DICOMweb root instead: http://orthanc:8042/dicom-web")
            .setting();

    public static final Section SECTION = Section.of("Archive", URL, AET, RS);

    private ArchiveOptions() {}

    /** The archive to ask. */
    public static Archive archive(Options given) {
        Option which = given.strongest(List.of(URL, RS));
        if (which == null) {
            throw Problem.usage("which archive?", "give --url https://docker-host:8443/dcm4chee-arc, or set ARC_URL");
        }
        return which == URL ? Archive.dcm4chee(given.url(URL), given.text(AET)) : Archive.dicomWeb(given.url(RS));
    }
}
