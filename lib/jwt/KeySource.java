package lib.jwt;

/** Where a set of public keys comes from. */
public interface KeySource {
    /**
     * The key set as JSON (RFC 7517, section 5); {@link lib.base.Problem} where it cannot be had.
     *
     * @param fresh whether one that was kept from before will not do, since a key is missing in it
     */
    String keys(boolean fresh);

    /** Who signs with these keys, as the {@code iss} of its tokens says it; null if that is not known. */
    String issuer();
}
