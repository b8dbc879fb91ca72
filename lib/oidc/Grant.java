//SOURCES ../base/Secret.java TokenRequest.java TokenResponse.java

package lib.oidc;

import module java.base;
import lib.base.Secret;

/**
 * What is exchanged for a token (RFC 6749, section 1.3). A grant that takes more than one request is a class of its
 * own; {@code lib.cli.TokenOptions} gives each its name on the command line.
 */
public interface Grant {
    /** The {@code grant_type} that is sent. */
    String type();

    /** The user whose token is requested, or null if the grant names none. */
    default String user() {
        return null;
    }

    /** The secrets in it that are known before anything is asked. */
    default List<Secret> secrets() {
        return List.of();
    }

    /** Whether a person has to log in, so that a refresh token from the last login is tried first. */
    default boolean isPersonal() {
        return true;
    }

    /** Whether the token request may be sent twice. */
    default boolean isRepeatable() {
        return false;
    }

    /** What to do if the provider calls the grant invalid and does not say why. */
    default String onInvalid() {
        return "the login took too long, or its code was already used: start again";
    }

    /** Requests the token; {@link lib.base.Problem} if there is none. */
    TokenResponse redeem(TokenRequest request);

    /** The client's own credentials (RFC 6749, section 4.4). */
    static Plain clientCredentials() {
        return new Plain(Plain.CLIENT_CREDENTIALS, null, List.of());
    }

    /** A refresh token (RFC 6749, section 6). */
    static Grant refreshToken(Secret token) {
        TokenRequest.Parameter parameter = new TokenRequest.Parameter(Plain.REFRESH_TOKEN, token.reveal());
        return new Plain(Plain.REFRESH_TOKEN, null, List.of(parameter));
    }

    /** Any other grant, by its URN (RFC 6749, section 4.5). */
    static Grant extension(String urn) {
        return new Plain(urn, null, List.of());
    }

    /**
     * A grant of one request, whose parameters are known from the start.
     *
     * @param type the {@code grant_type}
     * @param user the user whose token is requested, or null
     * @param parameters what is sent besides
     */
    record Plain(String type, String user, List<TokenRequest.Parameter> parameters) implements Grant {
        static final String CLIENT_CREDENTIALS = "client_credentials";
        static final String REFRESH_TOKEN = "refresh_token";

        @Override
        public List<Secret> secrets() {
            List<Secret> secrets = new ArrayList<>();
            for (TokenRequest.Parameter parameter : parameters) {
                secrets.add(new Secret(parameter.value()));
            }
            return secrets;
        }

        @Override
        public boolean isPersonal() {
            return false;
        }

        @Override
        public boolean isRepeatable() {
            return type.equals(CLIENT_CREDENTIALS);
        }

        @Override
        public String onInvalid() {
            return type.equals(REFRESH_TOKEN)
                    ? "the refresh token is no longer valid: log in again"
                    : "the provider does not take the grant " + type + " in this form; see --grant and --param";
        }

        @Override
        public TokenResponse redeem(TokenRequest request) {
            return request.token(request.withScope(parameters));
        }
    }

    /**
     * A user's name and password (RFC 6749, section 4.3).
     *
     * @param user the user's name
     * @param known the password, or null to ask for it
     * @param question asks for the password, only when no refresh token will do
     * @param totp the one-time code of a second factor, or null
     */
    record Password(String user, Secret known, Supplier<Secret> question, Secret totp) implements Grant {
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
        public String onInvalid() {
            return "check --username and the password";
        }

        @Override
        public TokenResponse redeem(TokenRequest request) {
            List<TokenRequest.Parameter> parameters = parameters(user, known == null ? question.get() : known);
            if (totp != null) {
                parameters.add(new TokenRequest.Parameter("totp", totp.reveal()));
            }
            return request.token(request.withScope(parameters));
        }

        /** The parameters that name the user and the password. */
        static List<TokenRequest.Parameter> parameters(String user, Secret password) {
            List<TokenRequest.Parameter> parameters = new ArrayList<>();
            parameters.add(new TokenRequest.Parameter("username", user));
            parameters.add(new TokenRequest.Parameter("password", password.reveal()));
            return parameters;
        }
    }
}
