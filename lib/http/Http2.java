//SOURCES ../base/Problem.java Body.java BodyStream.java Deadlines.java Field.java Handshakes.java Http.java
//SOURCES Proxies.java Proxy.java ProxyChoice.java Reason.java Request.java Response.java Transport.java

package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Problem;

/** HTTP/2 for servers that offer it with TLS, by the JDK's client; with others it speaks HTTP/1.1. */
final class Http2 implements Transport {
    private final Handshakes handshakes;
    private final Proxies proxies;
    private final Deadlines deadlines;
    private HttpClient client;

    /** It by connections for which {@code deadlines} leave time, whatever the first request would. */
    Http2(Handshakes handshakes, Proxies proxies, Deadlines deadlines) {
        this.handshakes = handshakes;
        this.proxies = proxies;
        this.deadlines = deadlines;
    }

    @Override
    public Response send(Request request, Proxy proxy, Deadlines within) throws IOException {
        try {
            HttpResponse<InputStream> answer = client().send(
                            toJdk(request, proxy, within), BodyStream.handler(Http.authority(request.uri()), within));
            // There is none where a proxy refuses to tunnel.
            InputStream body = answer.body() == null ? InputStream.nullInputStream() : answer.body();
            boolean isSecond = answer.version() == HttpClient.Version.HTTP_2;
            String reason = isSecond ? "" : Reason.of(answer.statusCode());
            return new Response(
                    request.uri(),
                    isSecond ? "HTTP/2" : "HTTP/1.1",
                    answer.statusCode(),
                    reason,
                    fields(answer.headers().map(), isSecond),
                    body);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof NumberFormatException) {
                throw new ProtocolException("the content length is no number");
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.noAnswer("interrupted", null);
        }
    }

    // The JDK keeps neither their order nor the case of their names; in HTTP/2 that is the lower one.
    private static List<Field> fields(Map<String, List<String>> headers, boolean isSecond) {
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            // HTTP/2 has the status among them.
            if (!header.getKey().startsWith(":")) {
                String name = isSecond ? header.getKey() : usual(header.getKey());
                for (String value : header.getValue()) {
                    fields.add(new Field(name, value));
                }
            }
        }
        return fields;
    }

    private static String usual(String name) {
        if (name.equals("etag")) {
            return "ETag";
        }
        StringBuilder usual = new StringBuilder(name.length());
        boolean begins = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            usual.append(begins ? Character.toUpperCase(c) : c);
            begins = c == '-';
        }
        return name.startsWith("www-") ? "WWW" + usual.substring(3) : usual.toString();
    }

    private static HttpRequest toJdk(Request request, Proxy proxy, Deadlines within) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
        Duration firstByte = within.firstByte();
        if (firstByte != null) {
            builder.timeout(firstByte);
        }
        builder.setHeader("User-Agent", USER_AGENT);
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            builder.setHeader(header.getKey(), header.getValue());
        }
        if (proxy != null && proxy.credentials() != null) {
            // Ahead of the question: the JDK's Authenticator would also step in between us and a server's 401. To a
            // server that is reached through a tunnel the JDK does not pass it on.
            builder.header("Proxy-Authorization", proxy.credentials().reveal());
        }
        Body body = request.body();
        if (body != null) {
            builder.header("Content-Type", body.type())
                    .method(request.method(), HttpRequest.BodyPublishers.ofString(body.text()));
        } else if (request.method().equals("HEAD")) {
            builder.HEAD();
        } else if (!request.method().equals("GET")) {
            builder.method(request.method(), HttpRequest.BodyPublishers.noBody());
        }
        return builder.build();
    }

    private synchronized HttpClient client() {
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(handshakes.context())
                    .proxy(proxies.exist() ? ProxyChoice.of(proxies) : HttpClient.Builder.NO_PROXY);
            Duration connect = deadlines.connect();
            if (connect != null) {
                builder.connectTimeout(connect);
            }
            client = builder.build();
        }
        return client;
    }

    /** Ends the client's threads at once; left alone they delay the end of the process by 300 ms. */
    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
            client.close();
        }
    }
}
