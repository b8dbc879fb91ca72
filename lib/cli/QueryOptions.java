//SOURCES ../arc/Archive.java ../arc/Format.java ../arc/Query.java ../base/Problem.java Option.java Options.java

package lib.cli;

import java.util.ArrayList;
import java.util.List;
import lib.arc.Archive;
import lib.arc.Format;
import lib.arc.Query;
import lib.base.Problem;

/** The options that say what is searched for, and the queries that they and the paths make. */
public final class QueryOptions {
    public static final Option QUERY = Option.text(
                    "-q, --query", "NAME=VALUE", "query parameter, as in -q PatientName='DOE*'")
            .repeatable();
    public static final Option LIMIT =
            Option.number("--limit", "N", "N results at most; without it all, page after page");
    public static final Option OFFSET = Option.number("--offset", "N", "pass over the first N results");
    public static final Option FAIL_EMPTY = Option.flag("--fail-empty", "exit with 8 where nothing matches");

    public static final Option.Section SECTION = Option.section("Query", QUERY, LIMIT, OFFSET, FAIL_EMPTY);

    private QueryOptions() {}

    /** What to ask for each path, checked, and with what {@code format} needs in the answer. */
    public static List<Query> queries(Options given, Archive archive, Format format) {
        if (given.arguments().isEmpty()) {
            throw Problem.usage("which resource?", "for example: arcget studies/count; see arcget --help");
        }
        List<Query> queries = new ArrayList<>();
        for (String path : given.arguments()) {
            Query query =
                    Query.of(archive, archive.resolve(path, given.texts(QUERY)), given.text(LIMIT), given.text(OFFSET));
            queries.add(query.including(format.includeFields(query.address())));
        }
        return queries;
    }
}
