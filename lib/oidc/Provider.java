//SOURCES ../base/Exit.java ../base/Printable.java ../base/Problem.java ../http/Form.java ../http/Http.java
//SOURCES ../http/Request.java ../http/Response.java ../json/Json.java ../json/MalformedJson.java Endpoint.java
//SOURCES OAuthError.java Place.java

package lib.oidc;

import java.net.URI;
import java.util.List;
import java.util.Map;
import lib.base.Exit;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Form;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;
import lib.json.Json;
import lib.json.MalformedJson;

/** Who gives tokens, and where its endpoints are. */
public final class Provider {
    private static final int MAX_PORT = 65535;

    private final String name;
    private final URI keycloak;
    private final String realm;
    private final URI issuer;
    private final URI tokenEndpoint;
    private Map<String, Object> document;

    private Provider(String name, URI keycloak, String realm, URI issuer, URI tokenEndpoint) {
        this.name = name;
        this.keycloak = keycloak;
        this.realm = realm;
        this.issuer = issuer;
        this.tokenEndpoint = tokenEndpoint;
    }

    /** A realm of the Keycloak at {@code base}; no discovery is needed (facts A1). */
    public static Provider keycloak(URI base, String realm) {
        return new Provider("keycloak", base, realm, null, null);
    }

    /** The provider that calls itself {@code issuer}, by its discovery document (OpenID Connect Discovery 1.0). */
    public static Provider discoveredAt(URI issuer) {
        return new Provider("the provider", null, null, issuer, null);
    }

    /** A provider of which only the token endpoint is known. */
    public static Provider ofTokenEndpoint(URI tokenEndpoint) {
        return new Provider("the provider", null, null, null, tokenEndpoint);
    }

    /** What to call it in a sentence. */
    String name() {
        return name;
    }

    /** The realm, or null where there is no such thing. */
    String realm() {
        return realm;
    }

    /** What tells it from other providers. */
    List<String> identity() {
        if (keycloak != null) {
            return List.of("keycloak", realm, keycloak.toString());
        }
        return issuer != null
                ? List.of("issuer", "", issuer.toString())
                : List.of("endpoint", "", tokenEndpoint.toString());
    }

    /**
     * The places where {@code endpoint} may be, the likeliest first: Keycloak up to version 16 has it below
     * {@code /auth}, later ones do not, and nothing but a 404 tells them apart (facts A1).
     *
     * @param isMutualTls whether the client shows a certificate, for which some have another address (RFC 8705, section
     *     5)
     */
    List<Place> places(Endpoint endpoint, boolean isMutualTls, Http http) {
        if (keycloak != null) {
            return List.of(keycloakPlace(endpoint, keycloak.toString()), keycloakPlace(endpoint, otherLayout()));
        }
        if (issuer != null) {
            if (document == null) {
                document = discover(http);
            }
            Map<String, Object> aliases = Json.asObject(document.get("mtls_endpoint_aliases"));
            boolean isAliased = isMutualTls && aliases != null && aliases.containsKey(endpoint.member());
            URI uri = endpoint(isAliased ? aliases : document, endpoint.member());
            return List.of(new Place(uri, (String) document.get("issuer")));
        }
        if (endpoint == Endpoint.TOKEN) {
            return List.of(new Place(tokenEndpoint, tokenEndpoint.toString()));
        }
        throw Problem.usage(
                "--token-endpoint does not tell where the " + endpoint.member().replace('_', ' ') + " is",
                "give --keycloak or --issuer for this grant");
    }

    /** Whether it is known to say who it is when a login comes back (RFC 9207, section 3). */
    boolean isNamedInAnswers() {
        return document != null && Boolean.TRUE.equals(document.get("authorization_response_iss_parameter_supported"));
    }

    private Place keycloakPlace(Endpoint endpoint, String base) {
        String issuer = realm(base).toString();
        return new Place(URI.create(issuer + "/protocol/openid-connect/" + endpoint.path()), issuer);
    }

