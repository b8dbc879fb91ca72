//SOURCES ../base/Exit.java ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Redacted.java
//SOURCES ../http/Request.java ../http/Response.java ../json/Json.java ClientAuth.java Grant.java OAuthError.java
//SOURCES Provider.java TokenRequest.java TokenResponse.java

package lib.oidc;

import module java.base;
import lib.base.Exit;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Redacted;
import lib.http.Request;
import lib.http.Request.Form;
import lib.http.Response;
import lib.json.Json;

/**
 * The part of Keycloak's Admin REST API that registers clients, for one realm (facts A10): clients, roles and who has
 * them. A refusal is a {@link Problem} that names the role which the administrator lacks.
 *
 * @param keycloak where Keycloak is
 * @param realm the realm to change
 * @param login the administrator
 * @param http sends the requests
 */
public record KeycloakAdmin(Provider.KeycloakUrl keycloak, String realm, Login login, Http http) {
    private static final String MANAGE_CLIENTS = "manage-clients";
    private static final String MANAGE_USERS = "manage-users";
    private static final String MANAGE_REALM = "manage-realm";

    /** The administration of {@code realm} at the base URL {@code keycloak}. */
    public KeycloakAdmin(URI keycloak, String realm, Login login, Http http) {
        this(new Provider.KeycloakUrl(keycloak), realm, login, http);
    }

    /** The base URL that answered: with or without {@code /auth}. */
    public URI base() {
        return URI.create(keycloak.base());
    }

    /** The client with this identifier as Keycloak describes it, or null if there is none. */
    Map<String, Object> client(String clientId) {
        String path = "/clients?clientId=" + Form.encode(clientId);
        return list(path, "look for clients", "clientId").values().stream()
                .findFirst()
                .orElse(null);
    }

    /** The realm's client scopes by their names. */
    Map<String, Map<String, Object>> clientScopes() {
        return list("/client-scopes", "see client scopes", "name");
    }

    /** The client's secret, or null if it has none. */
    Secret secret(String id) {
        return value(get("/clients/" + id + "/client-secret", "read the secrets of clients"));
    }

    /** A new secret for the client; the old one is invalid from then on. */
    Secret newSecret(String id) {
        Response response = done("POST", "/clients/" + id + "/client-secret", null, "change secrets of clients");
        Secret secret = value(response);
        if (secret == null) {
            throw senseless(response);
        }
        return secret;
    }

    /** The user that is the client's service account, as Keycloak describes it. */
    Map<String, Object> serviceAccount(String id) {
        Response response = get("/clients/" + id + "/service-account-user", "see the service accounts of clients");
        return object(response, "id");
    }

    /** Whether there is a user with this name; false where the administrator may not see users. */
    boolean hasUser(String name) {
        Response response = getIfAllowed("/users?exact=true&username=" + Form.encode(name), "look for users");
        return response != null && !list(response, "id").isEmpty();
    }

    /** The client with a service account whose identifier is this one in upper or lower case; null if none is. */
    String clientWithAccount(String clientId) {
        String path = "/clients?search=true&clientId=" + Form.encode(clientId);
        Map<String, Map<String, Object>> found = list(path, "look for clients", "clientId");
        found.values().removeIf(client -> !Boolean.TRUE.equals(client.get("serviceAccountsEnabled")));
        return found.keySet().stream()
                .filter(clientId::equalsIgnoreCase)
                .findFirst()
                .orElse(null);
    }

    /** The names of the realm roles that a client's tokens may have while its full scope is off. */
    Set<String> scopeRoles(String id) {
        return list("/clients/" + id + "/scope-mappings/realm/composite", "see the scope of clients", "name")
                .keySet();
    }

    /** The algorithm that signs the tokens of clients which name none; null where the administrator cannot see it. */
    String signatureAlgorithm() {
        Response response = getIfAllowed("", "see the realm");
        return response != null && object(response).get("defaultSignatureAlgorithm") instanceof String name
                ? name
                : null;
    }

