//SOURCES ../base/Messages.java Json.java

package lib.json;

import module java.base;
import lib.base.Messages;

/**
 * Finds secrets in JSON by the names of members: client secrets, passwords and PINs in the configuration of devices,
 * the same in their properties, as in {@code truststore.password=...}, and passwords in URLs (facts B3). Secrets are
 * masked, or one warning is given before the first is written.
 */
public final class SecretMembers {
    private static final String MASK = "***";

    private static final List<String> PARTS =
            List.of("secret", "passw", "passphrase", "credential", "apikey", "api-key", "privatekey", "private-key");

    private final boolean isMasking;
    private final Messages messages;
    private boolean found;

    /**
     * @param isMasking whether secrets are masked; otherwise one warning is given
     * @param messages for the note or the warning
     */
    public SecretMembers(boolean isMasking, Messages messages) {
        this.isMasking = isMasking;
        this.messages = messages;
    }

    /** {@code value}, as {@link Json} has values, with secrets masked if they are to be. */
    public Object shown(Object value) {
        Object masked = masked(value, false);
        if (masked != value && !found) {
            found = true;
            if (isMasking) {
                messages.note("secrets are shown as " + MASK + " on a terminal; a pipe or -o FILE gets them");
            } else {
                messages.warning("the answer holds secrets: keep it to yourself");
            }
        }
        return isMasking ? masked : value;
    }

    private static Object masked(Object value, boolean isSecret) {
        boolean isChanged = false;
        if (value instanceof Map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<String, Object> member : Json.asObject(value).entrySet()) {
                Object masked = masked(member.getValue(), isSecret || isSecret(member.getKey()));
                isChanged |= masked != member.getValue();
                copy.put(member.getKey(), masked);
            }
            return isChanged ? copy : value;
        }
        if (value instanceof List) {
            List<Object> copy = new ArrayList<>();
            for (Object element : Json.asArray(value)) {
                Object masked = masked(element, isSecret);
                isChanged |= masked != element;
                copy.add(masked);
            }
            return isChanged ? copy : value;
        }
        if (isSecret) {
            return value instanceof Json.Number || value instanceof String text && !text.isEmpty() ? MASK : value;
        }
        return value instanceof String text ? masked(text) : value;
    }

    /**
     * {@code text} with a mask for the value of a secret's {@code NAME=} or a URL's password; the same object if it has
     * none.
     */
    private static String masked(String text) {
        for (int equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', equals + 1)) {
            int start = equals;
            while (start > 0 && isNamePart(text.charAt(start - 1))) {
                start--;
            }
            if (equals + 1 < text.length() && isSecret(text.substring(start, equals))) {
                return text.substring(0, equals + 1) + MASK;
            }
        }
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            int slash = text.indexOf('/', scheme + 3);
            int colon = text.indexOf(':', scheme + 3);
            int at = text.lastIndexOf('@', slash < 0 ? text.length() : slash);
            if (colon >= 0 && colon + 1 < at) {
                return text.substring(0, colon + 1) + MASK + text.substring(at);
            }
        }
        return text;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
    }

    private static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String part : PARTS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return name.endsWith("Pin") || lower.equals("pin") || lower.equals("token") || lower.endsWith("_token");
    }
}
