//SOURCES ../arc/Session.java ../base/Awaited.java ../base/Exit.java ../base/Problem.java ../http/BlockInput.java
//SOURCES ../http/Http.java ../http/Response.java ../json/Json.java DicomWalk.java Folder.java Instance.java
//SOURCES Listing.java Multipart.java Progress.java Selection.java Transfers.java

package lib.download;

import module java.base;
import lib.arc.Session;
import lib.base.Awaited;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.BlockInput;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;

/**
 * The download of one study. Lists it, requests what is not on the disk yet, and requests again what failed for a
 * reason that may pass, as long as another round brings anything.
 */
final class StudyDownload {
    /** Why an instance is missing that nothing was asked about yet. */
    static final Problem NOT_REQUESTED = Problem.incomplete("not requested", null);

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

    /** How often an instance came that was not whole. */
    private final Map<Instance, Integer> cuts = new ConcurrentHashMap<>();

    /** The instances that the archive lists and does not find (404). */
    private final Set<Instance> notFound = ConcurrentHashMap.newKeySet();

    /** The SOP Instance UIDs that are in several series. */
    private final Set<String> twins = new HashSet<>();

    private Long studySize;

    /**
     * The result for one study.
     *
     * @param delivered how many instances are on the disk
     * @param missing those that are not, with the reason
     * @param json the whole result as one line of JSON, with a newline
     */
    record Outcome(int delivered, Map<Instance, Problem> missing, String json) {}

    /**
     * One request to be made.
     *
     * @param path the object's path below the DICOMweb root
     * @param instances the instances expected in the answer, by SOP Instance UID
     */
    private record Request(String path, Map<String, Instance> instances) {
        /** The request for a whole series of these instances. */
        static Request ofSeries(List<Instance> instances) {
            Map<String, Instance> all = new HashMap<>();
            for (Instance instance : instances) {
                all.put(instance.uid(), instance);
            }
            String path = instances.getFirst().path();
            return new Request(path.substring(0, path.lastIndexOf("/instances/")), all);
        }

        /** Whether it is for a single instance. */
        boolean isOne() {
            return path.contains("/instances/");
        }
    }

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
        int listed = 0;
        for (Map.Entry<String, List<Instance>> entry : series.entrySet()) {
            listed += entry.getValue().size();
            planned.addAll(requests(entry.getKey(), entry.getValue()));
        }
        int absent = missing.size();
        int instances = listed + selection.unusable().size();
        if (transfers.settings().isDryRun()) {
            missing.clear();
        } else {
            if (absent > 0 && selection.isWhole()) {
                requireSpace(absent, instances);
            }
            fetch(planned, series);
        }
        double seconds = Math.round((System.nanoTime() - began) / 1e8) / 10.0;
        List<String> uids = new ArrayList<>(selection.unusable());
        for (Instance instance : missing.keySet()) {
            uids.add(instance.uid());
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("study", selection.study());
        line.put("series", series.size());
        line.put("instances", instances);
        line.put("downloaded", absent - missing.size());
        line.put("skipped", listed - absent);
        line.put("bytes", bytes.get());
        // In steps of 0.1 s.
        line.put("seconds", seconds);
        line.put("missing", uids);
        return new Outcome(listed - missing.size(), missing, Json.compact(line) + "\n");
    }

    private void fetch(List<Request> planned, Map<String, List<Instance>> series) {
        int absent = missing.size();
        long asked = System.nanoTime();
        send(planned);
        requestAgain(transfers.isAwaySince(asked));
        requestBySeries(series, planned);
        transfers.progress().done(missing.size());
        if (absent > missing.size()) {
            for (String uid : series.keySet()) {
                transfers.folder().sync(selection.study(), uid);
            }
        }
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
                boolean isWorthIt =
                        mayPass(problem) && times <= transfers.settings().retries() && transfers.isKnown();
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
        Set<String> uids = new HashSet<>();
        for (Instance instance : instances) {
            if (!uids.add(instance.uid())) {
                twins.add(instance.uid());
            }
            series.computeIfAbsent(instance.series(), uid -> new ArrayList<>()).add(instance);
        }
        transfers.progress().listed(selection.announced(), instances.size());
        return series;
    }

    /**
     * The first requests for the series {@code uid}, of which {@code instances} are selected: a single one for all if
     * most are not on the disk, else one for each that is not.
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
        // Over loopback 2,000 objects of 32 KB take 1.5 times as long one by one, 400 of 512 KB 1.35 times; an archive
        // adds a query and an audit record for each.
        boolean isMost = absent.size() > 1 && absent.size() > instances.size() / 2;
        return selection.isWhole(uid) && isMost ? List.of(Request.ofSeries(absent)) : oneByOne(absent);
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
        while (!left.isEmpty()
                && transfers.end() == null
                && (idle <= transfers.settings().retries() + 1 || isAway)) {
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

    /**
     * Requests series, once each, of which the archive does not find an instance (404): Orthanc does not where two
     * series have its UID. Not from dcm4chee, which finds what is there.
     */
    private void requestBySeries(Map<String, List<Instance>> series, List<Request> planned) {
        if (transfers.session().archive().isDcm4chee() || transfers.end() != null) {
            return;
        }
        List<Request> requests = new ArrayList<>();
        for (List<Instance> instances : series.values()) {
            Request request = Request.ofSeries(instances);
            boolean isWorthIt =
                    !Collections.disjoint(instances, notFound) && !Collections.disjoint(instances, missing.keySet());
            if (isWorthIt && !planned.contains(request)) {
                requests.add(request);
            }
        }
        send(requests);
    }

