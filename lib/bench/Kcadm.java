//SOURCES ../base/Io.java

package lib.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import lib.base.Io;

/** Keycloak's own client, from the distribution that {@code test-real} has fetched. */
final class Kcadm {
    private static final String KEYCLOAK = "org/keycloak/keycloak-quarkus-dist";

    private Kcadm() {}

    /** Unpacks it into the new folder {@code target}, and returns its script; null if there is none. */
    static Path unpack(Io io, Path target) throws IOException {
        String repository = io.env("JBANG_REPO");
        Path versions =
                (repository == null ? io.home().resolve(".m2/repository") : Path.of(repository)).resolve(KEYCLOAK);
        if (!Files.isDirectory(versions)) {
            return null;
        }
        Path zip;
        try (Stream<Path> files = Files.walk(versions, 2)) {
            zip = files.filter(file -> file.toString().endsWith(".zip"))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
        return zip == null ? null : client(zip, target);
    }

    private static Path client(Path zip, Path target) throws IOException {
        Path found = null;
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && entry.getName().contains("/bin/") && file.startsWith(target)) {
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                    found = file.endsWith("bin/kcadm.sh") ? file : found;
                }
            }
        }
        return found;
    }
}
