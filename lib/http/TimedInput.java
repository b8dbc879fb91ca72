//SOURCES Deadlines.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * What comes over a connection, in time: a header as a whole, a body piece by piece. So a header that comes byte by
 * byte is not waited for either.
 */
final class TimedInput extends InputStream {
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private final Socket socket;
    private final InputStream in;
    private Deadlines deadlines;
    private long began;
    private Duration header;
    private Expected expected = Expected.HEADER;
    private boolean hasBegun;
    private boolean isEnded;

    /** What comes next. */
    private enum Expected {
        HEADER,
        BODY,
        END
    }

    TimedInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Expects an answer, beginning with its header. */
    void expectHeader(Deadlines within) {
        deadlines = within;
        began = System.nanoTime();
        header = within.firstByte();
        expected = Expected.HEADER;
        hasBegun = false;
    }

    /** Expects the body of the answer. */
    void expectBody() {
        expected = Expected.BODY;
    }

    /** Expects no more than the end of the body, and at once. */
    void expectEnd() {
        expected = Expected.END;
    }

    /** Whether any of the answer has come. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** Whether the other side has said that nothing more will come. */
    boolean isEnded() {
        return isEnded;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        socket.setSoTimeout(milliseconds(limit()));
        int count = in.read(bytes, offset, length);
        hasBegun |= count > 0;
        isEnded |= count < 0;
        return count;
    }

    private Duration limit() throws SocketTimeoutException {
        return switch (expected) {
            case HEADER -> headerLeft();
            case BODY -> deadlines.stall();
            case END -> AT_ONCE;
        };
    }

    private Duration headerLeft() throws SocketTimeoutException {
        if (header == null) {
            return null;
        }
        Duration left = header.minusNanos(System.nanoTime() - began);
        if (left.isNegative()) {
            throw new SocketTimeoutException("the header took too long");
        }
        return left;
    }

    /** {@code limit} as sockets count it, 0 where there is none; not a moment less, or it would not be over by then. */
    static int milliseconds(Duration limit) {
        return limit == null ? 0 : Math.clamp(limit.toMillis() + 1, 1, Integer.MAX_VALUE);
    }
}
