//SOURCES ../base/Io.java ../base/Problem.java Http.java

package lib.http;

import module java.base;
import lib.base.Io;
import lib.base.Problem;

/**
 * Time limits for the steps of an exchange from now on: each its own, or what is left of the total time if that is
 * less. When nothing is left they throw a {@link Problem}.
 *
 * @param limits of the steps
 * @param end when everything must be done; null for no such time
 * @param io tells the time
 */
record Deadlines(Http.Limits limits, Instant end, Io io) {
    /** Those that {@code limits} make from now on. */
    static Deadlines of(Http.Limits limits, Io io) {
        Duration total = limits.total();
        return new Deadlines(
                limits, total.isZero() ? null : io.clock().instant().plus(total), io);
    }

    /** The same with {@code limit} for each step. */
    Deadlines within(Duration limit) {
        return new Deadlines(new Http.Limits(limit, limit, limit, limit, 0), end, io);
    }

    /** Until there is a connection; null for no limit, as of the others. */
    Duration connect() {
        return limit(limits.connect());
    }

    /** Until the header of the answer has arrived. */
    Duration firstByte() {
        return limit(limits.firstByte());
    }

    /** Until more of a body has arrived. */
    Duration stall() {
        return limit(limits.stall());
    }

    /** What is left of the total time; null for no limit. */
    Duration left() {
        if (end == null) {
            return null;
        }
        Duration left = Duration.between(io.clock().instant(), end);
        if (left.isNegative() || left.isZero()) {
            throw Problem.noAnswer("not done in time (--max-time)", "raise it");
        }
        return left;
    }

    /** {@code limit}, or what is left of the total time if that is less. */
    Duration atMost(Duration limit) {
        Duration left = left();
        return left == null || limit.compareTo(left) < 0 ? limit : left;
    }

    private Duration limit(Duration limit) {
        return limit.isZero() ? left() : atMost(limit);
    }

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
}
