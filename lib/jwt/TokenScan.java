//SOURCES ../base/Problem.java ../json/Json.java ../json/MalformedJson.java FoundToken.java Jwt.java NotAToken.java
//SOURCES TokenText.java

package lib.jwt;

import module java.base;
import lib.base.Problem;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * Finds the tokens in text that is neither a bare token nor JSON: what terminals, clipboards and shells put around a
 * token. The text is normalised once and then read by this grammar, the first rule that matches:
 *
 * <pre>
 * text   = headers of HTTP responses, then a body that is read like an input of its own
 *        | lines (or words) of which two (or all) are a token or a JSON object: each an input of its own
 *        | any text with labels: the best kind of label counts, and among its names the best one
 *        | value
 *        | any text with whole tokens in it
 * label  = "name" : "value"          a member, as in JSON or Python
 *        | Authorization: value      a header
 *        | name=value                a field of a form, URL or file of settings
 * value  = token, within any scheme (Bearer), quotes, commas and semicolons, or behind any NAME=
 * token  = a b64token, or one that was broken into lines
 * </pre>
 */
final class TokenScan {
    private static final String QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb";
    private static final String AFTER_VALUE = QUOTES + ",;";
    // What %20 is decoded to: it separates words like a blank, but does not end a field.
    static final char ESCAPE = '\u001b';
    private static final char ENCODED_BLANK = '\u00a0';
    private static final String BLANKS = " \t\f\n" + ENCODED_BLANK;
    private static final String SEPARATORS = BLANKS + QUOTES + "<>()[]{},;:&?#|\\";
    private static final String FIELD_ENDS = " \t\f\n&#\"'<>;,";
    private static final String HEADER = "authorization";
    private static final List<String> BEFORE_NAME = List.of("", "export ", "declare -x ", "set ", "-e ", "--env ");
    // Each layer costs a copy of the text.
    private static final int MAX_LAYERS = 3;

    private TokenScan() {}

    /**
     * The tokens in {@code input}.
     *
     * @param select see {@link TokenText#find}
     * @param jsonFault what is wrong with the JSON that the text looks like, or null
     */
    static List<FoundToken> find(String input, String select, String jsonFault) {
        String visible = visible(input);
        NotAToken.refusePlaceholder(visible);
        int body = indexOfBody(visible);
        if (body > 0 && body < visible.length()) {
            List<FoundToken> found = TokenText.tokens(visible.substring(body), select);
            if (found.size() == 1) {
                addDoubt(found.getFirst(), visible.substring(0, body), List.of());
            }
            return found;
        }
        if (visible.startsWith("<")) {
            throw NotAToken.markup(visible);
        }
        List<FoundToken> several = several(visible, select);
        if (several != null) {
            return several;
        }
        String text = percentDecoded(visible);
        List<Label> labels = labels(text, select);
        if (!labels.isEmpty()) {
            FoundToken found = labelled(labels, select);
            addDoubt(found, text, labels);
            return List.of(found);
        }
        if (jsonFault != null) {
            throw Problem.badToken(
                    "this is broken JSON, not a token: " + jsonFault, "the response was cut off, or edited");
        }
        FoundToken value = valueOrNull(text, new ArrayList<>());
        return value == null ? embedded(text) : List.of(value);
    }

    /** The token that {@code text} is, within quotes, scheme and line breaks; a {@link Problem} if it is not one. */
    static FoundToken value(String text, List<Jwt.Finding> findings) {
        String plain = percentDecoded(visible(text));
        FoundToken found = valueOrNull(plain, findings);
        if (found == null) {
            throw NotAToken.text(plain);
        }
        return found;
    }

    // --- normalising