    /** The missing instances that another request may bring. */
    private List<Instance> worthAsking() {
        List<Instance> left = new ArrayList<>();
        for (Map.Entry<Instance, Problem> entry : missing.entrySet()) {
            Problem why = entry.getValue();
            // What was not whole is asked for once more.
            boolean mayCome = why.exit() == Exit.INCOMPLETE ? cuts.getOrDefault(entry.getKey(), 0) == 1 : mayPass(why);
            if (why == NOT_REQUESTED || transfers.settings().retries() > 0 && mayCome) {
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
        if (!request.isOne() && !transfers.takesSeries()) {
            return;
        }
        // A series that is asked for because an instance of it was not found has others too.
        int mostStrangers = request.instances().size() + (notFound.isEmpty() ? 1 : 100) * MOST_STRANGERS;
        int strangers = 0;
        boolean isAnswered = false;
        try (Multipart parts = new Multipart(answer(request), request.isOne(), transfers::received);
                ParallelSync sync = new ParallelSync()) {
            while (strangers < mostStrangers && parts.next()) {
                boolean isTaken = take(parts, request, sync);
                isAnswered = isAnswered || isTaken;
                strangers += isTaken ? 0 : 1;
            }
            sync.finish();
        }
        if (request.isOne() && isAnswered) {
            return;
        }
        failed(
                request,
                Problem.serverFailed(
                        strangers == 0
                                ? host() + " answered without it"
                                : host() + " sent something that is not a DICOM file with this SOP Instance UID",
                        null));
    }

    private String host() {
        return Http.authority(transfers.session().archive().url());
    }

    /** The answer to {@code request}, a success; {@link Problem} if it is not. */
    private Response answer(Request request) {
        URI object = transfers.session().archive().resolve(request.path(), List.of());
        Session.Reply reply = transfers.ask(object, request.isOne());
        Response response = reply.response();
        // The object was listed, so these will pass.
        if (response.isPageOfRestart() || response.status() == 429) {
            throw Problem.serverFailed(
                    reply.problem().getMessage(), reply.problem().hint());
        }
        if (response.status() == 404 && request.isOne()) {
            notFound.addAll(request.instances().values());
        }
        return reply.success();
    }

    /** Takes the current part, and keeps it if it is whole; false if it is none of the instances that are missing. */
    private boolean take(Multipart parts, Request request, ParallelSync sync) {
        Folder.PartFile file = transfers.folder().newPart();
        DicomWalk walk = new DicomWalk();
        boolean isKept = false;
        try {
            walk.follow(new Arriving(parts, file, () -> !walk.isIdentified() || wanted(request, walk) != null));
            String flaw = walk.flaw() == null ? parts.flaw() : walk.flaw();
            Instance instance = wanted(request, walk);
            if (instance == null) {
                return false;
            }
            if (flaw == null) {
                if (walk.remark() != null) {
                    transfers.warnOfFile(instance, walk.remark());
                }
                isKept = true;
                sync.keep(file, instance);
            } else {
                cuts.merge(instance, 1, Integer::sum);
                missing.replace(
                        instance,
                        Problem.incomplete(
                                host() + " sent a file that is not whole: " + flaw,
                                "is it whole in the archive? as it comes: arcget -o FILE " + instance.path()));
            }
            return true;
        } catch (IOException e) {
            throw new IllegalStateException("a part throws problems", e);
        } finally {
            if (!isKept) {
                file.close();
            }
        }
    }

    /** The missing instance of {@code request} that the file of {@code walk} is; null if it is none. */
    private Instance wanted(Request request, DicomWalk walk) {
        String uid = walk.sopInstanceUid();
        Instance instance = uid == null ? null : request.instances().get(uid);
        if (instance == null || !missing.containsKey(instance)) {
            return null;
        }
        // Only then: else an archive that has moved an instance to another series could not send it.
        boolean isTwin = twins.contains(uid) && walk.seriesInstanceUid() != null;
        return isTwin && !walk.seriesInstanceUid().equals(instance.series()) ? null : instance;
    }

    /** {@link Problem} if a file of more than {@code arrived} bytes cannot belong to the study. */
    private void requireWithinStudy(long arrived) {
        long size = transfers.settings().isAsStored() && arrived > SIZE_TOLERANCE ? studySize() : 0;
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
        if (request.isOne()) {
            for (Instance instance : request.instances().values()) {
                missing.replace(instance, problem);
            }
        }
        transfers.failed(problem);
    }

    /** The current part of an answer, written to a file as it passes, and read no further than it is wanted. */
    private final class Arriving extends BlockInput {
        private final Multipart parts;
        private final Folder.PartFile file;
        private final BooleanSupplier isWanted;
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        Arriving(Multipart parts, Folder.PartFile file, BooleanSupplier isWanted) {
            this.parts = parts;
            this.file = file;
            this.isWanted = isWanted;
        }

        private boolean isAny() {
            if (!bytes.hasRemaining() && isWanted.getAsBoolean()) {
                ByteBuffer next = parts.read();
                if (next != null) {
                    bytes = next;
                    file.write(bytes.duplicate());
                    requireWithinStudy(file.size());
                }
            }
            return bytes.hasRemaining();
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int count = isAny() ? Math.min(length, bytes.remaining()) : -1;
            bytes.get(to, offset, Math.max(0, count));
            return count;
        }

        @Override
        public long skip(long most) {
            int count = isAny() ? (int) Math.min(most, bytes.remaining()) : 0;
            bytes.position(bytes.position() + count);
            return count;
        }
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
