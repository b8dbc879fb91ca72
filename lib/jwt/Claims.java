//SOURCES ../json/Json.java

package lib.jwt;

import module java.base;
import lib.json.Json;

/**
 * The claims of Keycloak's tokens by name. Reading one never fails: a claim of the wrong type counts as absent.
 *
 * @param all the payload
 */
public record Claims(Map<String, Object> all) {
    /** The claim {@code name} if it is text, otherwise null. */
    public String text(String name) {
        return all.get(name) instanceof String text ? text : null;
    }

    /** The claim {@code name} as a time, or null if it is absent. */
    public Time time(String name) {
        return all.containsKey(name) ? Time.of(name, all.get(name)) : null;
    }

    /** The audience of the token: {@code aud} may be one text or an array. */
    public List<String> audience() {
        String one = text("aud");
        return one != null ? List.of(one) : texts(Json.asArray(all.get("aud")));
    }

    /** The realm roles, the only ones that count for the archive. */
    public List<String> realmRoles() {
        return roles(all.get("realm_access"));
    }

    /** The roles of {@code client}. */
    public List<String> clientRoles(String client) {
        Map<String, Object> clients = Json.asObject(all.get("resource_access"));
        return roles(clients == null ? null : clients.get(client));
    }

    /** A client of which the token has the role {@code role}, or null. */
    String clientWithRole(String role) {
        Map<String, Object> clients = Json.asObject(all.get("resource_access"));
        Set<String> names = clients == null ? Set.of() : clients.keySet();
        return names.stream()
                .filter(client -> clientRoles(client).contains(role))
                .findFirst()
                .orElse(null);
    }

    /** Whether an {@code exp} of 0 means no expiry, as in Keycloak's offline and registration tokens. */
    public boolean neverExpires() {
        Time exp = time("exp");
        if (exp == null || exp.at() == null || exp.at().getEpochSecond() != 0 || text("typ") == null) {
            return false;
        }
        return switch (text("typ")) {
            case "Refresh", "Offline", "InitialAccessToken", "RegistrationAccessToken" -> true;
            default -> false;
        };
    }

    /** What kind of token it is, in words: {@code access token}, {@code ID token}. */
    public String kind() {
        String typ = text("typ");
        if (typ == null) {
            return all.containsKey("events") ? "logout token" : "token of unknown kind";
        }
        return switch (typ) {
            case "Bearer", "DPoP" -> isLightweight() ? "lightweight access token" : "access token";
            case "ID" -> "ID token";
            case "Refresh" -> "refresh token";
            case "Offline" -> "offline token";
            case "Logout" -> "logout token";
            case "InitialAccessToken" -> "initial access token";
            case "RegistrationAccessToken" -> "registration access token";
            default -> "token of kind " + typ;
        };
    }

    /** Whether it is one of Keycloak's access tokens without roles. Since version 26 the {@code jti} says so. */
    public boolean isLightweight() {
        String id = text("jti");
        int colon = id == null ? -1 : id.indexOf(':');
        return colon >= 4
                ? id.startsWith("lt", 2)
                : text("sub") == null && realmRoles().isEmpty();
    }

    private static List<String> roles(Object access) {
        Map<String, Object> object = Json.asObject(access);
        return texts(object == null ? null : Json.asArray(object.get("roles")));
    }

    private static List<String> texts(List<Object> values) {
        return values == null
                ? List.of()
                : values.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
    }

    /**
     * A point in time as a claim gives it (RFC 7519, section 2, NumericDate).
     *
     * @param at the time, rounded down to seconds and limited to what an instant can hold; null if it is not a number
     * @param fault what is wrong with it, in a line, or null
     */
    public record Time(Instant at, String fault) {
        private static final long YEAR_9999 = 253_402_300_799L;
        private static final long MILLIS_FROM = 1_000_000_000_000L;
        private static final long MILLIS_TO = 9_999_999_999_999L;

        private static Time of(String claim, Object value) {
            if (value instanceof Json.Number number) {
                long seconds = number.toLong();
                String fault = seconds >= MILLIS_FROM && seconds <= MILLIS_TO
                        ? claim + " looks like milliseconds, but counts seconds"
                        : isOrdinary(seconds) ? null : claim + " is out of range";
                return new Time(instant(seconds), fault);
            }
            if (value instanceof String text && new Json.Number(text).isLong()) {
                return new Time(instant(new Json.Number(text).toLong()), claim + " is text, not a number");
            }
            return new Time(null, claim + " is not a number");
        }

        /** Whether it is a time within the years that ISO 8601 writes with four digits. */
        public boolean isOrdinary() {
            return at != null && isOrdinary(at.getEpochSecond());
        }

        /** The time in ISO 8601, UTC; null if it is not {@linkplain #isOrdinary ordinary}. */
        public String iso() {
            return isOrdinary() ? at.toString() : null;
        }

        private static boolean isOrdinary(long seconds) {
            return seconds <= YEAR_9999 && seconds >= -YEAR_9999;
        }

        private static Instant instant(long seconds) {
            return Instant.ofEpochSecond(
                    Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
        }
    }

    /** The length of {@code seconds}, of either sign, in its two largest units: {@code 4 min 12 s}. */
    public static String span(long seconds) {
        long s = Math.abs(seconds);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return twoUnits(s / 60, " min", s % 60, " s");
        }
        if (s < 86_400) {
            return twoUnits(s / 3600, " h", s % 3600 / 60, " min");
        }
        long days = s / 86_400;
        return days < 365
                ? twoUnits(days, " d", s % 86_400 / 3600, " h")
                : twoUnits(days / 365, " y", days % 365, " d");
    }

    /** When {@code then} is or was, seen from {@code now}: {@code in 4 min 12 s}, {@code 3 min ago}. */
    public static String relative(Instant then, Instant now) {
        long seconds = then.getEpochSecond() - now.getEpochSecond();
        return seconds == 0 ? "now" : seconds > 0 ? "in " + span(seconds) : span(seconds) + " ago";
    }

    /** When a token with this {@code exp}, null if it is absent, expires or expired. */
    public static String expiry(Time exp, Instant now) {
        if (exp == null) {
            return "no expiry";
        }
        if (!exp.isOrdinary()) {
            return exp.fault();
        }
        if (exp.at().getEpochSecond() == 0) {
            return "never (exp is 0)";
        }
        return exp.at().isAfter(now) ? relative(exp.at(), now) : "expired " + relative(exp.at(), now);
    }

    private static String twoUnits(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
