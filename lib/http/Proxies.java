//SOURCES ../base/Io.java ../base/Problem.java ../base/Secret.java Origin.java

package lib.http;

import module java.base;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;

/**
 * Which proxy a request goes through. Names and meaning of the environment variables are curl's, down to
 * {@code HTTP_PROXY}, which is not read: to a CGI program that is a header of the request.
 *
 * @param http the proxy for http, or null
 * @param https the proxy for https, or null
 * @param exempt the hosts that are reached directly, as in {@code no_proxy}; null for none
 */
public record Proxies(Proxy http, Proxy https, String exempt) {
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
        String all = either("all_proxy", io);
        return url != null ? Proxy.parse(url, name) : all == null ? null : Proxy.parse(all, "all_proxy");
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
            int free = 8 * prefix.length - Integer.parseInt(network.substring(slash + 1));
            return address.length == prefix.length
                    && free >= 0
                    && free <= 8 * prefix.length
                    && new BigInteger(address).shiftRight(free).equals(new BigInteger(prefix).shiftRight(free));
        } catch (IllegalArgumentException nameOrNonsense) {
            return false;
        }
    }

    /**
     * An http proxy.
     *
     * @param host its host
     * @param port its port
     * @param credentials the value of {@code Proxy-Authorization}, or null where it asks for none
     */
    public record Proxy(String host, int port, Secret credentials) {
        // What curl takes where a proxy's URL names no port.
        private static final int PORT = 1080;
        private static final int LAST_PORT = 65535;

        /** The proxy that {@code text} describes; {@code source} names it in the message where it does not. */
        static Proxy parse(String text, String source) {
            String shown = text.substring(text.lastIndexOf('@') + 1);
            try {
                URI uri = new URI(text.contains("://") ? text : "http://" + text);
                if (!"http".equalsIgnoreCase(uri.getScheme())) {
                    throw Problem.usage(
                            source + " is not an http proxy: " + uri.getScheme() + "://"
                                    + shown.replaceFirst("^.*://", ""),
                            "give an http proxy, or none for this server: no_proxy=HOST");
                }
                if (uri.getHost() != null && uri.getPort() <= LAST_PORT) {
                    return new Proxy(uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort(), credentials(uri));
                }
            } catch (URISyntaxException noUrl) {
                // Reported below.
            }
            throw Problem.usage(
                    source + " is not a proxy URL: " + shown,
                    "such as http://user:password@proxy:3128; in user and password write @ as %40, : as %3A");
        }

        private static Secret credentials(URI uri) {
            if (uri.getUserInfo() == null) {
                return null;
            }
            // The URI has decoded its %40 already; a user has no colon (RFC 7617, section 2).
            String userInfo = uri.getUserInfo();
            String pair = userInfo.contains(":") ? userInfo : userInfo + ":";
            return new Secret("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }

        /** The host and port, as one writes them. */
        String authority() {
            return host + ":" + port;
        }
    }
}
