//SOURCES Instance.java PartFile.java

package lib.download;

import java.util.concurrent.Semaphore;

/**
 * Keeps the files of one answer while the next ones come. Until a small file is on the disk takes longer than to fetch
 * it, and those that are synced at the same time share a write of the disk's journal.
 */
final class Keeper implements AutoCloseable {
    private static final int MOST = 8;

    private final Arrival arrival;
    private final Semaphore free = new Semaphore(MOST);
    private volatile Throwable failure;

    /** Hears of each file that is on the disk under its name; on several threads. */
    interface Arrival {
        void kept(Instance instance, long size);
    }

    Keeper(Arrival arrival) {
        this.arrival = arrival;
    }

    /** Keeps {@code file}, which is whole, as {@code instance}, and closes it; fails if an earlier one failed. */
    void keep(PartFile file, Instance instance) {
        free.acquireUninterruptibly();
        Thread.ofVirtual().start(() -> {
            try (file) {
                file.keep(instance);
                arrival.kept(instance, file.size());
            } catch (RuntimeException | Error problemOrBug) {
                failure = problemOrBug;
            } finally {
                free.release();
            }
        });
        requireNoFailure();
    }

    /** Waits for all of them; fails if one failed. */
    void finish() {
        close();
        requireNoFailure();
    }

    private void requireNoFailure() {
        switch (failure) {
            case null -> {}
            case Error bug -> throw bug;
            case RuntimeException problemOrBug -> throw problemOrBug;
            case Throwable none -> throw new IllegalStateException(none);
        }
    }

    /** Waits for all of them. */
    @Override
    public void close() {
        free.acquireUninterruptibly(MOST);
        free.release(MOST);
    }
}
