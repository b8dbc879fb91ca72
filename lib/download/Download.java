//SOURCES ../arc/Session.java ../base/Exit.java ../base/Io.java ../base/Printable.java ../base/Problem.java Folder.java
//SOURCES Instance.java Listing.java Progress.java Selection.java StudyDownload.java Transfers.java

package lib.download;

import module java.base;
import lib.arc.Session;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;

/**
 * Downloads objects as files, several at a time. A file is whole or not there at all, and only those that are not there
 * yet are requested, so that an interrupted run is simply run again.
 */
public final class Download {
    /** The hint when something is missing. */
    static final String AGAIN = "run the same command again: it asks only for what is missing";

    private static final String IN_VAIN =
            "another run will not bring them: the archive refuses them, or lists them without a UID that can be used";

    private static final Set<Exit> OF_SERVERS = Set.of(Exit.NO_ANSWER, Exit.REFUSED, Exit.SERVER_FAILED);

    // How many missing instances of a study are named on standard error; standard output has the whole list.
    private static final int NAMED = 10;

    private final Session session;
    private final Progress progress;
    private final Io io;
    private final Listing listing;
    private int unusable;
    private boolean isOddUidTold;
    private boolean mayComeAgain;
    private int delivered;
    private int missing;
    private int unlisted;
    private boolean isAlone;
    private Problem first;

    /** A download from {@code session}, which shows its {@code progress}. */
    public Download(Session session, Progress progress) {
        this.session = session;
        this.progress = progress;
        this.io = progress.io();
        this.listing = new Listing(session, progress, this);
    }

    /**
     * How to download.
     *
     * @param folder where the files go
     * @param jobs the number of requests at a time
     * @param retries how often a round of requests that brought nothing is repeated
     * @param transferSyntax the UID of the transfer syntax to request, or {@code *} for that of the stored object
     * @param isDryRun whether to list and compare only
     */
    public record Settings(Path folder, int jobs, int retries, String transferSyntax, boolean isDryRun) {
        /** Whether objects are requested in the transfer syntax in which they are stored. */
        boolean isAsStored() {
            return transferSyntax.equals("*");
        }
    }

    /**
     * Downloads what {@code paths} name or find, each search narrowed by {@code queries}, and prints a line of JSON for
     * each study.
     *
     * @return whether there was anything to download
     * @throws Problem if anything is missing in the end; with {@link Exit#INCOMPLETE} if something is there
     */
    public boolean run(List<String> paths, List<String> queries, Settings settings) {
        boolean isAnything;
        try (progress;
                Interrupt interrupt = new Interrupt(progress)) {
            List<Listing.Address> addresses = listing.addresses(paths, queries);
            // Before the progress line appears, which would overwrite a prompt for a password or a login.
            session.tokens().current();
            progress.start();
            Collection<Selection> studies = listing.of(addresses);
            isAlone = studies.size() == 1;
            isAnything = !studies.isEmpty();
            if (isAnything) {
                try (Folder folder = interrupt.open(settings);
                        Transfers transfers = new Transfers(session, folder, progress, settings)) {
                    progress.startDownload();
                    run(studies, transfers, settings.jobs());
                    requireNotStopped(transfers.end());
                }
            }
        }
        requireComplete();
        return isAnything;
    }

    private void run(Collection<Selection> studies, Transfers transfers, int jobs) {
        for (Selection study : studies) {
            progress.expect(study.announced());
        }
        try (ExecutorService workers =
                Executors.newFixedThreadPool(jobs, Thread.ofVirtual().factory())) {
            for (Selection study : studies) {
                workers.execute(() -> download(study, transfers));
            }
        }
    }

    private void download(Selection study, Transfers transfers) {
        if (transfers.end() != null) {
            return;
        }
        try {
            StudyDownload.Outcome outcome = outcome(study, transfers);
            if (outcome != null) {
                tell(study, outcome);
            }
        } catch (Throwable problemOrBug) {
            transfers.stop(problemOrBug);
        }
    }

    private StudyDownload.Outcome outcome(Selection study, Transfers transfers) {
        try {
            return new StudyDownload(study, listing, transfers).run();
        } catch (Problem problem) {
            // Its instances do not count for the progress any more.
            progress.listed(study.announced(), 0);
            notListed(study, problem);
            transfers.failed(problem);
            return null;
        }
    }

