//SOURCES ../base/Exit.java ../base/Io.java ../base/Printable.java ../base/Problem.java ../http/Http.java
//SOURCES ../http/Response.java ../json/Json.java Grant.java OAuthError.java Provider.java TokenRequest.java
//SOURCES TokenResponse.java

package lib.oidc;

import module java.base;
import lib.base.Exit;
import lib.base.Io;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Http;
import lib.http.Response;
import lib.json.Json;

/**
 * A login on another device: a person types a short code there, and we poll until that is done (RFC 8628).
 *
 * @param io to show the code, and for the time
 * @param pause waits between two polls
 */
public record DeviceGrant(Io io, Consumer<Duration> pause) implements Grant {
    private static final long INTERVAL = 5;

    /** The login that waits between polls as long as the provider wants. */
    public static DeviceGrant with(Io io) {
        return new DeviceGrant(io, DeviceGrant::sleep);
    }

    @Override
    public String type() {
        return "urn:ietf:params:oauth:grant-type:device_code";
    }

    @Override
    public TokenResponse redeem(TokenRequest request) {
        Response response = request.post(Provider.Endpoint.DEVICE_AUTHORIZATION, request.withScope(List.of()));
        if (response.status() / 100 != 2) {
            throw OAuthError.problem(response, request);
        }
        Map<String, Object> begun = begun(response);
        long life = Math.min(3600, TokenResponse.seconds(begun, "expires_in", 600));
        boolean isComplete = begun.get("verification_uri_complete") instanceof String;
        Object url = begun.get(isComplete ? "verification_uri_complete" : "verification_uri");
        io.messages()
                .instruction("to log in, open " + Printable.cut((String) url, 500) + " on any device and "
                        + (isComplete ? "check" : "enter") + " the code "
                        + Printable.cut((String) begun.get("user_code"), 50) + " within " + life / 60 + " min");
        long interval = Math.clamp(TokenResponse.seconds(begun, "interval", INTERVAL), 1, 3600);
        Instant end = io.clock().instant().plusSeconds(life);
        List<TokenRequest.Parameter> parameters =
                List.of(new TokenRequest.Parameter("device_code", (String) begun.get("device_code")));
        while (true) {
            pause.accept(request.http().within(Duration.ofSeconds(interval)));
            Response answer = poll(request, parameters);
            TokenResponse token = answer == null ? null : TokenResponse.read(answer);
            if (token != null) {
                return token;
            }
            String error = answer == null ? "no answer" : OAuthError.of(answer).code();
            if (!"authorization_pending".equals(error)) {
                if (answer != null && !"slow_down".equals(error) && !isPassing(answer.status())) {
                    throw OAuthError.problem(answer, request);
                }
                interval += INTERVAL;
            }
            if (!io.clock().instant().isBefore(end)) {
                throw new OAuthError("expired_token", null).refusal(request);
            }
        }
    }

    /** The response to one poll; null if the connection failed, after which polling goes on (RFC 8628, section 3.5). */
    private static Response poll(TokenRequest request, List<TokenRequest.Parameter> parameters) {
        try {
            return request.post(Provider.Endpoint.TOKEN, parameters);
        } catch (Problem problem) {
            if (problem.exit() != Exit.NO_ANSWER) {
                throw problem;
            }
            return null;
        }
    }

    /** Whether {@code status} reports trouble that may pass while the code still lives. */
    private static boolean isPassing(int status) {
        return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.noAnswer("interrupted", null);
        }
    }

    private static Map<String, Object> begun(Response response) {
        Map<String, Object> members = new LinkedHashMap<>(Json.object(response.text()));
        // Google and older drafts of RFC 8628 call it so.
        members.putIfAbsent("verification_uri", members.get("verification_url"));
        if (members.get("device_code") instanceof String
                && members.get("user_code") instanceof String
                && members.get("verification_uri") instanceof String) {
            return members;
        }
        throw Problem.serverFailed(
                Http.authority(response.uri()) + " did not answer with a code for another device",
                "check that this is the provider, and not a proxy or login page in front of it");
    }
}
