//SOURCES ../base/Printable.java ../base/Problem.java ../base/Secret.java ../json/Json.java Base64Url.java Claims.java
//SOURCES FoundToken.java NotAToken.java TokenText.java

package lib.jwt;

import module java.base;
import lib.base.Printable;
import lib.base.Problem;
import lib.base.Secret;
import lib.json.Json;

/**
 * A decoded token (RFC 7519); its signature is not verified. Of an encrypted token (RFC 7516) only the header can be
 * read.
 *
 * @param compact the token itself, as it is sent
 * @param header the header, its members in their order
 * @param payloadOrNull the claims, in their order; null if they are encrypted
 * @param signature the signature as it was written, in base64url
 * @param found what is unusual about the token at any time
 */
public record Jwt(
        Secret compact,
        Map<String, Object> header,
        Map<String, Object> payloadOrNull,
        String signature,
        List<Finding> found) {
    /** What to do about a token that is not whole. */
    public static final String CUT = "the token was cut off or changed on its way: copy the whole token";

    private static final long CLOCK_SLACK_SECONDS = 60;
    private static final String[] TIMES = {"exp", "nbf", "iat", "auth_time"};

    /** How serious a {@link Finding} is. */
    public enum Severity {
        /** Explains what was done. */
        NOTE,
        /** Something is wrong with the token. */
        WARNING,
        /** Two programs may read the token differently: not accepted where the token is relied on. */
        AMBIGUOUS
    }

    /**
     * Something that the user should know about a token that could be read.
     *
     * @param severity how serious it is
     * @param text what it is, in a line, without any part of the token's signature
     */
    public record Finding(Severity severity, String text) {
        static Finding note(String text) {
            return new Finding(Severity.NOTE, text);
        }

        static Finding warning(String text) {
            return new Finding(Severity.WARNING, text);
        }

        static Finding ambiguous(String text) {
            return new Finding(Severity.AMBIGUOUS, text);
        }
    }

    /** Decodes a compact serialization; a {@link Problem} names the segment that is malformed, and where. */
    public static Jwt decode(Secret compact) {
        return decode(compact, List.of());
    }

    /** Decodes a compact serialization; {@code found} comes before the findings on the token itself. */
    static Jwt decode(Secret compact, List<Finding> found) {
        String text = compact.reveal();
        int dots = FoundToken.dots(text);
        if (dots != 2 && dots != 4) {
            throw NotAToken.segments(text);
        }
        List<Finding> findings = new ArrayList<>(found);
        int first = text.indexOf('.');
        int last = text.lastIndexOf('.');
        Map<String, Object> header = object("header", text.substring(0, first), findings);
        if (dots == 4) {
            if (!header.containsKey("enc")) {
                throw NotAToken.segments(text);
            }
            return new Jwt(compact, header, null, "", findings);
        }
        if (last == first + 1) {
            throw Problem.badToken(
                    "the payload segment is empty",
                    header.containsKey("b64")
                            ? "the payload was sent separately, as the b64 header says"
                            : "this is a detached signature: the signed content was sent separately");
        }
        Map<String, Object> payload = payload(text.substring(first + 1, last), header, findings);
        String signature = text.substring(last + 1);
        int signatureSize = signatureSize(signature, findings);
        Jwt token = new Jwt(compact, header, payload, signature, findings);
        token.examine(signatureSize);
        return token;
    }

    /** The claims, in their order; a {@link Problem} if they are encrypted. */
    public Map<String, Object> payload() {
        if (payloadOrNull == null) {
            throw Problem.badToken(
                    "the token is encrypted: only the holder of the key can read its payload",
                    "--header shows what can be read");
        }
        return payloadOrNull;
    }

    /** The claims to be read by name; a {@link Problem} if they are encrypted. */
    public Claims claims() {
        return new Claims(payload());
    }

    /** Whether only the header can be read. */
    public boolean isEncrypted() {
        return payloadOrNull == null;
    }

    /** The header's {@code alg}, or null if it has none. */
    public String algorithm() {
        return header.get("alg") instanceof String algorithm ? algorithm : null;
    }

    /** What is wrong with the form of the signature, or null; whether it holds is not checked. */
    public String signatureFault() {
        // Its length comes last, and says more than its base64url.
        return found.reversed().stream()
                .map(Finding::text)
                .filter(text -> text.startsWith("the signature "))
                .findFirst()
                .orElse(null);
    }

    /** What is unusual about the token at the time {@code now}. */
    public List<Finding> findings(Instant now) {
        List<Finding> all = new ArrayList<>(found);
        Claims.Time issued = isEncrypted() ? null : claims().time("iat");
        if (issued != null && issued.isOrdinary() && issued.at().isAfter(now.plusSeconds(CLOCK_SLACK_SECONDS))) {
            all.add(Finding.warning("issued " + Claims.relative(issued.at(), now)
                    + ": the clock of this machine is slow, or Keycloak's is fast"));
        }
        return all;
    }

    /** Adds what is unusual about the token at any time; {@code signatureSize} as {@link #signatureSize} gives it. */
    private void examine(int signatureSize) {
        String algorithm = algorithm();
        if (algorithm == null) {
            warn("the header names no algorithm (alg)");
        } else if (algorithm.equalsIgnoreCase("none")) {
            warn(
                    signatureSize == 0
                            ? "alg is " + algorithm + ": the token is not signed, anybody could have written it"
                            : "alg is " + algorithm + ", but there is a signature: one of the two is wrong");
        } else if (signatureSize == 0) {
            warn("the signature is missing, though alg is " + algorithm);
        } else if (signatureSize > 0 && !isPossible(algorithm, signatureSize)) {
            warn("the signature has " + signatureSize + " bytes, which is impossible for " + algorithm
                    + ": the token was cut off or changed");
        }
        if (header.containsKey("crit")) {
            warn("the header has crit (critical extensions), which decodejwt does not support");
        }
        if (header.containsKey("zip")) {
            warn("the header has zip, but the payload is not compressed");
        }
        Claims claims = claims();
        for (String name : TIMES) {
            Claims.Time time = claims.time(name);
            if (time != null && time.fault() != null) {
                warn(time.fault());
            }
        }
        Object audience = payloadOrNull.get("aud");
        if (payloadOrNull.containsKey("aud") && !(audience instanceof String) && !(audience instanceof List)) {
            warn("aud is neither text nor an array");
        }
        String typ = claims.text("typ");
        if ("Refresh".equals(typ) || "Offline".equals(typ)) {
            found.add(Finding.note(
                    "a refresh token (" + header.get("alg") + ") is meant for Keycloak, which alone can check it"));
        }
    }

    private void warn(String text) {
        found.add(Finding.warning(text));
    }

    /** Whether a signature by {@code algorithm} (RFC 7518, section 3.1, and RFC 8037) can have this many bytes. */
    private static boolean isPossible(String algorithm, int size) {
        return switch (algorithm) {
            case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512" -> size >= 128 && size % 64 == 0;
            case "HS256" -> size == 32;
            case "HS384" -> size == 48;
            case "HS512", "ES256", "ES256K", "Ed25519" -> size == 64;
            case "ES384" -> size == 96;
            case "ES512" -> size == 132;
            case "EdDSA" -> size == 64 || size == 114;
            default -> true;
        };
    }

    /** Shows nothing of the token. */
    @Override
    public String toString() {
        return compact.toString();
    }

    private static Map<String, Object> payload(String segment, Map<String, Object> header, List<Finding> findings) {
        try {
            return object("payload", segment, findings);
        } catch (Problem notJson) {
            throw header.get("zip") == null
                    ? notJson
                    : Problem.badToken(
                            "the payload is compressed (zip " + Printable.cut(Json.compact(header.get("zip")), 20)
                                    + ")",
                            "decodejwt does not decompress it; the tools of its issuer do");
        }
    }

    private static Map<String, Object> object(String segment, String encoded, List<Finding> findings) {
        if (encoded.isEmpty()) {
            throw Problem.badToken("the " + segment + " segment is empty", CUT);
        }
        String text = TokenText.utf8("the " + segment, Base64Url.decode(segment, encoded, findings));
        if (text.startsWith("\ufeff")) {
            findings.add(Finding.warning("the " + segment + " begins with a byte order mark"));
            text = text.substring(1);
        }
        Json.Document document;
        try {
            document = Json.read(text);
        } catch (Json.Malformed e) {
            throw notJson(segment, text, e.getMessage());
        }
        Map<String, Object> object = Json.asObject(document.value());
        if (object == null) {
            String kind = Json.kind(document.value());
            throw Problem.badToken("the " + segment + " is not a JSON object but " + kind, "it is not a JWT");
        }
        for (String name : document.duplicates()) {
            findings.add(Finding.ambiguous("duplicate " + (segment.equals("payload") ? "claim " : "header member ")
                    + name + ": the last one is shown, other programs may take the first"));
        }
        return object;
    }

    private static Problem notJson(String segment, String text, String fault) {
        if (FoundToken.isWhole(text)) {
            return Problem.badToken(
                    "the " + segment + " is itself a JWT, not JSON",
                    "decode the inner one: base64url-decode the second segment and pass it in");
        }
        return text.trim().startsWith("{")
                ? Problem.badToken("the " + segment + " is broken JSON: " + fault, CUT)
                : Problem.badToken("the " + segment + " is not a JSON object but other text", "it is not a JWT");
    }

    /** The size of the signature in bytes; -1 for a placeholder that spells a word, as in documentation. */
    private static int signatureSize(String signature, List<Finding> findings) {
        String whole = signature;
        if (Base64Url.isTruncated(signature.length()) && !signature.endsWith("=")) {
            findings.add(Finding.ambiguous("the signature segment is truncated: length " + signature.length()
                    + " is impossible for base64url"));
            whole = signature.substring(0, signature.length() - 1);
        }
        byte[] bytes = Base64Url.decode("signature", whole, findings);
        for (byte b : bytes) {
            if (b < 'A' || b > 'z') {
                return bytes.length;
            }
        }
        return bytes.length == 0 ? 0 : -1;
    }
}
