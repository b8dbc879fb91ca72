//SOURCES ../base/Messages.java Proxies.java Redacted.java Request.java Response.java

package lib.http;

import lib.base.Messages;
import lib.http.Proxies.Proxy;

/** What {@code --verbose} shows of an exchange, without secrets and tokens. */
final class Transcript {
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
        for (Response.Field field : request.headers()) {
            header('>', field);
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
        for (Response.Field field : response.fields()) {
            header('<', field);
        }
    }

    private void header(char direction, Response.Field field) {
        messages.detail(direction + " " + field.name() + ": " + Redacted.value(field));
    }
}
