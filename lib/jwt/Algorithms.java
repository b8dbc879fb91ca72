//SOURCES ../base/Problem.java

package lib.jwt;

import java.util.ArrayList;
import java.util.List;
import lib.base.Problem;

/** The algorithms of signatures that can be checked (RFC 7518, section 3; RFC 8037; RFC 9864). */
public final class Algorithms {
    /** Those with a public key. */
    public static final List<String> PUBLIC = List.of(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
            "Ed448");

    /** Those with a shared secret. */
    public static final List<String> SHARED = List.of("HS256", "HS384", "HS512");

    private Algorithms() {}

    /**
     * The algorithms in {@code list}, separated by commas; all of {@code possible} where it is null.
     *
     * @param possible what the kind of key allows: a list never mixes secrets with public keys
     */
    public static List<String> parse(String list, List<String> possible) {
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
                        SHARED.contains(name) || PUBLIC.contains(name)
                                ? "--alg " + name + " does not go with this kind of key"
                                : "--alg cannot be '" + name + "'",
                        "one or more of " + String.join(",", possible)
                                + (possible == PUBLIC ? "; HS256 and the like need --hmac-secret-file" : ""));
            }
            algorithms.add(name);
        }
        return algorithms;
    }
}
