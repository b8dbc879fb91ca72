package lib.json;

/** Text that is not one JSON value; the caller knows whose text it was and says so. */
public final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1;

    MalformedJson(String reason) {
        super(reason);
    }
}
