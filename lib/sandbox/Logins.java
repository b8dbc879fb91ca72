//SOURCES ../base/Secret.java ../base/Sha256.java Clients.java KeycloakServer.java Tokens.java WebRequest.java
//SOURCES WebResponse.java

package lib.sandbox;

import module java.base;
import lib.base.Secret;
import lib.base.Sha256;

/**
 * The grants of the users {@code joe} and {@code root} (facts.md A3, A5, A6, A9). In the browser the user is already
 * logged in and agrees at once, on another device after the first poll.
 */
final class Logins {
    /** May administer the realm, see {@link AdminApi}. */
    static final String ADMINISTRATOR = "root";

    static final Secret ADMINISTRATORS_PASSWORD = new Secret("changeit");

    private static final Map<String, Secret> PASSWORDS =
            Map.of("joe", new Secret("joe-secret"), ADMINISTRATOR, ADMINISTRATORS_PASSWORD);
    private static final int INTERVAL = 5;

    private final Tokens tokens;
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private final Map<String, Device> devices = new ConcurrentHashMap<>();
    private final Map<String, Code> codes = new ConcurrentHashMap<>();

    /** A login on another device: whose it is, and when its client first polled, or null. */
    private record Device(String client, Instant polled) {}

    private record Code(String client, String redirectUri, String challenge, String scope) {}

    Logins(Tokens tokens) {
        this.tokens = tokens;
    }

    Map<String, Object> password(KeycloakServer.Asked asked) throws KeycloakServer.Refusal {
        Secret password = PASSWORDS.get(asked.text("username"));
        if (password == null || !password.equals(new Secret(asked.text("password")))) {
            throw invalid("Invalid user credentials");
        }
        return response(asked, asked.text("scope"));
    }

    Map<String, Object> refreshed(KeycloakServer.Asked asked) throws KeycloakServer.Refusal {
        String owner = refreshTokens.get(asked.text("refresh_token"));
        if (owner == null) {
            throw invalid("Invalid refresh token");
        }
        if (!owner.equals(asked.client().id())) {
            throw invalid("Invalid refresh token. Token client and authorized client don't match");
        }
        return response(asked, asked.text("scope"));
    }

    Map<String, Object> code(KeycloakServer.Asked asked) throws KeycloakServer.Refusal {
        Code code = codes.remove(asked.text("code"));
        if (code == null || !code.client().equals(asked.client().id())) {
            throw invalid("Code not valid");
        }
        if (!code.redirectUri().equals(asked.text("redirect_uri"))) {
            throw invalid("Incorrect redirect_uri");
        }
        if (!code.challenge().equals(challenge(asked.text("code_verifier")))) {
            throw invalid("PKCE verification failed: Code mismatch");
        }
        return response(asked, code.scope());
    }

    Map<String, Object> device(KeycloakServer.Asked asked) throws KeycloakServer.Refusal {
        String code = asked.text("device_code");
        Device device = devices.get(code);
        if (device == null || !device.client().equals(asked.client().id())) {
            throw invalid("Device code not valid");
        }
        Instant now = tokens.clock().instant();
        if (device.polled() == null) {
            devices.put(code, new Device(asked.client().id(), now));
            throw new KeycloakServer.Refusal(
                    400, "authorization_pending", "The authorization request is still pending");
        }
        if (now.isBefore(device.polled().plusSeconds(INTERVAL))) {
            throw new KeycloakServer.Refusal(400, "slow_down", "Slow down");
        }
        devices.remove(code);
        return response(asked, asked.text("scope"));
    }

    /** The answer to a client that asks for a login on another device. */
    Map<String, Object> begin(Clients.Client client, String issuer) {
        String code = UUID.randomUUID().toString();
        devices.put(code, new Device(client.id(), null));
        Map<String, Object> begun = new LinkedHashMap<>();
        begun.put("device_code", code);
        begun.put("user_code", "WDJB-MJHT");
        begun.put("verification_uri", issuer + "/device");
        begun.put("verification_uri_complete", issuer + "/device?user_code=WDJB-MJHT");
        begun.put("expires_in", 600);
        begun.put("interval", INTERVAL);
        return begun;
    }

    /** The login page: it redirects back at once. */
    WebResponse authorization(WebRequest request, String issuer) {
        String redirectUri = String.valueOf(request.parameter("redirect_uri"));
        if (!redirectUri.matches("http://127\\.0\\.0\\.1:\\d+/callback")) {
            return WebResponse.text(400, "text/html;charset=utf-8", "<p>Invalid parameter: redirect_uri</p>");
        }
        String code = UUID.randomUUID().toString();
        codes.put(
                code,
                new Code(
                        request.parameter("client_id"),
                        redirectUri,
                        request.parameter("code_challenge"),
                        request.parameter("scope")));
        return WebResponse.empty(302)
                .with(
                        "Location",
                        redirectUri + "?state=" + encode(request.parameter("state")) + "&iss=" + encode(issuer)
                                + "&code=" + code);
    }

    private Map<String, Object> response(KeycloakServer.Asked asked, String scope) {
        boolean openid = scope != null && List.of(scope.split(" ")).contains("openid");
        Map<String, Object> response = tokens.response(asked.client(), asked.issuer(), openid);
        String id = UUID.randomUUID().toString();
        String refreshToken = tokens.mint(asked.issuer(), Map.of("typ", "Refresh", "jti", id), Map.of());
        refreshTokens.put(refreshToken, asked.client().id());
        response.put("refresh_expires_in", 1800);
        response.put("refresh_token", refreshToken);
        response.put("session_state", UUID.randomUUID().toString());
        return response;
    }

    private static KeycloakServer.Refusal invalid(String description) {
        return new KeycloakServer.Refusal(400, "invalid_grant", description);
    }

    private static String challenge(String verifier) {
        byte[] hash = Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
