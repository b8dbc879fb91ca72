//SOURCES ../base/Io.java Http.java Response.java

package lib.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import lib.base.Io;

/** Warns once of what is wrong with a connection: a public network without encryption, a clock that is off. */
final class ConnectionWarnings {
    private static final long MAX_CLOCK_DIFFERENCE = 30;

    private final Io io;
    private final Set<String> warned = new HashSet<>();
    private boolean isClockWarned;

    ConnectionWarnings(Io io) {
        this.io = io;
    }

    /** Warns where the request to {@code uri} would cross a public network in the clear, once for each host. */
    void beforeRequest(URI uri) {
        synchronized (warned) {
            if (!"http".equalsIgnoreCase(uri.getScheme()) || !warned.add(uri.getHost())) {
                return;
            }
        }
        if (!isNear(uri.getHost())) {
            io.messages()
                    .warning("http to " + uri.getHost() + " is not encrypted: others on the way can read the token");
        }
    }

    private static boolean isNear(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || (address.getAddress()[0] & 0xfe) == 0xfc && address.getAddress().length == 16;
        } catch (UnknownHostException e) {
            // The request will fail and report it.
            return true;
        }
    }

    /**
     * Warns where the clocks of the server and of this machine are so far apart that tokens look expired, or not valid
     * yet. The answer must have just come; one with an Age comes from a cache.
     */
    synchronized void afterAnswer(Response response) {
        boolean isOfNow = !isClockWarned && response.header("Age") == null;
        Instant theirs = isOfNow ? Response.time(response.header("Date")) : null;
        if (theirs == null) {
            return;
        }
        long ahead = Duration.between(theirs, io.clock().instant()).toSeconds();
        if (Math.abs(ahead) > MAX_CLOCK_DIFFERENCE) {
            isClockWarned = true;
            io.messages()
                    .warning("this machine's clock is " + Math.abs(ahead) + " s " + (ahead > 0 ? "ahead of" : "behind")
                            + " that of " + Http.authority(response.uri())
                            + ": tokens may look expired or not valid yet; set one of them right");
        }
    }
}
