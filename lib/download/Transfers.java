//SOURCES ../arc/Session.java ../base/Exit.java ../base/Problem.java Download.java Folder.java Progress.java

package lib.download;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lib.arc.Session;
import lib.base.Exit;
import lib.base.Problem;

/** What all studies of a run share: the threads that make requests, and the decision when everything has to stop. */
final class Transfers implements AutoCloseable {
    private static final String FRESH_TOKEN = "run it again with a fresh token: it asks only for what is missing";

    // An archive needs some 20 s to restart (facts F15).
    private static final Duration LONGEST_ABSENCE = Duration.ofMinutes(2);

    // A single object may take the archive longer than LONGEST_ABSENCE, or hang: only several failures in a row count.
    private static final int FAILURES_OF_ABSENT = 4;

    private final Session session;
    private final Folder folder;
    private final Progress progress;
    private final int retries;
    private final boolean isAsStored;
    private final String accept;

    // Platform threads: virtual ones were 9 % slower for 4 GB over http, since both sockets and files block them.
    private final ExecutorService threads;

    private volatile long received = System.nanoTime();
    private long seenBefore;
    private int failuresInRow;
    private boolean isAwayTold;
    private Throwable end;

    Transfers(Session session, Folder folder, Progress progress, Download.Manner manner) {
        this.session = session;
        this.folder = folder;
        this.progress = progress;
        this.retries = manner.retries();
        this.isAsStored = manner.transferSyntax().equals("*");
        this.accept = "multipart/related;type=\"application/dicom\";transfer-syntax=" + manner.transferSyntax();
        this.threads = Executors.newFixedThreadPool(
                manner.jobs(), Thread.ofPlatform().daemon().factory());
    }

    Session session() {
        return session;
    }

    Folder folder() {
        return folder;
    }

    Progress progress() {
        return progress;
    }

    int retries() {
        return retries;
    }

    /** Whether objects are requested in the transfer syntax in which they are stored. */
    boolean isAsStored() {
        return isAsStored;
    }

    /** Runs {@code request} once one of the threads is free. */
    <T> Future<T> submit(Callable<T> request) {
        return threads.submit(request);
    }

    /**
     * {@link Problem} if there is no token. Everything stops if the provider refused one: asking again for each object
     * could lock the account.
     */
    void requireToken() {
        try {
            session.tokens().current();
        } catch (Problem problem) {
            stopIfRefused(problem);
            throw problem;
        }
    }

    /** The answer to a request for {@code object}; everything stops if the provider refuses a token for it. */
    Session.Reply ask(URI object) {
        try {
            return session.ask("GET", object, accept, FRESH_TOKEN);
        } catch (Problem problem) {
            stopIfRefused(problem);
            throw problem;
        }
    }

    private void stopIfRefused(Problem problem) {
        if (problem.exit() == Exit.REFUSED) {
            stop(problem);
        }
    }

    /** Records that {@code count} bytes have arrived. */
    void received(int count) {
        progress.received(count);
        received = System.nanoTime();
    }

    /** When the archive last answered or sent anything, by {@code System.nanoTime}. */
    private long seen() {
        long answered = session.http().answered();
        return answered != 0 && answered - received > 0 ? answered : received;
    }

    /**
     * Whether the archive is away and worth waiting for: it has answered before, but not since {@code moment}, by
     * {@code System.nanoTime}.
     */
    boolean isAwaySince(long moment) {
        return retries > 0 && isKnown() && seen() - moment < 0 && end() == null;
    }

    /** Whether the archive has answered, and recently enough to expect it back. */
    boolean isKnown() {
        return session.http().answered() != 0 && System.nanoTime() - seen() < LONGEST_ABSENCE.toNanos();
    }

    /** Records a failure; everything stops if no other request could succeed. */
    synchronized void failed(Problem problem) {
        boolean isHopeless = switch (problem.exit()) {
            // A proxy may answer for an archive that is gone, each time after a minute.
            case SERVER_FAILED -> isGone();
            case REFUSED, INCOMPLETE -> session.tokens().isRefused();
            case NO_ANSWER -> isGone() || isLate();
            default -> true;
        };
        if (isHopeless) {
            stop(problem);
        }
    }

    /** Whether the archive has been silent for too long, over several failures. */
    private boolean isGone() {
        long now = seen();
        failuresInRow = now == seenBefore ? failuresInRow + 1 : 1;
        seenBefore = now;
        return failuresInRow >= FAILURES_OF_ABSENT && System.nanoTime() - now > LONGEST_ABSENCE.toNanos();
    }

    /** Whether {@code --max-time} has passed. */
    private boolean isLate() {
        try {
            session.http().within(LONGEST_ABSENCE);
            return false;
        } catch (Problem late) {
            stop(late);
            return true;
        }
    }

    /** Stops everything; only the first {@code reason} counts, a {@link Problem} or a bug. */
    synchronized void stop(Throwable reason) {
        if (end == null) {
            end = reason;
        }
    }

    /** Why everything stops; null while it goes on. */
    synchronized Throwable end() {
        return end;
    }

    /** Pauses before another try; the more {@code failures} in a row, the longer, up to 16 s. */
    void rest(int failures) {
        try {
            Duration pause = failures == 0 ? Duration.ZERO : Duration.ofMillis(250L << Math.min(failures, 6));
            Thread.sleep(session.http().within(pause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Problem late) {
            stop(late);
        }
    }

    /** Tells the person once that the archive is away. */
    synchronized void tellAway() {
        if (!isAwayTold) {
            isAwayTold = true;
            progress.io()
                    .messages()
                    .note("the archive is not responding; waiting for it, up to " + LONGEST_ABSENCE.toMinutes()
                            + " min");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
