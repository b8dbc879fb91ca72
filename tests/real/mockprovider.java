///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS no.nav.security:mock-oauth2-server:6.0.2

import module java.base;
import no.nav.security.mock.oauth2.MockOAuth2Server;

/**
 * An OpenID provider that is not Keycloak, on a free port, until standard input ends. It is a program of its own, so
 * that nobody but {@code AnyProviderTest} fetches what it is made of.
 */
public class mockprovider {
    public static void main(String... arguments) throws IOException {
        MockOAuth2Server server = new MockOAuth2Server();
        server.start();
        System.out.println("issuer " + server.issuerUrl("hospital"));
        System.in.transferTo(OutputStream.nullOutputStream());
        server.shutdown();
    }
}
