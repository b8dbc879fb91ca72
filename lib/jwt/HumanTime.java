//SOURCES ClaimTime.java

package lib.jwt;

import java.time.Instant;

/** Time as people say it: {@code in 4 min 12 s}, {@code expired 3 min 12 s ago}. */
public final class HumanTime {
    private HumanTime() {}

    /** The two largest units of {@code seconds}, whatever their sign. */
    public static String span(long seconds) {
        long s = Math.abs(seconds);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return two(s / 60, " min", s % 60, " s");
        }
        if (s < 86_400) {
            return two(s / 3600, " h", s % 3600 / 60, " min");
        }
        long days = s / 86_400;
        return days < 365 ? two(days, " d", s % 86_400 / 3600, " h") : two(days / 365, " y", days % 365, " d");
    }

    /** When {@code then} is or was, seen at {@code now}. */
    public static String relative(Instant then, Instant now) {
        long seconds = then.getEpochSecond() - now.getEpochSecond();
        return seconds == 0 ? "now" : seconds > 0 ? "in " + span(seconds) : span(seconds) + " ago";
    }

    /** When a token with this {@code exp}, null for none, expires or expired. */
    public static String expiry(ClaimTime exp, Instant now) {
        if (exp == null) {
            return "no expiry";
        }
        if (exp.at() == null || exp.iso() == null) {
            return exp.oddity();
        }
        if (exp.at().getEpochSecond() == 0) {
            return "never (exp is 0)";
        }
        return exp.at().isAfter(now) ? relative(exp.at(), now) : "expired " + relative(exp.at(), now);
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
