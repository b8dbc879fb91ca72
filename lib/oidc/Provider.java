//SOURCES ../base/Exit.java ../base/Problem.java ../http/Http.java ../http/Origin.java ../http/Redacted.java
//SOURCES ../http/Request.java ../http/Response.java ../json/Json.java OAuthError.java

package lib.oidc;

import module java.base;
import lib.base.Exit;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Origin;
import lib.http.Redacted;
import lib.http.Request;
import lib.http.Request.Form;
import lib.http.Response;
import lib.json.Json;

/** An OpenID provider, and where its endpoints are. */
public final class Provider {
    /** What to do about a server that wants a token itself, as the archive does. */
    static final String NOT_THE_ARCHIVE =
            "--keycloak is the URL of Keycloak, such as https://docker-host:8843; the archive's is --url";

    private static final int MAX_PORT = 65535;
    private static final int MAX_REDIRECTS = 5;
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String PROTOCOL = "/protocol/openid-connect/";

    private final KeycloakUrl keycloak;
    private final String realm;
    private final URI issuer;
    private final URI tokenEndpoint;
    private Map<String, Object> document;

    private Provider(KeycloakUrl keycloak, String realm, URI issuer, URI tokenEndpoint) {
        this.keycloak = keycloak;
        this.realm = realm;
        this.issuer = issuer;
        this.tokenEndpoint = tokenEndpoint;
    }

    /** A realm of the Keycloak at {@code base}; no discovery is needed (facts A1). */
    public static Provider keycloak(URI base, String realm) {
        return new Provider(new KeycloakUrl(base), realm, null, null);
    }

    /** The provider that calls itself {@code issuer}, by its discovery document (OpenID Connect Discovery 1.0). */
    public static Provider discoveredAt(URI issuer) {
        return new Provider(null, null, issuer, null);
    }

    /** A provider of which only the token endpoint is known. */
    public static Provider ofTokenEndpoint(URI tokenEndpoint) {
        return new Provider(null, null, null, tokenEndpoint);
    }

    /** Whether Keycloak gives this realm role to every user: it opens nothing (facts A5). */
    public static boolean isEverybodysRole(String name) {
        return name.startsWith("default-roles-") || name.equals("offline_access") || name.equals("uma_authorization");
    }

    /** The endpoints of a provider that a grant may need. */
    enum Endpoint {
        /** Gives tokens (RFC 6749, section 3.2). */
        TOKEN("token"),
        /** Starts the login on another device (RFC 8628, section 3.1). */
        DEVICE_AUTHORIZATION("auth/device"),
        /** Starts the login in a browser (RFC 6749, section 3.1). */
        AUTHORIZATION("auth");

        // Below /realms/NAME/protocol/openid-connect/ of a Keycloak (facts A1).
        private final String path;

        Endpoint(String path) {
            this.path = path;
        }

        /** Its member of the discovery document. */
        private String member() {
            return name().toLowerCase(Locale.ROOT) + "_endpoint";
        }
    }

    /**
     * The base URL of a Keycloak. Up to version 16 all paths are below {@code /auth}, in later versions they are not,
     * and only a 404 tells them apart (facts A1). The given URL is tried first; the one that answers is used from then
     * on.
     */
    static final class KeycloakUrl {
        private static final String PREFIX = "/auth";

        private final String given;
        private String found;

        KeycloakUrl(URI given) {
            this.given = given.toString();
        }

        /** The base URL that answered; before that, the one that was given. */
        String base() {
            return found == null ? given : found;
        }

        /**
         * The response to the request that {@code maker} makes for {@code path}, which begins with a slash. It makes a
         * new one for each URL, since a client assertion names it and is good for one request.
         */
        Response send(String path, Function<URI, Request> maker, Http http) {
            Response response = http.send(maker.apply(URI.create(base() + path)));
            if (found != null || !isMissing(response)) {
                found = base();
                return response;
            }
            String other =
                    given.endsWith(PREFIX) ? given.substring(0, given.length() - PREFIX.length()) : given + PREFIX;
            Response second = http.send(maker.apply(URI.create(other + path)));
            if (isMissing(second)) {
                return response;
            }
            found = other;
            return second;
        }

