//SOURCES ../base/Secret.java ../http/Form.java ../http/Request.java Assertion.java

package lib.oidc;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import lib.base.Secret;
import lib.http.Form;
import lib.http.Request;

/**
 * How a client authenticates to the token endpoint (OpenID Connect Core, section 9; RFC 8705, section 2).
 *
 * @param method one of the constants below
 * @param clientId the client's identifier
 * @param secret its secret, the text of its private key for {@code private_key_jwt}, or null if it has neither
 * @param clock for the times in assertions
 */
public record ClientAuth(String method, String clientId, Secret secret, InstantSource clock) {
    public static final String POST = "client_secret_post";
    public static final String BASIC = "client_secret_basic";
    public static final String SECRET_JWT = "client_secret_jwt";
    public static final String PRIVATE_KEY_JWT = "private_key_jwt";
    public static final String MUTUAL_TLS = "tls_client_auth";
    public static final String NONE = "none";

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** Whether {@code method} needs the client's secret. */
    public static boolean needsSecret(String method) {
        return method.startsWith("client_secret_");
    }

    /** Whether a request may be sent twice: an assertion is valid for one request. */
    boolean isRepeatable() {
        return !method.equals(SECRET_JWT) && !method.equals(PRIVATE_KEY_JWT);
    }

    /** Whether the certificate of the TLS connection authenticates the client. */
    boolean isMutualTls() {
        return method.equals(MUTUAL_TLS);
    }

    /**
     * A POST of {@code form} with the client's credentials.
     *
     * @param url the endpoint
     * @param audience for whom an assertion is made: the provider's issuer
     */
    Request post(URI url, String audience, Form form) {
        switch (method) {
            case BASIC -> {
                String credentials = Form.encode(clientId) + ":" + Form.encode(secret.reveal());
                String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
                return Request.post(url, form).with("Authorization", "Basic " + encoded);
            }
            case SECRET_JWT, PRIVATE_KEY_JWT ->
                form.add("client_id", clientId)
                        .add("client_assertion_type", ASSERTION_TYPE)
                        .add("client_assertion", Assertion.of(this, audience));
            case POST -> form.add("client_id", clientId).add("client_secret", secret.reveal());
            default -> form.add("client_id", clientId);
        }
        return Request.post(url, form);
    }
}
