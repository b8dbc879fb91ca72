package lib.oidc;

/** The endpoints of a provider that a token request may need. */
enum Endpoint {
    /** Gives tokens (RFC 6749, section 3.2). */
    TOKEN("token", "token_endpoint"),
    /** Begins the login on another device (RFC 8628, section 3.1). */
    DEVICE("auth/device", "device_authorization_endpoint"),
    /** Begins the login in a browser (RFC 6749, section 3.1). */
    AUTHORIZATION("auth", "authorization_endpoint");

    private final String path;
    private final String member;

    Endpoint(String path, String member) {
        this.path = path;
        this.member = member;
    }

    /** Its path below {@code /realms/NAME/protocol/openid-connect/} of a Keycloak (facts A1). */
    String path() {
        return path;
    }

    /** Its member of the discovery document. */
    String member() {
        return member;
    }
}
