//SOURCES ../base/Io.java

package lib.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import lib.base.Io;

/** Warns where a secret or token would cross a public network in the clear. */
final class PlainHttp {
    private PlainHttp() {}

    static void warn(URI uri, Io io) {
        if ("http".equalsIgnoreCase(uri.getScheme()) && !isNear(uri.getHost())) {
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
            // The request will say so.
            return true;
        }
    }
}
