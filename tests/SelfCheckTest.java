//SOURCES ../lib/base/Exit.java ../lib/sandbox/Clients.java ../scripts/arcget.java ../scripts/sandbox.java Faults.java
//SOURCES TestSandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.sandbox.Clients;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code arcget --check}: what a request needs, a line each. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SelfCheckTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    private static final String NOWHERE = "http://127.0.0.1:1";

    @RegisterExtension
    static final TestSandbox sandbox = new TestSandbox(CLOCK);

    private static ToolRun.Setting settings() {
        return ToolRun.of(new arcget())
                .clock(CLOCK)
                .env("ARC_URL", sandbox.archive())
                .env("ARC_KEYCLOAK", sandbox.keycloak())
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .with("--check");
    }

    /** Fails unless the lines begin so, where ... stands for anything, and the rest is silence. */
    private static void says(ToolRun run, Exit exit, String... lines) {
        assertEquals(exit.code(), run.exit(), run::toString);
        assertEquals("", run.err());
        List<String> said = run.out().lines().toList();
        assertEquals(lines.length, said.size(), run::toString);
        for (int i = 0; i < lines.length; i++) {
            String[] parts = lines[i].split("\\.\\.\\.", -1);
            String line = said.get(i);
            assertTrue(line.startsWith(parts[0]), () -> line + "\n" + run);
            assertTrue(line.endsWith(parts[parts.length - 1]), () -> line + "\n" + run);
            assertTrue(parts.length > 1 || line.equals(parts[0]), () -> line + "\n" + run);
        }
    }

    private static String set() {
        return "ok      settings no profile; set: ARC_CLIENT_SECRET, ARC_KEYCLOAK, ARC_NO_CACHE, ARC_URL";
    }

    private static String keycloak() {
        return "ok      keycloak " + sandbox.keycloak() + ", realm dcm4che";
    }

    @Test
    void all_is_well() {
        says(
                settings().run(),
                Exit.DONE,
                set(),
                keycloak(),
                "ok      token    client curl, role auth, 5 min left",
                "ok      archive  " + sandbox.archive() + ", started",
                "ok      AE title DCM4CHEE",
                "ok      count    4 studies");
    }

    @Test
    void certificates_are_shown_with_their_end_and_the_profile_by_its_name(@TempDir Path folder) throws Exception {
        Path ca = Files.writeString(folder.resolve("ca.pem"), sandbox.identity().caPem());
        Path profile = Files.writeString(
                folder.resolve("hospital.conf"),
                "url = " + sandbox.archiveHttps() + "\nkeycloak = " + sandbox.keycloakHttps() + "\ncacert = " + ca
                        + "\n");
        // In the second in which the certificate was made, it has 30 days left.
        Instant now = Instant.now().plusSeconds(1);
        ToolRun run = ToolRun.of(new arcget())
                .env("ARC_CONFIG_HOME", folder)
                .env("ARC_CLIENT_SECRET", Clients.CURL.secret().reveal())
                .clock(InstantSource.fixed(now))
                .run("--check", "-p", "hospital", "--no-auth");
        String end = sandbox.identity()
                .certificate()
                .getNotAfter()
                .toInstant()
                .toString()
                .substring(0, 10);
        assertTrue(
                run.out().startsWith("ok      settings profile " + profile + "; set: ARC_CLIENT_SECRET, "),
                run::toString);
        assertTrue(run.out().contains("FAILED  archive  "), run::toString);
        run = ToolRun.of(new arcget())
                .env("ARC_URL", sandbox.archiveHttps())
                .env("ARC_CACERT", ca)
                .stdin(sandbox.token(Map.of("exp", now.getEpochSecond() + 200)))
                .clock(InstantSource.fixed(now))
                .run("--check");
        assertTrue(
                run.out().contains(sandbox.archiveHttps() + ", certificate until " + end + " (in 29 d"), run::toString);
    }

    @Test
    void a_wrong_secret_leaves_the_archive_to_look_at() {
        says(
                settings().env("ARC_CLIENT_SECRET", "wrong").run(),
                Exit.REFUSED,
                set(),
                keycloak(),
                "FAILED  token    keycloak refused the client: ...",
                "        hint: wrong secret for client curl; ...",
                "ok      archive  " + sandbox.archive() + ", wants a token",
                "skipped AE title the token comes first",
                "skipped count    the token comes first");
    }

    @Test
    void a_wrong_realm() {
        says(
                settings().run("--realm", "DCM4CHE"),
                Exit.REFUSED,
                set(),
                "ok      keycloak " + sandbox.keycloak() + ", realm DCM4CHE",
                "FAILED  token    keycloak refused the request: Realm does not exist",
                "        hint: is realm DCM4CHE spelt as in Keycloak, ...",
                "ok      archive  ...",
                "skipped AE title ...",
                "skipped count    ...");
    }

    @Test
    void the_code_is_that_of_the_first_failure() {
        says(
                settings().env("ARC_KEYCLOAK", NOWHERE).run("--aet", "NOSUCH"),
                Exit.NO_ANSWER,
                set(),
                "FAILED  keycloak no connection to 127.0.0.1:1: refused",
                "        hint: does the server run, and on this port?",
                "skipped token    keycloak comes first",
                "ok      archive  " + sandbox.archive() + ", wants a token",
                "skipped AE title the token comes first",
                "skipped count    the token comes first");
        says(
                settings()
                        .env("ARC_CLIENT_SECRET", "wrong")
                        .env("ARC_URL", NOWHERE)
                        .run(),
                Exit.REFUSED,
                set(),
                keycloak(),
                "FAILED  token    ...",
                "        hint: ...",
                "FAILED  archive  no connection to 127.0.0.1:1: refused",
                "        hint: does the server run, and on this port?",
                "skipped AE title the archive comes first",
                "skipped count    the archive comes first");
    }

    @Test
    void a_certificate_that_is_not_trusted() {
        says(
                settings()
                        .clock(InstantSource.system())
                        .env("ARC_KEYCLOAK", sandbox.keycloakHttps())
                        .env("ARC_URL", sandbox.archiveHttps())
                        .run(),
                Exit.NO_ANSWER,
                set(),
                "FAILED  keycloak the certificate of ... is not trusted: its issuer is not known here ...",
                "        hint: compare its SHA-256 with the server's own, then add --server-cert sha256:...",
                "skipped token    keycloak comes first",
                "FAILED  archive  the certificate of ... is not trusted: its issuer is not known here ...",
                "        hint: ...",
                "skipped AE title ...",
                "skipped count    ...");
    }

    @Test
    void the_archive_says_that_a_role_is_missing() {
        says(
                settings()
                        .env("ARC_CLIENT_SECRET", Clients.USER_ONLY.secret().reveal())
                        .run("--client-id", Clients.USER_ONLY.id()),
                Exit.REFUSED,
                set(),
                keycloak(),
                "ok      token    client curl-useronly, role user, ...",
                "FAILED  archive  ... refused access (403): the realm role auth is missing: it has user, ...",
                "        hint: assign the role to service-account-curl-useronly in Keycloak",
                "skipped AE title the archive comes first",
                "skipped count    the archive comes first");
    }

    @Test
    void an_AE_title_that_is_unknown_or_searches_nothing() {
        says(
                settings().run("--aet", "dcm4chee"),
                Exit.REFUSED,
                set(),
                keycloak(),
                "ok      token    ...",
                "ok      archive  ...",
                "FAILED  AE title ...No such Application Entity: dcm4chee",
                "        hint: did you mean --aet DCM4CHEE? ...",
                "skipped count    the AE title comes first");
        ToolRun run = settings().run("--aet", "WORKLIST");
        assertTrue(run.out().contains("ok      AE title WORKLIST\nFAILED  count    "), run::toString);
    }

    @Test
    void a_given_token_needs_no_keycloak() {
        String token = "ok      token    client curl, role auth, 5 min left";
        Map<String, Object> now = Map.of("exp", CLOCK.instant().getEpochSecond() + 300);
        String given = sandbox.token(now);
        ToolRun run = settings().stdin(given).run();
        assertTrue(run.out().contains("\nskipped keycloak the token is given\n" + token + "\nok "), run::toString);
        assertEquals(Exit.DONE.code(), run.exit());
        assertEquals(
                run, settings().stdin(given + "\n").env("ARC_KEYCLOAK", NOWHERE).run());
    }

    @Test
    void a_token_that_has_expired_and_one_from_a_clock_that_is_ahead(@TempDir Path folder) throws Exception {
        long now = CLOCK.instant().getEpochSecond();
        Path file = Files.writeString(folder.resolve("token"), sandbox.token(Map.of("exp", now - 60)));
        says(
                settings().run("--token-file", file),
                Exit.BAD_TOKEN,
                set(),
                "skipped keycloak the token is given",
                "FAILED  token    the archive would refuse it: expired 1 min ago",
                "        hint: request a new one with gettoken; if it is new, the clocks differ",
                "ok      archive  " + sandbox.archive() + ", wants a token",
                "skipped AE title the token comes first",
                "skipped count    the token comes first");
        ToolRun run = settings()
                .clock(InstantSource.fixed(CLOCK.instant().minusSeconds(20)))
                .run();
        assertTrue(run.out().contains(", 5 min 20 s left, this clock is 20 s behind\n"), run::toString);
        run = settings()
                .clock(InstantSource.offset(CLOCK, Duration.ofSeconds(20)))
                .run();
        assertTrue(run.out().contains(", 4 min 40 s left, this clock is 20 s ahead\n"), run::toString);
    }

    @Test
    void no_token_at_all_and_none_wanted() {
        ToolRun run = settings().env("ARC_KEYCLOAK", "").run();
        assertTrue(
                run.out().contains("\nFAILED  token    no token on stdin\n        hint: gettoken | "), run::toString);
        assertEquals(Exit.BAD_TOKEN.code(), run.exit());
        run = settings().run("--no-auth", "--rs", sandbox.archive() + "/nothing");
        assertTrue(run.out().contains("\nskipped token    none is sent (--no-auth)\nok "), run::toString);
    }

    @Test
    void another_server_has_no_AE_title_and_is_asked_for_a_study() {
        String root = sandbox.archive() + "/aets/DCM4CHEE/rs";
        ToolRun run = settings().env("ARC_URL", "").run("--rs", root);
        assertTrue(
                run.out()
                        .endsWith("\nok      archive  " + root + "\nskipped AE title --rs names the root itself\n"
                                + "ok      count    4 studies\n"),
                run::toString);
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("application/dicom+json", "[{}]"));
        run = settings().env("ARC_URL", "").run("--rs", sandbox.archive());
        assertTrue(run.out().endsWith("\nok      count    studies can be searched\n"), run::toString);
        sandbox.archiveServer().web().faults().next(1, Faults.garbage("text/plain", "hello"));
        run = settings().env("ARC_URL", "").run("--rs", sandbox.archive());
        assertTrue(run.out().contains("\nFAILED  count    "), run::toString);
        assertEquals(Exit.SERVER_FAILED.code(), run.exit());
    }

    @Test
    void settings_that_are_no_good_come_first() {
        says(
                settings().env("ARC_RETRY", "often").run(),
                Exit.USAGE,
                "FAILED  settings ARC_RETRY cannot be 'often'",
                "        hint: a whole number, zero or more",
                "skipped keycloak the settings come first",
                "skipped token    the settings come first",
                "skipped archive  the settings come first",
                "skipped AE title the settings come first",
                "skipped count    the settings come first");
        assertTrue(settings().env("ARC_URL", "").run().out().startsWith("FAILED  settings no archive given\n"));
        assertTrue(settings().run("-p", "nosuch").out().startsWith("FAILED  settings no profile nosuch"));
        settings().run("studies").fails(Exit.USAGE, "--check takes no path", "what every request needs");
        settings().run("-o", "x").fails(Exit.USAGE, "--check and --output exclude each other", "every request");
    }

    @Test
    void colours_are_for_a_terminal_alone() {
        ToolRun.Setting setting = settings().env("ARC_CLIENT_SECRET", "wrong");
        String plain = setting.run().out();
        assertFalse(plain.contains("\033"));
        String coloured = setting.terminal(1).run().out();
        assertTrue(coloured.contains("\n\033[32mok\033[m      keycloak "), coloured);
        assertTrue(coloured.contains("\n\033[31mFAILED\033[m  token    "), coloured);
        assertEquals(plain, coloured.replaceAll("\033\\[[0-9]*m", ""));
        assertEquals(
                plain.length(),
                setting.env("NO_COLOR", 1).run().out().replace(", NO_COLOR", "").length());
    }
}
