//SOURCES ../base/Printable.java ../base/Problem.java Http.java Proxy.java ServerTrust.java UntrustedCertificate.java

package lib.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLException;
import lib.base.Printable;
import lib.base.Problem;

/** Why no answer came, from the JDK's exceptions to a sentence and an advice. */
final class Failure {
    private static final String REFUSED = "refused";

    private Failure() {}

    static Problem problem(URI uri, Proxy proxy, IOException e) {
        String host = Http.authority(uri);
        Problem own = cause(e, Problem.class);
        if (own != null) {
            return own;
        }
        Problem onTheWay = proxy == null ? null : ofProxy(uri, proxy, e);
        if (onTheWay != null) {
            return onTheWay;
        }
        UntrustedCertificate untrusted = cause(e, UntrustedCertificate.class);
        if (untrusted != null) {
            return untrusted(host, untrusted);
        }
        if (cause(e, UnresolvedAddressException.class) != null || cause(e, UnknownHostException.class) != null) {
            return Problem.noAnswer("unknown host " + uri.getHost(), "check the spelling, and the name server");
        }
        if (e instanceof HttpConnectTimeoutException) {
            return Problem.noAnswer(
                    "no connection to " + host + " in time", "is a firewall in the way? --connect-timeout");
        }
        if (e instanceof HttpTimeoutException) {
            return Problem.noAnswer(host + " did not answer in time", "try again, or raise --first-byte-timeout");
        }
        if (e instanceof ConnectException) {
            String why = connecting(e);
            return Problem.noAnswer(
                    "no connection to " + host + ": " + why,
                    why.equals(REFUSED)
                            ? "does the server run, and on this port?"
                            : "is there a route to it? VPN, firewall");
        }
        SSLException tls = cause(e, SSLException.class);
        if (tls != null) {
            return tls(uri, host, tls);
        }
        boolean wasReset = cause(e, SocketException.class) != null;
        if (isNoHttp(e) && !wasReset && "http".equals(uri.getScheme())) {
            return Problem.noAnswer(
                    host + " closed the connection without an answer in http",
                    "if that port speaks TLS, write https://" + host);
        }
        if (isBroken(e)) {
            return Problem.serverFailed(
                    host + " answered with broken HTTP: " + detail(e),
                    "look into its log, and that of a proxy before it; see what it says: curl -v");
        }
        return Problem.noAnswer(
                "the connection to " + host + " was lost: " + (wasReset ? "reset" : detail(e)),
                "try again in a moment");
    }

    /** The problem that a proxy's 407 is. */
    static Problem proxyRefuses(URI uri, Proxy proxy) {
        String name = proxy == null ? Http.authority(uri) : proxy.authority();
        return Problem.refused(
                "the proxy " + name
                        + (proxy == null || proxy.credentials() == null
                                ? " wants a user and password"
                                : " refused the user and password"),
                "give them in https_proxy or ARC_PROXY as http://USER:PASSWORD@" + name);
    }

    /** The problem that {@code host} sends no more of a body of which {@code count} bytes have come. */
    static Problem silence(String host, long count) {
        return Problem.noAnswer(
                host + " fell silent after " + count + " bytes of its answer",
                "try again; --stall-timeout and --max-time say how long to wait");
    }

    /** The problem that a body of {@code host} ended after {@code count} bytes, and not as it should. */
    static Problem earlyEnd(String host, long count) {
        return Problem.noAnswer(
                "the answer of " + host + " ended early, after " + count + " bytes",
                "try again; if it happens each time, look into the server's log");
    }

    private static Problem ofProxy(URI uri, Proxy proxy, IOException e) {
        String host = Http.authority(uri);
        String message = String.valueOf(e.getMessage());
        if (cause(e, UnresolvedAddressException.class) != null || cause(e, UnknownHostException.class) != null) {
            return Problem.noAnswer(
                    "unknown host " + proxy.host() + " (the proxy)",
                    "check --proxy, and https_proxy and http_proxy in the environment");
        }
        if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
            return Problem.noAnswer(
                    "no connection to the proxy " + proxy.authority() + ": "
                            + (e instanceof HttpConnectTimeoutException ? "no answer in time" : connecting(e)),
                    "check --proxy, and https_proxy and http_proxy in the environment");
        }
        if (message.startsWith("Tunnel failed") && message.endsWith(" 401")) {
            // What tinyproxy answers to a wrong password, where 407 is due.
            return proxyRefuses(uri, proxy);
        }
        if (message.startsWith("Tunnel failed")) {
            return Problem.noAnswer(
                    "the proxy " + proxy.authority() + " gives no way to " + host + ": "
                            + message.substring(message.indexOf(": ") + 2),
                    "is that host reachable from the proxy? no_proxy=HOST goes there directly");
        }
        return null;
    }

    /** Whether a handshake failed because a certificate is not trusted, or cannot be checked. */
    static boolean isOfCertificate(IOException e) {
        return cause(e, CertificateException.class) != null || cause(e, Problem.class) != null;
    }

    /** Whether the server never saw the request, or broke off before the first byte of its answer. */
    static boolean isWorthRepeating(IOException e) {
        boolean isOfTls = cause(e, SSLException.class) != null && cause(e, SocketException.class) == null;
        return !isOfTls
                && cause(e, Problem.class) == null
                && cause(e, UnresolvedAddressException.class) == null
                && (!(e instanceof HttpTimeoutException) || e instanceof HttpConnectTimeoutException)
                && !isBroken(e);
    }

    /** Whether an answer came that breaks the rules of HTTP; of one such the JDK has no exception of its own. */
    private static boolean isBroken(IOException e) {
        return e instanceof ProtocolException || String.valueOf(e.getMessage()).startsWith("unexpected content length");
    }

    private static Problem tls(URI uri, String host, SSLException tls) {
        if (String.valueOf(tls.getMessage()).contains("nrecognized SSL message")) {
            return Problem.noAnswer(host + " does not speak TLS", "if that port is plain http, write http://" + host);
        }
        return Problem.noAnswer(
                "no TLS connection to " + host + ": " + detail(tls),
                "does it want a client certificate (--cert FILE)? see what it says: openssl s_client -connect " + host);
    }

    private static Problem untrusted(String host, UntrustedCertificate untrusted) {
        X509Certificate certificate = untrusted.certificate();
        String message = "the certificate of " + host + " is not trusted: " + untrusted.getMessage() + " (subject "
                + certificate.getSubjectX500Principal().getName() + "; names " + names(certificate) + "; issuer "
                + certificate.getIssuerX500Principal().getName() + "; valid until "
                + certificate.getNotAfter().toInstant() + ")";
        String hint = "compare its SHA-256 with the server's own, then add --server-cert sha256:"
                + ServerTrust.sha256(certificate) + " (or --cacert FILE with its issuer's certificate)";
        return Problem.noAnswer(message, hint);
    }

    private static String names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        } catch (CertificateParsingException unreadable) {
            return "unreadable";
        }
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    // A TLS port answers plain http with an alert or a closed connection; facts A6.
    private static boolean isNoHttp(IOException e) {
        return cause(e, EOFException.class) != null
                || String.valueOf(e.getMessage()).contains("received no bytes")
                || String.valueOf(e.getMessage()).startsWith("Invalid status line");
    }

    /** Why there is no connection: what the system said, or nothing where it refused; there the JDK drops the text. */
    private static String connecting(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                return cause.getMessage().contains(REFUSED) ? REFUSED : detail(cause);
            }
        }
        return REFUSED;
    }

    private static String detail(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Printable.cut(message, 200);
    }

    private static <T extends Throwable> T cause(Throwable e, Class<T> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
