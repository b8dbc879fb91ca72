//SOURCES DownloadRows.java Row.java

package lib.bench;

import java.util.List;
import java.util.stream.Stream;

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
    private static final String ENDPOINT = "/realms/dcm4che/protocol/openid-connect/token";
    private static final String KCADM =
            "$KCADM config credentials --config \"$XDG_CACHE_HOME/kcadm\" --server \"$HTTP\""
                    + " --realm dcm4che --client curl --secret \"$(cat \"$ARC_CLIENT_SECRET_FILE\")\"";

    private static final String WIKI = "RESULT=$(curl -ks --data \"client_id=curl&client_secret="
            + "$(cat \"$ARC_CLIENT_SECRET_FILE\")&grant_type=client_credentials\" \"$ARC_KEYCLOAK" + ENDPOINT + "\");"
            + " echo \"$RESULT\" | sed 's/[^.]*.\\([^.]*\\).*/\\1/' | base64 -d 2>/dev/null || :";

    private static final List<Row> STARTS = List.of(
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
            new Row("gettoken --help", "gettoken --help", EMPTY, "$EMPTY"),
            new Row("decodejwt --help", "decodejwt --help", EMPTY, "$EMPTY"),
            new Row("arcget --help", "arcget --help", EMPTY, "$EMPTY"));

    private Rows() {}

    /** Those whose comparison has {@code text} in it. */
    public static List<Row> with(String text) {
        return Stream.concat(STARTS.stream(), DownloadRows.ALL.stream())
                .filter(row -> row.comparison().contains(text))
                .toList();
    }
}
