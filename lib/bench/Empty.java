package lib.bench;

/** The least that a Java program can do: what all starts are compared with. */
public final class Empty {
    private Empty() {}

    public static void main(String... arguments) {
        // Nothing: that is the point.
    }
}
