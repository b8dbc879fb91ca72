//SOURCES ../base/Exit.java ../base/Problem.java ../http/Response.java ../json/Json.java ../json/JsonElements.java
//SOURCES ../json/JsonNumber.java ../json/MalformedJson.java Diagnosis.java Level.java Query.java ResultWriter.java
//SOURCES ServerText.java Session.java

package lib.arc;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonElements;
import lib.json.JsonNumber;
import lib.json.MalformedJson;

/**
 * All results of a search, page after page, one request at a time, each row once.
 *
 * <p>An archive may cap pages at any size and says so with {@code Warning: 299} (PS3.18, section 8.3.4.4; facts F6). A
 * dcm4chee archive that gives no warning has sent everything. Of other servers a short page proves nothing, so one more
 * is requested. If the total is wrong in the end, the answer is incomplete.
 */
public final class Paging {
    /** The largest offset, and the largest limit, that a dcm4chee archive takes (facts B4). */
    static final int MAX_OFFSET = 99_999;

    /** The rows to request at a time, as many as a dcm4chee archive sends by default (facts B4). */
    static final int PAGE = 1000;

    private final Session session;
    private final Query query;
    private final Level collection;
    private final String accept;
    private final boolean isDcm4chee;
    private final long start;
    private final long limit;

    /** The rows of earlier pages, each as a hash of its identity. */
    private final Set<Long> seen = new HashSet<>();

    /** The rows of this page. They are not compared with each other: two patients may look alike. */
    private final List<Long> onPage = new ArrayList<>();

    /** How many rows the archive sent, including repeated ones. */
    private long received;

    private long written;
    private long counted = -1;
    private String remark;
    private ResultWriter writer;

    /**
     * @param session sends the requests
     * @param query the search, which {@link Query#isPageable}
     * @param accept the media type to ask for, or null for the archive's own choice
     */
    public Paging(Session session, Query query, String accept) {
        this.session = session;
        this.collection = query.collection();
        this.accept = accept;
        this.isDcm4chee = query.archive().isDcm4chee();
        this.start = number(query, "offset", 0);
        this.limit = number(query, "limit", Long.MAX_VALUE);
        // orderby is dcm4chee's own addition to QIDO-RS, and other servers may refuse it.
        this.query = (isDcm4chee ? query.ordered() : query).without("limit").without("offset");
    }

    private static long number(Query query, String name, long fallback) {
        List<String> values = query.values(name);
        return values.isEmpty() ? fallback : Long.parseLong(values.getFirst());
    }

    /** The address of the next page; of the first page before {@link #write}. */
    public URI next() {
        Query next = query.with("limit", Long.toString(asked()));
        long offset = start + received;
        return (offset == 0 ? next : next.with("offset", Long.toString(offset))).address();
    }

    private long asked() {
        return Math.min(PAGE, limit - written);
    }

    /**
     * Writes all rows and ends {@code to}. {@link Problem} if something is missing.
     *
     * @param first the answer for {@link #next}, which is closed
     * @param to takes the rows
     * @return how many there are
     */
    public long write(Response first, ResultWriter to) {
        writer = to;
        Problem gap;
        try {
            gap = writePages(first);
        } catch (Problem e) {
            if (received == 0 || e.exit() == Exit.READER_GONE || e.exit() == Exit.FAILED) {
                throw e;
            }
            if (e.exit() != Exit.INCOMPLETE) {
                throw new Problem(e.exit(), e.getMessage(), e.hint() == null ? goOn() : e.hint() + "; " + goOn());
            }
            gap = e;
        }
        writer.end();
        if (gap != null) {
            throw gap;
        }
        return written;
    }

    /** Writes all pages; returns what is missing, or null. */
    private Problem writePages(Response first) {
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
            if (isDcm4chee && start + received > MAX_OFFSET) {
                return endOfOffsets();
            }
            writer.flush();
            seen.addAll(onPage);
            onPage.clear();
            response = session.get(next(), accept, goOn());
        }
    }

    /**
     * A page that was read.
     *
     * @param rows how many rows were on it, including repeated ones
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
            String warning = ServerText.warning(response);
            boolean isCapped = warning != null && warning.contains("additional results");
            if (warning != null && !isCapped) {
                remark = warning;
            }
            return new Page(response.status() == 204 ? 0 : rows(response), isCapped);
        }
    }

    /** Writes the rows of {@code response} that are new, and counts all of them. */
    private long rows(Response response) {
        if (response.mediaType().equals("text/html")) {
            throw Diagnosis.htmlPage(response);
        }
        long rows = 0;
        try (JsonElements elements = JsonElements.of(response.body())) {
            while (elements.next() && written < limit) {
                long hash = hash(collection.identity(elements.hold()));
                if (!seen.contains(hash)) {
                    onPage.add(hash);
                    writer.element(elements);
                    written++;
                }
                received++;
                rows++;
            }
            return rows;
        } catch (MalformedJson e) {
            throw Diagnosis.brokenJson(response, e);
        }
    }

    // FNV-1a of 64 bits: the odds that any two of 100,000 rows are confused are one in a thousand million.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** How many rows the archive counts, or -1 if it does not say. */
    private long count() {
        URI address = query.countAddress();
        try (Response response = session.get(address, null)) {
            Map<String, Object> answer = Json.asObject(Json.parse(response.text()));
            return answer != null && answer.get("count") instanceof JsonNumber number ? number.toLong() : -1;
        } catch (MalformedJson | Problem notCounted) {
            // An AE without the service QIDO_COUNT has no counts.
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

    private Problem endOfOffsets() {
        return Problem.incomplete(
                "only the first " + (start + received) + (counted < 0 ? "" : " of " + counted)
                        + " results came: the archive's paging ends at offset " + MAX_OFFSET,
                "narrow the query, for example by StudyDate, and fetch the parts one by one");
    }

    private String goOn() {
        return "go on with --offset " + (start + received);
    }
}
