//SOURCES ../base/Problem.java ../base/Secret.java ../base/SmallFile.java Pem.java Tls.java

package lib.http;

import module java.base;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import lib.base.Problem;
import lib.base.Secret;
import lib.base.SmallFile;
import lib.http.Tls.ClientCertificate;

/**
 * Sends a {@link ClientCertificate} to every server that asks. The JDK's own key manager sends none when the server's
 * list of issuers does not name ours, and then the handshake fails without a reason.
 */
final class ClientKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final PrivateKey key;
    private final X509Certificate[] chain;

    private ClientKey(PrivateKey key, List<? extends Certificate> chain) {
        this.key = key;
        this.chain = chain.toArray(new X509Certificate[0]);
    }

    /** Reads the files; {@link Problem} where they cannot be used. */
    static ClientKey of(ClientCertificate client) {
        byte[] bytes = SmallFile.read(client.certificate().toString(), "--cert");
        ClientKey key = Pem.isDer(bytes) && Pem.certificates(bytes).isEmpty()
                ? pkcs12(bytes, client)
                : new ClientKey(
                        key(client.key() == null ? client.certificate() : client.key(), client),
                        Pem.certificates(bytes, "--cert " + client.certificate()));
        if (!belongsTo(key.chain[0].getPublicKey(), key.key)) {
            throw Problem.usage(
                    "the key is not that of the certificate in " + client.certificate(),
                    "its own certificate must come first in --cert; see openssl x509 -in FILE -noout -subject");
        }
        return key;
    }

    private static ClientKey pkcs12(byte[] bytes, ClientCertificate client) {
        Path file = client.certificate();
        char[] password = new char[0];
        for (boolean asked = false; ; asked = true) {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(new ByteArrayInputStream(bytes), password);
                for (String alias : Collections.list(store.aliases())) {
                    if (store.getKey(alias, password) instanceof PrivateKey key) {
                        return new ClientKey(key, List.of(store.getCertificateChain(alias)));
                    }
                }
                throw Problem.usage("there is no key in " + file, "export it together with its key");
            } catch (IOException | GeneralSecurityException e) {
                if (asked) {
                    throw Pem.wrongPassword(file.toString());
                }
                password = password(client, file);
            }
        }
    }

    private static PrivateKey key(Path file, ClientCertificate client) {
        return Pem.privateKey(
                SmallFile.read(file.toString(), "--key"),
                file.toString(),
                client.key() == null
                        ? "name the file with the key: --key FILE"
                        : "it takes PEM (-----BEGIN PRIVATE KEY-----) or DER",
                () -> password(client, file));
    }

    private static char[] password(ClientCertificate client, Path file) {
        Secret password = client.password().get();
        if (password == null) {
            throw Problem.usage("no password for the key in " + file, "put it into ARC_CERT_PASSWORD");
        }
        return password.reveal().toCharArray();
    }

    private static boolean belongsTo(PublicKey certified, PrivateKey key) {
        String algorithm = key.getAlgorithm();
        try {
            Signature signature = Signature.getInstance(
                    algorithm.equals("RSA") ? "SHA256withRSA" : algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            return signature.verify(signed);
        } catch (GeneralSecurityException ofAnotherKind) {
            return algorithm.equals("RSASSA-PSS") && certified.getAlgorithm().startsWith("RSA");
        }
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return key.getAlgorithm().equals(keyType) ? new String[] {ALIAS} : null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return List.of(keyTypes).contains(key.getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
