//SOURCES WebConnection.java WebRequest.java

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
