//SOURCES ../arc/Archive.java ../arc/Session.java ../base/Awaited.java ../base/Exit.java ../base/Problem.java
//SOURCES ../http/Http.java ../http/Response.java Instance.java Job.java Keeper.java Listing.java Multipart.java
//SOURCES Outcome.java Part10.java PartFile.java StudySize.java Wanted.java

package lib.download;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lib.arc.Archive;
import lib.arc.Session;
import lib.base.Awaited;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;

/**
 * The download of one study. What is not here yet is asked for, a series at once where nothing of it is here and else
 * instance by instance; what failed for a reason that may pass is asked for again, as long as that brings anything.
 */
final class StudyDownload {
    private static final Problem NOT_ASKED = Problem.incomplete("it was not asked for", null);

    // Whoever sends many parts that nobody asked for will not send the right ones either.
    private static final int MOST_STRANGERS = 100;

    private final Wanted wanted;
    private final Listing listing;
    private final Job job;
    private final StudySize size;
    private final Map<Instance, Problem> missing = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicInteger downloaded = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong reserved = new AtomicLong();

    /**
     * One request to come.
     *
     * @param path the object's path below the DICOMweb root
     * @param instances those to be found in the answer, by UID
     */
    private record Request(String path, Map<String, Instance> instances) {}

    StudyDownload(Wanted wanted, Listing listing, Job job) {
        this.wanted = wanted;
        this.listing = listing;
        this.job = job;
        this.size = new StudySize(listing, wanted.study());
    }

    /** Does it, and returns what came of it; {@link Problem} if the archive does not list the study. */
    Outcome run() {
        long began = System.nanoTime();
        Map<String, List<Instance>> series = list();
        List<Request> requests = new ArrayList<>();
        int instances = 0;
        for (Map.Entry<String, List<Instance>> entry : series.entrySet()) {
            instances += entry.getValue().size();
            requests.addAll(requests(entry.getKey(), entry.getValue()));
        }
        int skipped = instances - missing.size();
        if (!requests.isEmpty()) {
            reserve(instances);
        }
        try {
            long asked = System.nanoTime();
            send(requests);
            again(job.isAwaySince(asked));
        } finally {
            release(Long.MAX_VALUE);
        }
        job.progress().done(missing.size());
        if (downloaded.get() > 0) {
            for (String uid : series.keySet()) {
                job.folder().sync(wanted.study(), uid);
            }
        }
        double seconds = Math.round((System.nanoTime() - began) / 1e8) / 10.0;
        return new Outcome(
                wanted.study(), series.size(), instances, downloaded.get(), skipped, bytes.get(), seconds, missing);
    }

    private Map<String, List<Instance>> list() {
        AtomicLong asked = new AtomicLong();
        for (int times = 1; ; times++) {
            try {
                return Awaited.of(job.inTurn(() -> {
                    // Not before: while others have their turn, the archive is seen at work.
                    asked.set(System.nanoTime());
                    job.requireToken();
                    return listed();
                }));
            } catch (Problem problem) {
                boolean isAway = job.isAwaySince(asked.get());
                boolean isWorthIt = mayPass(problem) && times <= job.retries() && job.isKnown();
                if (!isAway && !isWorthIt || job.end() != null) {
                    throw problem;
                }
                if (isAway) {
                    job.tellAway();
                }
                job.rest(times);
            }
        }
    }

    private Map<String, List<Instance>> listed() {
        Map<String, List<Instance>> series = new LinkedHashMap<>();
        Collection<Instance> instances = listing.instances(wanted);
        for (Instance instance : instances) {
            series.computeIfAbsent(instance.series(), uid -> new ArrayList<>()).add(instance);
        }
        job.progress().listed(wanted.announced(), instances.size());
        return series;
    }

    /** The first requests for what is missing of the series {@code uid}, which has these {@code instances}. */
    private List<Request> requests(String uid, List<Instance> instances) {
        List<Instance> absent = new ArrayList<>();
        for (Instance instance : instances) {
            if (job.folder().holds(instance)) {
                job.progress().skipped(1);
            } else {
                absent.add(instance);
                missing.put(instance, NOT_ASKED);
            }
        }
        if (!wanted.isWhole(uid) || absent.size() < 2 || absent.size() < instances.size()) {
            return oneByOne(absent);
        }
        Map<String, Instance> all = new ConcurrentHashMap<>();
        for (Instance instance : absent) {
            all.put(instance.uid(), instance);
        }
        return List.of(new Request("studies/" + wanted.study() + "/series/" + uid, all));
    }

    private static List<Request> oneByOne(Collection<Instance> instances) {
        List<Request> requests = new ArrayList<>(instances.size());
        for (Instance instance : instances) {
            requests.add(new Request(instance.path(), Map.of(instance.uid(), instance)));
        }
        return requests;
    }

