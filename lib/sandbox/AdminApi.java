//SOURCES ../base/Secret.java ../json/Json.java Clients.java KeycloakServer.java Logins.java Tokens.java WebRequest.java
//SOURCES WebResponse.java

package lib.sandbox;

import module java.base;
import lib.base.Secret;
import lib.json.Json;

/**
 * What regclient uses of Keycloak's Admin REST API (facts A10): clients, their secrets and service accounts, realm
 * roles. It answers as Keycloak 26.7.3 does, which {@code tests/real/AdminApiOnKeycloakTest} compares. Of a client's
 * settings, tokens follow those that {@link Clients.Client} has; the others are only kept.
 */
final class AdminApi {
    /** The realm of Keycloak's own administrators. */
    static final String MASTER = "master";

    /** The client that administrators log in through. */
    static final Clients.Client ADMIN_CLI = new Clients.Client("admin-cli", null, List.of(), true, false, 60);

    private static final String LIFESPAN = "access.token.lifespan";

    /** What a client has unless it was made or changed to something else. */
    private static final String UNCHANGED = """
            {"protocol":"openid-connect","bearerOnly":false,"clientAuthenticatorType":"client-secret",\
            "standardFlowEnabled":false,"implicitFlowEnabled":false,"fullScopeAllowed":true,"redirectUris":[],\
            "attributes":{}}""";

    /** The scopes that a new client gets, and the tokens of this sandbox have. */
    private static final List<String> SCOPES =
            List.of("web-origins", "service_account", "acr", "profile", "roles", "basic", "email");

    private final Map<String, Clients.Client> clients;
    private final Map<String, Map<String, Object>> settings = new ConcurrentHashMap<>();
    private final Map<String, Boolean> tokens = new ConcurrentHashMap<>();
    private final Set<String> roles = new LinkedHashSet<>(List.of("auth", "user"));

    /** The administration of {@code clients}, by their IDs. */
    AdminApi(Map<String, Clients.Client> clients) {
        this.clients = clients;
        roles.addAll(Tokens.EVERYBODYS_ROLES);
    }

    /** Remembers whose token {@code response} has: only {@code root} is an administrator. */
    void loggedIn(String user, Map<String, Object> response) {
        tokens.put((String) response.get("access_token"), user.equals(Logins.ADMINISTRATOR));
    }

    /** The answer to a request for {@code path}, which is relative to {@code /admin/realms/}. */
    synchronized WebResponse answer(WebRequest request, String path) {
        String authorization = String.valueOf(request.header("Authorization"));
        Boolean isAdministrator = tokens.get(authorization.replaceFirst("^Bearer ", ""));
        if (isAdministrator == null) {
            return error(401, "HTTP 401 Unauthorized");
        }
        String[] parts = path.split("/", 4);
        if (!parts[0].equals(KeycloakServer.REALM)) {
            return error(404, "Realm not found.");
        }
        if (!isAdministrator) {
            return error(403, "HTTP 403 Forbidden");
        }
        String resource = request.method() + " " + (parts.length < 2 ? "" : parts[1]);
        if (parts.length > 2) {
            String rest = request.method() + " " + (parts.length < 4 ? "" : parts[3]);
            return switch (parts[1]) {
                case "clients" -> ofClient(rest, find(client -> id(client.id()).equals(parts[2])), request);
                case "users" -> ofUser(rest, find(client -> client.subject().equals(parts[2])), request);
                default -> notFound();
            };
        }
        return switch (resource) {
            case "GET " -> WebResponse.json(200, Map.of("realm", parts[0], "defaultSignatureAlgorithm", "RS256"));
            case "GET clients" -> clients(request.parameter("clientId"), request.parameter("search"));
            case "GET users" -> users(request.parameter("username"));
            case "POST clients" -> create(object(request));
            case "GET client-scopes" -> WebResponse.json(200, named(SCOPES));
            case "GET roles" -> WebResponse.json(200, named(roles));
            case "POST roles" -> createRole((String) object(request).get("name"));
            default -> notFound();
        };
    }

