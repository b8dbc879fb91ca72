//SOURCES Problem.java

package lib.base;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What comes of work on another thread. */
public final class Awaited {
    private Awaited() {}

    /** The result of {@code work}, once it is there; what {@code work} fails with, a {@link Problem} or a bug. */
    public static <T> T of(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException problemOrBug -> throw problemOrBug;
                case Error bug -> throw bug;
                default -> throw new IllegalStateException("no work of ours throws anything else", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.noAnswer("interrupted", null);
        }
    }
}
