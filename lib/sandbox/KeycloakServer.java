//SOURCES ../base/Secret.java AdminApi.java Clients.java Logins.java Tokens.java WebRequest.java WebResponse.java
//SOURCES WebServer.java

package lib.sandbox;

import module java.base;
import lib.base.Secret;

/**
 * An OpenID provider that answers as Keycloak 26.7.3 does, for the one realm {@code dcm4che} (wire/captures.md A and P;
 * facts.md A1-A8), with the part of its Admin API that regclient uses. Administrators may log in to {@code master} too.
 */
public final class KeycloakServer implements AutoCloseable {
    /** The one realm; its name is case-sensitive. */
    public static final String REALM = "dcm4che";

    private static final Map<String, String> UNCACHED = Map.of("Cache-Control", "no-store", "Pragma", "no-cache");
    private static final List<String> SCOPES =
            List.of(("openid profile email address phone offline_access roles web-origins"
                            + " microprofile-jwt acr basic service_account organization")
                    .split(" "));
    private static final String DISCOVERY = ".well-known/openid-configuration";
    private static final String CERTS = "protocol/openid-connect/certs";
    private static final String AUTHORIZATION = "protocol/openid-connect/auth";
    private static final String DEVICE = "protocol/openid-connect/auth/device";
    private static final String TOKEN = "protocol/openid-connect/token";
    private static final Set<String> ENDPOINTS = Set.of(DISCOVERY, CERTS, AUTHORIZATION, DEVICE, TOKEN);

    private final Map<String, Clients.Client> clients = new ConcurrentHashMap<>();
    private final Tokens tokens;
    private final Logins logins;
    private final AdminApi admin = new AdminApi(clients);
    private final WebServer web;
    private volatile boolean issuerFollowsHost;
    private volatile String prefix = "";

    private interface Grant {
        Map<String, Object> response(Asked asked) throws Refusal;
    }

    /** A request to the token endpoint by a client that has proved who it is. */
    record Asked(Clients.Client client, Map<String, List<String>> form, String issuer) {
        /** The form's field {@code name}; empty if it is missing. */
        String text(String name) {
            return form.containsKey(name) ? form.get(name).getFirst() : "";
        }
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
        for (Clients.Client client : Clients.ALL) {
            register(client);
        }
        register(AdminApi.ADMIN_CLI);
        web = new WebServer(this::handle, tls, null);
    }

    /** What stands before the path of each address, such as {@code /auth}; mostly nothing. */
    String prefix() {
        return prefix;
    }

    /** The fixed issuer; see {@link #issuerFollowsHost}. */
    public String issuer() {
        return web.http() + prefix + "/realms/" + REALM;
    }

    /** The web server, with the requests it received and the faults to inject. */
    public WebServer web() {
        return web;
    }

    /** Whether issuer and endpoints follow the request's scheme and Host, as with start-dev, or are fixed. */
    public void issuerFollowsHost(boolean follows) {
        issuerFollowsHost = follows;
    }

    /** Serves below {@code /auth}, as Keycloak did before 17; an empty prefix undoes it. */
    public void servePrefix(String newPrefix) {
        prefix = newPrefix;
    }

    /** Adds a client, or replaces the one with its ID. */
    public void register(Clients.Client client) {
        clients.put(client.id(), client);
    }

    /** Replaces the signing key; tokens signed with the old one become invalid. */
    public void rotateKey() {
        tokens.rotateKey();
    }

    /** The signing key with this ID, or null. */
    PublicKey key(String kid) {
        return tokens.key(kid);
    }

