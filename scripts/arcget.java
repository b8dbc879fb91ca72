///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/arc/Answer.java ../lib/arc/Archive.java ../lib/arc/Diagnosis.java ../lib/arc/Format.java
//SOURCES ../lib/base/Destination.java ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java
//SOURCES ../lib/base/Secret.java ../lib/cli/ArchiveOptions.java ../lib/cli/Cli.java ../lib/cli/FormatOptions.java
//SOURCES ../lib/cli/Option.java ../lib/cli/Options.java ../lib/cli/Section.java ../lib/cli/ServerOptions.java
//SOURCES ../lib/cli/TokenOptions.java ../lib/cli/TokenSource.java ../lib/cli/Tool.java ../lib/http/Http.java
//SOURCES ../lib/http/Request.java ../lib/http/Response.java

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import lib.arc.Answer;
import lib.arc.Archive;
import lib.arc.Diagnosis;
import lib.arc.Format;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;
import lib.cli.ArchiveOptions;
import lib.cli.Cli;
import lib.cli.FormatOptions;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.Section;
import lib.cli.ServerOptions;
import lib.cli.TokenOptions;
import lib.cli.TokenSource;
import lib.cli.Tool;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;

/** Gets resources from the archive, with the token that comes through the pipe. */
public class arcget extends Tool {
    static final Option QUERY = Option.text("-q, --query", "NAME=VALUE", "query parameter, as in -q PatientName='DOE*'")
            .repeatable();
    static final Option ACCEPT = Option.text("--accept", "TYPE", "media type to ask for");

    arcget() {
        super(
                "arcget",
                "Get resources from a dcm4chee archive or another DICOMweb server.",
                "PATH...",
                List.of(
                        ArchiveOptions.SECTION,
                        Section.of("Request", QUERY, ACCEPT),
                        FormatOptions.SECTION,
                        TokenSource.SECTION,
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
        try (Destination destination = FormatOptions.destination(given, io);
                Http http = ServerOptions.http(given, io)) {
            Format format = FormatOptions.format(given, destination, io);
            List<URI> resources = resources(archive, format, given);
            Secret token = TokenSource.token(given, http, io);
            Diagnosis diagnosis = new Diagnosis(archive, token, io.clock().instant());
            Exit worst = Exit.DONE;
            for (URI resource : resources) {
                try (Response response = http.send(request(resource, token, given))) {
                    if (response.status() / 100 != 2) {
                        throw diagnosis.of(response);
                    }
                    Answer answer = new Answer(response, format, given.text(ACCEPT) != null);
                    answer.writeTo(destination);
                    Problem gap = answer.gap();
                    if (gap != null) {
                        io.messages().problem(gap.getMessage(), gap.hint());
                        worst = gap.exit();
                    }
                }
            }
            destination.commit();
            return worst.code();
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

    private static Request request(URI resource, Secret token, Options given) {
        Request request = Request.get(resource);
        if (given.text(ACCEPT) != null) {
            request = request.with("Accept", given.text(ACCEPT));
        }
        return token == null ? request : request.with("Authorization", "Bearer " + token.reveal());
    }
}
