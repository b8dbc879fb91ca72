//SOURCES ../lib/base/Cache.java ../lib/base/Io.java ../lib/base/Messages.java ../lib/base/Problem.java Permissions.java

import module java.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lib.base.Cache;
import lib.base.Io;
import lib.base.Messages;
import lib.base.Problem;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept from one run to the next, and who may read it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CacheTest {
    private static final byte[] SOMETHING = {1, 2, 3};

    @TempDir
    Path home;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Cache cache(Map<String, String> environment, Duration maxWait) {
        Io io = new Io(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                new Messages("test", err, false, false),
                environment,
                InstantSource.system(),
                descriptor -> false);
        return Cache.of(io, maxWait);
    }

    private Cache cache(Map<String, String> environment) {
        return cache(environment, Cache.MAX_WAIT);
    }

    private Cache cache() {
        return cache(Map.of("XDG_CACHE_HOME", home.toString()));
    }

    private void keep(String key) {
        try (Cache.Entry entry = cache().lock(key)) {
            entry.write(SOMETHING);
        }
    }

    private Path folder() {
        return home.resolve("arc-scripts");
    }

    @Test
    void what_one_run_keeps_the_next_one_reads_under_the_same_key_alone() {
        keep("key");
        assertArrayEquals(SOMETHING, cache().peek("key"));
        assertNull(cache().peek("another key"));
        try (Cache.Entry entry = cache().lock("key")) {
            assertArrayEquals(SOMETHING, entry.read());
        }
        assertEquals("", err.toString());
    }

    @Test
    void nobody_else_can_read_it() throws IOException {
        keep("key");
        assertEquals("rwx------", Permissions.of(folder()));
        try (var files = Files.list(folder())) {
            for (Path file : files.toList()) {
                assertEquals("rw-------", Permissions.of(file), file.toString());
            }
        }
    }

    @Test
    void a_folder_that_others_could_read_is_closed_to_them() throws IOException {
        Files.createDirectories(folder());
        Permissions.set(folder(), "rwxr-xr-x");
        keep("key");
        assertEquals("rwx------", Permissions.of(folder()));
    }

    @Test
    void it_is_below_the_home_folder_where_nothing_else_is_said() {
        try (Cache.Entry entry = cache(Map.of("HOME", home.toString(), "XDG_CACHE_HOME", "relative"))
                .lock("key")) {
            entry.write(SOMETHING);
        }
        assertTrue(Files.isDirectory(home.resolve(".cache/arc-scripts")));
    }

    @Test
    void the_name_of_a_key_is_not_to_be_seen() throws IOException {
        keep("key");
        try (var files = Files.list(folder())) {
            assertFalse(files.anyMatch(file -> file.getFileName().toString().contains("key")));
        }
    }

    @Test
    void what_another_run_has_locked_for_too_long_is_left_alone() {
        keep("key");
        try (Cache.Entry first = cache().lock("key")) {
            try (Cache.Entry second = cache(Map.of("XDG_CACHE_HOME", home.toString()), Duration.ZERO)
                    .lock("key")) {
                assertNull(second.read());
                second.write(new byte[] {9});
            }
            assertArrayEquals(SOMETHING, first.read());
        }
        assertEquals("", err.toString());
    }

    @Test
    void another_key_is_not_waited_for() {
        try (Cache.Entry first = cache().lock("key");
                Cache.Entry second = cache(Map.of("XDG_CACHE_HOME", home.toString()), Duration.ZERO)
                        .lock("another key")) {
            second.write(SOMETHING);
            assertNull(first.read());
        }
        assertArrayEquals(SOMETHING, cache().peek("another key"));
    }

    @Test
    void what_a_killed_run_left_half_written_is_removed() throws IOException {
        keep("key");
        Path left = Files.writeString(folder().resolve(".arc-5eed.new"), "half a token");
        keep("another key");
        assertFalse(Files.exists(left));
        Files.writeString(left, "half a token");
        cache().clear();
        assertFalse(Files.exists(left));
    }

    @Test
    void clearing_it_forgets_everything() {
        keep("key");
        keep("another key");
        cache().clear();
        assertNull(cache().peek("key"));
        assertNull(cache().peek("another key"));
        assertEquals("", err.toString());
    }

    @Test
    void clearing_what_is_not_there_makes_nothing() {
        cache().clear();
        assertFalse(Files.exists(folder()));
    }

    @Test
    void a_link_is_not_used() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(folder(), elsewhere);
        assertIsNotUsed(cache(), "is a link");
        assertThrows(Problem.class, () -> cache().clear());
        try (var files = Files.list(elsewhere)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void a_folder_of_somebody_else_is_not_used() throws IOException {
        Files.createDirectories(folder());
        assumeTrue(Files.getAttribute(folder(), "unix:uid").equals(0), "only root can give a folder away");
        Files.setAttribute(folder(), "unix:uid", 1234);
        assertIsNotUsed(cache(), "belongs to somebody else");
    }

    @Test
    void a_folder_that_others_can_write_to_is_not_used() throws IOException {
        Files.createDirectories(folder());
        Permissions.set(folder(), "rwxrwxrwx");
        assertIsNotUsed(cache(), "others can write to");
    }

    @Test
    void a_file_in_its_place_is_not_used() throws IOException {
        Files.writeString(folder(), "");
        assertIsNotUsed(cache(), "a file of that name exists");
    }

    @Test
    void a_home_that_cannot_be_written_to_earns_one_warning() {
        assertIsNotUsed(cache(Map.of("XDG_CACHE_HOME", "/proc/self/task")), "cannot make");
    }

    private void assertIsNotUsed(Cache cache, String why) {
        assertNull(cache.peek("key"));
        try (Cache.Entry entry = cache.lock("key")) {
            entry.write(SOMETHING);
            assertNull(entry.read());
        }
        assertNull(cache.peek("key"));
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("test: warning: no cache: "), said);
        assertTrue(said.contains(why), said);
        assertEquals(1, said.lines().count(), said);
    }
}
