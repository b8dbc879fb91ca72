//SOURCES KeycloakAdminApi.java KeycloakDistribution.java KeycloakRealm.java

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real Keycloak on free ports of 127.0.0.1, over http and https, with the sandbox's realm and clients and a
 * certificate of its own.
 *
 * <p>Its issuer follows the URL of the request, as with any {@code start-dev} (facts A2).
 */
final class Keycloak implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final int MOST_SECONDS = 300;
    private static final String PATH = "--http-relative-path=";
    private static final Pattern READY = Pattern.compile("Listening on: (http://\\S+) and (https://\\S+)");

    /**
     * Runs Keycloak until standard input ends, then kills all its processes and deletes its folder. This test's VM
     * holds the other end, which the system closes however the VM ends, be it by a signal that no hook survives.
     */
    private static final String KEEPER = """
            folder=$1; shift
            trap '[ -z "$server" ] || kill -KILL -- "-$server"; wait; rm -rf "$folder"' EXIT
            trap exit HUP INT TERM
            read -r home || exit
            set -m
            sh "$home/bin/kc.sh" start-dev "$@" </dev/null 2>&1 &
            server=$!
            exec >/dev/null 2>&1
            read -r stop
            """;

    private static Keycloak shared;
    private static RuntimeException noneBecause;

    private final Path folder;
    private final Process keeper;
    private final X509Certificate certificate;
    private final Deque<String> log = new ArrayDeque<>();
    private final CompletableFuture<Matcher> ready = new CompletableFuture<>();
    private final KeycloakAdminApi admin;
    private final String http;
    private final String https;

    /**
     * The one for the whole test run, started at first use and stopped with the VM. Where it cannot be fetched, the
     * calling test is skipped, with the reason.
     */
    static synchronized Keycloak shared() {
        if (noneBecause != null) {
            throw noneBecause;
        }
        if (shared == null) {
            try {
                shared = start();
            } catch (RuntimeException e) {
                noneBecause = e;
                throw e;
            }
        }
        return shared;
    }

    /** Starts another one with these options of {@code kc.sh start-dev} besides those for its address. */
    static Keycloak start(String... options) {
        try {
            return new Keycloak(KeycloakDistribution.get(), List.of(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Keycloak(KeycloakDistribution distribution, List<String> options)
            throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("keycloak");
        keeper = keeper(options);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            Path home = distribution.unpack(folder);
            certificate = makeCertificate();
            Path imported =
                    Files.createDirectories(home.resolve("data", "import")).resolve("realm.json");
            Files.writeString(imported, KeycloakRealm.json());
            Thread.ofPlatform().daemon().name("log of Keycloak").start(this::readLog);
            keeper.outputWriter().append(home.toString()).append('\n').flush();
            Matcher addresses = ready.get(MOST_SECONDS, TimeUnit.SECONDS);
            String path = path(options);
            http = addresses.group(1) + path;
            https = addresses.group(2) + path;
            admin = new KeycloakAdminApi(http, "admin", PASSWORD);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            close();
            throw e;
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            close();
            throw new IllegalStateException("Keycloak did not start; the end of its log:\n" + endOfLog(), e);
        }
    }

    /** The base URL over http, without a slash at its end. */
    String http() {
        return http;
    }

    /** The base URL over https. */
    String https() {
        return https;
    }

    /** The certificate that it shows, which names 127.0.0.1 and localhost. */
    X509Certificate certificate() {
        return certificate;
    }

    /** The same as PEM. */
    String certificatePem() {
        try {
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** To change its realms, clients and users. */
    KeycloakAdminApi admin() {
        return admin;
    }

    /** Stops it at once, and deletes all that it wrote. */
    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            keeper.waitFor();
        } catch (IOException keeperHasEnded) {
            // Then there is nothing to stop.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String path(List<String> options) {
        for (String option : options) {
            if (option.startsWith(PATH)) {
                return option.substring(PATH.length());
            }
        }
        return "";
    }

    private Process keeper(List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", KEEPER, "keeper", folder.toString()));
        // Port 0 is any that is free.
        command.addAll(List.of("--http-host=127.0.0.1", "--http-port=0", "--https-port=0"));
        command.add("--https-key-store-file=" + keyStore());
        command.add("--https-key-store-password=" + PASSWORD);
        command.addAll(List.of("--db=dev-mem", "--cache=local", "--import-realm"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("KC_") || name.startsWith("JAVA_OPTS"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
        environment.put("KC_BOOTSTRAP_ADMIN_PASSWORD", PASSWORD);
        environment.put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
        // It waits ten seconds for a D-Bus that is not there, unless its address is nonsense.
        environment.put("DBUS_SYSTEM_BUS_ADDRESS", "none:");
        return builder.start();
    }

    private Path keyStore() {
        return folder.resolve("server.p12");
    }

    private X509Certificate makeCertificate() throws IOException, GeneralSecurityException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "keycloak", "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of(
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keyStore().toString()));
        command.addAll(List.of("-dname", "CN=keycloak of a test", "-ext", "SAN=ip:127.0.0.1,dns:localhost"));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!Files.exists(keyStore())) {
            throw new IOException("keytool failed: " + said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return (X509Certificate) store.getCertificate("keycloak");
    }

    private void readLog() {
        try (BufferedReader lines = keeper.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                Matcher matcher = READY.matcher(line);
                if (matcher.find()) {
                    ready.complete(matcher);
                }
            }
            ready.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private void remember(String line) {
        synchronized (log) {
            log.add(line);
            if (log.size() > 30) {
                log.removeFirst();
            }
        }
    }

    private String endOfLog() {
        synchronized (log) {
            return String.join("\n", log);
        }
    }
}
