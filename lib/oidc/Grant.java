//SOURCES ../base/Secret.java BrowserGrant.java DeviceGrant.java Exchange.java PasswordGrant.java PlainGrant.java
//SOURCES TokenResponse.java

package lib.oidc;

import java.util.List;
import lib.base.Secret;

/** What is given in exchange for a token (RFC 6749, section 1.3). */
public sealed interface Grant permits PlainGrant, PasswordGrant, DeviceGrant, BrowserGrant {
    /** The {@code grant_type} that is sent. */
    String type();

    /** The user that it is for, or null where it names none. */
    default String user() {
        return null;
    }

    /** What it holds that is secret, as far as it is known before anybody is asked. */
    default List<Secret> secrets() {
        return List.of();
    }

    /** Whether it takes a person, so that a refresh token from the last time is better than to ask again. */
    boolean isPersonal();

    /** The token for it; {@link lib.base.Problem} where there is none. */
    TokenResponse redeem(Exchange exchange);
}
