//SOURCES ../base/Exit.java ../base/Problem.java ../http/Response.java ../json/Json.java ../json/JsonElements.java
//SOURCES Alternatives.java Diagnosis.java Level.java Query.java ResultWriter.java ServerText.java Session.java

package lib.arc;

import module java.base;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonElements;

/**
 * All results of a search, page after page, one request at a time, each row once.
 *
 * <p>An archive may cap pages at any size and says so with {@code Warning: 299} (PS3.18, section 8.3.4.4; facts F6). A
 * dcm4chee archive that gives no warning has sent everything. Of other servers a short page proves nothing, so one more
 * is requested. If the total is wrong in the end, the answer is incomplete.
 *
 * <p>A search that takes several requests, because a key has several values, is paged request after request.
 */
public final class Paging {
    /** The largest offset, and the largest limit, that a dcm4chee archive takes (facts B4). */
    static final int MAX_OFFSET = 99_999;

    /** The rows to request at a time, as many as a dcm4chee archive sends by default (facts B4). */
    static final int PAGE = 1000;

    private final Session session;
    private final List<Query> requests = new ArrayList<>();
    private final Level collection;
    private final String accept;
    private final boolean isDcm4chee;
    private final long start;
    private final long limit;

    /** The rows of earlier pages, each as a hash of its identity, with the last request that brought it. */
    private final Map<Long, Integer> seen = new HashMap<>();

    /** The rows of this page, in their order. They are not compared with each other: two patients may look alike. */
    private List<Long> onPage = new ArrayList<>();

    /** The rows of the page before, where the server may send that again instead of the next one. */
    private List<Long> before = List.of();

    /** The index of the request whose pages are read. */
    private int current;

    /** How many rows it brought, including repeated ones. */
    private long received;

    /** How many rows it brought, each once. */
    private long distinct;

    /** How many rows all requests brought, each once. */
    private long written;

    private boolean hasLimit;
    private long counted = -1;
    private String remark;
    private ResultWriter writer;

    /**
     * @param session sends the requests
     * @param query the search, a list that comes as JSON, so that pages can be joined
     * @param accept the media type to ask for, or null for the archive's own choice
     */
    public Paging(Session session, Query query, String accept) {
        this.session = session;
        this.collection = query.collection();
        this.accept = accept;
        this.isDcm4chee = query.archive().isDcm4chee();
        this.start = number(query, "offset", 0);
        this.limit = number(query, "limit", Long.MAX_VALUE);
        this.hasLimit = !session.refusesLimits().get();
        for (Query request : query.requests()) {
            // orderby is dcm4chee's own addition to QIDO-RS, and other servers may refuse it.
            Query ordered = isDcm4chee ? request.ordered() : request;
            requests.add(ordered.without("limit", "offset"));
        }
    }

    private static long number(Query query, String name, long fallback) {
        List<String> values = query.values(name);
        return values.isEmpty() ? fallback : Long.parseLong(values.getFirst());
    }

    /** The address of the next page; of the first page before {@link #write}. */
    public URI next() {
        return page(asked(), start + received);
    }

    private URI page(long rows, long offset) {
        Query page = requests.get(current);
        page = hasLimit ? page.with("limit", Long.toString(rows)) : page;
        return (offset == 0 ? page : page.with("offset", Long.toString(offset))).address();
    }

    /** The reply for {@link #next}, of a server that takes no limit too; the caller closes it. */
    public Session.Reply first() {
        return accepted(session.ask("GET", next(), accept, null));
    }

