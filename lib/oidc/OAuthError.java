//SOURCES ../base/Printable.java ../base/Problem.java ../http/Http.java ../http/Redacted.java ../http/Response.java
//SOURCES ../json/Json.java ClientAuth.java Provider.java TokenRequest.java

package lib.oidc;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Response;
import lib.json.Json;

/**
 * What a token endpoint says when it refuses a request (RFC 6749, section 5.2), and what to do about it. Keycloak tells
 * most causes apart only by its description: the advice goes by the texts of Keycloak 26 (facts A6), and names the
 * screen or the option that helps.
 *
 * @param code the member {@code error}, or null if there is none
 * @param description the member {@code error_description}, or null
 */
record OAuthError(String code, String description) {
    /** What Keycloak says where a realm is not to be used over http. */
    static final String HTTPS_REQUIRED = "HTTPS required";

    static final String USE_HTTPS = "the realm requires it (Realm settings > General > Require SSL): use https in the"
            + " URL; if it is https, the proxy in front of Keycloak must say so (KC_PROXY_HEADERS)";

    private static final int MAX_READ = 1 << 14;
    private static final int MAX_SHOWN = 300;

    /** Descriptions, whole or up to the dots of a part of them, and what to do; the first that fits counts. */
    private static final String ADVICE = HTTPS_REQUIRED + " | " + USE_HTTPS + """

            Requested audience not available... | check that --param audience=... is a client's ID, and that the user \
            may have its roles (Clients > CLIENT > Client scopes)
            Audience not found | check that --param audience=... is a client's ID, and that the user may have its \
            roles (Clients > CLIENT > Client scopes)
            Public client not allowed... | turn on Clients > CLIENT > Settings > Client authentication, and Service \
            accounts roles
            Bearer-only... | CLIENT only accepts tokens; choose or make another client (--client-id)
            Client not allowed for direct access grants... | turn on Clients > CLIENT > Settings > Direct access \
            grants
            Device Authorization Grant... | turn on Clients > CLIENT > Settings > OAuth 2.0 Device Authorization \
            Grant
            Standard flow is disabled... | turn on Clients > CLIENT > Settings > Standard flow
            Standard token exchange is not enabled... | turn on Clients > CLIENT > Settings > Standard Token Exchange
            Client not enabled to retrieve service account | turn on Clients > CLIENT > Settings > Service accounts \
            roles
            DPoP proof is missing | this kit makes no DPoP proofs: turn off Clients > CLIENT > Settings > Require DPoP \
            bound tokens
            Client Certification missing for MTLS... | name the client's certificate with --cert, or turn off Clients \
            > CLIENT > Advanced > OAuth 2.0 Mutual TLS Certificate Bound Access Tokens Enabled
            User 'service-account-... | turn on Users > service-account-CLIENT > Enabled
            Realm not enabled | turn on the realm: Realm settings > Enabled
            Invalid user credentials | wrong name or password for USER, a one-time code is due (--totp), or the user \
            is locked for a while (Users > USER > Temporarily locked)
            Account disabled | turn on Users > USER > Enabled
            Account is not fully set up | USER must complete an action first: log in once in a browser, or clear \
            Users > USER > Required user actions, and any temporary password
            Missing parameter: username | name the user with --username
            Invalid refresh token. Token client... | the refresh token belongs to another client: name that one with \
            --client-id
            Invalid refresh token | it has expired, was used before or is not a refresh token: log in again (--grant \
            password, device_code or authorization_code)
            Session not active | the session has ended (Users > Sessions): log in again (--grant password, \
            device_code or authorization_code)
            No refresh token | give --refresh-token-file FILE
            Code not valid | the login took too long, or its code was already used: start again
            PKCE verification failed: Code mismatch | the login took too long, or its code was already used: start \
            again
            Invalid token audience... | the assertion names the URL given here as its audience; give --issuer with \
            the name in the provider's discovery document
            Token is not active | compare the clocks of this machine and of the server: an assertion lives for a \
            minute
            Parameter client_assertion_type is missing | the client signs its requests (Clients > CLIENT > \
            Credentials > Client Authenticator): use --auth-method private_key_jwt or client_secret_jwt
            Invalid token | check that the token has not expired and that its aud has CLIENT: see Client scopes > \
            Mappers > Audience of the client that it was issued to
            Client is not within the token audience | check that the token has not expired and that its aud has \
            CLIENT: see Client scopes > Mappers > Audience of the client that it was issued to
            """;

