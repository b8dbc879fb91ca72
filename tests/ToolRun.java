//SOURCES ../lib/base/Exit.java ../lib/base/Io.java ../lib/base/Messages.java ../lib/cli/Cli.java ../lib/cli/Tool.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.base.Exit;
import lib.base.Io;
import lib.base.Messages;
import lib.cli.Cli;
import lib.cli.Tool;

/**
 * One run of a tool, with its streams captured.
 *
 * @param exit the exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record ToolRun(int exit, String out, String err) {

    /**
     * A run of {@code tool} that has not started, with the cache off, an otherwise empty environment and an empty
     * standard input.
     */
    static Setting of(Tool tool) {
        return new Setting(tool);
    }

    /** The standard output; fails unless the exit code is 0 and standard error is empty. */
    String succeeds() {
        assertEquals(new ToolRun(0, out, ""), this);
        return out;
    }

    /** The same as {@link #says}; fails if standard output is not empty, too. */
    ToolRun fails(Exit code, String message, String hint) {
        assertEquals("", out, this::toString);
        return says(code, message, hint);
    }

    /** This run; fails unless it ended with {@code code} and standard error is two lines with these texts. */
    ToolRun says(Exit code, String message, String hint) {
        assertEquals(code.code(), exit, this::toString);
        String[] lines = err.split("\n");
        assertEquals(2, lines.length, this::toString);
        assertTrue(lines[0].contains(message), this::toString);
        assertTrue(lines[1].contains(": hint: "), this::toString);
        assertTrue(lines[1].contains(hint), this::toString);
        return this;
    }

    /** The run without its first lines on standard error, which must contain these texts, one each. */
    ToolRun after(String... lines) {
        String rest = err;
        for (String line : lines) {
            int end = rest.indexOf('\n') + 1;
            assertTrue(rest.substring(0, end).contains(line), this::toString);
            rest = rest.substring(end);
        }
        return new ToolRun(exit, out, rest);
    }

    /** The run without its first lines on standard error that match {@code pattern}; fails if there are none. */
    ToolRun afterAll(String pattern) {
        List<String> lines =
                err.lines().dropWhile(line -> line.matches(pattern)).toList();
        ToolRun rest = new ToolRun(exit, out, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
        assertNotEquals(rest, this);
        return rest;
    }

    @Override
    public String toString() {
        return "exit " + exit + "\n--- standard output\n" + out + "\n--- standard error\n" + err;
    }

    /** The environment, input, clock and terminals of a run. */
    static final class Setting implements Io.Streams {
        private final Tool tool;
        private final Map<String, String> environment =
                new TreeMap<>(Map.of("HOME", "/nonexistent", "ARC_NO_CACHE", "true"));
        private final Set<Integer> terminals = new HashSet<>();
        private final List<String> first = new ArrayList<>();
        private InputStream in = InputStream.nullInputStream();
        private boolean isPiped;
        private ByteArrayOutputStream err;
        private InstantSource clock = InstantSource.system();

        private Setting(Tool tool) {
            this.tool = tool;
        }

        Setting env(String name, Object value) {
            environment.put(name, value.toString());
            return this;
        }

        Setting stdin(String text) {
            return stdin(text.getBytes(StandardCharsets.UTF_8));
        }

        Setting stdin(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
            return this;
        }

        /** Makes standard input this, which is a pipe. */
        Setting pipe(InputStream stream) {
            in = stream;
            isPiped = true;
            return this;
        }

        Setting stderr(ByteArrayOutputStream stream) {
            err = stream;
            return this;
        }

        Setting clock(InstantSource source) {
            clock = source;
            return this;
        }

        /** Makes standard input (0), output (1) or error (2) a terminal. */
        Setting terminal(int descriptor) {
            terminals.add(descriptor);
            return this;
        }

        /** Puts these arguments before those of the run. */
        Setting with(Object... arguments) {
            for (Object argument : arguments) {
                first.add(argument.toString());
            }
            return this;
        }

        ToolRun run(Object... arguments) {
            List<String> all = new ArrayList<>(first);
            for (Object argument : arguments) {
                all.add(argument.toString());
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream said = err == null ? new ByteArrayOutputStream() : err;
            Io io = new Io(in, out, new Messages(tool.name, said, false, false), environment, clock, this);
            int exit = Cli.run(tool, io, all.toArray(new String[0]));
            return new ToolRun(exit, out.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
        }

        @Override
        public boolean isTerminal(int descriptor) {
            return terminals.contains(descriptor);
        }

        @Override
        public boolean isPipe(int descriptor) {
            return descriptor == 0 && isPiped;
        }
    }
}
