//SOURCES ../base/Io.java ../base/Problem.java ../jwt/TokenText.java Patience.java

package lib.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import lib.base.Io;
import lib.base.Problem;
import lib.jwt.TokenText;

/**
 * The text with a token that a tool reads: the file it was given, or standard input.
 *
 * @param bytes its content
 * @param where what to call it in a sentence: {@code on stdin}
 */
public record InputFile(byte[] bytes, String where) {

    /** The file that {@code arguments} name; none or {@code -} is standard input, which must not be a terminal. */
    public static InputFile read(List<String> arguments, Io io) {
        if (arguments.size() > 1) {
            throw Problem.usage("more than one file", "name one, or use a pipe");
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

    /** Standard input, with a word to a person who may not know that it is waited for. */
    static InputFile stdin(Io io) {
        try (Patience _ = Patience.with(io)) {
            return new InputFile(TokenText.read(io.in()), "on stdin");
        }
    }

    /** Whether there is nothing but white space. */
    boolean isBlank() {
        for (byte b : bytes) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }
}
