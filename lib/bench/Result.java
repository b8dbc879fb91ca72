//SOURCES Row.java

package lib.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured for a row.
 *
 * @param row the comparison
 * @param command the times of its command in seconds
 * @param other the times of the other one, each measured right beside the one of the same index
 */
public record Result(Row row, List<Double> command, List<Double> other) {

    /** The median of the paired ratios: what slows down the whole machine slows down both. */
    public double ratio() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < command.size(); i++) {
            ratios.add(command.get(i) / other.get(i));
        }
        return median(ratios);
    }

    /** Whether the ratio is what it must be. */
    public boolean holds() {
        return row.atMost() == null || ratio() <= row.atMost();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
