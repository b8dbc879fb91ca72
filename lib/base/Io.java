//SOURCES Messages.java Stdout.java SystemStreams.java

package lib.base;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * All that a tool gets from outside, so that nothing below {@code main} reaches for it by itself.
 *
 * @param in standard input, unbuffered
 * @param out standard output; it throws {@link Problem} where it cannot be written
 * @param messages what is said to the person, on standard error
 * @param environment the environment variables
 * @param clock the time
 * @param streams which of the standard streams are terminals
 */
public record Io(
        InputStream in,
        OutputStream out,
        Messages messages,
        Map<String, String> environment,
        InstantSource clock,
        Streams streams) {

    /** What a standard stream is connected to. */
    public interface Streams {
        /** Whether the stream with this file descriptor (0, 1 or 2) is a terminal. */
        boolean isTerminal(int descriptor);
    }

    /** The process's own streams, environment and clock, speaking as {@code tool}. */
    public static Io system(String tool) {
        Streams streams = new SystemStreams();
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        return new Io(
                SystemStreams.isOpen(0) ? new FileInputStream(FileDescriptor.in) : InputStream.nullInputStream(),
                new Stdout(new FileOutputStream(FileDescriptor.out)),
                new Messages(tool, err, false, false),
                System.getenv(),
                InstantSource.system(),
                streams);
    }

    /** The same, with warnings off or details on. */
    public Io speaking(boolean silent, boolean verbose) {
        Messages spoken = new Messages(messages.tool(), messages.err(), silent, verbose);
        return new Io(in, out, spoken, environment, clock, streams);
    }

    /** The same, with messages going to {@code err}. */
    public Io speakingTo(OutputStream err) {
        Messages spoken = new Messages(messages.tool(), err, messages.silent(), messages.verbose());
        return new Io(in, out, spoken, environment, clock, streams);
    }

    /** The environment variable {@code name}, or null if it is unset or empty. */
    public String env(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The home folder as the shell sees it; Java's own {@code user.home} ignores {@code HOME}. */
    public Path home() {
        String home = env("HOME");
        return Path.of(home == null ? System.getProperty("user.home") : home);
    }

    /** Writes {@code text} to standard output, in UTF-8 whatever the platform says. */
    public void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Stdout.write(out, bytes, 0, bytes.length);
    }

    /** Whether standard input is a terminal. */
    public boolean inIsTerminal() {
        return streams.isTerminal(0);
    }

    /**
     * Whether the stream with this file descriptor is a terminal on which colours, bold letters and what moves are
     * welcome: not where {@code NO_COLOR} is set or {@code TERM=dumb}.
     */
    public boolean isStyled(int descriptor) {
        return streams.isTerminal(descriptor) && env("NO_COLOR") == null && !"dumb".equals(environment.get("TERM"));
    }

    /** Whether standard output is a terminal. */
    public boolean outIsTerminal() {
        return streams.isTerminal(1);
    }
}
