package lib.oidc;

import java.net.URI;

/**
 * Where an endpoint may be.
 *
 * @param uri its address
 * @param issuer what the provider calls itself; where nobody says, the address itself, which RFC 7523, section 3, takes
 *     for an audience too
 */
record Place(URI uri, String issuer) {}
