//SOURCES ../base/Problem.java ../base/Secret.java ../http/Form.java ../http/Http.java ../http/Request.java
//SOURCES ../http/Response.java Endpoint.java OAuthError.java Parameter.java Place.java PlainGrant.java
//SOURCES TokenRequest.java TokenResponse.java

package lib.oidc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Form;
import lib.http.Http;
import lib.http.Request;
import lib.http.Response;

/** One conversation with a provider about one token request. */
final class Exchange {
    private static final List<String> NO_SECRETS = List.of("scope", "username", "redirect_uri");

    private final TokenRequest request;
    private final Http http;
    private final List<Secret> sent = new ArrayList<>();
    private int layout = -1;

    Exchange(TokenRequest request, Http http) {
        this.request = request;
        this.http = http;
    }

    /** What is asked for. */
    TokenRequest request() {
        return request;
    }

    /** {@code parameters} with the scope that is asked for; only the first request of a conversation names it. */
    List<Parameter> withScope(List<Parameter> parameters) {
        if (request.scope() == null) {
            return parameters;
        }
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter("scope", request.scope()));
        return more;
    }

    /** The answer of the token endpoint to the grant with {@code parameters}, which must be a token. */
    TokenResponse token(List<Parameter> parameters) {
        Response response = post(Endpoint.TOKEN, parameters);
        if (response.status() != 200) {
            throw refusal(response);
        }
        return TokenResponse.read(response);
    }

    /** The answer of {@code endpoint} to {@code parameters}, the client's proof and the person's own parameters. */
    Response post(Endpoint endpoint, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (!NO_SECRETS.contains(parameter.name())) {
                sent.add(new Secret(parameter.value()));
            }
        }
        // A code, a rotating refresh token and an assertion are spent by the first request, whatever became of it.
        boolean isRepeatable = endpoint == Endpoint.TOKEN
                && request.grant().type().equals(PlainGrant.CLIENT_CREDENTIALS)
                && request.client().isRepeatable();
        return send(endpoint, new Post(request, endpoint, parameters, isRepeatable));
    }

    /** The answer of {@code endpoint} to what {@code maker} makes of its place; of the likeliest place that has one. */
    Response send(Endpoint endpoint, RequestMaker maker) {
        List<Place> places =
                request.provider().places(endpoint, request.client().isMutualTls(), http);
        if (layout >= 0) {
            return http.send(maker.request(places.get(layout)));
        }
        Response first = null;
        for (int i = 0; i < places.size(); i++) {
            Response response = http.send(maker.request(places.get(i)));
            if (!OAuthError.meansNoSuchEndpoint(response)) {
                layout = i;
                return response;
            }
            first = first == null ? response : first;
        }
        return first;
    }

    /** {@code limit}, or what is left of the time for everything if that is less. */
    Duration within(Duration limit) {
        return http.within(limit);
    }

    /** The problem that {@code response} tells of. */
    Problem refusal(Response response) {
        return OAuthError.problem(response, request, sent);
    }

    /** Makes a request to a place; anew for each, since a client assertion names the place and is spent by it. */
    interface RequestMaker {
        /** The request. */
        Request request(Place place);
    }

    /** A class and no lambda: the first lambda of a run costs more than all the rest of this. */
    private record Post(TokenRequest request, Endpoint endpoint, List<Parameter> parameters, boolean isRepeatable)
            implements RequestMaker {
        @Override
        public Request request(Place place) {
            Form form = new Form();
            if (endpoint == Endpoint.TOKEN) {
                form.add("grant_type", request.grant().type());
            }
            add(parameters, form);
            add(request.parameters(), form);
            Request post = request.client().post(place, form).with("Accept", "application/json");
            return isRepeatable ? post.asRepeatable() : post;
        }

        private static void add(List<Parameter> parameters, Form form) {
            for (Parameter parameter : parameters) {
                form.add(parameter.name(), parameter.value());
            }
        }
    }
}
