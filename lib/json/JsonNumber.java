package lib.json;

/**
 * A JSON number as it was written: {@code 1.10}, {@code 1e400} and {@code 12345678901234567890} stay what they are.
 *
 * @param text the number in JSON's syntax
 */
public record JsonNumber(String text) {
    /** The number {@code value}. */
    public static JsonNumber of(long value) {
        return new JsonNumber(Long.toString(value));
    }

    /** Whether it is written as an integer that fits a long. */
    public boolean isLong() {
        try {
            Long.parseLong(text);
            return true;
        } catch (NumberFormatException tooLargeOrNoInteger) {
            return false;
        }
    }

    /** The number rounded down to a long, or the nearest long if it is out of range. */
    public long toLong() {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException tooLargeOrNoInteger) {
            double rounded = Math.floor(Double.parseDouble(text));
            return (long) rounded;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
