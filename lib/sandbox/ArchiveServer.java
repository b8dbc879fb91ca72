//SOURCES ../json/Json.java Attribute.java Bearer.java Faults.java MediaTypes.java Request.java Response.java
//SOURCES SampleStudies.java Search.java SearchResults.java StudyIndex.java WebServer.java

package lib.sandbox;

import java.net.URI;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import lib.json.Json;

/**
 * An archive that answers as dcm4chee-arc 5.34.3 secured by Keycloak does (wire/captures.md B-E, I, J; facts.md B).
 *
 * <p>As on the archive that was captured, AS_RECEIVED delivers two results at most, IOCM_REGULAR_USE refuses more than
 * one, and IOCM_QUALITY is for the role admin alone.
 */
public final class ArchiveServer implements AutoCloseable {
    private static final String CONTEXT = "/dcm4chee-arc";
    private static final int MAX_RESULTS = 1000;
    private static final int BYTES_PER_INSTANCE = 128 * 128 * 2 + 1200;
    private static final Map<String, String> CORS = Map.of(
            "Access-Control-Allow-Origin", "*",
            "Access-Control-Allow-Credentials", "true",
            "Access-Control-Allow-Headers", "origin, content-type, accept, authorization",
            "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS, HEAD",
            "Access-Control-Expose-Headers", "content-type, warning, location, content-location");

    private final List<Route> routes = new ArrayList<>();
    private final Map<String, Ae> aes = new ConcurrentHashMap<>();
    private final WebServer web;
    private final InstantSource clock;
    private volatile Bearer bearer;
    private volatile StudyIndex index = SampleStudies.index();

    /** What answers at a path; {@code {x}} in the path stands for one segment. */
    private record Route(String[] path, Handler handler) {}

    @FunctionalInterface
    private interface Handler {
        Response handle(Call call) throws Search.Invalid;
    }

    /** A request that was let in, with the segments that its route left open and the roles of its token. */
    private record Call(Request request, Map<String, String> segments, List<Object> roles) {}

    /** An application entity; -1 stands for no bound. */
    private record Ae(
            String title, String description, boolean searchable, boolean empty, int most, int bound, String role) {
        Ae withMost(int results) {
            return new Ae(title, description, searchable, empty, results, bound, role);
        }
    }

    ArchiveServer(SSLContext tls, InstantSource clock) {
        this.clock = clock;
        addAes();
        addRoutes();
        web = new WebServer(this::handle, tls, clock);
    }

    /** The base URL over http. */
    public String url() {
        return web.http() + CONTEXT;
    }

    /** The base URL over https. */
    public String urlHttps() {
        return web.https() + CONTEXT;
    }

    /** The faults to show. */
    public Faults faults() {
        return web.faults();
    }

    /** The server itself, for the requests that came. */
    public WebServer web() {
        return web;
    }

    /** Accepts the tokens of {@code issuer}, signed with a key of the set at {@code jwks}. */
    public void trust(String issuer, URI jwks) {
        trust(() -> issuer, Bearer.keysAt(jwks));
    }

    void trust(Supplier<String> issuer, Function<String, PublicKey> keys) {
        bearer = new Bearer(issuer, keys, clock);
    }

    /** Asks for no token from here on, as the unsecured build. */
    public void unsecured() {
        bearer = null;
    }

    /** Holds other studies from here on. */
    public void holds(StudyIndex newIndex) {
        index = newIndex;
    }

    /** Delivers at most so many results at a time for {@code aet}; -1 lifts the bound. */
    public void maxResults(String aet, int most) {
        aes.computeIfPresent(aet, (title, ae) -> ae.withMost(most));
    }

    @Override
    public void close() {
        web.close();
    }

    private void addAes() {
        add(new Ae("AS_RECEIVED", "Retrieve instances as received", true, false, 2, -1, null));
        add(new Ae("DCM4CHEE", "Hide instances rejected for Quality Reasons", true, false, MAX_RESULTS, -1, null));
        add(new Ae("IOCM_EXPIRED", "Only show instances rejected for Expiration", true, true, -1, -1, null));
        add(new Ae("IOCM_PAT_SAFETY", "Only show instances rejected for Patient Safety", true, true, -1, -1, null));
        add(new Ae("IOCM_QUALITY", "Only show instances rejected for Quality", true, true, -1, -1, "admin"));
        add(new Ae("IOCM_REGULAR_USE", "Show instances rejected for Quality", true, false, MAX_RESULTS, 1, null));
        add(new Ae("IOCM_WRONG_MWL", "Only show instances rejected for Worklist Entry", true, true, -1, -1, null));
        add(new Ae("WORKLIST", "Modality and Unified Worklist", false, true, -1, -1, null));
    }

