//SOURCES ../base/Secret.java

package lib.http;

import java.nio.file.Path;
import java.util.function.Supplier;
import lib.base.Secret;

/**
 * The certificate by which a server knows us, and its key.
 *
 * @param certificate a PEM or PKCS #12 file
 * @param key a PEM file (PKCS #8), or null if the key is in the first file
 * @param password asks for the password, if the key turns out to have one; null for no answer
 */
public record ClientCertificate(Path certificate, Path key, Supplier<Secret> password) {}
