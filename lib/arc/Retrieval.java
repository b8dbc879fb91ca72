//SOURCES ../base/Destination.java ../base/Exit.java ../base/Printable.java ../base/Problem.java ../http/Http.java
//SOURCES ../http/Response.java ../json/Json.java ../json/JsonElements.java Alternatives.java Diagnosis.java Format.java
//SOURCES Level.java Paging.java Query.java ResultWriter.java ServerText.java Session.java

package lib.arc;

import module java.base;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;
import lib.json.JsonElements;

/** One resource on its way from the archive to the output, whether it comes in one answer or in pages; streamed. */
public final class Retrieval {
    private final Session session;
    private final Query query;
    private final List<Query> requests;
    private final Format format;
    private final String accept;
    private final Paging paging;

    /**
     * The retrieval of what {@code query} finds.
     *
     * @param session requests further pages
     * @param format how the answer is written
     * @param accept the media types to ask for, or null for the archive's own choice
     */
    public Retrieval(Session session, Query query, Format format, String accept) {
        this.session = session;
        this.query = query;
        this.requests = query.requests();
        this.format = format;
        this.accept = accept;
        boolean isJoined = requests.size() > 1;
        if (isJoined && (format.isRaw() || !query.isJson(accept))) {
            throw Problem.usage(
                    "several values take " + requests.size() + " requests, whose answers cannot be passed on as one",
                    "ask for JSON, which is put together, or for one value");
        }
        boolean isListed = isJoined && query.isCount() && !new Alternatives(query).areDisjoint();
        Query rows = isListed ? query.listed() : format.isTable() ? query.newestFirst() : query;
        boolean isPaged = !format.isRaw() && rows.isList() && rows.isJson(accept);
        this.paging = isPaged ? new Paging(session, rows, accept) : null;
    }

    /** The address of the whole resource; of the part for the first value if several take several requests. */
    public URI resource() {
        return requests.getFirst().address();
    }

    /** The address to request first. */
    public URI address() {
        return paging == null ? resource() : paging.next();
    }

    /** The reply to go on with after {@code first}, the one for {@link #address}. */
    public Session.Reply accepted(Session.Reply first) {
        return paging == null ? first : paging.accepted(first);
    }

    /**
     * Writes {@code first}, the answer for {@link #address}, and requests and writes the pages after it. No content is
     * an empty list (facts F3). {@link Problem} if something is missing in what was written.
     *
     * @param mustMatch whether an empty list or a count of 0 is a problem too
     */
    public void write(Response first, Destination destination, boolean mustMatch) {
        boolean isEmpty = requests.size() > 1 && query.isCount()
                ? writeCount(first) == 0
                : paging != null ? writePages(first) == 0 : writeAnswer(first, destination);
        if (isEmpty && mustMatch) {
            throw new Problem(
                    Exit.NO_MATCH,
                    "nothing matches at " + Printable.line(query.address().getPath()),
                    "widen the query; without --fail-empty this is not a failure");
        }
        if (isEmpty) {
            Level level = query.searched();
            format.tell(
                    level == null
                            ? "nothing at " + Printable.line(query.address().getPath())
                            : query.archive().noMatch("no " + level.segment() + " match"));
        }
    }

    private long writePages(Response first) {
        try (ResultWriter writer = format.writer(query.address())) {
            return paging.write(first, writer);
        }
    }

    /** Writes the number of what all requests find, each once. */
    private long writeCount(Response first) {
        long count = paging == null ? sum(first) : paging.write(first, (row, isInArray) -> {});
        try (ResultWriter writer = format.writer(query.address())) {
            writer.element(Json.object("{\"count\":" + count + "}"), false);
            writer.end();
            return count;
        }
    }

    private long sum(Response first) {
        long sum = number(first);
        for (Query request : requests.subList(1, requests.size())) {
            sum += number(session.get(request.address(), accept));
        }
        return sum;
    }

    private static long number(Response response) {
        try (response) {
            long count = Paging.counted(response);
            if (count < 0) {
                throw Problem.serverFailed(
                        Http.authority(response.uri()) + " answered a count without a number",
                        "-v shows what was asked; list the rows instead of counting them");
            }
            requireAll(response);
            return count;
        }
    }

    private boolean writeAnswer(Response response, Destination destination) {
        boolean isEmpty = false;
        if (!format.isRaw() && isJson(response)) {
            isEmpty = writeElements(response);
        } else if (response.status() == 204) {
            isEmpty = true;
        } else {
            copy(response, destination);
        }
        requireAll(response);
        return isEmpty;
    }

    private boolean writeElements(Response response) {
        boolean isCount = response.uri().getPath().endsWith("/count");
        boolean isEmpty = true;
        try (ResultWriter writer = format.writer(response.uri())) {
            if (response.mediaType().equals("text/html")) {
                throw Diagnosis.htmlPage(response);
            }
            boolean isBare = response.mediaType().isEmpty() && "0".equals(response.header("Content-Length"));
            if (response.status() != 204 && !isBare) {
                try (JsonElements elements = JsonElements.of(response.body())) {
                    while (elements.next()) {
                        Object value = elements.value();
                        isEmpty = isCount
                                && value instanceof Map<?, ?> answer
                                && answer.get("count") instanceof Json.Number count
                                && count.toLong() == 0;
                        writer.element(value, elements.isArray());
                    }
                }
            }
            writer.end();
            return isEmpty;
        } catch (Json.Malformed e) {
            throw Diagnosis.brokenJson(response, e);
        }
    }

