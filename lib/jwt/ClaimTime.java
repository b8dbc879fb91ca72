//SOURCES ../json/JsonNumber.java

package lib.jwt;

import java.time.Instant;
import lib.json.JsonNumber;

/**
 * A point in time as a claim gives it (RFC 7519, section 2, NumericDate), read as far as it can be.
 *
 * @param at when, rounded down to seconds and held within what an instant can be; null if it is no number at all
 * @param oddity what is wrong with it, in a line, or null
 */
public record ClaimTime(Instant at, String oddity) {
    private static final long YEAR_9999 = 253_402_300_799L;
    private static final long MILLIS_FROM = 1_000_000_000_000L;
    private static final long MILLIS_TO = 9_999_999_999_999L;

    static ClaimTime of(String claim, Object value) {
        if (value instanceof JsonNumber number) {
            long seconds = number.toLong();
            String oddity = seconds >= MILLIS_FROM && seconds <= MILLIS_TO
                    ? claim + " looks like milliseconds, but counts seconds"
                    : isOrdinary(seconds) ? null : claim + " is out of range";
            return new ClaimTime(instant(seconds), oddity);
        }
        if (value instanceof String text && new JsonNumber(text).isLong()) {
            return new ClaimTime(instant(new JsonNumber(text).toLong()), claim + " is text, not a number");
        }
        return new ClaimTime(null, claim + " is not a number");
    }

    /** The time in ISO 8601, UTC; null where a number says more. */
    public String iso() {
        return at != null && isOrdinary(at.getEpochSecond()) ? at.toString() : null;
    }

    private static boolean isOrdinary(long seconds) {
        return seconds <= YEAR_9999 && seconds >= -YEAR_9999;
    }

    private static Instant instant(long seconds) {
        return seconds > Instant.MAX.getEpochSecond()
                ? Instant.MAX
                : seconds < Instant.MIN.getEpochSecond() ? Instant.MIN : Instant.ofEpochSecond(seconds);
    }
}
