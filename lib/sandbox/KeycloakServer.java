//SOURCES ../base/Secret.java Clients.java Fault.java Logins.java Tokens.java WebRequest.java WebResponse.java
//SOURCES WebServer.java

package lib.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import lib.base.Secret;

/**
 * An OpenID provider that answers as Keycloak 26.7.3 does, for the one realm {@code dcm4che} (wire/captures.md A and P;
 * facts.md A1-A8).
 */
public final class KeycloakServer implements AutoCloseable {
    /** The one realm; its name is case-sensitive. */
    public static final String REALM = "dcm4che";

    private static final Map<String, String> SECURITY = Map.of(
            "Referrer-Policy", "no-referrer",
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "SAMEORIGIN",
            "X-Robots-Tag", "none");
    private static final Map<String, String> UNCACHED = Map.of("Cache-Control", "no-store", "Pragma", "no-cache");
    private static final String TOKEN = "protocol/openid-connect/token";

    private final Map<String, Clients.Client> clients = new ConcurrentHashMap<>();
    private final Map<String, Endpoint> endpoints;
    private final Map<String, Grant> grants;
    private final Tokens tokens;
    private final Logins logins;
    private final WebServer web;
    private volatile boolean issuerFollowsHost;
    private volatile String prefix = "";

    private record Endpoint(String method, WebServer.Handler handler) {}

    @FunctionalInterface
    interface Grant {
        Map<String, Object> response(Clients.Client client, Map<String, List<String>> form, String issuer)
                throws Refusal;
    }

    /** An error response of the token endpoint. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String error;

        Refusal(int status, String error, String description) {
            super(description, null, false, false);
            this.status = status;
            this.error = error;
        }
    }

    KeycloakServer(SSLContext tls, InstantSource clock) {
        tokens = new Tokens(clock);
        logins = new Logins(tokens);
        grants = Map.of(
                "client_credentials",
                this::clientCredentials,
                "password",
                logins::password,
                "refresh_token",
                logins::refreshed,
                "authorization_code",
                logins::code,
                "urn:ietf:params:oauth:grant-type:device_code",
                logins::device);
        endpoints = Map.of(
                "",
                new Endpoint("GET", request -> realm(base(request))),
                ".well-known/openid-configuration",
                new Endpoint("GET", request -> discovery(base(request))),
                "protocol/openid-connect/certs",
                new Endpoint("GET", request -> certs()),
                "protocol/openid-connect/auth",
                new Endpoint("GET", request -> logins.authorization(request, base(request) + "/realms/" + REALM)),
                "protocol/openid-connect/auth/device",
                new Endpoint("POST", this::device),
                TOKEN,
                new Endpoint("POST", this::token));
        for (Clients.Client client : Clients.ALL) {
            register(client);
        }
        web = new WebServer(this::handle, tls, null);
    }

    /** The base URL over http. */
    public String url() {
        return web.http() + prefix;
    }

    /** The base URL over https. */
    public String urlHttps() {
        return web.https() + prefix;
    }

    /** The issuer while it is fixed, which it is unless {@link #issuerFollowsHost} says otherwise. */
    public String issuer() {
        return url() + "/realms/" + REALM;
    }

    /** The faults to show. */
    public Fault.Queue faults() {
        return web.faults();
    }

    /** The server itself, for the requests that came. */
    public WebServer web() {
        return web;
    }

    /** Builds issuer and endpoints from the request's scheme and Host, as start-dev does, or fixes them again. */
    public void issuerFollowsHost(boolean follows) {
        issuerFollowsHost = follows;
    }

    /** Serves below {@code /auth}, as servers before Keycloak 17 did; an empty prefix undoes it. */
    public void servePrefix(String newPrefix) {
        prefix = newPrefix;
    }

    /** Adds a client, or replaces the one with its ID. */
    public void register(Clients.Client client) {
        clients.put(client.id(), client);
    }

    /** Takes a new signing key; tokens signed with the old one are void. */
    public void rotateKey() {
        tokens.rotateKey();
    }

    /** The signing key with this id, or null. */
    PublicKey key(String kid) {
        return tokens.key(kid);
    }

    /** An access token of client {@code curl}, changed by members; a null value removes one. */
    public String mint(Map<String, ?> claims, Map<String, ?> header) {
        return tokens.mint(issuer(), claims, header);
    }

