//SOURCES Fault.java Request.java

package lib.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

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

    /** Forgets the row and the rule. */
    public synchronized void clear() {
        row.clear();
        rule = request -> NONE;
    }

    synchronized Fault take(Request request) {
        return row.isEmpty() ? rule.apply(request) : row.remove();
    }
}
