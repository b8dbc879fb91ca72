//SOURCES ../base/Problem.java ../http/Origin.java

package lib.arc;

import module java.base;
import lib.base.Problem;
import lib.http.Origin;

/**
 * The addresses of an archive's resources.
 *
 * @param url the base of everything, without a trailing slash
 * @param root the root of its DICOMweb resources (PS3.18, section 8.2)
 * @param aet the application entity title, or null for an archive that is not known to be dcm4chee
 */
public record Archive(URI url, String root, String aet) {

    /** A dcm4chee archive: {@code URL/aets/AET/rs} (facts B3). */
    public static Archive dcm4chee(URI url, String aet) {
        // The title is one segment of the path.
        return new Archive(url, url + "/aets/" + encode(aet, "/?;%") + "/rs", aet);
    }

    /** Any DICOMweb server: everything is below its root, including paths with a leading slash. */
    public static Archive dicomWeb(URI root) {
        return new Archive(root, root.toString(), null);
    }

    /** Whether it is a dcm4chee archive, even if only its DICOMweb root is known. */
    public boolean isDcm4chee() {
        return aet != null || root.endsWith("/rs") && root.contains("/aets/");
    }

    /**
     * The address of a resource: {@code studies/count} below the DICOMweb root, {@code /ctrl/status} below the base, or
     * a full URL, which must have the archive's own origin, since the token goes there.
     *
     * <p>Characters that a URL cannot hold are percent-encoded, so that {@code patients/P^^^HOSP&1.2&ISO} and
     * {@code 100%} arrive as typed; so are {@code #} and {@code ;}, which would end a segment. Left as they are:
     * slashes, the first question mark, which begins the query, and percent signs followed by two hexadecimal digits.
     * As part of a name these are written {@code %2F}, {@code %3F} and {@code %25}.
     *
     * @param path as typed
     * @param queries {@code NAME=VALUE}, in which a comma separates values and {@code \,} is a comma
     */
    public URI resolve(String path, List<String> queries) {
        requirePath(path);
        StringBuilder address = new StringBuilder();
        if (path.regionMatches(true, 0, "http://", 0, 7) || path.regionMatches(true, 0, "https://", 0, 8)) {
            int slash = path.indexOf('/', path.indexOf("//") + 2);
            requireOwnOrigin(slash < 0 ? path : path.substring(0, slash));
            address.append(Origin.of(url)).append(slash < 0 ? "" : withQuery(path.substring(slash)));
        } else if (path.startsWith("/")) {
            address.append(url).append(withQuery(path));
        } else {
            address.append(root).append('/').append(withQuery(path));
        }
        char separator = path.indexOf('?') < 0 ? '?' : '&';
        for (String query : queries) {
            int equals = query.indexOf('=');
            if (equals <= 0) {
                throw Problem.usage("-q " + query + " is not NAME=VALUE", "for example -q PatientID=4711");
            }
            String name = query.substring(0, equals);
            if (!name.equals(name.strip())) {
                throw Problem.usage(
                        "-q '" + query + "' has blanks around its name",
                        "write -q '" + name.strip() + "="
                                + query.substring(equals + 1).strip() + "'");
            }
            address.append(separator)
                    .append(encode(name, "%&=+,"))
                    .append('=')
                    .append(encodeValue(query.substring(equals + 1)));
            separator = '&';
        }
        return URI.create(address.toString());
    }

    // Otherwise a query typed as a path would be requested as a resource.
    private static void requirePath(String path) {
        int mark = path.indexOf('?');
        String place = mark < 0 ? path : path.substring(0, mark);
        if (place.isEmpty() || place.indexOf('=') > 0 && place.indexOf('/') < 0) {
            throw Problem.usage(
                    "'" + path + "' is not a path", "give query parameters with -q, as in arcget studies -q limit=5");
        }
    }

    /** {@code what}, that nothing matches, and how a dcm4chee archive compares values (facts G3). */
    public String noMatch(String what) {
        return isDcm4chee()
                ? what + "; names and descriptions written in CAPITALS match whatever their case; IDs and accession"
                        + " numbers must be written as stored; fuzzymatching=true also finds names that sound alike"
                : what;
    }

    /** Whether {@code uri} is on the archive's own server: same scheme, host and port. */
    boolean isOwn(URI uri) {
        return uri.getRawUserInfo() == null
                && uri.getHost() != null
                && Origin.of(uri).toString().equals(Origin.of(url).toString());
    }

    private void requireOwnOrigin(String server) {
        try {
            if (isOwn(new URI(server))) {
                return;
            }
        } catch (URISyntaxException notAUrl) {
            // Then it is not the archive's.
        }
        throw Problem.usage(
                "that URL is not on the archive's server " + Origin.of(url),
                "the token is sent to no other server; give the archive's address as --url");
    }

    private static String withQuery(String path) {
        int mark = path.indexOf('?');
        // A semicolon would begin a matrix parameter, which the archive drops.
        return mark < 0
                ? encode(path, ";")
                : encode(path.substring(0, mark), ";") + "?" + encode(path.substring(mark + 1), "");
    }

    // The archive splits at commas before decoding: CT,MR matches either, CT%2CMR neither. A slash and a question mark
    // are allowed in a query (RFC 3986, section 3.4), and Orthanc does not decode their escapes.
    private static String encodeValue(String value) {
        StringBuilder encoded = new StringBuilder();
        int from = 0;
        for (int comma = value.indexOf("\\,"); comma >= 0; comma = value.indexOf("\\,", from)) {
            encoded.append(encode(value.substring(from, comma), "%&=+")).append("%2C");
            from = comma + 2;
        }
        return encoded.append(encode(value.substring(from), "%&=+")).toString();
    }

    /**
     * {@code text} with everything percent-encoded that a path or query may not hold (RFC 3986), and the characters
     * {@code also}. A percent sign that begins an escape is left as it is unless it is among those.
     */
    private static String encode(String text, String also) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 255);
            boolean isPlain = c >= 'A' && c <= 'Z'
                    || c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || "-._~:/?@!$&'()*+,;=".indexOf(c) >= 0
                    || c == '%' && isHex(bytes, i + 1) && isHex(bytes, i + 2);
            if (isPlain && also.indexOf(c) < 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(bytes[i]));
            }
        }
        return encoded.toString();
    }

    private static boolean isHex(byte[] bytes, int at) {
        return at < bytes.length && Character.digit(bytes[at], 16) >= 0;
    }
}