    /** The names of the realm's roles, or null where the administrator may not see them. */
    Set<String> roles() {
        Response response = getIfAllowed("/roles", "see the realm's roles");
        return response == null ? null : list(response, "name").keySet();
    }

    /** The names of the realm roles that the user has, directly or through other roles and groups. */
    Set<String> rolesOf(String user) {
        return list(mappings(user) + "/composite", "see the roles of users", "name")
                .keySet();
    }

    /** The realm roles that the user could be given, by their names, as Keycloak describes them. */
    Map<String, Map<String, Object>> rolesFor(String user) {
        return list(mappings(user) + "/available", "see the roles of users", "name");
    }

    /** The path of the realm roles that the user has directly. */
    static String mappings(String user) {
        return "/users/" + user + "/role-mappings/realm";
    }

    /**
     * Makes a change.
     *
     * @param path below the realm's
     * @param body what is written as JSON, or null; Keycloak keeps what it does not name
     * @param task what the administrator may not be allowed to do: {@code create clients}
     */
    void change(String method, String path, Object body, String task) {
        done(method, path, body, task).close();
    }

    private Response get(String path, String task) {
        return done("GET", path, null, task);
    }

    /** The response, or null where the administrator may not see it. */
    private Response getIfAllowed(String path, String task) {
        Response response = send("GET", path, null);
        if (response.status() == 403) {
            response.close();
            return null;
        }
        return requireDone(response, task);
    }

    private Response done(String method, String path, Object body, String task) {
        return requireDone(send(method, path, body), task);
    }

    /** The response. An expired token, a wrong base URL and an unknown realm are dealt with here. */
    private Response send(String method, String path, Object body) {
        String full = "/admin/realms/" + Provider.segment(realm) + path;
        Response response = keycloak.send(full, url -> request(method, url, body, login.token(http)), http);
        if (response.status() == 401) {
            response.close();
            response = keycloak.send(full, url -> request(method, url, body, login.renew(http)), http);
        }
        if (response.status() == 404 && response.text().contains("Realm not found")) {
            throw Problem.refused(
                    "there is no realm " + realm, "is it spelt as in Keycloak, upper and lower case? see --realm");
        }
        return response;
    }

    private static Request request(String method, URI url, Object body, Secret token) {
        Request request = method.equals("GET")
                ? Request.get(url)
                : Request.json(method, url, body == null ? null : Json.compact(body));
        return request.with("Authorization", "Bearer " + token.reveal()).with("Accept", "application/json");
    }

    private Response requireDone(Response response, String task) {
        int status = response.status();
        if (status / 100 == 2) {
            return response;
        }
        // A page comes from a proxy, which knows nothing of roles.
        if (status == 403 && !response.mediaType().equals("text/html")) {
            response.close();
            String path = response.uri().getPath();
            throw forbidden(
                    task,
                    path.endsWith("/roles") ? MANAGE_REALM : path.contains("/users") ? MANAGE_USERS : MANAGE_CLIENTS);
        }
        if (status / 100 == 3) {
            response.close();
            throw Problem.refused(
                    Http.authority(response.uri()) + " redirects to "
                            + response.shown(Redacted.url(response.header("Location")), 300),
                    "an administrator's token is not sent to where a redirect leads; use that URL yourself");
        }
        throw refusal(response, task);
    }

    private static Problem refusal(Response response, String task) {
        int status = response.status();
        String said = status + " " + response.shown(OAuthError.said(response), 300);
        if (status >= 500) {
            return Problem.serverFailed(
                    "keycloak failed to " + task + ": " + said,
                    "look into its log for this minute, then run this again; what is done is kept");
        }
        String hint = switch (status) {
            case 400 -> onBadRequest(response, said);
            case 401 -> "log in as another administrator, see --admin-user and --admin-realm";
            case 409 ->
                "run this again, if something else changed the realm at the same time; otherwise the"
                        + " name is taken, perhaps in other letters";
            default -> "see --keycloak, --realm";
        };
        return Problem.refused("keycloak refused to " + task + ": " + said, hint);
    }

