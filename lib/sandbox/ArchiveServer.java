//SOURCES ApplicationEntities.java BearerCheck.java Configuration.java DicomFile.java Fault.java Holdings.java Qido.java
//SOURCES Routes.java StudyIndex.java Wado.java WebRequest.java WebResponse.java WebServer.java

package lib.sandbox;

import java.net.URI;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * An archive that answers as dcm4chee-arc 5.34.3 secured by Keycloak does (wire/captures.md B-J, M; facts.md B, F).
 *
 * <p>Here is who may come in; what there is to ask for is in {@link Qido}, {@link Wado} and their like.
 */
public final class ArchiveServer implements AutoCloseable {
    private static final String HTML = "text/html;charset=UTF-8";
    private static final Map<String, String> CORS = Map.of(
            "Access-Control-Allow-Origin", "*",
            "Access-Control-Allow-Credentials", "true",
            "Access-Control-Allow-Headers", "origin, content-type, accept, authorization",
            "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS, HEAD",
            "Access-Control-Expose-Headers", "content-type, warning, location, content-location");

    private final ApplicationEntities entities = new ApplicationEntities();
    private final Holdings holdings = new Holdings();
    private final Routes routes = new Routes();
    private final WebServer web;
    private final InstantSource clock;
    private volatile BearerCheck bearer;

    ArchiveServer(SSLContext tls, InstantSource clock) {
        this.clock = clock;
        new Configuration(entities, holdings).addTo(routes);
        new Qido(entities, holdings).addTo(routes);
        new Wado(entities, holdings).addTo(routes);
        web = new WebServer(this::handle, tls, clock);
    }

    /** The base URL over http. */
    public String url() {
        return web.http() + Routes.Call.CONTEXT;
    }

    /** The base URL over https. */
    public String urlHttps() {
        return web.https() + Routes.Call.CONTEXT;
    }

    /** The faults to show. */
    public Fault.Queue faults() {
        return web.faults();
    }

    /** The server itself, for the requests that came. */
    public WebServer web() {
        return web;
    }

    /** Accepts the tokens of {@code issuer}, signed with a key of the set at {@code jwks}. */
    public void trust(String issuer, URI jwks) {
        trust(() -> issuer, BearerCheck.keysAt(jwks));
    }

    void trust(Supplier<String> issuer, Function<String, PublicKey> keys) {
        bearer = new BearerCheck(issuer, keys, clock);
    }

    /** Asks for no token from here on, as the unsecured build. */
    public void unsecured() {
        bearer = null;
    }

    /** Holds other studies from here on. */
    public void holds(StudyIndex index) {
        holdings.index(index);
    }

    /**
     * Gives every instance so many bytes of pixel data from here on: a multiple of 32,768 below 4 GiB, which are frames
     * of 128 by 128, or an even number up to 131,070, which is one line. At the start it is 32,768.
     */
    public void pixelBytes(long bytes) {
        holdings.pixelBytes(bytes);
    }

    /** The file that is stored for an instance; throws IllegalArgumentException if there is none. */
    public DicomFile stored(String sopInstanceUid) {
        return holdings.stored(sopInstanceUid);
    }

    /** Has no file any more for an instance that it still lists (wire/captures.md M). */
    public void lose(String sopInstanceUid) {
        holdings.lost().add(sopInstanceUid);
    }

    /** Has the files again that it lost. */
    public void findLost() {
        holdings.lost().clear();
    }

    /** Delivers at most so many results at a time for {@code aet}; -1 lifts the bound. */
    public void maxResults(String aet, int most) {
        entities.maxResults(aet, most);
    }

    /** Whether {@code request} asks for DICOM files. */
    public static boolean isRetrieve(WebRequest request) {
        return request.path().matches("(?!.*/(count|size)$).*/rs/studies/[^/]+(/series/[^/]+(/instances/[^/]+)?)?");
    }

    @Override
    public void close() {
        web.close();
    }

    private WebResponse handle(WebRequest request) {
        String path = request.path();
        if (!isEncoded(request.target())) {
            return WebResponse.empty(400).with("Connection", "close");
        }
        if (path.equals("/")) {
            return Routes.page(200, "text/html", "Welcome to WildFly")
                    .with(Map.of("Accept-Ranges", "bytes", "Last-Modified", "Wed, 11 Feb 2026 09:47:54 GMT"));
        }
        if (!(path + "/").startsWith(Routes.Call.CONTEXT + "/")) {
            return Routes.page(404, "text/html", "404 - Not Found");
        }
        if (request.method().equals("OPTIONS")) {
            String allowed = "HEAD, DELETE, POST, GET, OPTIONS, PUT";
            return WebResponse.text(200, "text/plain;charset=UTF-8", allowed)
                    .with("Allow", allowed)
                    .with(CORS);
        }
        List<Object> roles = List.of("auth", "root");
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
        return routes.answer(request, path.substring(Routes.Call.CONTEXT.length()), roles)
                .with(CORS);
    }

    // As Undertow: what must be percent-encoded is, and every escape has two digits.
    private static boolean isEncoded(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c > '~' || "\"#<>\\^`{|}".indexOf(c) >= 0) {
                return false;
            }
            if (c == '%' && (i + 2 >= target.length() || !isByte(target.charAt(i + 1), target.charAt(i + 2)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isByte(char high, char low) {
        return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low);
    }

    private static String challenge(String token) {
        return token == null
                ? "Bearer"
                : "Bearer error=\"invalid_token\", error_description=\"ELY23051: Invalid bearer token\"";
    }
}
