//SOURCES ../base/Exit.java ../base/Io.java ../base/Problem.java ../base/Secret.java ../http/Http.java
//SOURCES ../jwt/FoundToken.java ../jwt/TokenText.java InputFile.java Option.java Options.java Section.java
//SOURCES TokenOptions.java

package lib.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.jwt.FoundToken;
import lib.jwt.TokenText;

/** Where the token for the archive comes from: the first source that has one. */
public final class TokenSource {
    public static final Option NO_AUTH = Option.flag("--no-auth", "send no token");
    public static final Option TOKEN_FILE =
            Option.text("--token-file", "FILE", "take the token from FILE, in any form that decodejwt reads");
    public static final Option NO_STDIN = Option.flag("--no-stdin", "leave standard input alone");

    public static final Section SECTION = Section.of("Given token", NO_AUTH, TOKEN_FILE, NO_STDIN);

    private TokenSource() {}

    /** The token to send, or null with {@code --no-auth}; {@link Problem} if there is none. */
    public static Secret token(Options given, Http http, Io io) {
        if (given.is(NO_AUTH)) {
            return null;
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
            return TokenOptions.token(given, http, io).accessToken();
        }
        throw new Problem(
                Exit.BAD_TOKEN, "no token on stdin", "gettoken | arcget ..., or set ARC_TOKEN, or give --keycloak");
    }

    private static Secret only(InputFile input) {
        List<FoundToken> found = TokenText.find(input.bytes(), input.where(), "access_token");
        if (found.size() > 1) {
            throw new Problem(Exit.BAD_TOKEN, found.size() + " tokens " + input.where(), "pass the one to send");
        }
        return found.getFirst().compact();
    }
}
