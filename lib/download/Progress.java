//SOURCES ../base/Io.java ../base/Messages.java ../base/Screen.java

package lib.download;

import module java.base;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Screen;

/**
 * Shows the progress of a download: on a terminal one line that is redrawn and erased before each message; elsewhere,
 * with {@code --verbose}, a new line every 10 s.
 */
public final class Progress extends OutputStream implements AutoCloseable, Runnable {
    private static final Duration REDRAWN = Duration.ofMillis(250);
    private static final Duration TOLD = Duration.ofSeconds(10);
    private static final String ERASE = "\r\33[K";

    // Turn wrapping off: a wrapped line cannot be erased, even after the terminal was resized. The last column then
    // shows the last character, so the line ends in a blank.
    private static final String NO_WRAP = "\33[?7l";
    private static final String WRAP = "\33[?7h";

    private final OutputStream err;
    private final Io io;
    private final boolean isDrawn;
    private final boolean isTold;
    private final Map<String, Integer> found = new LinkedHashMap<>();
    private Thread thread;
    private int width;
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

    /** Progress on the standard error of {@code io}; nothing is shown where neither form is wanted. */
    public Progress(Io io) {
        Messages messages = io.messages();
        err = messages.err();
        isDrawn = io.isStyled(2) && !messages.silent();
        isTold = !isDrawn && messages.verbose();
        this.io = isDrawn ? io.speakingTo(this) : io;
    }

    /** The streams to use meanwhile: their messages erase the line first. */
    public Io io() {
        return io;
    }

    /** Starts to show the progress, at first of searches. */
    void start() {
        last = io.clock().instant();
        if (isDrawn) {
            thread = Thread.ofPlatform().daemon().start(this);
        }
    }

    /** Changes over from searches to the download. */
    synchronized void startDownload() {
        isListing = false;
        began = io.clock().instant();
        last = began;
    }

    @Override
    public void run() {
        try {
            width = new Screen(io).width();
            while (true) {
                Thread.sleep(REDRAWN);
                draw();
            }
        } catch (InterruptedException closed) {
            // The end.
        }
    }

    private synchronized void draw() {
        List<String> parts = isClosed || isPaused ? List.of() : parts(io.clock().instant());
        if (parts.isEmpty()) {
            return;
        }
        // The largest count and the time that is left stay longest.
        while (parts.size() > 1 && String.join(", ", parts).length() >= width) {
            parts.remove(isListing ? 0 : Math.max(1, parts.size() - 2));
        }
        String line = String.join(", ", parts);
        try {
            err.write((ERASE + NO_WRAP + line + " " + WRAP).getBytes(StandardCharsets.UTF_8));
            err.flush();
            isShown = true;
        } catch (IOException noReader) {
            // The exit code still tells how the run ended.
        }
    }

    private List<String> parts(Instant now) {
        return isListing ? foundParts() : downloadParts(now);
    }

    /** What searches have found; empty if there are none. */
    private List<String> foundParts() {
        List<String> counts = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : found.entrySet()) {
            counts.add(entry.getValue() + " " + entry.getKey());
        }
        if (!counts.isEmpty()) {
            counts.add(counts.removeLast() + " found");
        }
        return counts;
    }

    private List<String> downloadParts(Instant now) {
        long since = Duration.between(last, now).toMillis();
        if (since > 0) {
            double lately = (bytes - lastBytes) * 1000.0 / since;
            // Smoothed where it is redrawn four times a second, else it would flicker.
            rate = isTold || lastBytes == 0 ? lately : 0.8 * rate + 0.2 * lately;
            lastBytes = bytes;
            last = now;
        }
        List<String> parts = new ArrayList<>();
        parts.add(done + "/" + total + (unknown > 0 ? "+" : "") + " instances");
        parts.add(amount(bytes));
        parts.add(amount((long) rate) + "/s");
        // Instances that were skipped took no time.
        long fetched = done - skipped;
        if (fetched > 0 && done < total && unknown == 0) {
            long left = Duration.between(began, now).toMillis() * (total - done) / fetched / 1000;
            parts.add(left / 60 + (left % 60 < 10 ? ":0" : ":") + left % 60 + " left");
        }
        return parts;
    }

    /** {@code bytes} for people: up to four digits and a decimal unit. */
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

    /** A search for {@code level} begins: studies, series or instances. */
    synchronized void search(String level) {
        found.putIfAbsent(level, 0);
    }

    /** A search has found another one of {@code level}. */
    synchronized void found(String level) {
        found.merge(level, 1, Integer::sum);
        tell();
    }

    /** Adds a study of so many instances; 0 if unknown. */
    synchronized void expect(int announced) {
        total += announced;
        unknown += announced == 0 ? 1 : 0;
    }

    /** Replaces the {@code announced} number of instances of a study by that which was listed. */
    synchronized void listed(int announced, int instances) {
        total += instances - announced;
        unknown -= announced == 0 ? 1 : 0;
    }

    /** So many instances are done, downloaded or not. */
    synchronized void done(int count) {
        done += count;
        tell();
    }

    /** So many instances are on the disk already. */
    synchronized void skipped(int count) {
        skipped += count;
        done(count);
    }

    /** So many bytes have arrived. */
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
            io.messages().detail(String.join(", ", parts(now)));
            last = now;
        }
    }

    /** Writes {@code line} to standard output, which may be the same terminal. Not for several threads at once. */
    void print(String line) throws IOException {
        pause(true);
        // Without the lock: if the reader of a pipe is stuck, Ctrl-C must still be able to close this.
        io.print(line);
        io.flush();
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
        } catch (IOException noReader) {
            // There is nothing left to show.
        }
    }
}
