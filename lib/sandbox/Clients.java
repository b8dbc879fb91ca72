//SOURCES ../base/Secret.java

package lib.sandbox;

import java.util.List;
import java.util.UUID;
import lib.base.Secret;

/** The clients of the sandbox's realm: one that works, and one for each way in which a client may not. */
public final class Clients {
    /** Has all that the archive asks for. */
    public static final Client CURL = client("curl", "curl-secret-0123456789", "auth", "user");

    /** Gets tokens, but with none of the archive's roles. */
    public static final Client NO_ROLE = client("curl-norole", "norole-secret");

    /** Has the role that was enough for archives before 5.32. */
    public static final Client USER_ONLY = client("curl-useronly", "useronly-secret", "user");

    /** Its tokens live for 20 seconds. */
    public static final Client SHORT =
            client("curl-short", "short-secret", "auth", "user").living(20);

    /** Its service account is switched off. */
    public static final Client NO_SERVICE_ACCOUNT =
            new Client("curl-nosa", new Secret("nosa-secret"), List.of(), true, false, 300);

    /** It is switched off. */
    public static final Client DISABLED =
            new Client("curl-disabled", new Secret("disabled-secret"), List.of(), false, true, 300);

    /** It has no secret. */
    public static final Client PUBLIC = new Client("curl-public", null, List.of(), true, false, 300);

    static final List<Client> ALL = List.of(CURL, NO_ROLE, USER_ONLY, SHORT, NO_SERVICE_ACCOUNT, DISABLED, PUBLIC);

    private Clients() {}

    /**
     * A client of the realm.
     *
     * @param id the client ID
     * @param secret its secret; null for a public client
     * @param roles realm roles of its service account, besides those that everybody has
     * @param enabled whether it is switched on
     * @param serviceAccount whether its service account is
     * @param lifetime how long its access tokens live, in seconds
     */
    public record Client(
            String id, Secret secret, List<String> roles, boolean enabled, boolean serviceAccount, int lifetime) {

        /** The same with another lifetime of its tokens. */
        public Client living(int seconds) {
            return new Client(id, secret, roles, enabled, serviceAccount, seconds);
        }

        /** The id of its service account's user. */
        public String subject() {
            return UUID.nameUUIDFromBytes(id.getBytes()).toString();
        }
    }

    /** A confidential client with a service account. */
    public static Client client(String id, String secret, String... roles) {
        return new Client(id, new Secret(secret), List.of(roles), true, true, 300);
    }
}
