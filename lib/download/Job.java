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

/** What the studies of one run share: how many requests they may have under way, and when all of them must stop. */
final class Job implements AutoCloseable {
    /** What to do when the token has run out. */
    private static final String GO_ON = "run it again with a fresh token: it asks only for what is missing";

    // An archive that is started again is away for some 20 s (facts F15).
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    // A single object may take the archive longer than that, or all the time there is.
    private static final int ENOUGH = 4;

    private final Session session;
    private final Folder folder;
    private final Progress progress;
    private final int retries;
    private final boolean isAsStored;
    private final String accept;

    // No virtual ones: where both sockets and files keep them waiting, 4 GB over http took 1.09 of the time.
    private final ExecutorService threads;

    private volatile long received = System.nanoTime();
    private long seenBefore;
    private int inVain;
    private boolean isAwayTold;
    private Throwable end;

    Job(Session session, Folder folder, Progress progress, Download.Manner manner) {
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

    /** Whether objects are sent as the archive has them, in no other transfer syntax. */
    boolean isAsStored() {
        return isAsStored;
    }

    /** Has {@code request} made, whatever it takes, once there are not too many under way. */
    <T> Future<T> inTurn(Callable<T> request) {
        return threads.submit(request);
    }

    /**
     * {@link Problem} if there is no token to be had. Everything stops where its provider has refused one: it would be
     * asked again for each object, and may lock the account out for that.
     */
    void requireToken() {
        try {
            session.tokens().current();
        } catch (Problem problem) {
            stopIfRefused(problem);
            throw problem;
        }
    }

    /** The answer to a request for {@code object}; the same of its token. */
    Session.Reply ask(URI object) {
        try {
            return session.ask("GET", object, accept, GO_ON);
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

    /** Notes that {@code count} bytes have come. */
    void received(int count) {
        progress.received(count);
        received = System.nanoTime();
    }

    /** When the archive was last seen at work, by {@code System.nanoTime}. */
    private long seen() {
        long answered = session.http().answered();
        return answered != 0 && answered - received > 0 ? answered : received;
    }

    /**
     * Whether the archive is away for a while and worth waiting for: it was there, and nobody has seen it at work since
     * {@code moment}, by {@code System.nanoTime}.
     */
    boolean isAwaySince(long moment) {
        return retries > 0 && isKnown() && seen() - moment < 0 && end() == null;
    }

    /** Whether the archive was there once, and not so long ago that it would be no surprise if it never came back. */
    boolean isKnown() {
        return session.http().answered() != 0 && System.nanoTime() - seen() < PATIENCE.toNanos();
    }

    /** Notes a failure; everything stops where nothing else would fare any better. */
    synchronized void failed(Problem problem) {
        boolean isHopeless = switch (problem.exit()) {
            // What is in front of the archive may answer for it, each time after a minute.
            case SERVER_FAILED -> isGone();
            case REFUSED, INCOMPLETE -> session.tokens().isRefused();
            case NO_ANSWER -> isGone() || isLate();
            default -> true;
        };
        if (isHopeless) {
            stop(problem);
        }
    }

    /** Whether nothing has been seen of the archive for long, whatever it was asked for. */
    private boolean isGone() {
        long now = seen();
        inVain = now == seenBefore ? inVain + 1 : 1;
        seenBefore = now;
        return inVain >= ENOUGH && System.nanoTime() - now > PATIENCE.toNanos();
    }

    /** Whether the time for everything is over. */
    private boolean isLate() {
        try {
            session.http().within(PATIENCE);
            return false;
        } catch (Problem late) {
            stop(late);
            return true;
        }
    }

    /** Has everything stop, for this reason if there is none yet: a {@link Problem}, or a bug. */
    synchronized void stop(Throwable reason) {
        if (end == null) {
            end = reason;
        }
    }

    /** Why everything stops; null as long as it goes on. */
    synchronized Throwable end() {
        return end;
    }

    /** Waits a while before the same is tried again, the longer the more often that was in vain. */
    void rest(int times) {
        try {
            Duration pause = times == 0 ? Duration.ZERO : Duration.ofMillis(250L << Math.min(times, 6));
            Thread.sleep(session.http().within(pause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Problem late) {
            stop(late);
        }
    }

    /** Says once that the archive is away. */
    synchronized void tellAway() {
        if (!isAwayTold) {
            isAwayTold = true;
            progress.io()
                    .messages()
                    .note("the archive is away; it is waited for, up to " + PATIENCE.toMinutes() + " min");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
