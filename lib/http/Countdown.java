package lib.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A limit that runs down from when it was set, for steps that share it.
 *
 * @param began when, by {@code System.nanoTime}
 * @param limit how long it is; null for no limit
 */
record Countdown(long began, Duration limit) {
    /** One of {@code limit} from now on; null for no limit. */
    static Countdown of(Duration limit) {
        return new Countdown(System.nanoTime(), limit);
    }

    /** What is left; null for no limit. */
    Duration left() throws SocketTimeoutException {
        if (limit == null) {
            return null;
        }
        Duration left = limit.minusNanos(System.nanoTime() - began);
        if (!left.isPositive()) {
            throw new SocketTimeoutException("too late");
        }
        return left;
    }
}
