//SOURCES ../base/Io.java ../base/Messages.java

package lib.download;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.base.Io;
import lib.base.Messages;

/**
 * How far a job is: one line on a terminal that is written over and over, and makes way for every message; in a pipe a
 * line every 10 s with {@code --verbose}.
 */
public final class Progress extends OutputStream implements AutoCloseable, Runnable {
    private static final Duration REDRAWN = Duration.ofMillis(250);
    private static final Duration TOLD = Duration.ofSeconds(10);
    private static final String ERASE = "\r\33[K";

    // However narrow the terminal is, and becomes: what wraps could not be erased. The last column then shows what
    // comes last, which is a blank.
    private static final String NO_WRAP = "\33[?7l";
    private static final String WRAP = "\33[?7h";

    private final OutputStream err;
    private final Io io;
    private final boolean isDrawn;
    private final boolean isTold;
    private final Map<String, Integer> found = new LinkedHashMap<>();
    private Thread thread;
    private boolean isShown;
    private boolean isClosed;
    private boolean isPaused;
    private Instant began;
    private Instant last;
    private boolean isListing = true;
    private long total;
    private int unknown;
    private long done;
    private long skipped;
    private long bytes;
    private long lastBytes;
    private double rate;

    /** Progress to be shown on the standard error of {@code io}, where anybody wants it. */
    public Progress(Io io) {
        Messages messages = io.messages();
        err = messages.err();
        isDrawn = io.isStyled(2) && !messages.silent();
        isTold = !isDrawn && messages.verbose();
        this.io = isDrawn ? io.speakingTo(this) : io;
    }

    /** The streams to use meanwhile: messages on them do not run into the line. */
    public Io io() {
        return io;
    }

    /** Begins to show it: first what searches find. */
    void start() {
        last = io.clock().instant();
        if (isDrawn) {
            thread = Thread.ofPlatform().daemon().start(this);
        }
    }

    /** Goes on from what is found to what of it is done. */
    synchronized void startDownload() {
        isListing = false;
        began = io.clock().instant();
        last = began;
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(REDRAWN);
                draw();
            }
        } catch (InterruptedException done) {
            // By close().
        }
    }

    private synchronized void draw() {
        String line = isClosed || isPaused ? "" : line(io.clock().instant());
        if (line.isEmpty()) {
            return;
        }
        try {
            err.write((ERASE + NO_WRAP + line + " " + WRAP).getBytes(StandardCharsets.UTF_8));
            err.flush();
            isShown = true;
        } catch (IOException nobodyLooks) {
            // The exit code still tells how the run ended.
        }
    }

    private String line(Instant now) {
        return isListing ? foundLine() : downloadLine(now);
    }

    /** What searches have found; empty where none was begun. */
    private String foundLine() {
        StringBuilder line = new StringBuilder();
        for (Map.Entry<String, Integer> entry : found.entrySet()) {
            line.append(line.isEmpty() ? "" : ", ")
                    .append(entry.getValue())
                    .append(' ')
                    .append(entry.getKey());
        }
        return line.isEmpty() ? "" : line.append(" found").toString();
    }

    private String downloadLine(Instant now) {
        long since = Duration.between(last, now).toMillis();
        if (since > 0) {
            double lately = (bytes - lastBytes) * 1000.0 / since;
            // A line that is drawn all the time would flicker.
            rate = isTold || lastBytes == 0 ? lately : 0.8 * rate + 0.2 * lately;
            lastBytes = bytes;
            last = now;
        }
        StringBuilder line = new StringBuilder()
                .append(done)
                .append('/')
                .append(total)
                .append(unknown > 0 ? "+" : "")
                .append(" instances, ")
                .append(amount(bytes))
                .append(", ")
                .append(amount((long) rate))
                .append("/s");
        // What was here before took no time.
        long fetched = done - skipped;
        if (fetched > 0 && done < total && unknown == 0) {
            long left = Duration.between(began, now).toMillis() * (total - done) / fetched / 1000;
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

    /** Searches for {@code level}: studies, series or instances. */
    synchronized void search(String level) {
        found.putIfAbsent(level, 0);
    }

    /** Has found another one of {@code level}, which is searched for. */
    synchronized void found(String level) {
        found.merge(level, 1, Integer::sum);
        tell();
    }

    /** Expects a study of so many instances; 0 if nobody knows yet. */
    synchronized void expect(int announced) {
        total += announced;
        unknown += announced == 0 ? 1 : 0;
    }

    /** Knows now how many instances a study has of which so many were {@code announced}. */
    synchronized void listed(int announced, int instances) {
        total += instances - announced;
        unknown -= announced == 0 ? 1 : 0;
    }

    /** Has seen so many instances to their end, whatever that was. */
    synchronized void done(int count) {
        done += count;
        tell();
    }

    /** Has found so many instances that are here already. */
    synchronized void skipped(int count) {
        skipped += count;
        done(count);
    }

    /** Has received so many bytes. */
    synchronized void received(int count) {
        bytes += count;
        tell();
    }

    private void tell() {
        if (!isTold) {
            return;
        }
        Instant now = io.clock().instant();
        if (Duration.between(last, now).compareTo(TOLD) >= 0) {
            io.messages().detail(line(now));
            last = now;
        }
    }

    /** Writes {@code line} to standard output, which may be the same terminal; one thread at a time. */
    void print(String line) throws IOException {
        pause(true);
        // Nothing is locked meanwhile: a reader who does not read must not keep Ctrl-C from closing this.
        io.print(line);
        io.out().flush();
        pause(false);
    }

    private synchronized void pause(boolean isPaused) throws IOException {
        this.isPaused = isPaused;
        erase();
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
            err.write(ERASE.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
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