    private static String onBadRequest(Response response, String said) {
        Map<String, Object> members = Json.object(response.beginning(1000));
        // An executor of a policy describes errors as OAuth does, the Admin API in its own way (facts A10).
        boolean isOfPolicy = members.get("error_description") != null && !"invalid_input".equals(members.get("error"));
        String policy = isOfPolicy ? "a client policy forbids it: see Realm settings > Client policies" : null;
        String redirect = said.contains("edirect") ? "choose another --redirect-uri" : null;
        return policy == null
                ? redirect == null ? "see --keycloak, --realm" : redirect
                : redirect == null ? policy : policy + ", or " + redirect;
    }

    private Problem forbidden(String task, String role) {
        // An administrator in master has roles of a client of master that stands for the realm.
        String holder = login.realm.equals(realm) ? "realm-management" : realm + "-realm";
        String needed = MANAGE_CLIENTS
                + (role.equals(MANAGE_REALM) ? ", " + MANAGE_USERS + " and " + MANAGE_REALM : " and " + MANAGE_USERS);
        return Problem.refused(
                login.name + " may not " + task + " in realm " + realm + ": the role " + role + " of client " + holder
                        + " is missing",
                "give " + login.name + " of realm " + login.realm + " the roles " + needed + " of client " + holder
                        + ", which are enough, or log in as another administrator"
                        + (login.isLastRealm()
                                ? ""
                                : ", such as " + login.name + " of realm master (--admin-realm master)"));
    }

    private static Object parsed(Response response) {
        try {
            return Json.parse(response.text());
        } catch (Json.Malformed e) {
            throw senseless(response);
        }
    }

    /** The objects in the array at {@code path}, by the text in their {@code member}. */
    private Map<String, Map<String, Object>> list(String path, String task, String member) {
        return list(get(path, task), member);
    }

    private static Map<String, Map<String, Object>> list(Response response, String member) {
        List<Object> list = Json.asArray(parsed(response));
        if (list == null) {
            throw senseless(response);
        }
        Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
        for (Object element : list) {
            Map<String, Object> object = object(element, response, "id", member);
            objects.put((String) object.get(member), object);
        }
        return objects;
    }

    private static Map<String, Object> object(Response response, String... members) {
        return object(parsed(response), response, members);
    }

    /** The object that {@code value} is, with a text for each of {@code members}. */
    private static Map<String, Object> object(Object value, Response response, String... members) {
        Map<String, Object> object = Json.asObject(value);
        for (String member : members) {
            object = object != null && object.get(member) instanceof String ? object : null;
        }
        if (object == null) {
            throw senseless(response);
        }
        return object;
    }

    private static Secret value(Response response) {
        return object(response).get("value") instanceof String value && !value.isEmpty() ? new Secret(value) : null;
    }

    private static Problem senseless(Response response) {
        return Problem.serverFailed(
                Http.authority(response.uri()) + " answered " + response.status() + " to "
                        + response.uri().getPath() + " in another way than Keycloak does",
                "check that no proxy or login page is in front of it; see --keycloak");
    }

    /**
     * An administrator of a Keycloak, who logs in when a token is needed, and again when it has expired: the tokens of
     * the realm {@code master} live for a minute (facts A10).
     */
    public static final class Login {
        /** The client that every realm of a Keycloak has for Keycloak's own command line (facts A10). */
        private static final String ADMIN_CLI = "admin-cli";

        // What to call the administrator in a sentence: root, or client boss.
        private final String name;
        private final URI keycloak;
        private final List<String> realms;
        private final ClientAuth client;
        private final Grant.Plain grant;
        private String realm;
        private Secret token;

