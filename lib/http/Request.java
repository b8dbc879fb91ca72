//SOURCES ../base/Problem.java ../base/Secret.java Redacted.java Response.java

package lib.http;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;

/**
 * A request to a server.
 *
 * @param method GET, HEAD, POST, PUT or DELETE
 * @param uri where
 * @param headers header fields in their order, of which several may have one name
 * @param body the body, or null
 * @param repeatable whether sending it twice does no harm
 */
public record Request(String method, URI uri, List<Response.Field> headers, Body body, boolean repeatable) {
    // How a client's secret stands in the JSON of Keycloak's Admin API (facts A10).
    private static final String SECRET_MEMBER = "\"secret\":\"";

    private static final String FORM = "application/x-www-form-urlencoded";

    /** The parameters of forms that hold no secret, and would be missed in a message. */
    private static final List<String> PUBLIC = List.of(
            "grant_type client_id scope username redirect_uri audience resource requested_token_type".split(" "));

    // A parameter of another name may be secret, but a short value occurs in too many sentences by chance.
    private static final int LEAST_UNNAMED = 8;

    /** A GET, which may be repeated. */
    public static Request get(URI uri) {
        return new Request("GET", uri, List.of(), null, true);
    }

    /** A HEAD, which may be repeated. */
    public static Request head(URI uri) {
        return new Request("HEAD", uri, List.of(), null, true);
    }

    /** A POST of {@code form}, not to be repeated. */
    public static Request post(URI uri, Form form) {
        return new Request("POST", uri, List.of(), new Body(FORM, form.encoded(), "form: " + form), false);
    }

    /** Any method with {@code json} (null for no body) along, not to be repeated. */
    public static Request json(String method, URI uri, String json) {
        Body body = json == null ? null : new Body("application/json", json, "json: " + json.length() + " characters");
        return new Request(method, uri, List.of(), body, false);
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
        List<Response.Field> more = new ArrayList<>(headers);
        more.add(new Response.Field(name, value));
        return new Request(method, uri, more, body, repeatable);
    }

    /** The value of the first header field {@code name} in any case, or null. */
    public String header(String name) {
        return Response.Field.value(headers, name);
    }

    /** What is secret in it, by its name or as it looks: header fields, parameters of its form and its query. */
    List<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>();
        for (Response.Field field : headers) {
            if (Redacted.isSecret(field)) {
                addCredentials(field.value(), secrets);
            }
        }
        addParameters(uri.getRawQuery(), false, secrets);
        if (body != null && body.type.equals(FORM)) {
            addParameters(body.text, true, secrets);
        } else if (body != null && body.text.contains(SECRET_MEMBER)) {
            int value = body.text.indexOf(SECRET_MEMBER) + SECRET_MEMBER.length();
            int end = value;
            while (body.text.charAt(end) != '"') {
                end += body.text.charAt(end) == '\\' ? 2 : 1;
            }
            secrets.add(new Secret(body.text.substring(value, end)));
        }
        return secrets;
    }

    /** Adds a header's value, what is behind the scheme in it, and the secret of Basic credentials (RFC 7617). */
    private static void addCredentials(String value, List<Secret> secrets) {
        secrets.add(new Secret(value));
        String credentials = value.substring(value.indexOf(' ') + 1);
        secrets.add(new Secret(credentials));
        if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
                addEncoded(pair.substring(pair.indexOf(':') + 1), secrets);
            } catch (IllegalArgumentException notOurs) {
                // As a whole they are secret all the same.
            }
        }
    }

    /** Adds the parameters with secret names, and all others that are long and not public if {@code isForm}. */
    private static void addParameters(String encoded, boolean isForm, List<Secret> secrets) {
        for (String parameter : encoded == null ? new String[0] : encoded.split("&")) {
            String[] sides = parameter.split("=", 2);
            String name = sides[0];
            boolean isSecret = sides.length == 2
                    && !name.equals("client_assertion_type")
                    && (Redacted.isSecret(name)
                            || isForm && !PUBLIC.contains(name) && sides[1].length() >= LEAST_UNNAMED);
            if (isSecret) {
                addEncoded(sides[1], secrets);
            }
        }
    }

    /** Adds {@code secret} as it was sent, and as it is decoded if it is encoded as in a form. */
    private static void addEncoded(String secret, List<Secret> secrets) {
        secrets.add(new Secret(secret));
        try {
            secrets.add(new Secret(URLDecoder.decode(secret, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException notEncoded) {
            // As it was typed.
        }
    }

    /** The same, of another resource. */
    public Request to(URI other) {
        return new Request(method, other, headers, body, repeatable);
    }

    /** The same, repeated where there is no answer. */
    public Request asRepeatable() {
        return new Request(method, uri, headers, body, true);
    }

    /** A body of {@code application/x-www-form-urlencoded}; its {@code toString} names the parameters alone. */
    public static final class Form {
        private final StringBuilder encoded = new StringBuilder();
        private final StringBuilder names = new StringBuilder();

        /** Adds a parameter. */
        public Form add(String name, String value) {
            encoded.append(encoded.isEmpty() ? "" : "&")
                    .append(encode(name))
                    .append('=')
                    .append(encode(value));
            names.append(names.isEmpty() ? "" : ", ").append(name);
            return this;
        }

        /** {@code text} as a name or value of a form (RFC 6749, appendix B). */
        public static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        /** The body as it is sent. */
        public String encoded() {
            return encoded.toString();
        }

        @Override
        public String toString() {
            return names.toString();
        }
    }

    /**
     * What is sent with a request.
     *
     * @param type its media type
     * @param text the whole of it, to be sent in UTF-8
     * @param outline what may be shown of it
     */
    record Body(String type, String text, String outline) {
        @Override
        public String toString() {
            return outline;
        }
    }
}
