//SOURCES Problem.java

package lib.base;

import module java.base;

/** The results of work on other threads. */
public final class Awaited {
    private Awaited() {}

    /** Waits for the result of {@code work}; throws what it failed with, a {@link Problem} or a bug. */
    public static <T> T of(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException problemOrBug -> throw problemOrBug;
                case Error bug -> throw bug;
                default -> throw new IllegalStateException("work throws no checked exceptions", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.noAnswer("interrupted", null);
        }
    }
}
