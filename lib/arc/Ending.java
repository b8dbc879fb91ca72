//SOURCES ../http/MediaType.java ../http/Response.java

package lib.arc;

import java.nio.charset.StandardCharsets;
import lib.http.MediaType;
import lib.http.Response;

/**
 * Looks for what a ZIP or a multipart must end with. An archive that fails in the middle ends its answer as if all were
 * well, and only that is missing (facts F1).
 */
final class Ending {
    // A ZIP may end with a comment of 65,535 bytes; as much may follow the last boundary.
    private static final int LONGEST = 65_535;
    private static final byte[] END_OF_DIRECTORY = {'P', 'K', 5, 6};
    private static final int END_OF_DIRECTORY_SIZE = 22;

    private final byte[] boundary;
    private final byte[] tail = new byte[END_OF_DIRECTORY_SIZE + LONGEST];
    private int count;

    private Ending(byte[] boundary) {
        this.boundary = boundary;
    }

    /** What {@code response} must end with, or null if that cannot be told from its type. */
    static Ending of(Response response) {
        if (response.mediaType().equals("application/zip")) {
            return new Ending(null);
        }
        String boundary = response.mediaType().startsWith("multipart/")
                ? MediaType.parameter(response.header("Content-Type"), "boundary")
                : null;
        return boundary == null ? null : new Ending(("--" + boundary + "--").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Its name, for a message. */
    String name() {
        return boundary == null ? "the directory of its ZIP" : "its closing boundary";
    }

    /** Sees the next {@code length} bytes. */
    void pass(byte[] bytes, int length) {
        int added = Math.min(length, tail.length);
        int kept = Math.min(count, tail.length - added);
        System.arraycopy(tail, count - kept, tail, 0, kept);
        System.arraycopy(bytes, length - added, tail, kept, added);
        count = kept + added;
    }

    /** Whether it has come, and nothing behind it but what may. */
    boolean hasCome() {
        byte[] wanted = boundary == null ? END_OF_DIRECTORY : boundary;
        for (int at = count - wanted.length; at >= 0; at--) {
            int i = 0;
            while (i < wanted.length && tail[at + i] == wanted[i]) {
                i++;
            }
            if (i == wanted.length && (boundary != null || endsWithComment(at))) {
                return true;
            }
        }
        return false;
    }

    private boolean endsWithComment(int at) {
        int comment = at + END_OF_DIRECTORY_SIZE;
        return comment <= count && (tail[comment - 2] & 255 | (tail[comment - 1] & 255) << 8) == count - comment;
    }
}
