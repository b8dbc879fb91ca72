///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES ../lib/base/Cache.java ../lib/base/Destination.java ../lib/base/Exit.java ../lib/base/Io.java
//SOURCES ../lib/base/Printable.java ../lib/cli/Cli.java ../lib/cli/Option.java ../lib/cli/Options.java
//SOURCES ../lib/cli/ServerOptions.java ../lib/cli/Settings.java ../lib/cli/TokenOptions.java ../lib/cli/Tool.java
//SOURCES ../lib/http/Http.java ../lib/json/Json.java ../lib/oidc/TokenResponse.java

import module java.base;
import lib.base.Cache;
import lib.base.Destination;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Printable;
import lib.cli.Cli;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.ServerOptions;
import lib.cli.Settings;
import lib.cli.TokenOptions;
import lib.cli.Tool;
import lib.http.Http;
import lib.json.Json;
import lib.oidc.TokenResponse;

/** Requests an access token, and prints it in the form that the next command needs. */
public class gettoken extends Tool {
    static final Option FORMAT = Option.choice(
            "-f, --format",
            "F",
            List.of("json", "token", "header", "env"),
            "the server's response, the bare token, a header for curl -H @-, or an export line for the shell");
    static final Option SELECT = Option.choice(
            "--select",
            "MEMBER",
            List.of("access_token", "id_token", "refresh_token"),
            "which token the formats but json print");
    static final Option OUTPUT =
            Option.file("-o, --output", "FILE", "write to FILE, readable by you alone, instead of standard output");
    static final Option CLEAR_CACHE =
            Option.flag("--clear-cache", "empty the cache first; without a token server, do nothing else");

    gettoken() {
        super(
                "gettoken",
                "Request an access token from Keycloak or another OpenID provider.",
                null,
                List.of(
                        Settings.TOKEN,
                        Option.section("Output", FORMAT, SELECT, OUTPUT, CLEAR_CACHE),
                        ServerOptions.PROFILES,
                        ServerOptions.SECTION),
                """
                gettoken --keycloak https://docker-host:8843 --client-id curl --client-secret-file curl.secret
                RESULT=$(gettoken -p hospital)
                gettoken -p hospital | arcget -p hospital studies/count
                gettoken -p hospital -f header | curl -H @- https://docker-host:8443/dcm4chee-arc/ctrl/status
                eval "$(gettoken -p hospital -f env)"; arcget -p hospital studies/count
                gettoken -p hospital --grant password -u joe
                gettoken -p hospital --grant device_code
                """);
    }

    public static void main(String... arguments) {
        Cli.main(new gettoken(), arguments);
    }

    @Override
    protected int call(Options given, Io io) {
        if (given.is(CLEAR_CACHE)) {
            Cache.of(io, Cache.MAX_WAIT).clear();
            if (!TokenOptions.nameProvider(given)) {
                return Exit.DONE.code();
            }
        }
        try (Http http = ServerOptions.http(given, io);
                Destination destination = Destination.of(given.file(OUTPUT), io)) {
            TokenResponse response = TokenOptions.supply(given, http, io).get();
            byte[] text = (format(response, given, io) + "\n").getBytes(StandardCharsets.UTF_8);
            destination.write(text, 0, text.length);
            destination.commit();
            return Exit.DONE.code();
        }
    }

    private static String format(TokenResponse response, Options given, Io io) {
        String format = given.text(FORMAT);
        if (format.equals("json")) {
            boolean forPeople = io.outIsTerminal() && given.file(OUTPUT) == null;
            return forPeople ? Json.pretty(response.members(), io.isStyled(1)) : Json.compact(response.members());
        }
        String token = response.token(given.text(SELECT)).reveal();
        if (format.equals("header")
                && response.members().get("token_type") instanceof String type
                && !type.equalsIgnoreCase("Bearer")) {
            io.messages()
                    .warning("the token is of type " + Printable.cut(type, 50)
                            + ", and a server may refuse it as Bearer");
        }
        return switch (format) {
            case "header" -> "Authorization: Bearer " + token;
            case "env" -> "export ARC_TOKEN='" + token + "'";
            default -> token;
        };
    }
}
