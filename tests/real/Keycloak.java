//SOURCES KeptServer.java KeycloakAdminApi.java KeycloakDistribution.java KeycloakRealm.java

import module java.base;
import java.security.cert.X509Certificate;

/**
 * A real Keycloak on free ports of 127.0.0.1, over http and https, with the sandbox's realm and clients and a
 * certificate of its own.
 *
 * <p>Its issuer follows the URL of the request, as with any {@code start-dev} (facts A2).
 */
final class Keycloak implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String PATH = "--http-relative-path=";
    private static final Pattern READY = Pattern.compile("Listening on: (http://\\S+) and (https://\\S+)");

    private static Keycloak shared;
    private static RuntimeException noneBecause;

    private final KeptServer server;
    private final X509Certificate certificate;
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
        server = new KeptServer("Keycloak", environment());
        try {
            Path home = distribution.unpack(server.folder());
            certificate = makeCertificate();
            Path imported =
                    Files.createDirectories(home.resolve("data", "import")).resolve("realm.json");
            Files.writeString(imported, KeycloakRealm.json());
            Matcher addresses = server.start(command(home, options), READY);
            String path = path(options);
            http = addresses.group(1) + path;
            https = addresses.group(2) + path;
            admin = new KeycloakAdminApi(http, "admin", PASSWORD);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            close();
            throw e;
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
        server.close();
    }

    private static String path(List<String> options) {
        for (String option : options) {
            if (option.startsWith(PATH)) {
                return option.substring(PATH.length());
            }
        }
        return "";
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("KC_") || name.startsWith("JAVA_OPTS"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
        environment.put("KC_BOOTSTRAP_ADMIN_PASSWORD", PASSWORD);
        environment.put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
        // It waits ten seconds for a D-Bus that is not there, unless its address is nonsense.
        environment.put("DBUS_SYSTEM_BUS_ADDRESS", "none:");
        return environment;
    }

    private List<String> command(Path home, List<String> options) {
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin", "kc.sh").toString(), "start-dev"));
        // Port 0 is any that is free.
        command.addAll(List.of("--http-host=127.0.0.1", "--http-port=0", "--https-port=0"));
        command.add("--https-key-store-file=" + keyStore());
        command.add("--https-key-store-password=" + PASSWORD);
        command.addAll(List.of("--db=dev-mem", "--cache=local", "--import-realm"));
        command.addAll(options);
        return command;
    }

    private Path keyStore() {
        return server.folder().resolve("server.p12");
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
}
