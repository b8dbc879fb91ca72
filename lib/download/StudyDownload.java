//SOURCES ../arc/Archive.java ../arc/Session.java ../base/Awaited.java ../base/Exit.java ../base/Problem.java
//SOURCES ../http/Http.java ../http/Response.java ../json/Json.java Folder.java Instance.java Listing.java
//SOURCES Multipart.java Part10.java Progress.java Selection.java Transfers.java

package lib.download;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import lib.arc.Archive;
import lib.arc.Session;
import lib.base.Awaited;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;

/**
 * The download of one study. Lists it, requests what is not on the disk yet, and requests again what failed for a
 * reason that may pass, as long as another round brings anything.
 */
final class StudyDownload {
    private static final Problem NOT_REQUESTED = Problem.incomplete("not requested", null);

    // A server that sends so many parts that were not requested is not going to send the right ones.
    private static final int MOST_STRANGERS = 100;

    // Objects are sent with corrections to patient and study, which the archive does not count.
    private static final long SIZE_TOLERANCE = 16 << 20;

    private final Selection selection;
    private final Listing listing;
    private final Transfers transfers;

    // In the order of the listing, each until it has been downloaded.
    private final Map<Instance, Problem> missing = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicLong bytes = new AtomicLong();
    private Long studySize;

    /**
     * The result for one study.
     *
     * @param study the Study Instance UID
     * @param instances the number of selected instances
     * @param missing those that are not on the disk, with the reason
     * @param json the whole result as one line of JSON, with a newline
     */
    record Outcome(String study, int instances, Map<Instance, Problem> missing, String json) {}

    /**
     * One request to be made.
     *
     * @param path the object's path below the DICOMweb root
     * @param instances the instances expected in the answer, by SOP Instance UID
     */
    private record Request(String path, Map<String, Instance> instances) {}

    StudyDownload(Selection selection, Listing listing, Transfers transfers) {
        this.selection = selection;
        this.listing = listing;
        this.transfers = transfers;
    }

