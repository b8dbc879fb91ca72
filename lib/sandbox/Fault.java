//SOURCES WebConnection.java WebRequest.java WebResponse.java

package lib.sandbox;

import module java.base;

/** What a server does with a request, such as nothing instead of an answer; see {@link Queue}. */
@FunctionalInterface
public interface Fault {
    /** Does it with the last request of {@code connection}. */
    void happen(WebConnection connection) throws IOException, InterruptedException;

    /** Answers normally: a gap in a queue of faults. */
    static Fault none() {
        return connection -> connection.send(connection.answer());
    }

    /** Answers with {@code response} instead. */
    static Fault answer(WebResponse response) {
        return connection -> connection.send(response);
    }

    /** Answers with this status, type, body, and header fields (name, value, name, value). */
    static Fault status(int status, String type, String body, String... headers) {
        WebResponse response = WebResponse.text(status, type, body);
        for (int i = 0; i + 1 < headers.length; i += 2) {
            response = response.with(headers[i], headers[i + 1]);
        }
        return answer(response);
    }

    /** Answers 200 with this type and body. */
    static Fault garbage(String type, String body) {
        return status(200, type, body);
    }

    /** Answers 200 with what {@code body} writes, in chunks and without a limit, such as a hostile multipart. */
    static Fault streamed(String type, WebResponse.Body body) {
        return answer(WebResponse.streamed(200, type, body));
    }

    /** Closes the connection after this many bytes of the real body, which has a Content-Length. */
    static Fault cutOff(int bytes) {
        return connection -> connection.send(connection.answer().measured().interrupted(bytes, connection::cut));
    }

    /** Closes the connection after this many bytes of the real body in chunks, without the last chunk. */
    static Fault cutOffChunked(int bytes) {
        return connection -> connection.send(connection.answer().chunked().interrupted(bytes, connection::cut));
    }

    /** Answers normally, but not before {@code released}. */
    static Fault heldUntil(CountDownLatch released) {
        return connection -> {
            released.await();
            connection.send(connection.answer());
        };
    }

    /** Stalls after this many bytes of the real body until {@code released}. */
    static Fault stalledAfter(int bytes, CountDownLatch released) {
        return connection -> connection.send(connection.answer().interrupted(bytes, released::await));
    }

    /** Resets the connection. */
    static Fault reset() {
        return WebConnection::reset;
    }

    /** Never answers, until the client or the server closes. */
    static Fault silence() {
        return connection -> {
            connection.ignoreRequests();
            connection.cut();
        };
    }

    /** The faults of a server: first those in the queue, then those that the rule chooses. */
    static final class Queue {
        private static final Fault NONE = Fault.none();

        private final Deque<Fault> queue = new ArrayDeque<>();
        private Function<WebRequest, Fault> rule = request -> NONE;

        /** Adds {@code fault} to the queue for {@code times} requests. */
        public synchronized void next(int times, Fault fault) {
            for (int i = 0; i < times; i++) {
                queue.add(fault);
            }
        }

        /** Lets {@code newRule} choose for every request while the queue is empty. */
        public synchronized void rule(Function<WebRequest, Fault> newRule) {
            rule = newRule;
        }

        /**
         * Chooses one of {@code faults} at random for one in {@code oneIn} requests that match {@code which}. The same
         * seed makes the same choices in the order of the requests.
         */
        public synchronized void sometimes(long seed, int oneIn, Predicate<WebRequest> which, Fault... faults) {
            Random random = new Random(seed);
            rule = request ->
                    which.test(request) && random.nextInt(oneIn) == 0 ? faults[random.nextInt(faults.length)] : NONE;
        }

        /** Clears the queue and the rule. */
        public synchronized void clear() {
            queue.clear();
            rule = request -> NONE;
        }

        synchronized Fault take(WebRequest request) {
            return queue.isEmpty() ? rule.apply(request) : queue.remove();
        }
    }
}
