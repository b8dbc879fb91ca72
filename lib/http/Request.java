//SOURCES ../base/Problem.java Body.java Form.java

package lib.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.base.Problem;

/**
 * What is asked of a server.
 *
 * @param method GET, HEAD, POST, PUT or DELETE
 * @param uri where
 * @param headers header fields by name
 * @param body what is sent along, or null
 * @param repeatable whether sending it twice does no harm
 */
public record Request(String method, URI uri, Map<String, String> headers, Body body, boolean repeatable) {
    /** A GET, which may be repeated. */
    public static Request get(URI uri) {
        return new Request("GET", uri, Map.of(), null, true);
    }

    /** A HEAD, which may be repeated. */
    public static Request head(URI uri) {
        return new Request("HEAD", uri, Map.of(), null, true);
    }

    /** A POST of {@code form}, not to be repeated. */
    public static Request post(URI uri, Form form) {
        return new Request("POST", uri, Map.of(), Body.of(form), false);
    }

    /** Any method with {@code json} (null for no body) along, not to be repeated. */
    public static Request json(String method, URI uri, String json) {
        return new Request(method, uri, Map.of(), json == null ? null : Body.json(json), false);
    }

    /** The same with one more header field; {@link Problem} if its value cannot be sent (RFC 9110, section 5.5). */
    public Request with(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                // The value itself is not shown: it may be a token.
                throw Problem.usage(
                        "the value for the header " + name + " has a character that cannot be sent",
                        "no line breaks and no other control characters; check what was pasted");
            }
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Request(method, uri, more, body, repeatable);
    }

    /** The same, of another resource. */
    public Request to(URI other) {
        return new Request(method, other, headers, body, repeatable);
    }

    /** The same, repeated where there is no answer. */
    public Request asRepeatable() {
        return new Request(method, uri, headers, body, true);
    }
}
