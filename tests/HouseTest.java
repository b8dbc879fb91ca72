//SOURCES ../lib/base/Exit.java ../lib/cli/Option.java ../lib/cli/Tool.java ../lib/json/Json.java
//SOURCES ../lib/sandbox/Shell.java ../scripts/demo.java ../scripts/install.java ../scripts/sandbox.java House.java
//SOURCES ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Exit;
import lib.cli.Option;
import lib.cli.Tool;
import lib.json.Json;
import lib.sandbox.Shell;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of design.md that a test can check. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HouseTest {
    /** The rooms that each room may use besides itself. */
    private static final Map<String, List<String>> BELOW = Map.ofEntries(
            Map.entry("base", List.of()),
            Map.entry("json", List.of("base")),
            Map.entry("http", List.of("base")),
            Map.entry("oidc", List.of("base", "json", "http")),
            Map.entry("jwt", List.of("base", "json", "http")),
            Map.entry("sandbox", List.of("base", "json")),
            Map.entry("launch", List.of("base", "sandbox")),
            Map.entry("arc", List.of("base", "json", "http", "oidc", "jwt")),
            Map.entry("download", List.of("base", "json", "http", "arc")),
            Map.entry("cli", List.of("base", "json", "http", "oidc", "jwt", "arc", "download")));

    static Stream<Tool> tools() {
        return Stream.concat(sandbox.TOOLS.stream(), Stream.of(new sandbox(), new demo(), new install()));
    }

    @Test
    void a_room_uses_only_rooms_below_it() {
        for (Path source : House.sources("lib")) {
            String room = source.getParent().getFileName().toString();
            Matcher used = Pattern.compile("^import (?:static )?lib\\.(\\w+)\\.", Pattern.MULTILINE)
                    .matcher(House.text(source));
            while (used.find()) {
                assertTrue(
                        used.group(1).equals(room) || BELOW.get(room).contains(used.group(1)),
                        () -> source + " uses lib." + used.group(1));
            }
        }
    }

    @Test
    void a_type_of_java_base_is_imported_by_its_name_only_where_the_module_has_two_of_the_name() throws IOException {
        ModuleReference base = ModuleFinder.ofSystem().find("java.base").orElseThrow();
        Set<String> exported = base.descriptor().exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(exports -> exports.source())
                .collect(Collectors.toSet());
        Map<String, Set<String>> packages = new HashMap<>(); // of each simple name
        try (ModuleReader reader = base.open()) {
            reader.list().filter(name -> name.endsWith(".class")).forEach(name -> {
                String type =
                        name.substring(0, name.length() - ".class".length()).replace('/', '.');
                String home = type.substring(0, Math.max(0, type.lastIndexOf('.')));
                if (exported.contains(home)) {
                    packages.computeIfAbsent(type.substring(home.length() + 1), _ -> new HashSet<>())
                            .add(home);
                }
            });
        }
        for (Path source : House.sources(".")) {
            Matcher imported =
                    Pattern.compile("(?m)^import ([a-z.]+)\\.([A-Z]\\w+);").matcher(House.text(source));
            while (imported.find()) {
                assertFalse(
                        exported.contains(imported.group(1))
                                && packages.get(imported.group(2)).size() == 1,
                        () -> source + " needs no more than import module java.base for " + imported.group(2));
            }
        }
    }

    @Test
    void the_readme_names_classes_that_there_are() {
        Matcher named = Pattern.compile("`(lib(?:\\.\\w+)+)`").matcher(House.text(House.file("README.md")));
        assertTrue(named.find());
        do {
            Path source = House.file(named.group(1).replace('.', '/') + ".java");
            assertTrue(Files.exists(source), source::toString);
        } while (named.find());
    }

    @Test
    void only_the_command_line_knows_picocli() {
        for (Path source : House.sources("lib")) {
            boolean isCli = source.getParent().endsWith("cli");
            assertTrue(isCli || !House.text(source).contains("import picocli"), source::toString);
        }
    }

    @Test
    void streams_environment_and_exit_are_left_to_io_and_main() {
        Pattern taken = Pattern.compile("System\\.(in|out|err|getenv|exit)\\b|Instant\\.now\\(|currentTimeMillis");
        for (Path source : House.sources("lib")) {
            boolean isTheirPlace = source.endsWith("lib/base/Io.java") || source.endsWith("lib/cli/Cli.java");
            assertTrue(isTheirPlace || !taken.matcher(House.text(source)).find(), source::toString);
        }
    }

    @Test
    void every_script_runs_by_itself_and_is_short() throws Exception {
        for (Path source : House.sources("scripts")) {
            List<String> lines = Files.readAllLines(source);
            assertEquals("///usr/bin/env jbang \"$0\" \"$@\" ; exit $?", lines.getFirst(), source::toString);
            assertTrue(lines.size() <= 120, () -> source + " has " + lines.size() + " lines");
            assertTrue(Files.isExecutable(source), source::toString);
        }
    }

    @Test
    void sources_are_named_one_by_one_for_remote_catalogs() {
        for (String folder : List.of("scripts", "lib")) {
            for (Path source : House.sources(folder)) {
                House.text(source)
                        .lines()
                        .filter(line -> line.startsWith("//SOURCES"))
                        .forEach(line -> assertFalse(line.contains("*"), () -> source + ": " + line));
            }
        }
    }

    @Test
    void a_source_is_named_only_where_it_is_used() {
        for (String folder : List.of("scripts", "lib")) {
            for (Path source : House.sources(folder)) {
                String code = House.text(source)
                        .lines()
                        .filter(line -> !line.startsWith("//"))
                        .collect(Collectors.joining("\n"));
                for (Path used : House.directives(source)) {
                    String name = used.getFileName().toString().replace(".java", "");
                    assertTrue(
                            Pattern.compile("\\b" + name + "\\b").matcher(code).find(),
                            () -> source + " does not use " + used);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"gettoken, 75", "decodejwt, 85", "arcget, 120", "regclient, 88"})
    void a_tool_from_a_remote_catalog_fetches_few_files(String tool, int most) {
        int files = House.closure(House.file("scripts/" + tool + ".java")).size();
        assertTrue(files <= most, () -> tool + " needs " + files + " files");
    }

    @Test
    void each_library_has_its_version_in_one_place() {
        Map<String, Path> declared = new HashMap<>();
        for (String folder : List.of("scripts", "lib", "tests")) {
            for (Path source : House.sources(folder)) {
                House.text(source)
                        .lines()
                        .filter(line -> line.startsWith("//DEPS "))
                        .forEach(line -> {
                            String library = line.substring("//DEPS ".length(), line.lastIndexOf(':'));
                            Path other = declared.put(library, source);
                            assertTrue(other == null, () -> library + " in " + source + " and " + other);
                        });
            }
        }
    }

    @Test
    void jbang_starts_the_tools_with_the_same_flags_as_the_launchers() {
        String source = House.text(House.file("lib/cli/Cli.java"));
        assertTrue(source.contains("//RUNTIME_OPTIONS " + Shell.FLAGS + "\n"), Shell.FLAGS);
    }

    @Test
    void the_catalog_names_files_that_are_there() throws Exception {
        Map<String, Object> catalog = Json.asObject(Json.parse(House.text(House.file("jbang-catalog.json"))));
        Map<String, Object> aliases = Json.asObject(catalog.get("aliases"));
        assertFalse(aliases.isEmpty());
        for (Map.Entry<String, Object> alias : aliases.entrySet()) {
            Map<String, Object> members = Json.asObject(alias.getValue());
            assertTrue(Files.exists(House.file((String) members.get("script-ref"))), alias::toString);
            assertTrue(members.get("description") instanceof String, alias::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("tools")
    void help_goes_to_standard_output_and_describes_every_option(Tool tool) {
        String help = ToolRun.of(tool).run("--help").succeeds();
        for (Option.Section section : tool.sections) {
            for (Option option : section.options()) {
                assertTrue(help.contains(option.longName()), option::longName);
                assertTrue(option.description().length() > 8, option::longName);
            }
        }
        assertEquals(help, ToolRun.of(tool).run("-h").succeeds());
        assertTrue(ToolRun.of(tool).run("-V").succeeds().startsWith(tool.name + " "));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void every_option_is_in_the_contract(Tool tool) {
        Path contract = House.file("../shared/cli.md");
        assumeTrue(Files.exists(contract), "the contract, shared/cli.md, is not beside this checkout");
        String text = House.text(contract);
        List<String> unknown = new ArrayList<>();
        for (Option.Section section : tool.sections) {
            for (Option option : section.options()) {
                // The contract names only the first of a secret's options, and "..." for the others.
                String name = option.longName().replaceAll("(secret|password)-(file|cmd)$", "$1");
                if (!text.contains(name)) {
                    unknown.add(name);
                }
            }
        }
        assertEquals(List.of(), unknown);
    }

    @Test
    void the_readme_has_every_exit_code_with_its_meaning() {
        String readme = House.text(House.file("README.md"));
        for (Exit exit : Exit.values()) {
            assertTrue(
                    readme.replace("`", "").contains("| " + exit.code() + " | " + exit.meaning() + " |"), exit::name);
        }
    }
}
