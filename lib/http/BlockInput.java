package lib.http;

import module java.base;

/** A stream that is read block by block; a single byte is a block of one. */
public abstract class BlockInput extends InputStream {
    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;
}
