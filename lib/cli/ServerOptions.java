//SOURCES ../base/Io.java ../base/Ownership.java ../base/Problem.java ../base/Prompt.java ../base/Secret.java
//SOURCES ../base/Sha256.java ../http/Http.java ../http/Proxies.java ../http/Tls.java Option.java Options.java

package lib.cli;

import module java.base;
import lib.base.Io;
import lib.base.Ownership;
import lib.base.Problem;
import lib.base.Prompt;
import lib.base.Secret;
import lib.base.Sha256;
import lib.http.Http;
import lib.http.Proxies;
import lib.http.Tls;
import lib.http.Tls.ClientCertificate;

/** The options of every tool that talks to a server, and the HTTP client that they describe. */
public final class ServerOptions {
    public static final Option PROFILE = Option.text(
            "-p, --profile", "NAME", "settings from NAME.conf in ~/.config/arc-scripts or /etc/arc-scripts");
    public static final Option.Section PROFILES = new Option.Section(
            "Profiles",
            List.of(PROFILE),
            "Options with * are settings: ARC_CLIENT_ID=... in the environment and client-id = ... in a profile say"
                    + " the same as --client-id=... does. The profile is that of -p, else that of ARC_PROFILE, else"
                    + " default.conf if there is one. The one of -p comes before the environment, the others behind"
                    + " it.");
    public static final Option INSECURE =
            Option.flag("-k, --insecure", "trust any certificate and host name").trust();
    public static final Option CACERT = Option.file("--cacert", "FILE", "trust these certificates too, PEM or DER")
            .repeatable()
            .trust()
            .replacing("insecure");
    public static final Option SERVER_CERT = Option.file(
                    "--server-cert",
                    "FILE|sha256:HEX",
                    "trust exactly this server certificate, whatever its issuer, host name and dates")
            .repeatable()
            .trust()
            .replacing("insecure");
    public static final Option CERT = Option.file(
                    "-E, --cert",
                    "FILE",
                    "our own certificate for TLS: PEM, DER or PKCS #12 (ARC_CERT_PASSWORD opens it)")
            .trust();
    public static final Option KEY = Option.file(
                    "--key", "FILE", "the key of --cert, PEM or DER, if it is in another file")
            .trust();
    public static final Option PROXY = Option.text(
                    "-x, --proxy",
                    "URL",
                    "go through this http proxy; by default those in https_proxy and http_proxy, but for no_proxy")
            .saved();
    public static final Option CONNECT_TIMEOUT = Option.number(
                    "--connect-timeout", "SEC", "give up when there is no connection after so long; 0: never")
            .setting()
            .defaultsTo("10");
    public static final Option FIRST_BYTE_TIMEOUT = Option.number(
                    "--first-byte-timeout", "SEC", "give up when the answer has not begun after so long; 0: never")
            .setting()
            .defaultsTo("300");
    public static final Option STALL_TIMEOUT = Option.number(
                    "--stall-timeout",
                    "SEC",
                    "give up when an answer that has begun stands still for so long; 0: never")
            .setting()
            .defaultsTo("60");
    public static final Option MAX_TIME = Option.number(
                    "-m, --max-time", "SEC", "limit for the whole operation; 0: none")
            .setting()
            .defaultsTo("0");
    public static final Option RETRY = Option.number(
                    "--retry", "N", "repeat up to N times what is safe to repeat, with growing pauses")
            .setting()
            .defaultsTo("2");
    public static final Option CHECK = Option.flag(
            "--check", "no PATH: look at all that a request needs (settings, servers, token) and say what is wrong");
    public static final Option SILENT = Option.flag("-s, --silent", "no warnings and no progress; errors stay");
    public static final Option VERBOSE =
            Option.flag("-v, --verbose", "show requests and responses, without secrets and tokens");

    public static final Option.Section SECTION = Option.section(
            "Connection",
            INSECURE,
            CACERT,
            SERVER_CERT,
            CERT,
            KEY,
            PROXY,
            CONNECT_TIMEOUT,
            FIRST_BYTE_TIMEOUT,
            STALL_TIMEOUT,
            MAX_TIME,
            RETRY,
            SILENT,
            VERBOSE);

    private ServerOptions() {}

    /** A client for the servers. Warns of options that make the connection unsafe. */
    public static Http http(Options given, Io io) {
        boolean insecure = given.is(INSECURE);
        if (insecure) {
            io.messages().warning("--insecure: anyone on the network path can read the secret and the token");
        }
        Http.Limits limits = new Http.Limits(
                seconds(given, CONNECT_TIMEOUT),
                seconds(given, FIRST_BYTE_TIMEOUT),
                seconds(given, STALL_TIMEOUT),
                seconds(given, MAX_TIME),
                given.number(RETRY));
        String proxy = given.text(PROXY);
        if (given.isOnCommandLine(PROXY) && proxy.contains("@")) {
            io.messages()
                    .warning("--proxy: others can see its password in ps, and the shell's history keeps it; better"
                            + " https_proxy or ARC_PROXY");
        }
        return new Http(tls(given, io), Proxies.of(proxy, io), limits, io);
    }

    /**
     * All that decides which server is trusted and as whom it sees us: the values of the options that say so, and the
     * hashes of the files they name, since a certificate that replaced another under the same name may be somebody
     * else's.
     */
    public static List<String> trust(Options given) {
        List<String> trust = new ArrayList<>();
        for (Option option : SECTION.options()) {
            if (option.isTrust()) {
                for (String value : given.texts(option)) {
                    trust.add(option.key() + "=" + value + (option.isPath(value) ? hash(value) : ""));
                }
            }
        }
        return trust;
    }

    private static String hash(String file) {
        try {
            // Not a pipe, as in --cacert <(...): it can be read once only.
            Path path = Path.of(file);
            return Files.isRegularFile(path) ? " " + Sha256.hex(Files.readAllBytes(path)) : "";
        } catch (IOException | InvalidPathException unreadable) {
            // Reported where the file is used.
            return "";
        }
    }

    /** Whom the options trust, and who they say we are. */
    public static Tls tls(Options given, Io io) {
        List<Path> authorities = new ArrayList<>();
        for (String file : given.texts(CACERT)) {
            authorities.add(Path.of(file));
            if (Ownership.isWritableByOthers(Path.of(file))) {
                io.messages()
                        .warning("others can write to " + file + ", and so decide whom it trusts: chmod go-w " + file);
            }
        }
        ClientCertificate client = null;
        if (given.text(CERT) != null) {
            client = new ClientCertificate(given.file(CERT), given.file(KEY), new CertificatePassword(io));
        } else if (given.text(KEY) != null) {
            throw Problem.usage("--key without --cert", "name the certificate too: --cert FILE");
        }
        return new Tls(given.is(INSECURE), authorities, given.texts(SERVER_CERT), client, io.clock());
    }

    /** The password of our certificate's key, asked for only if the key is encrypted. */
    private record CertificatePassword(Io io) implements Supplier<Secret> {
        @Override
        public Secret get() {
            String password = io.env("ARC_CERT_PASSWORD");
            return password == null ? Prompt.ask("password of the certificate's key: ") : new Secret(password);
        }
    }

    private static Duration seconds(Options given, Option option) {
        return Duration.ofSeconds(given.number(option));
    }
}
