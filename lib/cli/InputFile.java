//SOURCES ../base/Io.java ../base/Problem.java ../base/Prompt.java ../jwt/TokenText.java

package lib.cli;

import module java.base;
import lib.base.Io;
import lib.base.Problem;
import lib.base.Prompt;
import lib.jwt.TokenText;

/**
 * The input of a tool that holds a token: the file that was named, or standard input.
 *
 * @param bytes its content
 * @param where its place in a message: {@code on stdin}
 */
public record InputFile(byte[] bytes, String where) {

    /** Reads the file in {@code arguments}; none or {@code -} is standard input. */
    public static InputFile read(List<String> arguments, Io io) {
        if (arguments.size() > 1) {
            throw Problem.usage("more than one file", "name one file, or use a pipe");
        }
        if (arguments.isEmpty() || arguments.getFirst().equals("-")) {
            if (io.inIsTerminal()) {
                byte[] pasted = Prompt.paste("paste a token, then Ctrl-D");
                if (pasted == null) {
                    throw Problem.usage(
                            "nothing to read: standard input is the terminal",
                            "usage: gettoken | " + io.messages().tool());
                }
                return new InputFile(pasted, "on stdin");
            }
            return stdin(io, "Ctrl-C ends this");
        }
        String name = arguments.getFirst();
        if (name.startsWith("eyJ")) {
            throw Problem.usage(
                    "a token does not belong on the command line, where others can see it in ps",
                    "pipe it in: gettoken | " + io.messages().tool());
        }
        try (InputStream file = Files.newInputStream(Path.of(name))) {
            if (Files.isDirectory(Path.of(name))) {
                throw Problem.usage(name + " is a folder", "name the file with the token");
            }
            return new InputFile(TokenText.read(file), "in " + name);
        } catch (IOException | InvalidPathException e) {
            throw Problem.usage("cannot read the file " + name, "check the path with ls -l");
        }
    }

    /** Reads standard input. If nothing comes for two seconds, a note says so, and {@code advice}. */
    static InputFile stdin(Io io, String advice) {
        WaitingNote note = new WaitingNote(io, advice);
        note.start();
        try {
            return new InputFile(TokenText.read(io.in()), "on stdin");
        } finally {
            note.interrupt();
        }
    }

    /** Whether the input is nothing but white space. */
    boolean isBlank() {
        for (byte b : bytes) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }

    /** Says after two seconds that the tool waits for standard input. */
    private static final class WaitingNote extends Thread {
        private final Io io;
        private final String advice;

        WaitingNote(Io io, String advice) {
            this.io = io;
            this.advice = advice;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                sleep(2000);
                io.messages().note("waiting for a token on standard input; " + advice);
            } catch (InterruptedException itCame) {
                // Nothing to say.
            }
        }
    }
}
