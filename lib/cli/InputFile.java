//SOURCES ../base/Io.java ../base/Problem.java ../jwt/TokenText.java

package lib.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.base.Io;
import lib.base.Problem;
import lib.jwt.TokenText;

/**
 * The input of a tool that holds a token: the file that was named, or standard input.
 *
 * @param bytes its content
 * @param where its place in a message: {@code on stdin}
 */
public record InputFile(byte[] bytes, String where) {

    /** Reads the file in {@code arguments}; none or {@code -} is standard input, which must not be a terminal. */
    public static InputFile read(List<String> arguments, Io io) {
        if (arguments.size() > 1) {
            throw Problem.usage("more than one file", "name one file, or use a pipe");
        }
        if (arguments.isEmpty() || arguments.getFirst().equals("-")) {
            if (io.inIsTerminal()) {
                throw Problem.usage(
                        "nothing to read: standard input is the terminal",
                        "usage: gettoken | " + io.messages().tool());
            }
            return stdin(io);
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

    /** Reads standard input. A note on the terminal says so if nothing comes for two seconds. */
    static InputFile stdin(Io io) {
        try (WaitingNote _ = WaitingNote.start(io)) {
            return new InputFile(TokenText.read(io.in()), "on stdin");
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

    /** Tells the user at a terminal after two seconds that the tool waits for standard input. */
    private static final class WaitingNote implements AutoCloseable, Runnable {
        private final CountDownLatch done = new CountDownLatch(1);
        private final Io io;

        private WaitingNote(Io io) {
            this.io = io;
        }

        static WaitingNote start(Io io) {
            WaitingNote note = new WaitingNote(io);
            if (io.streams().isTerminal(2)) {
                Thread.ofPlatform().daemon().start(note);
            }
            return note;
        }

        @Override
        public void run() {
            try {
                if (!done.await(2, TimeUnit.SECONDS)) {
                    io.messages().note("waiting for a token on standard input; Ctrl-C ends this");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            done.countDown();
        }
    }
}
