package lib.oidc;

/**
 * A parameter of a request, which may be secret: its {@code toString} is its name.
 *
 * @param name its name
 * @param value its value
 */
public record Parameter(String name, String value) {
    @Override
    public String toString() {
        return name;
    }
}
