//SOURCES ../base/Exit.java ../base/Io.java ../base/Printable.java ../base/Problem.java ../http/Http.java
//SOURCES ../http/Response.java ../json/Json.java Grant.java OAuthError.java Provider.java TokenRequest.java
//SOURCES TokenResponse.java

package lib.oidc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
public record DeviceGrant(Io io, Pause pause) implements Grant {
    private static final long INTERVAL = 5;
    private static final int MAX_FAILURES = 3;

    /** Lets time pass. */
    public interface Pause {
        /** Returns after {@code time}. */
        void last(Duration time) throws InterruptedException;
    }

    /** The login that waits between polls as long as the provider wants. */
    public static DeviceGrant with(Io io) {
        return new DeviceGrant(io, Thread::sleep);
    }

    @Override
    public String type() {
        return "urn:ietf:params:oauth:grant-type:device_code";
    }

    @Override
    public TokenResponse redeem(TokenRequest.Exchange exchange) {
        Response response = exchange.post(Provider.Endpoint.DEVICE, exchange.withScope(List.of()));
        if (response.status() / 100 != 2) {
            throw exchange.refusal(response);
        }
        Map<String, Object> begun = begun(response);
        String url = Printable.cut((String) begun.get("verification_uri"), 500);
        io.messages()
                .instruction("to log in, open " + url + " on any device and enter the code "
                        + Printable.cut((String) begun.get("user_code"), 50));
        long life = Math.min(3600, TokenResponse.seconds(begun, "expires_in", 600));
        long interval = Math.clamp(TokenResponse.seconds(begun, "interval", INTERVAL), 1, 3600);
        Instant end = io.clock().instant().plusSeconds(life);
        List<TokenRequest.Parameter> parameters =
                List.of(new TokenRequest.Parameter("device_code", (String) begun.get("device_code")));
        int failures = 0;
        while (true) {
            pause(exchange.http().within(Duration.ofSeconds(interval)));
            Response answer = poll(exchange, parameters, failures);
            failures = answer == null ? failures + 1 : 0;
            TokenResponse token = answer == null ? null : TokenResponse.read(answer);
            if (token != null) {
                return token;
            }
            String error = answer == null ? "no answer" : OAuthError.of(answer).code();
            if (!"authorization_pending".equals(error)) {
                if (answer != null && !"slow_down".equals(error)) {
                    throw exchange.refusal(answer);
                }
                interval += INTERVAL;
            }
            if (!io.clock().instant().isBefore(end)) {
                throw new OAuthError("expired_token", null).refusal(exchange.request());
            }
        }
    }

    /** The response to one poll; null if the connection failed, after which polling goes on (RFC 8628, section 3.5). */
    private static Response poll(
            TokenRequest.Exchange exchange, List<TokenRequest.Parameter> parameters, int failures) {
        try {
            return exchange.post(Provider.Endpoint.TOKEN, parameters);
        } catch (Problem problem) {
            if (problem.exit() != Exit.NO_ANSWER || failures == MAX_FAILURES) {
                throw problem;
            }
            return null;
        }
    }

    private void pause(Duration time) {
        try {
            pause.last(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.noAnswer("interrupted", null);
        }
    }

    private static Map<String, Object> begun(Response response) {
        Map<String, Object> members = Json.object(response.text());
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
