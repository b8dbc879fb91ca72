//SOURCES ../base/Problem.java BlockInput.java Deadlines.java

package lib.http;

import module java.base;
import lib.base.Problem;
import lib.http.Deadlines.Countdown;

/**
 * A socket with time limits for reading: one for a whole header, or one for each piece of a body. It lies below TLS, so
 * that a handshake, header or record that arrives byte by byte cannot exceed them.
 */
final class TimedSocket extends Socket {
    private static final int BUFFER = 1 << 16;

    private InputStream input;
    private Countdown whole = Countdown.of(null);
    private Deadlines pieces;
    private boolean isEnded;

    TimedSocket() {
        // Otherwise the JDK would use a proxy from its system properties.
        super(java.net.Proxy.NO_PROXY);
    }

    /** Sets one time limit for everything read from now on. */
    void expectAll(Countdown time) {
        whole = time;
        pieces = null;
    }

    /** Sets a time limit for each piece read from now on: as long as {@code deadlines} allow a body to stall. */
    void expectPieces(Deadlines deadlines) {
        pieces = deadlines;
    }

    /** Whether the other side has closed the connection. */
    boolean isEnded() {
        return isEnded;
    }

    /** The input, always the same buffered stream: TLS reads the first bytes of each record separately. */
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

    /** {@code limit} in milliseconds, rounded up, so that it is really over then; 0 for no limit. */
    static int milliseconds(Duration limit) {
        return limit == null ? 0 : Math.clamp(limit.toMillis() + 1, 1, Integer.MAX_VALUE);
    }

    private Duration limit() throws SocketTimeoutException {
        try {
            return pieces == null ? whole.left() : pieces.stall();
        } catch (Problem late) {
            // TLS would report a Problem as an internal error. Readers check the total time again.
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
