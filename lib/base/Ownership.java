//SOURCES Problem.java

package lib.base;

import module java.base;

/** Who can read and write the files the kit relies on. Where the file system has no owners, every file is accepted. */
public final class Ownership {
    /** What {@link #kind} calls a named pipe. */
    static final int PIPE = 0010000;
    /** What {@link #kind} calls a terminal, or {@code /dev/null}. */
    static final int CHARACTER_DEVICE = 0020000;

    private static final int KIND = 0170000;
    private static final Path SELF = Path.of("/proc/self");

    private Ownership() {}

    /**
     * What a file or folder at {@code path} is created with so that it has {@code permissions} ({@code rw-------}) from
     * its first moment, whatever the umask; nothing where the file system has none.
     */
    public static FileAttribute<?>[] only(String permissions, Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * {@code file}, opened for writing as {@code how} says, a new one for its owner alone, and locked until it is
     * closed or the process ends in any way; null if another run holds it, or is just beginning or ending with it.
     */
    public static FileChannel locked(Path file, StandardOpenOption how) throws IOException {
        Set<OpenOption> options = new HashSet<>(List.of(StandardOpenOption.WRITE, how, LinkOption.NOFOLLOW_LINKS));
        FileChannel channel;
        try {
            channel = FileChannel.open(file, options, only("rw-------", file));
        } catch (NoSuchFileException gone) {
            if (how == StandardOpenOption.CREATE_NEW) {
                throw gone;
            }
            return null;
        }
        boolean isOurs;
        try {
            FileLock lock = channel.tryLock();
            // Before it was locked, another run may have removed it as a leftover.
            isOurs = lock != null && Files.exists(file);
        } catch (OverlappingFileLockException byAnotherRunInThisProcess) {
            isOurs = false;
        } catch (IOException noLocksHere) {
            // Leftovers cannot be recognised here, so none are removed.
            isOurs = how == StandardOpenOption.CREATE_NEW;
        }
        if (isOurs) {
            return channel;
        }
        channel.close();
        return null;
    }

    /** Writes {@code text} to a new file, which has {@code permissions}, less the umask, before it has any content. */
    public static void write(Path file, String text, String permissions) throws IOException {
        Files.createFile(file, only(permissions, file));
        Files.writeString(file, text);
    }

    /** Refuses a folder of ours that is a link, belongs to somebody else, or that others can write to. */
    public static void requireFolder(Path folder) {
        if (Files.isSymbolicLink(folder)) {
            throw Problem.usage(folder + " is a link, which is not followed", "name the folder itself");
        }
        requireFile(folder);
    }

    /** Refuses a file or folder that belongs to somebody else or that others can write to. */
    public static void requireFile(Path file) {
        if (isWritableByOthers(file)) {
            throw Problem.usage("others can write to " + file, "chmod go-w " + file);
        }
        if (!isOurs(file)) {
            throw Problem.usage(file + " belongs to somebody else", "copy it, or name another with ARC_CONFIG_HOME");
        }
    }

    /** Refuses a file or folder that does not belong to root. */
    public static void requireRoots(Path file) {
        if (!isRoots(file)) {
            throw Problem.usage(file + " does not belong to root", "chown root " + file);
        }
    }

    /** Whether anyone but its owner can read {@code file}; not the group to which root has given a file of its own. */
    public static boolean isReadableByOthers(Path file) {
        Set<PosixFilePermission> permissions = permissions(file);
        return permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.GROUP_READ) && !isGivenToGroup(file);
    }

    /** Whether all users of the machine can read {@code file}. */
    public static boolean isReadableByAll(Path file) {
        return permissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private static boolean isGivenToGroup(Path file) {
        Object group = attribute(file, "unix:gid");
        return isRoots(file) && group != null && !group.equals(0);
    }

    private static boolean isRoots(Path file) {
        Object owner = attribute(file, "unix:uid");
        return owner == null || owner.equals(0);
    }

    /** An attribute of {@code file}; null where the file system has none of that name. */
    private static Object attribute(Path file, String name, LinkOption... links) {
        try {
            return Files.getAttribute(file, name, links);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noneHere) {
            return null;
        }
    }

    /**
     * Gives {@code to} the permissions of {@code from} if that is a file, and no link; those of its group only where
     * {@code to} can be of the same one.
     */
    static void copyPermissions(Path from, Path to) {
        PosixFileAttributeView copy = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (copy == null || !Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            PosixFileAttributes original = Files.readAttributes(from, PosixFileAttributes.class);
            Set<PosixFilePermission> permissions = new HashSet<>(original.permissions());
            try {
                copy.setGroup(original.group());
            } catch (IOException notOurGroup) {
                permissions.removeAll(PosixFilePermissions.fromString("---rwx---"));
            }
            copy.setPermissions(permissions);
        } catch (IOException noPermissionsHere) {
            // Then its owner alone can read it.
        }
    }

    /** Whether anyone but its owner can write to {@code file}. */
    public static boolean isWritableByOthers(Path file) {
        Set<PosixFilePermission> permissions = permissions(file);
        return permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE);
    }

    private static Set<PosixFilePermission> permissions(Path file) {
        try {
            return Files.readAttributes(file, PosixFileAttributes.class).permissions();
        } catch (IOException | UnsupportedOperationException noPermissionsHere) {
            return Set.of();
        }
    }

    /** What {@code file} is, by the bits of its mode (POSIX, sys/stat.h); a link is not followed. */
    static int kind(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & KIND;
    }

    /** Whether {@code file} is ours, and nobody but root and us can read or write it. */
    static boolean isOursAlone(Path file) {
        return isOurs(file) && Collections.disjoint(permissions(file), PosixFilePermissions.fromString("---rw-rw-"));
    }

    /** Whether {@code file} is a file, no link or pipe, that nobody else but root could have put there. */
    static boolean isOurFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOurs(file);
    }

    /** Whether {@code file}, no link, belongs to us, to root or to the owner of {@code folder}. */
    public static boolean isOf(Path folder, Path file) {
        Object owner = attribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return isOurs(file) || Objects.equals(owner, attribute(folder, "unix:uid"));
    }

    /** Whether {@code file} belongs to us or to root, who could change ours as well. A link is not followed. */
    public static boolean isOurs(Path file) {
        Object owner = attribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner == null || owner.equals(0)) {
            return true;
        }
        Object self = attribute(SELF, "unix:uid");
        // macOS has no /proc; both names come from the same list of users.
        return self == null
                ? String.valueOf(attribute(file, "owner:owner", LinkOption.NOFOLLOW_LINKS))
                        .equals(System.getProperty("user.name"))
                : owner.equals(self);
    }
}