    /** What {@code response} says; without a code if it is no such error. */
    static OAuthError of(Response response) {
        Map<String, Object> members = Json.object(response.text());
        return new OAuthError(text(members, "error"), text(members, "error_description"));
    }

    private static String text(Map<String, Object> members, String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    /** Whether a user's name or password is wrong. */
    boolean isWrongPassword() {
        return "Invalid user credentials".equals(description);
    }

    /** Whether the user's name and password are right, but the account is not ready. */
    boolean knowsUser() {
        return "Account disabled".equals(description) || "Account is not fully set up".equals(description);
    }

    /** Whether the client may not log users in by their passwords. */
    boolean isAboutDirectGrants() {
        return description != null && description.startsWith("Client not allowed for direct access grants");
    }

    /** Whether the client is refused, and not what it asks for. */
    boolean isAboutClient() {
        return "invalid_client".equals(code) || "unauthorized_client".equals(code);
    }

    /** The problem that {@code response}, which is no success, stands for. */
    static Problem problem(Response response, TokenRequest request) {
        OAuthError error = of(response);
        if (error.code == null) {
            return withoutError(response, request);
        }
        String said = response.shown(error.said(), MAX_SHOWN);
        if (response.status() >= 500) {
            return Problem.serverFailed(
                    request.provider().name() + " failed: " + response.status() + " " + said,
                    "look into its log for this minute");
        }
        // Keycloak answers 405 to a misspelt last segment (facts A1).
        if (Provider.KeycloakUrl.isMissing(response) || response.status() == 405) {
            return noSuchEndpoint(response, request, said);
        }
        return error.refusal(request, said);
    }

    /** The problem that this error is, as the answer to {@code request}. */
    Problem refusal(TokenRequest request) {
        return refusal(request, Printable.cut(Redacted.text(said()), MAX_SHOWN));
    }

    private Problem refusal(TokenRequest request, String said) {
        String advice = description == null ? null : onDescription(request);
        return Problem.refused(
                request.provider().name() + " refused " + what() + ": " + said,
                advice == null ? onCode(request) : advice);
    }

    private String what() {
        return switch (code) {
            case "invalid_client", "unauthorized_client" -> "the client";
            case "invalid_scope" -> "the scope";
            case "invalid_grant" -> "the grant";
            default -> "the request";
        };
    }

    private String said() {
        return description == null ? code : code + ": " + description;
    }

    private static Problem withoutError(Response response, TokenRequest request) {
        String host = Http.authority(response.uri());
        if (response.status() >= 500) {
            return Problem.serverFailed(host + " answered " + response.status(), "look into its log for this minute");
        }
        if (response.status() == 404) {
            return noSuchEndpoint(response, request, "not found");
        }
        if (response.status() >= 300 && response.status() < 400) {
            return Problem.refused(
                    host + " redirects to " + response.shown(Redacted.url(response.header("Location")), MAX_SHOWN),
                    "secrets are not sent to where a redirect leads; use that URL yourself");
        }
        String challenge = response.header("WWW-Authenticate");
        if (response.status() == 401 && challenge != null && challenge.startsWith("Bearer")) {
            return Problem.refused(
                    host + " wants a token itself (401): it is not a token endpoint", Provider.NOT_THE_ARCHIVE);
        }
        String said = said(response);
        if (said.isEmpty() && challenge != null) {
            said = challenge;
        }
        return Problem.refused(
                request.provider().name() + " refused the request: " + response.status() + " "
                        + response.shown(said, 200),
                response.status() == 401 && challenge != null && challenge.regionMatches(true, 0, "Basic", 0, 5)
                        ? onAnyProvider(request)
                        : "check that this is the token endpoint of an OpenID provider");
    }

    /** What a server says of a refusal, in one of its forms (facts A6); empty if it is nothing for people. */
    static String said(Response response) {
        String text = response.beginning(MAX_READ).strip();
        String message = Json.errorMessage(text);
        // JSON without a message may be the secret of a client.
        return message != null ? message : text.startsWith("{") || text.startsWith("[") ? "" : text;
    }

    private static Problem noSuchEndpoint(Response response, TokenRequest request, String said) {
        return Problem.refused(
                Http.authority(response.uri()) + " has no token endpoint at "
                        + response.uri().getPath() + ": " + Printable.cut(said, MAX_SHOWN),
                "check the URL: --keycloak is what comes before /realms, and not the archive (--url)"
                        + (request.provider().realm() == null ? "; --token-endpoint takes the whole" : ""));
    }

    /** What to do about what Keycloak describes; null if it is nothing known. */
    private String onDescription(TokenRequest request) {
        String user = request.grant().user();
        for (String row : ADVICE.split("\n")) {
            String text = row.substring(0, row.indexOf(" | "));
            int more = text.indexOf("...");
            boolean isThisOne = more < 0 ? description.equals(text) : description.contains(text.substring(0, more));
            // Other providers have no such screens, and may mean something else by the same words.
            if (isThisOne && (request.provider().isKeycloak() || !row.contains(" > "))) {
                return row.substring(text.length() + 3)
                        .replace("CLIENT", request.client().clientId())
                        .replace("USER", user == null ? "the user" : user);
            }
        }
        boolean isOfAssertion = description.contains("JWT token")
                || description.equals("Unable to load public key")
                || description.contains("signed JWT failed");
        return isOfAssertion && request.provider().isKeycloak() ? onAssertion(request) : null;
    }

    private static String onAssertion(TokenRequest request) {
        String client = request.client().clientId();
        return request.client().method().equals(ClientAuth.SECRET_JWT)
                ? wrongSecret(client)
                : "the key is not the one in Clients > " + client
                        + " > Keys, or signs with an algorithm not allowed in "
                        + "Credentials > Signature algorithm (a JWK can name its own with \"alg\")";
    }

    private String onCode(TokenRequest request) {
        String client = request.client().clientId();
        if (!request.provider().isKeycloak() && (isAboutClient() || code.equals("invalid_scope"))) {
            return isAboutClient()
                    ? onAnyProvider(request)
                    : "leave out --scope, or ask for scopes that the provider has for client " + client;
        }
        return switch (code) {
            case "Realm does not exist" ->
                "is realm " + request.provider().realm() + " spelt as in Keycloak, upper and lower case? see --realm";
            case "unauthorized_client" -> onCredentials(request);
            case "invalid_client" ->
                request.client().isMutualTls()
                        ? "is client " + client + " spelt as in Keycloak and enabled, does it expect this certificate "
                                + "(Clients > " + client
                                + " > Credentials > Subject DN), and did the server ask for it? see --cert"
                        : "is client " + client + " spelt as in Keycloak, upper and lower case, enabled, and made for "
                                + request.client().method() + "? see Clients, and there Credentials";
            case "invalid_scope" ->
                request.scope() == null
                        ? "see Clients > " + client + " > Client scopes"
                        : "leave out --scope, or add " + request.scope() + " in Clients > " + client
                                + " > Client scopes";
            case "unsupported_grant_type" ->
                "this provider does not know the grant " + request.grant().type() + "; see --grant";
            case "expired_token" -> "nobody confirmed the login in time: run it again";
            case "access_denied" ->
                request.grant().isPersonal()
                        ? "the login was cancelled, or consent was not given: run it again"
                        : "look into the provider's log for this minute";
            case "invalid_grant" -> request.grant().onInvalid();
            case "invalid_request" ->
                request.provider().isKeycloak()
                        ? "a client policy may require more: see Realm settings > Client policies, or Keycloak's log"
                        : "compare the options with what the provider requires for this grant; see --param";
            default -> "look into the provider's log for this minute";
        };
    }

    private static String onAnyProvider(TokenRequest request) {
        String method = request.client().method();
        return "check --client-id, " + (ClientAuth.needsSecret(method) ? "its secret" : "how it authenticates")
                + ", and that it may use this grant"
                + (method.equals(ClientAuth.POST)
                        ? "; some providers want --auth-method client_secret_basic"
                        : "; it must be made for " + method);
    }

    private static String onCredentials(TokenRequest request) {
        String client = request.client().clientId();
        return switch (request.client().method()) {
            case ClientAuth.NONE -> "client " + client + " is not public: give its secret, without --auth-method none";
            case ClientAuth.PRIVATE_KEY_JWT, ClientAuth.MUTUAL_TLS ->
                "is client " + client + " made for " + request.client().method() + "? see Clients > " + client
                        + " > Credentials > Client Authenticator";
            default -> wrongSecret(client);
        };
    }

    private static String wrongSecret(String client) {
        return "wrong secret for client " + client + "; copy it again from Clients > " + client + " > Credentials";
    }
}
