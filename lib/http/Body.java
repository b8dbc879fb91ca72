//SOURCES Form.java

package lib.http;

/**
 * What is sent with a request.
 *
 * @param type its media type
 * @param text the whole of it, to be sent in UTF-8
 * @param outline what may be shown of it
 */
record Body(String type, String text, String outline) {
    static Body of(Form form) {
        return new Body("application/x-www-form-urlencoded", form.encoded(), "form: " + form);
    }

    static Body json(String json) {
        return new Body("application/json", json, "json: " + json.length() + " characters");
    }

    @Override
    public String toString() {
        return outline;
    }
}
