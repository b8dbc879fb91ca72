//SOURCES ../lib/base/Sha256.java ../lib/sandbox/ArchiveServer.java ../lib/sandbox/DicomFile.java
//SOURCES ../scripts/sandbox.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lib.base.Sha256;
import lib.sandbox.ArchiveServer;
import lib.sandbox.DicomFile;

/** What a folder of downloads holds. */
final class Downloads {
    private Downloads() {}

    /** The SHA-256 of every file in {@code folder}, hidden ones too, by its path. */
    static Map<String, String> of(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    found.put(folder.relativize(file).toString(), sha256(file));
                }
            }
        }
        return found;
    }

    /** What a download of these instances, {@code STUDY/SERIES/INSTANCE}, is to come to. */
    static Map<String, String> expected(ArchiveServer archive, List<String> instances) {
        Map<String, String> expected = new TreeMap<>();
        for (String instance : instances) {
            String uid = instance.substring(instance.lastIndexOf('/') + 1);
            expected.put(instance + ".dcm", sha256(archive.stored(uid)));
        }
        return expected;
    }

    /**
     * Asserts that each file under a final name in {@code folder} is the stored one, and returns how many there are.
     */
    static int assertNoneWrong(Path folder, Map<String, String> expected) throws IOException {
        int count = 0;
        for (Map.Entry<String, String> file : of(folder).entrySet()) {
            if (file.getKey().endsWith(".dcm")) {
                assertEquals(expected.get(file.getKey()), file.getValue(), file::getKey);
                count++;
            }
        }
        assertFalse(count > expected.size());
        return count;
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        Files.copy(file, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** All bytes of a small stored file. */
    static byte[] bytes(DicomFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(file, out);
        return out.toByteArray();
    }

    /** The SHA-256 of a stored file. */
    static String sha256(DicomFile file) {
        MessageDigest digest = Sha256.digest();
        write(file, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void write(DicomFile file, OutputStream out) {
        try {
            file.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