        /** Whether there is nothing at this path. Keycloak answers 404 for an unknown realm too (facts A6, A10). */
        static boolean isMissing(Response response) {
            return response.status() == 404
                    && !response.text().contains("Realm does not exist")
                    && !response.text().contains("Realm not found");
        }
    }

    /** What to call it in a sentence. */
    String name() {
        return keycloak == null ? "the provider" : "keycloak";
    }

    /** Whether it is a Keycloak as far as its URL tells, so that hints may name the screens of its console. */
    boolean isKeycloak() {
        URI url = issuer != null ? issuer : tokenEndpoint;
        return keycloak != null || String.valueOf(url.getPath()).contains("/realms/");
    }

    /** The realm; null if it is no Keycloak. */
    String realm() {
        return realm;
    }

    /** What distinguishes it from other providers. */
    List<String> identity() {
        if (keycloak != null) {
            return List.of("keycloak", realm, keycloak.given);
        }
        return issuer != null
                ? List.of("issuer", "", issuer.toString())
                : List.of("endpoint", "", tokenEndpoint.toString());
    }

    /**
     * The response of {@code endpoint} to the request that {@code maker} makes.
     *
     * @param isMutualTls whether the client shows a certificate; some providers have another URL for that (RFC 8705,
     *     section 5)
     */
    Response send(Endpoint endpoint, boolean isMutualTls, Function<URI, Request> maker, Http http) {
        return keycloak == null
                ? http.send(maker.apply(url(endpoint, isMutualTls, http)))
                : keycloak.send(realmPath() + PROTOCOL + endpoint.path, maker, http);
    }

    private URI url(Endpoint endpoint, boolean isMutualTls, Http http) {
        if (issuer != null) {
            if (document == null) {
                document = discover(http);
            }
            Map<String, Object> aliases = Json.asObject(document.get("mtls_endpoint_aliases"));
            boolean isAliased = isMutualTls && aliases != null && aliases.containsKey(endpoint.member());
            return url(isAliased ? aliases : document, endpoint.member());
        }
        if (endpoint == Endpoint.TOKEN) {
            return tokenEndpoint;
        }
        throw Problem.usage(
                "--token-endpoint does not tell where the " + endpoint.member().replace('_', ' ') + " is",
                "give --keycloak or --issuer for this grant");
    }

    /**
     * What the provider calls itself at {@code url}, one of its endpoints. If it does not say, the URL itself, which
     * RFC 7523, section 3, accepts as an audience too.
     */
    String issuer(URI url) {
        String text = url.toString();
        if (keycloak != null) {
            return text.substring(0, text.indexOf(PROTOCOL));
        }
        return document == null ? text : (String) document.get("issuer");
    }

    /** Whether its discovery document says that it names itself when a login comes back (RFC 9207, section 3). */
    boolean isNamedInAnswers() {
        return document != null && Boolean.TRUE.equals(document.get("authorization_response_iss_parameter_supported"));
    }

    /** Where a Keycloak publishes its keys, as far as that is known without a request; null for another provider. */
    public URI keysOfKeycloak() {
        return keycloak == null ? null : URI.create(keycloak.base() + realmPath() + PROTOCOL + "certs");
    }

    /**
     * Where the keys for a provider's tokens are.
     *
     * @param issuer what it calls itself in them
     * @param address the URL of the key set
     */
    record KeyAddress(String issuer, URI address) {}

    /**
     * Where the keys are, by the discovery document. Keycloak may call itself by another name than the one in our
     * options ({@code KC_HOSTNAME}), so its keys are fetched from where it answered.
     */
    KeyAddress keyAddress(Http http) {
        if (keycloak == null) {
            Map<String, Object> found = discover(http);
            return new KeyAddress((String) found.get("issuer"), url(found, "jwks_uri"));
        }
        Response response = keycloak.send(realmPath() + DISCOVERY, Provider::request, http);
        return new KeyAddress((String) document(followed(response, http)).get("issuer"), keysOfKeycloak());
    }

    private String realmPath() {
        return "/realms/" + segment(realm);
    }

    /** {@code text} as one segment of a path: a blank is %20 there, but a plus sign in a form. */
    static String segment(String text) {
        return Form.encode(text).replace("+", "%20");
    }

