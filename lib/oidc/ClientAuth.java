//SOURCES ../base/Secret.java ../http/Form.java ../http/Request.java

package lib.oidc;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import lib.base.Secret;
import lib.http.Form;
import lib.http.Request;

/**
 * How a client proves to the token endpoint who it is (OpenID Connect Core, section 9).
 *
 * @param method one of {@link #METHODS}
 * @param clientId the client's identifier
 * @param secret its secret, or null for a public client
 */
public record ClientAuth(String method, String clientId, Secret secret) {
    private static final String POST = "client_secret_post";
    private static final String BASIC = "client_secret_basic";
    private static final String NONE = "none";

    /** The methods known here; the first is safest across all versions of Keycloak (facts A4). */
    public static final List<String> METHODS = List.of(POST, BASIC, NONE);

    /** The client {@code clientId}, by {@code method}. */
    public static ClientAuth of(String method, String clientId, Secret secret) {
        return new ClientAuth(method, clientId, secret);
    }

    /** Whether {@code method} goes by the client's secret. */
    public static boolean needsSecret(String method) {
        return !method.equals(NONE);
    }

    /** A request to {@code endpoint} with {@code form} and this client's proof. */
    Request post(URI endpoint, Form form) {
        if (method.equals(BASIC)) {
            String credentials = Form.encode(clientId) + ":" + Form.encode(secret.reveal());
            String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            return Request.post(endpoint, form).with("Authorization", "Basic " + encoded);
        }
        form.add("client_id", clientId);
        if (method.equals(POST)) {
            form.add("client_secret", secret.reveal());
        }
        return Request.post(endpoint, form);
    }
}
