//SOURCES Fault.java Request.java

package lib.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/** The faults that a server has still to show: first those in the row, then what the rule says. */
public final class Faults {
    private static final Fault NONE = Fault.none();

    private final Deque<Fault> row = new ArrayDeque<>();
    private Function<Request, Fault> rule = request -> NONE;

    /** Shows {@code fault} for the next {@code times} requests after those that are in the row already. */
    public synchronized void next(int times, Fault fault) {
        for (int i = 0; i < times; i++) {
            row.add(fault);
        }
    }

    /** Asks {@code newRule} about every request for which nothing is in the row. */
    public synchronized void rule(Function<Request, Fault> newRule) {
        rule = newRule;
    }

    /**
     * Shows one of {@code faults} for one in {@code oneIn} of the requests that are {@code which}, by chance. The same
     * seed gives the same row of chances; which request meets which is the clients' business.
     */
    public synchronized void sometimes(long seed, int oneIn, Predicate<Request> which, Fault... faults) {
        Random random = new Random(seed);
        rule = request ->
                which.test(request) && random.nextInt(oneIn) == 0 ? faults[random.nextInt(faults.length)] : NONE;
    }

    /** Forgets the row and the rule. */
    public synchronized void clear() {
        row.clear();
        rule = request -> NONE;
    }

    synchronized Fault take(Request request) {
        return row.isEmpty() ? rule.apply(request) : row.remove();
    }
}
