//SOURCES BlockInput.java TimedSocket.java

package lib.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** What comes over a connection, decrypted: whether something has come, and whether that was all. */
final class Arrivals extends BlockInput {
    private final InputStream in;
    private final boolean isSecure;
    private final TimedSocket base;
    private boolean hasBegun;
    private boolean isEnded;

    /** What comes over {@code socket}, which encrypts {@code base} or is the same. */
    Arrivals(Socket socket, TimedSocket base) throws IOException {
        this.in = socket.getInputStream();
        this.isSecure = socket != base;
        this.base = base;
    }

    /** Expects another answer. */
    void expect() {
        hasBegun = false;
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
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        hasBegun |= count > 0;
        isEnded |= count < 0;
        if (isEnded && hasBegun && isSecure && base.isEnded()) {
            // The JDK does not mind, but it may be an attacker who cuts an answer short (RFC 9112, section 9.8).
            throw new EOFException("hung up without a word of TLS");
        }
        return count;
    }
}
