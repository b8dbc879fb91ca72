//SOURCES ../base/Io.java

package lib.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import lib.base.Io;

/** Counts the attempts at one request, and waits between them: longer each time, and as long as the server asks. */
final class Retry {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final int most;
    private final Io io;
    private int done;

    Retry(int most, Io io) {
        this.most = most;
        this.io = io;
    }

    /** Whether {@code status} speaks of trouble that may pass. */
    static boolean isPassing(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /**
     * Waits before the next attempt.
     *
     * @param reason why there must be one
     * @param retryAfter what the server said of when, or null
     * @param left how much time there is, or null for any
     * @return false if there is none
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
        io.messages().detail(reason + "; trying again in " + pause.toMillis() + " ms");
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Duration pause(String retryAfter) {
        if (retryAfter != null) {
            try {
                Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
                return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
            } catch (NumberFormatException dateOrNonsense) {
                // The ordinary pause will do.
            }
        }
        long base = 250L << Math.min(done - 1, 7);
        return Duration.ofMillis(base + ThreadLocalRandom.current().nextLong(base));
    }
}
