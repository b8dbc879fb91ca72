//SOURCES ../base/Exit.java ../base/Io.java ../base/Problem.java ../http/Http.java ../http/Tls.java
//SOURCES Option.java Options.java Section.java

package lib.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lib.base.Io;
import lib.http.Http;
import lib.http.Tls;

/** The options of every tool that talks to a server, and the client that they describe. */
public final class ServerOptions {
    public static final Option PROFILE =
            Option.text("-p, --profile", "NAME", "settings from NAME.conf in ~/.config/arc-scripts");
    public static final Option INSECURE =
            Option.flag("-k, --insecure", "trust any certificate and host name").setting();
    public static final Option CACERT = Option.text("--cacert", "FILE", "trust these PEM certificates too")
            .setting()
            .repeatable();
    public static final Option SERVER_CERT = Option.text(
                    "--server-cert",
                    "FILE|sha256:HEX",
                    "trust exactly this server certificate, whatever its issuer, host name and dates")
            .setting()
            .repeatable();
    public static final Option CONNECT_TIMEOUT = Option.number(
                    "--connect-timeout", "SEC", "give up when there is no connection after so long")
            .setting()
            .defaultsTo("10");
    public static final Option FIRST_BYTE_TIMEOUT = Option.number(
                    "--first-byte-timeout", "SEC", "give up when the answer has not begun after so long")
            .setting()
            .defaultsTo("300");
    public static final Option STALL_TIMEOUT = Option.number(
                    "--stall-timeout", "SEC", "give up when an answer that has begun stands still for so long")
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
    public static final Option SILENT = Option.flag("-s, --silent", "no warnings and no progress; errors stay");
    public static final Option VERBOSE =
            Option.flag("-v, --verbose", "show requests and responses, without secrets and tokens");

    public static final Section SECTION = Section.of(
            "Connection",
            PROFILE,
            INSECURE,
            CACERT,
            SERVER_CERT,
            CONNECT_TIMEOUT,
            FIRST_BYTE_TIMEOUT,
            STALL_TIMEOUT,
            MAX_TIME,
            RETRY,
            SILENT,
            VERBOSE);

    private ServerOptions() {}

    /** A client for the servers; it warns about what makes the connection unsafe. */
    public static Http http(Options given, Io io) {
        boolean insecure = given.is(INSECURE);
        if (insecure) {
            io.messages().warning("--insecure: anybody on the way can read the secret and the token");
        }
        List<Path> authorities = new ArrayList<>();
        for (String file : given.texts(CACERT)) {
            authorities.add(Path.of(file));
        }
        Http.Limits limits = new Http.Limits(
                seconds(given, CONNECT_TIMEOUT),
                seconds(given, FIRST_BYTE_TIMEOUT),
                seconds(given, STALL_TIMEOUT),
                seconds(given, MAX_TIME),
                given.number(RETRY));
        return new Http(new Tls(insecure, authorities, given.texts(SERVER_CERT), io.clock()), limits, io);
    }

    private static Duration seconds(Options given, Option option) {
        return Duration.ofSeconds(given.number(option));
    }
}
