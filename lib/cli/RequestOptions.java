//SOURCES ../arc/Archive.java ../arc/Replies.java ../arc/Session.java ../arc/TokenSource.java ../base/Io.java
//SOURCES ../base/Problem.java ../http/Http.java ../http/Redacted.java ../http/Response.java ../jwt/FoundToken.java
//SOURCES ../jwt/TokenText.java InputFile.java Option.java Options.java ServerOptions.java Settings.java
//SOURCES TokenOptions.java

package lib.cli;

import module java.base;
import lib.arc.Archive;
import lib.arc.Replies;
import lib.arc.Session;
import lib.arc.TokenSource;
import lib.base.Io;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Response;
import lib.jwt.FoundToken;
import lib.jwt.TokenText;

/** The options that shape a request to the archive, and those that hand its token over. */
public final class RequestOptions {
    public static final Option HEADER = Option.text(
                    "-H, --header", "'NAME: VALUE'", "header field to send, instead of ours; 'NAME:' sends none")
            .repeatable();
    public static final Option ACCEPT = Option.text("--accept", "TYPE", "media type to ask for");
    public static final Option JOBS = Option.number(
                    "-j, --jobs", "N", "answers to fetch at once, at most 64; they are written in the order given")
            .defaultsTo("4");
    public static final Option HEAD = Option.flag("-I, --head", "write the header of the answer alone (HEAD)");
    public static final Option INCLUDE = Option.flag("-i, --include", "write the header of the answer before it");

    public static final Option.Section SECTION =
            Option.section("Request", HEADER, ACCEPT, JOBS, HEAD, INCLUDE, ServerOptions.CHECK);

    public static final Option NO_AUTH = Option.flag("--no-auth", "send no token");
    public static final Option TOKEN_FILE =
            Option.file("--token-file", "FILE", "take the token from FILE, in any form that decodejwt reads");
    public static final Option NO_STDIN = Option.flag("--no-stdin", "leave standard input alone");

    public static final Option.Section TOKEN_SECTION = Option.section("Given token", NO_AUTH, TOKEN_FILE, NO_STDIN);

    // Fields of the connection and of the message's framing, which the client sets itself.
    private static final List<String> RESERVED =
            List.of(("connection content-length expect host http2-settings keep-alive te trailer transfer-encoding"
                            + " upgrade")
                    .split(" "));

    private static final String LOOP = "; if standard input is not the token, as in a loop over lines: --no-stdin";

    private static final int MAX_JOBS = 64;

    private RequestOptions() {}

    /** The session in which {@code archive} is asked; {@link Problem} where there is no token. Nothing is sent yet. */
    public static Session session(Options given, Archive archive, Http http, Io io) {
        List<Response.Field> headers = headers(given, io);
        TokenSource tokens = tokens(given, archive, http, io);
        return new Session(archive, http, tokens, TokenOptions.keys(given), headers, io.clock());
    }

    /** The replies to requests for {@code resources}, made as the options say. */
    public static Replies replies(Options given, Session session, List<URI> resources) {
        return new Replies(session, given.is(HEAD) ? "HEAD" : "GET", resources, accept(given), jobs(given));
    }

    /** The media type to ask for: {@code --accept}, else the header Accept; null for none. */
    public static String accept(Options given) {
        if (given.text(ACCEPT) != null) {
            return given.text(ACCEPT);
        }
        String accept = null;
        for (String header : given.texts(HEADER)) {
            Response.Field field = field(header);
            accept = isAccept(field) ? field.value() : accept;
        }
        return accept;
    }

    /** How many requests may be under way at once. */
    static int jobs(Options given) {
        int jobs = given.number(JOBS);
        if (jobs == 0) {
            throw Problem.usage("--jobs 0 fetches nothing", "1 fetches one after the other");
        }
        if (jobs > MAX_JOBS) {
            throw Problem.usage("--jobs " + jobs + " is too many for any archive", "at most " + MAX_JOBS);
        }
        return jobs;
    }

