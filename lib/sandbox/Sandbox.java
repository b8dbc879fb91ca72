//SOURCES ../base/Io.java ArchiveServer.java Certificates.java KeycloakServer.java Routes.java

package lib.sandbox;

import module java.base;
import lib.base.Io;

/**
 * An OpenID provider and an archive that trusts it, on free ports of 127.0.0.1, for the demo and for tests.
 *
 * <p>The provider's issuer is its http URL on both ports: the archive accepts tokens from either.
 */
public class Sandbox implements AutoCloseable {
    private final Certificates.Identity identity;
    private final KeycloakServer provider;
    private final ArchiveServer archive;

    /** Starts it with this clock and certificate. */
    public Sandbox(InstantSource clock, Certificates.Identity identity) {
        this.identity = identity;
        this.provider = new KeycloakServer(identity.context(), clock);
        this.archive = new ArchiveServer(identity.context(), clock);
        archive.trust(provider::issuer, provider::key);
    }

    /** Starts it with the system's clock. */
    public static Sandbox start() {
        return new Sandbox(Io.system("sandbox").clock(), Certificates.loopback());
    }

    /** The provider's base URL over http, as {@code --keycloak} takes it. */
    public URI keycloak() {
        return URI.create(provider.web().http() + provider.prefix());
    }

    /** The provider's base URL over https. */
    public URI keycloakHttps() {
        return URI.create(provider.web().https() + provider.prefix());
    }

    /** The archive's base URL over http, as {@code --url} takes it. */
    public URI archive() {
        return URI.create(archive.web().http() + Routes.Call.CONTEXT);
    }

    /** The archive's base URL over https. */
    public URI archiveHttps() {
        return URI.create(archive.web().https() + Routes.Call.CONTEXT);
    }

    /** The certificate of both servers. */
    public Certificates.Identity identity() {
        return identity;
    }

    /** The provider. */
    public KeycloakServer provider() {
        return provider;
    }

    /** The archive. */
    public ArchiveServer archiveServer() {
        return archive;
    }

    /** Stops both immediately. */
    @Override
    public void close() {
        provider.close();
        archive.close();
    }
}
