//SOURCES Destination.java Problem.java

package lib.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output, buffered. A reader that went away ends the run silently with 141, as a signal would; a full disk is
 * a {@link Problem}.
 */
final class Stdout extends OutputStream {
    private final BufferedOutputStream out;

    Stdout(OutputStream out) {
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw problem(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw problem(e);
        }
    }

    /** Writes to any stream that stands in for standard output. */
    static void write(OutputStream out, byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw problem(e);
        }
    }

    private static Problem problem(IOException e) {
        if (isPipe() || String.valueOf(e.getMessage()).contains("Broken pipe")) {
            return Problem.readerGone("the reader of standard output went away", null);
        }
        return Destination.notWritten("to standard output", e);
    }

    // The text of the exception is in the language of the system.
    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException noProcFileSystem) {
            return false;
        }
    }
}
