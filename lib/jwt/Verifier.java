//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../http/Pem.java ../json/Json.java
//SOURCES ../json/JsonWebKey.java Base64Url.java Check.java Jwt.java

package lib.jwt;

import module java.base;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.Signature;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.http.Pem;
import lib.json.Json;
import lib.json.JsonWebKey;

/**
 * Verifies the signature of a token (RFC 7515, section 5.2) with keys that the caller trusts.
 *
 * <p>Of the token's header only {@code alg} and {@code kid} count, and both only select among what the caller gave:
 * keys and addresses of keys in the header ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) are never used.
 *
 * @param source the set of keys that are trusted, or null for {@code key} alone
 * @param key the one key that is trusted, or null
 * @param algorithms those that are accepted
 */
public record Verifier(KeySource source, Key key, List<String> algorithms) implements Check {
    /** The supported algorithms with a public key (RFC 7518, section 3; RFC 8037; RFC 9864). */
    public static final List<String> PUBLIC_KEY_ALGORITHMS = List.of(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
            "Ed448");

    /** The supported algorithms with a shared secret (RFC 7518, section 3.2). */
    public static final List<String> SECRET_ALGORITHMS = List.of("HS256", "HS384", "HS512");

    // RFC 7518, sections 3.3 and 3.5.
    private static final int MIN_RSA_BITS = 2048;

    /**
     * A set of public keys.
     *
     * @param issuer the issuer that signs with these keys, the {@code iss} of its tokens; null if it is not known
     * @param json the set (RFC 7517, section 5)
     */
    public record KeySet(String issuer, String json) {}

    /** Where a set of keys comes from. */
    public interface KeySource {
        /**
         * The set; {@link Problem} if it could not be fetched.
         *
         * @param fresh whether a cached set must be fetched again, because a key is missing in it
         */
        KeySet keys(boolean fresh);
    }

