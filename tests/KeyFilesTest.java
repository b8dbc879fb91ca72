//SOURCES ../lib/base/Exit.java ../scripts/decodejwt.java ../scripts/gettoken.java Faults.java Permissions.java
//SOURCES TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates in the formats that OpenSSL, OpenSSH and consoles write. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyFilesTest {
    private static final String MAKE = """
            set -e
            openssl genrsa -traditional -out rsa1.pem 2048
            openssl pkey -in rsa1.pem -out rsa8.pem
            openssl pkey -in rsa1.pem -outform DER -out rsa8.der
            openssl rsa -traditional -in rsa1.pem -outform DER -out rsa1.der
            for curve in prime256v1 secp384r1 secp521r1; do
                openssl ecparam -name $curve -genkey -out $curve.pem
                openssl ec -in $curve.pem -outform DER -out $curve.der
                openssl pkey -in $curve.pem -pubout -out $curve.pub
            done
            openssl genpkey -algorithm ed25519 -out ed25519.pem
            openssl pkey -in ed25519.pem -outform DER -out ed25519.der
            openssl pkey -in ed25519.pem -pubout -outform DER -out ed25519.pub
            openssl rsa -in rsa1.pem -traditional -aes128 -passout pass:x -out old-encrypted.pem
            openssl pkcs8 -topk8 -in rsa1.pem -passout pass:x -out encrypted.pem
            openssl pkcs8 -topk8 -in rsa1.pem -passout pass:x -outform DER -out encrypted.der
            openssl genrsa -out short.pem 1024
            head -c 100 rsa8.der >cut.der
            openssl req -new -x509 -key rsa1.pem -subj /CN=me -days 9 -out cert.pem
            openssl x509 -in cert.pem -outform DER -out cert.der
            openssl x509 -in cert.pem -trustout -out trusted.pem
            sed 's/ CERTIFICATE/ X509 CERTIFICATE/' cert.pem >x509.pem
            openssl pkey -in rsa1.pem -pubout -out rsa.pub
            openssl pkey -in rsa1.pem -pubout -outform DER -out rsa.pub.der
            openssl rsa -in rsa1.pem -RSAPublicKey_out -out rsa1.pub
            openssl rsa -in rsa1.pem -RSAPublicKey_out -outform DER -out rsa1.pub.der
            sed /-----/d rsa.pub | tr -d '\\n' >bare.pub
            sed /-----/d cert.pem | tr -d '\\n' >bare-cert
            openssl x509 -in ca.pem -outform DER -out ca.der
            openssl x509 -in ca.pem -trustout -out ca.trusted
            openssl x509 -in server.pem -outform DER -out server.der
            chmod 600 *
            """;

    @RegisterExtension
    static final TestSandbox SANDBOX = new TestSandbox();

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeFiles() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl");
        Files.writeString(folder.resolve("ca.pem"), SANDBOX.identity().caPem());
        Files.writeString(folder.resolve("server.pem"), SANDBOX.identity().pem());
        ToolProcess.script(folder, MAKE);
    }

    @BeforeEach
    void acceptAnyAssertion() {
        SANDBOX.provider()
                .web()
                .faults()
                .rule(request -> Faults.garbage("application/json", "{\"access_token\":\"a.b.c\",\"expires_in\":9}"));
    }

    private static ToolRun sign(String key) {
        return SANDBOX.gettoken().run("--auth-method=private_key_jwt", "--assertion-key", folder.resolve(key));
    }

    private static String assertion(String key) {
        sign(key).succeeds();
        return SANDBOX.provider()
                .web()
                .requests()
                .getLast()
                .form()
                .get("client_assertion")
                .getFirst();
    }

    private static ToolRun verify(String token, String key) {
        return ToolRun.of(new decodejwt())
                .stdin(token)
                .run("--verify", "--public-key", folder.resolve(key), "--claim", "iss");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa1.pem, rsa.pub",
        "rsa1.der, rsa.pub",
        "rsa8.pem, rsa.pub",
        "rsa8.der, rsa.pub",
        "prime256v1.pem, prime256v1.pub",
        "prime256v1.der, prime256v1.pub",
        "secp384r1.pem, secp384r1.pub",
        "secp384r1.der, secp384r1.pub",
        "secp521r1.pem, secp521r1.pub",
        "secp521r1.der, secp521r1.pub",
        "ed25519.pem, ed25519.pub",
        "ed25519.der, ed25519.pub"
    })
    void a_private_key_signs_in_every_format(String key, String publicKey) {
        assertEquals("curl\n", verify(assertion(key), publicKey).succeeds());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pub",
                "rsa.pub.der",
                "rsa1.pub",
                "rsa1.pub.der",
                "bare.pub",
                "bare-cert",
                "cert.pem",
                "cert.der",
                "trusted.pem",
                "x509.pem"
            })
    void a_public_key_verifies_in_every_format(String key) {
        assertEquals("curl\n", verify(assertion("rsa1.pem"), key).succeeds());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            old-encrypted.pem | is encrypted in an old way | decrypt it: openssl pkey
            encrypted.pem     | is encrypted               | decrypt it: openssl pkey
            encrypted.der     | is encrypted               | decrypt it: openssl pkey
            short.pem         | cannot sign with RS256     | RSA keys need 2048 bits
            cut.der           | is damaged                 | RSA and EC keys are supported
            cert.pem          | there is no private key    | PEM, DER or a JWK
            cert.der          | there is no private key    | PEM, DER or a JWK
            rsa.pub           | there is no private key    | PEM, DER or a JWK
            bare.pub          | there is no private key    | PEM, DER or a JWK
            """)
    void what_cannot_sign_says_why_and_nothing_is_sent(String key, String message, String hint) {
        sign(key).fails(Exit.USAGE, message, hint);
        assertEquals(0, SANDBOX.provider().web().requests().size());
    }

    @Test
    void a_key_of_openssh_is_converted_by_the_command_of_the_hint() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "no ssh-keygen");
        Path key = folder.resolve("ssh");
        new ProcessBuilder("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", key.toString())
                .inheritIO()
                .start()
                .waitFor();
        sign("ssh").fails(Exit.USAGE, "has the format of OpenSSH", "ssh-keygen -p -m PKCS8 -f COPY");
        Process convert = new ProcessBuilder("ssh-keygen", "-q", "-p", "-N", "", "-m", "PKCS8", "-f", key.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, convert.waitFor());
        sign("ssh").succeeds();
    }

    @ParameterizedTest
    @CsvSource({"rsa8.pem", "rsa8.der", "cut.der"})
    void a_private_key_is_no_public_key(String key) {
        verify(assertion("rsa1.pem"), key).fails(Exit.USAGE, folder.resolve(key).toString(), "public");
    }

    @ParameterizedTest
    @CsvSource({
        "--cacert, ca.der",
        "--cacert, ca.trusted",
        "--server-cert, server.der",
        "--server-cert, server.pem",
    })
    void a_trusted_certificate_is_read_in_every_format(String option, String file) {
        SANDBOX.gettoken().run(option, folder.resolve(file)).succeeds();
    }

    @Test
    void a_certificate_to_trust_that_others_can_write_to_earns_a_warning() throws Exception {
        Path file = Permissions.set(
                Files.writeString(
                        folder.resolve("shared.pem"), SANDBOX.identity().caPem()),
                "rw-rw-r--");
        SANDBOX.gettoken()
                .run("--cacert", file)
                .after("others can write to " + file)
                .succeeds();
    }
}
