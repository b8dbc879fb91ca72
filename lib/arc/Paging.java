//SOURCES ../base/Exit.java ../base/Problem.java ../http/Response.java ../json/Json.java ../json/JsonElements.java
//SOURCES ../json/JsonNumber.java ../json/MalformedJson.java Answer.java Level.java Query.java Report.java SeenRows.java
//SOURCES Session.java

package lib.arc;

import java.net.URI;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonElements;
import lib.json.JsonNumber;
import lib.json.MalformedJson;

/**
 * All results of a search, page after page, one request in flight, each row once.
 *
 * <p>How much an archive gives at a time is its own affair: it may cap pages where it likes, and says so by
 * {@code Warning: 299} (PS3.18, section 8.3.4.4; facts F6). A dcm4chee archive that says nothing has given all; of
 * others a page that is not full proves nothing, and one more is asked for. What does not add up in the end is a gap.
 */
public final class Paging {
    /** The largest offset, and the largest limit, that a dcm4chee archive takes (facts B4). */
    static final int MOST_OFFSET = 99_999;

    /** How many rows are asked for at a time, as many as a dcm4chee archive gives by default (facts B4). */
    static final int PAGE = 1000;

    private final Session session;
    private final Query query;
    private final Level collection;
    private final String accept;
    private final boolean isDcm4chee;
    private final long start;
    private final long limit;
    private final SeenRows seen = new SeenRows();

    /** How many rows the archive sent, repeated ones and all. */
    private long received;

    private long written;
    private long counted = -1;
    private String remark;
    private Report report;

    /**
     * @param session asks
     * @param query what is searched, which {@link Query#isPageable}
     * @param accept the media type to ask for, or null for the archive's own choice
     */
    public Paging(Session session, Query query, String accept) {
        this.session = session;
        this.collection = query.collection();
        this.accept = accept;
        this.isDcm4chee = query.archive().isDcm4chee();
        this.start = number(query, "offset", 0);
        this.limit = number(query, "limit", Long.MAX_VALUE);
        // The order is dcm4chee's own addition to QIDO-RS, and others may refuse it.
        this.query = (isDcm4chee ? query.ordered() : query).without("limit").without("offset");
    }

    private static long number(Query query, String name, long fallback) {
        List<String> values = query.values(name);
        return values.isEmpty() ? fallback : Long.parseLong(values.getFirst());
    }

    /** The address of the page that comes next, the first one before anything was written. */
    public URI next() {
        Query next = query.with("limit", Long.toString(asked()));
        long offset = start + received;
        return (offset == 0 ? next : next.with("offset", Long.toString(offset))).address();
    }

    private long asked() {
        return Math.min(PAGE, limit - written);
    }

    /**
     * Writes all rows and ends the report. A {@link Problem} tells what is missing.
     *
     * @param first the answer for {@link #next}, which is closed
     * @param to takes the rows
     * @return how many there are
     */
    public long write(Response first, Report to) {
        report = to;
        Problem gap;
        try {
            gap = turnOver(first);
        } catch (Problem e) {
            if (received == 0 || e.exit() == Exit.READER_GONE || e.exit() == Exit.FAILED) {
                throw e;
            }
            if (e.exit() != Exit.INCOMPLETE) {
                throw new Problem(e.exit(), e.getMessage(), e.hint() == null ? goOn() : e.hint() + "; " + goOn());
            }
            gap = e;
        }
        report.end();
        if (gap != null) {
            throw gap;
        }
        return written;
    }

    private Problem turnOver(Response first) {
        Response response = first;
        while (true) {
            long before = written;
            long asked = asked();
            Page page = page(response);
            if (written == limit) {
                return gap();
            }
            if (!page.mayGoOn(asked, isDcm4chee)) {
                if (isDcm4chee && limit < Long.MAX_VALUE && received > page.rows()) {
                    counted = count();
                }
                return gap();
            }
            if (written == before) {
                return page.goesOn(asked) ? stuck() : gap();
            }
            if (received == page.rows() && isDcm4chee && limit == Long.MAX_VALUE) {
                counted = count();
            }
            if (counted >= 0 && written >= counted - start) {
                return gap();
            }
            if (isDcm4chee && start + received > MOST_OFFSET) {
                return atTheEndOfOffsets();
            }
            report.flush();
            seen.turn();
            response = session.get(next(), accept, goOn());
        }
    }

    /**
     * A page that came.
     *
     * @param rows how many rows were on it, repeated ones and all
     * @param isCapped whether the archive said that there are more
     */
    private record Page(long rows, boolean isCapped) {
        boolean goesOn(long asked) {
            return isCapped || rows == asked;
        }

        boolean mayGoOn(long asked, boolean isDcm4chee) {
            return goesOn(asked) || !isDcm4chee && rows > 0 && rows < asked;
        }
    }

    private Page page(Response response) {
        try (response) {
            String warning = Answer.warning(response);
            boolean isCapped = warning != null && warning.contains("additional results");
            if (warning != null && !isCapped) {
                remark = warning;
            }
            return new Page(response.status() == 204 ? 0 : rows(response), isCapped);
        }
    }

    /** Writes the rows of {@code response} that are new, and counts all. */
    private long rows(Response response) {
        if (response.mediaType().equals("text/html")) {
            throw Answer.htmlPage(response);
        }
        long rows = 0;
        try (JsonElements elements = JsonElements.of(response.body())) {
            while (elements.next() && written < limit) {
                if (!seen.isRepeated(collection.identity(elements.hold()))) {
                    report.element(elements);
                    written++;
                }
                received++;
                rows++;
            }
            return rows;
        } catch (MalformedJson e) {
            throw Answer.senseless(response, "with JSON that is " + e.getMessage(), "to see what came: -f raw");
        }
    }

    /** How many rows the archive counts, or -1 if it does not say. */
    private long count() {
        URI address = query.countAddress();
        try (Response response = session.get(address, null)) {
            Map<String, Object> answer = Json.asObject(Json.parse(response.text()));
            return answer != null && answer.get("count") instanceof JsonNumber number ? number.toLong() : -1;
        } catch (MalformedJson | Problem notCounted) {
            // Without QIDO_COUNT among its services an AE has none.
            return -1;
        }
    }

    private Problem gap() {
        long due = Math.min(counted - start, limit);
        if (counted >= 0 && written < due) {
            return Problem.incomplete(
                    "only " + written + " of " + due
                            + " results came: a page was cut short, or they changed in the meantime",
                    "run it again, or narrow the query, for example by StudyDate");
        }
        return remark == null
                ? null
                : Problem.incomplete(
                        "the answer may be incomplete: " + remark,
                        "see what the server's conformance statement says about the query");
    }

    private Problem stuck() {
        return Problem.incomplete(
                "there are more than these " + written + " results, but the server repeats itself at offset "
                        + (start + received),
                "narrow the query, for example by StudyDate");
    }

    private Problem atTheEndOfOffsets() {
        return Problem.incomplete(
                "only the first " + (start + received) + (counted < 0 ? "" : " of " + counted)
                        + " results came: the archive's paging ends at offset " + MOST_OFFSET,
                "narrow the query, for example by StudyDate, and ask part by part");
    }

    private String goOn() {
        return "go on with --offset " + (start + received);
    }
}
