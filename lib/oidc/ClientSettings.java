//SOURCES ../base/Problem.java ../json/Json.java

package lib.oidc;

import module java.base;
import lib.base.Problem;
import lib.json.Json;

/**
 * The settings of a client that gets tokens for the archive for itself: confidential, enabled, with a service account,
 * with its roles in its tokens, and without other ways to log in.
 *
 * @param realm its realm
 * @param clientId the client's identifier
 * @param redirectUri its redirect URI, or null for any; a new client then gets {@code /}
 * @param tokenLifespan for how many seconds its access tokens are valid, or null for what the realm says
 */
public record ClientSettings(String realm, String clientId, String redirectUri, Integer tokenLifespan) {
    private static final String SERVICE_ACCOUNT = "serviceAccountsEnabled";
    private static final String ATTRIBUTES = "attributes";
    private static final String REDIRECT_URIS = "redirectUris";
    private static final String LIFESPAN = "access.token.lifespan";
    private static final String DEVICE_FLOW = "oauth2.device.authorization.grant.enabled";
    private static final String ALGORITHM = "access.token.signed.response.alg";
    private static final String FULL_SCOPE = "fullScopeAllowed";
    // The only one that the archive accepts (facts B3).
    private static final String RS256 = "RS256";

    /** Ways for people to log in; the client gets its tokens with or without them. */
    private static final List<String> FLOWS =
            List.of("standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled", DEVICE_FLOW);

    /** What every client is to have; VALUE stands for what it has. */
    private static final List<Difference> SETTINGS = List.of(
            new Difference("enabled", true, "it is disabled"),
            new Difference("publicClient", false, "it is public"),
            new Difference("bearerOnly", false, "it is bearer-only"),
            new Difference("clientAuthenticatorType", "client-secret", "it authenticates by VALUE and not by a secret"),
            new Difference(SERVICE_ACCOUNT, true, "its service account is off"),
            new Difference("standardFlowEnabled", false, "its standard flow is on"),
            new Difference("implicitFlowEnabled", false, "its implicit flow is on"),
            new Difference("directAccessGrantsEnabled", false, "its direct access grants are on"),
            new Difference(FULL_SCOPE, true, "its full scope is off"),
            new Difference(DEVICE_FLOW, "false", "its device flow is on"),
            new Difference(
                    "client.use.lightweight.access.token.enabled",
                    "false",
                    "its tokens are lightweight, without roles"),
            new Difference("dpop.bound.access.tokens", "false", "its tokens are bound to a DPoP key"),
            new Difference(
                    "tls.client.certificate.bound.access.tokens",
                    "false",
                    "its tokens are bound to a client certificate"));

    // Without these nobody could log in to the realm, or administer it; master has one more for each realm.
    private static final List<String> OWN =
            List.of("account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console");

    /** Refuses a client of Keycloak's own. */
    public ClientSettings {
        if (OWN.contains(clientId) || realm.equals("master") && clientId.endsWith("-realm")) {
            throw Problem.usage("client " + clientId + " is Keycloak's own", "choose another name with --client-id");
        }
    }

    /**
     * A setting of an existing client that differs from the wanted one.
     *
     * @param name the member of Keycloak's description of a client, or of its attributes
     * @param wanted its wanted value
     * @param fault what is wrong, of the client: "it is public"
     */
    record Difference(String name, Object wanted, String fault) {
        /** Whether it is an attribute: their names alone have dots. */
        boolean isAttribute() {
            return name.indexOf('.') > 0;
        }

        /** Whether it is the service account, which an existing client may always be given. */
        boolean isServiceAccount() {
            return name.equals(SERVICE_ACCOUNT);
        }

        /** Whether it excludes a service account: Keycloak wants clients with a secret for that. */
        boolean excludesServiceAccount() {
            return name.equals("publicClient") || name.equals("bearerOnly");
        }

        /** Whether its tokens have only the roles that are mapped to its scope. */
        boolean isFullScope() {
            return name.equals(FULL_SCOPE);
        }

        /** Whether the client gets tokens for the archive nevertheless. */
        boolean isHarmless() {
            return FLOWS.contains(name) || name.equals(REDIRECT_URIS) || name.equals(LIFESPAN);
        }
    }

    /** The description of a new client. */
    Map<String, Object> description() {
        Map<String, Object> description = change(differences(Map.of(), () -> "the realm's default"));
        description.put("protocol", "openid-connect");
        description.putIfAbsent(REDIRECT_URIS, List.of("/"));
        return description;
    }

    /**
     * What differs in {@code found}, Keycloak's description of a client.
     *
     * @param usual the algorithm of clients that name none; null if it is not known
     */
    List<Difference> differences(Map<String, Object> found, Supplier<String> usual) {
        Map<String, Object> values = new HashMap<>();
        if (Json.asObject(found.get(ATTRIBUTES)) instanceof Map<String, Object> attributes) {
            values.putAll(attributes);
        }
        values.putAll(found);
        values.values().removeIf(value -> value == null || value.equals(""));
        List<Difference> differences = new ArrayList<>();
        for (Difference setting : SETTINGS) {
            // An attribute that is off may be absent.
            Object value = values.getOrDefault(setting.name(), setting.isAttribute() ? "false" : null);
            if (!setting.wanted().equals(value)) {
                differences.add(new Difference(
                        setting.name(), setting.wanted(), setting.fault().replace("VALUE", String.valueOf(value))));
            }
        }
        Object named = values.get(ALGORITHM);
        Object algorithm = named == null ? usual.get() : named;
        if (algorithm != null && !algorithm.equals(RS256)) {
            differences.add(
                    new Difference(ALGORITHM, RS256, "its tokens are signed with " + algorithm + ", not RS256"));
        }
        Object other = values.get(LIFESPAN);
        if (tokenLifespan != null && !tokenLifespan.toString().equals(other)) {
            differences.add(new Difference(
                    LIFESPAN,
                    tokenLifespan.toString(),
                    other == null
                            ? "its tokens live as long as the realm says, not " + tokenLifespan + " s"
                            : "its tokens live " + other + " s, not " + tokenLifespan));
        }
        Object uris = values.get(REDIRECT_URIS);
        if (redirectUri != null && !List.of(redirectUri).equals(uris)) {
            differences.add(
                    new Difference(REDIRECT_URIS, List.of(redirectUri), "its redirect URIs are " + Json.compact(uris)));
        }
        return differences;
    }

    /** The client scopes that {@code found} lacks: one adds the roles to tokens, the other the subject. */
    List<String> missingScopes(Map<String, Object> found) {
        List<Object> scopes = Json.asArray(found.get("defaultClientScopes"));
        return scopes == null
                ? List.of()
                : Stream.of("roles", "basic")
                        .filter(scope -> !scopes.contains(scope))
                        .toList();
    }

    /** The description that removes {@code differences}; Keycloak keeps what it does not name (facts A10). */
    Map<String, Object> change(List<Difference> differences) {
        Map<String, Object> change = new LinkedHashMap<>();
        Map<String, Object> attributes = new LinkedHashMap<>();
        change.put("clientId", clientId);
        for (Difference difference : differences) {
            (difference.isAttribute() ? attributes : change).put(difference.name(), difference.wanted());
        }
        if (!attributes.isEmpty()) {
            change.put(ATTRIBUTES, attributes);
        }
        return change;
    }
}
