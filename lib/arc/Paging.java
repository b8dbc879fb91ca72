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

    /** The rows that earlier requests brought, each as a hash of its identity. */
    private final Set<Long> earlier = new HashSet<>();

    /** The rows of this request's earlier pages. */
    private final Set<Long> seen = new HashSet<>();

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
            earlier.addAll(seen);
            earlier.addAll(onPage);
            seen.clear();
            onPage.clear();
            before = List.of();
            current++;
            received = 0;
            distinct = 0;
            counted = -1;
            writer.flush();
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
            long asked = asked();
            Page page = page(response);
            if (written == limit) {
                return gap();
            }
            if (!page.mayGoOn(asked, isDcm4chee, hasLimit)) {
                if (isDcm4chee && limit < Long.MAX_VALUE && received > page.rows()) {
                    counted = count();
                }
                return gap();
            }
            if (distinct == known) {
                boolean isStuck = page.isCapped() || hasLimit && page.rows() == asked && isMore(distinct, start);
                return isStuck ? stuck("repeats itself") : gap();
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
            writer.flush();
            seen.addAll(onPage);
            before = isDcm4chee ? before : onPage;
            onPage = new ArrayList<>();
            response = following(page.isCapped());
            if (response == null) {
                // It may also refuse offsets, or those above a limit of its own.
                boolean isStuck =
                        hasLimit && page.rows() == asked && isMore(page.rows(), start + received - page.rows());
                return isStuck ? stuck("refuses to go on") : gap();
            }
        }
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
     * @param rows how many rows were on it, including repeated ones
     * @param isCapped whether the archive said that there are more
     */
    private record Page(long rows, boolean isCapped) {
        boolean mayGoOn(long asked, boolean isDcm4chee, boolean hasLimit) {
            return isCapped || rows == asked || !isDcm4chee && rows > 0 && (rows < asked || !hasLimit);
        }
    }

    private Page page(Response response) {
        try (response) {
            String warning = ServerText.warning(response);
            // 206 says the same in versions of PS3.18 before 2017.
            boolean isCapped = isCap(warning) || response.status() == 206;
            if (warning != null && !isCap(warning)) {
                remark = warning;
            }
            return new Page(response.status() == 204 ? 0 : rows(response), isCapped);
        }
    }

    private static boolean isCap(String warning) {
        return warning != null && warning.toLowerCase(Locale.ROOT).contains("additional results");
    }

    /** Whether a server that does not go on has more than the {@code known} rows from {@code offset} on. */
    private boolean isMore(long known, long offset) {
        if (isDcm4chee) {
            return true;
        }
        try (Response response = session.get(page(known + 1, offset), accept, goOn())) {
            long rows = 0;
            if (response.status() != 204) {
                try (JsonElements elements = JsonElements.ofList(response.body())) {
                    while (rows <= known && elements.next()) {
                        rows++;
                    }
                } catch (Json.Malformed e) {
                    throw Diagnosis.brokenJson(response, e);
                }
            }
            return rows > known || isCap(ServerText.warning(response));
        }
    }

    /** Writes the rows of {@code response} that are new, and counts all of them. */
    private long rows(Response response) {
        if (response.mediaType().equals("text/html")) {
            throw Diagnosis.htmlPage(response);
        }
        long asked = asked();
        long rows = 0;
        Held held = new Held();
        try (JsonElements elements = JsonElements.ofList(response.body())) {
            while (elements.next() && written < limit) {
                Object row = elements.value();
                if (!isDataSet(row)) {
                    throw Diagnosis.noDataSets(response);
                }
                String identity = collection.identity(row);
                String text = identity == null ? Json.compact(row) : null;
                long hash = hash(identity == null ? text : identity);
                if (held.isRepeated(hash) && identity == null) {
                    held.add(text);
                } else {
                    held.release();
                    if (identity == null || !seen.contains(hash)) {
                        distinct++;
                        if (identity == null || !earlier.contains(hash)) {
                            writer.element(elements);
                            written++;
                        }
                    }
                }
                onPage.add(hash);
                received++;
                rows++;
                if (held.count == PAGE) {
                    return rows;
                }
            }
            if (rows < Math.min(asked, before.size())) {
                held.release();
            }
            return rows;
        } catch (Json.Malformed e) {
            throw Diagnosis.brokenJson(response, e);
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

    /**
     * Rows that nothing identifies, and that are those of the page before so far. If the whole page is, a server has
     * ignored the offset; else two rows look alike, and both are written.
     */
    private final class Held {
        private final StringBuilder rows = new StringBuilder();
        private boolean isRepeating = !before.isEmpty();
        private int count;

        /** Whether the row with this hash, which follows those on this page, is the one of the page before too. */
        boolean isRepeated(long hash) {
            isRepeating = isRepeating && onPage.size() < before.size() && before.get(onPage.size()) == hash;
            return isRepeating;
        }

        void add(String row) {
            rows.append(count == 0 ? '[' : ',').append(row);
            count++;
        }

        /** Writes them after all. */
        void release() throws Json.Malformed {
            if (count == 0) {
                return;
            }
            byte[] array = rows.append(']').toString().getBytes(StandardCharsets.UTF_8);
            try (JsonElements elements = JsonElements.of(new ByteArrayInputStream(array))) {
                while (elements.next() && written < limit) {
                    writer.element(elements);
                    distinct++;
                    written++;
                }
            }
            rows.setLength(0);
            count = 0;
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
