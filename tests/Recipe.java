//SOURCES House.java

import module java.base;
import org.junit.jupiter.api.Assertions;

/**
 * A command of the README with its output, in which {@code ...} matches what differs from run to run.
 *
 * @param command the command, on one or more lines
 * @param output its output
 */
record Recipe(String command, String output) {

    /** All commands of the README's blocks of {@code kind}: {@code console} or {@code console session}. */
    static List<Recipe> of(String kind) {
        List<Recipe> recipes = new ArrayList<>();
        for (String block : House.text(House.file("README.md")).split("```" + kind + "\n", -1)) {
            int end = block.indexOf("```");
            if (!block.startsWith("$ ") || end < 0) {
                continue;
            }
            for (String recipe : block.substring(2, end).split("\n\\$ ", -1)) {
                List<String> command = new ArrayList<>();
                StringBuilder output = new StringBuilder();
                for (String line : recipe.split("\n")) {
                    if (command.isEmpty() || output.isEmpty() && line.startsWith("> ")) {
                        command.add(command.isEmpty() ? line : line.substring(2));
                    } else {
                        output.append(line).append('\n');
                    }
                }
                recipes.add(new Recipe(String.join("\n", command), output.toString()));
            }
        }
        return recipes;
    }

    /**
     * Runs the commands in one shell in {@code folder}, and returns the output of each.
     *
     * @param addresses replacements for the addresses in the README
     * @param environment more environment variables; the home is {@code folder}
     * @param tools the folder of the tools
     */
    static List<String> type(
            List<Recipe> recipes,
            Path folder,
            Map<String, String> addresses,
            Map<String, String> environment,
            Path tools)
            throws IOException {
        String mark = "---- next ----";
        StringBuilder script = new StringBuilder("umask 022\n");
        for (Recipe recipe : recipes) {
            // A plain echo would overwrite the exit code, which the next command may print.
            script.append(recipe.command())
                    .append("\nstatus=$?; echo '")
                    .append(mark)
                    .append("'; (exit $status)\n");
        }
        String text = script.toString();
        for (Map.Entry<String, String> address : addresses.entrySet()) {
            text = text.replace(address.getKey(), address.getValue());
        }
        Path file = Files.writeString(folder.resolve("recipes.sh"), text);
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString())
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("ARC_") || name.startsWith("XDG_") || name.endsWith("_proxy"));
        builder.environment().putAll(environment);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        String shown = new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return List.of(shown.split(mark + "\n", -1));
    }

    /**
     * Fails unless {@code said} matches the output in the README. On a busy machine arcget may have waited for the
     * token.
     */
    void assertShows(String said) {
        String shown = said.replaceFirst("(?m)^arcget: waiting for a token on standard input; .*\n", "");
        StringBuilder pattern = new StringBuilder();
        for (String part : output.split(Pattern.quote("..."), -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        Assertions.assertTrue(
                Pattern.compile(pattern.toString(), Pattern.DOTALL)
                        .matcher(shown)
                        .matches(),
                () -> "expected\n" + output + "\nshown\n" + shown);
    }
}