    private WebResponse clients(String clientId, String search) {
        List<Object> found = new ArrayList<>();
        for (Clients.Client client : clients.values()) {
            String id = client.id().toLowerCase(Locale.ROOT);
            if (search == null ? client.id().equals(clientId) : id.contains(clientId.toLowerCase(Locale.ROOT))) {
                found.add(description(client));
            }
        }
        return WebResponse.json(200, found);
    }

    /** The service accounts with this name, in upper or lower case; it has no other users to ask for. */
    private WebResponse users(String name) {
        Clients.Client client = find(
                each -> each.serviceAccount() && Tokens.serviceAccount(each).equalsIgnoreCase(name));
        return WebResponse.json(200, client == null ? List.of() : List.of(user(client)));
    }

    private static Map<String, Object> user(Clients.Client client) {
        return Map.of("id", client.subject(), "username", Tokens.serviceAccount(client), "enabled", true);
    }

    private WebResponse create(Map<String, Object> wanted) {
        Clients.Client named = Clients.client((String) wanted.get("clientId"), "");
        Clients.Client client = applied(wanted, named, newSecret());
        // The user of a service account has its client's ID in lower case.
        Clients.Client other = find(each -> each.id().equals(client.id())
                || client.serviceAccount() && each.serviceAccount() && each.id().equalsIgnoreCase(client.id()));
        if (other != null) {
            return exists("Client " + client.id());
        }
        clients.put(client.id(), client);
        settings.put(client.id(), wanted);
        return WebResponse.empty(201);
    }

    private WebResponse createRole(String name) {
        return roles.add(name) ? WebResponse.empty(201) : exists("Role with name " + name);
    }

    private WebResponse ofClient(String task, Clients.Client client, WebRequest request) {
        if (client == null) {
            return error(404, "Could not find client");
        }
        String scope = "PUT default-client-scopes/";
        if (task.startsWith(scope)) {
            return addScope(client, task.substring(scope.length()));
        }
        return switch (task) {
            case "PUT " -> change(client, object(request));
            case "DELETE " -> {
                clients.remove(client.id());
                settings.remove(client.id());
                yield WebResponse.empty(204);
            }
            case "GET client-secret" -> WebResponse.json(200, secret(client.secret()));
            case "POST client-secret" -> {
                Secret secret = newSecret();
                clients.put(client.id(), applied(description(client), client, secret));
                yield WebResponse.json(200, secret(secret));
            }
            case "GET scope-mappings/realm/composite" -> WebResponse.json(200, named(roles));
            case "GET service-account-user" ->
                client.serviceAccount()
                        ? WebResponse.json(200, user(client))
                        : error(400, "Service account not enabled for the client '" + client.id() + "'");
            default -> notFound();
        };
    }

    private WebResponse change(Clients.Client client, Map<String, Object> change) {
        Map<String, Object> changed = description(client);
        Map<String, Object> attributes = Json.asObject(changed.get("attributes"));
        changed.putAll(change);
        if (change.containsKey("attributes")) {
            attributes.putAll(Json.asObject(change.get("attributes")));
            changed.put("attributes", attributes);
        }
        settings.put(client.id(), changed);
        Secret secret = client.secret() == null ? newSecret() : client.secret();
        clients.put(client.id(), applied(changed, client, secret));
        return WebResponse.empty(204);
    }

    private WebResponse addScope(Clients.Client client, String id) {
        for (String name : SCOPES) {
            if (id(name).equals(id)) {
                Set<Object> scopes =
                        new LinkedHashSet<>(Json.asArray(description(client).get("defaultClientScopes")));
                scopes.add(name);
                return change(client, Map.of("defaultClientScopes", new ArrayList<>(scopes)));
            }
        }
        return error(404, "Client scope not found");
    }

