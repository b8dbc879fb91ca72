//SOURCES Io.java Problem.java

package lib.base;

import module java.base;

/** A file that a person names and a tool reads whole: a key, a secret, a certificate, a profile. */
public final class SmallFile {
    /** The size up to which files are read, and standard input in the place of one: 1 MiB. */
    public static final int MAX_BYTES = 1 << 20;

    private SmallFile() {}

    /**
     * {@code secret} without one line end, which an editor or {@code echo} has put there: Keycloak would refuse it
     * (facts A4). Any other belongs to the secret.
     */
    public static byte[] withoutLineEnd(byte[] secret) {
        int end = secret.length;
        if (end > 0 && secret[end - 1] == '\n') {
            end -= end > 1 && secret[end - 2] == '\r' ? 2 : 1;
        }
        return Arrays.copyOf(secret, end);
    }

    /**
     * The content of the file called {@code name}, text in UTF-8 without a byte order mark, at most {@link #MAX_BYTES};
     * a {@link Problem} with {@link Exit#USAGE} where it cannot be read.
     *
     * @param option what names the file, for the message: {@code --cacert}
     */
    public static byte[] read(String name, String option) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            return read(in, name, option);
        } catch (InvalidPathException e) {
            throw unreadable(name, option, "not a valid path");
        } catch (IOException e) {
            throw unreadable(name, option, Files.isDirectory(Path.of(name)) ? "it is a directory" : Problem.reason(e));
        }
    }

    /** The same for standard input. */
    public static byte[] stdin(Io io, String option) {
        try {
            return read(io.in(), "standard input", option);
        } catch (IOException e) {
            throw Problem.usage(option + ": cannot read standard input: " + e.getMessage(), null);
        }
    }

    private static byte[] read(InputStream in, String name, String option) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw Problem.usage(option + ": " + name + " is larger than 1 MiB", "check that it is the right file");
        }
        return plain(bytes);
    }

    /** {@code bytes} without a byte order mark, and UTF-8 where they are the UTF-16 of PowerShell. */
    private static byte[] plain(byte[] bytes) {
        int start = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        if (start == 0xfffe || start == 0xfeff) {
            return new String(bytes, StandardCharsets.UTF_16).getBytes(StandardCharsets.UTF_8);
        }
        boolean isMarked = start == 0xefbb && bytes.length > 2 && bytes[2] == (byte) 0xbf;
        return isMarked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
    }

    private static Problem unreadable(String name, String option, String reason) {
        return Problem.usage(option + ": cannot read " + name + ": " + reason, "check the path with ls -l");
    }
}
