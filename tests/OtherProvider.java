//SOURCES ../lib/sandbox/ArchiveServer.java ../scripts/sandbox.java

import module java.base;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import lib.sandbox.ArchiveServer;

/** A provider whose tokens the sandbox's archive takes instead of its own one's. */
final class OtherProvider {
    private OtherProvider() {}

    /** Lets {@code archive} accept the tokens of {@code issuer}, signed with a key of the set at {@code jwks}. */
    static void trusted(ArchiveServer archive, String issuer, URI jwks) {
        archive.trust(() -> issuer, kid -> key(jwks, kid));
    }

    private static PublicKey key(URI jwks, String kid) {
        try {
            JWK key = JWKSet.load(jwks.toURL()).getKeyByKeyId(kid);
            return key == null ? null : key.toRSAKey().toPublicKey();
        } catch (IOException | ParseException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
