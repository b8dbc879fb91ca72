//SOURCES ../base/Io.java Response.java

package lib.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import lib.base.Io;

/** The attempts at one request. It waits between them: longer each time, or as long as the server asks. */
final class Retry {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    // Longer pauses are explained to the person who waits.
    private static final Duration NOTICED = Duration.ofSeconds(2);

    private final int most;
    private final Io io;
    private int done;

    Retry(int most, Io io) {
        this.most = most;
        this.io = io;
    }

    /** Whether an attempt has failed already, in a way that may pass. */
    boolean hasBegun() {
        return done > 0;
    }

    /** Whether {@code status} reports trouble that may pass. */
    static boolean isPassing(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /**
     * Waits before the next attempt.
     *
     * @param reason why there must be one
     * @param retryAfter the header Retry-After, or null
     * @param left how much time is left, or null for no limit
     * @return false if there must be no other attempt
     */
    boolean again(String reason, String retryAfter, Duration left) {
        if (done == most) {
            return false;
        }
        done++;
        Duration pause = pause(retryAfter);
        if (left != null && pause.compareTo(left) >= 0) {
            return false;
        }
        String text = reason + "; trying again in " + pause.toMillis() + " ms";
        if (pause.compareTo(NOTICED) < 0) {
            io.messages().detail(text);
        } else {
            io.messages().note(text);
        }
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Duration pause(String retryAfter) {
        Duration asked = retryAfter == null ? null : asked(retryAfter.strip());
        if (asked != null) {
            return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
        }
        long base = 250L << Math.min(done - 1, 7);
        return Duration.ofMillis(base + ThreadLocalRandom.current().nextLong(base));
    }

    /** How long {@code Retry-After} says to wait (RFC 9110, section 10.2.3), or null if it is malformed. */
    private Duration asked(String retryAfter) {
        Duration asked = null;
        try {
            asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        } catch (NumberFormatException dateOrNonsense) {
            Instant date = Response.time(retryAfter);
            asked = date == null ? null : Duration.between(io.clock().instant(), date);
        }
        return asked != null && asked.isNegative() ? Duration.ZERO : asked;
    }
}
