///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/arc/Archive.java ../lib/arc/Format.java ../lib/arc/Query.java ../lib/arc/Replies.java
//SOURCES ../lib/arc/Retrieval.java ../lib/arc/Session.java ../lib/base/Destination.java ../lib/base/Exit.java
//SOURCES ../lib/base/Io.java ../lib/cli/ArchiveOptions.java ../lib/cli/Cli.java ../lib/cli/DownloadOptions.java
//SOURCES ../lib/cli/Options.java ../lib/cli/RequestOptions.java ../lib/cli/SelfCheck.java ../lib/cli/ServerOptions.java
//SOURCES ../lib/cli/Settings.java ../lib/cli/Tool.java ../lib/http/Http.java ../lib/http/Response.java

import module java.base;
import lib.arc.Archive;
import lib.arc.Format;
import lib.arc.Query;
import lib.arc.Replies;
import lib.arc.Retrieval;
import lib.arc.Session;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Io;
import lib.cli.ArchiveOptions;
import lib.cli.Cli;
import lib.cli.DownloadOptions;
import lib.cli.Options;
import lib.cli.RequestOptions;
import lib.cli.SelfCheck;
import lib.cli.ServerOptions;
import lib.cli.Settings;
import lib.cli.Tool;
import lib.http.Http;
import lib.http.Response;

/** Gets resources from the archive, with the token that comes through the pipe. */
public class arcget extends Tool {
    arcget() {
        super(
                "arcget",
                "Get resources from a dcm4chee archive or another DICOMweb server.",
                "PATH...",
                List.of(
                        ArchiveOptions.PATHS,
                        Settings.ARCHIVE,
                        ArchiveOptions.QUERY_SECTION,
                        ArchiveOptions.OUTPUT_SECTION,
                        DownloadOptions.SECTION,
                        RequestOptions.SECTION,
                        RequestOptions.TOKEN_SECTION,
                        Settings.TOKEN,
                        ServerOptions.PROFILES,
                        ServerOptions.SECTION),
                """
                gettoken -p hospital | arcget -p hospital studies/count
                arcget -p hospital studies -q PatientName='DOE*' -q ModalitiesInStudy=CT,MR
                arcget -p hospital --download ./out studies/1.2.3.4
                arcget --no-auth --rs http://orthanc:8042/dicom-web studies
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new arcget(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        if (given.is(ServerOptions.CHECK)) {
            return new SelfCheck(given, options(), io).run().code();
        }
        Archive archive = ArchiveOptions.archive(given);
        if (DownloadOptions.isWanted(given)) {
            return DownloadOptions.run(given, archive, io).code();
        }
        try (Destination destination = ArchiveOptions.destination(given, io);
                Http http = ServerOptions.http(given, io)) {
            Format format = ArchiveOptions.format(given, destination, io);
            List<Query> queries = ArchiveOptions.queries(given, archive, format, io.clock());
            Session session = RequestOptions.session(given, archive, http, io);
            List<Retrieval> retrievals = new ArrayList<>();
            for (Query query : queries) {
                retrievals.add(new Retrieval(session, query, format, RequestOptions.accept(given)));
            }
            for (Query query : queries) {
                query.requireMatched(session);
            }
            try (Replies replies = RequestOptions.replies(given, session, addresses(retrievals, given))) {
                Output output = new Output(retrievals, given, destination, format.isForPeople());
                Exit worst = replies.write(given.arguments(), output, io.messages());
                if (worst == Exit.DONE || worst == Exit.INCOMPLETE || worst == Exit.NO_MATCH) {
                    destination.commit();
                }
                return worst.code();
            }
        }
    }

    private static List<URI> addresses(List<Retrieval> retrievals, Options given) {
        List<URI> addresses = new ArrayList<>();
        for (Retrieval retrieval : retrievals) {
            addresses.add(given.is(RequestOptions.HEAD) ? retrieval.resource() : retrieval.address());
        }
        return addresses;
    }

    /** Writes the answers as the options say. */
    private record Output(List<Retrieval> retrievals, Options given, Destination destination, boolean forPeople)
            implements Replies.Writer {
        @Override
        public Exit write(int index, Session.Reply first) {
            Retrieval retrieval = retrievals.get(index);
            boolean isHead = given.is(RequestOptions.HEAD);
            Session.Reply reply = isHead ? first : retrieval.accepted(first);
            if (isHead || given.is(RequestOptions.INCLUDE)) {
                reply.writeHead(destination, forPeople);
            }
            Response response = reply.success();
            if (!isHead) {
                retrieval.write(response, destination, given.is(ArchiveOptions.FAIL_EMPTY));
            }
            return Exit.DONE;
        }
    }
}