    /** Where a Keycloak publishes its keys, as far as that is known without asking it; null of another provider. */
    public URI keysOfKeycloak() {
        return keycloak == null ? null : URI.create(realm(keycloak.toString()) + "/protocol/openid-connect/certs");
    }

    /**
     * Where the keys for a provider's tokens are.
     *
     * @param issuer what it calls itself in them
     * @param address the address of the key set
     */
    record KeyAddress(String issuer, URI address) {}

    /**
     * Where the keys are, by the discovery document. Keycloak may call itself by another name than the one it is known
     * by here ({@code KC_HOSTNAME}), so that its keys are asked for where it answered.
     */
    KeyAddress keyAddress(Http http) {
        if (keycloak == null) {
            Map<String, Object> found = discover(http);
            return new KeyAddress((String) found.get("issuer"), endpoint(found, "jwks_uri"));
        }
        String base = keycloak.toString();
        Response answer = configuration(realm(base), http);
        if (OAuthError.meansNoSuchEndpoint(answer)) {
            base = otherLayout();
            answer = configuration(realm(base), http);
        }
        return new KeyAddress(
                (String) document(answer).get("issuer"), URI.create(realm(base) + "/protocol/openid-connect/certs"));
    }

    /**
     * The base URLs that a Keycloak may have, the one that was given first; the other one is of another age (facts A1).
     */
    static List<String> bases(URI keycloak) {
        String base = keycloak.toString();
        return List.of(
                base, base.endsWith("/auth") ? base.substring(0, base.length() - "/auth".length()) : base + "/auth");
    }

    private URI realm(String base) {
        return URI.create(base + "/realms/" + segment(realm));
    }

    /** {@code text} as one segment of a path: a blank is %20 there, where a form has a plus sign. */
    static String segment(String text) {
        return Form.encode(text).replace("+", "%20");
    }

    private String otherLayout() {
        return bases(keycloak).getLast();
    }

    private Map<String, Object> discover(Http http) {
        Map<String, Object> document = document(configuration(issuer, http));
        String named = (String) document.get("issuer");
        if (!named.equals(issuer.toString()) && !named.equals(issuer + "/")) {
            throw Problem.serverFailed(
                    "the provider at " + issuer + " calls itself " + Printable.cut(named, 200),
                    "use that as --issuer, or correct the provider's host name (KC_HOSTNAME in Keycloak)");
        }
        return document;
    }

    private static Response configuration(URI issuer, Http http) {
        URI address = URI.create(issuer + "/.well-known/openid-configuration");
        return http.send(Request.get(address).with("Accept", "application/json"));
    }

    /** The discovery document in {@code response}; it names an issuer. */
    private static Map<String, Object> document(Response response) {
        Map<String, Object> document = null;
        try (response) {
            if (response.status() != 200) {
                throw new Problem(
                        response.status() >= 500 ? Exit.SERVER_FAILED : Exit.REFUSED,
                        response.uri() + " answered " + response.status(),
                        "is the URL right? for Keycloak an issuer ends in /realms/NAME, upper and lower case as there");
            }
            document = Json.asObject(Json.parse(response.text()));
        } catch (MalformedJson e) {
            // Said below.
        }
        if (document == null || !(document.get("issuer") instanceof String)) {
            throw Problem.serverFailed(
                    response.uri() + " is no discovery document", "is this an OpenID provider's issuer?");
        }
        return document;
    }

    private URI endpoint(Map<String, Object> document, String member) {
        if (document.get(member) instanceof String text) {
            try {
                URI uri = URI.create(text);
                boolean https = "https".equals(uri.getScheme());
                boolean isAllowed = https || "http".equals(uri.getScheme()) && "http".equals(issuer.getScheme());
                if (isAllowed && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= MAX_PORT) {
                    return uri;
                }
            } catch (IllegalArgumentException noUri) {
                // Said below.
            }
        }
        throw Problem.serverFailed(
                "the discovery document of " + issuer + " has no usable " + member,
                "it must be a URL with a host and no password, and https where the issuer has that; "
                        + "correct the provider's host name");
    }
}
