//SOURCES ../../lib/base/Exit.java ../../lib/json/Json.java ../../scripts/gettoken.java ../House.java ../LoginRun.java
//SOURCES ../ToolRun.java Visitor.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --issuer} with an OpenID provider that is not Keycloak. */
@Tag("real")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AnyProviderTest {
    private static final String ANNOUNCED = "issuer ";

    private static Process provider;
    private static String issuer;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        provider = new ProcessBuilder(
                        House.file("jbang").toString(),
                        House.file("tests/real/mockprovider.java").toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader lines = provider.inputReader(StandardCharsets.UTF_8);
        String last = "it said nothing";
        for (String line = lines.readLine(); issuer == null && line != null; line = lines.readLine()) {
            last = line;
            if (line.startsWith(ANNOUNCED)) {
                issuer = line.substring(ANNOUNCED.length());
                break;
            }
        }
        Assumptions.assumeTrue(issuer != null, "the provider did not start, perhaps not be fetched: " + last);
        Thread.ofVirtual().start(() -> lines.lines().forEach(line -> {}));
    }

    @AfterAll
    static void stop() throws IOException {
        if (provider != null) {
            provider.getOutputStream().close();
            provider.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_post", "client_secret_basic", "client_secret_jwt"})
    void a_client_gets_a_token(String method) throws Exception {
        String out = gettoken("--auth-method=" + method, "--scope=archive").succeeds();

        assertEquals(issuer, claims(out, "access_token").get("iss"));
    }

    @Test
    void a_user_gets_a_token() throws Exception {
        String first = gettoken("--grant=password", "-u=joe", "--password-file=" + file("any"), "--scope=openid")
                .succeeds();
        assertEquals(issuer, claims(first, "id_token").get("iss"));
    }

    @Test
    void a_login_in_the_browser_brings_a_token_and_its_refresh_token_another() throws Exception {
        LoginRun run = LoginRun.start(
                new gettoken(),
                Map.of("ARC_NO_CACHE", "true", "ARC_CLIENT_SECRET", "any"),
                "--issuer=" + issuer,
                "--grant=authorization_code",
                "--scope=openid");
        Visitor visitor = new Visitor().open(run.url());

        assertTrue(visitor.text().contains("You are logged in"), visitor::text);
        ToolRun end = run.end();
        assertEquals(0, end.exit(), end::toString);
        assertEquals(issuer, claims(end.out(), "id_token").get("iss"));

        gettoken("--grant=refresh_token", "--refresh-token-file=" + file(end.out()))
                .succeeds();
    }

    @Test
    void a_grant_that_it_does_not_know_is_named() {
        gettoken("--grant=urn:x:y").fails(Exit.REFUSED, "the provider refused", "urn:x:y");
    }

    private static ToolRun gettoken(Object... arguments) {
        return ToolRun.of(new gettoken())
                .env("ARC_NO_CACHE", true)
                .env("ARC_CLIENT_SECRET", "s".repeat(32))
                .with("--issuer=" + issuer)
                .run(arguments);
    }

    private static Map<String, Object> claims(String response, String member) throws Json.Malformed {
        String token = (String) Json.asObject(Json.parse(response)).get(member);
        byte[] json = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return Json.asObject(Json.parse(new String(json, StandardCharsets.UTF_8)));
    }

    private static Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "given", ""), content);
    }
}
