//SOURCES ../base/Secret.java

package lib.sandbox;

import module java.base;
import lib.base.Secret;

/** The clients of the sandbox's realm: one that works, and one for each reason to refuse a client. */
public final class Clients {
    /** How long access tokens live unless a client says otherwise, in seconds. */
    static final int LIFETIME = 300;

    /** Has every role that the archive requires. */
    public static final Client CURL = client("curl", "curl-secret-0123456789", "auth");

    /** Gets tokens that have none of the archive's roles. */
    public static final Client NO_ROLE = client("curl-norole", "norole-secret");

    /** Has only the role that archives before 5.32 required. */
    public static final Client USER_ONLY = client("curl-useronly", "useronly-secret", "user");

    /** Gets tokens that live 20 seconds. */
    public static final Client SHORT =
            new Client("curl-short", new Secret("short-secret"), List.of("auth"), true, true, 20);

    /** Has no service account. */
    public static final Client NO_SERVICE_ACCOUNT =
            new Client("curl-nosa", new Secret("nosa-secret"), List.of(), true, false, LIFETIME);

    /** Is disabled. */
    public static final Client DISABLED =
            new Client("curl-disabled", new Secret("disabled-secret"), List.of(), false, true, LIFETIME);

    /** Is a public client: it has no secret. */
    public static final Client PUBLIC = new Client("curl-public", null, List.of(), true, false, LIFETIME);

    static final List<Client> ALL = List.of(CURL, NO_ROLE, USER_ONLY, SHORT, NO_SERVICE_ACCOUNT, DISABLED, PUBLIC);

    private Clients() {}

    /**
     * A client of the realm.
     *
     * @param id the client ID
     * @param secret its secret; null for a public client
     * @param roles realm roles of its service account, besides those that all users have
     * @param enabled whether it is enabled
     * @param serviceAccount whether it has a service account
     * @param lifetime how long its access tokens live, in seconds
     */
    public record Client(
            String id, Secret secret, List<String> roles, boolean enabled, boolean serviceAccount, int lifetime) {

        /** The ID of its service account's user. */
        public String subject() {
            return UUID.nameUUIDFromBytes(id.getBytes()).toString();
        }

        Client with(List<String> newRoles) {
            return new Client(id, secret, newRoles, enabled, serviceAccount, lifetime);
        }
    }

    /** A confidential client with a service account. */
    public static Client client(String id, String secret, String... roles) {
        return new Client(id, new Secret(secret), List.of(roles), true, true, LIFETIME);
    }
}
