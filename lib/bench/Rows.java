//SOURCES Row.java

package lib.bench;

import java.util.List;

/** What is measured; a row more is a line more. The commands find what {@link Stage} has for them. */
public final class Rows {
    private static final String EMPTY = "empty main";
    private static final String CACHED = "ARC_NO_CACHE= gettoken -f token";
    private static final String COUNT = "arcget --token-file \"$TOKEN\" studies/count";
    private static final String PIPE = "gettoken | arcget studies/count";
    private static final String DECODE = "decodejwt <\"$RESPONSE\"";
    private static final String WIKI_DECODE = "sed 's/.*access_token\":\"\\([^\"]*\\).*/\\1/' <\"$RESPONSE\""
            + " | sed 's/[^.]*.\\([^.]*\\).*/\\1/' | base64 -d 2>/dev/null | python3 -m json.tool";
    private static final String CURL_TOKEN = "curl -sf --cacert \"$ARC_CACERT\" -d grant_type=client_credentials"
            + " -d client_id=curl --data-urlencode \"client_secret=$(cat \"$ARC_CLIENT_SECRET_FILE\")\"";
    private static final String CURL_COUNT =
            "curl -sf --cacert \"$ARC_CACERT\" -H \"Authorization: Bearer $(cat \"$TOKEN\")\""
                    + " \"$ARC_URL/aets/DCM4CHEE/rs/studies/count\"";
    private static final String CLEAR = "rm -rf \"$OUT\"; ";
    private static final String DOWNLOAD_LARGE =
            CLEAR + "ARC_URL=$LARGE arcget --token-file \"$LARGE_TOKEN\" -j 4 --download \"$OUT\" \"$STUDY\"";
    private static final String ENDPOINT = "/realms/dcm4che/protocol/openid-connect/token";
    private static final String KCADM =
            "$KCADM config credentials --config \"$XDG_CACHE_HOME/kcadm\" --server \"$HTTP\""
                    + " --realm dcm4che --client curl --secret \"$(cat \"$ARC_CLIENT_SECRET_FILE\")\"";

    private static final String WIKI = "RESULT=$(curl -ks --data \"client_id=curl&client_secret="
            + "$(cat \"$ARC_CLIENT_SECRET_FILE\")&grant_type=client_credentials\" \"$ARC_KEYCLOAK" + ENDPOINT + "\");"
            + " echo \"$RESULT\" | sed 's/[^.]*.\\([^.]*\\).*/\\1/' | base64 -d 2>/dev/null || :";

    public static final List<Row> ALL = List.of(
            new Row("decodejwt", DECODE, EMPTY, "$EMPTY", 3.0),
            new Row("decodejwt", DECODE, "sed | sed | base64 | json.tool", WIKI_DECODE, 2.0),
            new Row("gettoken, cached", CACHED, EMPTY, "$EMPTY", 3.2),
            new Row("gettoken, http", "ARC_KEYCLOAK=$HTTP gettoken", EMPTY, "$EMPTY", 4.5),
            new Row("gettoken, https", "gettoken", EMPTY, "$EMPTY", 9.5),
            new Row("gettoken | arcget, https", PIPE, "the slower of the two alone", List.of("gettoken", COUNT), 2.0),
            new Row("gettoken | decodejwt, https", "gettoken | decodejwt", "the wiki's curl | sed | base64", WIKI),
            new Row("gettoken, https", "gettoken", "./jbang gettoken", "\"$JBANG\" gettoken", 0.25),
            new Row("decodejwt", DECODE, "./jbang decodejwt", "\"$JBANG\" decodejwt <\"$RESPONSE\"", 0.25),
            new Row("arcget, https", COUNT, "./jbang arcget", "\"$JBANG\" " + COUNT, 0.25),
            new Row("gettoken, http", "ARC_KEYCLOAK=$HTTP gettoken", "kcadm.sh config credentials", KCADM, 0.15),
            new Row("arcget, http", "ARC_URL=$ARCHIVE_HTTP " + COUNT, EMPTY, "$EMPTY"),
            new Row("arcget, https", COUNT, EMPTY, "$EMPTY"),
            new Row("gettoken, https", "gettoken", "curl", CURL_TOKEN + " \"$ARC_KEYCLOAK" + ENDPOINT + "\""),
            new Row("arcget, https", COUNT, "curl", CURL_COUNT),
            new Row("download 8 x 32 MB, http", DOWNLOAD_LARGE, "curl -Z", curlAll("$LARGE_CURL"), 1.11),
            new Row(
                    "download 8 x 32 MB, https",
                    "ARC_CACERT=$LARGE_CACERT LARGE=$LARGE_HTTPS; export ARC_CACERT; " + DOWNLOAD_LARGE,
                    "curl -Z",
                    curlAll("$LARGE_HTTPS_CURL"),
                    1.11),
            new Row(
                    "download 2,000 small, http",
                    CLEAR + "ARC_URL=$SMALL arcget --token-file \"$TOKEN\" --download \"$OUT\" \"$STUDY\"",
                    "a curl for each",
                    CLEAR + "mkdir \"$OUT\"; while read -r url; do"
                            + " curl -K \"$SMALL_OPTIONS\" -o \"$OUT/${url##*.}\" \"$url\"; done <\"$SMALL_URLS\"",
                    0.2),
            new Row("gettoken --help", "gettoken --help", EMPTY, "$EMPTY"),
            new Row("decodejwt --help", "decodejwt --help", EMPTY, "$EMPTY"),
            new Row("arcget --help", "arcget --help", EMPTY, "$EMPTY"));

    private Rows() {}

    private static String curlAll(String options) {
        return CLEAR + "curl -Z --parallel-max 4 --cacert \"$LARGE_CACERT\" -K \"" + options + "\"";
    }
}
