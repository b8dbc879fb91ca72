//SOURCES ../json/Json.java WebRequest.java

package lib.sandbox;

import module java.base;
import java.security.Signature;
import lib.json.Json;

/**
 * Checks bearer tokens as WildFly's Elytron does for the archive (facts.md B2).
 *
 * @param issuer the exact value of {@code iss}
 * @param keys finds a key by its ID; null for an unknown ID
 * @param clock the time
 */
record BearerCheck(Supplier<String> issuer, Function<String, PublicKey> keys, InstantSource clock) {

    /** The token in the header or the query of {@code request}, or null. */
    static String token(WebRequest request) {
        String header = request.header("Authorization");
        if (header != null) {
            String token = header.regionMatches(true, 0, "Bearer ", 0, 7)
                    ? header.substring(7).strip()
                    : "";
            return token.isEmpty() ? null : token;
        }
        List<String> parameter = request.queryParameters().get("access_token");
        return parameter == null ? null : parameter.getFirst();
    }

    /** The realm roles in {@code token}; null if the token is not accepted. */
    List<Object> roles(String token) {
        try {
            String[] parts = token.split("\\.", -1);
            if (parts.length != 3 || !isSigned(parts)) {
                return null;
            }
            Map<String, Object> claims = object(parts[1]);
            boolean accepted = "Bearer".equals(claims.get("typ"))
                    && claims.get("sub") != null
                    && issuer.get().equals(claims.get("iss"))
                    && claims.get("exp") instanceof Json.Number exp
                    && exp.toLong() > clock.instant().getEpochSecond();
            return accepted ? realmRoles(claims) : null;
        } catch (GeneralSecurityException | IllegalArgumentException noToken) {
            return null;
        }
    }

    private boolean isSigned(String[] parts) throws GeneralSecurityException {
        Map<String, Object> header = object(parts[0]);
        if (!"RS256".equals(header.get("alg")) || !(header.get("kid") instanceof String kid)) {
            return false;
        }
        PublicKey key = keys.apply(kid);
        if (key == null) {
            return false;
        }
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static List<Object> realmRoles(Map<String, Object> claims) {
        Map<String, Object> access = Json.asObject(claims.get("realm_access"));
        List<Object> roles = access == null ? null : Json.asArray(access.get("roles"));
        return roles == null ? List.of() : roles;
    }

    private static Map<String, Object> object(String segment) {
        return Json.object(new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8));
    }
}
