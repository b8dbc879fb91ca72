///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Printable.java ../lib/base/Problem.java
//SOURCES ../lib/cli/Cli.java ../lib/cli/InputFile.java ../lib/cli/Option.java ../lib/cli/Options.java
//SOURCES ../lib/cli/Section.java ../lib/cli/ServerOptions.java ../lib/cli/Tool.java ../lib/json/Json.java
//SOURCES ../lib/jwt/ClaimPath.java ../lib/jwt/FoundToken.java ../lib/jwt/Jwt.java ../lib/jwt/Remark.java
//SOURCES ../lib/jwt/TokenText.java

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;
import lib.cli.Cli;
import lib.cli.InputFile;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.Section;
import lib.cli.ServerOptions;
import lib.cli.Tool;
import lib.json.Json;
import lib.jwt.ClaimPath;
import lib.jwt.FoundToken;
import lib.jwt.Jwt;
import lib.jwt.Remark;
import lib.jwt.TokenText;

/** Decodes the tokens in whatever comes through the pipe, and prints what they say. */
public class decodejwt extends Tool {
    static final Option HEADER = Option.flag("--header", "the header instead of the payload");
    static final Option ALL = Option.flag("--all", "header, payload and signature in one object");
    static final Option CLAIM = Option.text(
            "--claim", "PATH", "one value: realm_access.roles, or resource_access[\"my.client\"].roles for odd names");
    static final Option SELECT =
            Option.text("--select", "MEMBER", "member of a token response: access_token, id_token, refresh_token");

    decodejwt() {
        super(
                "decodejwt",
                "Look inside a token: bare, Bearer ..., or a token response, from standard input or FILE.",
                "[FILE]",
                List.of(
                        Section.of("Output", HEADER, ALL, CLAIM, SELECT),
                        Section.of("Messages", ServerOptions.SILENT, ServerOptions.VERBOSE)),
                """
                gettoken -p hospital | decodejwt
                gettoken -p hospital | decodejwt --claim realm_access.roles
                echo "$RESULT" | decodejwt --all
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new decodejwt(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        ClaimPath claim = given.text(CLAIM) == null ? null : ClaimPath.parse(given.text(CLAIM));
        InputFile input = InputFile.read(given.arguments(), io);
        Exit worst = Exit.DONE;
        for (FoundToken found : TokenText.find(input.bytes(), input.where(), given.text(SELECT))) {
            try {
                Jwt token = found.jwt();
                io.print(answer(token, claim, given, io) + "\n");
                for (Remark remark : token.remarks(io.clock().instant())) {
                    say(remark, io);
                }
            } catch (Problem problem) {
                io.messages().problem(problem.getMessage(), problem.hint());
                worst = problem.exit();
            }
        }
        return worst.code();
    }

    private static String answer(Jwt token, ClaimPath claim, Options given, Io io) {
        if (claim != null) {
            return value(claim, claim.in(token.payload()), io);
        }
        if (given.is(ALL)) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("header", token.header());
            all.put("payload", token.payload());
            all.put("signature", token.signature());
            return json(all, io);
        }
        return json(given.is(HEADER) ? token.header() : token.payload(), io);
    }

    private static String value(ClaimPath claim, Object value, Io io) {
        if (value == ClaimPath.ABSENT) {
            throw new Problem(
                    Exit.BAD_TOKEN, "there is no " + claim.text() + " in the token", "see all of it without --claim");
        }
        List<Object> array = Json.asArray(value);
        if (array == null) {
            return element(value, io);
        }
        StringBuilder lines = new StringBuilder();
        for (Object element : array) {
            lines.append(lines.isEmpty() ? "" : "\n").append(element(element, io));
        }
        return lines.toString();
    }

    private static String element(Object value, Io io) {
        if (value instanceof String text) {
            return io.outIsTerminal() ? Printable.line(text) : text;
        }
        return Json.compact(value);
    }

    private static String json(Object value, Io io) {
        return io.outIsTerminal() ? Json.pretty(value) : Json.compact(value);
    }

    private static void say(Remark remark, Io io) {
        if (remark.weight() == Remark.Weight.NOTE) {
            io.messages().note(remark.text());
        } else {
            io.messages().warning(remark.text());
        }
    }
}
