//SOURCES Response.java

package lib.sandbox;

import java.util.concurrent.CountDownLatch;

/** What a server does instead of answering as it should; see {@link Faults}. */
public sealed interface Fault {
    /** Answers as it should, to leave a gap in a row of faults. */
    record None() implements Fault {}

    /** Answers with {@code response} instead. */
    record Answer(Response response) implements Fault {}

    /** Closes the connection after {@code bytes} of the true body, which was announced by its length or is chunked. */
    record CutOff(long bytes, boolean chunked) implements Fault {}

    /** Sends {@code bytes} of the true body (-1: not even the status line) and the rest once {@code released}. */
    record Held(int bytes, CountDownLatch released) implements Fault {}

    /** Resets the connection. */
    record Reset() implements Fault {}

    /** Never answers, until the client or the server closes. */
    record Silence() implements Fault {}

    /** Answers with this status, type and body, and header fields given as name, value, name, value. */
    static Fault status(int status, String type, String body, String... headers) {
        Response response = Response.text(status, type, body);
        for (int i = 0; i + 1 < headers.length; i += 2) {
            response = response.with(headers[i], headers[i + 1]);
        }
        return new Answer(response);
    }

    /** Answers 200 with something that makes no sense. */
    static Fault garbage(String type, String body) {
        return status(200, type, body);
    }

    /** Answers 200 with what {@code body} writes, in chunks and however much that is: a hostile multipart, for one. */
    static Fault streamed(String type, Response.Body body) {
        return new Answer(Response.streamed(200, type, body));
    }

    /** Ends the connection after so many bytes of a body whose length was announced. */
    static Fault cutOff(long bytes) {
        return new CutOff(bytes, false);
    }

    /** Ends the connection after so many bytes of a chunked body, without the last chunk. */
    static Fault cutOffChunked(long bytes) {
        return new CutOff(bytes, true);
    }

    /** Answers as it should, but not before {@code released}. */
    static Fault heldUntil(CountDownLatch released) {
        return new Held(-1, released);
    }

    /** Stalls after so many bytes of the body, until {@code released}. */
    static Fault stalledAfter(int bytes, CountDownLatch released) {
        return new Held(bytes, released);
    }

    /** Resets the connection. */
    static Fault reset() {
        return new Reset();
    }

    /** Never answers. */
    static Fault silence() {
        return new Silence();
    }

    /** Answers as it should. */
    static Fault none() {
        return new None();
    }
}
