//SOURCES ../base/Destination.java ../base/Printable.java ../base/Problem.java ../http/Response.java Answer.java
//SOURCES Format.java Paging.java Query.java Report.java Session.java

package lib.arc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import lib.base.Destination;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Response;

/** One resource on its way from the archive to the person, whether it comes in one answer or in pages. */
public final class Delivery {
    private final Query query;
    private final Format format;
    private final String accept;
    private final Paging paging;

    /**
     * @param session asks for further pages
     * @param query what is wanted
     * @param format how it is written
     * @param accept the media types to ask for, or null for the archive's own choice
     */
    private Delivery(Session session, Query query, Format format, String accept) {
        this.query = query;
        this.format = format;
        this.accept = accept;
        this.paging = !format.isRaw() && query.isPageable(accept) ? new Paging(session, query, accept) : null;
    }

    /** A delivery for each of {@code queries}, in their order. */
    public static List<Delivery> of(Session session, List<Query> queries, Format format, String accept) {
        List<Delivery> deliveries = new ArrayList<>();
        for (Query query : queries) {
            deliveries.add(new Delivery(session, query, format, accept));
        }
        return deliveries;
    }

    /** The address of all of it. */
    public URI resource() {
        return query.address();
    }

    /** The address to ask first. */
    public URI address() {
        return paging == null ? query.address() : paging.next();
    }

    /**
     * Writes {@code first}, the answer for {@link #address}, and whatever must be asked for after it. A {@link Problem}
     * tells what is missing in what was written.
     *
     * @param mustMatch whether an empty list or a count of 0 is a problem too
     */
    public void write(Response first, Destination destination, boolean mustMatch) {
        Answer answer = new Answer(first, format, accept != null);
        boolean isEmpty = paging == null || !answer.isPage() ? answer.writeTo(destination) : writePages(first) == 0;
        if (isEmpty && mustMatch) {
            throw Problem.noMatch(
                    "nothing matches at " + Printable.line(query.address().getPath()),
                    "widen the query; without --fail-empty this is no failure");
        }
    }

    private long writePages(Response first) {
        try (Report report = format.report(query.address())) {
            return paging.write(first, report);
        }
    }
}
