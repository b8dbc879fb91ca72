//SOURCES ../base/Secret.java Exchange.java Grant.java Parameter.java TokenResponse.java

package lib.oidc;

import java.util.ArrayList;
import java.util.List;
import lib.base.Secret;

/**
 * A grant that is known from the start.
 *
 * @param type the {@code grant_type}
 * @param parameters what goes with it
 */
public record PlainGrant(String type, List<Parameter> parameters) implements Grant {
    static final String CLIENT_CREDENTIALS = "client_credentials";
    static final String REFRESH_TOKEN = "refresh_token";

    /** The client's own credentials (RFC 6749, section 4.4). */
    public static PlainGrant clientCredentials() {
        return new PlainGrant(CLIENT_CREDENTIALS, List.of());
    }

    /** A refresh token (RFC 6749, section 6). */
    public static PlainGrant refreshToken(Secret token) {
        return new PlainGrant(REFRESH_TOKEN, List.of(new Parameter(REFRESH_TOKEN, token.reveal())));
    }

    /** Any other one, by its URN (RFC 6749, section 4.5). */
    public static PlainGrant extension(String urn) {
        return new PlainGrant(urn, List.of());
    }

    @Override
    public List<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>();
        for (Parameter parameter : parameters) {
            secrets.add(new Secret(parameter.value()));
        }
        return secrets;
    }

    @Override
    public boolean isPersonal() {
        return false;
    }

    @Override
    public TokenResponse redeem(Exchange exchange) {
        return exchange.token(exchange.withScope(parameters));
    }
}
