//SOURCES ../base/Problem.java ../base/Secret.java

package lib.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import lib.base.Problem;
import lib.base.Secret;

/**
 * An http proxy.
 *
 * @param host its host
 * @param port its port
 * @param credentials the value of {@code Proxy-Authorization}, or null where it asks for none
 */
record Proxy(String host, int port, Secret credentials) {
    // What curl takes where a proxy's URL names no port.
    private static final int PORT = 1080;
    private static final int LAST_PORT = 65535;

    /** The proxy that {@code text} is; {@code source} is what to call it where it is none. */
    static Proxy parse(String text, String source) {
        String shown = text.substring(text.lastIndexOf('@') + 1);
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme())) {
                throw Problem.usage(
                        source + " is no http proxy: " + uri.getScheme() + "://" + shown.replaceFirst("^.*://", ""),
                        "give an http proxy, or none for this server: no_proxy=HOST");
            }
            if (uri.getHost() != null && uri.getPort() <= LAST_PORT) {
                return new Proxy(uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort(), credentials(uri));
            }
        } catch (URISyntaxException noUrl) {
            // Said below.
        }
        throw Problem.usage(
                source + " is no URL of a proxy: " + shown,
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
