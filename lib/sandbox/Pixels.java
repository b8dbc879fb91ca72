package lib.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Made-up pixel data of 16 bits in little endian, always the same for the same instance and never held whole: frames of
 * 128 by 128, or one line where the size is no multiple of that.
 *
 * <p>Every block of 32 KiB says its number and holds what looks like the start of a multipart boundary, so that a block
 * lost, doubled or cut in a wrong place changes the whole.
 *
 * @param uid the SOP Instance UID
 * @param bytes how many
 */
record Pixels(String uid, long bytes) {
    /** The edge of a frame. */
    static final int EDGE = 128;

    /** The bytes of a frame. */
    static final int FRAME = EDGE * EDGE * 2;

    private static final byte[] LURE = "\r\n--\r\n--".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOISE = noise();

    /** Whether pixel data can have this size. */
    static boolean isSize(long bytes) {
        boolean line = bytes > 0 && bytes % 2 == 0 && bytes / 2 <= 0xFFFF;
        return line || bytes > 0 && bytes % FRAME == 0 && bytes < 0xFFFF_FFFFL;
    }

    int rows() {
        return bytes % FRAME == 0 ? EDGE : 1;
    }

    int columns() {
        return bytes % FRAME == 0 ? EDGE : (int) (bytes / 2);
    }

    int frames() {
        return bytes % FRAME == 0 ? (int) (bytes / FRAME) : 1;
    }

    void writeTo(OutputStream out) throws IOException {
        byte[] block = block();
        long left = bytes;
        for (long number = 0; left > 0; number++) {
            ByteBuffer.wrap(block).putLong(number);
            int length = (int) Math.min(left, block.length);
            out.write(block, 0, length);
            left -= length;
        }
    }

    /** One frame, counted from 0. */
    byte[] frame(int number) {
        byte[] block = block();
        ByteBuffer.wrap(block).putLong(number);
        return Arrays.copyOf(block, Math.min(FRAME, rows() * columns() * 2));
    }

    private byte[] block() {
        byte[] block = NOISE.clone();
        int seed = uid.hashCode();
        for (int i = 0; i < block.length; i++) {
            block[i] ^= (byte) (seed >> 8 * (i & 3));
        }
        System.arraycopy(LURE, 0, block, 8, LURE.length);
        return block;
    }

    // Noise in the low byte, a picture in the high one.
    private static byte[] noise() {
        byte[] noise = new byte[FRAME];
        new Random(1).nextBytes(noise);
        for (int i = 0; i < EDGE * EDGE; i++) {
            noise[2 * i + 1] = (byte) (i % EDGE + i / EDGE);
        }
        return noise;
    }
}
