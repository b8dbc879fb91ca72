//SOURCES ../base/Problem.java BlockInput.java

package lib.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.base.Problem;

/**
 * A body that was compressed on its way (RFC 9110, section 8.4.1.3), decompressed as it arrives. One that is lost in
 * transport says so itself; one that arrived whole and is broken or stops makes no sense.
 */
final class GzipStream extends BlockInput {
    private final String host;
    private final InputStream packed;
    private InputStream unpacked;

    GzipStream(String host, InputStream packed) {
        this.host = host;
        this.packed = packed;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            if (unpacked == null) {
                unpacked = open();
            }
            int count = unpacked.read(bytes, offset, length);
            if (count < 0) {
                // The end of the transfer lies behind that of the data: only past it is the connection free again.
                packed.skip(Long.MAX_VALUE);
            }
            return count;
        } catch (EOFException e) {
            throw broken("with compressed data that stops");
        } catch (ZipException e) {
            throw broken("with compressed data that is broken");
        } catch (IOException e) {
            throw new IllegalStateException("a body throws problems", e);
        }
    }

    // Nothing at all stands for nothing: the answer to HEAD, and 204, have no body.
    private InputStream open() throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(packed);
        int first = peeked.read();
        if (first < 0) {
            return peeked;
        }
        peeked.unread(first);
        return new GZIPInputStream(peeked, 1 << 14);
    }

    private Problem broken(String what) {
        return Problem.serverFailed(
                host + " answered " + what,
                "look into its log, and that of a proxy before it; -H 'Accept-Encoding: identity' asks for plain data");
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }
}
