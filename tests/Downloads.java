//SOURCES ../lib/sandbox/ArchiveServer.java ../scripts/sandbox.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lib.sandbox.ArchiveServer;

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
            expected.put(instance + ".dcm", archive.stored(uid).sha256());
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
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
