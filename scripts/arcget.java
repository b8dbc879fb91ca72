///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/arc/Answer.java ../lib/arc/Archive.java ../lib/arc/Format.java ../lib/arc/Replies.java ../lib/arc/Reply.java
//SOURCES ../lib/arc/Session.java ../lib/arc/TokenSource.java ../lib/base/Destination.java ../lib/base/Exit.java
//SOURCES ../lib/base/Io.java ../lib/base/Problem.java ../lib/cli/ArchiveOptions.java ../lib/cli/Cli.java
//SOURCES ../lib/cli/FormatOptions.java ../lib/cli/GivenToken.java ../lib/cli/Option.java ../lib/cli/Options.java ../lib/cli/RequestOptions.java
//SOURCES ../lib/cli/Section.java ../lib/cli/ServerOptions.java ../lib/cli/TokenOptions.java ../lib/cli/Tool.java
//SOURCES ../lib/http/Http.java ../lib/http/Response.java

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.arc.Answer;
import lib.arc.Archive;
import lib.arc.Format;
import lib.arc.Replies;
import lib.arc.Reply;
import lib.arc.Session;
import lib.arc.TokenSource;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.cli.ArchiveOptions;
import lib.cli.Cli;
import lib.cli.FormatOptions;
import lib.cli.GivenToken;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.RequestOptions;
import lib.cli.Section;
import lib.cli.ServerOptions;
import lib.cli.TokenOptions;
import lib.cli.Tool;
import lib.http.Http;
import lib.http.Response;

/** Gets resources from the archive, with the token that comes through the pipe. */
public class arcget extends Tool {
    static final Option QUERY = Option.text("-q, --query", "NAME=VALUE", "query parameter, as in -q PatientName='DOE*'")
            .repeatable();

    arcget() {
        super(
                "arcget",
                "Get resources from a dcm4chee archive or another DICOMweb server.",
                "PATH...",
                List.of(
                        ArchiveOptions.SECTION,
                        Section.of("Query", QUERY),
                        FormatOptions.SECTION,
                        RequestOptions.SECTION,
                        GivenToken.SECTION,
                        TokenOptions.SECTION,
                        ServerOptions.SECTION),
                """
                gettoken -p hospital | arcget -p hospital studies/count
                arcget -p hospital studies -q PatientName='DOE*' -q ModalitiesInStudy=CT,MR
                arcget -p hospital /aets
                arcget --no-auth --rs http://orthanc:8042/dicom-web studies
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new arcget(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        Archive archive = ArchiveOptions.archive(given);
        Map<String, String> headers = RequestOptions.headers(given, io);
        try (Destination destination = FormatOptions.destination(given, io);
                Http http = ServerOptions.http(given, io)) {
            Format format = FormatOptions.format(given, destination, io);
            List<URI> resources = resources(archive, format, given);
            TokenSource tokens = GivenToken.source(given, http, io);
            Session session = new Session(archive, http, tokens, headers, io.clock());
            try (Replies replies = RequestOptions.replies(given, session, resources)) {
                Exit worst = replies.write(given.arguments(), new Output(given, destination, format), io.messages());
                if (worst == Exit.DONE || worst == Exit.INCOMPLETE) {
                    destination.commit();
                }
                return worst.code();
            }
        }
    }

    /** Writes one answer as the options say. */
    private record Output(Options given, Destination destination, Format format) implements Replies.Writer {
        @Override
        public Exit write(Reply reply) {
            if (given.is(RequestOptions.HEAD) || given.is(RequestOptions.INCLUDE)) {
                reply.writeHead(destination, format.isForPeople());
            }
            Response response = reply.success();
            if (!given.is(RequestOptions.HEAD)) {
                boolean isChosen = RequestOptions.accept(given) != null;
                new Answer(response, format, isChosen).writeTo(destination);
            }
            return Exit.DONE;
        }
    }

    private static List<URI> resources(Archive archive, Format format, Options given) {
        if (given.arguments().isEmpty()) {
            throw new Problem(Exit.USAGE, "which resource?", "for example: arcget studies/count; see arcget --help");
        }
        List<URI> resources = new ArrayList<>();
        for (String path : given.arguments()) {
            List<String> queries = new ArrayList<>(given.texts(QUERY));
            for (String field : format.toBeIncluded(archive.resolve(path, queries))) {
                queries.add("includefield=" + field);
            }
            resources.add(archive.resolve(path, queries));
        }
        return resources;
    }
}
