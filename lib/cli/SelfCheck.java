//SOURCES ../arc/Archive.java ../arc/Probe.java ../arc/Session.java ../arc/TokenSource.java ../base/Exit.java
//SOURCES ../base/Io.java ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../http/Response.java ../json/Json.java ../jwt/ArchiveRules.java ../jwt/Claims.java ../jwt/Jwt.java
//SOURCES ../oidc/Provider.java ArchiveOptions.java DownloadOptions.java Option.java Options.java RequestOptions.java
//SOURCES ServerOptions.java Settings.java TokenOptions.java

package lib.cli;

import module java.base;
import java.security.cert.X509Certificate;
import lib.arc.Archive;
import lib.arc.Probe;
import lib.arc.Session;
import lib.arc.TokenSource;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;
import lib.jwt.ArchiveRules;
import lib.jwt.Claims;
import lib.jwt.Jwt;
import lib.oidc.Provider;

/** Checks all that a request to the archive needs, in order, and says what was found. */
public final class SelfCheck {
    private static final String WHAT_FOR = "it looks at what every request needs";
    private static final List<Option> UNUSED = List.of(
            DownloadOptions.DOWNLOAD,
            ArchiveOptions.QUERY,
            ArchiveOptions.LIMIT,
            ArchiveOptions.OFFSET,
            ArchiveOptions.FORMAT,
            ArchiveOptions.COLUMNS,
            ArchiveOptions.OUTPUT,
            ArchiveOptions.FAIL_EMPTY,
            RequestOptions.HEAD,
            RequestOptions.INCLUDE);

    private static final int MAX_ROLES = 8;
    private static final int MAX = 200;

    // A token takes a moment to arrive.
    private static final long CLOCK_TOLERANCE = 5;

    private final Options given;
    private final List<Option> options;
    private final Io io;
    private Exit first = Exit.DONE;
    private Archive archive;
    private Http http;
    private Session session;
    private Problem noToken;

    /** A check of what any request with the options {@code given}, which are of {@code options}, needs. */
    public SelfCheck(Options given, List<Option> options, Io io) {
        this.given = given;
        this.options = options;
        this.io = io;
    }

    /** Writes a line for each step, and returns the exit code of the first one that failed. */
    public Exit run() {
        if (!given.arguments().isEmpty()) {
            throw Problem.usage("--check takes no path", WHAT_FOR);
        }
        given.exclude(ServerOptions.CHECK, UNUSED, WHAT_FOR);
        boolean isSet = look("settings", null, this::settings);
        String unset = isSet ? null : "the settings come first";
        boolean isReady = token(unset);
        boolean isThere = look("archive", unset, () -> archive(isReady));
        String obstacle =
                !isSet ? unset : !isThere ? "the archive comes first" : isReady ? null : "the token comes first";
        boolean isRoot = isThere && archive.aet() == null;
        String untitled = obstacle == null && isRoot ? "--rs names the root itself" : obstacle;
        boolean isTitled = look("AE title", untitled, this::title) || isRoot;
        look("count", obstacle == null && !isTitled ? "the AE title comes first" : obstacle, this::count);
        if (isSet) {
            http.close();
        }
        return first;
    }

    /**
     * Says what {@code step} finds, or why that is no good; or {@code obstacle}, if there is one, and does not look.
     * Returns whether it was looked at and is good.
     */
    private boolean look(String what, String obstacle, Supplier<String> step) {
        if (obstacle != null) {
            line("skipped", "", what, obstacle);
            return false;
        }
        String found;
        try {
            found = step.get();
        } catch (Problem problem) {
            first = first == Exit.DONE ? problem.exit() : first;
            line("FAILED", "\033[31m", what, problem.getMessage());
            if (problem.hint() != null) {
                io.print("        hint: " + Printable.line(problem.hint()) + "\n");
            }
            return false;
        }
        line("ok", "\033[32m", what, found);
        return true;
    }

    private void line(String state, String colour, String what, String text) {
        io.print((io.isStyled(1) ? colour + state + "\033[m" : state)
                + " ".repeat(8 - state.length())
                + what
                + " ".repeat(9 - what.length())
                + Printable.line(text)
                + "\n");
        // Seen at once, while the next step may take its time.
        io.flush();
    }

    /** The profile, and which variables count; never their values, since some are secret. */
    private String settings() {
        given.check(options);
        archive = ArchiveOptions.archive(given);
        http = ServerOptions.http(given, io);
        session = withoutToken();
        try {
            session = RequestOptions.session(given, archive, http, io);
        } catch (Problem problem) {
            if (problem.exit() != Exit.BAD_TOKEN) {
                throw problem;
            }
            noToken = problem;
        }
        TreeSet<String> variables = new TreeSet<>(io.environment().keySet());
        variables.removeIf(name -> !name.startsWith("ARC_") || io.env(name) == null);
        Path profile = given.profile().file();
        return (profile == null ? "no profile" : "profile " + profile)
                + (variables.isEmpty() ? "" : "; set: " + String.join(", ", variables));
    }

