package lib.http;

/** Reads what a Content-Type says besides the media type (RFC 9110, section 8.3). */
public final class MediaType {
    private MediaType() {}

    /** The value of the parameter {@code name} of {@code type}, quoted or not; null without one. */
    public static String parameter(String type, String name) {
        int at = type == null ? -1 : type.indexOf(';');
        while (at >= 0 && at < type.length()) {
            int equals = at + 1;
            while (equals < type.length() && type.charAt(equals) != '=' && type.charAt(equals) != ';') {
                equals++;
            }
            StringBuilder value = new StringBuilder();
            boolean isQuoted = false;
            int next = equals;
            while (++next < type.length() && (isQuoted || type.charAt(next) != ';')) {
                char c = type.charAt(next);
                if (c == '"') {
                    isQuoted = !isQuoted;
                } else if (c == '\\' && isQuoted && next + 1 < type.length()) {
                    value.append(type.charAt(++next));
                } else {
                    value.append(c);
                }
            }
            if (type.substring(at + 1, Math.min(equals, type.length())).strip().equalsIgnoreCase(name)) {
                return value.toString().strip();
            }
            at = next;
        }
        return null;
    }
}