    private synchronized void tell(Selection study, StudyDownload.Outcome outcome) throws IOException {
        progress.print(outcome.json());
        delivered += outcome.delivered();
        missing += outcome.missing().size() + study.unusable().size();
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
            say(others + (named == 0 ? "" : " more") + " are missing in study " + study.study());
        }
    }

    private synchronized void notListed(Selection study, Problem problem) {
        note(problem);
        missing += study.announced();
        unlisted++;
        if (!isAlone && !isToldInTheEnd(problem)) {
            say("study " + study.study() + " is missing: " + problem.getMessage());
        }
    }

    /** Whether {@code problem} ends the whole run, which then reports it: a full disk, a token that ran out. */
    private boolean isToldInTheEnd(Problem problem) {
        return problem.exit() == Exit.FAILED
                || problem.exit() == Exit.INCOMPLETE
                        && (session.tokens().isRefused() || problem == StudyDownload.NOT_REQUESTED);
    }

    /**
     * The archive lists an object whose {@code uid} cannot be used, or null where it has none.
     *
     * @param isOfStudy whether it is counted among the instances of a study
     */
    synchronized void unusable(String uid, boolean isOfStudy) {
        missing += isOfStudy ? 0 : 1;
        if (unusable++ < NAMED) {
            String what =
                    uid == null ? "an object without a UID" : Printable.cut(uid, 80) + ", which is not a valid UID";
            say("the archive lists " + what + "; it is left out");
        }
    }

    /** The archive lists an object whose {@code uid} is not valid, but can be used. */
    synchronized void oddUid(String uid) {
        if (!isOddUidTold) {
            isOddUidTold = true;
            io.messages().warning("the archive lists UIDs that are not valid, such as " + Printable.cut(uid, 140));
        }
    }

    /** The archive did not list everything. */
    synchronized void gap(Problem why) {
        // Not with its own hint: to go on with --offset would leave out what came before.
        note(new Problem(why.exit(), why.getMessage(), AGAIN));
        say(why.getMessage());
    }

    private void note(Problem problem) {
        mayComeAgain = mayComeAgain || problem.exit() != Exit.REFUSED;
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
            when delivered > 0 && OF_SERVERS.contains(problem.exit()) -> {
                boolean isRefused = problem.exit() == Exit.REFUSED && problem.hint() != null;
                throw Problem.incomplete("stopped: " + problem.getMessage(), isRefused ? problem.hint() : AGAIN);
            }
            case RuntimeException problemOrBug -> throw problemOrBug;
            case Error bug -> throw bug;
            default -> throw new IllegalStateException(end);
        }
    }

    private void requireComplete() {
        if (first == null && unusable > 0) {
            first = Problem.serverFailed(
                    "objects are listed without a valid UID",
                    "is this the DICOMweb root of an archive? see what it lists: -f raw without --download");
        }
        if (first != null && delivered == 0) {
            throw new Problem(first.exit(), "nothing was downloaded: " + first.getMessage(), first.hint());
        }
        if (first != null) {
            String what = missing > 0
                    ? missing + " of " + (missing + delivered) + " instances are missing"
                    : unlisted > 0 ? unlisted + " studies are missing" : first.getMessage();
            throw Problem.incomplete(what, mayComeAgain ? AGAIN : IN_VAIN);
        }
    }

    /** On Ctrl-C, removes files that are not whole, and tells the person how to go on. */
    private static final class Interrupt implements AutoCloseable {
        private final Progress progress;
        private final Thread hook = new Thread(this::interrupted);

        // Taken by an interrupt for good, so that no folder is opened that nothing would close.
        private final Semaphore opening = new Semaphore(1);
        private Folder folder;

        Interrupt(Progress progress) {
            this.progress = progress;
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException interruptedAlready) {
                // The process ends before there is anything to remove.
            }
        }

        /** Opens the folder of {@code settings}, to be closed by an interrupt. */
        Folder open(Settings settings) {
            opening.acquireUninterruptibly();
            try {
                folder = Folder.open(
                        settings.folder(), settings.isDryRun(), progress.io().messages());
                return folder;
            } finally {
                opening.release();
            }
        }

        private void interrupted() {
            opening.acquireUninterruptibly();
            if (folder != null) {
                folder.close();
            }
            progress.close();
            if (folder != null) {
                progress.io().messages().problem("interrupted; complete files are kept", AGAIN);
            }
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException isRunning) {
                // It has told the person already.
            }
        }
    }
}
