import module java.base;

/** The permissions of files, as {@code rw-------}. */
final class Permissions {
    private Permissions() {}

    /** The permissions of {@code file}. */
    static String of(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Gives {@code file} these permissions, and returns it. */
    static Path set(Path file, String permissions) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** Writes {@code text} to a file that only its owner can read, and returns it. */
    static Path ownFile(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        set(Files.createFile(file), "rw-------");
        return Files.writeString(file, text);
    }
}
