//SOURCES ../base/Io.java Origin.java Proxy.java

package lib.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import lib.base.Io;

/**
 * Which proxy a request goes through. Names and meaning of the environment variables are curl's, down to
 * {@code HTTP_PROXY}, which is not read: to a CGI program that is a header of the request.
 */
public final class Proxies {
    private final Proxy http;
    private final Proxy https;
    private final String exempt;

    private Proxies(Proxy http, Proxy https, String exempt) {
        this.http = http;
        this.https = https;
        this.exempt = exempt;
    }

    /**
     * The proxy {@code url} for everything, or those of the environment if it is null; none for the hosts of
     * {@code no_proxy}.
     */
    public static Proxies of(String url, Io io) {
        String exempt = either("no_proxy", io);
        if (url != null) {
            Proxy named = Proxy.parse(url, "--proxy");
            return new Proxies(named, named, exempt);
        }
        return new Proxies(
                fromEnvironment("http_proxy", io.env("http_proxy"), io),
                fromEnvironment("https_proxy", either("https_proxy", io), io),
                exempt);
    }

    private static Proxy fromEnvironment(String name, String url, Io io) {
        if (url != null) {
            return Proxy.parse(url, name);
        }
        String all = either("all_proxy", io);
        return all == null ? null : Proxy.parse(all, "all_proxy");
    }

    private static String either(String name, Io io) {
        return io.env(name) != null ? io.env(name) : io.env(name.toUpperCase(Locale.ROOT));
    }

    /** The proxy on the way to {@code uri}, or null for none. */
    Proxy on(URI uri) {
        Proxy proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        return proxy == null || isExempt(Origin.bare(uri.getHost().toLowerCase(Locale.ROOT))) ? null : proxy;
    }

    private boolean isExempt(String host) {
        if (exempt == null) {
            return false;
        }
        for (String entry : exempt.toLowerCase(Locale.ROOT).split("[, ]+")) {
            String name = Origin.bare(entry.startsWith(".") ? entry.substring(1) : entry);
            if (entry.equals("*")
                    || !name.isEmpty() && (host.equals(name) || host.endsWith("." + name) || isInNetwork(host, name))) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code host} is an address in {@code network}, such as 10.0.0.0/8. */
    private static boolean isInNetwork(String host, String network) {
        int slash = network.indexOf('/');
        if (slash < 0) {
            return false;
        }
        try {
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            byte[] prefix = InetAddress.ofLiteral(network.substring(0, slash)).getAddress();
            int bits = Integer.parseInt(network.substring(slash + 1));
            if (address.length != prefix.length || bits < 0 || bits > 8 * prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((address[bit / 8] ^ prefix[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException nameOrNonsense) {
            return false;
        }
    }
}
