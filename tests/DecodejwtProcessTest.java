//SOURCES ../lib/sandbox/Sandbox.java ../scripts/sandbox.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lib.sandbox.Sandbox;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a process of its own shows: the platform's charset and locale, and which classes are loaded. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DecodejwtProcessTest {
    private static final String HK = "eyJhbGciOiJSUzI1NiIsInR5cCIgOiAiSldUIiwia2lkIiA6ICJrMSJ9";
    private static final String T = HK + ".eyJuIjoiTcO8bGxlcj4-PyJ9.c2ln";
    private static final List<String> HEAVY =
            List.of("lib.http.", "java.net.http.", "javax.net.ssl.", "sun.security.ssl.", "com.nimbusds.");

    @TempDir
    private Path folder;

    /** What a process did. */
    record Done(int code, String out, String err) {}

    @ParameterizedTest
    @CsvSource({"C, US-ASCII", "POSIX, ISO-8859-1", "C.UTF-8, UTF-8", "C, UTF-16", "tr_TR.UTF-8, UTF-8"})
    void the_output_is_the_same_in_every_locale(String locale, String charset) throws Exception {
        List<String> flags =
                List.of("-Dfile.encoding=" + charset, "-Dstdout.encoding=" + charset, "-Duser.language=tr");
        Map<String, String> environment = Map.of("LANG", locale, "LC_ALL", locale);
        byte[] several = bytes(T + "\n" + HK + ".eyJuIjoi5p2OIn0.c2ln");
        assertEquals(new Done(0, "{\"n\":\"Müller>>?\"}\n{\"n\":\"李\"}\n", ""), run(flags, environment, several));
        byte[] utf16 = ("\ufeff" + T + "\r\n").getBytes(StandardCharsets.UTF_16LE);
        Done failed = run(flags, environment, utf16, "--claim", "n", "--require", "n=x");
        assertEquals("Müller>>?\n", failed.out());
        assertEquals(6, failed.code());
        assertTrue(failed.err().contains("but it is Müller>>?\n"), failed::err);
    }

    @Test
    void nothing_of_http_tls_and_signatures_is_loaded_until_it_is_needed() throws Exception {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--info", "--dates", "--issuer", "https://kc/realms/x"),
                List.of("--all"),
                List.of("--require", "n=x", "--require-role", "auth", "--min-ttl", "3"),
                List.of("--pass-through"))) {
            List<String> loaded = loaded(T, arguments.toArray(String[]::new));
            assertTrue(loaded.contains("lib.jwt.Jwt"), "the log of loaded classes is no such log");
            for (String heavy : HEAVY) {
                assertEquals(List.of(), startingWith(loaded, heavy), () -> "with " + arguments);
            }
        }
    }

    @Test
    void a_key_in_a_file_needs_no_http() throws Exception {
        try (Sandbox servers = Sandbox.start()) {
            String token = servers.provider().mint(Map.of(), Map.of());
            Path jwks = folder.resolve("jwks.json");
            String issuer = servers.provider().issuer();
            Path cache = folder.resolve("cache");
            Done first = run(
                    List.of(),
                    Map.of("XDG_CACHE_HOME", cache.toString()),
                    bytes(token),
                    "--verify",
                    "--issuer",
                    issuer);
            assertEquals(0, first.code(), first::err);
            // What is cached needs no connection either.
            Files.writeString(jwks, "{\"keys\":[]}");
            for (String[] keys : new String[][] {{"--jwks", jwks.toString()}, {"--issuer", issuer}}) {
                List<String> loaded = loaded(token, "--verify", keys[0], keys[1]);
                boolean isFile = keys[0].equals("--jwks");
                assertTrue(isFile || !startingWith(loaded, "com.nimbusds.").isEmpty(), "it did verify");
                assertEquals(List.of(), startingWith(loaded, "java.net.http."));
                assertEquals(List.of(), startingWith(loaded, "sun.security.ssl."));
            }
        }
    }

    @Test
    void a_reader_that_goes_away_ends_it_silently() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), (T + "\n").repeat(10_000));
        String java = java();
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "{ \"$0\" -cp \"$1\" decodejwt \"$2\"; echo $? >&2; } | head -n 1",
                        java,
                        System.getProperty("java.class.path"),
                        token.toString())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        assertEquals(
                "{\"n\":\"Müller>>?\"}\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        process.waitFor();
        assertEquals("141\n", Files.readString(err));
    }

    private List<String> loaded(String token, String... arguments) throws Exception {
        Path log = folder.resolve("classes.log");
        Files.deleteIfExists(log);
        run(
                List.of("-Xlog:class+load:file=" + log),
                Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()),
                bytes(token),
                arguments);
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            int source = line.indexOf(" source: ");
            if (source > 0) {
                names.add(line.substring(line.lastIndexOf(' ', source - 1) + 1, source));
            }
        }
        assertFalse(names.isEmpty());
        return names;
    }

    private static List<String> startingWith(List<String> names, String prefix) {
        return names.stream().filter(name -> name.startsWith(prefix)).toList();
    }

    private Done run(List<String> flags, Map<String, String> environment, byte[] in, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "decodejwt"));
        command.addAll(Arrays.asList(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ARC_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(in);
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Done(process.waitFor(), out, Files.readString(err));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
