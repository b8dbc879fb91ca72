//SOURCES ../arc/Session.java ../base/Exit.java ../base/Io.java ../base/Problem.java Address.java Folder.java
//SOURCES Instance.java Interrupt.java Job.java Listing.java Outcome.java Progress.java StudyDownload.java Wanted.java

package lib.download;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import lib.arc.Session;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;

/**
 * Retrieves objects as files: whole ones or none, several at a time, and only those that are not there yet, so that a
 * run that was broken off is simply run again.
 */
public final class Download implements Listing.Flaws {
    /** How to go on when something is missing. */
    static final String AGAIN = "run the same command again: it asks only for what is missing";

    // The whole list is on standard output.
    private static final int NAMED = 10;

    private final Session session;
    private final Progress progress;
    private final Io io;
    private final Listing listing;
    private int unusable;
    private int delivered;
    private int missing;
    private int unlisted;
    private boolean isAlone;
    private Problem first;

    /** A download from {@code session}, which speaks through {@code progress}. */
    public Download(Session session, Progress progress) {
        this.session = session;
        this.progress = progress;
        this.io = progress.io();
        this.listing = new Listing(session, progress, this);
        session.http().expectBulk();
    }

    /**
     * How it is done.
     *
     * @param folder where the files go
     * @param jobs how many requests are under way at a time
     * @param retries how often what brought nothing is tried again
     * @param transferSyntax the UID of the transfer syntax to ask for, or {@code *} for that of the stored object
     */
    public record Manner(Path folder, int jobs, int retries, String transferSyntax) {}

    /** Whether {@code text} is a UID (PS3.5, section 9.1). */
    public static boolean isUid(String text) {
        return Instance.isUid(text);
    }

    /**
     * Retrieves what {@code paths} name or find, each search narrowed by {@code queries}, and prints a line of JSON for
     * each study.
     *
     * @return whether there was anything to retrieve
     * @throws Problem if anything is missing in the end; with {@link Exit#INCOMPLETE} if something is there
     */
    public boolean run(List<String> paths, List<String> queries, Manner manner) {
        boolean isAnything;
        try (progress;
                Interrupt interrupt = new Interrupt(progress)) {
            List<Address> addresses = listing.addresses(paths, queries);
            // Who is asked for a password, or to log in, must not have a line drawn over that.
            session.tokens().current();
            progress.start();
            Collection<Wanted> studies = listing.of(addresses);
            isAlone = studies.size() == 1;
            isAnything = !studies.isEmpty();
            if (isAnything) {
                try (Folder folder = interrupt.open(manner.folder());
                        Job job = new Job(session, folder, progress, manner)) {
                    progress.startDownload();
                    run(studies, job, manner.jobs());
                    requireNotStopped(job.end());
                }
            }
        }
        requireComplete();
        return isAnything;
    }

    private void run(Collection<Wanted> studies, Job job, int jobs) {
        for (Wanted study : studies) {
            progress.expect(study.announced());
        }
        Queue<Wanted> queue = new ConcurrentLinkedQueue<>(studies);
        int workers = Math.min(jobs, studies.size());
        Semaphore finished = new Semaphore(0);
        for (int i = 0; i < workers; i++) {
            Thread.ofVirtual().start(() -> {
                work(queue, job);
                finished.release();
            });
        }
        finished.acquireUninterruptibly(workers);
    }

    private void work(Queue<Wanted> queue, Job job) {
        for (Wanted study = queue.poll(); study != null && job.end() == null; study = queue.poll()) {
            try {
                Outcome outcome = outcome(study, job);
                if (outcome != null) {
                    tell(outcome);
                }
            } catch (Throwable problemOrBug) {
                job.stop(problemOrBug);
            }
        }
    }

    private Outcome outcome(Wanted study, Job job) {
        try {
            return new StudyDownload(study, listing, job).run();
        } catch (Problem problem) {
            // Its instances are not waited for any more.
            progress.listed(study.announced(), 0);
            notListed(study, problem);
            job.failed(problem);
            return null;
        }
    }

    private synchronized void tell(Outcome outcome) throws IOException {
        progress.print(outcome.json());
        delivered += outcome.downloaded() + outcome.skipped();
        missing += outcome.missing().size();
        int named = 0;
        for (Map.Entry<Instance, Problem> entry : outcome.missing().entrySet()) {
            note(entry.getValue());
            if (!isToldInTheEnd(entry.getValue()) && named < NAMED) {
                named++;
                say("instance " + entry.getKey().uid() + " is missing: "
                        + entry.getValue().getMessage());
            }
        }
        int others = outcome.missing().size() - named;
        if (others > 0) {
            say(others + (named == 0 ? "" : " more") + " are missing in study " + outcome.study());
        }
    }

    private synchronized void notListed(Wanted study, Problem problem) {
        note(problem);
        missing += study.announced();
        unlisted++;
        if (!isAlone && !isToldInTheEnd(problem)) {
            say("study " + study.study() + " is missing: " + problem.getMessage());
        }
    }

    /** Whether {@code problem} is, or follows from, what ends all of it: a full disk, a token that ran out. */
    private static boolean isToldInTheEnd(Problem problem) {
        return problem.exit() == Exit.FAILED || problem.exit() == Exit.INCOMPLETE;
    }

    @Override
    public synchronized void unusable(String uid) {
        if (unusable++ < NAMED) {
            say("the archive lists something as " + uid + ", which is no UID; it is left out");
        }
    }

    @Override
    public synchronized void gap(Problem why) {
        // Its own hint may be to go on with an offset, which would leave out for good what came before.
        note(new Problem(why.exit(), why.getMessage(), AGAIN));
        say(why.getMessage());
    }

    private void note(Problem problem) {
        if (first == null) {
            first = problem;
        }
    }

    private void say(String text) {
        io.messages().problem(text, null);
    }

    private void requireNotStopped(Throwable end) {
        switch (end) {
            case null -> {}
            case Problem problem
            when delivered > 0 && isOfServers(problem.exit()) -> {
                boolean isRefused = problem.exit() == Exit.REFUSED && problem.hint() != null;
                throw Problem.incomplete("stopped: " + problem.getMessage(), isRefused ? problem.hint() : AGAIN);
            }
            case RuntimeException problemOrBug -> throw problemOrBug;
            case Error bug -> throw bug;
            default -> throw new IllegalStateException(end);
        }
    }

    private static boolean isOfServers(Exit exit) {
        return exit == Exit.NO_ANSWER || exit == Exit.REFUSED || exit == Exit.SERVER_FAILED;
    }

    private void requireComplete() {
        if (first == null && unusable == 0) {
            return;
        }
        if (delivered == 0 && first != null) {
            throw new Problem(first.exit(), "nothing was downloaded: " + first.getMessage(), first.hint());
        }
        if (delivered == 0) {
            throw Problem.serverFailed(
                    "nothing was downloaded: nothing is listed under a UID",
                    "is that the DICOMweb root of an archive? see what it lists: -f raw without --download");
        }
        String what = missing > 0
                ? missing + " of " + (missing + delivered) + " instances are missing"
                : unlisted > 0
                        ? unlisted + " studies are missing"
                        : unusable > 0 ? "what is listed under no UID is missing" : first.getMessage();
        throw Problem.incomplete(what, AGAIN);
    }
}
