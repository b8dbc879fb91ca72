//SOURCES ../base/Io.java HttpDate.java

package lib.http;

import java.time.Duration;
import java.time.Instant;
import lib.base.Io;

/** Warns once when a server's clock and ours are so far apart that tokens look expired, or not valid yet. */
final class ClockWatch {
    private static final long MOST = 30;

    private final Io io;
    private boolean warned;

    ClockWatch(Io io) {
        this.io = io;
    }

    /** Looks at an answer that has just come from {@code host}; {@code age} is there if a cache on the way gave it. */
    synchronized void see(String host, String date, String age) {
        Instant theirs = warned || age != null ? null : HttpDate.parse(date);
        if (theirs == null) {
            return;
        }
        long ahead = Duration.between(theirs, io.clock().instant()).toSeconds();
        if (Math.abs(ahead) > MOST) {
            warned = true;
            io.messages()
                    .warning("this machine's clock is " + Math.abs(ahead) + " s " + (ahead > 0 ? "ahead of" : "behind")
                            + " that of " + host + ": tokens may look expired or not valid yet; set one of them right");
        }
    }
}
