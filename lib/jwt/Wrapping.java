//SOURCES ../base/Problem.java FoundToken.java LooseMembers.java NoToken.java Remark.java TokenResponse.java
//SOURCES TokenText.java

package lib.jwt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.base.Problem;

/**
 * The rarer things around a token: quotes, line breaks, headers, forms, several tokens at once, text before and after.
 * Nothing of this is loaded for a bare token or a token response.
 */
final class Wrapping {
    private static final String QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb";
    private static final String ENDINGS = QUOTES + ",;";
    private static final String LINE_ENDS = "\r\n";
    private static final String BLANKS = " \t\f" + LINE_ENDS;
    private static final String PUNCTUATION = "<>()[]{},;:&?#|=\\";
    private static final int MOST_SCHEMES = 2;
    private static final int MOST_HEADER_BLOCKS = 10;

    private Wrapping() {}

    /**
     * The tokens in {@code input}.
     *
     * @param jsonFault what is wrong with the JSON that the text begins like, or null
     */
    static List<FoundToken> find(String input, String select, String jsonFault) {
        String text = visible(input).trim();
        if (text.isEmpty()) {
            throw NoToken.text(text);
        }
        NoToken.refusePlaceholder(text);
        if (text.startsWith("HTTP/")) {
            int body = indexOfBody(text);
            if (body < text.length()) {
                List<FoundToken> found = TokenText.inText(text.substring(body), select);
                if (found.size() == 1) {
                    doubt(found.get(0), text.substring(0, body), Map.of());
                }
                return found;
            }
        }
        if (text.charAt(0) == '<') {
            throw NoToken.markup(text);
        }
        List<FoundToken> several = lines(text, select);
        if (several != null) {
            return several;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> duplicates = new ArrayList<>();
        LooseMembers.quoted(text, select, members, duplicates);
        if (members.isEmpty() && jsonFault != null) {
            throw TokenText.bad("this is broken JSON, not a token: " + jsonFault, "the answer was cut off, or edited");
        }
        int header = members.isEmpty() ? indexOfHeader(text, 0) : -1;
        if (header >= 0) {
            FoundToken found = single(headerValue(text, header), null, new ArrayList<>());
            if (indexOfHeader(text, header) >= 0) {
                found.remarks().add(Remark.ambiguous("there is a second authorization header; this is the first"));
            }
            doubt(found, text, members);
            return List.of(found);
        }
        if (members.isEmpty()) {
            LooseMembers.form(text, select, members, duplicates);
        }
        if (!members.isEmpty()) {
            FoundToken found = TokenResponse.pick(members, duplicates, select);
            doubt(found, text, members);
            return List.of(found);
        }
        FoundToken single = lone(text, null, new ArrayList<>());
        List<FoundToken> found = single == null ? embedded(text) : List.of(single);
        if (found.isEmpty()) {
            throw NoToken.text(bare(text));
        }
        return found;
    }

    /** The one token that {@code text} is but for quotes, scheme and line breaks; a {@link Problem} if it is none. */
    static FoundToken single(String text, String member, List<Remark> remarks) {
        String visible = visible(text).trim();
        FoundToken found = visible.isEmpty() ? null : lone(visible, member, remarks);
        if (found == null) {
            throw NoToken.text(visible);
        }
        return found;
    }

    private static FoundToken lone(String text, String member, List<Remark> remarks) {
        String bare = bare(text);
        if (bare.isEmpty()) {
            return null;
        }
        if (bare.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw NoToken.basic();
        }
        NoToken.refusePlaceholder(bare);
        String word = bare.indexOf('%') < 0 ? bare : LooseMembers.percentDecoded(bare);
        if (TokenText.isWord(word)) {
            return TokenText.token(word, member, remarks);
        }
        List<String> words = split(word, BLANKS);
        String joined = String.join("", words);
        if (words.size() > 1 && isWrapped(words, joined)) {
            remarks.add(Remark.note("joined " + words.size() + " lines to one token"));
            return TokenText.token(joined, member, remarks);
        }
        if (words.size() == 1 && TokenText.startsLikeJwt(word)) {
            throw NoToken.text(word);
        }
        return null;
    }

    /** Whether {@code words} are the lines of one token rather than a token among words. */
    private static boolean isWrapped(List<String> words, String joined) {
        if (!TokenText.isWhole(joined)) {
            return false;
        }
        int width = words.get(0).length();
        boolean even = true;
        boolean severalStarts = false;
        for (int i = 1; i < words.size(); i++) {
            int length = words.get(i).length();
            even &= length == width || length < width && i == words.size() - 1;
            severalStarts |= TokenText.startsLikeJwt(words.get(i));
        }
        // Five segments with two beginnings are two tokens; a whole token before uneven words has text after it.
        return !(TokenText.dots(joined) == 4 && severalStarts) && (even || !TokenText.isWhole(words.get(0)));
    }

    /** What each line, or each word, is, where at least two of them are whole by themselves; null otherwise. */
    private static List<FoundToken> lines(String text, String select) {
        List<String> parts = split(text, LINE_ENDS);
        if (!hasWholes(parts, 2)) {
            parts = split(text, BLANKS);
            if (parts.size() < 2 || !hasWholes(parts, parts.size())) {
                return null;
            }
        }
        List<FoundToken> found = new ArrayList<>();
        int junk = 0;
        for (String part : parts) {
            int before = found.size();
            try {
                if (!part.isBlank()) {
                    found.addAll(TokenText.inText(part.trim(), select));
                }
            } catch (Problem problem) {
                found.add(FoundToken.none(problem));
            }
            for (int i = before; i < found.size(); i++) {
                junk = NoToken.counted(found.get(i), junk);
            }
        }
        return found;
    }

    /**
     * Whether {@code beginning}, but for its last line, which may be cut, is several lines that are whole by
     * themselves.
     */
    static boolean areLinesOfTokens(byte[] beginning) {
        List<String> parts = split(new String(beginning, StandardCharsets.ISO_8859_1), LINE_ENDS);
        return parts.size() > 2 && hasWholes(parts.subList(0, parts.size() - 1), parts.size() - 1);
    }

    /** Whether at least {@code enough} of {@code parts} are a token, or a JSON object with one, by themselves. */
    private static boolean hasWholes(List<String> parts, int enough) {
        int wholes = 0;
        for (int i = 0; i < parts.size() && wholes < enough; i++) {
            String bare = bare(parts.get(i));
            boolean isObject = bare.startsWith("{") && bare.endsWith("}");
            if (isObject && bare.contains("token\"") || TokenText.isWhole(bare)) {
                wholes++;
            }
        }
        return wholes == enough;
    }

    /** The whole tokens that stand somewhere in {@code text}. */
    private static List<FoundToken> embedded(String text) {
        List<FoundToken> found = new ArrayList<>();
        for (String word : split(text, BLANKS + QUOTES + PUNCTUATION)) {
            if (TokenText.isWhole(word)) {
                List<Remark> remarks = new ArrayList<>();
                remarks.add(Remark.ambiguous("left out the text around the token"));
                found.add(TokenText.token(word, null, remarks));
            }
        }
        return found;
    }

    /**
     * Remarks that programs may take another token than {@code found} out of {@code text}, if one stands there.
     *
     * @param members what else of a token response stands there, and is no doubt
     */
    private static void doubt(FoundToken found, String text, Map<String, Object> members) {
        if (found.compact() == null) {
            return;
        }
        String token = found.compact().reveal();
        String plain = text.indexOf('%') < 0 ? text : LooseMembers.percentDecoded(text);
        // A token that was wrapped or escaped does not stand there as it is: its pieces are not other ones.
        boolean isWhole = plain.contains(token);
        int start = 0;
        for (int i = 0; i <= plain.length(); i++) {
            if (i == plain.length() || !isTokenCharacter(plain.charAt(i))) {
                String word = i - start > 3 ? plain.substring(start, i) : "";
                if (TokenText.startsLikeJwt(word)
                        && (isWhole ? !word.equals(token) : !token.contains(word))
                        && !isMember(word, members)) {
                    found.remarks().add(Remark.ambiguous("another token stands in the text around it"));
                    return;
                }
                start = i + 1;
            }
        }
    }

    private static boolean isTokenCharacter(char c) {
        return c != '/' && c != '+' && c != '=' && c != '~' && TokenText.isWordCharacter(c);
    }

    private static boolean isMember(String word, Map<String, Object> members) {
        for (String name : TokenResponse.TOKENS) {
            if (members.get(name) instanceof String value && value.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** {@code text} without quotes, commas and semicolons around it, and without the scheme. */
    private static String bare(String text) {
        String last = null;
        String bare = text.trim();
        // Nobody writes more schemes and quotes than that, and each costs a copy of the text.
        for (int round = 0; round <= MOST_SCHEMES && !bare.equals(last); round++) {
            last = bare;
            int start = 0;
            int end = bare.length();
            while (start < end && QUOTES.indexOf(bare.charAt(start)) >= 0) {
                start++;
            }
            while (end > start && ENDINGS.indexOf(bare.charAt(end - 1)) >= 0) {
                end--;
            }
            bare = bare.substring(start, end).trim();
            bare = round < MOST_SCHEMES ? TokenText.withoutScheme(bare) : bare;
        }
        return bare;
    }

    /** {@code text} without what nobody sees: zero-width characters go, no-break spaces become blanks. */
    private static String visible(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) < 0xa0) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length()).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == 0xa0 || c == 0x2007 || c == 0x202f) {
                visible.append(' ');
            } else if (c != 0xad && !(c >= 0x200b && c <= 0x200f) && c != 0x2060 && c != 0xfeff) {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    /**
     * Where the body begins after the header blocks of HTTP responses, as {@code curl -i} shows them; the length of
     * {@code text} if there is none.
     */
    private static int indexOfBody(String text) {
        int at = 0;
        for (int blocks = 0; text.startsWith("HTTP/", at); blocks++) {
            int lf = text.indexOf("\n\n", at);
            int crlf = text.indexOf("\n\r\n", at);
            at = lf < 0 || crlf >= 0 && crlf < lf ? crlf : lf;
            if (at < 0 || blocks == MOST_HEADER_BLOCKS) {
                return text.length();
            }
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
        }
        return at;
    }

    /** Where the value of the next Authorization header begins, or -1; a proxy's is another one. */
    private static int indexOfHeader(String text, int from) {
        String name = "authorization:";
        int at = NoToken.indexOf(text, name, from);
        while (at > 0 && text.charAt(at - 1) == '-') {
            at = NoToken.indexOf(text, name, at + 1);
        }
        return at < 0 ? -1 : at + name.length();
    }

    /** The value that begins at {@code start}, up to the end of the line or a quote that a shell ends it with. */
    private static String headerValue(String text, int start) {
        String value = text.substring(start).trim();
        for (int i = 1; i < value.length(); i++) {
            if ("\r\n\"'".indexOf(value.charAt(i)) >= 0) {
                return value.substring(0, i);
            }
        }
        return value;
    }

    private static List<String> split(String text, String separators) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || separators.indexOf(text.charAt(i)) >= 0) {
                if (i > start) {
                    words.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return words;
    }
}