    /**
     * {@code first}, the reply for {@link #next}; if a server other than dcm4chee refuses the limit, the reply without
     * one, unless it refuses that too. Then a page has as many rows as come.
     */
    Session.Reply accepted(Session.Reply first) {
        if (isDcm4chee || !hasLimit || first.response().status() != 400) {
            return first;
        }
        hasLimit = false;
        Session.Reply other = first();
        hasLimit = other.problem() != null;
        (hasLimit ? other : first).close();
        session.refusesLimits().set(!hasLimit);
        return hasLimit ? first : other;
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
            gap = writeAll(first);
        } catch (Problem e) {
            if (current == 0 && received == 0 || e.exit() == Exit.READER_GONE || e.exit() == Exit.FAILED) {
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

    /** Writes the rows of all requests; returns what is missing first, or null. */
    private Problem writeAll(Response first) {
        Problem gap = writePages(first);
        while (current + 1 < requests.size() && written < limit) {
            turn();
            current++;
            received = 0;
            distinct = 0;
            counted = -1;
            Problem next = writePages(session.get(next(), accept, goOn()));
            gap = gap == null ? next : gap;
        }
        return gap;
    }

    /** Writes all pages of a request; returns what is missing, or null. */
    private Problem writePages(Response first) {
        Response response = first;
        while (true) {
            long known = distinct;
            Page page = page(response);
            if (written == limit) {
                return gap();
            }
            if (!mayGoOn(page)) {
                if (isDcm4chee && limit < Long.MAX_VALUE && received > page.rows()) {
                    counted = count();
                }
                return gap();
            }
            if (distinct == known) {
                return isCut(page, distinct, start) ? stuck("repeats itself") : gap();
            }
            if (received == page.rows() && isDcm4chee && limit == Long.MAX_VALUE) {
                counted = count();
            }
            // A count of fewer than came is no end: it was wrong, or rows have arrived since.
            if (counted >= 0 && distinct == counted - start) {
                return gap();
            }
            if (isDcm4chee && start + received > MAX_OFFSET) {
                return endOfOffsets();
            }
            turn();
            long offset = start + received - page.rows();
            response = following(page.isCapped());
            if (response == null) {
                // It may also refuse offsets, or those above a limit of its own.
                return isCut(page, page.rows(), offset) ? stuck("refuses to go on") : gap();
            }
        }
    }

    /** Turns to the next page. */
    private void turn() {
        writer.flush();
        for (Long row : onPage) {
            seen.put(row, current);
        }
        before = isDcm4chee ? List.of() : onPage;
        onPage = new ArrayList<>();
    }

    /** The answer for the next page; null if the server refuses it because there is none, and did not promise one. */
    private Response following(boolean isPromised) {
        Session.Reply reply = session.ask("GET", next(), accept, goOn());
        int status = reply.response().status();
        if (!isDcm4chee && !isPromised && (status == 400 || status == 404)) {
            reply.close();
            return null;
        }
        return reply.success();
    }

    /**
     * A page that was read.
     *
     * @param asked how many rows it was to have at most
     * @param rows how many rows were on it, including repeated ones
     * @param isCapped whether the archive said that there are more
     */
    private record Page(long asked, long rows, boolean isCapped) {}

    private Page page(Response response) {
        try (response) {
            String warning = ServerText.warning(response);
            // 206 says the same in versions of PS3.18 before 2017.
            boolean isCapped = isCap(warning) || response.status() == 206;
            if (warning != null && !isCap(warning)) {
                remark = warning;
            }
            return new Page(asked(), response.status() == 204 ? 0 : rows(response), isCapped);
        }
    }

    private boolean mayGoOn(Page page) {
        boolean isShort = page.rows() > 0 && (page.rows() < page.asked() || !hasLimit);
        return page.isCapped() || page.rows() == page.asked() || !isDcm4chee && isShort;
    }

    private static boolean isCap(String warning) {
        return warning != null && warning.toLowerCase(Locale.ROOT).contains("additional results");
    }

    /** Whether a server that does not go on after {@code page} has more than {@code known} rows from {@code offset}. */
    private boolean isCut(Page page, long known, long offset) {
        if (isDcm4chee || page.isCapped()) {
            return true;
        }
        if (!hasLimit || page.rows() != page.asked()) {
            return false;
        }
        try (Response response = session.get(page(known + 1, offset), accept, goOn())) {
            return hasMore(response, known) || isCap(ServerText.warning(response));
        }
    }

    /** Whether the list that {@code response} is has more than {@code known} rows. */
    static boolean hasMore(Response response, long known) {
        if (response.status() == 204) {
            return false;
        }
        long rows = 0;
        try (JsonElements elements = JsonElements.ofList(response.body())) {
            while (rows <= known && elements.next()) {
                rows++;
            }
            return rows > known;
        } catch (Json.Malformed e) {
            throw Diagnosis.brokenJson(response, e);
        }
    }

    /** Writes the rows of {@code response} that are new, and counts all of them. */
    private long rows(Response response) {
        if (response.mediaType().equals("text/html")) {
            throw Diagnosis.htmlPage(response);
        }
        long asked = asked();
        int rows = 0;
        // Rows that nothing identifies, and that are those of the page before so far. If the whole page is, a server
        // has ignored the offset; else two rows look alike, and both are written.
        List<Object> held = new ArrayList<>();
        boolean isRepeating = true;
        try (JsonElements elements = JsonElements.ofList(response.body())) {
            while (elements.next() && written < limit) {
                Object row = elements.value();
                if (!isDataSet(row)) {
                    throw Diagnosis.noDataSets(response);
                }
                String identity = collection.identity(row);
                long hash = hash(identity == null ? Json.compact(row) : identity);
                isRepeating = isRepeating && rows < before.size() && before.get(rows) == hash;
                if (isRepeating && identity == null) {
                    held.add(row);
                } else {
                    release(held);
                    Integer request = identity == null ? null : seen.get(hash);
                    if (request == null || request != current) {
                        take(row, request == null);
                    }
                }
                onPage.add(hash);
                received++;
                rows++;
                if (held.size() == PAGE) {
                    return rows;
                }
            }
            if (rows < Math.min(asked, before.size())) {
                release(held);
            }
            return rows;
        } catch (Json.Malformed e) {
            throw Diagnosis.brokenJson(response, e);
        }
    }

    private void release(List<Object> held) {
        for (Object row : held) {
            take(row, true);
        }
        held.clear();
    }

    /** Counts {@code row}, and writes it if no other request has brought it. */
    private void take(Object row, boolean isNew) {
        distinct++;
        if (isNew && written < limit) {
            writer.element(row, true);
            written++;
        }
    }

    /** Whether {@code row} may be one: some servers answer 200 with an error as JSON. */
    private static boolean isDataSet(Object row) {
        Map<String, Object> attributes = Json.asObject(row);
        if (attributes == null || attributes.isEmpty()) {
            return attributes != null;
        }
        String tag = attributes.keySet().iterator().next();
        return tag.length() == 8 && Character.digit(tag.charAt(0), 16) >= 0;
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
        try (Response response = session.get(requests.get(current).countAddress(), null)) {
            return counted(response);
        } catch (Problem notCounted) {
            // An AE without the service QIDO_COUNT has no counts.
            return -1;
        }
    }

    /** The number that {@code response}, the answer to a count, tells, or -1 if it does not. */
    static long counted(Response response) {
        return Json.object(response.text()).get("count") instanceof Json.Number number ? number.toLong() : -1;
    }

    private Problem gap() {
        if (counted >= 0 && distinct > counted - start) {
            counted = count();
        }
        long missing = Math.min(counted - start - distinct, limit - written);
        if (counted >= 0 && missing > 0) {
            return Problem.incomplete(
                    "only " + distinct + " of " + (distinct + missing) + " results" + forValues()
                            + " came: a page was cut short, or they changed in the meantime",
                    "run it again, or narrow the query, for example by StudyDate");
        }
        return remark == null
                ? null
                : Problem.incomplete(
                        "the answer may be incomplete: " + remark,
                        "see what the server's conformance statement says about the query");
    }

    private Problem stuck(String what) {
        return Problem.incomplete(
                "there are more than these " + distinct + " results" + forValues() + ", but the server " + what
                        + " at offset " + (start + received),
                "narrow the query, for example by StudyDate");
    }

    private Problem endOfOffsets() {
        return Problem.incomplete(
                "only the first " + (start + received) + (counted < 0 ? "" : " of " + counted) + " results"
                        + forValues() + " came: the archive's paging ends at offset " + MAX_OFFSET,
                "narrow the query, for example by StudyDate, and fetch the parts one by one");
    }

    /** The values of this request, if there are others. */
    private String forValues() {
        return requests.size() == 1 ? "" : " for " + values();
    }

    private String values() {
        return Alternatives.values(requests.get(current), requests);
    }

    private String goOn() {
        String path = requests.get(current).address().getPath();
        return requests.size() == 1
                ? "go on with --offset " + (start + received) + " for " + path
                : "go on from " + values() + " on";
    }
}
