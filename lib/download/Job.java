//SOURCES ../arc/Session.java ../base/Exit.java ../base/Problem.java Download.java Folder.java Progress.java

package lib.download;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import lib.arc.Session;
import lib.base.Problem;

/** What the studies of one run share: how many requests they may have under way, and when all of them must stop. */
final class Job {
    /** What to do when the token has run out. */
    static final String GO_ON = "run it again with a fresh token: it asks only for what is missing";

    // An archive that is started again is away for some 20 s (facts F15).
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Session session;
    private final Folder folder;
    private final Progress progress;
    private final int jobs;
    private final int retries;
    private final boolean isAsStored;
    private final String accept;
    private final Semaphore permits;
    private volatile long lastAnswer = System.nanoTime();
    private Throwable end;

    Job(Session session, Folder folder, Progress progress, Download.Manner manner) {
        this.session = session;
        this.folder = folder;
        this.progress = progress;
        this.jobs = manner.jobs();
        this.retries = manner.retries();
        this.isAsStored = manner.transferSyntax().equals("*");
        this.accept = "multipart/related;type=\"application/dicom\";transfer-syntax=" + manner.transferSyntax();
        this.permits = new Semaphore(jobs, true);
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

    int jobs() {
        return jobs;
    }

    int retries() {
        return retries;
    }

    /** Whether objects are sent as the archive has them, in no other transfer syntax. */
    boolean isAsStored() {
        return isAsStored;
    }

    /** The media type to ask for. */
    String accept() {
        return accept;
    }

    /** Waits until another request may be sent. */
    void acquire() {
        permits.acquireUninterruptibly();
    }

    /** Ends a request. */
    void release() {
        permits.release();
    }

    /** Notes that {@code count} bytes have come. */
    void received(int count) {
        progress.received(count);
        answered();
    }

    /** Notes that the archive is there. */
    void answered() {
        lastAnswer = System.nanoTime();
    }

    /** Notes a failure; everything stops where nothing else would fare any better. */
    synchronized void failed(Problem problem) {
        boolean isHopeless = switch (problem.exit()) {
            case SERVER_FAILED -> false;
            case REFUSED, INCOMPLETE -> session.tokens().isRefused();
            case NO_ANSWER -> System.nanoTime() - lastAnswer > PATIENCE.toNanos() || isLate();
            default -> true;
        };
        if (isHopeless) {
            stop(problem);
        }
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
            Thread.sleep(times == 0 ? Duration.ZERO : Duration.ofMillis(250L << Math.min(times, 6)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
