//SOURCES ../base/Printable.java ../base/Problem.java Http.java Origin.java Proxies.java ServerTrust.java

package lib.http;

import module java.base;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Proxies.Proxy;
import lib.http.ServerTrust.UntrustedCertificate;
import org.apache.hc.core5.http.MalformedChunkCodingException;

/** An exchange that brought no answer: the step that failed, the cause, and the {@link Problem} to report. */
final class Failure extends IOException {
    /** The steps of an exchange, in their order. */
    enum Step {
        RESOLVE,
        CONNECT,
        TUNNEL,
        HANDSHAKE,
        EXCHANGE,
        BODY
    }

    private static final long serialVersionUID = 1;
    private static final String REFUSED = "refused";
    private static final String PROXY_HINT = "check --proxy, and https_proxy and http_proxy in the environment";

    private final Step step;
    private final int proxyStatus;

    /** The failure of {@code step} for the reason {@code cause}. */
    Failure(Step step, IOException cause) {
        super(cause);
        this.step = step;
        this.proxyStatus = 0;
    }

    /** A proxy's refusal to open a tunnel; {@code proxyStatus} is its answer. */
    Failure(int proxyStatus) {
        this.step = Step.TUNNEL;
        this.proxyStatus = proxyStatus;
    }

    /**
     * Whether the server refused the groups for the key exchange that we offered (RFC 8446, section 4.1.1). It sends
     * the same alerts for other reasons too.
     */
    boolean mayBeOfGroups() {
        String alert = step == Step.HANDSHAKE ? String.valueOf(getCause().getMessage()) : "";
        return alert.contains("handshake_failure")
                || alert.contains("insufficient_security")
                || alert.contains("unexpected_message");
    }

    /** Whether a time limit was over. */
    boolean isLate() {
        return cause(SocketTimeoutException.class) != null;
    }

    /** Whether the server never saw the request, or broke off before the first byte of a body. */
    boolean isWorthRepeating() {
        boolean isReset = cause(SocketException.class) != null;
        return switch (step) {
            // The JDK caches a failed lookup for 10 s.
            case RESOLVE -> false;
            case CONNECT -> true;
            case TUNNEL -> !isOfCredentials();
            case HANDSHAKE -> isReset || isLate();
            case EXCHANGE -> isReset || !isLate() && !isBroken() && cause(SSLException.class) == null;
            // A chunk that is cut short is a subclass of one that makes no sense.
            case BODY -> !isLate() && getCause().getClass() != MalformedChunkCodingException.class;
        };
    }

    /** What to tell the person who wanted {@code uri}; {@code proxy} is the one on the way, or null. */
    Problem problem(URI uri, Proxy proxy) {
        String host = Http.authority(uri);
        return switch (step) {
            case RESOLVE ->
                proxy == null
                        ? Problem.noAnswer("unknown host " + uri.getHost(), "check the spelling, and the name server")
                        : Problem.noAnswer("unknown host " + proxy.host() + " (the proxy)", PROXY_HINT);
            case CONNECT ->
                proxy == null
                        ? connecting(host)
                        : Problem.noAnswer(
                                "no connection to the proxy " + proxy.authority() + ": "
                                        + (isLate() ? "no answer in time" : refusal()),
                                PROXY_HINT);
            case TUNNEL -> isOfCredentials() ? proxyRefuses(uri, proxy) : tunnelling(host, proxy);
            case HANDSHAKE -> handshake(uri, host);
            case EXCHANGE -> exchange(uri, host);
            case BODY -> isLate() ? silence(host, 0) : earlyEnd(host, 0);
        };
    }

    /** The problem that {@code proxy} wants a user and password, or others, on the way to {@code uri}. */
    static Problem proxyRefuses(URI uri, Proxy proxy) {
        String name = proxy == null ? Http.authority(uri) : proxy.authority();
        return Problem.refused(
                "the proxy " + name
                        + (proxy == null || proxy.credentials() == null
                                ? " wants a user and password"
                                : " refused the user and password"),
                "give them in https_proxy or ARC_PROXY as http://USER:PASSWORD@" + name);
    }

    /** The problem that {@code host} stopped sending after {@code count} bytes of a body. */
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

    private Problem connecting(String host) {
        if (isLate()) {
            return late(host);
        }
        String why = refusal();
        boolean isRefused = why.equals(REFUSED);
        return Problem.noAnswer(
                "no connection to " + host + ": " + why,
                isRefused ? "does the server run, and on this port?" : "is there a route to it? VPN, firewall");
    }

    private static Problem late(String host) {
        return Problem.noAnswer(
                "no connection to " + host + " in time", "is a firewall in the way? else raise --connect-timeout");
    }

    private boolean isOfCredentials() {
        // tinyproxy answers 401 to a wrong password, where 407 is due.
        return proxyStatus == 407 || proxyStatus == 401;
    }

    private Problem tunnelling(String host, Proxy proxy) {
        String why =
                proxyStatus > 0 ? Integer.toString(proxyStatus) : isLate() ? "no answer in time" : detail(getCause());
        return Problem.noAnswer(
                "the proxy " + proxy.authority() + " opened no tunnel to " + host + ": " + why,
                "is that host reachable from the proxy? no_proxy=HOST goes there directly");
    }

    private Problem handshake(URI uri, String host) {
        Problem own = cause(Problem.class);
        if (own != null) {
            return own;
        }
        UntrustedCertificate untrusted = cause(UntrustedCertificate.class);
        if (untrusted != null) {
            return untrusted(host, untrusted);
        }
        return isLate() ? late(host) : tls(uri, host);
    }

    private Problem exchange(URI uri, String host) {
        if (isLate()) {
            return Problem.noAnswer(host + " did not answer in time", "try again, or raise --first-byte-timeout");
        }
        if (cause(SSLException.class) != null) {
            return tls(uri, host);
        }
        boolean wasReset = cause(SocketException.class) != null;
        // A port for TLS answers plain http with an alert or a closed connection; facts A6.
        if (cause(EOFException.class) != null && !wasReset && "http".equals(uri.getScheme())) {
            return Problem.noAnswer(
                    host + " closed the connection without an answer in http",
                    "if that port speaks TLS, write https://" + host);
        }
        if (isBroken()) {
            return Problem.serverFailed(
                    host + " answered with broken HTTP: " + detail(getCause()),
                    "look into its log, and that of a proxy before it; see the answer with curl -v");
        }
        return Problem.noAnswer(
                "the connection to " + host + " was lost: " + (wasReset ? "reset" : detail(getCause())),
                "try again in a moment");
    }

    /** Whether an answer came that breaks the rules of HTTP. */
    private boolean isBroken() {
        return getCause() instanceof ProtocolException;
    }

    private Problem tls(URI uri, String host) {
        if (String.valueOf(getCause().getMessage()).contains("nrecognized SSL message")) {
            return Problem.noAnswer(host + " does not speak TLS", "if that port is plain http, write http://" + host);
        }
        boolean isReset = cause(SocketException.class) != null;
        return Problem.noAnswer(
                "no TLS connection to " + host + ": " + (isReset ? "it hung up in the handshake" : detail(getCause())),
                "does it want a client certificate (--cert FILE)? see the handshake with openssl s_client -connect "
                        + Origin.of(uri).hostAndPort());
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

    /** Why there is no connection, in the system's words. */
    private String refusal() {
        String message = String.valueOf(getCause().getMessage());
        return message.contains(REFUSED) ? REFUSED : detail(getCause());
    }

    private static String detail(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Printable.cut(message, 200);
    }

    private <T extends Throwable> T cause(Class<T> type) {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
