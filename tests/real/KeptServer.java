import module java.base;

/** A server program in a folder of its own, which outlives neither this object nor this VM. */
final class KeptServer implements AutoCloseable {
    private static final int MOST_SECONDS = 300;

    /** Below those that the system gives to connections, so that none takes a port between here and the server. */
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(20_000, 31_000));

    /**
     * Runs the command that it reads until standard input ends, then kills all its processes and deletes its folder.
     * This VM holds the other end, which the system closes however the VM ends, be it by a signal that no hook
     * survives.
     */
    private static final String KEEPER = """
            folder=$1; shift
            trap '[ -z "$server" ] || kill -KILL -- "-$server"; wait; rm -rf "$folder"' EXIT
            trap exit HUP INT TERM
            while IFS= read -r -d '' word || exit; do
                [ -n "$word" ] || break
                set -- "$@" "$word"
            done
            set -m
            "$@" </dev/null 2>&1 &
            server=$!
            exec >/dev/null 2>&1
            read -r stop
            """;

    private final String name;
    private final Path folder;
    private final Process keeper;
    private final Deque<String> log = new ArrayDeque<>();
    private final CompletableFuture<Matcher> ready = new CompletableFuture<>();

    /**
     * Makes the folder, which is deleted with all in it at the end.
     *
     * @param name what messages call it
     * @param environment all of its environment
     */
    KeptServer(String name, Map<String, String> environment) {
        this.name = name;
        try {
            folder = Files.createTempDirectory(name.toLowerCase(Locale.ROOT));
            ProcessBuilder builder = new ProcessBuilder("bash", "-c", KEEPER, "keeper", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(environment);
            keeper = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** A port of 127.0.0.1 that nobody listens on, and that this VM has not given before. */
    static int freePort() {
        while (true) {
            int port = NEXT_PORT.getAndIncrement();
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // Then the next one.
            }
        }
    }

    /** Where it may write. */
    Path folder() {
        return folder;
    }

    /**
     * Starts it, and waits for a line of its log.
     *
     * @param command the program and its arguments, none of them empty
     * @param started what it logs once it can be asked
     * @return where {@code started} was found
     */
    Matcher start(List<String> command, Pattern started) {
        Thread.ofPlatform().daemon().name("log of " + name).start(() -> readLog(started));
        try {
            Writer words = keeper.outputWriter(StandardCharsets.UTF_8);
            for (String word : command) {
                words.append(word).append('\0');
            }
            words.append('\0').flush();
            return ready.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException | InterruptedException e) {
            close();
            throw new IllegalStateException(name + " did not start; the end of its log:\n" + endOfLog(), e);
        }
    }

    /** Stops it at once, and deletes its folder. */
    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            keeper.waitFor();
        } catch (IOException keeperHasEnded) {
            // Then there is nothing to stop.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readLog(Pattern started) {
        try (BufferedReader lines = keeper.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                Matcher matcher = started.matcher(line);
                if (matcher.find()) {
                    ready.complete(matcher);
                }
            }
            ready.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private void remember(String line) {
        synchronized (log) {
            log.add(line);
            if (log.size() > 30) {
                log.removeFirst();
            }
        }
    }

    private String endOfLog() {
        synchronized (log) {
            return String.join("\n", log);
        }
    }
}
