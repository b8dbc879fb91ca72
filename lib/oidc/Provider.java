//SOURCES ../base/Exit.java ../base/Printable.java ../base/Problem.java ../http/Form.java ../http/Http.java
//SOURCES ../http/Request.java ../http/Response.java ../json/Json.java ../json/MalformedJson.java

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
    private final String name;
    private final URI keycloak;
    private final String realm;
    private final URI issuer;
    private final URI tokenEndpoint;

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

    /**
     * The places where the token endpoint may be, the likeliest first: Keycloak up to version 16 has it below
     * {@code /auth}, later ones do not, and nothing but a 404 tells them apart (facts A1).
     */
    List<URI> tokenEndpoints(Http http) {
        if (keycloak != null) {
            return List.of(keycloakEndpoint(keycloak.toString()), keycloakEndpoint(otherLayout()));
        }
        return List.of(tokenEndpoint != null ? tokenEndpoint : discover(http));
    }

    private URI keycloakEndpoint(String base) {
        // A blank in a path is %20, where a form has a plus sign.
        String segment = Form.encode(realm).replace("+", "%20");
        return URI.create(base + "/realms/" + segment + "/protocol/openid-connect/token");
    }

    private String otherLayout() {
        String base = keycloak.toString();
        return base.endsWith("/auth") ? base.substring(0, base.length() - "/auth".length()) : base + "/auth";
    }

    private URI discover(Http http) {
        URI address = URI.create(issuer + "/.well-known/openid-configuration");
        Map<String, Object> document;
        try (Response response = http.send(Request.get(address).with("Accept", "application/json"))) {
            if (response.status() != 200) {
                throw new Problem(
                        response.status() >= 500 ? Exit.SERVER_FAILED : Exit.REFUSED,
                        address + " answered " + response.status(),
                        "is the issuer spelt as the provider does? for Keycloak it ends in /realms/NAME");
            }
            document = Json.asObject(Json.parse(response.text()));
        } catch (MalformedJson e) {
            document = null;
        }
        if (document == null || !(document.get("issuer") instanceof String named)) {
            throw new Problem(
                    Exit.SERVER_FAILED, address + " is no discovery document", "is this an OpenID provider's issuer?");
        }
        if (!named.equals(issuer.toString()) && !named.equals(issuer + "/")) {
            throw new Problem(
                    Exit.SERVER_FAILED,
                    "the provider at " + issuer + " calls itself " + Printable.cut(named, 200),
                    "use that as --issuer, or correct the provider's host name (KC_HOSTNAME in Keycloak)");
        }
        return endpoint(document, "token_endpoint");
    }

    private URI endpoint(Map<String, Object> document, String member) {
        if (document.get(member) instanceof String text) {
            try {
                URI uri = URI.create(text);
                boolean https = "https".equals(uri.getScheme());
                if (https || "http".equals(uri.getScheme()) && "http".equals(issuer.getScheme())) {
                    return uri;
                }
            } catch (IllegalArgumentException noUri) {
                // Said below.
            }
        }
        throw new Problem(
                Exit.SERVER_FAILED,
                "the discovery document of " + issuer + " has no usable " + member,
                "a secret is not sent over plain http where the issuer has https; correct the provider's host name");
    }
}
