//SOURCES ../base/Problem.java ../json/Json.java FoundToken.java Jwt.java NotAToken.java TokenText.java

package lib.jwt;

import module java.base;
import lib.base.Problem;
import lib.json.Json;

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
    static final char ESCAPE = '\u001b';

    private static final String QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb";
    private static final String AFTER_VALUE = QUOTES + ",;";
    // What %20 is decoded to: it separates words like a blank, but does not end a field.
    private static final char ENCODED_BLANK = '\u00a0';
    private static final String BLANK = "[ \t\f\n" + ENCODED_BLANK + "]";
    private static final String NAME = "[\\w.-]";
    // Each layer costs a copy of the text.
    private static final int MAX_LAYERS = 3;

    // The first is a control sequence (ECMA-48, section 5.4), such as the colours of jq -C.
    private static final Pattern INVISIBLE = Pattern.compile("\\e\\[[ -?]*+(?s:.)?|[\u00ad\u200b-\u200f\u2060\ufeff]");
    private static final Pattern NO_BREAK_SPACE = Pattern.compile("[\u00a0\u2007\u202f]");
    private static final Pattern LINE_END = Pattern.compile("\r\n?");
    private static final Pattern BLANKS = Pattern.compile(BLANK + "++");
    // As curl -i prints it.
    private static final Pattern HTTP_HEADERS = Pattern.compile("HTTP/(?s:.)*?(?:\n\n|\\z)\\s*+");
    // As shells and .env files have it.
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?:(?:export|declare -x|set|-e|--env) )?[$:]*[\\w.:-]++\\s*+=((?s:.)*+)");
    private static final Pattern LIKE_JWT =
            Pattern.compile("(?<!" + NAME + ")(?:" + String.join("|", FoundToken.BEGINNINGS) + ")[^\\s" + ENCODED_BLANK
                    + QUOTES + "<>()\\[\\]{},;:&?#|\\\\]*+");

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
        for (Label.Kind kind : Label.Kind.values()) {
            List<Label> labels = labels(kind, text, select);
            if (!labels.isEmpty()) {
                FoundToken found = kind == Label.Kind.HEADER ? ofHeaders(labels) : ofMembers(labels, select);
                addDoubt(found, text, labels);
                return List.of(found);
            }
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
        String visible = INVISIBLE.matcher(text).replaceAll("");
        String plain = NO_BREAK_SPACE.matcher(visible).replaceAll(" ");
        return LINE_END.matcher(plain).replaceAll("\n").trim();
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

    /** Where the body begins after the header blocks of HTTP responses. */
    private static int indexOfBody(String text) {
        Matcher headers = HTTP_HEADERS.matcher(text);
        while (headers.lookingAt()) {
            headers.region(headers.end(), text.length());
        }
        return headers.regionStart();
    }

    // --- several

    /** The tokens of each line, or of each word, if enough of them are whole; otherwise null. */
    private static List<FoundToken> several(String text, String select) {
        List<String> parts = List.of(text.split("\n"));
        if (parts.stream().filter(TokenScan::isWhole).limit(2).count() < 2) {
            parts = List.of(BLANKS.split(text));
            if (parts.size() < 2 || !parts.stream().allMatch(TokenScan::isWhole)) {
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

    /** Whether {@code part} is a whole token, or a JSON object with one. */
    private static boolean isWhole(String part) {
        String bare = bare(part);
        boolean isObject = bare.startsWith("{") && bare.endsWith("}");
        return isObject && bare.contains("token\"") || FoundToken.isWhole(bare);
    }

    // --- labels

    /** A name and its value in a text, from {@code start} to {@code end}. */
    private record Label(String name, String value, int start, int end) {
        /** The kinds, the one that counts first. */
        enum Kind {
            MEMBER("([\"'])(?<name>NAMES)\\1" + BLANK + "*+:" + BLANK + "*+(?=[\"'])", ""),
            HEADER(
                    "(?<!" + NAME + ")(?<name>(?i:authorization))(?:(?<=[\"'].{13})[\"'])?" + BLANK + "*+:[ \t]*+",
                    "\n\"'"),
            FIELD("(?<!" + NAME + ")(?<name>NAMES)" + BLANK + "*+=[ \t]*+", " \t\f\n&#\"'<>;,");

            private final String begin;
            private final String ends;

            /**
             * @param begin the pattern of what is before the value
             * @param ends the characters that end a value without quotes
             */
            Kind(String begin, String ends) {
                this.begin = begin;
                this.ends = ends;
            }
        }
    }

    /** The labels of this kind in {@code text}, in their order. */
    private static List<Label> labels(Label.Kind kind, String text, String select) {
        String names = String.join("|", TokenText.Members.TOKENS) + "|error|error_description"
                + (select == null ? "" : "|" + Pattern.quote(select));
        Matcher begin = Pattern.compile(kind.begin.replace("NAMES", names)).matcher(text);
        List<Label> labels = new ArrayList<>();
        int at = 0;
        while (begin.find(at)) {
            Label label = label(kind, begin.group("name"), text, begin.end());
            if (kind == Label.Kind.MEMBER || !label.value().isEmpty()) {
                labels.add(label);
            }
            at = label.end();
        }
        return labels;
    }

    /** The label whose value, with or without quotes, is at {@code start}. */
    private static Label label(Label.Kind kind, String name, String text, int start) {
        boolean isQuoted = text.startsWith("\"", start) || text.startsWith("'", start);
        String ends = isQuoted ? text.substring(start, start + 1) : kind.ends;
        int from = isQuoted ? start + 1 : start;
        int end = from;
        while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
            end += kind == Label.Kind.MEMBER && text.charAt(end) == '\\' ? 2 : 1;
        }
        if (kind != Label.Kind.MEMBER) {
            return new Label(name, text.substring(from, end).replace(ENCODED_BLANK, ' '), start, end);
        }
        try {
            if (end < text.length()) {
                // A terminal may have broken the string into lines.
                String value = text.substring(from, end).replace('\n', ' ');
                return new Label(name, ends.equals("'") ? value : (String) Json.parse('"' + value + '"'), start, end);
            }
        } catch (Json.Malformed e) {
            // Reported below.
        }
        throw Problem.badToken(
                "the " + name + " has no end: the text was cut off in the middle of it", "copy the whole response");
    }

    private static FoundToken ofHeaders(List<Label> labels) {
        FoundToken found = value(labels.getFirst().value(), new ArrayList<>());
        if (labels.size() > 1) {
            found.findings().add(Jwt.Finding.ambiguous("there is a second authorization header; this is the first"));
        }
        return found;
    }

    private static FoundToken ofMembers(List<Label> labels, String select) {
        Map<String, Object> members = new LinkedHashMap<>();
        Set<String> duplicates = new LinkedHashSet<>();
        for (Label label : labels) {
            if (members.put(label.name(), label.value()) != null) {
                duplicates.add(label.name());
            }
        }
        return TokenText.Members.pick(members, List.copyOf(duplicates), select);
    }

    /** Adds a finding if programs may take another token than {@code found}: one that is not in {@code labels}. */
    private static void addDoubt(FoundToken found, String text, List<Label> labels) {
        char[] rest = text.toCharArray();
        for (Label label : labels) {
            Arrays.fill(rest, label.start(), label.end(), ' ');
        }
        boolean isOther = found.compact() != null
                && LIKE_JWT.matcher(new String(rest))
                        .results()
                        .anyMatch(other -> !other.group().equals(found.compact().reveal()));
        if (isOther) {
            found.findings().add(Jwt.Finding.ambiguous("another token stands in the text around it"));
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
        List<String> words = List.of(BLANKS.split(bare));
        String joined = String.join("", words);
        if (words.size() > 1 && isBroken(words, joined)) {
            findings.add(Jwt.Finding.note("joined " + words.size() + " lines to one token"));
            return FoundToken.of(joined, findings);
        }
        if (words.size() != 1) {
            return null;
        }
        if (!FoundToken.isWord(bare) && FoundToken.startsLikeJwt(bare)) {
            throw NotAToken.text(bare);
        }
        return FoundToken.isWord(bare) ? FoundToken.of(bare, findings) : null;
    }

    /** Whether {@code words} are the lines of one token rather than a token among words. */
    private static boolean isBroken(List<String> words, String joined) {
        // Five segments in several words are one token or two, of which the second has a start of its own.
        for (int i = 1; i < words.size() && FoundToken.dots(joined) == 4; i++) {
            if (FoundToken.startsLikeJwt(words.get(i))) {
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
            int start = 0;
            while (start < bare.length() && QUOTES.indexOf(bare.charAt(start)) >= 0) {
                start++;
            }
            int end = bare.length();
            while (end > start && AFTER_VALUE.indexOf(bare.charAt(end - 1)) >= 0) {
                end--;
            }
            bare = bare.substring(start, end).trim();
        }
        return bare;
    }

    /** The token in {@code text} that is {@code NAME=token}; else {@code text}. */
    private static String withoutName(String text) {
        Matcher assignment = ASSIGNMENT.matcher(text);
        String value = assignment.matches() ? bare(assignment.group(1)) : "";
        return FoundToken.startsLikeJwt(value) ? value : text;
    }

    /** The whole tokens that stand anywhere in {@code text}; a {@link Problem} if there are none. */
    private static List<FoundToken> embedded(String text) {
        List<FoundToken> found = new ArrayList<>();
        Matcher word = LIKE_JWT.matcher(text);
        while (word.find()) {
            if (FoundToken.isWhole(word.group())) {
                List<Jwt.Finding> findings = new ArrayList<>();
                findings.add(Jwt.Finding.ambiguous("left out the text around the token"));
                found.add(FoundToken.of(word.group(), findings));
            }
        }
        if (found.isEmpty()) {
            throw NotAToken.text(bare(text));
        }
        return found;
    }
}
