//SOURCES ClaimTime.java Claims.java HumanTime.java Remark.java

package lib.jwt;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a careful reader points out about a token that can be decoded. */
final class Oddities {
    private static final long CLOCK_SLACK_SECONDS = 60;

    private Oddities() {}

    /**
     * Adds what is odd in the token itself.
     *
     * @param signatureSize the bytes of the signature, -1 for a stand-in
     */
    static void add(List<Remark> remarks, Map<String, Object> header, int signatureSize, Claims claims) {
        Object alg = header.get("alg");
        if (!(alg instanceof String algorithm)) {
            remarks.add(Remark.warning("the header names no algorithm (alg)"));
        } else if (algorithm.equalsIgnoreCase("none")) {
            remarks.add(Remark.warning(
                    signatureSize == 0
                            ? "alg is " + algorithm + ": the token is not signed, anybody can have written it"
                            : "alg is " + algorithm + ", and yet there is a signature: one of the two is wrong"));
        } else if (signatureSize == 0) {
            remarks.add(Remark.warning("the signature is missing, though alg is " + algorithm));
        } else if (signatureSize > 0 && !isPossible(algorithm, signatureSize)) {
            remarks.add(Remark.warning("the signature has " + signatureSize + " bytes, which is impossible for "
                    + algorithm + ": the token was cut off or changed"));
        }
        if (header.containsKey("crit")) {
            remarks.add(Remark.warning("the header has crit (critical extensions), which are not understood here"));
        }
        if (header.containsKey("zip")) {
            remarks.add(Remark.warning("the header has zip (compressed), which is not understood here"));
        }
        for (String name : new String[] {"exp", "nbf", "iat", "auth_time"}) {
            ClaimTime time = claims.time(name);
            if (time != null && time.oddity() != null) {
                remarks.add(Remark.warning(time.oddity()));
            }
        }
        Object audience = claims.all().get("aud");
        if (claims.all().containsKey("aud") && !(audience instanceof String) && !(audience instanceof List)) {
            remarks.add(Remark.warning("aud is neither text nor an array"));
        }
        String typ = claims.text("typ");
        if ("Refresh".equals(typ) || "Offline".equals(typ)) {
            remarks.add(
                    Remark.note("a refresh token (" + alg + ") is meant for Keycloak only: nobody else can check it"));
        }
    }

    /** Adds that the clocks differ, if the token is issued in the future. */
    static void addClockDoubt(List<Remark> remarks, Claims claims, Instant now) {
        ClaimTime issued = claims.time("iat");
        if (issued != null && issued.iso() != null && issued.at().isAfter(now.plusSeconds(CLOCK_SLACK_SECONDS))) {
            remarks.add(Remark.warning("issued " + HumanTime.relative(issued.at(), now)
                    + ": the clock of this machine is slow, or Keycloak's is fast"));
        }
    }

    /** Whether a signature by {@code algorithm} (RFC 7518, section 3.1, and RFC 8037) can be so long. */
    private static boolean isPossible(String algorithm, int size) {
        switch (algorithm) {
            case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
                return size >= 128 && size % 64 == 0;
            case "HS256":
                return size == 32;
            case "HS384":
                return size == 48;
            case "HS512", "ES256", "ES256K", "Ed25519":
                return size == 64;
            case "ES384":
                return size == 96;
            case "ES512":
                return size == 132;
            case "EdDSA":
                return size == 64 || size == 114;
            default:
                return true;
        }
    }
}
