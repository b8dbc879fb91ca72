//SOURCES ../base/Problem.java ../json/Json.java FoundToken.java Jwt.java NotAToken.java TokenScan.java

package lib.jwt;

import module java.base;
import lib.base.Problem;
import lib.json.Json;

/**
 * Finds the tokens in the input of a tool: a bare token, {@code Bearer ...} or JSON here; {@link TokenScan}, which is
 * loaded only if needed, handles all other text.
 */
public final class TokenText {
    /** The largest input: ten thousand token responses of Keycloak's. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int MAX_JUNK = 20;

    private TokenText() {}

    /** All bytes of {@code in}; a {@link Problem} as soon as there are more than {@link #MAX_BYTES}. */
    public static byte[] read(InputStream in) {
        try {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length <= MAX_BYTES) {
                return bytes;
            }
        } catch (IOException e) {
            throw Problem.failed("the token could not be read: " + e.getMessage(), null);
        }
        throw Problem.badToken("the input is larger than 16 MiB", "pass the token alone, or fewer tokens at once");
    }

    /**
     * The tokens in {@code input}, in order.
     *
     * <p>An opaque token is found too; {@link FoundToken#jwt} refuses it. Among several, what is not a token has its
     * problem.
     *
     * @param input what {@link #read} gave
     * @param where where it came from, such as {@code on stdin}
     * @param select the member of a token response; {@code access_token} includes the archive's {@code token}; null for
     *     the first of {@link Members#TOKENS} that is there
     */
    public static List<FoundToken> find(byte[] input, String where, String select) {
        String raw = text(input);
        String text = raw.indexOf(TokenScan.ESCAPE) < 0 ? raw.trim() : TokenScan.visible(raw);
        if (text.isEmpty()) {
            throw Problem.badToken(
                    "no token " + where, "see what the command before it said, or request a token with gettoken");
        }
        List<FoundToken> found = tokens(text, select);
        if (found.size() == 1 && found.getFirst().problem() != null) {
            throw found.getFirst().problem();
        }
        return found;
    }

    /** The tokens in {@code text}, which is trimmed and not empty. */
    static List<FoundToken> tokens(String text, String select) {
        char first = text.charAt(0);
        if (first == '{' || first == '[') {
            try {
                return Members.inJson(text, select);
            } catch (Json.Malformed e) {
                return TokenScan.find(text, select, e.getMessage());
            }
        }
        String word = withoutScheme(text);
        return FoundToken.isWord(word)
                ? List.of(FoundToken.of(word, new ArrayList<>()))
                : TokenScan.find(text, select, null);
    }

    /** {@code text} without {@code Bearer} or {@code DPoP} and the blanks after it. */
    static String withoutScheme(String text) {
        int end = text.regionMatches(true, 0, "Bearer", 0, 6) ? 6 : text.regionMatches(true, 0, "DPoP", 0, 4) ? 4 : -1;
        return end > 0 && end < text.length() && text.charAt(end) <= ' '
                ? text.substring(end).trim()
                : text;
    }

    /** Adds to {@code found}; a {@link Problem} if too many of them are not tokens to report each. */
    static void add(List<FoundToken> found, FoundToken next) {
        found.add(next);
        if (isJunk(next) && found.stream().filter(TokenText::isJunk).count() > MAX_JUNK) {
            throw Problem.badToken(
                    "more than " + MAX_JUNK + " of these are not tokens", "pass nothing but tokens, one a line");
        }
    }

    private static boolean isJunk(FoundToken token) {
        return token.problem() != null || !FoundToken.isWhole(token.compact().reveal());
    }

    /** The tokens in JSON: in a token response (RFC 6749, section 5.1), the archive's {@code token}, or an array. */
    static final class Members {
        /** The members that can hold a token, in the order of preference. */
        static final List<String> TOKENS = List.of("access_token", "token", "id_token", "refresh_token");

        private Members() {}

        private static List<FoundToken> inJson(String text, String select) throws Json.Malformed {
            Json.Document document = Json.read(text);
            List<Object> array = Json.asArray(document.value());
            if (array == null) {
                return List.of(pick(Json.asObject(document.value()), document.duplicates(), select));
            }
            if (array.isEmpty()) {
                throw Problem.badToken("this JSON array is empty", "the command before it printed no token");
            }
            List<FoundToken> found = new ArrayList<>();
            for (Object element : array) {
                add(found, inElement(element, document.duplicates(), select));
            }
            return found;
        }

        private static FoundToken inElement(Object element, List<String> duplicates, String select) {
            try {
                Map<String, Object> object = Json.asObject(element);
                return object == null ? value("element", element, new ArrayList<>()) : pick(object, duplicates, select);
            } catch (Problem problem) {
                return FoundToken.none(problem);
            }
        }

        /** The token among {@code members}; {@code duplicates} are the names that occur more than once. */
        static FoundToken pick(Map<String, Object> members, List<String> duplicates, String select) {
            String name = chosen(members, select);
            if (name == null) {
                throw NotAToken.object(members, select == null ? "access_token" : select);
            }
            List<Jwt.Finding> findings = new ArrayList<>();
            for (String duplicate : duplicates) {
                findings.add(Jwt.Finding.ambiguous("duplicate member " + duplicate + ": the last one is taken"));
            }
            Object access = members.get("access_token");
            Object other = members.get("token");
            if (TOKENS.indexOf(name) < 2 && access != null && other != null && !access.equals(other)) {
                findings.add(Jwt.Finding.ambiguous("access_token and token differ: the " + name + " is taken"));
            }
            if (select == null && TOKENS.indexOf(name) > 1) {
                findings.add(Jwt.Finding.note("there is no access_token; this is the " + name));
            }
            return value(name, members.get(name), findings);
        }

        private static String chosen(Map<String, Object> members, String select) {
            List<String> names =
                    select == null ? TOKENS : select.equals("access_token") ? TOKENS.subList(0, 2) : List.of(select);
            for (String name : names) {
                if (members.containsKey(name)) {
                    return name;
                }
            }
            return null;
        }

        private static FoundToken value(String name, Object value, List<Jwt.Finding> findings) {
            if (!(value instanceof String text)) {
                throw Problem.badToken(
                        "the " + name + " is " + Json.kind(value) + ", not a token", "the server issued no token");
            }
            String word = text.trim();
            if (word.isEmpty()) {
                throw Problem.badToken("the " + name + " is empty", "the server issued no token");
            }
            return FoundToken.isWord(word) ? FoundToken.of(word, findings) : TokenScan.value(word, findings);
        }
    }

    /**
     * The text in {@code bytes}: UTF-8, or UTF-16 as PowerShell's {@code >} writes it; never the platform's charset.
     */
    private static String text(byte[] bytes) {
        if (begins(bytes, 0x1f, 0x8b)) {
            throw Problem.badToken(
                    "this is gzip data, not a token", "ask the server for plain text, as with curl --compressed");
        }
        String text = begins(bytes, 0xef, 0xbb, 0xbf)
                ? strict("the input", "text", bytes, 3, StandardCharsets.UTF_8)
                : begins(bytes, 0xff, 0xfe)
                        ? strict("the input", "UTF-16", bytes, 2, StandardCharsets.UTF_16LE)
                        : begins(bytes, 0xfe, 0xff)
                                ? strict("the input", "UTF-16", bytes, 2, StandardCharsets.UTF_16BE)
                                : strict("the input", "text", bytes, 0, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            throw Problem.badToken("this is binary data, not a token", "pass the token as text");
        }
        return text;
    }

    /** The text in the UTF-8 {@code bytes}; a {@link Problem} that calls them {@code what} if they are not UTF-8. */
    static String utf8(String what, byte[] bytes) {
        return strict(what, "UTF-8", bytes, 0, StandardCharsets.UTF_8);
    }

    private static String strict(String what, String form, byte[] bytes, int from, Charset charset) {
        String text = new String(bytes, from, bytes.length - from, charset);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        // Valid bytes may contain the replacement character itself.
        ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
        try {
            return charset.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw Problem.badToken(
                    what + " is not valid " + form + " at byte " + in.position(), "it is damaged, or binary data");
        }
    }

    private static boolean begins(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i == bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
