//SOURCES ../base/Io.java ../base/Messages.java

package lib.download;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import lib.base.Io;
import lib.base.Messages;

/**
 * How far a job is: one line on a terminal that is written over and over, and makes way for every message; in a pipe a
 * line every 10 s with {@code --verbose}.
 */
public final class Progress extends OutputStream implements AutoCloseable, Runnable {
    private static final Duration REDRAWN = Duration.ofMillis(250);
    private static final Duration TOLD = Duration.ofSeconds(10);
    private static final int WIDTH = 80;
    private static final byte[] ERASE = {'\r', 27, '[', 'K'};

    private final OutputStream err;
    private final Io io;
    private final boolean isDrawn;
    private final int width;
    private final long began = System.nanoTime();
    private Thread thread;
    private boolean isShown;
    private long total;
    private long done;
    private long bytes;
    private long lastBytes;
    private double rate;

    /** Progress to be shown on the standard error of {@code io}, where anybody wants it. */
    public Progress(Io io) {
        Messages messages = io.messages();
        err = messages.err();
        isDrawn = io.streams().isTerminal(2)
                && !messages.silent()
                && io.env("NO_COLOR") == null
                && !"dumb".equals(io.env("TERM"));
        width = width(io.env("COLUMNS"));
        this.io = isDrawn ? io.speakingTo(this) : io;
    }

    private static int width(String columns) {
        try {
            return columns == null ? WIDTH : Math.max(20, Integer.parseInt(columns));
        } catch (NumberFormatException nonsense) {
            return WIDTH;
        }
    }

    /** The streams to use meanwhile: messages on them do not run into the line. */
    public Io io() {
        return io;
    }

    /** Begins to show it. */
    void start() {
        if (isDrawn || io.messages().verbose()) {
            thread = Thread.ofPlatform().daemon().start(this);
        }
    }

    @Override
    public void run() {
        Duration pause = isDrawn ? REDRAWN : TOLD;
        try {
            while (true) {
                Thread.sleep(pause);
                tick(pause);
            }
        } catch (InterruptedException done) {
            // By close().
        }
    }

    private synchronized void tick(Duration since) {
        double now = (bytes - lastBytes) * 1000.0 / since.toMillis();
        rate = lastBytes == 0 ? now : 0.8 * rate + 0.2 * now;
        lastBytes = bytes;
        if (!isDrawn) {
            io.messages().detail(line());
            return;
        }
        String line = line();
        try {
            err.write(ERASE);
            err.write(line.substring(0, Math.min(line.length(), width - 1)).getBytes(StandardCharsets.UTF_8));
            err.flush();
            isShown = true;
        } catch (IOException nobodyLooks) {
            // The exit code still tells how the run ended.
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder()
                .append(done)
                .append('/')
                .append(total)
                .append(" instances, ")
                .append(amount(bytes))
                .append(", ")
                .append(amount((long) rate))
                .append("/s");
        if (done > 0 && done < total) {
            long left = (System.nanoTime() - began) / 1_000_000_000 * (total - done) / done;
            line.append(", ")
                    .append(left / 60)
                    .append(left % 60 < 10 ? ":0" : ":")
                    .append(left % 60)
                    .append(" left");
        }
        return line.toString();
    }

    /** {@code bytes} for people: three digits or four, and a decimal unit. */
    static String amount(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        long value = bytes;
        int unit = 0;
        while (value >= 10_000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return value + " " + units[unit];
    }

    /** Expects so many instances more, or less if {@code count} is negative. */
    synchronized void expect(long count) {
        total += count;
    }

    /** Has seen so many instances to their end, whatever that was. */
    synchronized void done(int count) {
        done += count;
    }

    /** Has received so many bytes. */
    synchronized void received(int count) {
        bytes += count;
    }

    /** Writes {@code line} to standard output, which may be the same terminal. */
    synchronized void print(String line) throws IOException {
        erase();
        io.print(line);
        io.out().flush();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] text, int offset, int length) throws IOException {
        erase();
        err.write(text, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        err.flush();
    }

    private void erase() throws IOException {
        if (isShown) {
            isShown = false;
            err.write(ERASE);
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        try {
            erase();
            err.flush();
        } catch (IOException nobodyLooks) {
            // Nothing is left to say.
        }
    }
}
