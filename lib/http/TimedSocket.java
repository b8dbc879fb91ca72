//SOURCES ../base/Problem.java BlockInput.java Deadlines.java

package lib.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import lib.base.Problem;
import lib.http.Deadlines.Countdown;

/**
 * A socket that is read in time: all of a header, a body piece by piece. It lies below TLS, so that neither a header
 * nor a record that comes byte by byte is waited for.
 */
final class TimedSocket extends Socket {
    private static final int BUFFER = 1 << 16;

    private InputStream input;
    private Countdown whole = Countdown.of(null);
    private Deadlines pieces;
    private boolean isEnded;

    TimedSocket() {
        // No proxy but our own: the JDK would take one from its properties.
        super(java.net.Proxy.NO_PROXY);
    }

    /** Has all that is read from now on come within {@code time}. */
    void expectAll(Countdown time) {
        whole = time;
        pieces = null;
    }

    /** Has each piece that is read from now on come within what {@code deadlines} allow a body to stall. */
    void expectPieces(Deadlines deadlines) {
        pieces = deadlines;
    }

    /** Whether the other side has hung up. */
    boolean isEnded() {
        return isEnded;
    }

    /** What comes, always the same stream: TLS above reads a few bytes of each record first, and then the rest. */
    @Override
    public InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new BufferedInputStream(new Timed(super.getInputStream()), BUFFER);
        }
        return input;
    }

    /** Closes it at once; whatever is still on its way is lost either way. */
    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException nothingToLose) {
            // The system closes it all the same.
        }
    }

    /** {@code limit} as sockets count it, 0 where there is none; not a moment less, or it would not be over by then. */
    static int milliseconds(Duration limit) {
        return limit == null ? 0 : Math.clamp(limit.toMillis() + 1, 1, Integer.MAX_VALUE);
    }

    private Duration limit() throws SocketTimeoutException {
        try {
            return pieces == null ? whole.left() : pieces.stall();
        } catch (Problem late) {
            // TLS above would take it for a bug of its own; who reads asks again.
            throw new SocketTimeoutException(late.getMessage());
        }
    }

    private final class Timed extends BlockInput {
        private final InputStream in;

        Timed(InputStream in) {
            this.in = in;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            setSoTimeout(milliseconds(limit()));
            int count = in.read(bytes, offset, length);
            isEnded |= count < 0;
            return count;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }
    }
}
