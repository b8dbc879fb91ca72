//SOURCES ../lib/base/Exit.java ../lib/base/Secret.java ../lib/sandbox/Certificates.java ../lib/sandbox/Clients.java
//SOURCES ../lib/sandbox/Sandbox.java ../scripts/gettoken.java ../scripts/sandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.X509Certificate;
import lib.base.Exit;
import lib.base.Secret;
import lib.sandbox.Certificates;
import lib.sandbox.Clients;
import lib.sandbox.Sandbox;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which servers are believed, and as whom they see us. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TlsTest {
    private static final String PASSWORD = "p12 password";

    @TempDir
    static Path folder;

    private static Path server;
    private static Path client;

    @BeforeAll
    static void makeKeys() throws Exception {
        // As the archive's sample certificate (facts B1): 1024 bits, no name that a client would look at.
        server = keyStore("dcm4che", "-keyalg", "RSA", "-keysize", "1024", "-sigalg", "SHA512withRSA");
        client = keyStore("our client", "-keyalg", "EC", "-groupname", "secp256r1");
    }

    private static Path keyStore(String name, String... algorithm) throws Exception {
        Path file = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of("-genkeypair", "-alias", "key", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", file.toString(), "-dname", "CN=" + name, "-validity", "9"));
        command.addAll(List.of(algorithm));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        keytool.getOutputStream().close();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
        return file;
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** A server that wants the certificate of {@link #client} alone, and says that it wants nobody's. */
    private static final class ClientTrust implements X509TrustManager {
        private final X509Certificate expected;

        ClientTrust(X509Certificate expected) {
            this.expected = expected;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws java.security.cert.CertificateException {
            if (!chain[0].equals(expected)) {
                throw new java.security.cert.CertificateException("not this one");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static Sandbox sandbox() throws Exception {
        KeyStore store = load(server);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        X509Certificate trusted = (X509Certificate) load(client).getCertificate("key");
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new ClientTrust(trusted)}, null);
        X509Certificate certificate = (X509Certificate) store.getCertificate("key");
        return new Sandbox(
                InstantSource.system(),
                new Certificates.Identity(
                        context,
                        certificate,
                        pem("CERTIFICATE", certificate.getEncoded()),
                        pem("CERTIFICATE", certificate.getEncoded()),
                        new Secret(pem(
                                "PRIVATE KEY",
                                store.getKey("key", PASSWORD.toCharArray()).getEncoded()))));
    }

    private static String pem(String what, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    private static Path file(String name, String... parts) throws Exception {
        return Files.writeString(folder.resolve(name), String.join("", parts));
    }

    private static ToolRun.Setting tool(Sandbox sandbox) {
        return ToolRun.of(new gettoken())
                .env("ARC_KEYCLOAK", sandbox.keycloakHttps())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal());
    }

    /** The option that the error advises, as one would paste it. */
    private static String[] pasted(ToolRun run) {
        Matcher option = Pattern.compile("--server-cert sha256:[0-9a-f]{64}").matcher(run.err());
        assertTrue(option.find(), run::toString);
        return option.group().split(" ");
    }

    @Test
    void the_option_pasted_from_the_hint_works_where_name_and_dates_are_wrong() {
        Certificates.Identity expired = Certificates.make("other", "dns:other.example", -30, 10);
        try (Sandbox sandbox = new Sandbox(InstantSource.system(), expired)) {
            ToolRun run = tool(sandbox).run();
            assertEquals(Exit.NO_ANSWER.code(), run.exit(), run::toString);
            for (String shown : List.of("CN=other", "other.example", "expired")) {
                assertTrue(run.err().contains(shown), run::toString);
            }
            tool(sandbox).run((Object[]) pasted(run)).succeeds();
        }
    }

    @Test
    void the_archives_sample_certificate_works_by_its_hash_or_file_over_tls_1_2_alone() throws Exception {
        try (Sandbox sandbox = sandbox()) {
            sandbox.provider().web().handshake(socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}));
            ToolRun run = tool(sandbox).run();
            assertTrue(run.err().contains("CN=dcm4che; names none"), run::toString);
            tool(sandbox).run((Object[]) pasted(run)).succeeds();
            tool(sandbox)
                    .run("--server-cert", file("server.pem", sandbox.identity().pem()))
                    .succeeds();
            assertEquals(0, tool(sandbox).run("-k").exit());
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,secp256r1", "TLSv1.3,secp256r1", "TLSv1.3,x448", "TLSv1.2,x25519", "TLSv1.3,x25519"})
    void a_server_is_reached_by_whatever_group_it_takes(String protocol, String group) throws Exception {
        try (Sandbox sandbox = sandbox()) {
            sandbox.provider().web().handshake(socket -> {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(new String[] {protocol});
                // Else TLS 1.2 would do without any.
                parameters.setCipherSuites(
                        new String[] {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
                parameters.setNamedGroups(new String[] {group});
                socket.setSSLParameters(parameters);
            });
            tool(sandbox)
                    .run("--server-cert", file("server.pem", sandbox.identity().pem()))
                    .succeeds();
        }
    }

    @Test
    void another_certificate_than_the_named_one_is_not_believed() throws Exception {
        try (Sandbox sandbox = sandbox()) {
            tool(sandbox)
                    .run("--server-cert", "sha256:" + "ab".repeat(32))
                    .fails(Exit.NO_ANSWER, "not trusted", "--server-cert");
        }
    }

    @Test
    void what_is_no_hash_is_wrong_usage_before_anything_is_sent() throws Exception {
        try (Sandbox sandbox = sandbox()) {
            for (String hash : List.of("sha256:abc", "SHA256:" + "ab".repeat(31), "sha256:" + "xy".repeat(32))) {
                tool(sandbox)
                        .env("ARC_KEYCLOAK", sandbox.keycloak())
                        .run("--server-cert", hash)
                        .fails(Exit.USAGE, "is not a valid SHA-256", "64 hexadecimal");
            }
            assertEquals(0, sandbox.provider().web().requests().size());
            String right = pasted(tool(sandbox).run())[1].substring("sha256:".length());
            tool(sandbox)
                    .run("--server-cert", "SHA256:" + right.toUpperCase(Locale.ROOT))
                    .succeeds();
        }
    }

    @Test
    void a_certificate_is_found_beside_a_key_and_any_other_text() throws Exception {
        String key = pem(
                "PRIVATE KEY",
                load(server).getKey("key", PASSWORD.toCharArray()).getEncoded());
        Certificates.Identity loopback = Certificates.loopback();
        try (Sandbox archive = sandbox();
                Sandbox sandbox = new Sandbox(InstantSource.system(), loopback)) {
            String other = archive.identity().pem();
            String bag = "Bag Attributes\n    friendlyName: -----\n";
            for (List<String> parts : List.of(List.of(bag, loopback.pem(), key), List.of(key, bag, loopback.pem()))) {
                Path file = file("mixed.pem", String.join("", parts));
                tool(sandbox).run("--server-cert", file).succeeds();
                tool(sandbox).run("--cacert", file).succeeds();
            }
            tool(sandbox)
                    .run("--cacert", file("two.pem", other, key, loopback.pem()))
                    .succeeds();
            tool(sandbox).run("--cacert", file("key.pem", key)).fails(Exit.USAGE, "holds no certificate", "PEM");
        }
    }

    @Test
    void a_server_that_wants_a_certificate_gets_it_from_every_kind_of_file() throws Exception {
        KeyStore store = load(client);
        PrivateKey key = (PrivateKey) store.getKey("key", PASSWORD.toCharArray());
        String certificate = pem("CERTIFICATE", store.getCertificate("key").getEncoded());
        String plain = pem("PRIVATE KEY", key.getEncoded());
        Path certificateFile = file("client.pem", "Bag Attributes\n", certificate);
        Path keyFile = file("client.key", plain);
        Path both = file("both.pem", plain, certificate);
        Path reversed = file("reversed.pem", certificate, plain);
        Path encrypted = file("encrypted.key", pem("ENCRYPTED PRIVATE KEY", encrypted(key)));
        byte[] der = store.getCertificate("key").getEncoded();
        Path certificateDer = Files.write(folder.resolve("client.der"), der);
        Path x509 = file("x509.pem", pem("X509 CERTIFICATE", der));
        Path keyDer = Files.write(folder.resolve("key.der"), key.getEncoded());
        Path encryptedDer = Files.write(folder.resolve("encrypted.der"), encrypted(key));
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (Sandbox sandbox = sandbox()) {
                sandbox.provider().web().handshake(socket -> {
                    socket.setEnabledProtocols(new String[] {protocol});
                    socket.setNeedClientAuth(true);
                });
                ToolRun.Setting tool = tool(sandbox)
                        .env(
                                "ARC_SERVER_CERT",
                                file("server.pem", sandbox.identity().pem()));
                tool.run("-E", certificateFile, "--key", keyFile).succeeds();
                tool.run("--cert", both).succeeds();
                tool.run("--cert", reversed).succeeds();
                tool.run().fails(Exit.NO_ANSWER, "no TLS connection", "--cert");
                tool.env("ARC_CERT_PASSWORD", PASSWORD).run("--cert", client).succeeds();
                tool.run("--cert", certificateFile, "--key", encrypted).succeeds();
                tool.run("--cert", certificateDer, "--key", keyDer).succeeds();
                tool.run("--cert", x509, "--key", encryptedDer).succeeds();
                tool.run("--cert", certificateDer).fails(Exit.USAGE, "no private key in", "--key FILE");
                tool.run("--cert", server).fails(Exit.NO_ANSWER, "no TLS connection", "--cert");
            }
        }
    }

    private static byte[] encrypted(PrivateKey key) throws Exception {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())));
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key.getEncoded())).getEncoded();
    }

    @Test
    void a_certificate_that_cannot_be_used_is_explained_before_anything_is_sent() throws Exception {
        KeyStore store = load(client);
        Path certificate =
                file("c.pem", pem("CERTIFICATE", store.getCertificate("key").getEncoded()));
        PrivateKey other = (PrivateKey) load(server).getKey("key", PASSWORD.toCharArray());
        Path otherKey = file("other.key", pem("PRIVATE KEY", other.getEncoded()));
        Path old = file("old.key", pem("RSA PRIVATE KEY", new byte[] {1}));
        Path damaged = file("damaged.key", pem("PRIVATE KEY", new byte[] {1}));
        Path cut = file("cut.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        try (Sandbox sandbox = sandbox()) {
            ToolRun.Setting tool = tool(sandbox).env("ARC_CERT_PASSWORD", "wrong");
            tool.run("--cert", "none.pem").fails(Exit.USAGE, "cannot read none.pem", "ls -l");
            tool.run("--cert", otherKey).fails(Exit.USAGE, "holds no certificate", "PKCS #12");
            tool.run("--cert", certificate).fails(Exit.USAGE, "no private key in", "--key FILE");
            tool.run("--cert", certificate, "--key", otherKey)
                    .fails(Exit.USAGE, "not that of the certificate", "first");
            tool.run("--cert", certificate, "--key", old).fails(Exit.USAGE, "damaged", "RSA and EC");
            tool.run("--cert", certificate, "--key", damaged).fails(Exit.USAGE, "damaged", "RSA and EC");
            tool.run("--cert", certificate, "--key", cut).fails(Exit.USAGE, "damaged", "RSA and EC");
            tool.run("--cert", client).fails(Exit.USAGE, "with this password", "ARC_CERT_PASSWORD");
            tool.run("--key", otherKey).fails(Exit.USAGE, "--key without --cert", "--cert FILE");
            assertEquals(0, sandbox.provider().web().requests().size());
        }
    }
}
