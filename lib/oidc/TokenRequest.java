//SOURCES ../base/Problem.java ../base/Secret.java ../http/Http.java ../http/Request.java ../http/Response.java
//SOURCES ClientAuth.java Grant.java OAuthError.java Provider.java TokenResponse.java

package lib.oidc;

import module java.base;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Http;
import lib.http.Request;
import lib.http.Request.Form;
import lib.http.Response;

/**
 * A request for a token.
 *
 * @param provider who gives the token
 * @param client the client that asks for it, with its credentials
 * @param grant what is given in exchange
 * @param scope the scopes, separated by blanks, or null for the client's defaults
 * @param parameters what the person wants to send along
 * @param http sends it
 */
public record TokenRequest(
        Provider provider, ClientAuth client, Grant grant, String scope, List<Parameter> parameters, Http http) {

    /**
     * A parameter of a request. The value may be secret: {@code toString} shows the name alone.
     *
     * @param name its name
     * @param value its value
     */
    public record Parameter(String name, String value) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Sends it; {@link Problem} if no token comes back. */
    public TokenResponse send() {
        return grant.redeem(this);
    }

    /** What decides which token comes back and is not secret; {@link #credentials} has the rest. */
    public List<String> identity() {
        List<String> identity = new ArrayList<>(provider.identity());
        identity.add(client.method());
        identity.add(client.clientId());
        identity.add(grant.type());
        identity.add(grant.user() == null ? "" : grant.user());
        identity.add(scope == null ? "" : scope);
        for (Parameter parameter : parameters) {
            identity.add(parameter.name());
        }
        return identity;
    }

    /** The secrets that decide which token comes back; the values of parameters may be secret. */
    public List<Secret> credentials() {
        List<Secret> credentials = new ArrayList<>(grant.secrets());
        if (client.secret() != null) {
            credentials.add(client.secret());
        }
        for (Parameter parameter : parameters) {
            credentials.add(new Secret(parameter.value()));
        }
        return credentials;
    }

    /**
     * Whether a refresh token from an earlier response is tried first. It saves a person another login, and a refresh
     * token that was rotated is no longer valid itself. A refresh may lose what the parameters of a login asked for.
     */
    public boolean isRefreshable() {
        return isRefresh() || grant.isPersonal() && parameters.isEmpty();
    }

    /** The request for the same token with a refresh token (RFC 6749, section 6). */
    public TokenRequest refreshing(Secret refreshToken) {
        // The refresh token of a login has the scope already. Scope and parameters of a refresh hold for one response.
        return new TokenRequest(
                provider,
                client,
                Grant.refreshToken(refreshToken),
                isRefresh() ? scope : null,
                isRefresh() ? parameters : List.of(),
                http);
    }

    private boolean isRefresh() {
        return grant.type().equals(Grant.Plain.REFRESH_TOKEN);
    }

    /** {@code parameters} with the scope, which only the first request of a grant names. */
    List<Parameter> withScope(List<Parameter> parameters) {
        if (scope == null) {
            return parameters;
        }
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter("scope", scope));
        return more;
    }

    /** The token that the token endpoint gives for the grant with {@code parameters}. */
    TokenResponse token(List<Parameter> parameters) {
        Response response = post(Provider.Endpoint.TOKEN, parameters);
        TokenResponse token = TokenResponse.read(response);
        if (token == null) {
            throw OAuthError.problem(response, this);
        }
        return token;
    }

    /** The response of {@code endpoint} to {@code parameters}, the client's credentials and the person's parameters. */
    Response post(Provider.Endpoint endpoint, List<Parameter> parameters) {
        return send(endpoint, new Post(this, endpoint, parameters));
    }

    /** The response of {@code endpoint} to the request that {@code maker} makes. */
    Response send(Provider.Endpoint endpoint, Function<URI, Request> maker) {
        return provider.send(endpoint, client.isMutualTls(), maker, http);
    }

    /** Posts a form to an endpoint. It is a class because the first lambda of a run would take longer than the rest. */
    private record Post(TokenRequest request, Provider.Endpoint endpoint, List<Parameter> parameters)
            implements Function<URI, Request> {
        @Override
        public Request apply(URI url) {
            Form form = new Form();
            if (endpoint == Provider.Endpoint.TOKEN) {
                form.add("grant_type", request.grant.type());
            }
            add(parameters, form);
            add(request.parameters, form);
            Request post =
                    request.client.post(url, request.provider.issuer(url), form).with("Accept", "application/json");
            // The first request uses up a code, a rotating refresh token or an assertion, whatever becomes of it.
            boolean isRepeatable = endpoint == Provider.Endpoint.TOKEN
                    && request.grant.isRepeatable()
                    && request.client.isRepeatable();
            return isRepeatable ? post.asRepeatable() : post;
        }

        private static void add(List<Parameter> parameters, Form form) {
            for (Parameter parameter : parameters) {
                form.add(parameter.name(), parameter.value());
            }
        }
    }
}
