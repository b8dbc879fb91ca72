//SOURCES ../base/Printable.java ../base/Problem.java ../http/Response.java Archive.java

package lib.arc;

import java.net.URI;
import java.net.URISyntaxException;
import lib.base.Printable;
import lib.base.Problem;
import lib.http.Response;

/** Which redirects are followed: those that stay on the archive's own server, since the token goes nowhere else. */
final class Redirects {
    /** How many in a row. */
    static final int MOST = 5;

    static final String LOGIN = "/protocol/openid-connect/auth";

    private Redirects() {}

    /** Where {@code response} sends us and we go, or null. */
    static URI target(Response response, Archive archive) {
        URI target = location(response);
        return target == null || isLogin(target) || !archive.isOwn(target) ? null : target;
    }

    /** Where {@code response} sends us, or null if it does not or nobody could go there. */
    static URI location(Response response) {
        String location = isRedirect(response.status()) ? response.header("Location") : null;
        if (location == null || location.isBlank()) {
            return null;
        }
        int fragment = location.indexOf('#');
        String bare = fragment < 0 ? location : location.substring(0, fragment);
        URI from = response.uri();
        try {
            // java.net.URI still resolves a query alone by RFC 2396, which drops the end of the path.
            URI target = from.resolve(new URI(bare.startsWith("?") ? from.getRawPath() + bare : bare));
            return target.getHost() == null ? null : target;
        } catch (URISyntaxException nowhere) {
            return null;
        }
    }

    /** Whether that is where people log in. */
    static boolean isLogin(URI target) {
        return target.getPath() != null && target.getPath().endsWith(LOGIN);
    }

    static Problem tooMany(URI resource) {
        return Problem.refused(
                "more than " + MOST + " redirects in a row from " + Printable.line(resource.getPath()),
                "do they lead in a circle? see with -v, and check the path");
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }
}