    private void add(Ae ae) {
        aes.put(ae.title(), ae);
    }

    private void addRoutes() {
        route("/aets", call -> json(call, aeList()));
        route("/ctrl/status", call -> json(call, Map.of("status", "STARTED")));
        route("/aets/{aet}/rs/studies/size", call -> counted(call, Attribute.Level.STUDY, "size"));
        search("patients", Attribute.Level.PATIENT);
        search("studies", Attribute.Level.STUDY);
        search("series", Attribute.Level.SERIES);
        search("instances", Attribute.Level.INSTANCE);
        search("studies/{study}/series", Attribute.Level.SERIES);
        search("studies/{study}/instances", Attribute.Level.INSTANCE);
        search("studies/{study}/series/{series}/instances", Attribute.Level.INSTANCE);
    }

    private void search(String path, Attribute.Level level) {
        route("/aets/{aet}/rs/" + path, call -> found(call, level));
        route("/aets/{aet}/rs/" + path + "/count", call -> counted(call, level, "count"));
    }

    private void route(String path, Handler handler) {
        routes.add(new Route(path.split("/", -1), handler));
    }

    private Response handle(Request request) {
        String path = request.path();
        if (!isEncoded(request.target())) {
            return Response.empty(400).with("Connection", "close");
        }
        if (path.equals("/")) {
            return html(200, "Welcome to WildFly");
        }
        if (!(path + "/").startsWith(CONTEXT + "/")) {
            return Response.text(404, "text/html", page("404 - Not Found"));
        }
        if (request.method().equals("OPTIONS")) {
            String allowed = "HEAD, DELETE, POST, GET, OPTIONS, PUT";
            return Response.text(200, "text/plain;charset=UTF-8", allowed)
                    .with("Allow", allowed)
                    .with(CORS);
        }
        List<Object> roles = List.of("auth", "root");
        if (bearer != null) {
            String token = Bearer.token(request);
            roles = token == null ? null : bearer.roles(token);
            if (roles == null) {
                return html(401, "Unauthorized").with("WWW-Authenticate", challenge(token));
            }
        }
        if (!roles.contains("auth")) {
            return html(403, "Forbidden");
        }
        return routed(request, path.substring(CONTEXT.length()), roles).with(CORS);
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

    private Response routed(Request request, String path, List<Object> roles) {
        String[] segments = path.replaceFirst("/$", "").split("/", -1);
        for (Route route : routes) {
            Map<String, String> open = match(route.path(), segments);
            if (open != null) {
                return switch (request.method()) {
                    case "GET", "HEAD" -> answered(route, new Call(request, open, roles));
                    case "POST" -> Response.empty(415);
                    default -> Response.empty(405).with("Allow", "HEAD, POST, GET, OPTIONS");
                };
            }
        }
        return Response.empty(404);
    }

    private static Map<String, String> match(String[] route, String[] segments) {
        Map<String, String> open = new LinkedHashMap<>();
        boolean matches = route.length == segments.length;
        for (int i = 0; matches && i < route.length; i++) {
            if (route[i].startsWith("{")) {
                open.put(route[i], Request.decode(segments[i].replace("+", "%2B")));
                matches = !segments[i].isEmpty();
            } else {
                matches = route[i].equals(segments[i]);
            }
        }
        return matches ? open : null;
    }

    private static Response answered(Route route, Call call) {
        try {
            Response response = route.handler().handle(call);
            boolean compress = response.status() == 200
                    && call.request().path().matches(".*/(studies|series|instances|metadata)")
                    && MediaTypes.accepts(call.request().header("Accept-Encoding"), "gzip");
            return compress ? response.gzipped() : response;
        } catch (Search.Invalid e) {
            return Response.text(400, "text/plain;charset=UTF-8", e.getMessage())
                    .with("validation-exception", "true");
        }
    }

    private static Response json(Call call, Object value) {
        if (!MediaTypes.of(call.request()).accept("application/json")) {
            return Response.empty(406);
        }
        return Response.json(200, value).with("Cache-Control", "no-cache");
    }

    private List<Object> aeList() {
        List<Object> list = new ArrayList<>();
        aes.values().stream().sorted((a, b) -> a.title().compareTo(b.title())).forEach(ae -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dicomAETitle", ae.title());
            json.put("dicomDescription", ae.description());
            if (ae.searchable() && ae.empty()) {
                json.put("dcmHideNotRejectedInstances", true);
            }
            json.put("dcmAllowDeletePatient", "WITHOUT_STUDIES");
            json.put("dcmAllowDeleteStudyPermanently", "REJECTED");
            list.add(json);
        });
        return list;
    }

