package lib.http;

import module java.base;

/**
 * A server as a URL names it (RFC 6454).
 *
 * @param scheme {@code http} or {@code https}
 * @param host its host in lower case, an IPv6 address in brackets
 * @param port its port; that of the scheme where the URL names none
 */
public record Origin(String scheme, String host, int port) {
    /** The server of {@code uri}, which has a host. */
    public static Origin of(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : usualPort(scheme);
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
    }

    private static int usualPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /** Whether the scheme is https. */
    boolean isSecure() {
        return scheme.equals("https");
    }

    /** The host as the header Host gives it, with the port if it is not the usual one. */
    String authority() {
        return port == usualPort(scheme) ? host : hostAndPort();
    }

    /** The host and the port, as a proxy and {@code openssl} want them. */
    String hostAndPort() {
        return host + ":" + port;
    }

    /** {@code host} without the brackets that an IPv6 address has in a URL. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return scheme + "://" + hostAndPort();
    }
}
