//SOURCES Attribute.java

package lib.sandbox;

import module java.base;

/**
 * How the archive compares stored values with those of a key (facts.md G2-G4 and G7).
 *
 * @param attribute the key
 * @param fuzzy whether names match in any case and without their accents
 */
record ValueMatch(Attribute attribute, boolean fuzzy) {
    private static final String MOMENT = "\\d{4}(?:\\d{2}){0,5}(?:\\.\\d{1,6})?";
    private static final String OFFSET = "(?:[+-](?:0\\d|1[0-4])[0-5]\\d)?";

    private static final Pattern DATE = range("\\d{8}", "");
    private static final Pattern TIME = range("\\d{2}(?:\\d{2}(?:\\d{2}(?:\\.\\d{1,6})?)?)?", "");
    private static final Pattern DATE_TIME = range(MOMENT, OFFSET);

    private static final Pattern NUMBER = range("\\d+", "");

    private static Pattern range(String value, String suffix) {
        return Pattern.compile("(" + value + ")?" + suffix + "(-)?(?:(" + value + ")" + suffix + ")?");
    }

    /**
     * Whether one of the values of {@code text} is one of {@code wanted}; an empty one matches everything.
     *
     * @param every whether all of {@code wanted} must be there
     */
    boolean isMatch(String text, List<String> wanted, boolean every) {
        String[] values = text.split(attribute.vr().equals("PN") ? "=" : "\\\\");
        boolean isAny = false;
        boolean isAll = true;
        for (String pattern : wanted) {
            String trimmed = pattern.strip();
            boolean is = trimmed.isEmpty() || trimmed.equals("*");
            for (String value : values) {
                is |= isMatchOfOne(value, trimmed);
            }
            isAny |= is;
            isAll &= is;
        }
        return every ? isAll : isAny;
    }

    private boolean isMatchOfOne(String value, String pattern) {
        return switch (attribute.vr()) {
            case "DA" -> isInRange(value, pattern, DATE);
            case "TM" -> isInRange(value, pattern, TIME);
            case "DT" -> isInRange(value, pattern, DATE_TIME);
            case "KB" -> isSize(value, pattern);
            case "IS" -> isNumber(value, pattern);
            case "CS" -> isGlob(value.toUpperCase(Locale.ROOT), pattern.toUpperCase(Locale.ROOT));
            case "PN" -> isName(value, pattern);
            case "LO", "SH" -> isText(value, pattern);
            default -> isGlob(value, pattern);
        };
    }

    private boolean isName(String value, String pattern) {
        if (fuzzy) {
            return folded(value).startsWith(folded(pattern.replace("*", "")));
        }
        return isText(value, pattern) || isPlain(pattern) && isText(value, pattern + "^*");
    }

    // A pattern in capitals matches names and descriptions in any case; IDs match only as stored.
    private boolean isText(String value, String pattern) {
        boolean isWord = attribute.vr().equals("PN")
                || attribute.keyword().endsWith("Description")
                || attribute.keyword().endsWith("Name");
        boolean isCapitals = isWord && pattern.equals(pattern.toUpperCase(Locale.ROOT));
        return isGlob(isCapitals ? value.toUpperCase(Locale.ROOT) : value, pattern);
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
    }

    // What is no 32-bit integer is ignored: everything matches.
    private static boolean isNumber(String value, String pattern) {
        try {
            int wanted = Integer.parseInt(pattern);
            return !value.isEmpty() && Integer.parseInt(value) == wanted;
        } catch (NumberFormatException ignored) {
            return true;
        }
    }

    private static boolean isSize(String value, String pattern) {
        Matcher range = NUMBER.matcher(pattern);
        if (!range.matches()) {
            return true;
        }
        long size = Long.parseLong(value);
        long from = range.group(1) == null ? 0 : Long.parseLong(range.group(1));
        long to = range.group(3) != null ? Long.parseLong(range.group(3)) : range.group(2) != null ? size : from;
        return size >= from && size <= to;
    }

    // The archive ignores what is neither a value nor a range: everything matches.
    private static boolean isInRange(String value, String pattern, Pattern syntax) {
        Matcher range = syntax.matcher(pattern);
        if (!range.matches() || range.group(1) == null && range.group(3) == null) {
            return true;
        }
        boolean isSingle = range.group(2) == null;
        String from = Objects.requireNonNullElse(range.group(1), "");
        String to = isSingle ? from : Objects.requireNonNullElse(range.group(3), "");
        String upTo = value.length() > to.length() ? value.substring(0, to.length()) : value;
        boolean isAfter = value.compareTo(from) >= 0 && !value.isEmpty();
        boolean isBefore = to.isEmpty() || upTo.compareTo(to) <= 0 && !value.isEmpty();
        boolean passesMidnight = syntax == TIME && !from.isEmpty() && !to.isEmpty() && from.compareTo(to) > 0;
        return passesMidnight ? isAfter || isBefore : isAfter && isBefore;
    }

    private static boolean isGlob(String text, String pattern) {
        if (isPlain(pattern)) {
            return text.equals(pattern);
        }
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("(?=[*?])|(?<=[*?])")) {
            regex.append(part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
    }

    private static boolean isPlain(String pattern) {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }
}
