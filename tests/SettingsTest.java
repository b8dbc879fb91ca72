//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/cli/Option.java ../lib/cli/Options.java
//SOURCES ../lib/cli/ServerOptions.java ../lib/cli/Tool.java ../lib/http/Tls.java ../lib/sandbox/Clients.java
//SOURCES ../scripts/decodejwt.java ../scripts/gettoken.java ../scripts/sandbox.java House.java HouseTest.java
//SOURCES Permissions.java TestSandbox.java ToolProcess.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.base.Io;
import lib.cli.Option;
import lib.cli.Options;
import lib.cli.ServerOptions;
import lib.cli.Tool;
import lib.http.Tls;
import lib.sandbox.Clients;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where settings and secrets come from, and which of them wins. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SettingsTest {
    private static final String SECRET = Clients.CURL.secret().reveal();

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox();

    @TempDir
    Path folder;

    @BeforeEach
    void forget() throws IOException {
        Permissions.set(folder, "rwxr-xr-x");
    }

    private ToolRun.Setting tool() {
        return ToolRun.of(new gettoken()).env("ARC_CONFIG_HOME", folder).env("XDG_CACHE_HOME", folder.resolve("cache"));
    }

    private Path file(String name, String text) throws IOException {
        return Permissions.ownFile(folder.resolve(name), text);
    }

    private String clientAsked() {
        return sandbox.provider()
                .web()
                .requests()
                .getLast()
                .form()
                .get("client_id")
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "OPTION, NAMED",
        "OPTION, VARIABLE",
        "OPTION, OTHER",
        "NAMED, VARIABLE",
        "NAMED, OTHER",
        "VARIABLE, OTHER",
        "OPTION, NONE",
        "NAMED, NONE",
        "VARIABLE, NONE",
        "OTHER, NONE",
        "NONE, NONE"
    })
    void of_two_levels_the_nearer_one_wins(String winner, String loser) throws IOException {
        String common = "keycloak = " + sandbox.keycloak() + "\nclient-secret = x\n";
        List<String> levels = List.of(winner, loser);
        file("p.conf", common + (levels.contains("NAMED") ? "client-id = NAMED\n" : ""));
        file("default.conf", common + (levels.contains("OTHER") ? "client-id = OTHER\n" : ""));
        List<String> arguments = new ArrayList<>();
        if (levels.contains("OPTION")) {
            arguments.add("--client-id=OPTION");
        }
        if (levels.contains("NAMED")) {
            arguments.add("-p=p");
        }
        ToolRun run = tool().env("ARC_CLIENT_ID", levels.contains("VARIABLE") ? "VARIABLE" : "")
                .run(arguments.toArray());

        assertEquals(winner.equals("NONE") ? "curl" : winner, clientAsked());
        boolean isOverridden = winner.equals("NAMED") && loser.equals("VARIABLE");
        assertEquals(isOverridden, run.err().contains("warning: ARC_CLIENT_ID is set"), run::toString);
    }

    @Test
    void a_variable_that_the_profile_on_the_command_line_overrides_is_named_once() throws IOException {
        file("p.conf", "keycloak = " + sandbox.keycloak() + "\nclient-secret = " + SECRET + "\nrealm = dcm4che\n");
        ToolRun.Setting tool = tool().env("ARC_ISSUER", "http://127.0.0.1:1")
                .env("ARC_REALM", "dcm4che")
                .env("ARC_CLIENT_ID", "curl");
        tool.run("-p", "p")
                .after("gettoken: warning: ARC_ISSUER is set, but " + folder.resolve("p.conf") + " says otherwise")
                .succeeds();
        tool.run("-p", "p", "-s").succeeds();
    }

    @Test
    void the_profile_on_the_command_line_comes_before_that_of_the_environment_as_a_whole() throws IOException {
        file("p.conf", "keycloak = " + sandbox.keycloak() + "\nclient-secret = " + SECRET + "\n");
        file("q.conf", "issuer = http://127.0.0.1:1\nclient-id = other\n");
        tool().env("ARC_PROFILE", "q").run("-p", "p").succeeds();
        assertEquals("curl", clientAsked());
        tool().env("ARC_PROFILE", "nosuch").run("-p", "p").succeeds();
        tool().env("ARC_PROFILE", "p").run("-p", "").succeeds();
    }

    @Test
    void the_profile_default_is_read_where_none_is_named() throws IOException {
        file("default.conf", "keycloak=" + sandbox.keycloak() + "\n# a comment\n\nclient-secret = " + SECRET + "\n");
        tool().run().succeeds();
    }

    @Test
    void of_alternatives_the_strongest_level_wins_as_a_whole() throws IOException {
        file("p.conf", "token-endpoint = http://127.0.0.1:1/token\nclient-secret-file = /nonexistent\n");
        tool().env("ARC_CLIENT_SECRET", SECRET)
                .env("ARC_PROFILE", "p")
                .run("--keycloak", sandbox.keycloak())
                .succeeds();
    }

    @Test
    void two_alternatives_on_one_level_exclude_each_other() {
        tool().env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_ISSUER", sandbox.keycloak())
                .run()
                .fails(Exit.USAGE, "ARC_KEYCLOAK and ARC_ISSUER exclude each other", "one of them");
    }

    @Test
    void an_unknown_key_names_the_nearest_known_one() throws IOException {
        file("p.conf", "keycloak = http://127.0.0.1:1\nclientid = x\n");
        tool().run("-p", "p").fails(Exit.USAGE, "unknown key clientid in line 2", "client-id");
    }

    @Test
    void settings_of_other_tools_are_no_mistake() throws IOException {
        file("p.conf", "url = http://127.0.0.1:1/dcm4chee-arc\naet = X\nkeycloak = " + sandbox.keycloak() + "\n");
        tool().env("ARC_CLIENT_SECRET", SECRET).run("-p", "p").succeeds();
    }

    @Test
    void a_profile_that_is_not_there_is_named_with_those_that_are() throws IOException {
        file("hospital.conf", "");
        tool().run("-p", "hospitl").fails(Exit.USAGE, "no profile hospitl", "hospital");
        tool().run("-p", "../x").fails(Exit.USAGE, "is not a valid name for a profile", "letters");
    }

    @Test
    void where_a_setting_is_missing_the_other_profiles_are_named() throws IOException {
        file("default.conf", "");
        file("hospital.conf", "");
        file("clinic.conf", "");
        tool().run().fails(Exit.USAGE, "no token server given", "ARC_KEYCLOAK, or a profile: -p clinic, -p hospital");
        ToolRun.of(new decodejwt())
                .env("ARC_CONFIG_HOME", folder)
                .run("--verify")
                .fails(Exit.USAGE, "no keys given", "or a profile: -p clinic, -p hospital");
    }

    @Test
    void a_file_in_a_profile_may_be_below_the_home_or_beside_the_profile() throws IOException {
        file("beside.secret", SECRET);
        Path home = Files.createDirectory(folder.resolve("home"));
        Permissions.ownFile(home.resolve("home.secret"), SECRET);
        for (String secret : List.of("beside.secret", "~/home.secret", "-", folder + "/beside.secret")) {
            file("p.conf", "keycloak = " + sandbox.keycloak() + "\nclient-secret-file = " + secret + "\n");
            tool().env("HOME", home).stdin(SECRET).run("-p", "p").succeeds();
        }
    }

    @Test
    void a_profile_for_all_users_is_behind_those_of_the_user_and_must_be_roots() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/etc/shadow")), "needs root");
        // In a mount namespace of its own, and as another user where the last line says so.
        String script = """
                mkdir etc && mount -t tmpfs none etc && cp -a /etc/. etc && mount --bind etc /etc
                mkdir /etc/arc-scripts && cd /etc/arc-scripts
                echo "keycloak = $KEYCLOAK" | tee both.conf own.conf >clinic.conf
                echo "client-secret-file = s" | tee -a own.conf >>clinic.conf
                mkdir -p "$HOME/.config/arc-scripts" && echo 'client-id = x' >"$HOME/.config/arc-scripts/both.conf"
                printf %s "$SECRET" >s && chmod 640 s && chgrp 1 s && chown 1 own.conf
                "$@" clinic 2>&1
                "$@" both 2>&1
                chmod 644 s && "$@" clinic 2>&1
                setpriv --reuid 1 --inh-caps +dac_read_search --ambient-caps +dac_read_search "$@" own 2>&1
                """;
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script, "sh"));
        command.addAll(ToolProcess.command("gettoken", List.of(), "-f", "token", "-o", "/dev/null", "-p"));
        ProcessBuilder builder = ToolProcess.builder(
                command,
                Map.of("HOME", folder, "KEYCLOAK", sandbox.keycloak(), "SECRET", SECRET, "ARC_NO_CACHE", "true"));
        assertEquals(
                """
                gettoken: no token server given
                gettoken: hint: give --keycloak https://docker-host:8843, or set ARC_KEYCLOAK, or a profile: -p clinic, -p own
                gettoken: all users of this machine can read the secret in /etc/arc-scripts/s
                gettoken: hint: keep it in a file that one group can read: chgrp GROUP FILE && chmod 640 FILE
                gettoken: /etc/arc-scripts/own.conf does not belong to root
                gettoken: hint: chown root /etc/arc-scripts/own.conf
                """,
                ToolProcess.finish(builder.directory(folder.toFile()).start()).out());
    }

    @Test
    void a_profile_or_folder_that_others_can_write_to_is_refused() throws IOException {
        Path file = file("p.conf", "");
        Permissions.set(file, "rw-rw-rw-");
        tool().run("-p", "p").fails(Exit.USAGE, "others can write to " + file, "chmod go-w " + file);
        Permissions.set(file, "rw-------");
        Permissions.set(folder, "rwxrwxrwx");
        tool().run("-p", "p").fails(Exit.USAGE, "others can write to " + folder, "chmod go-w");
        Permissions.set(folder, "rwxr-xr-x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        tool().env("ARC_CONFIG_HOME", link).run("-p", "p").fails(Exit.USAGE, "is a link", "the folder itself");
    }

    @Test
    void lines_that_mean_nothing_are_refused_with_their_number() throws IOException {
        file("p.conf", "keycloak = http://127.0.0.1:1\r\nrealm = a\rissuer = b\r\n");
        tool().run("-p", "p")
                .fails(Exit.USAGE, "line 2 of " + folder.resolve("p.conf") + " has a carriage", "line feed");
        file("p.conf", "keycloak = http://127.0.0.1:1\n# a\rrealm = a\n");
        tool().run("-p", "p")
                .fails(Exit.USAGE, "line 2 of " + folder.resolve("p.conf") + " has a carriage", "line feed");
        file("p.conf", "keycloak\n");
        tool().run("-p", "p").fails(Exit.USAGE, "line 1 of", "#");
        file("p.conf", "realm = a\nrealm = b\n");
        tool().run("-p", "p").fails(Exit.USAGE, "realm stands twice", "line 2");
        file("p.conf", "insecure = yes\n");
        tool().run("-p", "p", "--keycloak", "http://127.0.0.1:1").fails(Exit.USAGE, "insecure in", "true, false");
    }

    @Test
    void the_secret_comes_from_a_file_a_command_the_environment_or_standard_input() throws IOException {
        Path secret = file("secret", SECRET + "\n");
        String server = sandbox.keycloak().toString();
        tool().run("--keycloak", server, "--client-secret-file", secret).succeeds();
        tool().run("--keycloak", server, "--client-secret-cmd", "cat " + secret).succeeds();
        tool().run("--keycloak", server, "--client-secret-cmd", "printf '" + SECRET + "\\r\\n'; yes | head -c 2000000")
                .succeeds();
        tool().env("ARC_CLIENT_SECRET", SECRET).run("--keycloak", server).succeeds();
        tool().stdin(SECRET + "\r\n")
                .run("--keycloak", server, "--client-secret-file", "-")
                .succeeds();
    }

    @Test
    void standard_input_holds_one_secret_only() {
        tool().stdin(SECRET)
                .run(
                        "--keycloak",
                        sandbox.keycloak(),
                        "--grant",
                        "refresh_token",
                        "--refresh-token-file",
                        "-",
                        "--client-secret-file",
                        "-")
                .fails(Exit.USAGE, "two secrets", "a file");
    }

    @Test
    void a_refresh_token_is_sent_as_it_is_whatever_it_looks_like() throws IOException {
        Path secret = file("secret", SECRET);
        for (String token : new String[] {"a%41b", "M.R3_BAY.-CdE!ab*cd", "abc:def", "eyJfcmFpbHMiOnsiYSJ9"}) {
            for (String text :
                    new String[] {token + "\n", "{\"access_token\":\"x\",\"refresh_token\":\"" + token + "\"}"}) {
                tool().stdin(text)
                        .run(
                                "--keycloak",
                                sandbox.keycloak(),
                                "--grant",
                                "refresh_token",
                                "--refresh-token-file",
                                "-",
                                "--client-secret-file",
                                secret);
                assertEquals(
                        token,
                        sandbox.provider()
                                .web()
                                .requests()
                                .getLast()
                                .form()
                                .get("refresh_token")
                                .getFirst());
            }
        }
    }

    @Test
    void only_one_line_end_is_dropped_from_a_secret_file() throws IOException {
        Path secret = file("secret", SECRET + "\n\n");
        ToolRun run = tool().run("--keycloak", sandbox.keycloak(), "--client-secret-file", secret);
        run.fails(Exit.REFUSED, "unauthorized_client", "Credentials");
        assertEquals(
                SECRET + "\n",
                sandbox.provider()
                        .web()
                        .requests()
                        .getLast()
                        .form()
                        .get("client_secret")
                        .getFirst());
    }

    @Test
    void a_secret_on_the_command_line_works_and_warns() {
        ToolRun run = tool().run("--keycloak", sandbox.keycloak(), "--client-secret", SECRET);
        assertEquals(0, run.exit());
        assertTrue(run.err().startsWith("gettoken: warning: --client-secret: others can see it in ps"), run.err());
        assertFalse(run.err().contains(SECRET));
        tool().run("--keycloak", sandbox.keycloak(), "--client-secret", SECRET, "-s")
                .succeeds();
    }

    @Test
    void a_secret_file_that_others_can_read_earns_a_warning() throws IOException {
        Path secret = file("secret", SECRET);
        Permissions.set(secret, "rw-r--r--");
        ToolRun run = tool().run("--keycloak", sandbox.keycloak(), "--client-secret-file", secret);
        assertEquals(0, run.exit());
        assertEquals("gettoken: warning: others can read " + secret + ": chmod 600 " + secret + "\n", run.err());
    }

    @Test
    void a_command_for_the_secret_that_fails_ends_the_run_before_anything_is_sent() {
        String server = sandbox.keycloak().toString();
        tool().run("--keycloak", server, "--client-secret-cmd", "exit 3")
                .fails(Exit.USAGE, "--client-secret-cmd ended with exit code 3", "by itself");
        tool().run("--keycloak", server, "--client-secret-cmd", "true")
                .fails(Exit.USAGE, "--client-secret-cmd printed no secret", "by itself");
        tool().run("--keycloak", server, "--client-secret-file", folder.resolve("none"))
                .fails(Exit.USAGE, "--client-secret-file: cannot read", "ls -l");
        assertEquals(0, sandbox.provider().web().requests().size());
    }

    @Test
    void a_command_for_the_secret_sees_none_of_our_secrets() {
        tool().env("ARC_TOKEN", "t")
                .env("ARC_PASSWORD", "p")
                .env("PATH", System.getenv("PATH"))
                .run(
                        "--keycloak",
                        sandbox.keycloak(),
                        "--client-secret-cmd",
                        "test -z \"$ARC_TOKEN$ARC_PASSWORD\" && echo " + SECRET)
                .succeeds();
    }

    @Test
    void misuse_is_named_before_anything_is_sent() {
        String server = sandbox.keycloak().toString();
        tool().run("--keycloack", server).fails(Exit.USAGE, "unknown option --keycloack", "--keycloak");
        tool().run("--keycloak").fails(Exit.USAGE, "no value for --keycloak", "--help");
        tool().run("--keycloak", "docker-host").fails(Exit.USAGE, "--keycloak cannot be 'docker-host'", "https://");
        tool().run("--keycloak", server, "-f", "xml").fails(Exit.USAGE, "--format cannot be 'xml'", "json, token");
        tool().run("--keycloak", server, "--retry", "-1").fails(Exit.USAGE, "--retry", "zero or more");
        tool().run().fails(Exit.USAGE, "no token server given", "--keycloak");
        assertEquals(0, sandbox.provider().web().requests().size());
    }

    @Test
    void what_the_locale_cannot_read_is_refused_and_not_misread() {
        tool().run("--client-id", "j\ufffdrgen").fails(Exit.USAGE, "cannot be read in this locale", "LC_ALL=C.UTF-8");
        tool().env("ARC_REALM", "\ufffd").run().fails(Exit.USAGE, "ARC_REALM cannot be read", "LC_ALL=C.UTF-8");
    }

    @Test
    void a_url_that_cannot_work_is_named_as_it_was_given() {
        tool().run("--keycloak", "https://docker_host:8843").fails(Exit.USAGE, "https://docker_host", "underscore");
        tool().run("--keycloak", "https://h:99999").fails(Exit.USAGE, "--keycloak cannot be", "URL");
        tool().run("--keycloak", "https://h/?x=y").fails(Exit.USAGE, "--keycloak cannot be", "URL");
        tool().env("ARC_KEYCLOAK", "https://u:p@h").run().fails(Exit.USAGE, "ARC_KEYCLOAK cannot be 'h'", "password");
    }

    @Test
    void an_argument_that_may_be_a_secret_is_never_repeated() {
        for (String[] arguments : new String[][] {
            {"--client-secrt=s3cr3t"}, {"s3cr3t"}, {"--keycloak", "https://u:s3cr3t@h"}, {"-Ws3cr3t"}
        }) {
            ToolRun run = tool().run((Object[]) arguments);
            assertEquals(Exit.USAGE.code(), run.exit(), run::toString);
            assertFalse(run.err().contains("s3cr3t"), run::err);
        }
    }

    /** What the options of the connection say, given to a tool. */
    private static Options given(Object... arguments) {
        Options[] seen = new Options[1];
        Tool tool = new Tool("probe", "Look at options.", null, List.of(ServerOptions.SECTION), "probe") {
            @Override
            protected int call(Options given, Io io) {
                seen[0] = given;
                return Exit.DONE.code();
            }
        };
        ToolRun.of(tool).run(arguments).succeeds();
        return seen[0];
    }

    @Test
    void what_decides_trust_reaches_tls_and_the_key_of_the_token_cache_and_nothing_else_does() {
        Io io = Io.system("probe");
        Options base = given("--cert", "base.pem");
        for (Option option : ServerOptions.SECTION.options()) {
            Object[] more = option.kind() == Option.Kind.SWITCH
                    ? new Object[] {"--cert", "base.pem", option.longName()}
                    : new Object[] {"--cert", "base.pem", option.longName(), "7"};
            if (option.equals(ServerOptions.PROFILE)) {
                continue;
            }
            Options given = given(more);
            boolean isKey = !ServerOptions.trust(given).equals(ServerOptions.trust(base));
            assertEquals(option.isTrust(), isKey, option::longName);
            assertEquals(
                    option.isTrust(),
                    !ServerOptions.tls(given, io).equals(ServerOptions.tls(base, io)),
                    option::longName);
        }
    }

    @Test
    void each_part_of_tls_is_used_where_connections_are_made() {
        for (RecordComponent part : Tls.class.getRecordComponents()) {
            long uses = House.sources("lib/http").stream()
                    .filter(source -> !source.endsWith("Tls.java"))
                    .filter(source -> House.text(source).contains("." + part.getName() + "()"))
                    .count();
            assertTrue(uses > 0, part::getName);
        }
    }

    @Test
    void a_certificate_that_replaced_another_under_its_name_changes_the_key_of_the_token_cache() throws IOException {
        Path file = file("own.pem", "one");
        List<String> before = ServerOptions.trust(given("--cert", file));
        assertEquals(before, ServerOptions.trust(given("--cert", file)));
        Files.writeString(file, "another");
        assertNotEquals(before, ServerOptions.trust(given("--cert", file)));
    }

    @Test
    void a_profile_can_hold_the_settings_of_every_tool() throws IOException {
        StringBuilder profile = new StringBuilder();
        for (Tool tool : HouseTest.tools().toList()) {
            for (Option.Section section : tool.sections) {
                for (Option option : section.options()) {
                    profile.append(option.isSetting() ? option.key() + " =\n" : "");
                }
            }
        }
        file("p.conf", profile.toString());
        tool().run("-p", "p").fails(Exit.USAGE, "no token server given", "--keycloak");
    }

    @Test
    void an_empty_setting_is_unset_however_often_it_is_given() {
        tool().env("ARC_CLIENT_SECRET", SECRET)
                .run("--issuer=", "--keycloak", sandbox.keycloak(), "--issuer=")
                .succeeds();
    }

    @Test
    void an_action_of_any_tool_that_is_given_an_empty_value_is_misuse() {
        for (Tool tool : HouseTest.tools().toList()) {
            for (Option.Section section : tool.sections) {
                for (Option option : section.options()) {
                    boolean isAction = option.kind() != Option.Kind.SWITCH && !option.isSetting();
                    if (isAction && option != ServerOptions.PROFILE) {
                        ToolRun.of(tool)
                                .run(option.longName() + "=")
                                .fails(Exit.USAGE, option.longName() + " is empty", "variable");
                    }
                }
            }
        }
    }

    @Test
    void a_check_that_checks_nothing_does_not_pass() {
        ToolRun run = ToolRun.of(new decodejwt())
                .stdin(sandbox.token())
                .run("--require-role", "auth", "--require-role", "", "--pass-through");
        run.fails(Exit.USAGE, "--require-role is empty", "variable");
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--issuer", "--keycloak", "--realm", "--jwks", "--public-key", "--hmac-secret-file"})
    void keys_that_are_named_by_nothing_are_not_those_of_the_environment(String option) {
        ToolRun.Setting verify = ToolRun.of(new decodejwt()).env("ARC_KEYCLOAK", sandbox.keycloak());
        verify.stdin(sandbox.token()).run("--verify", option + "=").fails(Exit.USAGE, option + " is empty", "variable");
    }
}
