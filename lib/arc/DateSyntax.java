package lib.arc;

import module java.base;

/**
 * The dates, times and ranges that an archive understands in a query: {@code 20240115}, {@code 1015},
 * {@code 20240101-20240131}, {@code 20240101-} (PS3.5, section 6.2; PS3.4, section C.2.2.2.5). It silently ignores
 * anything else (facts F4).
 */
final class DateSyntax {
    /** What becomes of a value that is not one of these, for the end of a hint. */
    static final String IGNORED = "; otherwise the archive may ignore it silently";

    private DateSyntax() {}

    /**
     * The correct spelling of {@code value}: itself if it is valid, a corrected date, or null if what was meant is
     * unknown.
     *
     * @param vr DA, TM or DT; values of other kinds are not checked
     */
    static String spelling(String vr, String value) {
        boolean isChecked = vr.equals("DA") || vr.equals("TM") || vr.equals("DT");
        if (!isChecked || value.isEmpty() || value.equals("*") || isRange(vr, value)) {
            return value;
        }
        String meant = vr.equals("TM") ? null : date(value);
        return meant != null && isRange("DA", meant) ? meant : null;
    }

    /**
     * {@code value} with dates for {@code today} and {@code yesterday}, also at the ends of a range, and for
     * {@code 7d}, the last seven days, today included. The days are those of this machine's calendar.
     *
     * @param clock tells which day it is
     */
    static String dated(String value, InstantSource clock) {
        int dash = value.indexOf('-');
        if (dash >= 0) {
            return day(value.substring(0, dash), clock) + "-" + day(value.substring(dash + 1), clock);
        }
        int digits = value.length() - 1;
        if (digits < 1 || digits > 4 || value.charAt(digits) != 'd' || !isDigits(value.substring(0, digits))) {
            return day(value, clock);
        }
        int days = number(value, 0, digits);
        return days == 0 ? value : basic(today(clock).minusDays(days - 1)) + "-" + basic(today(clock));
    }

    private static String day(String text, InstantSource clock) {
        return switch (text) {
            case "today" -> basic(today(clock));
            case "yesterday" -> basic(today(clock).minusDays(1));
            default -> text;
        };
    }