    private Map<String, Object> discover(Http http) {
        Response response = read(URI.create(issuer + DISCOVERY), http);
        Map<String, Object> document = document(response);
        String named = (String) document.get("issuer");
        if (!named.equals(issuer.toString()) && !named.equals(issuer + "/")) {
            throw Problem.serverFailed(
                    "the provider at " + issuer + " calls itself " + response.shown(named, 200),
                    named.contains("{")
                            ? "put your tenant into --issuer; to check tokens of any tenant:"
                                    + " --jwks URL --require iss=..."
                            : "use that as --issuer, or correct the provider's host name (KC_HOSTNAME in Keycloak)");
        }
        return document;
    }

    private static Request request(URI url) {
        return Request.get(url).with("Accept", "application/json, application/jwk-set+json");
    }

    /** The answer at {@code url}, a discovery document or key set. */
    static Response read(URI url, Http http) {
        return followed(http.send(request(url)), http);
    }

    /** The answer behind redirects within an origin, or from http to https on one host; others are refused. */
    private static Response followed(Response first, Http http) {
        Response response = first;
        for (int count = 0; response.status() / 100 == 3; count++) {
            response.close();
            URI from = response.uri();
            URI to = response.location();
            boolean isSameHost =
                    to != null && from.getHost().equalsIgnoreCase(to.getHost()) && to.getUserInfo() == null;
            boolean isUpgrade = isSameHost && "http".equals(from.getScheme()) && "https".equals(to.getScheme());
            if (!isUpgrade && !(isSameHost && Origin.of(from).equals(Origin.of(to))) || count == MAX_REDIRECTS) {
                throw Problem.refused(
                        from + " redirects to " + response.shown(Redacted.url(response.header("Location")), 300),
                        "use that URL itself, if you trust it");
            }
            response = http.send(request(to));
        }
        return response;
    }

    /** The JSON object that {@code response} is; {@link Problem} if it is not JSON; empty if it is another value. */
    static Map<String, Object> object(Response response) {
        try {
            Map<String, Object> object = Json.asObject(Json.parse(response.text()));
            return object == null ? Map.of() : object;
        } catch (Json.Malformed e) {
            throw Problem.serverFailed(
                    response.uri() + " answered "
                            + (response.text().stripLeading().startsWith("<")
                                    ? "with an HTML page"
                                    : "with JSON that is " + e.getMessage()),
                    "check the URL, and whether a proxy or login page is in front of it");
        }
    }

    /** The discovery document in {@code response}; it names an issuer. */
    private static Map<String, Object> document(Response response) {
        try (response) {
            if (response.status() != 200) {
                String said = Json.errorMessage(response.text());
                throw new Problem(
                        response.status() >= 500 ? Exit.SERVER_FAILED : Exit.REFUSED,
                        response.uri() + " answered " + response.status()
                                + (said == null ? "" : ": " + response.shown(said, 200)),
                        response.status() == 401
                                ? NOT_THE_ARCHIVE
                                : OAuthError.HTTPS_REQUIRED.equals(said)
                                        ? OAuthError.USE_HTTPS
                                        : "check the URL; a Keycloak issuer ends in /realms/NAME, upper and lower case"
                                                + " as there");
            }
            Map<String, Object> document = object(response);
            if (document.get("issuer") instanceof String) {
                return document;
            }
            throw Problem.serverFailed(
                    response.uri() + " is not a discovery document", "check that this is an OpenID provider's issuer");
        }
    }

    private URI url(Map<String, Object> document, String member) {
        if (document.get(member) instanceof String text) {
            try {
                URI url = URI.create(text);
                boolean https = "https".equals(url.getScheme());
                boolean isAllowed = https || "http".equals(url.getScheme()) && "http".equals(issuer.getScheme());
                if (isAllowed && url.getHost() != null && url.getRawUserInfo() == null && url.getPort() <= MAX_PORT) {
                    return url;
                }
            } catch (IllegalArgumentException noUri) {
                // Reported below.
            }
        }
        throw Problem.serverFailed(
                "the discovery document of " + issuer + " has no usable " + member,
                "it must be a URL with a host and no password, and https where the issuer has that; "
                        + "correct the provider's host name");
    }
}