    /** Looks at Keycloak and the token unless {@code unset} says why not; returns whether a request can be made. */
    private boolean token(String unset) {
        Option provider = unset == null ? given.strongest(TokenOptions.PROVIDERS) : null;
        String name = provider == null || provider == Settings.KEYCLOAK ? "keycloak" : "provider";
        if (unset == null && given.is(RequestOptions.NO_AUTH)) {
            look(name, "no token is wanted (--no-auth)", null);
            look("token", "none is sent (--no-auth)", null);
            return true;
        }
        String unasked = unset != null || session.tokens().isOwn()
                ? unset
                : noToken == null ? "the token is given" : "it is not asked for a token";
        boolean isAnswered = look(name, unasked, () -> provider(provider));
        return look("token", isAnswered || unasked != null ? unset : name + " comes first", this::described);
    }

    private String provider(Option which) {
        return address(given.url(which)) + (which == Settings.KEYCLOAK ? ", realm " + given.text(Settings.REALM) : "");
    }

    /** The address, to which there is a connection, and until when its certificate is valid. */
    private String address(URI url) {
        X509Certificate certificate = http.certificate(url);
        if (certificate == null) {
            return url.toString();
        }
        Instant end = certificate.getNotAfter().toInstant();
        return url + ", certificate until " + end.toString().substring(0, 10) + " ("
                + Claims.relative(end, io.clock().instant()) + ")"
                + (given.is(ServerOptions.INSECURE) ? ", not checked" : "");
    }

    /** The token's client, roles and life, and whether the clocks agree. */
    private String described() {
        if (noToken != null) {
            throw noToken;
        }
        Secret token = session.tokens().current();
        if (!token.reveal().startsWith("eyJ")) {
            return "not a JWT: only the server can tell what it is worth";
        }
        Jwt jwt = Jwt.decode(token);
        Instant now = io.clock().instant();
        if (archive.isDcm4chee()) {
            for (ArchiveRules.Violation violation : ArchiveRules.violations(jwt, now, null)) {
                // Which role it wants, the archive knows better.
                if (!violation.isAboutRoles()) {
                    throw Problem.badToken("the archive would refuse it: " + violation.what(), violation.cure());
                }
            }
        }
        Claims claims = jwt.claims();
        String client = claims.text("azp") == null ? claims.text("client_id") : claims.text("azp");
        List<String> roles = new ArrayList<>(claims.realmRoles());
        roles.removeIf(Provider::isEverybodysRole);
        Claims.Time end = claims.time("exp");
        boolean isLiving = end != null && end.at() != null && end.at().isAfter(now);
        return (client == null ? "unknown client" : "client " + Printable.cut(client, MAX))
                + (roles.isEmpty() ? ", no roles of its own" : roles.size() == 1 ? ", role " : ", roles ")
                + Printable.list(roles, MAX_ROLES, MAX)
                + ", "
                + (isLiving
                        ? Claims.span(Duration.between(now, end.at()).toSeconds()) + " left"
                        : Claims.expiry(end, now))
                + clock(claims.time("iat"), now);
    }

    /** How far this machine's clock is from the one of who issued a token at {@code issued}. */
    private String clock(Claims.Time issued, Instant now) {
        Instant arrival = session.tokens().arrival();
        boolean isKnown = issued != null && issued.at() != null;
        long ahead = isKnown
                ? Duration.between(issued.at(), arrival == null ? now : arrival).toSeconds()
                : 0;
        // A given token may have been on its way for long.
        return Math.abs(ahead) <= CLOCK_TOLERANCE || ahead > 0 && arrival == null
                ? ""
                : ", this clock is " + Claims.span(ahead) + (ahead > 0 ? " ahead" : " behind");
    }

    private String archive(boolean isReady) {
        String address = address(archive.url());
        if (archive.aet() == null) {
            return address;
        }
        try (Session.Reply reply = (isReady ? session : withoutToken())
                .ask("GET", URI.create(archive.url() + "/ctrl/status"), null, null)) {
            if (!isReady && reply.response().status() == 401) {
                return address + ", wants a token";
            }
            Object status = Json.object(reply.success().text()).get("status");
            if (!"STARTED".equals(status)) {
                throw Problem.serverFailed(
                        Http.authority(archive.url())
                                + (status instanceof String said
                                        ? " is not started: its status is " + Printable.cut(said, MAX)
                                        : " does not answer /ctrl/status as an archive does"),
                        "is --url the archive's address? if so, see its server.log");
            }
            return address + ", started";
        }
    }

    private Session withoutToken() {
        return new Session(archive, http, TokenSource.none(), null, List.of(), io.clock());
    }

    private String title() {
        List<String> titles = new Probe(archive, http, null)
                .aeTitles("/aets", session.tokens().current());
        if (!titles.contains(archive.aet())) {
            // The archive's refusal tells which one may be meant.
            count();
        }
        return archive.aet();
    }

    private String count() {
        boolean isCounted = archive.isDcm4chee();
        URI resource = archive.resolve(isCounted ? "studies/count" : "studies?limit=1", List.of());
        Response response = session.get(resource, null);
        String text = response.text();
        Object count = isCounted ? Json.object(text).get("count") : null;
        if (count instanceof Json.Number) {
            return count + (count.toString().equals("1") ? " study" : " studies");
        }
        if (isCounted || response.status() != 204 && !text.stripLeading().startsWith("[")) {
            throw Problem.serverFailed(
                    Http.authority(archive.url()) + " does not answer a search with JSON",
                    "is --url or --rs right? arcget -f raw shows what it answers");
        }
        return text.length() < 3 ? "no studies" : "studies can be searched";
    }
}
