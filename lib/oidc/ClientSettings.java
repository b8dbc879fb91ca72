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
    private static final String LIGHTWEIGHT = "client.use.lightweight.access.token.enabled";
    private static final String DEVICE_FLOW = "oauth2.device.authorization.grant.enabled";
    private static final String ALGORITHM = "access.token.signed.response.alg";
    private static final String FULL_SCOPE = "fullScopeAllowed";
    // The only one that the archive accepts (facts B3).
    private static final String RS256 = "RS256";

    /** Ways for people to log in; the client gets its tokens with or without them. */
    private static final List<String> FLOWS =
            List.of("standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled", DEVICE_FLOW);

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
     * @param isAttribute whether it is an attribute
     * @param wanted its wanted value
     * @param fault what is wrong, of the client: "it is public"
     */
    record Difference(String name, boolean isAttribute, Object wanted, String fault) {
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
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("clientId", clientId);
        description.put("protocol", "openid-connect");
        for (Difference difference : plain(Map.of())) {
            description.put(difference.name(), difference.wanted());
        }
        description.put(REDIRECT_URIS, List.of(redirectUri == null ? "/" : redirectUri));
        Map<String, Object> attributes = new LinkedHashMap<>(Map.of(ALGORITHM, RS256));
        if (tokenLifespan != null) {
            attributes.put(LIFESPAN, tokenLifespan.toString());
        }
        description.put(ATTRIBUTES, attributes);
        return description;
    }

    /**
     * What differs in {@code found}, Keycloak's description of a client.
     *
     * @param usual the algorithm of clients that name none; null if it is not known
     */
    List<Difference> differences(Map<String, Object> found, Supplier<String> usual) {
        List<Difference> differences = plain(found);
        Map<String, Object> attributes = Json.asObject(found.get(ATTRIBUTES));
        attributes = attributes == null ? Map.of() : attributes;
        addIfOn(differences, attributes, DEVICE_FLOW, "its device flow is on");
        addIfOn(differences, attributes, LIGHTWEIGHT, "its tokens are lightweight, without roles");
        addIfOn(differences, attributes, "dpop.bound.access.tokens", "its tokens are bound to a DPoP key");
        addIfOn(
                differences,
                attributes,
                "tls.client.certificate.bound.access.tokens",
                "its tokens are bound to a client certificate");
        Object named = attributes.get(ALGORITHM);
        Object algorithm = named == null || named.equals("") ? usual.get() : named;
        if (algorithm != null && !algorithm.equals(RS256)) {
            differences.add(
                    new Difference(ALGORITHM, true, RS256, "its tokens are signed with " + algorithm + ", not RS256"));
        }
        String lifespan = tokenLifespan == null ? null : tokenLifespan.toString();
        if (lifespan != null && !lifespan.equals(attributes.get(LIFESPAN))) {
            Object other = attributes.get(LIFESPAN);
            differences.add(new Difference(
                    LIFESPAN,
                    true,
                    lifespan,
                    other == null || other.equals("")
                            ? "its tokens live as long as the realm says, not " + lifespan + " s"
                            : "its tokens live " + other + " s, not " + lifespan));
        }
        if (redirectUri != null && !List.of(redirectUri).equals(found.get(REDIRECT_URIS))) {
            differences.add(new Difference(
                    REDIRECT_URIS,
                    false,
                    List.of(redirectUri),
                    "its redirect URIs are " + Json.compact(found.get(REDIRECT_URIS))));
        }
        return differences;
    }

    /** The client scopes that {@code found} lacks: one adds the roles to tokens, the other the subject. */
    List<String> missingScopes(Map<String, Object> found) {
        List<Object> scopes = Json.asArray(found.get("defaultClientScopes"));
        List<String> missing = new ArrayList<>();
        for (String scope : List.of("roles", "basic")) {
            if (scopes != null && !scopes.contains(scope)) {
                missing.add(scope);
            }
        }
        return missing;
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

    private static List<Difference> plain(Map<String, Object> found) {
        List<Difference> differences = new ArrayList<>();
        add(differences, found, "enabled", true, "it is disabled");
        add(differences, found, "publicClient", false, "it is public");
        add(differences, found, "bearerOnly", false, "it is bearer-only");
        Object authenticator = found.get("clientAuthenticatorType");
        add(
                differences,
                found,
                "clientAuthenticatorType",
                "client-secret",
                "it authenticates by " + authenticator + " and not by a secret");
        add(differences, found, SERVICE_ACCOUNT, true, "its service account is off");
        add(differences, found, "standardFlowEnabled", false, "its standard flow is on");
        add(differences, found, "implicitFlowEnabled", false, "its implicit flow is on");
        add(differences, found, "directAccessGrantsEnabled", false, "its direct access grants are on");
        add(differences, found, FULL_SCOPE, true, "its full scope is off");
        return differences;
    }

    private static void addIfOn(
            List<Difference> differences, Map<String, Object> attributes, String name, String fault) {
        if ("true".equals(attributes.get(name))) {
            differences.add(new Difference(name, true, "false", fault));
        }
    }

    private static void add(
            List<Difference> differences, Map<String, Object> found, String name, Object wanted, String fault) {
        if (!wanted.equals(found.get(name))) {
            differences.add(new Difference(name, false, wanted, fault));
        }
    }
}
