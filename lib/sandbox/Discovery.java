package lib.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Keycloak 26.7.3 says about itself (wire/captures.md A27, shortened to what clients use). */
final class Discovery {
    static final List<String> SCOPES = words("openid profile email address phone offline_access roles web-origins "
            + "microprofile-jwt acr basic service_account organization");

    private Discovery() {}

    /** The document of {@code issuer}. */
    static Map<String, Object> document(String issuer) {
        String protocol = issuer + "/protocol/openid-connect";
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", issuer);
        document.put("authorization_endpoint", protocol + "/auth");
        document.put("token_endpoint", protocol + "/token");
        document.put("introspection_endpoint", protocol + "/token/introspect");
        document.put("userinfo_endpoint", protocol + "/userinfo");
        document.put("end_session_endpoint", protocol + "/logout");
        document.put("jwks_uri", protocol + "/certs");
        document.put(
                "grant_types_supported",
                words("authorization_code client_credentials implicit password refresh_token "
                        + "urn:ietf:params:oauth:grant-type:device_code urn:ietf:params:oauth:grant-type:jwt-bearer "
                        + "urn:ietf:params:oauth:grant-type:token-exchange urn:ietf:params:oauth:grant-type:uma-ticket "
                        + "urn:openid:params:grant-type:ciba"));
        document.put("response_types_supported", words("code none id_token token"));
        document.put("subject_types_supported", words("public pairwise"));
        document.put("id_token_signing_alg_values_supported", words("RS256 ES256 PS256 EdDSA HS256"));
        document.put(
                "token_endpoint_auth_methods_supported",
                words("private_key_jwt client_secret_basic client_secret_post tls_client_auth client_secret_jwt"));
        document.put("scopes_supported", SCOPES);
        document.put("code_challenge_methods_supported", words("plain S256"));
        document.put("authorization_response_iss_parameter_supported", true);
        document.put("device_authorization_endpoint", protocol + "/auth/device");
        document.put("revocation_endpoint", protocol + "/revoke");
        document.put("registration_endpoint", issuer + "/clients-registrations/openid-connect");
        document.put("mtls_endpoint_aliases", Map.of("token_endpoint", protocol + "/token"));
        return document;
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
