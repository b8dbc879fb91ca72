//SOURCES ../lib/cli/Completion.java ../lib/cli/Tool.java ../scripts/sandbox.java ToolProcess.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.cli.Completion;
import lib.cli.Tool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Tab key does in real shells, on a terminal that script(1) makes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CompletionTest {
    /** What is typed, and what Tab makes of it, without what is behind the word. */
    private static final String COMPLETED = """
            gettoken --client-i                -> gettoken --client-id
            gettoken --format hea              -> gettoken --format header
            gettoken --format=hea              -> gettoken --format=header
            gettoken --grant dev               -> gettoken --grant device_code
            gettoken -p cli                    -> gettoken -p clinic
            gettoken --profile=cli             -> gettoken --profile=clinic
            regclient --save-profile cli       -> regclient --save-profile clinic
            gettoken --client-secret-file sha  -> gettoken --client-secret-file share.pem
            gettoken --client-id sha           -> gettoken --client-id sha
            decodejwt --pass-th                -> decodejwt --pass-through
            decodejwt sha                      -> decodejwt share.pem
            arcget --download fo               -> arcget --download folder
            arcget studies -q PatientNa        -> arcget studies -q PatientName
            arcget studies -q PatientName=sha  -> arcget studies -q PatientName=sha
            arcget studies -q PatientName=     -> arcget studies -q PatientName
            arcget --columns PatientID,StudyDa -> arcget --columns PatientID,StudyDate
            arcget /monitor/ex                 -> arcget /monitor/export
            arcget studies/c                   -> arcget studies/count
            """;

    private static final String ZSH = "fpath=($PWD/zsh $fpath); autoload -Uz compinit; compinit -u -D; bindkey -e\n";

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1): apt-get install bsdutils");
        for (String name : List.of("config", "folder", "bash", "zsh")) {
            Files.createDirectory(folder.resolve(name));
        }
        Files.createFile(folder.resolve("config/clinic.conf"));
        Files.createFile(folder.resolve("share.pem"));
        for (Tool tool : sandbox.TOOLS) {
            for (Map.Entry<String, String> script : Completion.files(tool).entrySet()) {
                String name = script.getKey().substring(script.getKey().lastIndexOf('/') + 1);
                Files.writeString(folder.resolve(name.equals(tool.name) ? "bash" : "zsh", name), script.getValue());
            }
        }
    }

    /** What the terminal shows when {@code keys} are typed into {@code shell}. */
    private static String shown(String shell, String keys) throws Exception {
        Path typed = Files.writeString(folder.resolve("typed"), keys + "exit\n");
        Process process = ToolProcess.builder(
                        List.of("script", "-qec", shell, "/dev/null"),
                        Map.of("TERM", "dumb", "INPUTRC", "/dev/null", "ARC_CONFIG_HOME", folder.resolve("config")))
                .directory(folder.toFile())
                .redirectInput(typed.toFile())
                .start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return shown.replace("\r", "");
    }

    private static void assertCompleted(String shell, String before) throws Exception {
        StringBuilder keys = new StringBuilder(before);
        List<String> expected = new ArrayList<>();
        for (String row : COMPLETED.split("\n")) {
            String[] typed = row.split(" +-> ");
            // The line as it is after Tab is shown: Ctrl-A goes to its beginning, Ctrl-E to its end.
            keys.append(typed[0]).append("\t\001echo '@\005'\n");
            expected.add(typed[1]);
        }
        String shown = shown(shell, keys.toString());
        List<String> completed = new ArrayList<>();
        for (String line : shown.split("\n")) {
            if (line.startsWith("@")) {
                completed.add(line.substring(1).replaceAll("[ =/]$", ""));
            }
        }
        assertEquals(expected, completed, shown);
    }

    @Test
    void bash_completes_options_their_values_and_arguments() throws Exception {
        assertCompleted("bash --norc --noprofile -i", "for f in bash/*; do . $f; done\n");
    }

    @Test
    void zsh_completes_options_their_values_and_arguments() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")) || Files.isExecutable(Path.of("/bin/zsh")), "no zsh");
        assertCompleted("zsh -f -i", ZSH);
    }

    @Test
    void zsh_shows_what_an_option_does() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")) || Files.isExecutable(Path.of("/bin/zsh")), "no zsh");
        String shown = shown("zsh -f -i", "stty cols 150\n" + ZSH + "decodejwt --c\t\t\001echo '\005'\n");
        String description = "one value: realm_access.roles, or resource_access[\"my.client\"].roles for odd names";
        assertTrue(shown.replaceAll(" +", " ").contains("--claim -- " + description), shown);
    }
}