        private Login(String name, URI keycloak, List<String> realms, ClientAuth client, Grant.Plain grant) {
            this.name = name;
            this.keycloak = keycloak;
            this.realms = realms;
            this.client = client;
            this.grant = grant;
        }

        /**
         * A user as administrator.
         *
         * @param keycloak the base URL
         * @param realms the realms to log in to, the most likely first
         */
        public static Login ofUser(
                String user, Secret password, URI keycloak, List<String> realms, InstantSource clock) {
            ClientAuth client = new ClientAuth(ClientAuth.NONE, ADMIN_CLI, null, clock);
            Grant.Plain grant = new Grant.Plain(Grant.Password.TYPE, user, Grant.Password.parameters(user, password));
            return new Login(user, keycloak, realms, client, grant);
        }

        /** The service account of a client as administrator; see {@link #ofUser}. */
        public static Login ofClient(
                String clientId, Secret secret, URI keycloak, List<String> realms, InstantSource clock) {
            ClientAuth client = new ClientAuth(ClientAuth.POST, clientId, secret, clock);
            return new Login("client " + clientId, keycloak, realms, client, Grant.clientCredentials());
        }

        /** The token of the last login; the first call logs in. */
        Secret token(Http http) {
            return token == null ? renew(http) : token;
        }

        /** A new token, by another login. */
        Secret renew(Http http) {
            List<String> candidates = realm == null ? realms : List.of(realm);
            List<Refusal> refusals = new ArrayList<>();
            for (String candidate : candidates) {
                TokenRequest request =
                        new TokenRequest(Provider.keycloak(keycloak, candidate), client, grant, null, List.of(), http);
                Response response = request.post(Provider.Endpoint.TOKEN, grant.parameters());
                TokenResponse issued = TokenResponse.read(response);
                if (issued != null) {
                    token = issued.accessToken();
                    realm = candidate;
                    return token;
                }
                Problem problem = OAuthError.problem(response, request);
                if (problem.exit() != Exit.REFUSED) {
                    throw problem;
                }
                refusals.add(new Refusal(candidate, OAuthError.of(response), problem));
            }
            throw refused(refusals);
        }

        /** Whether there is no other realm to log in to. */
        boolean isLastRealm() {
            return realm.equals(realms.getLast());
        }

        private record Refusal(String realm, OAuthError error, Problem problem) {}

        private Problem refused(List<Refusal> refusals) {
            // Of a user whom a realm does not know it says the same as of a wrong password.
            Refusal telling = refusals.getFirst();
            for (Refusal refusal : refusals) {
                telling = telling.error.isWrongPassword() || refusal.error.knowsUser() ? refusal : telling;
            }
            List<Refusal> told = telling.error.knowsUser() ? List.of(telling) : refusals;
            String tried = told.stream().map(Refusal::realm).collect(Collectors.joining(" nor to "));
            String reasons = told.stream()
                    .map(refusal -> refusal.problem.getMessage())
                    .distinct()
                    .collect(Collectors.joining("; "));
            return Problem.refused(
                    name + " cannot log in to realm " + tried + ": " + reasons,
                    hint(telling) + "; --admin-realm names another realm");
        }

        /** What to do; advice for users would name options and clients that an administrator does not use. */
        private String hint(Refusal refusal) {
            if (refusal.error.isWrongPassword()) {
                return "check the name and the password; a user who needs a one-time code cannot log in here, but a"
                        + " client can (--admin-client-id)";
            }
            if (refusal.error.knowsUser() || refusal.error.isAboutDirectGrants()) {
                return "in realm " + refusal.realm + ", " + refusal.problem.hint();
            }
            return client.method().equals(ClientAuth.NONE) && refusal.error.isAboutClient()
                    ? "administrators log in through client " + client.clientId()
                            + ", which every realm of a Keycloak has"
                            + " and must be enabled (Clients)"
                    : refusal.problem.hint();
        }
    }
}