    @Override
    public void close() {
        web.close();
    }

    private WebResponse handle(WebRequest request) throws IOException {
        String path = request.path();
        if (path.contains("//")) {
            return error(400, "missingNormalization", "Request path not normalized");
        }
        if (path.equals("/")) {
            return WebResponse.empty(302)
                    .with("Location", base(request) + "/admin/")
                    .with(SECURITY);
        }
        String realms = prefix + "/realms/";
        if (!path.startsWith(realms)) {
            return error(404, "Unable to find matching target resource method", null);
        }
        String[] parts = path.substring(realms.length()).split("/", 2);
        if (!parts[0].equals(REALM)) {
            return error(404, "Realm does not exist", null).with(SECURITY);
        }
        String name = parts.length == 1 ? "" : parts[1].replaceFirst("/$", "");
        Endpoint endpoint = endpoints.get(name);
        if (endpoint == null && !name.startsWith("protocol/openid-connect/")) {
            return error(404, "Unable to find matching target resource method", null);
        }
        if (endpoint == null || !endpoint.method().equals(request.method().replace("HEAD", "GET"))) {
            return error(405, "HTTP 405 Method Not Allowed", null).with(SECURITY);
        }
        return endpoint.handler().handle(request).with(SECURITY);
    }

    private String base(WebRequest request) {
        return issuerFollowsHost ? request.origin() + prefix : url();
    }

    private WebResponse realm(String base) {
        Map<String, Object> realm = new LinkedHashMap<>();
        realm.put("realm", REALM);
        realm.put("public_key", tokens.publicKey());
        realm.put("token-service", base + "/realms/" + REALM + "/protocol/openid-connect");
        realm.put("account-service", base + "/realms/" + REALM + "/account");
        realm.put("tokens-not-before", 0);
        return WebResponse.json(200, realm)
                .with("Content-Type", "application/json;charset=UTF-8")
                .with("Cache-Control", "no-cache");
    }

    private WebResponse discovery(String base) {
        return WebResponse.json(200, Discovery.document(base + "/realms/" + REALM))
                .with("Cache-Control", "no-cache, must-revalidate, no-transform, no-store");
    }

    private WebResponse certs() {
        return WebResponse.json(200, tokens.jwks()).with("Cache-Control", "no-cache");
    }

    private WebResponse token(WebRequest request) {
        return answer(() -> granted(request, request.form(), base(request) + "/realms/" + REALM));
    }

    private WebResponse device(WebRequest request) {
        return answer(() -> {
            Clients.Client client = authenticated(request.header("Authorization"), request.form());
            return logins.begin(client, base(request) + "/realms/" + REALM);
        });
    }

    /** What a request is answered with. */
    private interface Answer {
        Map<String, Object> members() throws Refusal;
    }

    private static WebResponse answer(Answer answer) {
        try {
            return WebResponse.json(200, answer.members()).with(UNCACHED);
        } catch (Refusal e) {
            return error(e.status, e.error, e.getMessage()).with(UNCACHED);
        } catch (IllegalArgumentException malformedEscape) {
            return error(500, "unknown_error", "For more on this error consult the server log.");
        }
    }

    private Map<String, Object> granted(WebRequest request, Map<String, List<String>> form, String issuer)
            throws Refusal {
        String type = first(form, "grant_type");
        if (type == null) {
            throw new Refusal(400, "invalid_request", "Missing form parameter: grant_type");
        }
        Grant grant = grants.get(type);
        if (grant == null) {
            throw new Refusal(400, "unsupported_grant_type", "Unsupported grant_type");
        }
        Clients.Client client = authenticated(request.header("Authorization"), form);
        for (List<String> values : form.values()) {
            if (values.size() > 1) {
                throw new Refusal(400, "invalid_request", "duplicated parameter");
            }
        }
        return grant.response(client, form, issuer);
    }

    private Clients.Client authenticated(String authorization, Map<String, List<String>> form) throws Refusal {
        String id = first(form, "client_id");
        String secret = first(form, "client_secret");
        if (authorization != null && authorization.startsWith("Basic ")) {
            String[] halves = basic(authorization.substring(6));
            if (id != null && !id.equals(halves[0])) {
                throw unknownClient();
            }
            id = halves[0];
            secret = halves[1];
        }
        Clients.Client client = id == null ? null : clients.get(id);
        if (client == null || !client.enabled()) {
            throw unknownClient();
        }
        if (client.secret() != null && !client.secret().equals(new Secret(secret == null ? "" : secret))) {
            throw new Refusal(401, "unauthorized_client", "Invalid client or Invalid client credentials");
        }
        return client;
    }