    private WebResponse ofUser(String task, Clients.Client client, WebRequest request) {
        if (client == null) {
            return error(404, "User not found");
        }
        Set<String> had = new LinkedHashSet<>(client.roles());
        had.addAll(Tokens.EVERYBODYS_ROLES);
        return switch (task) {
            case "GET role-mappings/realm/composite" -> WebResponse.json(200, named(had));
            case "GET role-mappings/realm/available" -> {
                // The two others of everybody's are only had through this one.
                Set<String> available = new LinkedHashSet<>(roles);
                available.removeAll(client.roles());
                available.remove(Tokens.DEFAULT_ROLES);
                yield WebResponse.json(200, named(available));
            }
            case "POST role-mappings/realm" -> assign(client, Json.asArray(body(request)));
            default -> notFound();
        };
    }

    private WebResponse assign(Clients.Client client, List<Object> wanted) {
        List<String> had = new ArrayList<>(client.roles());
        for (Object role : wanted) {
            String name = (String) Json.asObject(role).get("name");
            if (!roles.contains(name) || !id(name).equals(Json.asObject(role).get("id"))) {
                return error(404, "Role not found");
            }
            had.add(name);
        }
        clients.put(client.id(), client.with(had));
        return WebResponse.empty(204);
    }

    /** The client as Keycloak describes it. */
    private Map<String, Object> description(Clients.Client client) {
        Map<String, Object> description = Json.object(UNCHANGED);
        description.put("id", id(client.id()));
        description.put("directAccessGrantsEnabled", client.secret() == null);
        description.put("defaultClientScopes", SCOPES);
        description.putAll(settings.getOrDefault(client.id(), Map.of()));
        if (!client.serviceAccount()) {
            List<Object> scopes = new ArrayList<>(Json.asArray(description.get("defaultClientScopes")));
            scopes.remove("service_account");
            description.put("defaultClientScopes", scopes);
        }
        description.put("clientId", client.id());
        description.put("enabled", client.enabled());
        description.put("publicClient", client.secret() == null);
        description.put("serviceAccountsEnabled", client.serviceAccount());
        Map<String, Object> attributes = new LinkedHashMap<>(Json.asObject(description.get("attributes")));
        if (client.lifetime() != Clients.LIFETIME) {
            attributes.put(LIFESPAN, Integer.toString(client.lifetime()));
        }
        description.put("attributes", attributes);
        return description;
    }

    /** {@code client} with those of {@code settings} that tokens follow. */
    private static Clients.Client applied(Map<String, Object> settings, Clients.Client client, Secret secret) {
        Map<String, Object> attributes = Json.asObject(settings.get("attributes"));
        Object lifespan = attributes == null ? null : attributes.get(LIFESPAN);
        return new Clients.Client(
                client.id(),
                Boolean.TRUE.equals(settings.get("publicClient")) ? null : secret,
                client.roles(),
                !Boolean.FALSE.equals(settings.get("enabled")),
                Boolean.TRUE.equals(settings.get("serviceAccountsEnabled")),
                lifespan == null ? Clients.LIFETIME : Integer.parseInt((String) lifespan));
    }

    private Clients.Client find(Predicate<Clients.Client> wanted) {
        return clients.values().stream().filter(wanted).findFirst().orElse(null);
    }

    private static List<Object> named(Iterable<String> names) {
        List<Object> all = new ArrayList<>();
        for (String name : names) {
            all.add(Map.of("id", id(name), "name", name));
        }
        return all;
    }

    private static Map<String, Object> secret(Secret secret) {
        return secret == null ? Map.of("type", "secret") : Map.of("type", "secret", "value", secret.reveal());
    }

    private static Secret newSecret() {
        return new Secret((UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", ""));
    }

    /** Keycloak's internal ID of what has this name. */
    private static String id(String name) {
        return UUID.nameUUIDFromBytes(("id of " + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static Map<String, Object> object(WebRequest request) {
        return Json.asObject(body(request));
    }

    private static Object body(WebRequest request) {
        try {
            return Json.parse(new String(request.body(), StandardCharsets.UTF_8));
        } catch (Json.Malformed e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static WebResponse exists(String what) {
        return WebResponse.json(409, Map.of("errorMessage", what + " already exists"));
    }

    private static WebResponse notFound() {
        return error(404, "HTTP 404 Not Found");
    }

    private static WebResponse error(int status, String error) {
        return WebResponse.json(status, Map.of("error", error));
    }
}