    /**
     * The header fields in the order given, without an Accept that has a value; {@link Problem} for one that is
     * malformed, reserved, or in the token's place. With {@code --no-auth} Authorization is allowed: a server other
     * than dcm4chee may want Basic.
     */
    private static List<Response.Field> headers(Options given, Io io) {
        if (!given.isOnCommandLine(HEADER)) {
            return List.of();
        }
        List<Response.Field> headers = new ArrayList<>();
        for (String header : given.texts(HEADER)) {
            Response.Field field = field(header);
            if (RESERVED.contains(field.name().toLowerCase(Locale.ROOT))) {
                throw Problem.usage("the header " + field.name() + " cannot be set", "it follows from the connection");
            }
            if (field.name().equalsIgnoreCase("authorization") && !given.is(NO_AUTH)) {
                throw Problem.usage(
                        "a token does not belong in --header, where others can see it in ps",
                        "pipe it in, or set ARC_TOKEN; anything but a token: with --no-auth");
            }
            if (Redacted.isSecret(field)) {
                io.messages().warning("--header " + field.name() + ": others can see its value in ps");
            }
            if (!isAccept(field)) {
                headers.add(field);
            }
        }
        return headers;
    }

    private static boolean isAccept(Response.Field field) {
        return field.name().equalsIgnoreCase("accept") && !field.value().isEmpty();
    }

    private static Response.Field field(String header) {
        int colon = header.indexOf(':');
        boolean isName = colon > 0;
        for (int i = 0; i < colon; i++) {
            char c = header.charAt(i);
            isName &= c > ' ' && c < 0x7f && "\"(),/;<=>?@[\\]{}".indexOf(c) < 0;
        }
        if (!isName) {
            // Not repeated here: it may be a secret.
            throw Problem.usage("that --header is not 'Name: value'", "for example -H 'Accept-Language: de'");
        }
        return new Response.Field(
                header.substring(0, colon), header.substring(colon + 1).strip());
    }

    /** Where the token comes from; {@link Problem} if there is none. Nothing is sent for it yet. */
    private static TokenSource tokens(Options given, Archive archive, Http http, Io io) {
        TokenOptions.requireGrantOfUser(given);
        if (given.is(NO_AUTH)) {
            return TokenSource.none();
        }
        if (given.text(TOKEN_FILE) != null) {
            return TokenSource.given(
                    only(InputFile.read(List.of(given.text(TOKEN_FILE)), io)).compact());
        }
        boolean isEmptyPipe = false;
        if (!given.is(NO_STDIN) && TokenOptions.secretsOnStdin(given) == 0 && !io.inIsTerminal()) {
            InputFile stdin = InputFile.stdin(io, "--no-stdin or </dev/null does without");
            if (!stdin.isBlank()) {
                return piped(stdin, archive);
            }
            isEmptyPipe = io.streams().isPipe(0);
        }
        if (io.env("ARC_TOKEN") != null) {
            byte[] text = io.env("ARC_TOKEN").getBytes(StandardCharsets.UTF_8);
            FoundToken token = only(new InputFile(text, "in ARC_TOKEN"));
            if (isEmptyPipe) {
                String client = token.isJwt() ? token.jwt().claims().text("azp") : null;
                warnOfEmptyPipe("the token in ARC_TOKEN" + (client == null ? "" : ", of client " + client + ","), io);
            }
            return TokenSource.given(token.compact());
        }
        if (TokenOptions.nameProvider(given)) {
            if (isEmptyPipe) {
                warnOfEmptyPipe("a token of client " + given.text(Settings.CLIENT_ID), io);
            }
            return TokenSource.own(TokenOptions.supply(given, http, io), io.clock());
        }
        throw Problem.badToken(
                "no token on stdin", given.orProfile("gettoken | arcget ..., or set ARC_TOKEN, or give --keycloak"));
    }

    // Otherwise a request could be made as somebody else when the command before the pipe has failed.
    private static void warnOfEmptyPipe(String token, Io io) {
        io.messages()
                .warning("nothing came through the pipe: " + token + " is sent instead (--no-stdin if that is meant)");
    }

    private static TokenSource piped(InputFile stdin, Archive archive) {
        try {
            FoundToken token = only(stdin);
            if (archive.aet() == null || token.isJwt()) {
                return TokenSource.given(token.compact());
            }
            // Not shown: it may be a secret.
            throw Problem.badToken(
                    "what is on stdin is not a JWT, and the archive takes nothing else",
                    "a gateway's own token goes by --token-file /dev/stdin");
        } catch (Problem problem) {
            boolean isAnswer = "{[<".indexOf(stdin.bytes()[0]) >= 0;
            throw isAnswer ? problem : new Problem(problem.exit(), problem.getMessage(), problem.hint() + LOOP);
        }
    }

    private static FoundToken only(InputFile input) {
        List<FoundToken> found = TokenText.find(input.bytes(), input.where(), "access_token");
        if (found.size() > 1) {
            throw Problem.badToken(found.size() + " tokens " + input.where(), "pass only the one to send");
        }
        return found.getFirst();
    }
}
