//SOURCES ../base/Messages.java Field.java Proxy.java Redacted.java Request.java Response.java

package lib.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import lib.base.Messages;

/** What {@code --verbose} shows of an exchange, with everything redacted that opens a door. */
final class Transcript {
    /** What the names of header fields hold whose values open a door. */
    private static final List<String> SECRET =
            List.of("authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "x-auth", "session");

    private final Messages messages;

    Transcript(Messages messages) {
        this.messages = messages;
    }

    void sent(Request request, Proxy proxy) {
        if (!messages.verbose()) {
            return;
        }
        if (proxy != null) {
            messages.detail("* by the proxy " + proxy.authority()
                    + (proxy.credentials() == null ? "" : "; Proxy-Authorization: [redacted]"));
        }
        messages.detail(
                "> " + request.method() + " " + Redacted.text(request.uri().toString()));
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            header('>', header.getKey(), header.getValue());
        }
        if (request.body() != null) {
            messages.detail("> " + request.body());
        }
    }

    void received(Response response) {
        if (!messages.verbose()) {
            return;
        }
        messages.detail("< " + response.status());
        for (Field field : response.fields()) {
            header('<', field.name(), field.value());
        }
    }

    private void header(char direction, String name, String value) {
        boolean isSecret = isSecret(name.toLowerCase(Locale.ROOT));
        messages.detail(direction + " " + name + ": " + (isSecret ? "[redacted]" : Redacted.text(value)));
    }

    private static boolean isSecret(String name) {
        for (String part : SECRET) {
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
