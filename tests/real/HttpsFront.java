//SOURCES ../../lib/sandbox/Certificates.java ../../scripts/sandbox.java Installed.java KeptServer.java

import module java.base;
import lib.sandbox.Certificates;

/**
 * What stands before an archive in most hospitals: nginx, which does TLS and HTTP/2 for a server of this machine that
 * speaks plain HTTP. All its answers say in {@code X-Protocol} how they were asked for.
 */
final class HttpsFront implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("start worker process");

    private final int http2 = KeptServer.freePort();
    private final int http1 = KeptServer.freePort();
    private final KeptServer nginx;

    /** Starts one before {@code server}, which is an origin without a path. */
    HttpsFront(URI server) {
        String program = Installed.program("nginx", "nginx-light");
        nginx = new KeptServer("nginx", System.getenv());
        try {
            Path folder = nginx.folder();
            Certificates.Identity identity = Certificates.loopback();
            Files.writeString(folder.resolve("certificate.pem"), identity.pem());
            Files.writeString(folder.resolve("key.pem"), identity.keyPem().reveal());
            Path settings = Files.writeString(folder.resolve("nginx.conf"), settings(server));
            nginx.start(List.of(program, "-e", "stderr", "-p", folder.toString(), "-c", settings.toString()), STARTED);
        } catch (IOException e) {
            nginx.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Its origin with HTTP/2 for those who can. */
    URI http2() {
        return URI.create("https://127.0.0.1:" + http2);
    }

    /** Its origin with HTTP/1.1 only. */
    URI http1() {
        return URI.create("https://127.0.0.1:" + http1);
    }

    /** Stops it at once. */
    @Override
    public void close() {
        nginx.close();
    }

    private String settings(URI server) {
        return """
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                error_log stderr notice;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    scgi_temp_path scgi;
                    uwsgi_temp_path uwsgi;
                    client_max_body_size 0;
                    ssl_certificate certificate.pem;
                    ssl_certificate_key key.pem;
                    upstream server {
                        server %s;
                        keepalive 16;
                    }
                    server {
                        listen 127.0.0.1:%d ssl http2;
                        listen 127.0.0.1:%d ssl;
                        add_header X-Protocol $server_protocol always;
                        location / {
                            proxy_pass http://server;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $http_host;
                            proxy_buffering off;
                            proxy_request_buffering off;
                            proxy_read_timeout 300s;
                        }
                    }
                }
                """.formatted(server.getAuthority(), http2, http1);
    }
}
