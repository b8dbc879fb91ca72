//SOURCES ../base/Secret.java Exchange.java Grant.java Parameter.java TokenResponse.java

package lib.oidc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import lib.base.Secret;

/**
 * A user's name and password (RFC 6749, section 4.3).
 *
 * @param user the user's name
 * @param known the password, or null where somebody is to be asked for it
 * @param question asks for it; nobody is disturbed while a refresh token will do
 * @param totp the one-time code of a second factor, or null
 */
public record PasswordGrant(String user, Secret known, Supplier<Secret> question, Secret totp) implements Grant {
    static final String TYPE = "password";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<Secret> secrets() {
        return known == null ? List.of() : List.of(known);
    }

    @Override
    public boolean isPersonal() {
        return true;
    }

    @Override
    public TokenResponse redeem(Exchange exchange) {
        Secret password = known == null ? question.get() : known;
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter("username", user));
        parameters.add(new Parameter("password", password.reveal()));
        if (totp != null) {
            parameters.add(new Parameter("totp", totp.reveal()));
        }
        return exchange.token(exchange.withScope(parameters));
    }
}
