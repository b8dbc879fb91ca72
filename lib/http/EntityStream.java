//SOURCES BlockInput.java Connection.java ConnectionPool.java Deadlines.java Failure.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** The body of an answer as it comes over a connection, which is handed back at its end. */
final class EntityStream extends BlockInput {
    // The line end behind a multipart's last boundary, and an epilogue if it is short.
    private static final int MOST_REST = 1 << 10;

    private final InputStream content;
    private final String host;
    private final Deadlines deadlines;
    private final Connection connection;
    private final ConnectionPool owner;
    private long count;
    private boolean isEnded;

    /**
     * The body {@code content} of an answer of {@code host} over {@code connection} of {@code owner}; null for none.
     */
    EntityStream(InputStream content, String host, Deadlines deadlines, Connection connection, ConnectionPool owner) {
        this.content = content;
        this.host = host;
        this.deadlines = deadlines;
        this.connection = connection;
        this.owner = owner;
        if (content == null) {
            end(true);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (isEnded) {
            return -1;
        }
        boolean isRead = false;
        try {
            int some = content.read(bytes, offset, length);
            isRead = true;
            if (some < 0) {
                end(true);
            }
            count += Math.max(0, some);
            return some;
        } catch (SocketTimeoutException e) {
            // Or the time for everything is over.
            deadlines.left();
            throw Failure.silence(host, count);
        } catch (IOException e) {
            throw Failure.earlyEnd(host, count);
        } finally {
            if (!isRead) {
                end(false);
            }
        }
    }

    private void end(boolean isWhole) {
        if (!isEnded) {
            isEnded = true;
            owner.back(connection, isWhole);
        }
    }

    /** Gives up the rest. If that is no more than the end, which is often here already, the connection is saved. */
    @Override
    public void close() {
        if (!isEnded) {
            end(isAtItsEnd());
        }
    }

    private boolean isAtItsEnd() {
        connection.expectEnd();
        byte[] rest = new byte[MOST_REST];
        int length = 0;
        try {
            int some = 0;
            while (some >= 0 && length < rest.length) {
                length += some;
                some = content.read(rest, length, rest.length - length);
            }
            return some < 0;
        } catch (IOException moreOrNothing) {
            return false;
        }
    }
}
