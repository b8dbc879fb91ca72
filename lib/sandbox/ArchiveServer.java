//SOURCES ApplicationEntities.java BearerCheck.java Configuration.java DicomFile.java Holdings.java Qido.java
//SOURCES Routes.java StudyIndex.java Wado.java WebRequest.java WebResponse.java WebServer.java

package lib.sandbox;

import module java.base;

/**
 * An archive that answers as dcm4chee-arc 5.34.3 secured by Keycloak does (wire/captures.md B-J, M; facts.md B, F).
 *
 * <p>This class checks the token; {@link Qido}, {@link Wado} and {@link Configuration} answer.
 */
public final class ArchiveServer implements AutoCloseable {
    private static final String HTML = "text/html;charset=UTF-8";

    // Undertow refuses special characters that are not percent-encoded, and escapes without two hex digits.
    private static final Pattern UNENCODED = Pattern.compile("[^!-~]|[\"#<>\\\\^`{|}]|%(?![0-9A-Fa-f]{2})");

    private final ApplicationEntities entities = new ApplicationEntities();
    private final Holdings holdings = new Holdings();
    private final Routes routes = new Routes();
    private final WebServer web;
    private final InstantSource clock;
    private volatile BearerCheck bearer;

    ArchiveServer(SSLContext tls, InstantSource clock) {
        this.clock = clock;
        new Configuration(entities, holdings, clock).addTo(routes);
        new Qido(entities, holdings).addTo(routes);
        new Wado(entities, holdings).addTo(routes);
        web = new WebServer(this::handle, tls, clock);
    }

    /** The web server, with the requests it received and the faults to inject. */
    public WebServer web() {
        return web;
    }

    /** Accepts the tokens of {@code issuer}, signed with a key that {@code keys} finds by its ID, or null. */
    public void trust(Supplier<String> issuer, Function<String, PublicKey> keys) {
        bearer = new BearerCheck(issuer, keys, clock);
    }

    /** From now on, requires no token, as the unsecured build does. */
    public void unsecured() {
        bearer = null;
    }

    /** From now on, holds these studies. */
    public void holds(StudyIndex index) {
        holdings.index(index);
    }

    /**
     * From now on, gives every instance this many bytes of pixel data (32,768 at the start): a multiple of 32,768 below
     * 4 GiB makes frames of 128 by 128 pixels, an even number up to 131,070 makes one line.
     */
    public void pixelBytes(long bytes) {
        holdings.pixelBytes(bytes);
    }

    /** The stored file of an instance; throws IllegalArgumentException for an unknown UID. */
    public DicomFile stored(String sopInstanceUid) {
        return holdings.stored(sopInstanceUid);
    }

    /** Loses the file of an instance but still lists the instance (wire/captures.md M). */
    public void lose(String sopInstanceUid) {
        holdings.lost().add(sopInstanceUid);
    }

    /** Brings back all lost files. */
    public void findLost() {
        holdings.lost().clear();
    }

    /** Limits the results of one answer for {@code aet}; -1 means no limit. */
    public void maxResults(String aet, int most) {
        entities.maxResults(aet, most);
    }

    @Override
    public void close() {
        web.close();
    }

    private WebResponse handle(WebRequest request) {
        String path = request.path();
        if (UNENCODED.matcher(request.target()).find()) {
            return WebResponse.empty(400).with("Connection", "close");
        }
        if (path.equals("/")) {
            return Routes.page(200, "text/html", "Welcome to WildFly");
        }
        if (!(path + "/").startsWith(Routes.Call.CONTEXT + "/")) {
            return Routes.page(404, "text/html", "404 - Not Found");
        }
        List<Object> roles = List.of("auth", "root");
        if (bearer != null && path.startsWith(Routes.Call.CONTEXT + "/ui2/")) {
            // Of the user interface there is only the way to its login page (facts.md B2).
            String login = bearer.issuer().get() + "/protocol/openid-connect/auth?client_id=dcm4chee-arc-ui";
            return WebResponse.empty(302).with("Location", login);
        }
        if (bearer != null) {
            String token = BearerCheck.token(request);
            roles = token == null ? null : bearer.roles(token);
            if (roles == null) {
                return Routes.page(401, HTML, "Unauthorized").with("WWW-Authenticate", challenge(token));
            }
        }
        if (!roles.contains("auth")) {
            return Routes.page(403, HTML, "Forbidden");
        }
        return routes.answer(request, path.substring(Routes.Call.CONTEXT.length()), roles);
    }

    private static String challenge(String token) {
        return token == null
                ? "Bearer"
                : "Bearer error=\"invalid_token\", error_description=\"ELY23051: Invalid bearer token\"";
    }
}
