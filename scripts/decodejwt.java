///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Destination.java ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Problem.java
//SOURCES ../lib/cli/Cli.java ../lib/cli/InputFile.java ../lib/cli/Inspection.java ../lib/cli/Option.java
//SOURCES ../lib/cli/Options.java ../lib/cli/ServerOptions.java ../lib/cli/Tool.java ../lib/cli/VerifyOptions.java
//SOURCES ../lib/jwt/ClaimPath.java ../lib/jwt/FoundToken.java ../lib/jwt/TokenText.java ../lib/jwt/View.java

import module java.base;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.cli.Cli;
import lib.cli.InputFile;
import lib.cli.Inspection;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.ServerOptions;
import lib.cli.Tool;
import lib.cli.VerifyOptions;
import lib.jwt.ClaimPath;
import lib.jwt.FoundToken;
import lib.jwt.TokenText;
import lib.jwt.View;

/** Decodes the tokens in its input, prints what they say, and checks them. */
public class decodejwt extends Tool {
    static final Option HEADER = Option.flag("--header", "the header instead of the payload");
    static final Option ALL = Option.flag("--all", "header, payload and signature in one object");
    static final Option CLAIM = Option.text(
            "--claim", "PATH", "one value: realm_access.roles, or resource_access[\"my.client\"].roles for odd names");
    static final Option SELECT =
            Option.text("--select", "MEMBER", "member of a token response: access_token, id_token, refresh_token");
    static final Option DATES = Option.flag("--dates", "exp, iat, nbf and auth_time as ISO 8601 instead of numbers");
    static final Option INFO =
            Option.flag("--info", "say on standard error what it is, and what would make the archive refuse it");
    static final Option NO_INFO = Option.flag("--no-info", "do not, which is the default in a pipe and with --claim");

    decodejwt() {
        super(
                "decodejwt",
                "Look inside a token, and check it: bare, Bearer ..., or a token response, on standard input or FILE.",
                "[FILE]",
                List.of(
                        Option.section("Output", HEADER, ALL, CLAIM, SELECT, DATES, INFO, NO_INFO),
                        VerifyOptions.SIGNATURE,
                        VerifyOptions.CHECKS,
                        ServerOptions.PROFILES,
                        ServerOptions.SECTION),
                """
                gettoken -p hospital | decodejwt
                gettoken -p hospital | decodejwt --claim realm_access.roles
                echo "$RESULT" | decodejwt --all --dates
                gettoken -p hospital | decodejwt --verify --issuer https://docker-host:8843/realms/dcm4che \\
                    --require-role auth --pass-through | arcget -p hospital studies/count
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new decodejwt(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        Inspection inspection =
                new Inspection(given, view(given, io), isInformative(given, io), VerifyOptions.checks(given, io), io);
        InputFile input = InputFile.read(given.arguments(), io);
        List<FoundToken> found = TokenText.find(input.bytes(), input.where(), given.text(SELECT));
        if (found.size() > 1 && VerifyOptions.isReliedOn(given)) {
            throw Problem.badToken(found.size() + " tokens " + input.where(), "pass the right one alone");
        }
        Exit worst = inspection.all(found);
        if (worst == Exit.DONE && given.is(VerifyOptions.VERIFY)) {
            warnIfWithoutExpiry(found.getFirst(), io);
        }
        if (worst == Exit.DONE && given.is(VerifyOptions.PASS_THROUGH)) {
            // On a terminal the token alone: escape sequences around it would be obeyed.
            boolean asItCame = given.text(SELECT) == null && !io.outIsTerminal();
            pass(asItCame ? input.bytes() : line(found.getFirst()), io);
        }
        return worst.code();
    }

    private static View view(Options given, Io io) {
        Option part = given.strongest(List.of(HEADER, ALL, CLAIM));
        return new View(
                part == HEADER ? View.Part.HEADER : part == ALL ? View.Part.ALL : View.Part.PAYLOAD,
                part == CLAIM ? ClaimPath.parse(given.text(CLAIM)) : null,
                given.is(DATES),
                io.outIsTerminal(),
                io.isStyled(1));
    }

    private static boolean isInformative(Options given, Io io) {
        Option which = given.strongest(List.of(INFO, NO_INFO));
        return which == INFO || which == null && io.outIsTerminal() && given.text(CLAIM) == null;
    }

    private static void warnIfWithoutExpiry(FoundToken found, Io io) {
        if (found.jwt().claims().time("exp") == null) {
            io.messages().warning("the token never expires: it has no exp");
        }
    }

    private static byte[] line(FoundToken token) {
        return (token.compact().reveal() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void pass(byte[] bytes, Io io) {
        try (Destination out = Destination.of(null, io)) {
            out.write(bytes, 0, bytes.length);
            out.commit();
        }
    }
}
