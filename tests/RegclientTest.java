//SOURCES ../lib/base/Exit.java ../lib/sandbox/Certificates.java ../lib/sandbox/Clients.java ../lib/sandbox/Fault.java
//SOURCES ../lib/sandbox/WebRequest.java ../lib/sandbox/WebServer.java ../scripts/arcget.java ../scripts/regclient.java
//SOURCES ../scripts/sandbox.java Faults.java Permissions.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Certificates;
import lib.sandbox.Clients;
import lib.sandbox.Fault;
import lib.sandbox.WebRequest;
import lib.sandbox.WebServer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What regclient does by itself: options, profiles, and answers that no Keycloak gives. What a real one does with
 * changes is in {@code real/RegclientOnKeycloakTest}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegclientTest {
    private static final String SECRET = Clients.CURL.secret().reveal();

    // Its clients are changed.
    @RegisterExtension
    final TestSandbox servers = new TestSandbox();

    private final WebServer web = servers.provider().web();

    @TempDir
    Path folder;

    private ToolRun.Setting tool() {
        return ToolRun.of(new regclient())
                .env("ARC_CONFIG_HOME", folder.resolve("config"))
                .env("ARC_KEYCLOAK", web.http())
                .env("ARC_ADMIN_USER", "root")
                .env("ARC_ADMIN_PASSWORD", "changeit");
    }

    /** The secret that Keycloak has of this client. */
    private String secret(String clientId) {
        String out = tool().run("-s", "--client-id", clientId, "--show-secret").out();
        return out.replaceFirst("(?s).*\"secret\":\"([^\"]*)\".*", "$1");
    }

    private static ToolRun done(ToolRun run) {
        assertEquals(0, run.exit(), run::toString);
        return run;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --client-id=                          | --client-id is empty
            --client-id=BLANK                     | the client ID is empty
            --token-lifespan=0                    | --token-lifespan cannot be 0
            --token-lifespan=soon                 | --token-lifespan cannot be 'soon'
            --token-lifespan=99999999999          | hint: at most 2147483647
            --url=http://archive                  | --url goes into a profile
            --save-profile=../x                   | '../x' is not a valid name for a profile
            --secret-file=-                       | --secret-file takes a file
            --delete --rotate-secret              | --delete and --rotate-secret exclude each other
            --delete --save-profile=x             | --delete and --save-profile exclude each other
            --delete --repair                     | --delete and --repair exclude each other
            --profile=nosuch                      | no profile nosuch
            --client-id=BLANKx --save-profile=x   | a profile cannot hold this client-id
            --client-id=account                   | client account is Keycloak's own
            --client-id=realm-management --delete | client realm-management is Keycloak's own
            --client-id=x-realm --realm=master    | client x-realm is Keycloak's own
            """)
    void what_makes_no_sense_is_said_before_anything_is_sent(String arguments, String message) {
        Object[] split = arguments.split(" ");
        for (int i = 0; i < split.length; i++) {
            split[i] = split[i].toString().replace("BLANK", " ");
        }

        ToolRun run = tool().run(split);

        assertEquals(Exit.USAGE.code(), run.exit(), run::toString);
        assertTrue(run.err().contains(message), run::toString);
        assertEquals(List.of(), web.requests());
    }

    @Test
    void it_must_be_known_who_administers_which_keycloak() {
        tool().env("ARC_ADMIN_USER", "").run().fails(Exit.USAGE, "no administrator given", "--admin-user");
        tool().env("ARC_KEYCLOAK", "").run().fails(Exit.USAGE, "no Keycloak given", "--keycloak");
        tool().run("--admin-user=x", "--admin-client-id=y").fails(Exit.USAGE, "exclude each other", "one of them");
    }

    @ParameterizedTest
    @CsvSource({
        "https://docker-host/admin/master/console/, /admin/master/console, https://docker-host/",
        "http://docker-host:8880/auth/realms/dcm4che, /realms/dcm4che, http://docker-host:8880/auth"
    })
    void an_address_copied_from_a_browser_is_cut_down_in_the_hint(String address, String rest, String base) {
        ToolRun run = tool().run("--keycloak", address).fails(Exit.USAGE, "which ends before " + rest, base);
        assertTrue(run.err().endsWith("give --keycloak " + base + "\n"), run::toString);
    }

    @Test
    void without_a_terminal_it_needs_a_password_and_a_yes() throws Exception {
        Map<String, Object> environment =
                Map.of("HOME", folder, "ARC_KEYCLOAK", web.http(), "ARC_ADMIN_USER", "root", "LC_ALL", "C.UTF-8");
        assertTrue(detached(environment).err().contains("no admin password"));
        assertTrue(web.requests().isEmpty());

        Map<String, Object> more = new LinkedHashMap<>(environment);
        more.put("ARC_ADMIN_PASSWORD", "changeit");
        detached(more, "--delete").fails(Exit.USAGE, "no terminal to confirm --delete", "--yes");
        assertTrue(web.requests().stream().noneMatch(request -> request.method().equals("DELETE")));
    }

    private static ToolRun detached(Map<String, Object> environment, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("setsid", "-w"));
        command.addAll(ToolProcess.command("regclient", List.of(), arguments));
        return ToolProcess.run(command, environment);
    }

    @Test
    void the_password_comes_from_a_file_or_a_command_too() throws Exception {
        ToolRun.Setting tool = tool().env("ARC_ADMIN_PASSWORD", "");
        done(tool.run("--admin-password-file", write("admin.password", "changeit\n")));
        done(tool.run("--admin-password-cmd", "echo changeit"));
        tool.run("--admin-password-cmd", "echo wrong").fails(Exit.REFUSED, "Invalid user credentials", "password");
    }

    @Test
    void how_to_get_at_the_secret_is_said_unless_it_is_known() throws Exception {
        String hint = "--save-profile NAME or --secret-file FILE writes it to a file, --show-secret prints it";
        ToolRun run = done(tool().run());
        assertTrue(run.err().contains(hint), run::toString);
        assertFalse(run.toString().contains(SECRET));
        assertTrue(run.out().endsWith("\"secretFile\":null}\n"), run::toString);

        for (ToolRun known : List.of(
                tool().run("--show-secret"),
                tool().run("--secret-file", folder.resolve("s")),
                tool().run("--save-profile=s"),
                tool().run("--profile=s"))) {
            assertFalse(done(known).err().contains(hint), known::toString);
        }
        assertTrue(tool().run("--show-secret").out().contains("\"secret\":\"" + SECRET + "\""));
        assertEquals(SECRET + "\n", Files.readString(folder.resolve("s")));
    }

    @Test
    void silent_leaves_the_answer_alone() {
        assertEquals(
                "{\"clientId\":\"curl\",\"realm\":\"dcm4che\",\"roles\":[\"auth\"],\"changed\":[],\"secretFile\":null}\n",
                tool().run("-s").succeeds());
        assertTrue(tool().terminal(1)
                .env("NO_COLOR", 1)
                .run("-s")
                .succeeds()
                .startsWith("{\n  \"clientId\": \"curl\",\n"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file.getParent())) {
            Permissions.set(Files.createDirectory(file.getParent()), "rwx------");
        }
        return Permissions.ownFile(file, text);
    }

    private String conf() throws IOException {
        return Files.readString(folder.resolve("config/p.conf"));
    }

    @Test
    void a_new_profile_has_what_this_run_was_told() throws Exception {
        Path ca = write("ca.pem", Certificates.loopback().pem());

        done(tool().run("--save-profile=p", "--url=http://archive/dcm4chee-arc/", "--cacert", ca, "--client-id=c"));

        assertEquals(
                "keycloak = " + web.http() + "\nrealm = dcm4che\nclient-id = c\nurl = http://archive/dcm4chee-arc/\n"
                        + "cacert = " + ca + "\nclient-secret-file = " + folder.resolve("config/p.secret") + "\n",
                conf());
        assertEquals(secret("c") + "\n", Files.readString(folder.resolve("config/p.secret")));
    }

    @Test
    void a_profile_that_is_there_keeps_its_comments_and_other_lines() throws Exception {
        String secret = folder.resolve("config/p.secret").toString();
        write("config/p.conf", """
                # the archive of the hospital
                keycloak=%s
                  realm = other

                # its certificate
                cacert = ca.pem
                aet = HOSPITAL
                client-secret-cmd = pass show curl
                grant = password
                url =
                rs = http://orthanc/dicom-web
                # client-id = old""".formatted(web.http()));

        ToolRun run =
                done(tool().run("--save-profile=p", "--url=http://archive", "--server-cert=sha256:" + "ab".repeat(32)));

        for (String dropped : List.of("client-secret-cmd", "grant", "rs")) {
            assertTrue(
                    run.err()
                            .lines()
                            .anyMatch(line -> line.contains("removed from the profile:") && line.contains(dropped)),
                    run::toString);
        }
        assertEquals("""
                # the archive of the hospital
                keycloak=%s
                realm = dcm4che

                # its certificate
                cacert = ca.pem
                aet = HOSPITAL
                url = http://archive
                # client-id = old
                client-id = curl
                server-cert = sha256:%s
                client-secret-file = %s
                """.formatted(web.http(), "ab".repeat(32), secret), conf());
        String before = conf();
        done(tool().run(
                        "-p",
                        "p",
                        "--save-profile=p",
                        "--url=http://archive",
                        "--server-cert=sha256:" + "ab".repeat(32)));
        assertEquals(before, conf());
    }

    @Test
    void lines_of_windows_stay_so() throws Exception {
        write("config/p.conf", "\ufeff# on Windows\r\nrealm = x\r\n");

        done(tool().run("--save-profile=p"));

        assertTrue(
                conf().startsWith("\ufeff# on Windows\r\nrealm = dcm4che\r\nkeycloak = " + web.http() + "\r\n"),
                conf());
        assertEquals(
                conf().lines().count(), conf().chars().filter(c -> c == '\r').count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense               | line 1 of
            no-such-key = x        | unknown key no-such-key
            """)
    void a_profile_that_could_not_be_read_is_not_written(String text, String message) throws Exception {
        write("config/p.conf", text);

        ToolRun run = tool().run("--save-profile=p");

        assertEquals(Exit.USAGE.code(), run.exit(), run::toString);
        assertTrue(run.err().contains(message), run::toString);
        assertTrue(web.requests().isEmpty());
        assertEquals(text, conf());
    }

    @Test
    void an_insecure_profile_is_said_to_be_and_not_so_for_longer_than_need_be() throws Exception {
        ToolRun careless = done(tool().run("--save-profile=p", "-k"));
        assertTrue(careless.err().contains("warning: the profile is insecure, as this run was"), careless::toString);
        assertTrue(conf().contains("\ninsecure = true\n"), conf());

        ToolRun careful = done(tool().run("--save-profile=p", "--server-cert=sha256:" + "ab".repeat(32)));
        assertTrue(careful.err().contains("removed from the profile: insecure"), careful::toString);
        assertFalse(conf().contains("insecure"), conf());
    }

    @Test
    void a_link_to_a_profile_stays_one() throws Exception {
        Path real = write("dotfiles.conf", "# kept elsewhere\n");
        Permissions.set(Files.createDirectory(folder.resolve("config")), "rwx------");
        Files.createSymbolicLink(folder.resolve("config/p.conf"), real);

        done(tool().run("--save-profile=p"));

        assertTrue(Files.isSymbolicLink(folder.resolve("config/p.conf")));
        assertTrue(Files.readString(real).startsWith("# kept elsewhere\nkeycloak = "));
    }

    @Test
    void what_cannot_be_written_is_known_before_anything_is_sent() throws Exception {
        tool().run("--secret-file", folder.resolve("no/such/folder/s"))
                .fails(Exit.FAILED, "no such folder", "create the folder first");
        Path file = write("file", "");
        tool().env("ARC_CONFIG_HOME", file.resolve("config"))
                .run("--save-profile=p")
                .fails(Exit.FAILED, "cannot make the folder", "ARC_CONFIG_HOME");
        assertTrue(web.requests().isEmpty());
    }

    @Test
    void a_folder_of_profiles_that_others_can_write_to_is_refused() throws Exception {
        Path config = Files.createDirectory(folder.resolve("config"));
        Permissions.set(config, "rwxrwxrwx");

        tool().run("--save-profile=p").fails(Exit.USAGE, "others can write to " + config, "chmod go-w");
    }

    private Path profile(String text) throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Permissions.set(config, "rwx------");
        return Permissions.ownFile(config.resolve("p.conf"), text);
    }

    @Test
    void a_new_secret_goes_where_the_profile_takes_it_from() throws Exception {
        Path file = Permissions.ownFile(folder.resolve("curl.secret"), "old\n");
        Path conf = profile("keycloak = " + web.http() + "\nclient-secret-file = " + file + "\n");
        String before = Files.readString(conf);
        done(tool().run("-p", "p", "-s", "--rotate-secret", "--dry-run"));
        assertEquals("old\n", Files.readString(file));
        ToolRun run = done(tool().run("-p", "p", "--rotate-secret"));
        assertTrue(run.out().contains("\"secretFile\":\"" + file + "\""), run.out());
        assertNotEquals(SECRET, secret("curl"));
        assertEquals(secret("curl") + "\n", Files.readString(file));
        assertEquals("rw-------", Permissions.of(file));
        assertEquals(before, Files.readString(conf));
    }

    @Test
    void a_secret_that_a_run_could_not_write_any_more_is_missed_by_the_next() throws Exception {
        Path file = Permissions.ownFile(folder.resolve("curl.secret"), "old\n");
        profile("keycloak = " + web.http() + "\nclient-secret-file = " + file + "\n");
        ToolRun run = done(tool().run("-p", "p"));
        String warning = "warning: " + file + " has another secret than Keycloak: --secret-file " + file;
        assertTrue(run.err().contains(warning), run::toString);
        Files.writeString(file, "");
        assertTrue(done(tool().run("-p", "p")).err().contains(warning));
        done(tool().run("-p", "p", "--secret-file", file));
        assertEquals(SECRET + "\n", Files.readString(file));
        assertEquals(
                "regclient: nothing to change\n", done(tool().run("-p", "p")).err());
    }

    @Test
    void the_secret_of_another_client_than_the_profiles_is_not_written_there() throws Exception {
        Path file = Permissions.ownFile(folder.resolve("curl.secret"), "old\n");
        profile("keycloak = " + web.http() + "\nclient-id = mine\nclient-secret-file = " + file + "\n");
        done(tool().run("-p", "p", "--client-id=curl", "--rotate-secret"));
        assertEquals("old\n", Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            client-secret = x           |      | client-secret in
            client-secret-cmd = cat x   |      | client-secret-cmd in
            client-secret-file = -      |      | client-secret-file in
            aet = X                     | x    | ARC_CLIENT_SECRET
            """)
    void a_new_secret_that_has_nowhere_to_go_is_refused_before_anything_is_sent(
            String line, String variable, String source) throws Exception {
        profile("keycloak = " + web.http() + "\n" + line + "\n");
        ToolRun.Setting tool = tool().env("ARC_CLIENT_SECRET", variable == null ? "" : variable);
        tool.run("-p", "p", "-s", "--rotate-secret")
                .fails(Exit.USAGE, "the client's secret comes from " + source, "--save-profile NAME or --secret-file");
        assertEquals(List.of(), web.requests());
        done(tool.run("-p", "p", "--rotate-secret", "--secret-file", folder.resolve("new")));
        assertEquals(secret("curl") + "\n", Files.readString(folder.resolve("new")));
    }

    @Test
    void a_new_client_gets_tokens_that_the_archive_takes_until_it_is_deleted() throws Exception {
        ToolRun first = done(tool().run("--client-id=mine", "--save-profile=p", "--url", servers.archive()));
        assertTrue(first.out().contains("\"changed\":[\"client\",\"role auth\"]"), first::toString);
        assertTrue(done(tool().run("-p", "p")).out().contains("\"changed\":[]"));
        ToolRun.Setting arcget = ToolRun.of(new arcget()).env("ARC_CONFIG_HOME", folder.resolve("config"));
        assertEquals(
                "{\"count\":4}\n",
                arcget.run("-p", "p", "--no-cache", "studies/count").succeeds());

        done(tool().run("-p", "p", "--delete", "--yes"));
        arcget.run("-p", "p", "--no-cache", "studies/count").fails(Exit.REFUSED, "invalid_client", "client mine");
    }

    @Test
    void a_dry_run_sends_no_more_than_GETs_and_the_login() {
        ToolRun run = tool().run("--client-id=mine", "--role=new", "--create-role", "--dry-run");
        assertTrue(run.out().contains("\"changed\":[\"realm role new\",\"client\",\"role new\"]"), run::toString);
        for (WebRequest request : web.requests()) {
            assertTrue(request.method().equals("GET") || request.path().endsWith("/token"), request::toString);
        }
    }

    @Test
    void an_administrator_is_looked_for_in_the_realm_and_in_master() {
        done(tool().run("--admin-realm=master"));
        assertTrue(web.requests().getFirst().path().startsWith("/realms/master/"));
        tool().env("ARC_ADMIN_USER", "joe")
                .env("ARC_ADMIN_PASSWORD", "joe-secret")
                .run()
                .fails(Exit.REFUSED, "joe may not look for clients", "manage-clients");
    }

    @Test
    void nothing_is_left_beside_when_another_file_cannot_be_opened() throws Exception {
        tool().run("--save-profile=p", "--secret-file", folder.resolve("no/such/folder/s"))
                .fails(Exit.FAILED, "no such folder", "create the folder first");
        Path config = write("config", "");
        tool().run("--save-profile=p", "--secret-file", folder.resolve("s"))
                .fails(Exit.FAILED, "is not a folder", "ARC_CONFIG_HOME");

        assertEquals(List.of(config), leftIn(folder));
        assertTrue(web.requests().isEmpty());
    }

    private static List<Path> leftIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void nothing_is_left_beside_when_keycloak_refuses() throws Exception {
        web.faults().rule(request -> Faults.status(500, "text/plain", "no"));
        tool().run("--save-profile=p").fails(Exit.SERVER_FAILED, "500", "log");
        assertEquals(List.of(), leftIn(folder.resolve("config")));
    }

    @Test
    void the_path_of_old_servers_is_found_by_itself_and_kept_in_the_profile() throws Exception {
        servers.provider().servePrefix("/auth");
        done(tool().run("--save-profile=p"));
        assertTrue(conf().startsWith("keycloak = " + web.http() + "/auth\n"), conf());

        servers.provider().servePrefix("");
        done(tool().env("ARC_KEYCLOAK", web.http() + "/auth/").run("--save-profile=p"));
        assertTrue(conf().startsWith("keycloak = " + web.http() + "\n"), conf());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"error":"invalid_request","error_description":"Request not allowed"}
            400 | {"error":"invalid_request","error_description":"DPoP proof is missing"}
            400 | {"error":"invalid_request","error_description":"Client Certification missing for MTLS HoK Token Binding"}
            401 | {"error":"invalid_request","error_description":"User 'service-account-curl' disabled"}
            400 | {"error":"invalid_grant","error_description":"Account disabled"}
            400 | {"error":"invalid_grant","error_description":"Account is not fully set up"}
            400 | {"error":"invalid_scope","error_description":"Invalid scopes: x"}
            400 | {"error":"unauthorized_client","error_description":"Client not allowed for direct access grants"}
            401 | {"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}
            401 | {"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}
            403 | {"error":"access_denied","error_description":"Realm not enabled"}
            403 | {"error":"invalid_request","error_description":"HTTPS required"}
            404 | {"error":"Realm does not exist"}
            404 | not found
            401 | who are you?
            """)
    void hints_about_a_refused_login_name_only_its_own_options(int status, String body) throws Exception {
        String help = ToolRun.of(new regclient()).run("--help").succeeds();
        for (int others : List.of(0, 1)) {
            web.forgetRequests();
            web.faults()
                    .rule(request -> request.path().endsWith("/token") && logins() > others
                            ? Faults.status(status, "application/json", body)
                            : Fault.none());
            ToolRun run = tool().run("-s");
            assertEquals(Exit.REFUSED.code(), run.exit(), run::toString);
            Matcher named = Pattern.compile("--[a-z-]+").matcher(run.err());
            while (named.find()) {
                assertTrue(help.contains(named.group()), run::toString);
            }
        }
    }

    @Test
    void an_expired_token_is_renewed_once() {
        web.faults().next(2, Fault.none());
        web.faults().next(1, Faults.status(401, "application/json", "{\"error\":\"HTTP 401 Unauthorized\"}"));
        done(tool().run());
        assertEquals(3, logins());

        web.faults()
                .rule(request -> request.path().endsWith("/token")
                        ? Fault.none()
                        : Faults.status(401, "application/json", "{\"error\":\"HTTP 401 Unauthorized\"}"));
        tool().run().fails(Exit.REFUSED, "keycloak refused to look for clients: 401 HTTP 401", "--admin-user");
    }

    private long logins() {
        return web.requests().stream()
                .filter(request -> request.path().endsWith("/token"))
                .count();
    }

    @Test
    void a_change_that_another_run_made_at_the_same_time_is_refused() {
        web.faults().rule(request -> {
            String path = request.path();
            if (path.endsWith("/composite")) {
                return Faults.status(200, "application/json", "[]");
            }
            if (path.endsWith("/available")) {
                return Faults.status(200, "application/json", "[{\"id\":\"3\",\"name\":\"auth\"}]");
            }
            return path.endsWith("/role-mappings/realm")
                    ? Faults.status(400, "application/json", "{\"error\":\"Could not add user role mappings!\"}")
                    : Fault.none();
        });
        tool().run()
                .after("give role auth to ")
                .fails(Exit.REFUSED, "refused to give roles to service accounts: 400 Could not add", "--realm");

        web.faults().clear();
        web.faults().rule(request -> {
            // The client is there when its service account is looked for.
            boolean isClients =
                    request.path().endsWith("/clients") && !request.target().contains("search=");
            return isClients && request.method().equals("GET")
                    ? Faults.status(200, "application/json", "[]")
                    : isClients
                            ? Faults.status(
                                    409, "application/json", "{\"errorMessage\":\"Client curl already exists\"}")
                            : Fault.none();
        });
        tool().run()
                .after("create client curl ")
                .fails(Exit.REFUSED, "refused to create clients: 409 Client curl already exists", "run this again");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | text/html        | <html>log in</html>                     | SERVER_FAILED | in another way than Keycloak does
            200 | application/json | {}                                      | SERVER_FAILED | in another way than Keycloak does
            200 | application/json | [{"no":"id"}]                           | SERVER_FAILED | in another way than Keycloak does
            200 | application/json | [{"id":                                 | SERVER_FAILED | in another way than Keycloak does
            302 | text/html        | moved                                   | REFUSED       | redirects to https://elsewhere/admin
            404 | application/json | {"error":"Realm not found."}            | REFUSED       | there is no realm dcm4che
            400 | application/json | {"errorMessage":"not\\u001b[2J like this"} | REFUSED    | 400 not\\u001b[2J like this
            500 | application/json | {"error":"unknown_error"}               | SERVER_FAILED | keycloak failed to look for clients: 500 unknown_error
            """)
    void answers_that_are_no_keycloaks_are_told_from_refusals(
            int status, String type, String body, Exit exit, String message) {
        web.faults()
                .rule(request -> request.path().endsWith("/clients")
                        ? Faults.status(status, type, body, "Location", "https://user:password@elsewhere/admin?token=x")
                        : Fault.none());

        ToolRun run = tool().run("--retry=0");

        assertEquals(exit.code(), run.exit(), run::toString);
        assertTrue(run.err().contains(message), run::toString);
        assertEquals(2, run.err().lines().count(), run::toString);
    }

    @Test
    void at_no_moment_can_others_read_what_it_writes() throws Exception {
        Path secret = folder.resolve("s");
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        // The client proves itself with a last request, after the files were written.
        web.faults().rule(request -> {
            try (var files = Files.walk(folder)) {
                for (Path file : files.skip(1).toList()) {
                    seen.add(Permissions.of(file) + " " + file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Fault.none();
        });
        for (String change : List.of("--repair", "--rotate-secret")) {
            done(tool().run("--save-profile=p", "--secret-file", secret, change));
        }

        assertTrue(seen.contains("rw------- " + secret), seen::toString);
        assertTrue(seen.contains("rw------- " + folder.resolve("config/p.secret")), seen::toString);
        assertTrue(seen.stream().allMatch(each -> each.matches("rw[-x]------ .*")), seen::toString);
    }

    @Test
    void what_is_shown_of_requests_has_no_secrets() {
        ToolRun run = done(tool().run("-v"));

        assertTrue(run.err().contains("> form: grant_type, username, password, client_id"), run::toString);
        for (String secret : List.of("changeit", SECRET, "eyJ")) {
            assertFalse(run.err().contains(secret), run::toString);
            // Servers and proxies log these.
            assertTrue(web.requests().stream()
                    .noneMatch(request -> request.target().contains(secret)));
        }
    }
}
