//SOURCES ../lib/base/Io.java ../lib/base/Messages.java ../lib/cli/Cli.java ../lib/cli/Tool.java ToolRun.java

import module java.base;
import lib.base.Io;
import lib.base.Messages;
import lib.cli.Cli;
import lib.cli.Tool;

/** A run that waits for a login in a browser or on another device. */
final class LoginRun {
    private static final String ASKED = "to log in, open ";

    private final CompletableFuture<String> instruction = new CompletableFuture<>();
    private final CompletableFuture<ToolRun> end = new CompletableFuture<>();

    private LoginRun() {}

    /** Starts {@code tool} with only these environment variables. */
    static LoginRun start(Tool tool, Map<String, String> environment, Object... arguments) {
        LoginRun run = new LoginRun();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        Thread.ofVirtual().start(() -> run.run(tool, environment, texts));
        return run;
    }

    private void run(Tool tool, Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                super.write(bytes, offset, length);
                String line = new String(bytes, offset, length, StandardCharsets.UTF_8);
                int asked = line.indexOf(ASKED);
                if (asked >= 0) {
                    instruction.complete(line.substring(asked + ASKED.length()).strip());
                }
            }
        };
        Messages messages = new Messages(tool.name, err, false, false);
        InputStream in = InputStream.nullInputStream();
        Io io = new Io(in, out, messages, environment, InstantSource.system(), descriptor -> false);
        int exit = Cli.run(tool, io, arguments);
        ToolRun ended = new ToolRun(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        instruction.completeExceptionally(new AssertionError("no login was asked for: " + ended));
        end.complete(ended);
    }

    /** The URL to open, and the rest of that line. */
    String instruction() throws Exception {
        return instruction.get(60, TimeUnit.SECONDS);
    }

    /** The URL to open. */
    String url() throws Exception {
        return instruction().split(" ")[0];
    }

    /** Waits for the end of the run. */
    ToolRun end() throws Exception {
        return end.get(60, TimeUnit.SECONDS);
    }
}