    private static Refusal unknownClient() {
        return new Refusal(401, "invalid_client", "Invalid client or Invalid client credentials");
    }

    // RFC 6749, 2.3.1: both halves are form-encoded before they are joined.
    private static String[] basic(String encoded) throws Refusal {
        try {
            String text = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            String id = colon < 0 ? text : text.substring(0, colon);
            String secret = colon < 0 ? "" : text.substring(colon + 1);
            return new String[] {WebRequest.decode(id), WebRequest.decode(secret)};
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(400, "unauthorized_client", "Unexpected error when authenticating client");
        }
    }

    private Map<String, Object> clientCredentials(Clients.Client client, Map<String, List<String>> form, String issuer)
            throws Refusal {
        if (client.secret() == null) {
            throw new Refusal(401, "unauthorized_client", "Public client not allowed to retrieve service account");
        }
        if (!client.serviceAccount()) {
            throw new Refusal(401, "unauthorized_client", "Client not enabled to retrieve service account");
        }
        String scope = form.containsKey("scope") ? first(form, "scope") : "";
        for (String name : scope.split(" ")) {
            if (!name.isEmpty() && !Discovery.SCOPES.contains(name)) {
                throw new Refusal(400, "invalid_scope", "Invalid scopes: " + scope);
            }
        }
        return tokens.response(client, issuer, List.of(scope.split(" ")).contains("openid"));
    }

    static String first(Map<String, List<String>> form, String name) {
        return form.containsKey(name) ? form.get(name).getFirst() : null;
    }

    private static WebResponse error(int status, String error, String description) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        if (description != null) {
            body.put("error_description", description);
        }
        return WebResponse.json(status, body);
    }

    /** What Keycloak 26.7.3 says about itself (wire/captures.md A27, shortened to what clients use). */
    static final class Discovery {
        static final List<String> SCOPES = words("openid profile email address phone offline_access roles web-origins "
                + "microprofile-jwt acr basic service_account organization");

        private Discovery() {}

        /** The document of {@code issuer}. */
        static Map<String, Object> document(String issuer) {
            String protocol = issuer + "/protocol/openid-connect";
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("issuer", issuer);
            document.put("authorization_endpoint", protocol + "/auth");
            document.put("token_endpoint", protocol + "/token");
            document.put("introspection_endpoint", protocol + "/token/introspect");
            document.put("userinfo_endpoint", protocol + "/userinfo");
            document.put("end_session_endpoint", protocol + "/logout");
            document.put("jwks_uri", protocol + "/certs");
            document.put(
                    "grant_types_supported",
                    words("authorization_code client_credentials implicit password refresh_token "
                            + "urn:ietf:params:oauth:grant-type:device_code urn:ietf:params:oauth:grant-type:jwt-bearer "
                            + "urn:ietf:params:oauth:grant-type:token-exchange urn:ietf:params:oauth:grant-type:uma-ticket "
                            + "urn:openid:params:grant-type:ciba"));
            document.put("response_types_supported", words("code none id_token token"));
            document.put("subject_types_supported", words("public pairwise"));
            document.put("id_token_signing_alg_values_supported", words("RS256 ES256 PS256 EdDSA HS256"));
            document.put(
                    "token_endpoint_auth_methods_supported",
                    words("private_key_jwt client_secret_basic client_secret_post tls_client_auth client_secret_jwt"));
            document.put("scopes_supported", SCOPES);
            document.put("code_challenge_methods_supported", words("plain S256"));
            document.put("authorization_response_iss_parameter_supported", true);
            document.put("device_authorization_endpoint", protocol + "/auth/device");
            document.put("revocation_endpoint", protocol + "/revoke");
            document.put("registration_endpoint", issuer + "/clients-registrations/openid-connect");
            document.put("mtls_endpoint_aliases", Map.of("token_endpoint", protocol + "/token"));
            return document;
        }

        private static List<String> words(String text) {
            return List.of(text.split(" "));
        }
    }
}