    /**
     * {@code text} trimmed, with LF as line end, without zero-width characters and a terminal's colours, no-break
     * spaces as blanks.
     */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ESCAPE && charAt(text, i + 1) == '[') {
                // A control sequence (ECMA-48, section 5.4), such as the colours of jq -C.
                i += 2;
                while (charAt(text, i) >= ' ' && charAt(text, i) <= '?') {
                    i++;
                }
            } else if (c == 0xa0 || c == 0x2007 || c == 0x202f) {
                visible.append(' ');
            } else if (c == '\r') {
                visible.append(text.startsWith("\n", i + 1) ? "" : "\n");
            } else if (c != 0xad && !(c >= 0x200b && c <= 0x200f) && c != 0x2060 && c != 0xfeff) {
                visible.append(c);
            }
        }
        return visible.toString().trim();
    }

    /** {@code text} with percent codes decoded; unchanged if it has percent signs of another meaning. */
    private static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        String codes = text.replace("+", "%2B").replace("%20", String.valueOf(ENCODED_BLANK));
        try {
            return URLDecoder.decode(codes, StandardCharsets.UTF_8).trim();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Where the body begins after the header blocks of HTTP responses, as {@code curl -i} prints them. */
    private static int indexOfBody(String text) {
        int at = 0;
        while (text.startsWith("HTTP/", at)) {
            int end = text.indexOf("\n\n", at);
            at = end < 0 ? text.length() : end;
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
        }
        return at;
    }

    // --- several

    /** The tokens of each line, or of each word, if enough of them are whole; otherwise null. */
    private static List<FoundToken> several(String text, String select) {
        List<String> parts = split(text, "\n");
        if (!hasWhole(parts, 2)) {
            parts = split(text, BLANKS);
            if (parts.size() < 2 || !hasWhole(parts, parts.size())) {
                return null;
            }
        }
        List<FoundToken> all = new ArrayList<>();
        for (String part : parts) {
            if (!part.isBlank()) {
                for (FoundToken found : inPart(part.trim(), select)) {
                    TokenText.add(all, found);
                }
            }
        }
        return all;
    }

    private static List<FoundToken> inPart(String part, String select) {
        try {
            return TokenText.tokens(part, select);
        } catch (Problem problem) {
            return List.of(FoundToken.none(problem));
        }
    }

    /** Whether at least {@code enough} of {@code parts} are a whole token, or a JSON object with one. */
    private static boolean hasWhole(List<String> parts, int enough) {
        int whole = 0;
        for (int i = 0; i < parts.size() && whole < enough; i++) {
            String bare = bare(parts.get(i));
            boolean isObject = bare.startsWith("{") && bare.endsWith("}");
            if (isObject && bare.contains("token\"") || FoundToken.isWhole(bare)) {
                whole++;
            }
        }
        return whole == enough;
    }

    // --- labels

    /** A name and its value in a text, from {@code start} to {@code end}. */
    private record Label(Kind kind, String name, String value, int start, int end) {
        /** The kinds, the one that counts first. */
        enum Kind {
            MEMBER,
            HEADER,
            FIELD
        }
    }

    /** The labels of the best kind that occurs in {@code text}; those of one name in their order. */
    private static List<Label> labels(String text, String select) {
        List<String> names = new ArrayList<>(TokenText.Members.TOKENS);
        if (select != null && !names.contains(select)) {
            names.add(select);
        }
        names.addAll(List.of("error", "error_description", HEADER));
        List<Label> labels = new ArrayList<>();
        for (String name : names) {
            int next;
            for (int at = indexOf(text, name, 0); at >= 0; at = indexOf(text, name, next)) {
                Label label = label(text, name, at);
                next = label == null ? at + name.length() : label.end();
                if (label != null) {
                    addBest(labels, label);
                }
            }
        }
        return labels;
    }

    private static int indexOf(String text, String name, int from) {
        return name.equals(HEADER) ? NotAToken.indexOf(text, name, from) : text.indexOf(name, from);
    }

    private static void addBest(List<Label> labels, Label label) {
        if (!labels.isEmpty() && label.kind().compareTo(labels.getFirst().kind()) < 0) {
            labels.clear();
        }
        if (labels.isEmpty() || label.kind() == labels.getFirst().kind()) {
            labels.add(label);
        }
    }

    /** The label whose {@code name} is at {@code at}, or null if it is not one. */
    private static Label label(String text, String name, int at) {
        char before = charAt(text, at - 1);
        int after = at + name.length();
        boolean isQuoted = isQuote(before) && charAt(text, after) == before;
        int sign = skip(text, isQuoted ? after + 1 : after, BLANKS);
        boolean isColon = charAt(text, sign) == ':';
        if (isNameCharacter(before) || !isColon && charAt(text, sign) != '=') {
            return null;
        }
        if (name.equals(HEADER)) {
            return isColon ? label(Label.Kind.HEADER, name, text, skip(text, sign + 1, " \t"), "\n\"'") : null;
        }
        if (isQuoted && isColon) {
            int start = skip(text, sign + 1, BLANKS);
            return isQuote(charAt(text, start)) ? label(Label.Kind.MEMBER, name, text, start, "") : null;
        }
        return isQuoted || isColon
                ? null
                : label(Label.Kind.FIELD, name, text, skip(text, sign + 1, " \t"), FIELD_ENDS);
    }

    /** A label whose value is the string at {@code start}, or what is there up to one of {@code ends}. */
    private static Label label(Label.Kind kind, String name, String text, int start, String ends) {
        char quote = charAt(text, start);
        int from = isQuote(quote) ? start + 1 : start;
        int end = from;
        while (end < text.length() && (from > start ? text.charAt(end) != quote : !isIn(ends, text.charAt(end)))) {
            end += kind == Label.Kind.MEMBER && text.charAt(end) == '\\' ? 2 : 1;
        }
        if (kind != Label.Kind.MEMBER) {
            String value = text.substring(from, end).replace(ENCODED_BLANK, ' ');
            return value.isEmpty() ? null : new Label(kind, name, value, start, end);
        }
        try {
            if (end < text.length()) {
                // A terminal may have broken the string into lines.
                String value = text.substring(from, end).replace('\n', ' ');
                String unescaped = quote == '"' ? (String) Json.parse('"' + value + '"') : value;
                return new Label(kind, name, unescaped, start, end);
            }
        } catch (MalformedJson e) {
            // Reported below.
        }
        throw Problem.badToken(
                "the " + name + " has no end: the text was cut off in the middle of it", "copy the whole response");
    }

    private static FoundToken labelled(List<Label> labels, String select) {
        if (labels.getFirst().kind() == Label.Kind.HEADER) {
            FoundToken found = value(labels.getFirst().value(), new ArrayList<>());
            if (labels.size() > 1) {
                found.findings()
                        .add(Jwt.Finding.ambiguous("there is a second authorization header; this is the first"));
            }
            return found;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> duplicates = new ArrayList<>();
        for (Label label : labels) {
            if (members.put(label.name(), label.value()) != null && !duplicates.contains(label.name())) {
                duplicates.add(label.name());
            }
        }
        return TokenText.Members.pick(members, duplicates, select);
    }

    /** Adds a finding if programs may take another token than {@code found}: one that is not in {@code labels}. */
    private static void addDoubt(FoundToken found, String text, List<Label> labels) {
        char[] rest = text.toCharArray();
        for (Label label : labels) {
            Arrays.fill(rest, label.start(), label.end(), ' ');
        }
        for (String word : words(new String(rest))) {
            if (found.compact() != null && !word.equals(found.compact().reveal())) {
                found.findings().add(Jwt.Finding.ambiguous("another token stands in the text around it"));
                return;
            }
        }
    }

    // --- values

    /** As {@link #value}, but null if {@code text} is neither a token nor a placeholder for one. */
    private static FoundToken valueOrNull(String text, List<Jwt.Finding> findings) {
        String bare = withoutName(bare(text));
        if (bare.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw NotAToken.basic();
        }
        NotAToken.refusePlaceholder(bare);
        List<String> words = split(bare, BLANKS);
        String joined = String.join("", words);
        if (words.size() > 1 && isBroken(words, joined)) {
            findings.add(Jwt.Finding.note("joined " + words.size() + " lines to one token"));
            return FoundToken.of(joined, findings);
        }
        if (words.size() != 1) {
            return null;
        }
        if (!FoundToken.isWord(bare) && FoundToken.startsLikeJwt(bare, 0)) {
            throw NotAToken.text(bare);
        }
        return FoundToken.isWord(bare) ? FoundToken.of(bare, findings) : null;
    }

    /** Whether {@code words} are the lines of one token rather than a token among words. */
    private static boolean isBroken(List<String> words, String joined) {
        // Five segments in several words are one token or two, of which the second has a start of its own.
        for (int i = 1; i < words.size() && FoundToken.dots(joined) == 4; i++) {
            if (FoundToken.startsLikeJwt(words.get(i), 0)) {
                return false;
            }
        }
        int width = words.getFirst().length();
        boolean isEven = joined.length() > width * (words.size() - 1) && joined.length() <= width * words.size();
        // A whole token before uneven words has text after it.
        return FoundToken.isWhole(joined) && (isEven || !FoundToken.isWhole(words.getFirst()));
    }

    /** {@code text} without schemes, and without quotes, commas and semicolons around it. */
    private static String bare(String text) {
        String bare = text.replace(ENCODED_BLANK, ' ').trim();
        for (int layer = 0; layer < MAX_LAYERS; layer++) {
            bare = TokenText.withoutScheme(bare);
            int start = skip(bare, 0, QUOTES);
            int end = bare.length();
            while (end > start && isIn(AFTER_VALUE, bare.charAt(end - 1))) {
                end--;
            }
            bare = bare.substring(start, end).trim();
        }
        return bare;
    }

    /** The token in {@code text} that is {@code NAME=token}, as shells and .env files have it; else {@code text}. */
    private static String withoutName(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals).trim();
        int blank = name.lastIndexOf(' ');
        int end = skip(name, blank + 1, "$:");
        while (end < name.length() && (isNameCharacter(name.charAt(end)) || name.charAt(end) == ':')) {
            end++;
        }
        boolean isName = end > blank + 1 && end == name.length();
        String value =
                isName && BEFORE_NAME.contains(name.substring(0, blank + 1)) ? bare(text.substring(equals + 1)) : "";
        return FoundToken.startsLikeJwt(value, 0) ? value : text;
    }

    /** The whole tokens that stand anywhere in {@code text}; a {@link Problem} if there are none. */
    private static List<FoundToken> embedded(String text) {
        List<FoundToken> found = new ArrayList<>();
        for (String word : words(text)) {
            if (FoundToken.isWhole(word)) {
                List<Jwt.Finding> findings = new ArrayList<>();
                findings.add(Jwt.Finding.ambiguous("left out the text around the token"));
                found.add(FoundToken.of(word, findings));
            }
        }
        if (found.isEmpty()) {
            throw NotAToken.text(bare(text));
        }
        return found;
    }

    // --- words

    /** The words of {@code text} that begin like a JWT, up to the next separator. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            boolean isToken = FoundToken.startsLikeJwt(text, at);
            while (at < text.length()
                    && (isToken ? !isIn(SEPARATORS, text.charAt(at)) : isNameCharacter(text.charAt(at)))) {
                at++;
            }
            if (isToken) {
                words.add(text.substring(start, at));
            } else if (at == start) {
                at++;
            }
        }
        return words;
    }

    private static List<String> split(String text, String separators) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isIn(separators, text.charAt(i))) {
                if (i > start) {
                    words.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return words;
    }

    private static int skip(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && isIn(characters, text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static char charAt(String text, int at) {
        return at >= 0 && at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isIn(String characters, char c) {
        return characters.indexOf(c) >= 0;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.';
    }
}
