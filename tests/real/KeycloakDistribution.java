import module java.base;
import org.junit.jupiter.api.Assumptions;

/**
 * Keycloak as its makers publish it.
 *
 * @param zip where it is
 */
record KeycloakDistribution(Path zip) {
    private static final String VERSION = "26.7.3";

    /** The distribution in the Maven repository; the calling test is skipped where Maven cannot fetch it. */
    static KeycloakDistribution get() {
        String repository = System.getenv("JBANG_REPO");
        Path root = repository == null
                ? Path.of(System.getenv("HOME"), ".m2", "repository")
                : Path.of(repository).toAbsolutePath();
        Path zip = root.resolve(
                "org/keycloak/keycloak-quarkus-dist/" + VERSION + "/keycloak-quarkus-dist-" + VERSION + ".zip");
        if (!Files.exists(zip)) {
            fetch(root);
        }
        return new KeycloakDistribution(zip);
    }

    private static void fetch(Path repository) {
        String reason;
        try {
            Process maven = new ProcessBuilder(
                            "mvn",
                            "-q",
                            "-B",
                            "--strict-checksums",
                            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get",
                            "-Dtransitive=false",
                            "-Dartifact=org.keycloak:keycloak-quarkus-dist:" + VERSION + ":zip",
                            "-Dmaven.repo.local=" + repository)
                    .redirectErrorStream(true)
                    .start();
            maven.getOutputStream().close();
            String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (maven.waitFor() == 0) {
                return;
            }
            int error = said.indexOf("[ERROR] ");
            reason = error < 0
                    ? said
                    : said.substring(error + "[ERROR] ".length())
                            .lines()
                            .findFirst()
                            .orElse("");
        } catch (IOException e) {
            reason = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reason = "interrupted";
        }
        Assumptions.abort("Maven could not fetch Keycloak " + VERSION + ": " + reason);
    }

    /** Unpacks it in {@code target}, and returns the folder that has become Keycloak's. */
    Path unpack(Path target) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException(zip + " reaches out of its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                }
            }
        }
        return target.resolve("keycloak-" + VERSION);
    }
}
