//SOURCES ToolRun.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Runs tools as separate processes with the class path of the tests. */
final class ToolProcess {
    private ToolProcess() {}

    /** The command line of {@code tool}, with JVM {@code flags}. */
    static List<String> command(String tool, List<String> flags, Object... arguments) {
        return command(System.getProperty("java.class.path"), tool, flags, arguments);
    }

    /** The command line of {@code tool} on {@code classPath}, with JVM {@code flags}. */
    static List<String> command(String classPath, String tool, List<String> flags, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, tool));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** A process to start, with only {@code environment} and the PATH. */
    static ProcessBuilder builder(List<String> command, Map<String, ?> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        for (Map.Entry<String, ?> variable : environment.entrySet()) {
            builder.environment().put(variable.getKey(), variable.getValue().toString());
        }
        return builder;
    }

    /** Runs {@code command} to its end, with an empty standard input. */
    static ToolRun run(List<String> command, Map<String, ?> environment) throws IOException, InterruptedException {
        // Of an empty pipe arcget would warn.
        return finish(builder(command, environment)
                .redirectInput(new File("/dev/null"))
                .start());
    }

    /** Runs a shell script in {@code folder}, which must succeed; what it says is shown if it does not. */
    static void script(Path folder, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    /** Waits for {@code process}, whose messages must fit into a pipe. */
    static ToolRun finish(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ToolRun(process.waitFor(), out, err);
    }

    /** Whether Ctrl-C does nothing, as where a shell runs the tests in the background: then it cannot be tested. */
    static boolean ignoresInterrupts(Process process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0;
            }
        }
        return false;
    }
}
