//SOURCES BrowserGrant.java ClientAuth.java DeviceGrant.java PasswordGrant.java PlainGrant.java TokenRequest.java

package lib.oidc;

/**
 * What to do about a refusal, by the texts of Keycloak 26 (facts A6): each names the screen or the option that cures
 * it.
 */
final class Advice {
    private Advice() {}

    /** The advice on {@code error} with {@code description} (empty for none), the answer to {@code request}. */
    static String on(String error, String description, TokenRequest request) {
        String advice = onDescription(description, request);
        return advice == null ? onError(error, request) : advice;
    }

    private static String onDescription(String description, TokenRequest request) {
        String client = request.client().clientId();
        String user =
                request.grant().user() == null ? "the user" : request.grant().user();
        String settings = "Clients > " + client + " > Settings > ";
        if (description.startsWith("Requested audience not available") || description.equals("Audience not found")) {
            return "is that a client's ID, and may the user have its roles? see Clients > " + client
                    + " > Client scopes, and --param audience=...";
        }
        if (description.startsWith("Public client not allowed")) {
            return "turn on " + settings + "Client authentication, and Service accounts roles";
        }
        if (description.startsWith("Bearer-only")) {
            return client + " only accepts tokens; choose or make another client (--client-id)";
        }
        if (description.startsWith("Client not allowed for direct access grants")) {
            return "turn on " + settings + "Direct access grants";
        }
        if (description.contains("Device Authorization Grant")) {
            return "turn on " + settings + "OAuth 2.0 Device Authorization Grant";
        }
        if (description.contains("Standard flow is disabled")) {
            return "turn on " + settings + "Standard flow";
        }
        if (description.startsWith("Standard token exchange is not enabled")) {
            return "turn on " + settings + "Standard Token Exchange";
        }
        if (description.startsWith("Invalid refresh token. Token client")) {
            return "the refresh token was given to another client: name that one with --client-id";
        }
        if (description.contains("Invalid token audience")) {
            return "the assertion was made out to the URL given here; give --issuer with the name that the provider's "
                    + "discovery document has";
        }
        if (description.contains("JWT token")
                || description.equals("Unable to load public key")
                || description.contains("signed JWT failed")) {
            return onAssertion(request);
        }
        return switch (description) {
            case "Client not enabled to retrieve service account" -> "turn on " + settings + "Service accounts roles";
            case "HTTPS required" ->
                "use https in the URL; the realm wants it (Realm settings > General > Require SSL)";
            case "Realm not enabled" -> "turn on the realm: Realm settings > Enabled";
            case "Invalid user credentials" ->
                "wrong name or password for " + user + ", a one-time code is due (--totp), or the user is locked for a "
                        + "while (Users > " + user + " > Temporarily locked)";
            case "Account disabled" -> "turn on Users > " + user + " > Enabled";
            case "Account is not fully set up" ->
                user + " has something to do first: log in once in a browser, or clear Users > " + user
                        + " > Required user actions, and any temporary password";
            case "Missing parameter: username" -> "name the user with --username";
            case "Invalid refresh token" ->
                "it has expired, was used before or is none: log in again (--grant password, device_code or "
                        + "authorization_code)";
            case "Session not active", "Token is not active" ->
                description.startsWith("Session")
                        ? "the session has ended (Users > Sessions): log in again (--grant password, device_code or "
                                + "authorization_code)"
                        : "compare the clocks of this machine and of the server: an assertion lives for a minute";
            case "No refresh token" -> "give --refresh-token-file FILE";
            case "Code not valid", "PKCE verification failed: Code mismatch" ->
                "it took too long, or was used already: start the login again";
            case "Parameter client_assertion_type is missing" ->
                "the client signs its requests (Clients > " + client + " > Credentials > Client Authenticator): use "
                        + "--auth-method private_key_jwt or client_secret_jwt";
            case "Invalid token", "Client is not within the token audience" ->
                "has the token expired, and is " + client
                        + " in its aud? see Client scopes > Mappers > Audience of the " + "client that it was given to";
            default -> null;
        };
    }

    private static String onAssertion(TokenRequest request) {
        String client = request.client().clientId();
        return request.client().method().equals(ClientAuth.SECRET_JWT)
                ? "wrong secret for client " + client + "; copy it again from Clients > " + client + " > Credentials"
                : "the key is not the one in Clients > " + client
                        + " > Keys, or signs with an algorithm not allowed in "
                        + "Credentials > Signature algorithm (a JWK can name its own with \"alg\")";
    }

    private static String onError(String error, TokenRequest request) {
        String client = request.client().clientId();
        return switch (error) {
            case "Realm does not exist" ->
                "is realm " + request.provider().realm() + " spelt as in Keycloak, upper and lower case? see --realm";
            case "unauthorized_client" -> onCredentials(request);
            case "invalid_client" ->
                switch (request.client().method()) {
                    case ClientAuth.MUTUAL_TLS ->
                        "is client " + client + " spelt as in Keycloak and enabled, does it expect this certificate "
                                + "(Clients > " + client
                                + " > Credentials > Subject DN), and did the server ask for it?"
                                + " see --cert";
                    default ->
                        "is client " + client + " spelt as in Keycloak, upper and lower case, enabled, and made for "
                                + request.client().method() + "? see Clients, and there Credentials";
                };
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
                        ? "the login was cancelled, or consent not given: run it again"
                        : "look into the provider's log for this minute";
            case "invalid_grant" ->
                switch (request.grant().type()) {
                    case PasswordGrant.TYPE -> "check --username and the password";
                    case PlainGrant.REFRESH_TOKEN -> "the refresh token is no good any more: log in again";
                    case BrowserGrant.TYPE, DeviceGrant.TYPE -> "it took too long, or was used already: start again";
                    default ->
                        "the provider does not take the grant "
                                + request.grant().type() + " like this; see --grant " + "and --param";
                };
            case "invalid_request" -> "compare the options with what the provider wants for this grant; see --param";
            default -> "look into the provider's log for this minute";
        };
    }

    private static String onCredentials(TokenRequest request) {
        String client = request.client().clientId();
        return switch (request.client().method()) {
            case ClientAuth.NONE -> "client " + client + " is not public: give its secret, without --auth-method none";
            case ClientAuth.PRIVATE_KEY_JWT, ClientAuth.MUTUAL_TLS ->
                "is client " + client + " made for " + request.client().method() + "? see Clients > " + client
                        + " > Credentials > Client Authenticator";
            default ->
                "wrong secret for client " + client + "; copy it again from Clients > " + client + " > Credentials";
        };
    }
}