    /** Downloads the study; {@link Problem} if the archive does not list it, or if the disk has no space for it. */
    Outcome run() {
        long began = System.nanoTime();
        Map<String, List<Instance>> series = list();
        List<Request> planned = new ArrayList<>();
        int instances = 0;
        for (Map.Entry<String, List<Instance>> entry : series.entrySet()) {
            instances += entry.getValue().size();
            planned.addAll(requests(entry.getKey(), entry.getValue()));
        }
        int absent = missing.size();
        if (absent > 0 && selection.isWhole()) {
            requireSpace(absent, instances);
        }
        long asked = System.nanoTime();
        send(planned);
        requestAgain(transfers.isAwaySince(asked));
        transfers.progress().done(missing.size());
        if (absent > missing.size()) {
            for (String uid : series.keySet()) {
                transfers.folder().sync(selection.study(), uid);
            }
        }
        double seconds = Math.round((System.nanoTime() - began) / 1e8) / 10.0;
        List<String> uids = new ArrayList<>(missing.size());
        for (Instance instance : missing.keySet()) {
            uids.add(instance.uid());
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("study", selection.study());
        line.put("series", series.size());
        line.put("instances", instances);
        line.put("downloaded", absent - missing.size());
        line.put("skipped", instances - absent);
        line.put("bytes", bytes.get());
        // In steps of 0.1 s.
        line.put("seconds", seconds);
        line.put("missing", uids);
        return new Outcome(selection.study(), instances, missing, Json.compact(line) + "\n");
    }

    /** The selected instances by series, requested again while the archive is away or the reason may pass. */
    private Map<String, List<Instance>> list() {
        AtomicLong asked = new AtomicLong();
        for (int times = 1; ; times++) {
            try {
                return Awaited.of(transfers.submit(() -> {
                    // Measured here: while this waited for its thread, others may have seen the archive at work.
                    asked.set(System.nanoTime());
                    transfers.requireToken();
                    return listed();
                }));
            } catch (Problem problem) {
                boolean isAway = transfers.isAwaySince(asked.get());
                boolean isWorthIt = mayPass(problem) && times <= transfers.retries() && transfers.isKnown();
                if (!isAway && !isWorthIt || transfers.end() != null) {
                    throw problem;
                }
                if (isAway) {
                    transfers.tellAway();
                }
                transfers.rest(times);
            }
        }
    }

    private Map<String, List<Instance>> listed() {
        Map<String, List<Instance>> series = new LinkedHashMap<>();
        Collection<Instance> instances = listing.instances(selection);
        for (Instance instance : instances) {
            series.computeIfAbsent(instance.series(), uid -> new ArrayList<>()).add(instance);
        }
        transfers.progress().listed(selection.announced(), instances.size());
        return series;
    }

    /**
     * The first requests for the series {@code uid}, of which {@code instances} are selected: a single one for all if
     * none of them is on the disk, else one for each that is not.
     */
    private List<Request> requests(String uid, List<Instance> instances) {
        List<Instance> absent = new ArrayList<>();
        for (Instance instance : instances) {
            if (transfers.folder().holds(instance)) {
                transfers.progress().skipped(1);
            } else {
                absent.add(instance);
                missing.put(instance, NOT_REQUESTED);
            }
        }
        if (!selection.isWhole(uid) || absent.size() < 2 || absent.size() < instances.size()) {
            return oneByOne(absent);
        }
        Map<String, Instance> all = new HashMap<>();
        for (Instance instance : absent) {
            all.put(instance.uid(), instance);
        }
        return List.of(new Request("studies/" + selection.study() + "/series/" + uid, all));
    }

    private static List<Request> oneByOne(Collection<Instance> instances) {
        List<Request> each = new ArrayList<>(instances.size());
        for (Instance instance : instances) {
            each.add(new Request(instance.path(), Map.of(instance.uid(), instance)));
        }
        return each;
    }

    /** {@link Problem} if the disk has no space for {@code absent} of the study's {@code instances}. */
    private void requireSpace(int absent, int instances) {
        long size = studySize();
        if (size > 0) {
            transfers.folder().requireSpace(Math.round((double) size / instances * absent));
        }
    }

    /**
     * Requests what is missing, one by one, until further rounds bring nothing; a single round without retries. Waits
     * for an archive that is away.
     *
     * @param wasAway whether it was away in the first round
     */
    private void requestAgain(boolean wasAway) {
        boolean isAway = wasAway;
        int idle = 0;
        List<Instance> left = worthAsking();
        while (!left.isEmpty() && transfers.end() == null && (idle <= transfers.retries() + 1 || isAway)) {
            if (isAway) {
                transfers.tellAway();
            }
            transfers.rest(idle);
            long asked = System.nanoTime();
            send(oneByOne(left));
            isAway = transfers.isAwaySince(asked);
            int before = left.size();
            left = worthAsking();
            // Any success resets the count: rounds in vain while the archive was away are no reason to give up.
            idle = left.size() < before ? 0 : idle + 1;
        }
    }

    /** The missing instances that another request may bring. */
    private List<Instance> worthAsking() {
        List<Instance> left = new ArrayList<>();
        for (Map.Entry<Instance, Problem> entry : missing.entrySet()) {
            Problem why = entry.getValue();
            if (why == NOT_REQUESTED || transfers.retries() > 0 && mayPass(why)) {
                left.add(entry.getKey());
            }
        }
        return left;
    }

    /** Whether the reason of {@code problem} may pass by itself. */
    private static boolean mayPass(Problem problem) {
        return problem.exit() == Exit.NO_ANSWER || problem.exit() == Exit.SERVER_FAILED;
    }

    /** The size of the study in the archive, in bytes; 0 or less if it does not tell. Asks once: it may be slow. */
    private synchronized long studySize() {
        if (studySize == null) {
            studySize = listing.size(selection.study());
        }
        return studySize;
    }

    /** Makes all {@code requests}, several at a time, and waits until all are done. */
    private void send(List<Request> requests) {
        List<Future<?>> answers = new ArrayList<>(requests.size());
        for (Request request : requests) {
            answers.add(transfers.submit(() -> {
                retrieve(request);
                return null;
            }));
        }
        for (Future<?> answer : answers) {
            Awaited.of(answer);
        }
    }

    private void retrieve(Request request) {
        if (transfers.end() != null) {
            return;
        }
        try {
            receive(request);
        } catch (Problem problem) {
            failed(request, problem);
        } catch (Throwable bug) {
            transfers.stop(bug);
        }
    }

    private void receive(Request request) {
        Archive archive = transfers.session().archive();
        int strangers = 0;
        try (Multipart parts = new Multipart(answer(archive.resolve(request.path(), List.of())), transfers::received);
                ParallelSync sync = new ParallelSync()) {
            boolean more = parts.next();
            while (more && strangers < MOST_STRANGERS) {
                ByteBuffer bytes = parts.read();
                String uid = bytes == null ? null : Part10.sopInstanceUid(bytes);
                Instance instance = uid == null ? null : request.instances().get(uid);
                if (instance != null && missing.containsKey(instance)) {
                    sync.keep(received(parts, bytes), instance);
                } else {
                    strangers++;
                }
                more = parts.next();
            }
            sync.finish();
        }
        String where = Http.authority(archive.url());
        failed(
                request,
                Problem.serverFailed(
                        strangers == 0
                                ? where + " answered without it"
                                : where + " sent something that is not a DICOM file with this SOP Instance UID",
                        null));
    }

    /** The answer of {@code object}, a success; {@link Problem} if it is not. */
    private Response answer(URI object) {
        Session.Reply reply = transfers.ask(object);
        Response response = reply.response();
        // The object was listed, so these will pass.
        if (response.isPageOfRestart() || response.status() == 429) {
            throw Problem.serverFailed(
                    reply.problem().getMessage(), reply.problem().hint());
        }
        return reply.success();
    }

    /** The whole part that begins with {@code first}. */
    private Folder.PartFile received(Multipart parts, ByteBuffer first) {
        Folder.PartFile file = transfers.folder().newPart();
        boolean isWhole = false;
        try {
            for (ByteBuffer bytes = first; bytes != null; bytes = parts.read()) {
                file.write(bytes);
                if (transfers.isAsStored() && file.size() > SIZE_TOLERANCE) {
                    requireWithinStudy(file.size());
                }
            }
            isWhole = true;
            return file;
        } finally {
            if (!isWhole) {
                file.close();
            }
        }
    }

    /** {@link Problem} if a file of more than {@code arrived} bytes cannot belong to the study. */
    private void requireWithinStudy(long arrived) {
        long size = studySize();
        if (size > 0 && arrived > size + SIZE_TOLERANCE) {
            throw Problem.serverFailed(
                    "one file is longer than " + Progress.amount(arrived) + ", but its whole study has "
                            + Progress.amount(size),
                    "compare: arcget 'studies/size?StudyInstanceUID=" + selection.study() + "'");
        }
    }

    private void arrived(Instance instance, long size) {
        if (missing.remove(instance) == null) {
            // The archive sent it twice.
            return;
        }
        bytes.addAndGet(size);
        transfers.progress().done(1);
    }

    /** Records why {@code request} has left instances missing. */
    private void failed(Request request, Problem problem) {
        // The instances of a series are all requested one by one next, so they keep NOT_REQUESTED.
        if (request.instances().size() == 1) {
            for (Instance instance : request.instances().values()) {
                missing.replace(instance, problem);
            }
        }
        transfers.failed(problem);
    }

    /**
     * Syncs the files of one answer to the disk while the next ones arrive. Syncing a small file takes longer than
     * fetching it; parallel syncs share a journal write.
     */
    private final class ParallelSync implements AutoCloseable {
        private static final int MOST = 8;

        private final Semaphore free = new Semaphore(MOST);
        private volatile Problem failure;

        /** Keeps {@code file}, which is whole, as {@code instance}, and closes it; fails if an earlier one failed. */
        void keep(Folder.PartFile file, Instance instance) {
            free.acquireUninterruptibly();
            Thread.ofVirtual().start(() -> {
                try (file) {
                    file.keep(instance);
                    arrived(instance, file.size());
                } catch (Problem problem) {
                    failure = problem;
                } catch (Throwable bug) {
                    transfers.stop(bug);
                } finally {
                    free.release();
                }
            });
            requireNoFailure();
        }

        /** Waits for all files; fails if one failed. */
        void finish() {
            close();
            requireNoFailure();
        }

        private void requireNoFailure() {
            Problem problem = failure;
            if (problem != null) {
                throw problem;
            }
        }

        /** Waits for all files. */
        @Override
        public void close() {
            free.acquireUninterruptibly(MOST);
            free.release(MOST);
        }
    }
}