    /**
     * The algorithms in {@code list}, separated by commas; all of {@code possible} if it is null.
     *
     * @param possible what the kind of key allows: a list never mixes secrets with public keys
     */
    public static List<String> algorithms(String list, List<String> possible) {
        if (list == null) {
            return possible;
        }
        List<String> algorithms = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            String name = part.strip();
            if (name.equalsIgnoreCase("none")) {
                throw Problem.usage("--alg cannot be none", "a token without a signature is never accepted");
            }
            if (!possible.contains(name)) {
                throw Problem.usage(
                        SECRET_ALGORITHMS.contains(name) || PUBLIC_KEY_ALGORITHMS.contains(name)
                                ? "--alg " + name + " does not go with this kind of key"
                                : "--alg cannot be '" + name + "'",
                        "one or more of " + String.join(",", possible)
                                + (possible == PUBLIC_KEY_ALGORITHMS
                                        ? "; HS256, HS384 and HS512 need --hmac-secret-file"
                                        : ""));
            }
            algorithms.add(name);
        }
        return algorithms;
    }

    /** Verifies with the signing key of a key set that the token names; {@code iss} must be the set's issuer. */
    public static Verifier ofKeys(KeySource source, List<String> algorithms) {
        return new Verifier(source, null, algorithms);
    }

    /** Verifies with this key alone, whatever {@code kid} the token has. */
    public static Verifier ofKey(PublicKey key, List<String> algorithms) {
        return new Verifier(null, key, algorithms);
    }

    /** Verifies with a secret that the issuer shares. */
    public static Verifier ofSecret(byte[] secret, List<String> algorithms) {
        return new Verifier(null, new SecretKeySpec(secret, "HMAC"), algorithms);
    }

    @Override
    public void test(Jwt token, Instant now, List<Problem> failures) {
        Problem failure = failure(token.header(), token.compact());
        if (failure != null) {
            failures.add(failure);
        }
        String issuer =
                source == null || failure != null ? null : source.keys(false).issuer();
        if (issuer != null && !issuer.equals(token.claims().text("iss"))) {
            failures.add(bad(
                    "wanted iss " + issuer + ", but the token has "
                            + shown(token.payload().get("iss")),
                    "request the token from the same URL, or name the issuer that you trust: --issuer URL; or, as for"
                            + " AD FS, --jwks URL --require iss=..."));
        }
    }

    /** Why the signature at the end of {@code token}, of any content, is not valid; null if it is valid. */
    public Problem failure(Map<String, Object> header, Secret token) {
        Object alg = header.get("alg");
        if (!(alg instanceof String algorithm) || algorithm.equalsIgnoreCase("none")) {
            return bad("alg is " + shown(alg) + ": the token is not signed", "only signed tokens can be verified");
        }
        if (!algorithms.contains(algorithm)) {
            return bad(
                    "alg is " + shown(alg) + ", and accepted are " + String.join(", ", algorithms),
                    SECRET_ALGORITHMS.contains(algorithm)
                            ? "verify it with the shared secret (--hmac-secret-file);"
                                    + " Keycloak's refresh tokens have none"
                            : PUBLIC_KEY_ALGORITHMS.contains(algorithm)
                                    ? "if that is what the issuer uses, name it with --alg"
                                    : "decodejwt does not know this algorithm:"
                                            + " verify the token with its issuer's tools");
        }
        if (header.containsKey("crit")) {
            return bad(
                    "the header says that these extensions are critical: " + shown(header.get("crit")),
                    "decodejwt does not support them, and such a token must be refused (RFC 7515)");
        }
        List<Key> keys = keys(algorithm, header.get("kid"), false);
        String compact = token.reveal();
        int end = compact.lastIndexOf('.');
        byte[] signed = compact.substring(0, end).getBytes(StandardCharsets.US_ASCII);
        byte[] signature;
        try {
            signature = Base64Url.decode("signature", compact.substring(end + 1), new ArrayList<>());
        } catch (Problem cut) {
            return cut;
        }
        Problem tooShort = null;
        for (Key candidate : keys) {
            if (candidate instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                tooShort = bad(
                        "the RSA key is too short: " + rsa.getModulus().bitLength() + " bits, and the minimum is "
                                + MIN_RSA_BITS,
                        "such a key can be broken: the issuer must sign with a longer one");
            } else if (isValid(algorithm, candidate, signed, signature)) {
                return null;
            }
        }
        if (tooShort != null) {
            return tooShort;
        }
        return keys.isEmpty()
                ? noKey(algorithm, header.get("kid"))
                : bad(
                        "the signature is not valid",
                        header.containsKey("nonce")
                                ? "a token with a nonce in its header is for Microsoft Graph, which alone can verify"
                                        + " it: request one for an API of your own (--scope api://ID/.default)"
                                : "the token was changed, or signed with another key of the same kid");
    }

    private Problem noKey(String algorithm, Object kid) {
        if (key != null) {
            return bad(
                    "the key is " + kind(key) + ", which cannot verify " + algorithm,
                    "give the key of the issuer that the token names");
        }
        String name = kid == null ? "" : " with the kid " + shown(kid);
        for (Map<String, Object> jwk : jwks(false)) {
            if (kid != null && kid.equals(jwk.get("kid"))) {
                String why = unfit(jwk, key(jwk), algorithm);
                return bad(
                        "the key" + name + " cannot verify " + algorithm + ": " + why,
                        "if you trust it all the same, give the key or its certificate alone: --public-key FILE");
            }
        }
        return bad(
                "there is no key" + name + " for " + algorithm + " among the issuer's",
                "the token comes from another issuer or realm, or its key was withdrawn: request a new one");
    }

    /**
     * The keys that may have signed: of a set those with that kid or none, for signatures, and fit for the algorithm.
     */
    private List<Key> keys(String algorithm, Object kid, boolean fresh) {
        if (source == null) {
            return isFit(algorithm, key) ? List.of(key) : List.of();
        }
        List<Key> keys = new ArrayList<>();
        for (Map<String, Object> jwk : jwks(fresh)) {
            PublicKey found = kid == null || isFor(jwk, "kid", kid) ? key(jwk) : null;
            if (found != null && unfit(jwk, found, algorithm) == null) {
                keys.add(found);
            }
        }
        return keys.isEmpty() && !fresh ? keys(algorithm, kid, true) : keys;
    }

    /** Why {@code jwk}, which is the key {@code found} or null, cannot verify {@code algorithm}; null if it can. */
    private static String unfit(Map<String, Object> jwk, PublicKey found, String algorithm) {
        if (!isFor(jwk, "use", "sig")) {
            return "its use is " + shown(jwk.get("use"));
        }
        if (!isFor(jwk, "alg", algorithm) && !(algorithm.startsWith("Ed") && isFor(jwk, "alg", "EdDSA"))) {
            return "its alg is " + shown(jwk.get("alg"));
        }
        if (found == null) {
            return jwk.containsKey("x5c") && !jwk.containsKey("n") && !jwk.containsKey("x")
                    ? "it has only a certificate (x5c), and not the members of a key"
                    : "RSA".equals(jwk.get("kty"))
                            ? "its modulus (n) or exponent (e) is not valid"
                            : "it is not a valid key of kind " + shown(jwk.get("kty"));
        }
        return isFit(algorithm, found) ? null : "it is " + kind(found);
    }

    private static boolean isFor(Map<String, Object> jwk, String member, Object wanted) {
        Object value = jwk.get(member);
        return value == null || value.equals("") || value.equals(wanted);
    }

    /** The objects in the key set. */
    private List<Map<String, Object>> jwks(boolean fresh) {
        try {
            Map<String, Object> members = Json.asObject(Json.parse(source.keys(fresh).json));
            List<Object> keys = members == null ? null : Json.asArray(members.get("keys"));
            if (keys != null) {
                return keys.stream()
                        .map(Json::asObject)
                        .filter(Objects::nonNull)
                        .toList();
            }
        } catch (Json.Malformed e) {
            throw Problem.usage(
                    "the key set is JSON that is " + e.getMessage(), "fetch it again, and check that it is whole");
        }
        throw Problem.usage("the key set is not valid: it has no array of keys", "for a single key use --public-key");
    }

    /** The public key in {@code jwk}, or null if it is not usable. */
    private static PublicKey key(Map<String, Object> jwk) {
        // Broken certificates and private parts beside the public members must not matter.
        Map<String, Object> bare = new LinkedHashMap<>(jwk);
        bare.keySet().retainAll(List.of("kty", "n", "e", "crv", "x", "y"));
        try {
            return JsonWebKey.parse(Json.compact(bare)).key() instanceof PublicKey found ? found : null;
        } catch (Json.Malformed unusable) {
            return null;
        }
    }

    private static boolean isFit(String algorithm, Key key) {
        return switch (algorithm) {
            case "ES256" -> key instanceof ECPublicKey ec && bits(ec) == 256;
            case "ES384" -> key instanceof ECPublicKey ec && bits(ec) == 384;
            case "ES512" -> key instanceof ECPublicKey ec && bits(ec) == 521;
            case "EdDSA" -> key instanceof EdECPublicKey;
            case "Ed25519", "Ed448" ->
                key instanceof EdECPublicKey ed
                        && algorithm.equals(ed.getParams().getName());
            case "HS256", "HS384", "HS512" -> key instanceof SecretKey;
            default -> key instanceof RSAPublicKey;
        };
    }

    private static String kind(Key key) {
        return key instanceof ECPublicKey ec ? "EC with " + bits(ec) + " bits" : key.getAlgorithm();
    }

    private static int bits(ECPublicKey key) {
        return key.getParams().getCurve().getField().getFieldSize();
    }

    private static boolean isValid(String algorithm, Key key, byte[] signed, byte[] signature) {
        try {
            if (key instanceof EdECPublicKey edwards) {
                // Nimbus needs another library for EdDSA; the JDK has it.
                Signature check = Signature.getInstance("EdDSA");
                check.initVerify(edwards);
                check.update(signed);
                return check.verify(signature);
            }
            JWSVerifier verifier = key instanceof RSAPublicKey rsa
                    ? new RSASSAVerifier(rsa)
                    : key instanceof ECPublicKey ec ? new ECDSAVerifier(ec) : new MACVerifier((SecretKey) key);
            return verifier.verify(new JWSHeader(JWSAlgorithm.parse(algorithm)), signed, Base64URL.encode(signature));
        } catch (JOSEException e) {
            if (key instanceof SecretKey) {
                throw Problem.usage(
                        "the secret is too short for " + algorithm,
                        algorithm + " takes at least " + Integer.parseInt(algorithm.substring(2)) / 8 + " bytes");
            }
            return false;
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private static String shown(Object value) {
        return value == null
                ? "missing"
                : Printable.cut(value instanceof String text ? text : Json.compact(value), 200);
    }

    private static Problem bad(String message, String hint) {
        return Problem.badToken(message, hint);
    }

    /**
     * The public key in the file {@code name}: PEM, a certificate, a JWK, or the bare base64 that Keycloak shows.
     *
     * @param content what is in it
     */
    public static PublicKey publicKey(byte[] content, String name) {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        PublicKey key = text.startsWith("{") ? ofJwk(text) : ofPem(text, content, name);
        if (key == null) {
            throw Problem.usage(
                    "there is no public key in " + name,
                    "it must be a public key or a certificate, in PEM or DER, or a JWK");
        }
        return key;
    }

    private static PublicKey ofJwk(String text) {
        Map<String, Object> jwk = Json.object(text);
        if (jwk.containsKey("keys")) {
            throw Problem.usage("this is a set of keys, not one key", "pass it with --jwks");
        }
        if ("oct".equals(jwk.get("kty"))) {
            throw Problem.usage("this is a shared secret, not a public key", "pass it with --hmac-secret-file");
        }
        return key(jwk);
    }

    private static PublicKey ofPem(String text, byte[] content, String name) {
        if (text.contains("PRIVATE KEY-----")) {
            throw Problem.usage(
                    name + " holds a private key, which its owner must not share",
                    "openssl pkey -in " + name + " -pubout writes the public one");
        }
        return Pem.publicKey(content);
    }
}
