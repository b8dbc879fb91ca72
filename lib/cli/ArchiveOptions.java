//SOURCES ../arc/Archive.java ../arc/Format.java ../arc/Query.java ../base/Destination.java ../base/Io.java
//SOURCES ../base/Problem.java ../base/Screen.java Option.java Options.java Settings.java

package lib.cli;

import module java.base;
import lib.arc.Archive;
import lib.arc.Format;
import lib.arc.Query;
import lib.base.Destination;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Screen;

/** The options that say which archive is asked for what, and how and where its answers are written. */
public final class ArchiveOptions {
    public static final Option.Section PATHS = Option.section("Paths", """
            studies, series, instances  search; .../count counts what matches
            patients, mwlitems, mpps  search too
            studies/UID/series  search in one study; likewise .../series/UID/instances
            studies/UID  its objects, as multipart, or as ZIP with --accept application/zip
            .../metadata  all elements of a study, a series or an instance
            .../rendered, .../thumbnail  pictures
            /aets, /devices, /webapps  how the archive is configured
            /ctrl/status, /metrics  how it is
            /monitor/export, /monitor/serverTime  its tasks and its clock; also retrieve, stgver, diff
            A path is below URL/aets/AET/rs, one with a slash in front below URL. A whole URL of the archive will do.
            """);

    public static final Option QUERY = Option.text(
                    "-q, --query", "NAME=VALUE", "query parameter, as in -q PatientName='DOE*'")
            .repeatable();
    public static final Option LIMIT =
            Option.text("--limit", "N", "N results at most; without it all, page after page");
    public static final Option OFFSET = Option.text("--offset", "N", "pass over the first N results");
    public static final Option FAIL_EMPTY = Option.flag("--fail-empty", "exit with 8 where nothing matches");

    public static final Option.Section QUERY_SECTION = Option.section("Query", QUERY, LIMIT, OFFSET, FAIL_EMPTY);

    public static final Option FORMAT =
            Option.choice("-f, --format", "F", Format.NAMES, "how answers are written; raw is the bytes as they come");
    public static final Option COLUMNS = Option.text(
            "--columns", "LIST", "columns of table, csv and ndjson: keywords, tags, titles or members, with commas");
    public static final Option OUTPUT =
            Option.file("-o, --output", "FILE", "write to FILE, whole or not at all, instead of standard output");

    public static final Option.Section OUTPUT_SECTION = Option.section("Output", FORMAT, COLUMNS, OUTPUT);

    private ArchiveOptions() {}

    /** The archive to ask. */
    public static Archive archive(Options given) {
        Option which = given.required(
                List.of(Settings.URL, Settings.RS),
                "no archive given",
                "give --url https://docker-host:8443/dcm4chee-arc, or set ARC_URL");
        return which == Settings.URL
                ? Archive.dcm4chee(given.url(Settings.URL), given.text(Settings.AET))
                : Archive.dicomWeb(given.url(Settings.RS));
    }

    /**
     * The checked query for each path, which also asks for the elements that {@code format} needs; {@code clock} tells
     * which day is today.
     */
    public static List<Query> queries(Options given, Archive archive, Format format, InstantSource clock) {
        if (given.arguments().isEmpty()) {
            throw Problem.usage("no resource given", "for example: arcget studies/count; see arcget --help");
        }
        List<Query> queries = new ArrayList<>();
        for (String path : given.arguments()) {
            URI resource = archive.resolve(path, given.texts(QUERY));
            Query query = Query.of(archive, resource, given.text(LIMIT), given.text(OFFSET), clock);
            queries.add(query.including(format.includeFields(query.address())));
        }
        return queries;
    }

    /** Where the answers go. */
    public static Destination destination(Options given, Io io) {
        return Destination.of(given.file(OUTPUT), io).keepingPermissions();
    }

    /** How they are written to {@code destination}, the result of {@link #destination}. */
    public static Format format(Options given, Destination destination, Io io) {
        Screen screen = given.file(OUTPUT) == null ? Screen.of(io) : null;
        String chosen = given.isOnCommandLine(FORMAT) ? given.text(FORMAT) : null;
        if (given.texts(COLUMNS).size() > 1) {
            throw Problem.usage("--columns is given twice", "give one list: --columns PatientName,StudyDate");
        }
        return new Format(chosen, given.text(COLUMNS), destination, screen, io.messages());
    }
}
