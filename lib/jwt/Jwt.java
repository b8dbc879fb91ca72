//SOURCES ../base/Problem.java ../base/Secret.java ../json/Json.java ../json/MalformedJson.java Base64Url.java
//SOURCES Claims.java InputText.java Oddities.java Remark.java TokenResponse.java TokenText.java

package lib.jwt;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.base.Problem;
import lib.base.Secret;
import lib.json.Json;
import lib.json.MalformedJson;

/**
 * A decoded token (RFC 7519), its signature not verified. Of an encrypted one (RFC 7516) only the header can be read.
 */
public final class Jwt {
    private static final String CUT = "the token was cut off, or changed on its way: copy the whole token";

    private final Secret compact;
    private final Map<String, Object> header;
    private final Map<String, Object> payload;
    private final String signature;
    private final List<Remark> remarks;

    private Jwt(
            Secret compact,
            Map<String, Object> header,
            Map<String, Object> payload,
            String signature,
            List<Remark> remarks) {
        this.compact = compact;
        this.header = header;
        this.payload = payload;
        this.signature = signature;
        this.remarks = remarks;
    }

    /** Decodes a compact serialization; a {@link Problem} names the segment that is no good, and where. */
    public static Jwt decode(Secret compact) {
        return decode(compact, List.of());
    }

    /** The same, with {@code found} before the remarks on the token itself. */
    static Jwt decode(Secret compact, List<Remark> found) {
        String text = compact.reveal();
        int dots = TokenText.dots(text);
        if (dots != 2 && dots != 4) {
            throw TokenText.bad("not a JWT: expected 3 segments, found " + (dots + 1), CUT);
        }
        List<Remark> remarks = new ArrayList<>(found);
        int first = text.indexOf('.');
        int last = text.lastIndexOf('.');
        Map<String, Object> header = object("header", text.substring(0, first), remarks);
        if (dots == 4) {
            return new Jwt(compact, header, null, "", remarks);
        }
        if (last == first + 1) {
            throw TokenText.bad(
                    "the payload segment is empty",
                    header.containsKey("b64")
                            ? "the payload was sent apart from it, as its b64 header says"
                            : "it is a signature over something that was sent apart from it");
        }
        Map<String, Object> payload = object("payload", text.substring(first + 1, last), remarks);
        String signature = text.substring(last + 1);
        int size = signatureSize(signature, remarks);
        Oddities.add(remarks, header, size, new Claims(payload));
        return new Jwt(compact, header, payload, signature, remarks);
    }

    /** The token itself, as it is sent. */
    public Secret compact() {
        return compact;
    }

    /** The header, its members in their order. */
    public Map<String, Object> header() {
        return header;
    }

    /** The claims, in their order; a {@link Problem} if they are encrypted. */
    public Map<String, Object> payload() {
        if (payload == null) {
            throw TokenText.bad(
                    "the token is encrypted: only the holder of the key can read its payload",
                    "--header shows what can be read");
        }
        return payload;
    }

    /** The claims to be read by name; a {@link Problem} if they are encrypted. */
    public Claims claims() {
        return new Claims(payload());
    }

    /** The signature as it was written, in base64url. */
    public String signature() {
        return signature;
    }

    /** Whether only the header can be read. */
    public boolean isEncrypted() {
        return payload == null;
    }

    /** The header's {@code alg}, or null if there is none. */
    public String algorithm() {
        return header.get("alg") instanceof String algorithm ? algorithm : null;
    }

    /** What is odd about the token, seen at {@code now}. */
    public List<Remark> remarks(Instant now) {
        List<Remark> all = new ArrayList<>(remarks);
        if (payload != null) {
            Oddities.addClockDoubt(all, claims(), now);
        }
        return all;
    }

    private static Map<String, Object> object(String segment, String encoded, List<Remark> remarks) {
        if (encoded.isEmpty()) {
            throw TokenText.bad("the " + segment + " segment is empty", CUT);
        }
        String text = InputText.utf8("the " + segment, Base64Url.decode(segment, encoded, remarks));
        if (text.startsWith("\ufeff")) {
            remarks.add(Remark.warning("the " + segment + " begins with a byte order mark"));
            text = text.substring(1);
        }
        Json.Document document;
        try {
            document = Json.read(text);
        } catch (MalformedJson e) {
            throw noJson(segment, text, e.getMessage());
        }
        Map<String, Object> object = Json.asObject(document.value());
        if (object == null) {
            String kind = TokenResponse.kind(document.value());
            throw TokenText.bad("the " + segment + " is not a JSON object but " + kind, "it is no JWT");
        }
        for (String name : document.duplicates()) {
            remarks.add(Remark.ambiguous("duplicate " + (segment.equals("payload") ? "claim " : "header member ") + name
                    + ": the last one is shown, other programs may take the first"));
        }
        return object;
    }

    private static Problem noJson(String segment, String text, String fault) {
        if (TokenText.isWhole(text)) {
            return TokenText.bad(
                    "the " + segment + " is itself a JWT, not JSON",
                    "decode the inner one: base64url-decode the second segment and pass it in");
        }
        return text.trim().startsWith("{")
                ? TokenText.bad("the " + segment + " is broken JSON: " + fault, CUT)
                : TokenText.bad("the " + segment + " is not a JSON object but other text", "it is no JWT");
    }

    /** How many bytes the signature has; -1 for a stand-in that spells a word, as documentation has them. */
    private static int signatureSize(String signature, List<Remark> remarks) {
        String whole = signature;
        if (Base64Url.isTruncated(signature.length()) && !signature.endsWith("=")) {
            remarks.add(Remark.ambiguous("the signature segment is truncated: length " + signature.length()
                    + " is impossible for base64url"));
            whole = signature.substring(0, signature.length() - 1);
        }
        byte[] bytes = Base64Url.decode("signature", whole, remarks);
        for (byte b : bytes) {
            if (b < 'A' || b > 'z') {
                return bytes.length;
            }
        }
        return bytes.length == 0 ? 0 : -1;
    }
}