    /**
     * Asks for what is still missing, one by one, until that brings nothing any more; with no retries only once. An
     * archive that is away is waited for.
     *
     * @param wasAway whether it was when all was asked for
     */
    private void again(boolean wasAway) {
        boolean isAway = wasAway;
        int idle = 0;
        List<Instance> left = left();
        while (!left.isEmpty() && job.end() == null && (idle <= job.retries() + 1 || isAway)) {
            if (isAway) {
                job.tellAway();
            }
            job.rest(idle);
            long asked = System.nanoTime();
            send(oneByOne(left));
            isAway = job.isAwaySince(asked);
            int before = left.size();
            left = left();
            // Counted behind the round: once an archive is back, all the rounds before are no reason to give up.
            idle = left.size() < before ? 0 : idle + 1;
        }
    }

    /** What is missing and worth asking for. */
    private List<Instance> left() {
        List<Instance> left = new ArrayList<>();
        for (Map.Entry<Instance, Problem> entry : missing.entrySet()) {
            Problem why = entry.getValue();
            if (why == NOT_ASKED || job.retries() > 0 && mayPass(why)) {
                left.add(entry.getKey());
            }
        }
        return left;
    }

    private static boolean mayPass(Problem problem) {
        return problem.exit() == Exit.NO_ANSWER || problem.exit() == Exit.SERVER_FAILED;
    }

    private void reserve(int instances) {
        if (wanted.isWhole() && size.bytes() > 0) {
            long needed = Math.round((double) size.bytes() / instances * missing.size());
            job.folder().reserve(needed);
            reserved.set(needed);
        }
    }

    private void release(long most) {
        job.folder().release(Math.min(most, reserved.getAndUpdate(bytes -> Math.max(0, bytes - most))));
    }

    /** Sends all of {@code requests}, several at a time, and waits for the last answer. */
    private void send(List<Request> requests) {
        List<Future<?>> answers = new ArrayList<>(requests.size());
        for (Request request : requests) {
            answers.add(job.inTurn(() -> {
                ask(request);
                return null;
            }));
        }
        for (Future<?> answer : answers) {
            Awaited.of(answer);
        }
    }

    private void ask(Request request) {
        if (job.end() != null) {
            return;
        }
        try {
            fetch(request);
        } catch (Problem problem) {
            failed(request, problem);
        } catch (Throwable bug) {
            job.stop(bug);
        }
    }

    private void fetch(Request request) {
        Archive archive = job.session().archive();
        int strangers = 0;
        try (Multipart parts = new Multipart(answer(archive.resolve(request.path(), List.of())), job::received);
                Keeper keeper = new Keeper(this::arrived)) {
            boolean more = parts.next();
            while (more && strangers < MOST_STRANGERS) {
                ByteBuffer bytes = parts.read();
                String uid = bytes == null ? null : Part10.sopInstanceUid(bytes);
                Instance instance = uid == null ? null : request.instances().get(uid);
                if (instance == null || !missing.containsKey(instance)) {
                    strangers++;
                    more = parts.next();
                    continue;
                }
                keeper.keep(received(parts, bytes), instance);
                more = parts.next();
            }
            keeper.finish();
        }
        String where = Http.authority(archive.url());
        failed(
                request,
                Problem.serverFailed(
                        strangers == 0
                                ? where + " answered without it"
                                : where + " sent something else: not a DICOM file with this SOP Instance UID",
                        null));
    }

    /** The answer of {@code object}, a success; {@link Problem} where it is none. */
    private Response answer(URI object) {
        Session.Reply reply = job.ask(object);
        Response response = reply.response();
        // What is listed is there, so that it is worth asking for again.
        if (response.isPageOfRestart() || response.status() == 429) {
            throw Problem.serverFailed(
                    reply.problem().getMessage(), reply.problem().hint());
        }
        return reply.success();
    }

    /** The whole part of which {@code first} has come. */
    private PartFile received(Multipart parts, ByteBuffer first) {
        PartFile file = job.folder().newPart();
        boolean isWhole = false;
        try {
            for (ByteBuffer bytes = first; bytes != null; bytes = parts.read()) {
                int count = bytes.remaining();
                file.write(bytes);
                release(count);
                if (job.isAsStored()) {
                    size.requireCovers(file.size());
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

    private void arrived(Instance instance, long size) {
        if (missing.remove(instance) == null) {
            // It was sent twice.
            return;
        }
        downloaded.incrementAndGet();
        bytes.addAndGet(size);
        job.progress().done(1);
    }

    /** Notes why what {@code request} was for is missing, if it is. */
    private void failed(Request request, Problem problem) {
        // Of a series that cannot be had as a whole, each instance is asked for yet.
        if (request.instances().size() == 1) {
            for (Instance instance : request.instances().values()) {
                missing.replace(instance, problem);
            }
        }
        job.failed(problem);
    }
}
