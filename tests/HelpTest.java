//SOURCES ../lib/base/Exit.java ../lib/cli/Help.java ../lib/cli/Tool.java ../scripts/arcget.java ../scripts/demo.java
//SOURCES ../scripts/gettoken.java ../scripts/install.java ../scripts/sandbox.java ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.cli.Help;
import lib.cli.Tool;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tools say of themselves, and to somebody who mistypes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HelpTest {
    static Stream<Tool> tools() {
        return Stream.concat(sandbox.TOOLS.stream(), Stream.of(new sandbox(), new demo(), new install()));
    }

    private static String help(Tool tool, int columns) {
        return ToolRun.of(tool).env("COLUMNS", columns).run("--help").succeeds();
    }

    private static String withoutExamples(String help) {
        return help.substring(0, help.indexOf("\nExamples:"));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void help_fits_the_terminal_and_breaks_no_word(Tool tool) {
        List<String> words = words(help(tool, 160));
        for (int columns : new int[] {40, 57, 80, 160}) {
            String help = help(tool, columns);
            withoutExamples(help)
                    .lines()
                    .forEach(line -> assertTrue(line.length() <= columns, () -> columns + ": " + line));
            assertEquals(words, words(help));
        }
        assertEquals(help(tool, 80), ToolRun.of(tool).run("--help").succeeds());
    }

    private static List<String> words(String help) {
        return List.of(help.strip().split("\\s+"));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void headings_are_bold_on_a_terminal_alone(Tool tool) {
        String bold =
                ToolRun.of(tool).env("COLUMNS", 80).terminal(1).run("--help").succeeds();
        assertTrue(bold.contains("\n\033[1mExamples:\033[m\n"), bold);
        assertEquals(help(tool, 80), bold.replace("\033[1m", "").replace("\033[m", ""));
        assertEquals(
                help(tool, 80),
                ToolRun.of(tool)
                        .env("COLUMNS", 80)
                        .env("NO_COLOR", 1)
                        .terminal(1)
                        .run("--help")
                        .succeeds());
    }

    @ParameterizedTest
    @MethodSource("tools")
    void help_says_how_the_command_is_called_and_only_what_it_has(Tool tool) {
        String help = help(tool, 80);
        boolean isInstalled = sandbox.TOOLS.stream().anyMatch(one -> one.name.equals(tool.name));
        String command = isInstalled ? tool.name : "./jbang " + tool.name;
        assertTrue(help.startsWith("usage: " + command + " "), help);
        String examples = help.substring(help.indexOf("\nExamples:"));
        assertTrue(examples.contains(command), examples);
        assertEquals(isInstalled, help.contains("ARC_PROFILE"));
        assertEquals(isInstalled, help.contains("default.conf"));
        assertEquals(tool instanceof arcget, help.contains("\nPaths:\n"));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void the_values_of_a_choice_are_named_once(Tool tool) {
        String help = String.join(" ", words(help(tool, 80)));
        tool.sections.stream().flatMap(section -> section.options().stream()).forEach(option -> {
            String values = String.join(", ", option.choices());
            if (!values.isEmpty()) {
                assertEquals(help.indexOf(values), help.lastIndexOf(values), values);
                assertFalse(option.description().contains(values.substring(0, values.lastIndexOf(','))), values);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("tools")
    void a_manual_page_has_the_words_of_the_help(Tool tool, @TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "no man");
        Path page = Files.writeString(folder.resolve(tool.name + ".1"), Help.manual(tool));
        Process man = new ProcessBuilder("man", "-l", page.toString())
                .redirectErrorStream(true)
                .start();
        String shown = new String(man.getInputStream().readAllBytes()).replaceAll(".\b", "");
        assertEquals(0, man.waitFor(), shown);
        List<String> words = words(shown);
        for (String word : words(withoutExamples(help(tool, 80)).substring("usage:".length()))) {
            String heading = word.replace(":", "").toUpperCase(Locale.ROOT);
            assertTrue(words.contains(word) || words.contains(heading), () -> word);
        }
        tool.examples.lines().forEach(line -> assertTrue(shown.contains(line), () -> line));
    }

    @ParameterizedTest
    @CsvSource({
        "arcget,    --hlep,           did you mean --help? see arcget --help",
        "arcget,    --verison,        did you mean --version? see arcget --help",
        "arcget,    -t,               did you mean --transfer-syntax or --token-file or",
        "gettoken,  -t,               did you mean --token-endpoint or --totp?",
        "gettoken,  --client-secrt,   did you mean --client-secret?",
        "gettoken,  --client-s,       did you mean --client-secret-file or --client-secret-cmd or --client-secret?",
        "gettoken,  --keycloack=http://h/x, did you mean --keycloak?",
        "decodejwt, --required=role,  did you mean --require?",
        "regclient, -z,               hint: see regclient --help",
        "gettoken,  --xyzzy,          hint: see gettoken --help",
    })
    void a_mistyped_option_gets_the_nearest(String tool, String typed, String hint) {
        ToolRun run = ToolRun.of(named(tool)).run(typed);
        run.fails(Exit.USAGE, "unknown option " + typed.replaceFirst("=.*", ""), hint);
    }

    private static Tool named(String name) {
        return tools().filter(tool -> tool.name.equals(name)).findFirst().orElseThrow();
    }

    @Test
    void an_argument_too_many_is_named_unless_it_may_be_a_secret(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("profile.conf"));
        ToolRun.of(new gettoken()).run(file).fails(Exit.USAGE, "too many arguments: " + file, "gettoken --help");
        ToolRun.of(new install())
                .run("/opt/x")
                .fails(Exit.USAGE, "too many arguments: /opt/x", "./jbang install --help");
        ToolRun run = ToolRun.of(new gettoken()).run("-u", "joe", "s3cret-w0rd");
        run.fails(Exit.USAGE, "too many arguments", "gettoken --help");
        assertFalse(run.err().contains("s3cret-w0rd"), run.err());
    }
}
