//SOURCES WebRequest.java WebResponse.java

package lib.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a server does instead of answering as it should; see {@link Queue}. */
public sealed interface Fault {
    /** Answers as it should, to leave a gap in a row of faults. */
    record None() implements Fault {}

    /** Answers with {@code response} instead. */
    record Answer(WebResponse response) implements Fault {}

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
        WebResponse response = WebResponse.text(status, type, body);
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
    static Fault streamed(String type, WebResponse.Body body) {
        return new Answer(WebResponse.streamed(200, type, body));
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

    /** The faults that a server has still to show: first those in the row, then what the rule says. */
    static final class Queue {
        private static final Fault NONE = Fault.none();

        private final Deque<Fault> row = new ArrayDeque<>();
        private Function<WebRequest, Fault> rule = request -> NONE;

        /** Shows {@code fault} for the next {@code times} requests after those that are in the row already. */
        public synchronized void next(int times, Fault fault) {
            for (int i = 0; i < times; i++) {
                row.add(fault);
            }
        }

        /** Asks {@code newRule} about every request for which nothing is in the row. */
        public synchronized void rule(Function<WebRequest, Fault> newRule) {
            rule = newRule;
        }

        /**
         * Shows one of {@code faults} for one in {@code oneIn} of the requests that are {@code which}, by chance. The
         * same seed gives the same row of chances; which request meets which is the clients' business.
         */
        public synchronized void sometimes(long seed, int oneIn, Predicate<WebRequest> which, Fault... faults) {
            Random random = new Random(seed);
            rule = request ->
                    which.test(request) && random.nextInt(oneIn) == 0 ? faults[random.nextInt(faults.length)] : NONE;
        }

        /** Forgets the row and the rule. */
        public synchronized void clear() {
            row.clear();
            rule = request -> NONE;
        }

        synchronized Fault take(WebRequest request) {
            return row.isEmpty() ? rule.apply(request) : row.remove();
        }
    }
}
