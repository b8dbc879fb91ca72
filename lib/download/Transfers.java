//SOURCES ../arc/Session.java ../base/Exit.java ../base/Problem.java Download.java Folder.java Instance.java
//SOURCES Progress.java

package lib.download;

import module java.base;
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

    private static final int MULTIPARTS = 2;

    // How many odd files are named.
    private static final int NAMED = 10;

    private final Session session;
    private final Folder folder;
    private final Progress progress;
    private final Download.Settings settings;

    // What to ask for, in this order, since servers refuse what they do not know with 406. Without a multipart only a
    // single instance can come.
    private final String[] forms;

    // Platform threads: virtual ones were 9 % slower for 4 GB over http, since both sockets and files block them.
    private final ExecutorService threads;

    private volatile int form;
    private boolean isFormKnown;
    private volatile long received = System.nanoTime();
    private int odd;
    private long seenBefore;
    private int failuresInRow;
    private boolean isAwayTold;
    private Throwable end;

    Transfers(Session session, Folder folder, Progress progress, Download.Settings settings) {
        this.session = session;
        this.folder = folder;
        this.progress = progress;
        this.settings = settings;
        String multipart = "multipart/related;type=\"application/dicom\"";
        String syntax = ";transfer-syntax=" + settings.transferSyntax();
        this.forms = new String[] {multipart + syntax, multipart, "application/dicom" + syntax, "application/dicom"};
        this.threads = Executors.newFixedThreadPool(
                settings.jobs(), Thread.ofPlatform().daemon().factory());
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

    Download.Settings settings() {
        return settings;
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

    /**
     * The answer to a request for {@code object}, in a form that the server does not refuse; everything stops if the
     * provider refuses a token for it.
     *
     * @param isOne whether it is a single instance, which may come without a multipart around it
     */
    Session.Reply ask(URI object, boolean isOne) {
        try {
            int tried = Math.min(form, isOne ? forms.length - 1 : MULTIPARTS - 1);
            while (true) {
                Session.Reply reply = session.ask("GET", object, forms[tried], FRESH_TOKEN);
                int other = otherForm(tried, reply, isOne);
                if (other < 0) {
                    return reply;
                }
                reply.close();
                tried = other;
            }
        } catch (Problem problem) {
            stopIfRefused(problem);
            throw problem;
        }
    }

    /** The form to ask for after {@code reply}, -1 if it will do. What one reply teaches holds for the whole run. */
    private synchronized int otherForm(int tried, Session.Reply reply, boolean isOne) {
        // It knows the first form: its 406 is about one object, which it cannot transcode (facts B6).
        if (session.archive().isDcm4chee()) {
            return -1;
        }
        boolean isRefused = reply.response().status() == 406;
        if (isFormKnown || !isRefused && reply.problem() != null) {
            return isRefused && tried != form && (isOne || form < MULTIPARTS) ? form : -1;
        }
        if (!isRefused) {
            isFormKnown = true;
            form = tried;
            if (tried % 2 == 1 && !settings.isAsStored()) {
                warn("the archive takes no --transfer-syntax (406): objects come in the one that it chooses");
            }
            return -1;
        }
        if (tried + 1 < (isOne ? forms.length : MULTIPARTS)) {
            return tried + 1;
        }
        isFormKnown = isOne;
        form = isOne ? 0 : MULTIPARTS;
        return -1;
    }

    /** Whether the archive may have an answer for several objects at once. */
    boolean takesSeries() {
        return form < MULTIPARTS;
    }

    /** Warns of a file that is kept although it is odd; of the first ones only. */
    synchronized void warnOfFile(Instance instance, String remark) {
        odd++;
        if (odd <= NAMED) {
            warn("the file of " + instance.uid() + " " + remark);
        } else if (odd == NAMED + 1) {
            warn("more files are odd; these were the first " + NAMED);
        }
    }

    private void warn(String text) {
        progress.io().messages().warning(text);
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
        return settings.retries() > 0 && isKnown() && seen() - moment < 0 && end() == null;
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

    /** Tells the person once what is waited for. */
    synchronized void tellAway() {
        if (!isAwayTold) {
            isAwayTold = true;
            String who = session.tokens().isMissing()
                    ? "the token server gives no token"
                    : session.http().isBusy()
                            ? "the archive takes no more requests (429)"
                            : "the archive is not responding";
            progress.io().messages().note(who + "; waiting for it, up to " + LONGEST_ABSENCE.toMinutes() + " min");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
