import module java.base;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A person with a browser that knows cookies, redirects and forms. */
final class Visitor {
    private static final Pattern FORM =
            Pattern.compile("<form[^>]*?action=\"([^\"]+)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern HIDDEN = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>");

    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new Cookies())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private HttpResponse<String> page;

    /** Opens a page. */
    Visitor open(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    /** Sends the form on the page with its hidden fields and these: name, value, name, value. */
    Visitor submit(String... fields) throws IOException, InterruptedException {
        Matcher form = FORM.matcher(page.body());
        if (!form.find()) {
            throw new AssertionError(
                    "no form at " + page.uri().getPath() + ": " + page.statusCode() + "\n" + page.body());
        }
        Map<String, String> values = new LinkedHashMap<>();
        Matcher hidden = HIDDEN.matcher(form.group(2));
        while (hidden.find()) {
            values.put(attribute(hidden.group(), "name"), attribute(hidden.group(), "value"));
        }
        for (int i = 0; i < fields.length; i += 2) {
            values.put(fields[i], fields[i + 1]);
        }
        StringBuilder body = new StringBuilder();
        for (Map.Entry<String, String> value : values.entrySet()) {
            body.append(body.isEmpty() ? "" : "&")
                    .append(URLEncoder.encode(value.getKey(), StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(value.getValue(), StandardCharsets.UTF_8));
        }
        return send(HttpRequest.newBuilder(page.uri().resolve(form.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /** The status of the page. */
    int status() {
        return page.statusCode();
    }

    /** The page. */
    String text() {
        return page.body();
    }

    private Visitor send(HttpRequest.Builder request) throws IOException, InterruptedException {
        page = http.send(
                request.header("Accept", "text/html")
                        .header("Accept-Language", "en")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return this;
    }

    /** Browsers take this machine for safe, and send it cookies over http that are for https alone; Java does not. */
    private static final class Cookies extends CookieManager {
        Cookies() {
            super(null, CookiePolicy.ACCEPT_ALL);
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            Map<String, List<String>> changed = new LinkedHashMap<>();
            headers.forEach((name, values) -> changed.put(
                    name,
                    values.stream()
                            .map(value -> value.replaceAll("(?i); *secure", ""))
                            .toList()));
            super.put(uri, changed);
        }
    }

    private static String attribute(String tag, String name) {
        Matcher value = Pattern.compile(name + "=\"([^\"]*)\"").matcher(tag);
        return value.find() ? value.group(1).replace("&amp;", "&") : "";
    }
}
