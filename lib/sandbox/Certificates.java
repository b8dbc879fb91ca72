//SOURCES ../base/Secret.java

package lib.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import lib.base.Secret;

/** Self-signed certificates for the sandbox and for tests of bad ones, made by the JDK's own keytool. */
public final class Certificates {
    // Protects a file that lives for a moment in a folder of our own.
    private static final String STORE_PASSWORD = "changeit";

    private Certificates() {}

    /**
     * A certificate with its key, ready to serve.
     *
     * @param context for servers
     * @param certificate the certificate itself
     * @param pem the certificate as PEM
     * @param keyPem its key as PEM, for servers that are no Java
     */
    public record Identity(SSLContext context, X509Certificate certificate, String pem, Secret keyPem) {}

    /** Made at first use, once for each VM, since keytool takes half a second. */
    private static final class Loopback {
        static final Identity IDENTITY = make("arc-scripts sandbox", "ip:127.0.0.1,dns:localhost", 0, 30);
    }

    /** A valid certificate for 127.0.0.1 and localhost, always the same one. */
    public static Identity loopback() {
        return Loopback.IDENTITY;
    }

    /**
     * Makes a certificate.
     *
     * @param commonName its subject
     * @param san its names as keytool takes them ({@code ip:127.0.0.1,dns:localhost}), or null for none
     * @param startDaysFromNow when it becomes valid; negative for the past
     * @param validityDays how long it is valid then
     */
    public static Identity make(String commonName, String san, int startDaysFromNow, int validityDays) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("arc-sandbox");
            Path store = folder.resolve("store.p12");
            // For Ctrl-C, which ends the process without unwinding.
            folder.toFile().deleteOnExit();
            store.toFile().deleteOnExit();
            keytool(store, commonName, san, startDaysFromNow, validityDays);
            return load(store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        } finally {
            delete(folder);
        }
    }

    private static void keytool(Path store, String commonName, String san, int start, int days)
            throws IOException, InterruptedException {
        String options = "-genkeypair -alias sandbox -keyalg EC -groupname secp256r1 -storetype PKCS12 -storepass "
                + STORE_PASSWORD + " -startdate " + (start < 0 ? "" : "+") + start + "d -validity " + days;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.add("-J-XX:TieredStopAtLevel=1");
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-keystore", store.toString(), "-dname", "CN=" + commonName));
        if (san != null) {
            command.addAll(List.of("-ext", "SAN=" + san));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    private static Identity load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        X509Certificate certificate = (X509Certificate) store.getCertificate("sandbox");
        Key key = store.getKey("sandbox", STORE_PASSWORD.toCharArray());
        return new Identity(
                context,
                certificate,
                pem("CERTIFICATE", certificate.getEncoded()),
                new Secret(pem("PRIVATE KEY", key.getEncoded())));
    }

    private static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static void delete(Path folder) {
        if (folder != null) {
            try {
                Files.deleteIfExists(folder.resolve("store.p12"));
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
