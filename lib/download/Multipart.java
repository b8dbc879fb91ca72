//SOURCES ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java

package lib.download;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;

/**
 * The parts of a {@code multipart/related} answer as they arrive (RFC 2046, section 5.1; PS3.18, section 8.6.1.2.1), in
 * a buffer of 256 KiB, however long they are.
 *
 * <p>A part is whole only if a boundary follows it: an archive that fails in the middle ends its answer as if it were
 * complete (facts F1). Parts need no length; one that has a Content-Length is held against it, and may contain what
 * looks like the boundary.
 *
 * <p>An answer that is {@code application/dicom} itself counts as one part, which ends where the answer does.
 */
final class Multipart implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int PIECE = 1 << 16;
    private static final int MOST_HEADER = 1 << 16;

    // RFC 2046 allows 70, Orthanc sends 72.
    private static final int MOST_BOUNDARY = 200;
    private static final int MOST_PADDING = 100;

    private static final String DICOM = "application/dicom";
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^Content-Length:[ \t]*([0-9]{1,18})[ \t]*$");

    private final Response response;
    private final IntConsumer arrival;
    private final InputStream in;
    private final byte[] delimiter;
    private final boolean isSingle;
    private final int[] shift = new int[256];
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int end;
    private boolean isEnded;
    private Problem failure;

    /** The Content-Length of the part; -1 if it has none. */
    private long length = -1;

    /** How many bytes are still to come, whatever is in them; 0 where only a delimiter ends the part. */
    private long left;

    private boolean isWrongLength;
    private State state = State.BEFORE;

    /** Where in the answer the next byte is. */
    private enum State {
        /** The preamble. */
        BEFORE,
        /** A part. */
        PART,
        /** The end of the line with a boundary, and the next part's header. */
        BOUNDARY,
        /** The epilogue, which is ignored. */
        CLOSED
    }

    /**
     * Reads the body of {@code response}, and tells {@code arrival} the number of bytes in each read; {@link Problem}
     * if it is not a multipart.
     *
     * @param isOne whether a single file is due, which may come without a multipart around it
     */
    Multipart(Response response, boolean isOne, IntConsumer arrival) {
        this.response = response;
        this.arrival = arrival;
        this.in = response.body();
        this.isSingle = isOne && response.mediaType().equals(DICOM);
        if (isSingle) {
            delimiter = new byte[0];
            return;
        }
        String type = response.header("Content-Type");
        String boundary = response.boundary();
        if (boundary == null || boundary.isEmpty() || boundary.length() > MOST_BOUNDARY) {
            response.close();
            throw malformed(response.status() + " with "
                    + (type == null ? "no media type" : Printable.cut(type, 80))
                    + " instead of multipart/related with a boundary");
        }
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        Arrays.fill(shift, delimiter.length);
        for (int i = 0; i < delimiter.length - 1; i++) {
            shift[delimiter[i] & 255] = delimiter.length - 1 - i;
        }
        // The first boundary may be at the very beginning, without the line end that a delimiter begins with.
        buffer[end++] = '\r';
        buffer[end++] = '\n';
    }

    /**
     * Moves to the next part, past what is left of the current one.
     *
     * @return false after the last one, once the closing boundary has arrived
     * @throws Problem if the answer ends before that; a part that was not read to its end is not whole then
     */
    boolean next() {
        if (isSingle && state == State.BEFORE) {
            state = State.PART;
            left = Long.MAX_VALUE;
            return true;
        }
        long passed = 0;
        for (ByteBuffer bytes = read(); bytes != null; bytes = read()) {
            passed += bytes.remaining();
            if (state == State.BEFORE && passed > MOST_HEADER) {
                throw malformed("with 64 KiB that contain no boundary");
            }
        }
        if (state == State.CLOSED) {
            return false;
        }
        // The search begins at the line end of the boundary, since there may be no header at all.
        int blank = blankLine(from);
        while (blank < 0) {
            if (end - from > MOST_HEADER) {
                throw malformed("with a part's header of more than 64 KiB");
            }
            if (!fill()) {
                throw early();
            }
            blank = blankLine(from);
        }
        length = length(new String(buffer, from, blank - from, StandardCharsets.ISO_8859_1));
        from = blank + 4;
        state = State.PART;
        collect();
        // Where the end is in sight, a wrong length costs no other part.
        isWrongLength = length >= 0 && (isEnded || length < end - from - delimiter.length) && !isDelimited(length);
        left = isWrongLength ? 0 : Math.max(0, length);
        return true;
    }

    /** Whether a delimiter follows the next {@code bytes}. */
    private boolean isDelimited(long bytes) {
        long at = from + bytes;
        return at + delimiter.length <= end
                && Arrays.equals(buffer, (int) at, (int) at + delimiter.length, delimiter, 0, delimiter.length);
    }

    /** The Content-Length in {@code header}, the fields of a part; -1 if it has none. */
    private static long length(String header) {
        Matcher length = CONTENT_LENGTH.matcher(header);
        return length.find() ? Long.parseLong(length.group(1)) : -1;
    }

    /** Why the part, which was read to its end, is not as long as it should be; null if it is. */
    String flaw() {
        return isWrongLength ? "its part does not end after the " + length + " bytes of its Content-Length" : null;
    }

    /** Servers send small pieces: collects some, since each write to a file has its cost. */
    private void collect() {
        while (end - from < PIECE && fill()) {}
    }

    /**
     * The next bytes of the part, valid until the next call; null at its end, which makes it whole unless it has a
     * {@link #flaw}.
     */
    ByteBuffer read() {
        while (state == State.BEFORE || state == State.PART) {
            int found = left > 0 ? -1 : find(from);
            int stop = left > 0
                    ? from + (int) Math.min(left, end - from)
                    : found >= 0 ? found : Math.max(from, end - delimiter.length + 1);
            if (found == from) {
                while (end - from < delimiter.length + MOST_PADDING && fill()) {}
                State next = behind(from + delimiter.length);
                if (next != null) {
                    state = next;
                    return null;
                }
                // Data that only begins like a boundary.
                stop = from + 1;
            }
            if (stop > from) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, from, stop - from);
                isWrongLength = length >= 0 && left == 0;
                left = Math.max(0, left - bytes.remaining());
                from = stop;
                return bytes;
            }
            if (!fill()) {
                return ended();
            }
            collect();
        }
        return null;
    }

    /** Ends a part at the end of the answer; {@link Problem} if only a boundary could have ended it. */
    private ByteBuffer ended() {
        // A length that is too long may have led past the closing boundary.
        isWrongLength = state == State.PART && length >= 0;
        if (failure != null || !isSingle && !isWrongLength) {
            throw early();
        }
        state = State.CLOSED;
        return null;
    }

    /** What follows a delimiter that ends at {@code at}; null if it is only data. */
    private State behind(int at) {
        if (at + 1 < end && buffer[at] == '-' && buffer[at + 1] == '-') {
            return State.CLOSED;
        }
        int next = at;
        while (next < end && (buffer[next] == ' ' || buffer[next] == '\t')) {
            next++;
        }
        if (next + 1 < end && buffer[next] == '\r' && buffer[next + 1] == '\n') {
            from = next;
            return State.BOUNDARY;
        }
        if (next + 1 >= end) {
            throw early();
        }
        return null;
    }

    /** The index of the first delimiter at or after {@code start} (Horspool's search); -1 if there is none. */
    private int find(int start) {
        int last = delimiter.length - 1;
        for (int i = start + last; i < end; i += shift[buffer[i] & 255]) {
            if (buffer[i] == delimiter[last]
                    && Arrays.equals(buffer, i - last, i + 1, delimiter, 0, delimiter.length)) {
                return i - last;
            }
        }
        return -1;
    }

    private int blankLine(int start) {
        for (int i = start; i + 3 < end; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Reads more into the buffer; false at the end of the answer, regular or not. */
    private boolean fill() {
        if (isEnded) {
            return false;
        }
        if (buffer.length - end < PIECE) {
            System.arraycopy(buffer, from, buffer, 0, end - from);
            end -= from;
            from = 0;
        }
        try {
            int count = in.read(buffer, end, buffer.length - end);
            isEnded = count < 0;
            if (!isEnded) {
                end += count;
                arrival.accept(count);
            }
        } catch (Problem problem) {
            // The buffer may still hold whole parts.
            failure = problem;
            isEnded = true;
        } catch (IOException e) {
            throw new IllegalStateException("a body throws problems", e);
        }
        return !isEnded;
    }

    private Problem early() {
        return failure != null
                ? failure
                : Problem.noAnswer(
                        "the answer of " + Http.authority(response.uri()) + " ended without its closing boundary",
                        "see the archive's server.log: a stored file may be missing");
    }

    private Problem malformed(String what) {
        return Problem.serverFailed(
                Http.authority(response.uri()) + " answered " + what,
                "to see the answer: -v, and -f raw without --download");
    }

    @Override
    public void close() {
        response.close();
    }
}
