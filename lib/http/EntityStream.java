//SOURCES ../base/Problem.java Deadlines.java Failure.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** The body of an answer as it comes over a connection, which is handed back at its end. */
final class EntityStream extends InputStream {
    private final InputStream content;
    private final String host;
    private final Deadlines deadlines;
    private final Return connection;
    private long count;
    private boolean isEnded;

    /** Takes the connection back. */
    interface Return {
        /** {@code isWhole} if the body has been read to its end, so that the next answer would follow. */
        void back(boolean isWhole);
    }

    /** The body {@code content} of an answer of {@code host}; null for none. */
    EntityStream(InputStream content, String host, Deadlines deadlines, Return connection) {
        this.content = content;
        this.host = host;
        this.deadlines = deadlines;
        this.connection = connection;
        if (content == null) {
            end(true);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
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
            connection.back(isWhole);
        }
    }

    @Override
    public void close() {
        end(false);
    }
}
