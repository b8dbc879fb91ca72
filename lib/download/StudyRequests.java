//SOURCES ../arc/Archive.java ../arc/Session.java ../base/Awaited.java ../base/Exit.java ../base/Problem.java
//SOURCES ../http/Http.java ../http/Response.java Folder.java Instance.java Listing.java Multipart.java Part10.java
//SOURCES Progress.java Transfers.java

package lib.download;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lib.arc.Archive;
import lib.arc.Session;
import lib.base.Awaited;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;

/** Retrieves the objects of one study, and keeps account of what is missing. */
final class StudyRequests {
    private static final Problem NOT_REQUESTED = Problem.incomplete("not requested", null);

    // A server that sends so many parts that were not requested is not going to send the right ones.
    private static final int MOST_STRANGERS = 100;

    // Objects are sent with corrections to patient and study, which the archive does not count.
    private static final long SIZE_TOLERANCE = 16 << 20;

    private final String study;
    private final Listing listing;
    private final Transfers transfers;
    private final Map<Instance, Problem> missing = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicInteger downloaded = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private Long studySize;

    /**
     * One request to be made.
     *
     * @param path the object's path below the DICOMweb root
     * @param instances the instances expected in the answer, by SOP Instance UID
     */
    record Request(String path, Map<String, Instance> instances) {}

    StudyRequests(String study, Listing listing, Transfers transfers) {
        this.study = study;
        this.listing = listing;
        this.transfers = transfers;
    }

    /** Counts {@code instance} as missing until it has been downloaded. */
    void expect(Instance instance) {
        missing.put(instance, NOT_REQUESTED);
    }

    /** The instances that are missing, with the reason. */
    Map<Instance, Problem> missing() {
        return missing;
    }

    /** The number of instances downloaded. */
    int downloaded() {
        return downloaded.get();
    }

    /** The size of the instances downloaded. */
    long bytes() {
        return bytes.get();
    }

    /** The missing instances that another request may bring. */
    List<Instance> worthAsking() {
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
    static boolean mayPass(Problem problem) {
        return problem.exit() == Exit.NO_ANSWER || problem.exit() == Exit.SERVER_FAILED;
    }

    /** The size of the study in the archive, in bytes; 0 or less if it does not tell. Asks once: it may be slow. */
    synchronized long studySize() {
        if (studySize == null) {
            studySize = listing.size(study);
        }
        return studySize;
    }

    /** Makes all {@code requests}, several at a time, and waits until all are done. */
    void send(List<Request> requests) {
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
                    "compare: arcget 'studies/size?StudyInstanceUID=" + study + "'");
        }
    }

    private void arrived(Instance instance, long size) {
        if (missing.remove(instance) == null) {
            // The archive sent it twice.
            return;
        }
        downloaded.incrementAndGet();
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
