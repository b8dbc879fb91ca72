//SOURCES ../base/Io.java ../oidc/BrowserGrant.java

package lib.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import lib.base.Io;
import lib.oidc.BrowserGrant;

/**
 * The desktop's browser, where a person sits at one: on macOS, or with a display, and with standard error on a
 * terminal.
 *
 * @param io for the environment and standard error
 */
record Desktop(Io io) implements BrowserGrant.Browser {
    @Override
    public void open(URI uri) {
        boolean isMac = System.getProperty("os.name").startsWith("Mac");
        boolean isDisplayed = io.env("DISPLAY") != null || io.env("WAYLAND_DISPLAY") != null;
        if (!io.streams().isTerminal(2) || !isMac && !isDisplayed) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(List.of(isMac ? "open" : "xdg-open", uri.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // The browser outlives us, and has no use for our secrets.
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(io.environment());
        environment.keySet().removeIf(name -> name.startsWith("ARC_"));
        try {
            builder.start().getOutputStream().close();
        } catch (IOException noSuchCommand) {
            // The person has the URL.
        }
    }
}