    /** An access token of client {@code curl} with these claims and header fields changed; null removes one. */
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
        String administration = prefix + "/admin/realms/";
        if (path.startsWith(administration)) {
            return admin.answer(request, path.substring(administration.length()));
        }
        String realms = prefix + "/realms/";
        if (!path.startsWith(realms)) {
            return error(404, "Unable to find matching target resource method", null);
        }
        String[] parts = path.substring(realms.length()).split("/", 2);
        String name = parts.length == 1 ? "" : parts[1].replaceFirst("/$", "");
        boolean isMaster = parts[0].equals(AdminApi.MASTER) && name.equals(TOKEN);
        if (!isMaster && !parts[0].equals(REALM)) {
            return error(404, "Realm does not exist", null);
        }
        if (!ENDPOINTS.contains(name) && !name.startsWith("protocol/openid-connect/")) {
            return error(404, "HTTP 404 Not Found", null);
        }
        boolean isPost = name.equals(TOKEN) || name.equals(DEVICE);
        if (!ENDPOINTS.contains(name) || isPost != request.method().equals("POST")) {
            return error(405, "HTTP 405 Method Not Allowed", null);
        }
        String issuer = (issuerFollowsHost ? request.origin() : web.http()) + prefix + "/realms/" + parts[0];
        return switch (name) {
            case CERTS -> WebResponse.json(200, tokens.jwks()).with("Cache-Control", "no-cache");
            case AUTHORIZATION -> logins.authorization(request, issuer);
            case DEVICE -> answer(() -> logins.begin(authenticated(request), issuer));
            case TOKEN -> answer(() -> granted(request, issuer));
            default ->
                WebResponse.text(200, "application/json", discovery(issuer))
                        .with("Cache-Control", "no-cache, must-revalidate, no-transform, no-store");
        };
    }

    /** Makes the members of a token response. */
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

    private Map<String, Object> granted(WebRequest request, String issuer) throws Refusal {
        Map<String, List<String>> form = request.form();
        String type = first(form, "grant_type");
        if (type == null) {
            throw new Refusal(400, "invalid_request", "Missing form parameter: grant_type");
        }
        Grant grant = switch (type) {
            case "client_credentials" -> this::clientCredentials;
            case "password" -> logins::password;
            case "refresh_token" -> logins::refreshed;
            case "authorization_code" -> logins::code;
            case "urn:ietf:params:oauth:grant-type:device_code" -> logins::device;
            default -> throw new Refusal(400, "unsupported_grant_type", "Unsupported grant_type");
        };
        Clients.Client client = authenticated(request);
        for (List<String> values : form.values()) {
            if (values.size() > 1) {
                throw new Refusal(400, "invalid_request", "duplicated parameter");
            }
        }
        if (issuer.endsWith("/" + AdminApi.MASTER) && client != AdminApi.ADMIN_CLI) {
            throw unknownClient();
        }
        Asked asked = new Asked(client, form, issuer);
        Map<String, Object> response = grant.response(asked);
        admin.loggedIn(asked.text("username"), response);
        return response;
    }

    private Clients.Client authenticated(WebRequest request) throws Refusal {
        String authorization = request.header("Authorization");
        Map<String, List<String>> form = request.form();
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

    // RFC 6749, section 2.3.1: client ID and secret are form-encoded, then joined.
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

    private Map<String, Object> clientCredentials(Asked asked) throws Refusal {
        Clients.Client client = asked.client();
        if (client.secret() == null) {
            throw new Refusal(401, "unauthorized_client", "Public client not allowed to retrieve service account");
        }
        if (!client.serviceAccount()) {
            throw new Refusal(401, "unauthorized_client", "Client not enabled to retrieve service account");
        }
        String scope = asked.text("scope");
        for (String name : scope.split(" ")) {
            if (!name.isEmpty() && !SCOPES.contains(name)) {
                throw new Refusal(400, "invalid_scope", "Invalid scopes: " + scope);
            }
        }
        return tokens.response(client, asked.issuer(), List.of(scope.split(" ")).contains("openid"));
    }

    private static String first(Map<String, List<String>> form, String name) {
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

    /** The discovery document of Keycloak 26.7.3 (wire/captures.md A27), reduced to what clients use. */
    private static String discovery(String issuer) {
        return """
                {"issuer":"ISSUER","authorization_endpoint":"ISSUER/protocol/openid-connect/auth",\
                "token_endpoint":"ISSUER/protocol/openid-connect/token",\
                "jwks_uri":"ISSUER/protocol/openid-connect/certs",\
                "device_authorization_endpoint":"ISSUER/protocol/openid-connect/auth/device",\
                "mtls_endpoint_aliases":{"token_endpoint":"ISSUER/protocol/openid-connect/token"},\
                "authorization_response_iss_parameter_supported":true}""".replace("ISSUER", issuer);
    }
}
