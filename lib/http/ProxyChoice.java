//SOURCES Proxies.java Proxy.java

package lib.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/** {@link Proxies} as the JDK's client asks for them; apart, so that without a request no socket is loaded. */
final class ProxyChoice extends ProxySelector {
    private static final List<java.net.Proxy> NONE = List.of(java.net.Proxy.NO_PROXY);

    private final Proxies proxies;

    private ProxyChoice(Proxies proxies) {
        this.proxies = proxies;
    }

    static ProxySelector of(Proxies proxies) {
        // Else the JDK never sends Basic to a proxy that tunnels TLS; it reads this once, with its first client.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        return new ProxyChoice(proxies);
    }

    @Override
    public List<java.net.Proxy> select(URI uri) {
        Proxy proxy = proxies.on(uri);
        return proxy == null
                ? NONE
                : List.of(new java.net.Proxy(
                        java.net.Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The request fails for the same reason, and says so.
    }
}