    // Says so itself: a warning 299, or 206 for no range (facts B6, F6).
    private static void requireAll(Response response) {
        String warning = ServerText.warning(response);
        if (warning != null) {
            throw Problem.incomplete("the answer is incomplete: " + warning, "ask for less at a time");
        }
        if (response.status() == 206 && response.header("Content-Range") == null) {
            String path = response.uri().getPath();
            boolean isFrames = path.contains("/frames/");
            throw Problem.incomplete(
                    "the answer is incomplete (206)" + (isFrames ? ": some of these frames are not there" : ""),
                    isFrames ? Diagnosis.frames(path) : "see the archive's server.log");
        }
    }

    private void copy(Response response, Destination destination) {
        String type = response.mediaType();
        if (!format.isRaw() && accept == null && type.equals("text/html")) {
            throw Diagnosis.htmlPage(response);
        }
        boolean isText = type.startsWith("text/") || type.endsWith("xml") || type.endsWith("json");
        if (format.isForPeople() && !isText) {
            throw Problem.usage(
                    "binary data is not written to a terminal",
                    "use -o FILE, or a pipe"
                            + (type.equals("application/octet-stream")
                                    ? "; if it is JSON, as /metrics is, -f json"
                                    : ""));
        }
        if (format.isForPeople() && !format.isRaw()) {
            show(response, destination);
            return;
        }
        byte[] buffer = new byte[1 << 16];
        EndMark end = EndMark.of(response);
        try (InputStream body = response.body()) {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                destination.write(buffer, 0, count);
                if (end != null) {
                    end.pass(buffer, count);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a body throws problems", e);
        }
        if (end != null && !end.hasCome()) {
            // No tool can open half a ZIP, and a file of that name would look like a whole one.
            destination.spoil();
            throw Problem.incomplete(
                    "the answer of " + Http.authority(response.uri()) + " ended without " + end.name(),
                    "see the archive's server.log: a stored file may be missing; --download gets the others");
        }
    }

    /** Writes text to a terminal, so that it can do nothing but be read. */
    private static void show(Response response, Destination destination) {
        char[] buffer = new char[1 << 13];
        try (Reader text = new InputStreamReader(response.body(), StandardCharsets.UTF_8)) {
            for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
                String some = new String(buffer, 0, count);
                // Its other half tells whether it is a line end.
                int next = some.endsWith("\r") ? text.read() : -1;
                destination.print(Printable.lines(next < 0 ? some : some + (char) next));
            }
        } catch (IOException e) {
            throw new IllegalStateException("a body throws problems", e);
        }
    }

    /** Whether {@code response} is JSON, or must be: some servers call it plain text or bytes. */
    private boolean isJson(Response response) {
        String type = response.mediaType();
        boolean isDue = query.isJson(accept) && (format.isChosen() || query.searched() != null);
        return isDue || response.status() == 204 || type.equals("application/json") || type.endsWith("+json");
    }

    /**
     * The end that a ZIP or a multipart must have. An archive that fails in the middle of an answer ends it like a
     * complete one, and only this mark is missing (facts F1).
     */
    private static final class EndMark {
        // A ZIP may end with a comment of 65,535 bytes; as much may follow the last boundary.
        private static final int MAX_COMMENT = 65_535;
        private static final String END_OF_DIRECTORY = "PK\5\6";
        private static final int END_OF_DIRECTORY_SIZE = 22;

        private final String boundary;
        private final byte[] tail = new byte[END_OF_DIRECTORY_SIZE + MAX_COMMENT];
        private int count;

        private EndMark(String boundary) {
            this.boundary = boundary;
        }

        /** The end that {@code response} must have, or null if its type does not tell. */
        static EndMark of(Response response) {
            if (response.mediaType().equals("application/zip")) {
                return new EndMark(null);
            }
            String boundary = response.boundary();
            return boundary == null ? null : new EndMark("--" + boundary + "--");
        }

        /** Its name, for a message. */
        String name() {
            return boundary == null ? "the directory of its ZIP" : "its closing boundary";
        }

        /** Takes the next {@code length} bytes of the body. */
        void pass(byte[] bytes, int length) {
            int added = Math.min(length, tail.length);
            int kept = Math.min(count, tail.length - added);
            System.arraycopy(tail, count - kept, tail, 0, kept);
            System.arraycopy(bytes, length - added, tail, kept, added);
            count = kept + added;
        }

        /** Whether the body ended with it and nothing but a comment after it. */
        boolean hasCome() {
            String end = new String(tail, 0, count, StandardCharsets.ISO_8859_1);
            if (boundary != null) {
                return end.contains(boundary);
            }
            for (int at = end.lastIndexOf(END_OF_DIRECTORY); at >= 0; at = end.lastIndexOf(END_OF_DIRECTORY, at - 1)) {
                int comment = at + END_OF_DIRECTORY_SIZE;
                if (comment <= count && (end.charAt(comment - 2) | end.charAt(comment - 1) << 8) == count - comment) {
                    return true;
                }
            }
            return false;
        }
    }
}
