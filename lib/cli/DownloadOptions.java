//SOURCES ../arc/Archive.java ../arc/Session.java ../base/Exit.java ../base/Io.java ../base/Problem.java
//SOURCES ../download/Download.java ../download/Instance.java ../download/Progress.java ../http/Http.java
//SOURCES ArchiveOptions.java Option.java Options.java RequestOptions.java ServerOptions.java Settings.java

package lib.cli;

import module java.base;
import lib.arc.Archive;
import lib.arc.Session;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.download.Download;
import lib.download.Instance;
import lib.download.Progress;
import lib.http.Http;

/** The options of a download, and the download itself. */
public final class DownloadOptions {
    public static final Option DOWNLOAD = Option.file(
            "--download", "DIR", "download objects as DIR/STUDY/SERIES/INSTANCE.dcm, except those already there");
    public static final Option TRANSFER_SYNTAX = Option.text(
                    "--transfer-syntax", "UID|*", "transfer syntax to download in; *: as stored")
            .defaultsTo("*");

    public static final Option DRY_RUN = Option.flag("-n, --dry-run", "list and compare only, and fetch nothing");

    public static final Option.Section SECTION = Option.section("Download", DOWNLOAD, DRY_RUN, TRANSFER_SYNTAX);

    private DownloadOptions() {}

    /** Whether {@code --download} is given; {@link Problem} if only other options of a download are. */
    public static boolean isWanted(Options given) {
        boolean isWanted = given.isOnCommandLine(DOWNLOAD);
        if (!isWanted && given.isOnCommandLine(DRY_RUN)) {
            throw Problem.usage("--dry-run without --download", "it tells what --download DIR would fetch");
        }
        if (!isWanted && given.isOnCommandLine(TRANSFER_SYNTAX)) {
            throw Problem.usage(
                    "--transfer-syntax without --download",
                    "without --download, use --accept"
                            + " 'multipart/related;type=\"application/dicom\";transfer-syntax=...'");
        }
        return isWanted;
    }

    /** Downloads what the paths name or find; {@link Problem} if anything is missing. */
    public static Exit run(Options given, Archive archive, Io io) {
        if (given.arguments().isEmpty()) {
            throw Problem.usage("no objects given", "for example: arcget --download ./out studies/1.2.3.4");
        }
        given.exclude(
                DOWNLOAD,
                List.of(
                        ArchiveOptions.OUTPUT,
                        ArchiveOptions.FORMAT,
                        ArchiveOptions.COLUMNS,
                        RequestOptions.ACCEPT,
                        RequestOptions.HEAD,
                        RequestOptions.INCLUDE),
                "a download writes files into its folder, and a line of JSON for each study to standard output");
        if (RequestOptions.accept(given) != null) {
            throw Problem.usage(
                    "--download and a header Accept exclude each other",
                    "a download asks for what it can save as files");
        }
        Download.Settings settings = settings(given);
        Progress progress = new Progress(io);
        try (Http http = ServerOptions.http(given, progress.io())) {
            Session session = RequestOptions.session(given, archive, http, progress.io());
            boolean isAnything = new Download(session, progress).run(given.arguments(), queries(given), settings);
            if (!isAnything && given.is(ArchiveOptions.FAIL_EMPTY)) {
                throw new Problem(
                        Exit.NO_MATCH,
                        "nothing matches",
                        "widen the query; without --fail-empty this is not a failure");
            }
            if (!isAnything) {
                progress.io().messages().note(archive.noMatch("nothing to download: nothing matches"));
            }
            return Exit.DONE;
        }
    }

    private static List<String> queries(Options given) {
        List<String> queries = new ArrayList<>(given.texts(ArchiveOptions.QUERY));
        for (Option bound : List.of(ArchiveOptions.LIMIT, ArchiveOptions.OFFSET)) {
            if (given.text(bound) != null) {
                queries.add(bound.key() + "=" + given.text(bound));
            }
        }
        return queries;
    }

    private static Download.Settings settings(Options given) {
        int jobs = RequestOptions.jobs(given);
        String syntax = given.text(TRANSFER_SYNTAX);
        if (!syntax.equals("*") && !Instance.isUid(syntax)) {
            throw Problem.usage("--transfer-syntax is not a UID", "for example 1.2.840.10008.1.2.1, or * as stored");
        }
        return new Download.Settings(
                given.file(DOWNLOAD), jobs, given.number(ServerOptions.RETRY), syntax, given.is(DRY_RUN));
    }
}
