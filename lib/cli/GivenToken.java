//SOURCES ../arc/TokenSource.java ../base/Io.java ../base/Problem.java ../http/Http.java ../jwt/FoundToken.java
//SOURCES ../jwt/TokenText.java InputFile.java Option.java Options.java TokenOptions.java

package lib.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.arc.TokenSource;
import lib.base.Io;
import lib.base.Problem;
import lib.http.Http;
import lib.jwt.FoundToken;
import lib.jwt.TokenText;

/** The options that hand the archive's token over, and where it comes from: the first source that has one. */
public final class GivenToken {
    public static final Option NO_AUTH = Option.flag("--no-auth", "send no token");
    public static final Option TOKEN_FILE =
            Option.file("--token-file", "FILE", "take the token from FILE, in any form that decodejwt reads");
    public static final Option NO_STDIN = Option.flag("--no-stdin", "leave standard input alone");

    public static final Option.Section SECTION = Option.section("Given token", NO_AUTH, TOKEN_FILE, NO_STDIN);

    private GivenToken() {}

    /** Where the token comes from; {@link Problem} if there is none. Nothing is sent for it yet. */
    public static TokenSource source(Options given, Http http, Io io) {
        if (given.is(NO_AUTH)) {
            return TokenSource.none();
        }
        if (given.text(TOKEN_FILE) != null) {
            return only(InputFile.read(List.of(given.text(TOKEN_FILE)), io));
        }
        if (!given.is(NO_STDIN) && !TokenOptions.takeStdin(given) && !io.inIsTerminal()) {
            InputFile stdin = InputFile.stdin(io);
            if (!stdin.isBlank()) {
                return only(stdin);
            }
        }
        if (io.env("ARC_TOKEN") != null) {
            return only(new InputFile(io.env("ARC_TOKEN").getBytes(StandardCharsets.UTF_8), "in ARC_TOKEN"));
        }
        if (TokenOptions.nameProvider(given)) {
            return TokenSource.own(TokenOptions.supply(given, http, io), io.clock());
        }
        throw Problem.badToken("no token on stdin", "gettoken | arcget ..., or set ARC_TOKEN, or give --keycloak");
    }

    private static TokenSource only(InputFile input) {
        List<FoundToken> found = TokenText.find(input.bytes(), input.where(), "access_token");
        if (found.size() > 1) {
            throw Problem.badToken(
                    found.size() + " tokens " + input.where(),
                    "pass the one to send; where standard input is none, as in a loop over lines: --no-stdin");
        }
        return TokenSource.given(found.getFirst().compact());
    }
}
