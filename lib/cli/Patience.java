//SOURCES ../base/Io.java

package lib.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.base.Io;

/** Tells a person at a terminal after two seconds that the tool waits for standard input. */
final class Patience implements AutoCloseable, Runnable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Io io;

    private Patience(Io io) {
        this.io = io;
    }

    /** Begins to wait, where anybody looks. */
    static Patience with(Io io) {
        Patience patience = new Patience(io);
        if (io.streams().isTerminal(2)) {
            Thread.ofPlatform().daemon().start(patience);
        }
        return patience;
    }

    @Override
    public void run() {
        try {
            if (!done.await(2, TimeUnit.SECONDS)) {
                io.messages().note("waiting for a token on standard input; Ctrl-C ends this");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}