    private static LocalDate today(InstantSource clock) {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    private static String basic(LocalDate date) {
        return date.toString().replace("-", "");
    }

    /**
     * What is wrong with {@code value}, which has no correct spelling, or how a value of this kind is written, for a
     * hint.
     */
    static String advice(String vr, String value) {
        String last = null;
        if (!vr.equals("TM")) {
            for (String end : value.split("-")) {
                last = last == null ? lastDay(end) : last;
            }
        }
        if (last != null) {
            return "that month ends with " + last + "; the archive would take it for a day of the next one";
        }
        return example(vr) + IGNORED;
    }

    private static String example(String vr) {
        return switch (vr) {
            case "DA" ->
                "a date is written 20240115, a range 20240101-20240131, 20240101- or -20240131; today, yesterday and 7d"
                        + " work too";
            case "TM" -> "a time is written 1015 or 101500, a range 0800-1200, 0800- or -1200";
            default -> "a moment is written 20240115101500 or 20240115, a range 20240101-20240131 or 20240101-";
        };
    }

    /** The last day of the month of {@code date} if that has a day that the month does not have; else null. */
    private static String lastDay(String date) {
        if (date.length() < 8 || !isDigits(date.substring(0, 8)) || isDate(date.substring(0, 8))) {
            return null;
        }
        int day = number(date, 6, 8);
        return day < 1 || day > 31 ? null : monthEnd(date.substring(0, 6));
    }

    /** The last day of {@code month}, null if there is no such month. */
    private static String monthEnd(String month) {
        for (int day = 31; day >= 28; day--) {
            if (isDate(month + day)) {
                return month + day;
            }
        }
        return null;
    }

    private static boolean isRange(String vr, String value) {
        if (isMoment(vr, value)) {
            return true;
        }
        for (int dash = value.indexOf('-'); dash >= 0; dash = value.indexOf('-', dash + 1)) {
            String from = value.substring(0, dash);
            String to = value.substring(dash + 1);
            if (value.length() > 1 && (from.isEmpty() || isMoment(vr, from)) && (to.isEmpty() || isMoment(vr, to))) {
                // Times may pass midnight.
                return vr.equals("TM") || from.isEmpty() || to.isEmpty() || isInOrder(from, to);
            }
        }
        return false;
    }

    /** Whether {@code to} is not before {@code from}; moments are compared as far as both are given. */
    private static boolean isInOrder(String from, String to) {
        String begin = clock(from);
        String end = clock(to);
        if (!from.substring(begin.length()).equals(to.substring(end.length()))) {
            // With different offsets from UTC moments may be up to 26 hours apart: only their days are compared.
            return begin.length() < 8
                    || end.length() < 8
                    || dayOf(begin).minusDays(2).compareTo(dayOf(end)) <= 0;
        }
        int length = Math.min(begin.length(), end.length());
        return begin.substring(0, length).compareTo(end.substring(0, length)) <= 0;
    }

    /** {@code moment} without its offset from UTC. */
    private static String clock(String moment) {
        int sign = Math.max(moment.lastIndexOf('+'), moment.lastIndexOf('-'));
        return sign < 0 ? moment : moment.substring(0, sign);
    }

    private static LocalDate dayOf(String moment) {
        return LocalDate.of(number(moment, 0, 4), number(moment, 4, 6), number(moment, 6, 8));
    }

    private static boolean isMoment(String vr, String text) {
        return switch (vr) {
            case "DA" -> isDate(text);
            case "TM" -> isTime(text);
            default -> isDateTime(text);
        };
    }

    private static boolean isDate(String text) {
        if (text.length() != 8 || !isDigits(text)) {
            return false;
        }
        try {
            LocalDate.of(number(text, 0, 4), number(text, 4, 6), number(text, 6, 8));
            return true;
        } catch (DateTimeException noSuchDay) {
            return false;
        }
    }

    // HH[MM[SS[.FFFFFF]]], and 60 for a leap second
    private static boolean isTime(String text) {
        return text.matches("([01]\\d|2[0-3])([0-5]\\d(([0-5]\\d|60)(\\.\\d{1,6})?)?)?");
    }

    // YYYY[MM[DD[HH[MM[SS[.FFFFFF]]]]]][+ZZXX]
    private static boolean isDateTime(String text) {
        String moment = clock(text);
        if (!text.substring(moment.length()).matches("([+-](0\\d|1[0-4])[0-5]\\d)?")) {
            return false;
        }
        return switch (moment.length()) {
            case 4 -> isDigits(moment);
            case 6 -> isDate(moment + "01");
            case 8 -> isDate(moment);
            default -> moment.length() > 8 && isDate(moment.substring(0, 8)) && isTime(moment.substring(8));
        };
    }

    /** The date or range meant by {@code 2024-01-15} and the like, a month or a year; null if unknown. */
    private static String date(String value) {
        String digits = digits(value);
        boolean isOpen = value.startsWith("-") || value.endsWith("-");
        return switch (isOpen && digits.length() < 8 ? 0 : digits.length()) {
            case 4 -> digits + "0101-" + digits + "1231";
            case 6 -> digits + "01-" + monthEnd(digits);
            case 8 -> (value.startsWith("-") ? "-" : "") + digits + (value.endsWith("-") ? "-" : "");
            case 16 -> {
                String from = digits.substring(0, 8);
                String to = digits.substring(8);
                yield from.compareTo(to) <= 0 ? from + "-" + to : to + "-" + from;
            }
            default -> null;
        };
    }

    /**
     * All digits of {@code value}, a single one with a zero before it; empty if it has more than digits and separators.
     */
    private static String digits(String value) {
        return value.matches("[-./ *0-9]*")
                ? value.replaceAll("(?<!\\d)(\\d)(?!\\d)", "0$1").replaceAll("\\D", "")
                : "";
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static int number(String digits, int from, int to) {
        return Integer.parseInt(digits, from, to, 10);
    }
}
