//SOURCES ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Response.java

package lib.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntConsumer;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;

/**
 * The parts of a {@code multipart/related} answer as they arrive (RFC 2046, section 5.1; PS3.18, section 8.6.1.2.1), in
 * a buffer of 256 KiB, however long they are.
 *
 * <p>A part is whole only if a boundary follows it: an archive that fails in the middle ends its answer as if it were
 * complete (facts F1). The headers of parts are skipped, since parts need no length.
 */
final class Multipart implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int PIECE = 1 << 16;
    private static final int MOST_HEADER = 1 << 16;

    // RFC 2046 allows 70, Orthanc sends 72.
    private static final int MOST_BOUNDARY = 200;
    private static final int MOST_PADDING = 100;

    private final Response response;
    private final IntConsumer arrival;
    private final InputStream in;
    private final byte[] delimiter;
    private final int[] shift = new int[256];
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int end;
    private boolean isEnded;
    private Problem failure;
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
     */
    Multipart(Response response, IntConsumer arrival) {
        this.response = response;
        this.arrival = arrival;
        this.in = response.body();
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
        from = blank + 4;
        state = State.PART;
        // The first read of a part has to return Part10.BEGINNING bytes at once.
        while (end - from < PIECE && fill()) {}
        return true;
    }

    /**
     * The next bytes of the part, valid until the next call; null at its end, which makes it whole. The first call
     * returns at least {@link Part10#BEGINNING} bytes if the part has so many.
     */
    ByteBuffer read() {
        while (state == State.BEFORE || state == State.PART) {
            int found = find(from);
            int stop = found >= 0 ? found : Math.max(from, end - delimiter.length + 1);
            if (stop > from) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, from, stop - from);
                from = stop;
                return bytes;
            }
            if (found < 0) {
                if (!fill()) {
                    throw early();
                }
                // Servers send small pieces: collect some, since each write to a file has its cost.
                while (end - from < PIECE && fill()) {}
                continue;
            }
            while (end - from < delimiter.length + MOST_PADDING && fill()) {}
            State next = behind(from + delimiter.length);
            if (next == null) {
                // Data that only begins like a boundary.
                return ByteBuffer.wrap(buffer, from++, 1);
            }
            state = next;
        }
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