    private Response counted(Call call, Attribute.Level level, String what) throws Search.Invalid {
        Search search = new Search(level, uids(call), call.request());
        Ae ae = aes.get(call.segments().get("{aet}"));
        Response refusal = refusal(call, ae, "QIDO_COUNT");
        if (refusal != null) {
            return refusal;
        }
        List<StudyIndex.Item> matches = matches(search, ae);
        long number = matches.size();
        if (what.equals("size")) {
            number = 0;
            for (StudyIndex.Item study : matches) {
                number += Long.parseLong(study.value("NumberOfStudyRelatedInstances")) * BYTES_PER_INSTANCE;
            }
        }
        return json(call, Map.of(what, number));
    }

    private Response found(Call call, Attribute.Level level) throws Search.Invalid {
        Search search = new Search(level, uids(call), call.request());
        Ae ae = aes.get(call.segments().get("{aet}"));
        Response refusal = refusal(call, ae, "QIDO_RS");
        if (refusal != null) {
            return refusal;
        }
        MediaTypes accepted = MediaTypes.of(call.request());
        boolean json = accepted.accept("application/dicom+json") || accepted.accept("application/json");
        boolean xml = accepted.acceptMultipart("application/dicom+xml");
        if (!json && !xml && !accepted.accept("text/csv")) {
            return Response.empty(406).with("Vary", "Accept");
        }
        List<StudyIndex.Item> matches = matches(search, ae);
        if (ae.bound() >= 0 && matches.size() > ae.bound()) {
            return error(
                    413,
                    "Request entity too large. Query count exceeds configured Query Max Number of Results, "
                            + "narrow down search using query filters.");
        }
        List<StudyIndex.Item> rest = matches.subList(Math.min(search.offset(), matches.size()), matches.size());
        int most = ae.most() < 0 ? search.limit() : Math.min(ae.most(), search.limit());
        List<StudyIndex.Item> page = rest.subList(0, Math.min(most, rest.size()));
        if (page.isEmpty()) {
            return Response.empty(204);
        }
        String rs = call.request().origin() + CONTEXT + "/aets/" + ae.title() + "/rs";
        SearchResults results = new SearchResults(search, page, rs);
        Response response = json
                ? Response.streamed(200, "application/dicom+json", results::writeJson)
                : xml ? multipart(results) : csv(results, accepted);
        boolean capped = page.size() < rest.size() && page.size() < search.limit();
        return (capped ? response.with("Warning", warning(call, rest.size() - page.size())) : response)
                .with("Cache-Control", "no-cache");
    }

    private static Response multipart(SearchResults results) {
        String boundary = UUID.randomUUID().toString();
        String type = "multipart/related;start=\"<" + UUID.randomUUID()
                + "@resteasy-multipart>\";type=\"application/dicom+xml\"; boundary=" + boundary;
        return Response.streamed(200, type, out -> results.writeXml(out, boundary));
    }

    private static Response csv(SearchResults results, MediaTypes accepted) {
        char delimiter = accepted.contains("delimiter=semicolon") ? ';' : ',';
        return Response.streamed(200, "text/csv;charset=utf-8", out -> results.writeCsv(out, delimiter));
    }

    private static String warning(Call call, int more) {
        return "299 " + call.request().header("Host") + " \"There are " + more
                + " additional results that can be requested\"";
    }

    // facts.md B7: the title first, then what it serves, then who may.
    private static Response refusal(Call call, Ae ae, String service) {
        if (ae == null) {
            return error(404, "No such Application Entity: " + call.segments().get("{aet}"));
        }
        if (!ae.searchable()) {
            return error(
                    404,
                    "No Web Application with " + service + "service class found for Application Entity: " + ae.title());
        }
        boolean mayUse = ae.role() == null
                || call.roles().contains(ae.role())
                || call.roles().contains("root");
        return mayUse ? null : Response.empty(403);
    }

    private List<StudyIndex.Item> matches(Search search, Ae ae) {
        return ae.empty() ? List.of() : search.matches(index);
    }

    private static Map<Attribute, String> uids(Call call) {
        Map<Attribute, String> uids = new LinkedHashMap<>();
        for (Map.Entry<String, String> segment : call.segments().entrySet()) {
            switch (segment.getKey()) {
                case "{study}" -> uids.put(Attribute.keyword("StudyInstanceUID"), segment.getValue());
                case "{series}" -> uids.put(Attribute.keyword("SeriesInstanceUID"), segment.getValue());
                default -> {}
            }
        }
        return uids;
    }

    private static Response error(int status, String message) {
        return Response.text(status, "text/plain;charset=UTF-8", Json.compact(Map.of("errorMessage", message)));
    }

    private static Response html(int status, String text) {
        return Response.text(status, "text/html;charset=UTF-8", page(text));
    }

    private static String page(String text) {
        return "<html><head><title>Error</title></head><body>" + text + "</body></html>";
    }
}
